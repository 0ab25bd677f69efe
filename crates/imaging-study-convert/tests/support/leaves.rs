//! The values of a document, wherever they stand.

use std::collections::HashMap;

use imaging_study_core::{FhirVersion, Json};

/// How often each text stands in a document: strings, digits of numbers, `true` and `false`. A
/// number that becomes a string keeps its text.
pub(crate) struct Leaves {
    texts: HashMap<String, usize>,
    /// Whether the versions stand on both sides of R4, where some elements changed their form.
    across_r4: bool,
    /// Whether one of the versions is DSTU2, which requires counts.
    dstu2: bool,
}

impl Leaves {
    /// No leaves yet, of a conversion between two versions.
    pub(crate) fn between(one: FhirVersion, other: FhirVersion) -> Self {
        Self {
            texts: HashMap::new(),
            across_r4: (one < FhirVersion::R4) != (other < FhirVersion::R4),
            dstu2: one == FhirVersion::Dstu2 || other == FhirVersion::Dstu2,
        }
    }

    /// The same, but what only says that DSTU2 could not be given a count has leaves too.
    pub(crate) fn with_marks(self) -> Self {
        Self {
            dstu2: false,
            ..self
        }
    }

    /// Adds the leaves of a value; the types of resources are no values.
    pub(crate) fn add(&mut self, json: &Json) {
        match json {
            Json::Null => {}
            Json::Boolean(value) => self.count(&value.to_string()),
            Json::Number(number) => self.count(number.as_str()),
            Json::String(text) => self.count(text),
            Json::Array(entries) => entries.iter().for_each(|entry| self.add(entry)),
            Json::Object(members) => {
                let is_study = self.across_r4
                    && json.get("resourceType").and_then(Json::as_str) == Some("ImagingStudy");
                for (name, value) in members {
                    match name.as_str() {
                        "resourceType" => {}
                        // The period of samples is in milliseconds by its name.
                        "intervalUnit" if value.as_str() == Some("ms") => {}
                        "status" | "availability" if is_study && stands_for_another(value) => {}
                        "_uid" if is_study && is_marker(value) => {}
                        "_numberOfSeries" | "_numberOfInstances"
                            if self.dstu2 && is_marker(value) => {}
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
        let bare = text.strip_prefix("urn:oid:").filter(|_| self.across_r4);
        let text = bare.unwrap_or(text);
        *self.texts.entry(text.to_owned()).or_default() += 1;
    }

    /// A text that stands here more often than in `other`.
    pub(crate) fn missing_in(&self, other: &Self) -> Option<&str> {
        self.texts.iter().find_map(|(text, count)| {
            let there = other.texts.get(text).copied().unwrap_or_default();
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
pub(crate) fn strip_comments(json: &mut Json) {
    let nothing = |json: &Json| match json {
        Json::Object(members) => members.is_empty(),
        Json::Array(entries) => entries.iter().all(|entry| *entry == Json::Null),
        _ => false,
    };
    match json {
        Json::Object(members) => {
            members.retain(|(name, _)| name != "fhir_comments");
            for (_, value) in members.iter_mut() {
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
