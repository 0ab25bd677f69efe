//! The FHIR versions.

use std::fmt;
use std::str::FromStr;

use crate::{MediaType, ScalarType};

/// A FHIR version in which ImagingStudy is defined.
///
/// ```
/// use imaging_study_core::FhirVersion;
///
/// assert_eq!("4.0".parse(), Ok(FhirVersion::R4));
/// assert_eq!("r5".parse(), Ok(FhirVersion::R5));
/// assert_eq!("6.0.0-ballot2".parse(), Ok(FhirVersion::R6Draft));
/// assert_eq!("6.0".parse(), Ok(FhirVersion::R6));
/// assert_eq!("fhirVersion=4.3".parse(), Ok(FhirVersion::R4B));
/// assert_eq!("application/fhir+json; fhirVersion=5.0".parse(), Ok(FhirVersion::R5));
/// assert_eq!("application/json+fhir".parse(), Ok(FhirVersion::Dstu2));
/// assert_eq!(FhirVersion::R4B.to_string(), "R4B");
/// assert_eq!(FhirVersion::R5.number(), "5.0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FhirVersion {
    /// DSTU2, 1.0.2.
    Dstu2,
    /// STU3, 3.0.2.
    Stu3,
    /// R4, 4.0.1.
    R4,
    /// R4B, 4.3.0.
    R4B,
    /// R5, 5.0.0.
    R5,
    /// The draft of R6 of winter 2024/25: a continuous build, in JSON the shape of 6.0.0-ballot2.
    R6Draft,
    /// R6, the shape of 6.0.0-ballot5 and 6.0.0-snapshot1.
    R6,
}

/// A text names no FHIR version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no FHIR version; known are dstu2, stu3, r4, r4b, r5, r6-draft, r6 and 1.0, 3.0, 4.0, 4.3, 5.0, 6.0"
)]
pub struct UnknownVersion;

impl FhirVersion {
    /// Every version, oldest first.
    pub const ALL: [Self; 7] = [
        Self::Dstu2,
        Self::Stu3,
        Self::R4,
        Self::R4B,
        Self::R5,
        Self::R6Draft,
        Self::R6,
    ];

    /// Major and minor number, as in the media type parameter `fhirVersion` and in the URLs of
    /// cross-version extensions (<https://hl7.org/fhir/R5/versions.html>). The draft of R6 has that
    /// of R6.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::Dstu2 => "1.0",
            Self::Stu3 => "3.0",
            Self::R4 => "4.0",
            Self::R4B => "4.3",
            Self::R5 => "5.0",
            Self::R6Draft | Self::R6 => "6.0",
        }
    }

    /// The value of the media type parameter `fhirVersion` that names this version alone: its number,
    /// but `6.0.0-cibuild` for the draft of R6, whose number means R6.
    #[must_use]
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::R6Draft => "6.0.0-cibuild",
            version => version.number(),
        }
    }

    /// The type of the ids of the elements of a type, e.g. `Coding` or `ImagingStudy.series`; `Element`
    /// is what stands beside the value of a primitive. DSTU2 types all of them as id; R4B, R5 and the
    /// draft of R6 those of data types, which have no point in their names; else they are strings
    /// (<https://hl7.org/fhir/R5/element.html> and the pages of the data types).
    #[must_use]
    pub fn id_type(self, type_name: &str) -> ScalarType {
        let is_data_type = !type_name.contains('.') && type_name != "Element";
        match self {
            Self::Dstu2 => ScalarType::Id,
            Self::R4B | Self::R5 | Self::R6Draft if is_data_type => ScalarType::Id,
            _ => ScalarType::String,
        }
    }

    /// The name that the standard uses, e.g. `R4B`, and `R6 draft` for the draft.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dstu2 => "DSTU2",
            Self::Stu3 => "STU3",
            Self::R4 => "R4",
            Self::R4B => "R4B",
            Self::R5 => "R5",
            Self::R6Draft => "R6 draft",
            Self::R6 => "R6",
        }
    }
}

impl fmt::Display for FhirVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for FhirVersion {
    type Err = UnknownVersion;

    /// Reads a name (`stu3`, also `r2` and `r3`), a number (`4.0`), a full version (`4.0.1`), the
    /// parameter of a media type (`fhirVersion=4.0`), or a [`MediaType`] that tells its version.
    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let named = if text.contains('/') {
            text.parse::<MediaType>()
                .map(|media_type| media_type.version)
        } else if text.contains('=') {
            MediaType::version_of(text)
        } else {
            return Self::by_name(text);
        };
        named.ok().flatten().ok_or(UnknownVersion)
    }
}

impl FhirVersion {
    /// Reads a name, a number or a full version.
    pub(crate) fn by_name(text: &str) -> Result<Self, UnknownVersion> {
        let lower = text.to_ascii_lowercase();
        Ok(match lower.as_str() {
            "dstu2" | "r2" | "1.0" | "1.0.2" => Self::Dstu2,
            "stu3" | "r3" | "3.0" | "3.0.1" | "3.0.2" => Self::Stu3,
            "r4" | "4.0" | "4.0.1" => Self::R4,
            "r4b" | "4.3" | "4.3.0" => Self::R4B,
            "r5" | "5.0" | "5.0.0" => Self::R5,
            "r6-draft" | "r6draft" | "r6 draft" | "6.0.0-cibuild" | "6.0.0-ballot1"
            | "6.0.0-ballot2" | "6.0.0-ballot3" => Self::R6Draft,
            "r6" | "6.0" | "6.0.0-ballot4" | "6.0.0-ballot5" | "6.0.0-snapshot1" | "6.0.0" => {
                Self::R6
            }
            _ => return Err(UnknownVersion),
        })
    }
}
