//! A study of any version.

use imaging_study_convert::{Converted, Options, Refused, convert};
use imaging_study_core::FhirVersion;
use imaging_study_json::{Decoder, ReadError, WriteError};
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;

/// An ImagingStudy of any version that is built in.
///
/// R4B has the same ImagingStudy as R4 and is not a variant of its own yet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnyImagingStudy {
    /// A study of R4 (4.0.1).
    R4(Box<r4::ImagingStudy>),
    /// A study of R5 (5.0.0).
    R5(Box<r5::ImagingStudy>),
}

/// A version is known, but its datatypes are not part of this library yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("FHIR {0} is not built yet; R4 and R5 are")]
pub struct NotBuilt(pub FhirVersion);

impl AnyImagingStudy {
    /// The versions that can be read, converted to, and written.
    pub const VERSIONS: &'static [FhirVersion] = &[FhirVersion::R4, FhirVersion::R5];

    /// Checks that a version is one of [`AnyImagingStudy::VERSIONS`].
    ///
    /// # Errors
    ///
    /// The version is not built.
    pub fn check_built(version: FhirVersion) -> Result<(), NotBuilt> {
        if Self::VERSIONS.contains(&version) {
            Ok(())
        } else {
            Err(NotBuilt(version))
        }
    }

    /// Reads a study of a version from FHIR JSON.
    ///
    /// # Errors
    ///
    /// The bytes are no such study. A version that is not built reads as R4 if it is R4B, and is
    /// otherwise refused by [`AnyImagingStudy::check_built`], which callers ask first.
    pub fn from_json(
        bytes: &[u8],
        version: FhirVersion,
        decoder: &mut Decoder,
    ) -> Result<Self, ReadError> {
        if version >= FhirVersion::R5 {
            let decoded = decoder.decode_slice(bytes)?;
            return Ok(Self::R5(Box::new(decoded.value)));
        }
        let decoded = decoder.decode_slice(bytes)?;
        Ok(Self::R4(Box::new(decoded.value)))
    }

    /// The version of the study.
    #[must_use]
    pub const fn version(&self) -> FhirVersion {
        match self {
            Self::R4(_) => FhirVersion::R4,
            Self::R5(_) => FhirVersion::R5,
        }
    }

    /// Converts the study to a version.
    ///
    /// # Errors
    ///
    /// The options ask for a strict conversion, and something would be lost.
    pub fn to(self, version: FhirVersion, options: &Options) -> Result<Converted<Self>, Refused> {
        Ok(match (self, version >= FhirVersion::R5) {
            (Self::R4(study), true) => {
                convert::<_, r5::ImagingStudy>(*study, options)?.map(Self::from)
            }
            (Self::R5(study), false) => {
                convert::<_, r4::ImagingStudy>(*study, options)?.map(Self::from)
            }
            (same, _) => Converted {
                value: same,
                losses: Vec::new(),
            },
        })
    }

    /// The id of the study.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        let id = match self {
            Self::R4(study) => &study.id.value,
            Self::R5(study) => &study.id.value,
        };
        id.as_ref().map(AsRef::as_ref)
    }

    /// Writes the study as FHIR JSON without white space.
    ///
    /// # Errors
    ///
    /// An element in it is empty.
    pub fn to_json(&self) -> Result<String, WriteError> {
        match self {
            Self::R4(study) => imaging_study_json::to_string(&**study),
            Self::R5(study) => imaging_study_json::to_string(&**study),
        }
    }

    /// Writes the study as FHIR JSON with a line for each member.
    ///
    /// # Errors
    ///
    /// An element in it is empty.
    pub fn to_json_pretty(&self) -> Result<String, WriteError> {
        match self {
            Self::R4(study) => imaging_study_json::to_string_pretty(&**study),
            Self::R5(study) => imaging_study_json::to_string_pretty(&**study),
        }
    }
}

impl From<r4::ImagingStudy> for AnyImagingStudy {
    fn from(study: r4::ImagingStudy) -> Self {
        Self::R4(Box::new(study))
    }
}

impl From<r5::ImagingStudy> for AnyImagingStudy {
    fn from(study: r5::ImagingStudy) -> Self {
        Self::R5(Box::new(study))
    }
}
