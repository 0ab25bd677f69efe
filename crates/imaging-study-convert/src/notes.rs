//! What is kept but may no longer be true.

use imaging_study_core::{ElementRef, FhirVersion, Json};

use crate::context::{Context, STRUCTURE_DEFINITION};
use crate::{LossKind, Rule};

/// Reports rules and profiles that are bound to the source version.
pub(crate) fn note(study: ElementRef<'_>, context: &mut Context<'_>) {
    if let Some(rules) = study.text("implicitRules") {
        let value = Json::String(rules.into());
        context.at("implicitRules", |context| {
            context.report(LossKind::ImplicitRules, Rule::ImplicitRules, value);
        });
    }
    let profiles = study.element("meta").and_then(|meta| meta.field("profile"));
    let profiles = profiles.into_iter().flat_map(|profiles| profiles.values());
    for (index, profile) in profiles.enumerate() {
        let Some(canonical) = profile.scalar().map(|profile| profile.text()) else {
            continue;
        };
        if !names_other_version(&canonical, context.to()) {
            continue;
        }
        let value = Json::String(canonical.into());
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
