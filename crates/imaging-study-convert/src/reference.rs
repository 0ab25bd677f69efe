//! References to types that only one of two versions allows.

use crate::carry::ALTERNATE_REFERENCE;
use crate::context::Context;
use crate::hub::{Extension, Reference, Value};

/// What a reference may point at in the source and in the target version.
#[derive(Clone, Copy)]
pub(crate) struct Targets {
    pub(crate) from: &'static [&'static str],
    pub(crate) to: &'static [&'static str],
}

impl Targets {
    pub(crate) fn only_from(self, resource_type: &str) -> bool {
        self.from.contains(&resource_type) && !self.to.contains(&resource_type)
    }

    pub(crate) fn only_to(self, resource_type: &str) -> bool {
        self.to.contains(&resource_type) && !self.from.contains(&resource_type)
    }
}

/// Wraps a reference whose type the target does not allow in the standard's extension for such
/// references, and takes one out that the source did not allow. A type that cannot be told counts
/// as allowed.
pub(crate) fn fit(reference: Reference, targets: Targets, context: &Context<'_>) -> Reference {
    if targets.from == targets.to {
        return reference;
    }
    if let Some(original) = wrapped(&reference)
        && context
            .type_of(original)
            .is_some_and(|named| targets.only_to(named))
        && wrap(original.clone()) == reference
    {
        return original.clone();
    }
    if context
        .type_of(&reference)
        .is_some_and(|named| targets.only_from(named))
    {
        return wrap(reference);
    }
    reference
}

/// Fits references whose originals HL7's guides put on them, in an extension that carries the
/// element of a path.
pub(crate) fn fit_list(
    list: Vec<Reference>,
    path: &str,
    targets: Targets,
    context: &Context<'_>,
) -> Vec<Reference> {
    if targets.from == targets.to {
        return list;
    }
    list.into_iter()
        .filter_map(|reference| {
            take_carried(Some(reference), &mut Vec::new(), path, targets, context)
        })
        .map(|reference| fit(reference, targets, context))
        .collect()
}

/// The reference that an extension of HL7's first drafts carries, on an otherwise empty reference
/// or on its parent, if only the target allows its type.
pub(crate) fn take_carried(
    reference: Option<Reference>,
    parent: &mut Vec<Extension>,
    path: &str,
    targets: Targets,
    context: &Context<'_>,
) -> Option<Reference> {
    let carried = |extension: &Extension| match &extension.value {
        Some(Value::Reference(original)) if extension.carries(path) => context
            .type_of(original)
            .is_some_and(|named| targets.only_to(named))
            .then(|| (**original).clone()),
        _ => None,
    };
    match reference {
        None => {
            let position = parent
                .iter()
                .position(|extension| carried(extension).is_some())?;
            carried(&parent.remove(position))
        }
        Some(reference) => {
            let alone = Reference {
                extension: reference.extension.clone(),
                ..Reference::default()
            };
            match reference.extension.as_slice() {
                [extension] if reference == alone => Some(carried(extension).unwrap_or(alone)),
                _ => Some(reference),
            }
        }
    }
}

fn wrapped(reference: &Reference) -> Option<&Reference> {
    let extension = reference
        .extension
        .iter()
        .find(|extension| extension.is(ALTERNATE_REFERENCE))?;
    match &extension.value {
        Some(Value::Reference(original)) => Some(original),
        _ => None,
    }
}

fn wrap(original: Reference) -> Reference {
    Reference {
        display: without_ids(&original),
        extension: vec![Extension::with_value(
            ALTERNATE_REFERENCE,
            Value::Reference(Box::new(original)),
        )],
        ..Reference::default()
    }
}

/// The display of a reference; its id stays in the original.
fn without_ids(original: &Reference) -> crate::hub::Primitive<imaging_study_core::FhirString> {
    crate::hub::WithoutIds::without_ids(original.display.clone())
}
