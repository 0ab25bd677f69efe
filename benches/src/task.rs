//! What is measured.

use std::fmt;

/// A piece of work over documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    /// `serde_json::from_str::<IgnoredAny>`: the least that a serde reader can do.
    Skip,
    /// `serde_json::from_str::<Value>`, and dropping the value.
    ParseValue,
    /// `serde_json::from_str` into the plain derives, and dropping the study.
    ReadPlain,
    /// `imaging_study::json::from_str`, and dropping the study.
    Read,
    /// `imaging_study::json::from_slice`, and dropping the study.
    ReadBytes,
    /// `serde_json::to_string` of the plain derives, and dropping the text.
    WritePlain,
    /// `imaging_study::json::to_string`, and dropping the text.
    Write,
    /// The events of quick-xml, one after the other: the least that a reader above it can do.
    SkipXml,
    /// `imaging_study::xml::from_str`, and dropping the study.
    ReadXml,
    /// `imaging_study::xml::to_string`, and dropping the text.
    WriteXml,
    /// The conversion of a study that was read to R5; neither its reading nor dropping the result.
    ToR5,
    /// The conversion of a study in memory back to R4; not dropping the result.
    ToR4,
    /// `validate` of a study in memory, and dropping the issues.
    Validate,
}

impl Task {
    /// Every task, in the order of the tables.
    pub const ALL: [Self; 13] = [
        Self::Skip,
        Self::ParseValue,
        Self::ReadPlain,
        Self::Read,
        Self::ReadBytes,
        Self::WritePlain,
        Self::Write,
        Self::SkipXml,
        Self::ReadXml,
        Self::WriteXml,
        Self::ToR5,
        Self::ToR4,
        Self::Validate,
    ];
}

impl fmt::Display for Task {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Skip => "skip: serde_json IgnoredAny",
            Self::ParseValue => "parse: serde_json Value",
            Self::ReadPlain => "read: plain derives",
            Self::Read => "read: from_str",
            Self::ReadBytes => "read: from_slice",
            Self::WritePlain => "write: plain derives",
            Self::Write => "write: to_string",
            Self::SkipXml => "skip: quick-xml events",
            Self::ReadXml => "read: XML from_str",
            Self::WriteXml => "write: XML to_string",
            Self::ToR5 => "convert: R4 to R5",
            Self::ToR4 => "convert: R5 to R4",
            Self::Validate => "validate",
        })
    }
}
