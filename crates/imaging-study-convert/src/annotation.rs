//! The author of a remark, whose type only R5 may be a PractitionerRole.

use imaging_study_core::{FhirString, Json};

use crate::carry;
use crate::context::Context;
use crate::hub::{Annotation, AnnotationAuthor, Extension, Primitive, Reference, Value};
use crate::reference::{self, Targets};
use crate::{LossKind, Rule};

const AUTHOR: &str = "Annotation.author";

/// Wraps an author of a type that the target does not allow, or takes back one that the source did
/// not allow: out of the standard's extension, or out of the forms that HL7's guides had before it.
pub(crate) fn fit(
    mut annotation: Annotation,
    targets: Targets,
    context: &mut Context<'_>,
) -> Annotation {
    if targets.from == targets.to {
        return annotation;
    }
    annotation.author = match annotation.author.take() {
        Some(AnnotationAuthor::Reference(author)) => {
            let before = context.losses.len();
            let author = match carried_alone(&author, targets, context) {
                Some(original) => {
                    report_form(&author.extension[0], context);
                    original
                }
                None => reference::fit(*author, targets, context),
            };
            context.place(before, "author");
            Some(AnnotationAuthor::Reference(Box::new(author)))
        }
        Some(AnnotationAuthor::String(name)) => Some(named(name, targets, context)),
        None => None,
    };
    if annotation.author.is_some() {
        drop_stale(&mut annotation.extension, targets, context);
    } else if let Some(original) = take(&mut annotation.extension, targets, context) {
        annotation.author = Some(AnnotationAuthor::Reference(Box::new(original)));
    }
    annotation
}

/// An author that is a name, or that stands on one without a text.
fn named(
    mut name: Primitive<FhirString>,
    targets: Targets,
    context: &mut Context<'_>,
) -> AnnotationAuthor {
    let before = context.losses.len();
    if let Some(element) = &mut name.element {
        let alone = name.value.is_none() && element.id.is_none() && element.extension.len() == 1;
        if alone && let Some(original) = take(&mut element.extension, targets, context) {
            context.place(before, "author");
            return AnnotationAuthor::Reference(Box::new(original));
        }
        if name.value.is_some() {
            drop_stale(&mut element.extension, targets, context);
        }
        if element.is_empty() {
            name.element = None;
        }
    }
    context.place(before, "author");
    AnnotationAuthor::String(name)
}

/// Takes an author that an extension carries, and reports the older form.
fn take(
    list: &mut Vec<Extension>,
    targets: Targets,
    context: &mut Context<'_>,
) -> Option<Reference> {
    let position = list
        .iter()
        .position(|extension| carried(extension, targets, context).is_some())?;
    let extension = list.remove(position);
    let original = carried(&extension, targets, context)?.clone();
    report_form(&extension, context);
    Some(original)
}

fn report_form(extension: &Extension, context: &mut Context<'_>) {
    let json: Json = context.write_source(extension.clone());
    context.at("extension", |context| {
        context.report(LossKind::Form, Rule::Form, json);
    });
}

/// Drops a carried author beside a native one, which somebody must have added.
fn drop_stale(list: &mut Vec<Extension>, targets: Targets, context: &mut Context<'_>) {
    let stale = carry::take_where(list, |extension| {
        carried(extension, targets, context).is_some()
    });
    context.drop_stale(stale);
}

/// The author that an extension carries, if only the target allows its type.
fn carried<'e>(
    extension: &'e Extension,
    targets: Targets,
    context: &Context<'_>,
) -> Option<&'e Reference> {
    match &extension.value {
        Some(Value::Reference(original))
            if extension.carries(AUTHOR) && extension.extension.is_empty() =>
        {
            context
                .type_of(original)
                .is_some_and(|named| targets.only_to(named))
                .then_some(&**original)
        }
        _ => None,
    }
}

/// The author that stands in an extension on an otherwise empty reference, where HL7's first
/// drafts put it.
fn carried_alone(
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
