//! Which endpoint serves a series.

use std::error::Error;
use std::fmt;

use super::period::bounds;
use super::{Address, AddressError, ConnectionType, EndpointLint, EndpointRef, EndpointReference};

/// The endpoints of one connection type that serve a series, or a study as a whole.
///
/// An endpoint of a series stands in place of those of the study that have the same connection
/// type, and of no others (<https://hl7.org/fhir/R5/imagingstudy.html#endpoints>). If it cannot be
/// used, the data is elsewhere, and the study's endpoint is not asked for it unless the options say
/// so.
///
/// ```
/// use imaging_study_dicom::{
///     Applicable, ConnectionType, EndpointOptions, EndpointRef, EndpointReference,
/// };
///
/// let endpoint = EndpointReference::Resolved(EndpointRef {
///     connection_types: [ConnectionType::WadoRs].into_iter().collect(),
///     status: Some("active"),
///     address: Some("https://pacs.example.org/wado-rs"),
///     ..EndpointRef::default()
/// });
/// let options = EndpointOptions::default();
/// let applicable = Applicable::find(ConnectionType::WadoRs, &[endpoint], Some(&[]), &options);
/// let address = applicable.first_usable()?.address(ConnectionType::WadoRs)?;
/// assert_eq!(address.as_str(), "https://pacs.example.org/wado-rs");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applicable<'a> {
    /// The endpoints, in the order of the document.
    pub endpoints: Vec<ApplicableEndpoint<'a>>,
    /// What is odd about the choice.
    pub lints: Vec<EndpointLint>,
}

/// An endpoint, whether it can be used, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplicableEndpoint<'a> {
    /// On the study or the series.
    pub level: EndpointLevel,
    /// The index in `endpoint` there, from 0.
    pub index: usize,
    /// The endpoint; none where the reference was not resolved.
    pub endpoint: Option<EndpointRef<'a>>,
    /// Why it cannot be used, if it cannot.
    pub unusable: Option<Unusable>,
    /// What is odd about it.
    pub lints: Vec<EndpointLint>,
}

/// Where an endpoint stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndpointLevel {
    /// `ImagingStudy.endpoint`.
    Study,
    /// `ImagingStudy.series.endpoint`.
    Series,
}

/// Why an endpoint cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unusable {
    /// The reference does not lead to an Endpoint.
    Unresolved,
    /// The status is `suspended`, `error`, `off`, `entered-in-error`, unknown or missing.
    Status,
    /// The period is over, or has not begun.
    Period,
    /// The period cannot be read.
    BadPeriod,
    /// There is no address.
    NoAddress,
}

/// How to choose among endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointOptions {
    /// The present, in seconds from 1970 in UTC; without it, periods are not looked at.
    pub now: Option<i64>,
    /// Whether the status `test`, of STU3 to R4B, is usable. It is by default.
    pub test_is_usable: bool,
    /// Whether an endpoint of the study stands in for those of the series that cannot be used. It
    /// does not by default.
    pub fallback: bool,
}

impl Default for EndpointOptions {
    fn default() -> Self {
        Self {
            now: None,
            test_is_usable: true,
            fallback: false,
        }
    }
}

impl EndpointOptions {
    /// The same, with the present in seconds from 1970 in UTC.
    #[must_use]
    pub const fn at(self, now: i64) -> Self {
        Self {
            now: Some(now),
            ..self
        }
    }

    /// The same, with a choice about `test`.
    #[must_use]
    pub const fn with_test_is_usable(self, test_is_usable: bool) -> Self {
        Self {
            test_is_usable,
            ..self
        }
    }

    /// The same, with a choice about the study's endpoints.
    #[must_use]
    pub const fn with_fallback(self, fallback: bool) -> Self {
        Self { fallback, ..self }
    }
}

/// Why there is no endpoint to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndpointError {
    /// Neither the series nor the study has an endpoint of the connection type.
    NoEndpoint,
    /// There are endpoints, and none can be used; this is the first.
    Unusable {
        /// On the study or the series.
        level: EndpointLevel,
        /// The index in `endpoint` there, from 0.
        index: usize,
        /// Why it cannot be used.
        why: Unusable,
    },
}

