//! The values of a document, wherever they stand.

use std::collections::HashMap;

use imaging_study_core::{FhirVersion, Json, ScalarType};

/// How often each text stands in a document: strings, digits of numbers, `true` and `false`. A
/// number that becomes a string keeps its text.
#[derive(Default)]
pub(crate) struct Leaves(HashMap<String, usize>);

impl Leaves {
    /// Adds the leaves of a value; the types of resources are no values.
    pub(crate) fn add(&mut self, json: &Json) {
        match json {
            Json::Null => {}
            Json::Boolean(value) => self.count(&value.to_string()),
            Json::Number(number) => self.count(number.as_str()),
            Json::String(text) => self.count(text),
            Json::Array(entries) => entries.iter().for_each(|entry| self.add(entry)),
            Json::Object(members) => {
                let is_study =
                    json.get("resourceType").and_then(Json::as_str) == Some("ImagingStudy");
                for (name, value) in members {
                    match name.as_str() {
                        "resourceType" => {}
                        "status" | "availability" if is_study && stands_for_another(value) => {}
                        "_uid" if is_study && is_marker(value) => {}
                        "_numberOfSeries" | "_numberOfInstances" if is_marker(value) => {}
                        "accession" if is_study => {
                            self.add(value);
                            if value.get("type").is_none() {
                                self.count("http://terminology.hl7.org/CodeSystem/v2-0203");
                                self.count("ACSN");
                            }
                        }
                        _ => self.add(value),
                    }
                }
                // An oid is in this system by its type.
                let oid = match json.get("sopClass") {
                    Some(value) => value.as_str().is_some(),
                    None => json.get("_sopClass").is_some(),
                };
                if oid {
                    self.count("urn:ietf:rfc:3986");
                }
                // The uid of STU3 is an identifier of this system by its place.
                let uid = json.get("_uid").is_some_and(|uid| !is_marker(uid));
                if is_study && (uid || json.get("uid").is_some()) {
                    self.count("urn:dicom:uid");
                }
            }
        }
    }

    fn count(&mut self, text: &str) {
        // What is an oid with its prefix in one version may be an id without it in another.
        let text = text.strip_prefix("urn:oid:").unwrap_or(text);
        *self.0.entry(text.to_owned()).or_default() += 1;
    }

    /// A text that stands here more often than in `other`.
    pub(crate) fn missing_in(&self, other: &Self) -> Option<&str> {
        self.0.iter().find_map(|(text, count)| {
            let there = other.0.get(text).copied().unwrap_or_default();
            (there < *count).then_some(text.as_str())
        })
    }
}

/// Whether a status of R4 or an availability of STU3 comes back from the other without a carry.
fn stands_for_another(value: &Json) -> bool {
    let codes = ["available", "registered", "unknown", "ONLINE", "OFFLINE"];
    value.as_str().is_some_and(|code| codes.contains(&code))
}

/// Whether the sibling of a primitive says just that the source could not hold a value.
fn is_marker(sibling: &Json) -> bool {
    let Some([only]) = sibling.get("extension").and_then(Json::as_array) else {
        return false;
    };
    sibling.get("id").is_none()
        && only.get("id").is_none()
        && only.get("valueCode").and_then(Json::as_str) == Some("unsupported")
        && only.get("_valueCode").is_none()
}

/// Takes the comments of DSTU2 out of a document, and siblings of primitives that have nothing else.
/// Element ids that only later versions allow, which the generator makes in every version, become
/// legal.
pub(crate) fn strip_comments(json: &mut Json) {
    let nothing = |json: &Json| match json {
        Json::Object(members) => members.is_empty(),
        Json::Array(entries) => entries.iter().all(|entry| *entry == Json::Null),
        _ => false,
    };
    match json {
        Json::Object(members) => {
            members.retain(|(name, _)| name != "fhir_comments");
            for (name, value) in members.iter_mut() {
                let illegal = |id: &str| !ScalarType::Id.allows(id, FhirVersion::Dstu2);
                if name == "id" && value.as_str().is_some_and(illegal) {
                    *value = Json::String("x.y-z".into());
                }
                strip_comments(value);
            }
            members.retain(|(name, value)| !(name.starts_with('_') && nothing(value)));
        }
        Json::Array(entries) => {
            for entry in entries {
                let before = nothing(entry);
                strip_comments(entry);
                if !before && nothing(entry) {
                    *entry = Json::Null;
                }
            }
        }
        _ => {}
    }
}
