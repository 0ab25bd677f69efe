//! The author of a remark, whose type only R5 may be a PractitionerRole.

use crate::carry;
use crate::context::Context;
use crate::hub::{Annotation, AnnotationAuthor, Extension, Reference, Value};
use crate::reference::{self, Targets};

const AUTHOR: &str = "Annotation.author";

/// Takes an author of a type that the target does not allow off a remark and carries it, or takes
/// back one that the source did not allow.
pub(crate) fn fit(
    mut annotation: Annotation,
    targets: Targets,
    context: &mut Context<'_>,
) -> Annotation {
    if targets.from == targets.to {
        return annotation;
    }
    if annotation.author.is_some() {
        drop_stale(&mut annotation, targets, context);
    }
    match annotation.author.take() {
        Some(AnnotationAuthor::Reference(reference)) => {
            let original = carried_inside(&reference, targets, context)
                .or_else(|| reference::unwrap(&reference, targets, context));
            if let Some(original) = original {
                annotation.author = Some(AnnotationAuthor::Reference(Box::new(original)));
            } else if context
                .type_of(&reference)
                .is_some_and(|named| targets.only_from(named))
            {
                let url = carry::url(context.from(), AUTHOR);
                annotation
                    .extension
                    .push(Extension::with_value(&url, Value::Reference(reference)));
            } else {
                annotation.author = Some(AnnotationAuthor::Reference(reference));
            }
        }
        None => {
            let position = annotation
                .extension
                .iter()
                .position(|extension| carried(extension, targets, context).is_some());
            if let Some(position) = position
                && let Some(Value::Reference(original)) =
                    annotation.extension.remove(position).value
            {
                annotation.author = Some(AnnotationAuthor::Reference(original));
            }
        }
        name => annotation.author = name,
    }
    annotation
}

/// Drops a carried author beside a native one, which somebody must have added.
fn drop_stale(annotation: &mut Annotation, targets: Targets, context: &mut Context<'_>) {
    let list = std::mem::take(&mut annotation.extension);
    let (stale, kept) = list
        .into_iter()
        .partition(|extension| carried(extension, targets, context).is_some());
    annotation.extension = kept;
    context.drop_stale(stale);
}

/// The author that an extension carries, if only the target allows its type.
fn carried<'e>(
    extension: &'e Extension,
    targets: Targets,
    context: &Context<'_>,
) -> Option<&'e Reference> {
    match &extension.value {
        Some(Value::Reference(original)) if extension.carries(AUTHOR) => context
            .type_of(original)
            .is_some_and(|named| targets.only_to(named))
            .then_some(&**original),
        _ => None,
    }
}

/// The author that stands in an extension on an otherwise empty reference, where HL7's first
/// drafts put it.
fn carried_inside(
    reference: &Reference,
    targets: Targets,
    context: &Context<'_>,
) -> Option<Reference> {
    let [extension] = reference.extension.as_slice() else {
        return None;
    };
    let original = carried(extension, targets, context)?.clone();
    let empty = Reference {
        extension: reference.extension.clone(),
        ..Reference::default()
    };
    (*reference == empty).then_some(original)
}