impl<'a> Applicable<'a> {
    /// The endpoints of a connection type among those of the study and, if it is about a series,
    /// those of the series.
    ///
    /// Whether an endpoint that was not resolved is of the type is not known: it counts as one
    /// that cannot be used, where no other one of its level is of the type.
    #[must_use]
    pub fn find(
        connection_type: ConnectionType,
        study: &[EndpointReference<'a>],
        series: Option<&[EndpointReference<'a>]>,
        options: &EndpointOptions,
    ) -> Self {
        let mut lints = Vec::new();
        let mut of_series = series.map_or(Vec::new(), |series| {
            collect(connection_type, EndpointLevel::Series, series, options)
        });
        if connection_type == ConnectionType::IheIid {
            if of_series.iter().any(|one| one.endpoint.is_some()) {
                lints.push(EndpointLint::DisplayOfSeries);
            }
            of_series.clear();
        }
        let usable = of_series.iter().any(|one| one.unusable.is_none());
        if !of_series.is_empty() && (usable || !options.fallback) {
            return Self {
                endpoints: of_series,
                lints,
            };
        }
        let of_study = collect(connection_type, EndpointLevel::Study, study, options);
        if !of_series.is_empty() && !of_study.is_empty() {
            lints.push(EndpointLint::Fallback);
        }
        of_series.extend(of_study);
        Self {
            endpoints: of_series,
            lints,
        }
    }

    /// The first endpoint that can be used.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn first_usable(&self) -> Result<&ApplicableEndpoint<'a>, EndpointError> {
        let usable = self.endpoints.iter().find(|one| one.unusable.is_none());
        usable.ok_or(match self.endpoints.first() {
            Some(first) => EndpointError::Unusable {
                level: first.level,
                index: first.index,
                why: first.unusable.unwrap_or(Unusable::Unresolved),
            },
            None => EndpointError::NoEndpoint,
        })
    }
}

impl<'a> ApplicableEndpoint<'a> {
    /// The address, checked by the strict rules for the connection type.
    ///
    /// # Errors
    ///
    /// The rule that it breaks.
    pub fn address(&self, connection_type: ConnectionType) -> Result<Address<'a>, AddressError> {
        Address::parse(self.text(), connection_type)
    }

    /// The address as it stands; empty where there is none.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.endpoint
            .and_then(|endpoint| endpoint.address)
            .unwrap_or_default()
    }
}

fn collect<'a>(
    connection_type: ConnectionType,
    level: EndpointLevel,
    references: &[EndpointReference<'a>],
    options: &EndpointOptions,
) -> Vec<ApplicableEndpoint<'a>> {
    let of_type: Vec<_> = references
        .iter()
        .enumerate()
        .filter_map(|(index, reference)| match reference {
            EndpointReference::Resolved(endpoint)
                if endpoint.connection_types.contains(connection_type) =>
            {
                let (unusable, lints) = judge(endpoint, options);
                Some(ApplicableEndpoint {
                    level,
                    index,
                    endpoint: Some(*endpoint),
                    unusable,
                    lints,
                })
            }
            _ => None,
        })
        .collect();
    if !of_type.is_empty() {
        return of_type;
    }
    references
        .iter()
        .enumerate()
        .filter(|(_, reference)| matches!(reference, EndpointReference::Unresolved))
        .map(|(index, _)| ApplicableEndpoint {
            level,
            index,
            endpoint: None,
            unusable: Some(Unusable::Unresolved),
            lints: Vec::new(),
        })
        .collect()
}

fn judge(
    endpoint: &EndpointRef<'_>,
    options: &EndpointOptions,
) -> (Option<Unusable>, Vec<EndpointLint>) {
    let mut lints: Vec<_> = endpoint
        .connection_types
        .lint()
        .map(EndpointLint::ConnectionType)
        .into_iter()
        .collect();
    let status = match endpoint.status {
        Some("active") => true,
        Some("limited") => {
            lints.push(EndpointLint::Limited);
            true
        }
        Some("test") => {
            lints.push(EndpointLint::Test);
            options.test_is_usable
        }
        _ => false,
    };
    let unusable = if !status {
        Some(Unusable::Status)
    } else if endpoint.address.is_none_or(str::is_empty) {
        Some(Unusable::NoAddress)
    } else {
        options.now.and_then(|now| covers(endpoint, now))
    };
    (unusable, lints)
}

fn covers(endpoint: &EndpointRef<'_>, now: i64) -> Option<Unusable> {
    let read = |text: Option<&str>| text.map(bounds);
    match (read(endpoint.period_start), read(endpoint.period_end)) {
        (Some(None), _) | (_, Some(None)) => Some(Unusable::BadPeriod),
        (Some(Some((start, _))), _) if now < start => Some(Unusable::Period),
        (_, Some(Some((_, end)))) if now > end => Some(Unusable::Period),
        _ => None,
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unresolved => "its reference leads to no Endpoint",
            Self::Status => "its status does not allow it",
            Self::Period => "its period does not cover the present",
            Self::BadPeriod => "its period cannot be read",
            Self::NoAddress => "it has no address",
        })
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEndpoint => formatter.write_str("no endpoint of the connection type"),
            Self::Unusable { level, index, why } => {
                let level = match level {
                    EndpointLevel::Study => "study",
                    EndpointLevel::Series => "series",
                };
                write!(
                    formatter,
                    "endpoint {index} of the {level} cannot be used: {why}"
                )
            }
        }
    }
}

impl Error for EndpointError {}
