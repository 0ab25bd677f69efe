//! Bundles.

use imaging_study_core::FhirVersion;
use imaging_study_json::json_to_string;

use crate::Timestamp;
use crate::exchange::quoted;
use crate::failure::{Said, outcome};

/// A Bundle as it is written (<https://hl7.org/fhir/R5/bundle.html>).
pub(crate) struct Bundle {
    pub(crate) version: FhirVersion,
    /// `searchset` or `history`.
    pub(crate) kind: &'static str,
    pub(crate) total: Option<u64>,
    pub(crate) time: Timestamp,
    /// Relations and URLs.
    pub(crate) links: Vec<(&'static str, String)>,
    /// The texts of the entries.
    pub(crate) entries: Vec<String>,
}

impl Bundle {
    /// Adds an entry that says something of a search.
    pub(crate) fn say(&mut self, said: &[Said]) {
        if said.is_empty() {
            return;
        }
        let outcome = json_to_string(&outcome(said, self.version).to_json());
        let entry = format!("{{\"resource\":{outcome},\"search\":{{\"mode\":\"outcome\"}}}}");
        self.entries.push(entry);
    }

    /// The text of the Bundle in JSON.
    pub(crate) fn to_json(&self) -> String {
        let size: usize = self.entries.iter().map(String::len).sum();
        let mut text = String::with_capacity(size + 1024);
        text.push_str("{\"resourceType\":\"Bundle\",\"type\":\"");
        text.push_str(self.kind);
        text.push('"');
        if self.version >= FhirVersion::R4 {
            text.push_str(&format!(",\"timestamp\":\"{}\"", self.time.to_instant()));
        }
        if let Some(total) = self.total {
            text.push_str(&format!(",\"total\":{total}"));
        }
        text.push_str(",\"link\":[");
        for (index, (relation, url)) in self.links.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let url = quoted(url);
            text.push_str(&format!(
                "{comma}{{\"relation\":\"{relation}\",\"url\":{url}}}"
            ));
        }
        text.push(']');
        if !self.entries.is_empty() {
            text.push_str(",\"entry\":[");
            text.push_str(&self.entries.join(","));
            text.push(']');
        }
        text.push('}');
        text
    }
}
