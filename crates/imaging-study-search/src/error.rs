//! What is wrong with a query.

use std::fmt;

/// Why a query cannot be understood or answered. It repeats names of the query, but no values.
///
/// ```
/// use imaging_study_core::FhirVersion;
/// use imaging_study_search::{Options, Query, QueryErrorKind};
///
/// let query = "modality=CT&started=2024-02-30";
/// let error = Query::parse(query, FhirVersion::R4, &Options::default()).unwrap_err();
/// assert_eq!((error.parameter.as_str(), error.position), ("started", 20));
/// assert_eq!(error.kind, QueryErrorKind::Date);
/// assert_eq!(error.kind.issue_code(), "value");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{parameter}: {kind}, at position {}", position + 1)]
#[non_exhaustive]
pub struct QueryError {
    /// The name of the parameter as the query has it, with its modifier.
    pub parameter: String,
    /// Where in the query the part stands that is wrong, in bytes from its start, counted from 0.
    pub position: usize,
    /// What is wrong.
    pub kind: QueryErrorKind,
}

/// What is wrong with a part of a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryErrorKind {
    /// A `%` without two hexadecimal digits behind it, or bytes that are no UTF-8.
    #[error("expected percent-encoded UTF-8")]
    Encoding,
    /// A backslash before another character than `,`, `|`, `$` and `\`.
    #[error("a backslash stands only before a comma, a bar, a dollar sign or a backslash")]
    Escape,
    /// No name before `=`, or colons and dots where no name is.
    #[error("expected a name and at most one modifier")]
    Name,
    /// The version has no such parameter, and the query is taken strictly.
    #[error("no such parameter{}", known(.instead))]
    UnknownParameter {
        /// What the version calls it.
        instead: Option<&'static str>,
    },
    /// The parameter is known and cannot be answered here.
    #[error("not supported")]
    Unsupported,
    /// It asks about other resources: a chain, or `_has`.
    #[error("chains and _has are not supported")]
    OtherResources,
    /// No version has such a modifier, or not for a parameter of this type.
    #[error("no such modifier here; there is {}", list(.supported))]
    UnknownModifier {
        /// The modifiers that can be used with the parameter.
        supported: Vec<&'static str>,
    },
    /// The modifier needs terminology, or is not answered here for another reason.
    #[error("the modifier is not supported; there is {}", list(.supported))]
    UnsupportedModifier {
        /// The modifiers that can be used with the parameter.
        supported: Vec<&'static str>,
    },
    /// The value is none of those that there are.
    #[error("expected {expected}")]
    Value {
        /// What would be right.
        expected: &'static str,
    },
    /// The value is no date or time; a prefix that there is may stand before it.
    #[error("expected a date or a time, as in ge2024-03-05T10:00:00Z")]
    Date,
    /// The value has a blank where a date has a plus sign.
    #[error("expected a date or a time; a plus sign is written %2B in a query")]
    PlusIsSpace,
    /// Letters before a date that are no prefix.
    #[error("no such prefix; there are eq, ne, gt, lt, ge, le, sa, eb and ap")]
    Prefix,
    /// `ap` measures from the present time, and nobody said which it is.
    #[error("ap needs the present time")]
    NoPresent,
    /// A reference to a type of resource that the parameter does not lead to.
    #[error("expected a reference to {}", .targets.join(", "))]
    NotATarget {
        /// The types that it leads to.
        targets: &'static [&'static str],
    },
    /// A parameter that is given once was given again.
    #[error("given more than once")]
    Repeated,
    /// Other resources cannot be included in a summary of nothing but text.
    #[error("no other resources go with _summary=text")]
    IncludeInText,
    /// A value, the number of values, or a chain is longer than the limit.
    #[error("longer than the limit of {limit}")]
    TooLong {
        /// The greatest number of bytes, values or steps.
        limit: usize,
    },
}

impl QueryErrorKind {
    /// FHIR's code for the kind of problem (<https://hl7.org/fhir/R5/valueset-issue-type.html>).
    #[must_use]
    pub const fn issue_code(&self) -> &'static str {
        match self {
            Self::UnknownParameter { .. }
            | Self::Unsupported
            | Self::OtherResources
            | Self::UnsupportedModifier { .. }
            | Self::NoPresent => "not-supported",
            Self::Value { .. } | Self::Date | Self::PlusIsSpace | Self::NotATarget { .. } => {
                "value"
            }
            Self::TooLong { .. } => "too-long",
            _ => "invalid",
        }
    }
}

