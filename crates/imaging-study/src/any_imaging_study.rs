//! A study of any version.

use imaging_study_convert::{Converted, Options, Refused, convert};
#[cfg(feature = "xml")]
use imaging_study_core::{Decoded, Definitions, Element};
use imaging_study_core::{FhirVersion, Resource};
#[cfg(any(feature = "json", feature = "xml"))]
use imaging_study_core::{ReadError, WriteError};
#[cfg(feature = "json")]
use imaging_study_json as json;
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;
#[cfg(feature = "xml")]
use imaging_study_xml as xml;

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
    #[cfg(feature = "json")]
    pub fn from_json(
        bytes: &[u8],
        version: FhirVersion,
        decoder: &mut json::Decoder,
    ) -> Result<Self, ReadError> {
        if version >= FhirVersion::R5 {
            let decoded = decoder.decode_slice(bytes)?;
            return Ok(Self::R5(Box::new(decoded.value)));
        }
        let decoded = decoder.decode_slice(bytes)?;
        Ok(Self::R4(Box::new(decoded.value)))
    }

    /// Reads a study of a version from FHIR XML. Contained resources of types that the version does
    /// not define are kept, and always reported as unknown.
    ///
    /// # Errors
    ///
    /// The bytes are no such study. Versions that are not built are treated as
    /// [`AnyImagingStudy::from_json`] treats them.
    #[cfg(feature = "xml")]
    pub fn from_xml(
        bytes: &[u8],
        version: FhirVersion,
        decoder: &mut xml::Decoder,
    ) -> Result<Decoded<Self>, ReadError> {
        fn decode<T: Element>(
            bytes: &[u8],
            decoder: &mut xml::Decoder,
        ) -> Result<Decoded<AnyImagingStudy>, ReadError>
        where
            AnyImagingStudy: From<T>,
        {
            let Decoded { value, unknown } = decoder.decode_slice::<T>(bytes)?;
            let value = value.into();
            Ok(Decoded { value, unknown })
        }
        if version >= FhirVersion::R5 {
            decode::<r5::ImagingStudy>(bytes, decoder)
        } else {
            decode::<r4::ImagingStudy>(bytes, decoder)
        }
    }

    /// The table of every type of a version, for resources that are no Rust type; none where the
    /// version is not built.
    #[cfg(feature = "xml")]
    #[must_use]
    pub fn definitions(version: FhirVersion) -> Option<&'static Definitions> {
        match version {
            FhirVersion::R4 => r4::definitions(),
            FhirVersion::R5 => r5::definitions(),
            _ => None,
        }
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

    /// The resources inside the study.
    #[must_use]
    pub fn contained(&self) -> &[Resource] {
        match self {
            Self::R4(study) => &study.contained,
            Self::R5(study) => &study.contained,
        }
    }

    /// Writes the study as FHIR JSON without white space.
    ///
    /// # Errors
    ///
    /// An element in it is empty, or XML that nobody could read is contained in it.
    #[cfg(feature = "json")]
    pub fn to_json(&self) -> Result<String, WriteError> {
        match self {
            Self::R4(study) => json::to_string(&**study),
            Self::R5(study) => json::to_string(&**study),
        }
    }

    /// Writes the study as FHIR JSON with a line for each member.
    ///
    /// # Errors
    ///
    /// Those of [`AnyImagingStudy::to_json`].
    #[cfg(feature = "json")]
    pub fn to_json_pretty(&self) -> Result<String, WriteError> {
        match self {
            Self::R4(study) => json::to_string_pretty(&**study),
            Self::R5(study) => json::to_string_pretty(&**study),
        }
    }

    /// Writes the study as FHIR XML.
    ///
    /// # Errors
    ///
    /// An element in it is empty, or XML cannot express it.
    #[cfg(feature = "xml")]
    pub fn to_xml(&self, encoder: xml::Encoder) -> Result<String, WriteError> {
        match self {
            Self::R4(study) => encoder.encode(&**study),
            Self::R5(study) => encoder.encode(&**study),
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
