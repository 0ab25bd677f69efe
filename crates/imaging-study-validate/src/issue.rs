//! What is wrong at one place.

use std::borrow::Cow;
use std::fmt;

use imaging_study_core::Position;
use serde::{Deserialize, Serialize};

/// How bad an issue is (<https://hl7.org/fhir/R5/valueset-issue-severity.html>); there is no `fatal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document breaks a rule of its version.
    Error,
    /// It breaks a rule that the standard recommends, or one of a later version.
    Warning,
    /// Something that a reader may want to know.
    Information,
}

impl Severity {
    /// The code of the standard, e.g. `error`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// The kind of an issue (<https://hl7.org/fhir/R5/valueset-issue-type.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum IssueCode {
    /// Something that the content should be is not kept to.
    Invalid,
    /// An element stands where it may not, or is of another type.
    Structure,
    /// A required element is missing.
    Required,
    /// The text of a value breaks the rules of its type.
    Value,
    /// A rule between elements is broken.
    Invariant,
    /// A code is not among those that are allowed.
    CodeInvalid,
    /// A value that has to be unique is there twice.
    Duplicate,
    /// A rule of the standard's prose or of DICOM is broken.
    BusinessRule,
    /// Something is longer than it may be.
    TooLong,
    /// Something was not checked or cannot be handled.
    NotSupported,
    /// A fault of the program.
    Exception,
    /// The sender has not said who they are.
    Login,
    /// The sender may not do that.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// It was there and was deleted.
    Deleted,
    /// It was changed meanwhile.
    Conflict,
    /// Several are found where one is meant.
    MultipleMatches,
    /// It takes more than it may.
    TooCostly,
    /// It may work at another time.
    Transient,
    /// Nothing is wrong.
    Informational,
}

impl IssueCode {
    /// The code of the standard, e.g. `code-invalid`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Structure => "structure",
            Self::Required => "required",
            Self::Value => "value",
            Self::Invariant => "invariant",
            Self::CodeInvalid => "code-invalid",
            Self::Duplicate => "duplicate",
            Self::BusinessRule => "business-rule",
            Self::TooLong => "too-long",
            Self::NotSupported => "not-supported",
            Self::Exception => "exception",
            Self::Login => "login",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Deleted => "deleted",
            Self::Conflict => "conflict",
            Self::MultipleMatches => "multiple-matches",
            Self::TooCostly => "too-costly",
            Self::Transient => "transient",
            Self::Informational => "informational",
        }
    }
}

impl fmt::Display for IssueCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// Something that is wrong with a study, or worth knowing of it.
///
/// It holds no value of the study: what was found is described, not repeated.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    /// How bad it is.
    pub severity: Severity,
    /// The kind of issue.
    pub code: IssueCode,
    /// The key of the rule that is broken, one of [`RULES`](crate::RULES) or of a profile.
    pub rule: Cow<'static, str>,
    /// The path of the element as JSON and XML name it, e.g. `ImagingStudy.extension[0].valueAge`;
    /// empty for the document as a whole. Indexes are counted from 0.
    pub path: String,
    /// The same as a FHIRPath, where a choice has its base name, e.g.
    /// `ImagingStudy.extension[0].value`.
    pub expression: String,
    /// What is wrong, in a sentence.
    pub message: Cow<'static, str>,
    /// Whether [`repair`](crate::repair()) mends it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repairable: bool,
    /// The line of the input, counted from 1, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column of the input, counted from 1 in characters, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
}

impl Issue {
    /// The same issue with a place in the input.
    #[must_use]
    pub fn at(mut self, position: Position) -> Self {
        if position.line > 0 {
            self.line = Some(position.line);
            self.column = Some(position.column);
        }
        self
    }

    /// The message as it stands in texts: with `(repairable)` at its end if the issue is.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self.repairable {
            true => Cow::Owned(format!("{} (repairable)", self.message)),
            false => Cow::Borrowed(&self.message),
        }
    }
}

impl fmt::Display for Issue {
    /// `error ist-3 at ImagingStudy.numberOfSeries: ...`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.severity, self.rule)?;
        if !self.path.is_empty() {
            write!(formatter, " at {}", self.path)?;
        }
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(formatter, ", line {line}, column {column}")?;
        }
        write!(formatter, ": {}", self.text())
    }
}
