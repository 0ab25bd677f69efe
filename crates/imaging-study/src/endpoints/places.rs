//! The parts of a study of any version that endpoints serve.

use imaging_study_core::{FhirString, Uri};

use crate::AnyImagingStudy;
use crate::any_imaging_study::with_study;

/// Runs an expression on a study that refers to Endpoints; DSTU2 has URLs in their place.
macro_rules! with_references {
    ($any:expr, $study:ident => $result:expr) => {
        match $any {
            AnyImagingStudy::Dstu2(_) => Vec::new(),
            AnyImagingStudy::Stu3($study) => $result,
            AnyImagingStudy::R4($study) => $result,
            AnyImagingStudy::R4B($study) => $result,
            AnyImagingStudy::R5($study) => $result,
            AnyImagingStudy::R6($study) => $result,
        }
    };
}

macro_rules! texts {
    ($references:expr) => {
        $references
            .iter()
            .map(|reference| reference.reference.as_ref().map(FhirString::as_str))
            .collect()
    };
}

impl AnyImagingStudy {
    pub(super) fn series_count(&self) -> usize {
        with_study!(self, study => study.series.len())
    }

    pub(super) fn instance_count(&self, series: usize) -> usize {
        with_study!(self, study => study.series.get(series).map_or(0, |series| series.instance.len()))
    }

    pub(super) fn series_uid(&self, series: usize) -> Option<&str> {
        with_study!(self, study => study.series.get(series)?.uid.as_ref().map(AsRef::as_ref))
    }

    pub(super) fn instance_uid(&self, series: usize, instance: usize) -> Option<&str> {
        with_study!(self, study => {
            let instance = study.series.get(series)?.instance.get(instance)?;
            instance.uid.as_ref().map(AsRef::as_ref)
        })
    }

    /// The texts of `endpoint`; none for a reference that has only an identifier.
    pub(super) fn endpoint_texts(&self) -> Vec<Option<&str>> {
        with_references!(self, study => texts!(study.endpoint))
    }

    /// The texts of `series.endpoint`.
    pub(super) fn series_endpoint_texts(&self, series: usize) -> Vec<Option<&str>> {
        with_references!(self, study => match study.series.get(series) {
            Some(series) => texts!(series.endpoint),
            None => Vec::new(),
        })
    }

    /// `url` of DSTU2.
    pub(super) fn url(&self) -> Option<&str> {
        match self {
            Self::Dstu2(study) => study.url.as_ref().map(Uri::as_str),
            _ => None,
        }
    }

    /// `series.url` of DSTU2.
    pub(super) fn series_url(&self, series: usize) -> Option<&str> {
        match self {
            Self::Dstu2(study) => study.series.get(series)?.url.as_ref().map(Uri::as_str),
            _ => None,
        }
    }

    /// `series.instance.content.url` of DSTU2.
    pub(super) fn content_urls(&self, series: usize, instance: usize) -> Vec<&str> {
        let Self::Dstu2(study) = self else {
            return Vec::new();
        };
        let series = study.series.get(series);
        let instance = series.and_then(|series| series.instance.get(instance));
        let content = instance.iter().flat_map(|instance| &instance.content);
        content
            .filter_map(|content| content.url.as_ref().map(Uri::as_str))
            .collect()
    }

    /// `status`, since R4.
    pub(super) fn status_text(&self) -> Option<&str> {
        match self {
            Self::Dstu2(_) | Self::Stu3(_) => None,
            Self::R4(study) => study.status.as_ref().map(|code| code.as_str()),
            Self::R4B(study) => study.status.as_ref().map(|code| code.as_str()),
            Self::R5(study) => study.status.as_ref().map(|code| code.as_str()),
            Self::R6(study) => study.status.as_ref().map(|code| code.as_str()),
        }
    }
}
