//! Codes in places where a version does not have them.

use imaging_study_core::{CodeSet, FieldType, Json, TypeInfo};
use smol_str::SmolStr;

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
    each(json, info, info, &mut |text, _| {
        let choice = choices.next().unwrap_or_default() as usize;
        if !choice.is_multiple_of(3) {
            *text = CODES[choice / 3 % CODES.len()].into();
        }
    });
}

/// The codes of a study that are outside their required bindings.
pub(crate) fn outside(json: &Json, study: &'static TypeInfo) -> Vec<String> {
    let mut found = Vec::new();
    each(&mut json.clone(), study, study, &mut |text, codes| {
        if !codes.codes.contains(&text.as_str()) {
            found.push(text.to_string());
        }
    });
    found
}

/// Shows each code that has a required binding, with the codes of it.
fn each(
    json: &mut Json,
    info: &'static TypeInfo,
    study: &'static TypeInfo,
    visit: &mut impl FnMut(&mut SmolStr, &'static CodeSet),
) {
    match json {
        Json::Array(entries) => {
            for entry in entries {
                each(entry, info, study, visit);
            }
        }
        Json::Object(members) => {
            for (name, value) in members {
                let stem = name.strip_prefix('_').unwrap_or(name);
                match info.resolve(stem) {
                    Some((_, FieldType::Element(inner))) => each(value, inner(), study, visit),
                    // The id and the extensions of a primitive.
                    Some((_, FieldType::Scalar(..))) if stem != name => {
                        each(value, study, study, visit);
                    }
                    Some((_, FieldType::Scalar(_, Some(codes)))) => match value {
                        Json::String(text) => visit(text, codes),
                        Json::Array(entries) => {
                            for entry in entries {
                                if let Json::String(text) = entry {
                                    visit(text, codes);
                                }
                            }
                        }
                        _ => {}
                    },
                    _ => {}
                }
            }
        }
        _ => {}
    }
}
