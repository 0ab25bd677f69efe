//! An Endpoint, borrowed from a resource of any version.

use std::fmt;

use super::{ConnectionLint, ConnectionTypes};

/// The parts of an Endpoint that say whether and how it is used
/// (<https://hl7.org/fhir/R5/endpoint.html>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EndpointRef<'a> {
    /// `connectionType`.
    pub connection_types: ConnectionTypes,
    /// `status`.
    pub status: Option<&'a str>,
    /// `period.start`, a `dateTime`.
    pub period_start: Option<&'a str>,
    /// `period.end`, a `dateTime`.
    pub period_end: Option<&'a str>,
    /// `address`, a URL.
    pub address: Option<&'a str>,
}

/// A reference to an Endpoint in `endpoint` of a study or series, resolved by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointReference<'a> {
    /// The Endpoint that the reference leads to.
    Resolved(EndpointRef<'a>),
    /// The Endpoint is not there: an identifier only, or a broken reference.
    Unresolved,
}

/// Something odd about an endpoint, or about using it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndpointLint {
    /// The coding of the connection type is odd.
    ConnectionType(ConnectionLint),
    /// The status is `test`, which STU3 to R4B have for endpoints that are not for production.
    Test,
    /// The status is `limited`, which drafts of R6 have for endpoints that not everybody may use.
    Limited,
    /// Showing a study in a viewer is for the study; an endpoint for it on a series is passed over.
    DisplayOfSeries,
    /// The endpoint of the study stands in for one of the series that cannot be used.
    Fallback,
    /// The study is `registered`: its images should not be loaded.
    StudyRegistered,
    /// The study is `cancelled`, `entered-in-error` or `inactive`.
    StudyNotValid,
}

impl fmt::Display for EndpointLint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ConnectionType(lint) => return lint.fmt(formatter),
            Self::Test => "the endpoint is for tests",
            Self::Limited => "not everybody may use the endpoint",
            Self::DisplayOfSeries => {
                "a viewer is for studies, and that of the series is passed over"
            }
            Self::Fallback => "the endpoint of the study stands in for that of the series",
            Self::StudyRegistered => "the study is registered, and its images should not be loaded",
            Self::StudyNotValid => "the study is cancelled, entered in error or inactive",
        })
    }
}

/// What the status of a study says against loading its images
/// (<https://hl7.org/fhir/R5/imagingstudy-definitions.html#ImagingStudy.status>).
#[must_use]
pub fn study_status_lint(status: &str) -> Option<EndpointLint> {
    match status {
        "registered" => Some(EndpointLint::StudyRegistered),
        "cancelled" | "entered-in-error" | "inactive" => Some(EndpointLint::StudyNotValid),
        _ => None,
    }
}
