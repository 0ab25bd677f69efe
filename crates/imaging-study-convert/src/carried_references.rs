//! Elements that came with STU3 and travel in extensions through DSTU2: orders, endpoints.

use imaging_study_core::FhirVersion;

use crate::carry;
use crate::context::Context;
use crate::hub::{Extension, Reference, Value};

/// Lets references travel.
pub(crate) fn carry(
    list: Vec<Reference>,
    path: &str,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    if list.is_empty() {
        return;
    }
    let url = carry::url(context.from(), path);
    extension.extend(
        list.into_iter()
            .map(|item| Extension::with_value(&url, Value::Reference(Box::new(item)))),
    );
}

/// Takes the references that extensions carry, each with the version it comes from.
pub(crate) fn take(extension: &mut Vec<Extension>, path: &str) -> Vec<(FhirVersion, Reference)> {
    let is_reference = |value: &Value| matches!(value, Value::Reference(_));
    carry::take_if(extension, path, is_reference)
        .into_iter()
        .filter_map(|carried| {
            let version = carried.carried()?.0;
            match carried.value {
                Some(Value::Reference(reference)) => Some((version, *reference)),
                _ => None,
            }
        })
        .collect()
}
