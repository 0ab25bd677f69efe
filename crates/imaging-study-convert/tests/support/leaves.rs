//! The values of a document, wherever they stand.

use std::collections::HashMap;

use imaging_study_core::Json;

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
                for (name, value) in members {
                    if name != "resourceType" {
                        self.add(value);
                    }
                    // An oid is in this system by its type.
                    if name == "sopClass" && value.as_str().is_some() {
                        self.count("urn:ietf:rfc:3986");
                    }
                }
            }
        }
    }

    fn count(&mut self, text: &str) {
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
