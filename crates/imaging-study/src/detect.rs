//! Which version a study is written in.

use imaging_study_core::FhirVersion;
use imaging_study_json::ReadError;

/// What was found out about the version of a study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// The versions that the study can be read as, oldest first.
    pub candidates: Vec<FhirVersion>,
    /// What decided, in the order of the input.
    pub evidence: Vec<Evidence>,
}

/// An element that only some versions have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The path of the element, without indexes, e.g. `ImagingStudy.series.modality.coding`.
    pub path: String,
    /// The versions that have it, oldest first.
    pub versions: Vec<FhirVersion>,
}

/// A study does not say which version it is written in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Undecided {
    /// Every element is one that several versions have.
    #[error("the study fits several versions")]
    Ambiguous {
        /// The versions that it fits.
        candidates: Vec<FhirVersion>,
    },
    /// Elements of different versions stand side by side.
    #[error("the study mixes elements of different versions")]
    Contradictory {
        /// What speaks for which version.
        evidence: Vec<Evidence>,
    },
}

/// Looks at a document for elements that only some versions have.
///
/// # Errors
///
/// The bytes are no JSON.
pub fn detect(_bytes: &[u8]) -> Result<Detection, ReadError> {
    Ok(Detection { candidates: FhirVersion::ALL.to_vec(), evidence: Vec::new() })
}

impl Detection {
    /// The one version that the study is written in; R4 where it fits R4 and R4B alike.
    ///
    /// # Errors
    ///
    /// Nothing decides, or the evidence is split.
    pub fn version(&self) -> Result<FhirVersion, Undecided> {
        Err(Undecided::Ambiguous { candidates: self.candidates.clone() })
    }
}