fn known(instead: &Option<&'static str>) -> String {
    instead.map_or_else(String::new, |name| format!("; this version has {name}"))
}

fn list(names: &[&'static str]) -> String {
    names.join(", ")
}

/// A part of a query that has to be answered by looking at other resources: a chain, or `_has`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{parameter}: chains and _has are not supported, at position {}", position + 1)]
#[non_exhaustive]
pub struct NotSupported {
    /// The name as the query has it.
    pub parameter: String,
    /// Where in the query it stands, in bytes from its start, counted from 0.
    pub position: usize,
}

/// What became of the parts of a query: what was used, what was ignored, and what the author may
/// have meant otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The parts that were used, as the query has them: what the link `self` of a Bundle carries.
    pub used: Vec<String>,
    /// The parts that were ignored.
    pub ignored: Vec<Ignored>,
    /// What may have been meant otherwise.
    pub hints: Vec<Hint>,
}

/// A part of a query that was ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ignored {
    /// The name as the query has it.
    pub parameter: String,
    /// Where in the query it stands, in bytes from its start, counted from 0.
    pub position: usize,
    /// Why it was ignored.
    pub reason: IgnoredReason,
}

/// Why a part of a query was ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IgnoredReason {
    /// The version has no such parameter.
    Unknown {
        /// What the version calls it, as far as another version or other letters tell.
        instead: Option<&'static str>,
    },
    /// It has no value.
    Empty,
    /// It is known and cannot be answered here.
    Unsupported,
    /// It belongs to the history of a resource.
    History,
}

impl fmt::Display for Ignored {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.parameter)?;
        match self.reason {
            IgnoredReason::Unknown { instead } => {
                write!(formatter, "no such parameter{}, ignored", known(&instead))
            }
            IgnoredReason::Empty => formatter.write_str("no value, ignored"),
            IgnoredReason::Unsupported => formatter.write_str("not supported, ignored"),
            IgnoredReason::History => {
                formatter.write_str("only for the history of a resource, ignored")
            }
        }
    }
}

/// What the author of a query may have meant otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hint {
    /// The name as the query has it.
    pub parameter: String,
    /// Where in the query it stands, in bytes from its start, counted from 0.
    pub position: usize,
    /// What it is about.
    pub kind: HintKind,
}

/// What a [`Hint`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HintKind {
    /// The version writes the UIDs of the parameter with `urn:oid:`.
    WithPrefix,
    /// The version writes the UIDs of the parameter without `urn:oid:`.
    WithoutPrefix,
    /// `uid` finds instances, and `study` the study.
    UidOfInstance,
    /// The Study Instance UID is an identifier of the system `urn:dicom:uid`, and its value begins
    /// with `urn:oid:`.
    StudyIdentifier,
    /// A bar without a system finds what has no system.
    NoSystem,
    /// The system is no URI; a type of an identifier is asked for by `:of-type`.
    NoUri,
    /// An id without a type may belong to resources of several types.
    Ambiguous,
    /// `:text` finds texts that begin with the value or equal it, without regard to case.
    TextBegins,
    /// UIDs are compared with and without `urn:oid:`.
    LenientUids,
    /// The version of the resource that is referred to is set aside.
    VersionSetAside,
    /// The name is that of another version.
    OtherName,
    /// The version has no such element.
    UnknownElement,
    /// A value of the list is empty, and was left out.
    EmptyValue,
}

impl fmt::Display for Hint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.parameter)?;
        formatter.write_str(match self.kind {
            HintKind::WithPrefix => "UIDs begin with urn:oid: in this version",
            HintKind::WithoutPrefix => "UIDs do not begin with urn:oid: in this version",
            HintKind::UidOfInstance => {
                "it finds UIDs of instances; that of the study is asked for by study"
            }
            HintKind::StudyIdentifier => {
                "the UID of a study is asked for by identifier=urn:dicom:uid|urn:oid:..."
            }
            HintKind::NoSystem => "a bar without a system before it finds what has no system",
            HintKind::NoUri => {
                "the system is no URI; a type is asked for by identifier:of-type=system|code|value"
            }
            HintKind::Ambiguous => "an id without a type may belong to several resources",
            HintKind::TextBegins => "it finds texts that begin with the value",
            HintKind::LenientUids => "UIDs are compared with and without urn:oid:",
            HintKind::VersionSetAside => "the version of the resource is set aside",
            HintKind::OtherName => "the name is that of another version",
            HintKind::UnknownElement => "this version has no such element",
            HintKind::EmptyValue => "an empty value of the list is left out",
        })
    }
}
