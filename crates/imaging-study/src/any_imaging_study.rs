//! A study of any version.

use imaging_study_convert::{Converted, Options, Refused, convert};
#[cfg(feature = "xml")]
use imaging_study_core::Definitions;
#[cfg(any(feature = "json", feature = "xml"))]
use imaging_study_core::{Decoded, ReadError, WriteError};
use imaging_study_core::{FhirVersion, Resource};
use imaging_study_dstu2 as dstu2;
#[cfg(feature = "json")]
use imaging_study_json as json;
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use imaging_study_stu3 as stu3;
#[cfg(feature = "xml")]
use imaging_study_xml as xml;

/// An ImagingStudy of any version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnyImagingStudy {
    /// A study of DSTU2 (1.0.2).
    Dstu2(Box<dstu2::ImagingStudy>),
    /// A study of STU3 (3.0.2).
    Stu3(Box<stu3::ImagingStudy>),
    /// A study of R4 (4.0.1).
    R4(Box<r4::ImagingStudy>),
    /// A study of R4B (4.3.0).
    R4B(Box<r4b::ImagingStudy>),
    /// A study of R5 (5.0.0).
    R5(Box<r5::ImagingStudy>),
    /// A study of R6 (6.0.0-ballot2).
    R6(Box<r6::ImagingStudy>),
}

/// Runs an expression on the study, of whatever version it is.
macro_rules! with_study {
    ($any:expr, $study:ident => $result:expr) => {
        match $any {
            AnyImagingStudy::Dstu2($study) => $result,
            AnyImagingStudy::Stu3($study) => $result,
            AnyImagingStudy::R4($study) => $result,
            AnyImagingStudy::R4B($study) => $result,
            AnyImagingStudy::R5($study) => $result,
            AnyImagingStudy::R6($study) => $result,
        }
    };
}

pub(crate) use with_study;

/// Runs an expression with the types of a version.
macro_rules! with_type {
    ($version:expr, $types:ident => $result:expr) => {
        match $version {
            FhirVersion::Dstu2 => {
                use dstu2 as $types;
                $result
            }
            FhirVersion::Stu3 => {
                use stu3 as $types;
                $result
            }
            FhirVersion::R4 => {
                use r4 as $types;
                $result
            }
            FhirVersion::R4B => {
                use r4b as $types;
                $result
            }
            FhirVersion::R5 => {
                use r5 as $types;
                $result
            }
            FhirVersion::R6 => {
                use r6 as $types;
                $result
            }
        }
    };
}

impl AnyImagingStudy {
    /// Reads a study of a version from FHIR JSON, with the elements that the version does not define,
    /// if the decoder keeps them.
    ///
    /// # Errors
    ///
    /// The bytes are no such study.
    #[cfg(feature = "json")]
    pub fn from_json(
        bytes: &[u8],
        version: FhirVersion,
        decoder: &mut json::Decoder,
    ) -> Result<Decoded<Self>, ReadError> {
        with_type!(version, types => {
            let Decoded { value, unknown } = decoder.decode_slice::<types::ImagingStudy>(bytes)?;
            let value = Self::from(value);
            Ok(Decoded { value, unknown })
        })
    }

    /// Reads a study of a version from FHIR XML. Contained resources of types that the version does
    /// not define are kept, and always reported as unknown.
    ///
    /// # Errors
    ///
    /// The bytes are no such study.
    #[cfg(feature = "xml")]
    pub fn from_xml(
        bytes: &[u8],
        version: FhirVersion,
        decoder: &mut xml::Decoder,
    ) -> Result<Decoded<Self>, ReadError> {
        with_type!(version, types => {
            let Decoded { value, unknown } = decoder.decode_slice::<types::ImagingStudy>(bytes)?;
            let value = Self::from(value);
            Ok(Decoded { value, unknown })
        })
    }

    /// The table of every type of a version, for resources that are no Rust type; there always is
    /// one, since the feature `xml` brings it.
    #[cfg(feature = "xml")]
    #[must_use]
    pub fn definitions(version: FhirVersion) -> Option<&'static Definitions> {
        with_type!(version, types => types::definitions())
    }

    /// The version of the study.
    #[must_use]
    pub const fn version(&self) -> FhirVersion {
        match self {
            Self::Dstu2(_) => FhirVersion::Dstu2,
            Self::Stu3(_) => FhirVersion::Stu3,
            Self::R4(_) => FhirVersion::R4,
            Self::R4B(_) => FhirVersion::R4B,
            Self::R5(_) => FhirVersion::R5,
            Self::R6(_) => FhirVersion::R6,
        }
    }

    /// Converts the study to a version.
    ///
    /// # Errors
    ///
    /// The options ask for a strict conversion, and something would be lost.
    pub fn to(self, version: FhirVersion, options: &Options) -> Result<Converted<Self>, Refused> {
        if version == self.version() {
            return Ok(Converted {
                value: self,
                losses: Vec::new(),
            });
        }
        with_study!(self, study => with_type!(version, types => {
            Ok(convert::<_, types::ImagingStudy>(*study, options)?.map(Self::from))
        }))
    }

    /// The id of the study.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        let id = with_study!(self, study => &study.id.value);
        id.as_ref().map(AsRef::as_ref)
    }

    /// The resources inside the study.
    #[must_use]
    pub fn contained(&self) -> &[Resource] {
        with_study!(self, study => &study.contained)
    }

    /// Writes the study as FHIR JSON without white space.
    ///
    /// # Errors
    ///
    /// An element in it is empty, or XML that nobody could read is contained in it.
    #[cfg(feature = "json")]
    pub fn to_json(&self) -> Result<String, WriteError> {
        with_study!(self, study => json::to_string(&**study))
    }

    /// Writes the study as FHIR JSON with a line for each member.
    ///
    /// # Errors
    ///
    /// Those of [`AnyImagingStudy::to_json`].
    #[cfg(feature = "json")]
    pub fn to_json_pretty(&self) -> Result<String, WriteError> {
        with_study!(self, study => json::to_string_pretty(&**study))
    }

    /// Writes the study as FHIR XML.
    ///
    /// # Errors
    ///
    /// An element in it is empty, or XML cannot express it.
    #[cfg(feature = "xml")]
    pub fn to_xml(&self, encoder: xml::Encoder) -> Result<String, WriteError> {
        with_study!(self, study => encoder.encode(&**study))
    }
}

macro_rules! from_studies {
    ($($variant:ident $types:ident),+) => {$(
        impl From<$types::ImagingStudy> for AnyImagingStudy {
            fn from(study: $types::ImagingStudy) -> Self {
                Self::$variant(Box::new(study))
            }
        }
    )+};
}
from_studies!(Dstu2 dstu2, Stu3 stu3, R4 r4, R4B r4b, R5 r5, R6 r6);
