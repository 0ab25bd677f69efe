//! Texts in the place of ids that are none.

use imaging_study_core::{FieldType, Json, TypeInfo};

const TEXTS: &[&str] = &["a b", "x_1", "é", "#c", "urn:oid:1.2", "\t1"];

/// Gives some elements a text for an id that is none, where `is_typed` says of the version and the
/// name of a type that only ids may stand. Each choice decides about one element: two thirds stay.
pub(crate) fn put(
    json: &mut Json,
    info: &'static TypeInfo,
    is_typed: &impl Fn(&str) -> bool,
    choices: &mut impl Iterator<Item = u32>,
) {
    each(json, info.name, Some(info), info, &mut |members, name| {
        let choice = choices.next().unwrap_or_default() as usize;
        if is_typed(name) && choice.is_multiple_of(3) && name != "ImagingStudy" {
            members.retain(|(name, _)| name != "id");
            let text = TEXTS[choice / 3 % TEXTS.len()];
            members.insert(0, ("id".into(), Json::String(text.into())));
        }
    });
}

/// Shows each element with the name of its type. What stands beside a primitive has no description.
fn each(
    json: &mut Json,
    name: &str,
    info: Option<&'static TypeInfo>,
    study: &'static TypeInfo,
    visit: &mut impl FnMut(&mut Vec<(smol_str::SmolStr, Json)>, &str),
) {
    match json {
        Json::Array(entries) => {
            for entry in entries {
                each(entry, name, info, study, visit);
            }
        }
        Json::Object(members) => {
            for (name, value) in members.iter_mut() {
                let stem = name.strip_prefix('_').unwrap_or(name);
                if stem != name {
                    each(value, "Element", None, study, visit);
                } else if stem == "extension" {
                    if let Some((_, FieldType::Element(inner))) = study.resolve(stem) {
                        each(value, "Extension", Some(inner()), study, visit);
                    }
                } else if let Some((_, FieldType::Element(inner))) =
                    info.and_then(|info| info.resolve(stem))
                {
                    each(value, inner().name, Some(inner()), study, visit);
                }
            }
            visit(members, name);
        }
        _ => {}
    }
}
