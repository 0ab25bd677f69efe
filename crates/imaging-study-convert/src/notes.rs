//! What is kept but may no longer be true.

use imaging_study_core::{FhirVersion, Json};

use crate::context::{Context, STRUCTURE_DEFINITION};
use crate::hub::ImagingStudy;
use crate::{LossKind, Rule};

/// Reports rules and profiles that are bound to the source version.
pub(crate) fn note<I>(study: &ImagingStudy<I>, context: &mut Context<'_>) {
    if context.from() == context.to() {
        return;
    }
    if let Some(rules) = &study.implicit_rules.value {
        let value = Json::String(rules.as_str().into());
        context.at("implicitRules", |context| {
            context.report(LossKind::ImplicitRules, Rule::ImplicitRules, value);
        });
    }
    let profiles = study.meta.iter().flat_map(|meta| &meta.profile);
    for (index, profile) in profiles.enumerate() {
        let Some(canonical) = &profile.value else {
            continue;
        };
        if !names_other_version(canonical.as_str(), context.to()) {
            continue;
        }
        let value = Json::String(canonical.as_str().into());
        context.at("meta", |context| {
            context.at("profile", |context| {
                context.entry(index, |context| {
                    context.report(LossKind::ProfileOfOtherVersion, Rule::Profile, value);
                });
            });
        });
    }
}

/// Whether a profile names a FHIR version other than the target's.
fn names_other_version(canonical: &str, target: FhirVersion) -> bool {
    let Some((url, version)) = canonical.split_once('|') else {
        return false;
    };
    match version.parse::<FhirVersion>() {
        Ok(version) => version != target,
        Err(_) => url.strip_prefix(STRUCTURE_DEFINITION) == Some("ImagingStudy"),
    }
}
