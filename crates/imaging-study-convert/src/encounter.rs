//! The `encounter` of R4, which STU3 calls `context` and lets be an episode of care.

use imaging_study_core::FhirVersion;

use crate::carry;
use crate::context::Context;
use crate::hub::{Extension, Reference, Value, WithoutIds};

const CONTEXT: &str = "ImagingStudy.context";

/// The encounter of R4. An episode of care travels on an otherwise empty one.
pub(crate) fn encounter(reference: Option<Reference>, context: &Context<'_>) -> Option<Reference> {
    if context.from() > FhirVersion::Stu3 {
        return reference;
    }
    let reference = reference?;
    let targets = context.targets(|targets| targets.encounter);
    let fits = context
        .type_of(&reference)
        .is_none_or(|named| !targets.only_from(named));
    if fits {
        return Some(reference);
    }
    let url = carry::url(context.from(), CONTEXT);
    Some(Reference {
        extension: vec![Extension::with_value(
            &url,
            Value::Reference(Box::new(reference)),
        )],
        ..Reference::default()
    })
}

/// The context of STU3.
pub(crate) fn context_of(
    reference: Option<Reference>,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Option<Reference> {
    if context.from() <= FhirVersion::Stu3 {
        return reference;
    }
    let is_reference = |value: &Value| matches!(value, Value::Reference(_));
    let mut carries = carry::take_if(extension, CONTEXT, is_reference);
    let mut native = reference;
    if let Some(reference) = &mut native {
        carries.append(&mut carry::take_if(
            &mut reference.extension,
            CONTEXT,
            is_reference,
        ));
    }
    if carries.is_empty() {
        return native;
    }
    let alone = native
        .as_ref()
        .is_none_or(|native| native.clone().without_ids() == Reference::default());
    if !alone {
        context.drop_stale(carries);
        return native;
    }
    carries.into_iter().find_map(|carried| match carried.value {
        Some(Value::Reference(original)) => Some(*original),
        _ => None,
    })
}
