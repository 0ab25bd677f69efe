//! References to types that only one of two versions allows.

use imaging_study_core::Json;

use crate::carry::ALTERNATE_REFERENCE;
use crate::context::Context;
use crate::hub::{Extension, Reference, Value};
use crate::version::Version;

/// The value of an extension that is a reference.
const VALUE: &str = "valueReference";

/// What a reference may point at in the source and in the target version.
#[derive(Clone, Copy)]
pub(crate) struct Targets {
    pub(crate) from: &'static [&'static str],
    pub(crate) to: &'static [&'static str],
}

impl Targets {
    /// Anything.
    pub(crate) const ANY: Self = Self { from: &[], to: &[] };

    /// Whether the source allows a type.
    pub(crate) fn source_allows(self, resource_type: &str) -> bool {
        self.from.is_empty()
            || self.from.contains(&resource_type)
            || self.from.contains(&"Resource")
    }

    /// Whether the target allows a type that the source allows.
    pub(crate) fn target_allows(self, resource_type: &str) -> bool {
        self.to.contains(&resource_type) || self.from == self.to
    }

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

/// The JSON of a reference in a data type in the target version, where the versions differ in what
/// it may point at and it is one that they differ about.
pub(crate) fn fit_json(json: &Json, targets: Targets, context: &mut Context<'_>) -> Option<Json> {
    // An empty list allows any type.
    if targets.from == targets.to || targets.from.is_empty() || targets.to.is_empty() {
        return None;
    }
    let mut extension = read(json, context.source)?;
    let Some(Value::Reference(reference)) = extension.value.take() else {
        return None;
    };
    let fitted = fit(Reference::clone(&reference), targets, context);
    if fitted == *reference {
        return None;
    }
    extension.value = Some(Value::Reference(Box::new(fitted)));
    let lowered = context.target.lower_extension(extension, context);
    lowered.get(VALUE).cloned()
}

/// The JSON of the reference inside the standard's extension, if it stands exactly as it would be
/// written and the element that it is taken out of does not allow its type.
pub(crate) fn unwrap_json(
    json: &Json,
    targets: &'static [&'static str],
    context: &Context<'_>,
) -> Option<Json> {
    let extension = read(json, context.source)?;
    let Some(Value::Reference(reference)) = &extension.value else {
        return None;
    };
    let original = wrapped(reference)?;
    let named = context.type_of(original)?;
    if targets.is_empty() || targets.contains(&named) || wrap(original.clone()) != **reference {
        return None;
    }
    let value = Value::Reference(Box::new(original.clone()));
    let json = context.write_source(Extension::with_value("x:y", value));
    json.get(VALUE).cloned()
}

/// The JSON of a reference of the target, wrapped if its element does not allow the type and that of
/// another version does.
pub(crate) fn wrap_json(
    json: &Json,
    targets: &'static [&'static str],
    elsewhere: impl Fn(&str) -> bool,
    context: &Context<'_>,
) -> Option<Json> {
    let mut extension = read(json, context.target)?;
    let Some(Value::Reference(reference)) = extension.value.take() else {
        return None;
    };
    let named = context.type_of(&reference)?;
    if targets.is_empty() || targets.contains(&named) || !elsewhere(named) {
        return None;
    }
    extension.value = Some(Value::Reference(Box::new(wrap(*reference))));
    let mut same = Context::of_pair(context.target, context.target, context.options);
    let json = context.target.lower_extension(extension, &mut same);
    json.get(VALUE).cloned()
}

/// An extension with a reference, in the JSON of a version.
fn read(json: &Json, version: &Version) -> Option<Extension> {
    let members = vec![
        ("url".into(), Json::String("x:y".into())),
        (VALUE.into(), json.clone()),
    ];
    version.read_extension(&Json::Object(members))
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
