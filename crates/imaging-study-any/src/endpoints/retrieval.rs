//! A request for a part of a study, or why there is none.

use std::fmt;

use imaging_study_dicom::{
    AddressError, AddressLint, AddressRepair, ConnectionType, EndpointError, EndpointLint, Request,
    StudyUidError, UidError, UidLint, UrlError,
};

/// A request for a part of a study, or why there is none.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Retrieval {
    /// What the request is for.
    pub place: StudyPlace,
    /// How it is sent.
    pub connection_type: ConnectionType,
    /// The element that the address was taken from, as a FHIRPath; none where none was found.
    pub endpoint: Option<String>,
    /// The request.
    pub request: Result<Request, RetrievalError>,
    /// What is odd about the UID of the place, the endpoint or its address.
    pub lints: Vec<RetrievalLint>,
}

/// A part of a study; indexes are from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StudyPlace {
    /// All of it.
    Study,
    /// A series.
    Series(usize),
    /// An instance.
    Instance {
        /// The index of its series.
        series: usize,
        /// Its index in the series.
        instance: usize,
    },
}

impl StudyPlace {
    /// The index of the series.
    #[must_use]
    pub const fn series(self) -> Option<usize> {
        match self {
            Self::Study => None,
            Self::Series(series) | Self::Instance { series, .. } => Some(series),
        }
    }
}

impl fmt::Display for StudyPlace {
    /// Writes the FHIRPath, as in an OperationOutcome.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ImagingStudy")?;
        if let Some(series) = self.series() {
            write!(formatter, ".series[{series}]")?;
        }
        if let Self::Instance { instance, .. } = self {
            write!(formatter, ".instance[{instance}]")?;
        }
        Ok(())
    }
}

/// Why there is no request. Addresses and UIDs are not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RetrievalError {
    /// The study has no UID that could be used.
    #[error(transparent)]
    StudyUid(StudyUidError),
    /// A series or instance has no UID.
    #[error("there is no UID")]
    NoUid {
        /// The series or instance.
        place: StudyPlace,
    },
    /// A series or instance has a UID that is none.
    #[error("{error}")]
    Uid {
        /// The series or instance.
        place: StudyPlace,
        /// Why it is no UID.
        #[source]
        error: UidError,
    },
    /// There is no endpoint to use.
    #[error(transparent)]
    Endpoint(EndpointError),
    /// The address of the endpoint breaks a rule.
    #[error(transparent)]
    Address(AddressError),
    /// The URL of DSTU2 is none of WADO-RS or WADO-URI.
    #[error("the URL is none of WADO-RS or WADO-URI for a study")]
    WadoUrl(UidError),
    /// The URL of DSTU2 has other UIDs than the study.
    #[error("the URL has other UIDs than the study")]
    OtherUids,
    /// The request cannot be made like this.
    #[error(transparent)]
    Url(UrlError),
}

/// Something odd about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetrievalLint {
    /// About the UID of the place, or of the study.
    Uid(UidLint),
    /// About the endpoint, or the status of the study.
    Endpoint(EndpointLint),
    /// About its address.
    Address(AddressLint),
    /// What was taken off its address.
    Repair(AddressRepair),
}

impl fmt::Display for RetrievalLint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uid(lint) => lint.fmt(formatter),
            Self::Endpoint(lint) => lint.fmt(formatter),
            Self::Address(lint) => lint.fmt(formatter),
            Self::Repair(repair) => repair.fmt(formatter),
        }
    }
}

impl Retrieval {
    /// The element that an error is about, as a FHIRPath: a UID, an endpoint, or the place.
    #[must_use]
    pub fn element(&self) -> String {
        match (&self.request, &self.endpoint) {
            (Err(RetrievalError::StudyUid(StudyUidError::NotAUid { place, .. })), _) => {
                place.to_string()
            }
            (Err(RetrievalError::StudyUid(_)), _) => StudyPlace::Study.to_string(),
            (Err(RetrievalError::NoUid { place } | RetrievalError::Uid { place, .. }), _) => {
                format!("{place}.uid")
            }
            (Err(RetrievalError::Url(_)), _) => self.place.to_string(),
            (_, Some(endpoint)) => endpoint.clone(),
            (_, None) => self.place.to_string(),
        }
    }
}

/// The path of an entry of `endpoint`.
pub(super) fn endpoint_path(series: Option<usize>, index: usize) -> String {
    let place = series.map_or(StudyPlace::Study, StudyPlace::Series);
    format!("{place}.endpoint[{index}]")
}
