//! Codes in places where a version does not have them.

use imaging_study_core::{FieldType, Json, TypeInfo};

/// Codes of one version or another, and some of none.
const CODES: &[&str] = &[
    "x-1",
    "inactive",
    "old",
    "ad",
    "NEARLINE",
    "ONLINE",
    "available",
    "unknown",
    "entered-in-error",
    "generated",
    "C",
    "on hold",
];

/// Replaces some of the codes that have a required binding, as the description of the version says
/// where they are. Each choice decides about one code: a third stay.
pub(crate) fn put(
    json: &mut Json,
    info: &'static TypeInfo,
    choices: &mut impl Iterator<Item = u32>,
) {
    let study = info;
    element(json, info, study, choices);
}

fn element(
    json: &mut Json,
    info: &'static TypeInfo,
    study: &'static TypeInfo,
    choices: &mut impl Iterator<Item = u32>,
) {
    match json {
        Json::Array(entries) => {
            for entry in entries {
                element(entry, info, study, choices);
            }
        }
        Json::Object(members) => {
            for (name, value) in members {
                let stem = name.strip_prefix('_').unwrap_or(name);
                match info.resolve(stem) {
                    Some((_, FieldType::Element(inner))) => {
                        element(value, inner(), study, choices);
                    }
                    // The id and the extensions of a primitive.
                    Some((_, FieldType::Scalar(..))) if stem != name => {
                        element(value, study, study, choices);
                    }
                    Some((_, FieldType::Scalar(_, Some(_)))) => code(value, choices),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn code(json: &mut Json, choices: &mut impl Iterator<Item = u32>) {
    match json {
        Json::Array(entries) => {
            for entry in entries {
                code(entry, choices);
            }
        }
        Json::String(text) => {
            let choice = choices.next().unwrap_or_default() as usize;
            if !choice.is_multiple_of(3) {
                *text = CODES[choice / 3 % CODES.len()].into();
            }
        }
        _ => {}
    }
}
