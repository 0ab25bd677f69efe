//! What became of each resource, for those who only want to know that.

use imaging_study::{Evidence, FhirVersion};

/// A resource and what was found out about it.
#[derive(Debug)]
pub struct Finding {
    /// The line on which it begins.
    pub line: u64,
    /// Where it stands, if that is inside another one.
    pub path: Option<String>,
    pub verdict: Verdict,
}

#[derive(Debug)]
pub enum Verdict {
    /// A study that can be read in a version, and what tells which it is.
    Study(FhirVersion, Vec<Evidence>),
    /// A study that leaves open which version it is in; why.
    Undecided(String),
    /// Something that cannot be read; why.
    Unreadable(String),
    /// A resource of another type.
    Other,
    /// A study inside a resource that is left as it is.
    Left,
}
