//! Counts that contradict what is listed.

use imaging_study_core::{FhirVersion, Json};

use super::{Changes, RepairKind, member, member_mut};

/// What a study lists.
#[derive(Default)]
struct Listed {
    series: u64,
    instances: u64,
    /// The sum of what the series state, once that is repaired, if one states something.
    stated: Option<u64>,
}

fn length(json: &Json, name: &str) -> u64 {
    member(json, name)
        .and_then(Json::as_array)
        .map_or(0, |entries| entries.len() as u64)
}

fn number(json: &Json, name: &str) -> Option<u64> {
    match member(json, name)? {
        Json::Number(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

/// Sets counts that contradict what is listed: up to R5 those that are below, in R6 any that differ.
pub(super) fn repair(study: &mut Json, version: FhirVersion, changes: &mut Changes) {
    let exact = version == FhirVersion::R6;
    let mut listed = Listed::default();
    if let Some(Json::Array(all)) = member_mut(study, "series") {
        for (index, series) in all.iter_mut().enumerate() {
            let instances = length(series, "instance");
            changes.within(format!(".series[{index}]"), |changes| {
                if instances > 0 {
                    set(series, "numberOfInstances", instances, exact, changes);
                }
            });
            listed.series += 1;
            listed.instances += instances;
            if let Some(stated) = number(series, "numberOfInstances") {
                listed.stated = Some(listed.stated.unwrap_or_default() + stated);
            }
        }
    }
    if listed.series > 0 {
        set(study, "numberOfSeries", listed.series, exact, changes);
    }
    if let Some(instances) = instances_of(&listed, exact) {
        set(study, "numberOfInstances", instances, exact, changes);
    }
}

/// How many instances a study has: what is listed, or in R6 what its series state. Where these
/// contradict one another, a person has to decide.
fn instances_of(listed: &Listed, exact: bool) -> Option<u64> {
    match (listed.instances, listed.stated) {
        (0, stated) if exact => stated,
        (0, _) => None,
        (instances, None) => Some(instances),
        (instances, Some(stated)) if !exact || stated == instances => Some(instances),
        _ => None,
    }
}

fn set(json: &mut Json, name: &str, listed: u64, exact: bool, changes: &mut Changes) {
    let Some(stated) = number(json, name) else {
        return;
    };
    if stated < listed || (exact && stated != listed) {
        let (Some(value), Ok(listed)) = (member_mut(json, name), i64::try_from(listed)) else {
            return;
        };
        changes.within(format!(".{name}"), |changes| {
            changes.set(RepairKind::Count, value, Json::Number(listed.into()));
        });
    }
}
