//! How a service behaves.

use imaging_study_core::FhirVersion;
use imaging_study_search::{Moment, Options};

use crate::Timestamp;

/// How a service behaves where the standard leaves it open, and how much it takes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The URL before the paths, e.g. `https://pacs.example`; links begin with it.
    pub base: String,
    /// The version of what holds several studies or none, where no other is asked for, and of bodies
    /// that fit several versions; R4 by default.
    pub version: FhirVersion,
    /// The greatest size of a body, in bytes; 16 MiB by default.
    pub body_bytes: usize,
    /// How many entries a page has if the query does not say; 50 by default.
    pub page: usize,
    /// How many entries a page has at most; 1,000 by default.
    pub greatest_page: usize,
    /// A page ends before the texts of its studies are larger, in bytes, but has one study; 8 MiB by
    /// default.
    pub page_bytes: usize,
    /// Whether an update may create a study with the id of its URL; so by default.
    pub update_creates: bool,
    /// Whether an update, patch or deletion of a study by its id needs `If-Match`.
    pub needs_if_match: bool,
    /// Other spellings of a namespace, each with the one that the store has.
    pub namespaces: Vec<(String, String)>,
    /// The present; the clock of the system by default.
    pub now: fn() -> Timestamp,
    /// A new id; random by default.
    pub new_id: fn() -> String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base: "http://localhost".to_owned(),
            version: FhirVersion::R4,
            body_bytes: 16 << 20,
            page: 50,
            greatest_page: 1000,
            page_bytes: 8 << 20,
            update_creates: true,
            needs_if_match: false,
            namespaces: Vec::new(),
            now: Timestamp::now,
            new_id: || uuid::Uuid::new_v4().to_string(),
        }
    }
}

impl Settings {
    /// The options of queries and index values below the URL of an API: stores that keep index values
    /// make them with these.
    #[must_use]
    pub fn index_options(&self, base: &str) -> Options {
        let mut options = Options::default();
        options.base = Some(base.to_owned());
        options
    }

    /// The spelling of a namespace that the store has.
    pub(crate) fn namespace<'n>(&'n self, name: &'n str) -> &'n str {
        let mut others = self.namespaces.iter();
        let found = others.find(|(other, _)| other == name);
        found.map_or(name, |(_, known)| known)
    }

    pub(crate) fn moment(&self) -> Moment {
        let millis = (self.now)().0;
        let nanoseconds = millis.rem_euclid(1000) * 1_000_000;
        Moment::new(
            millis.div_euclid(1000),
            u32::try_from(nanoseconds).unwrap_or_default(),
        )
    }
}
