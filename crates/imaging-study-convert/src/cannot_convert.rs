//! Why a study of any version was not converted.

use imaging_study_core::FhirVersion;

use crate::Refused;

/// A study of any version was not converted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CannotConvert {
    /// The strict mode refuses it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// There is no conversion between the two versions: none from or to R6 yet.
    #[error("no conversion from {from} to {to} yet")]
    NoConversion {
        /// The version of the study.
        from: FhirVersion,
        /// The version that was asked for.
        to: FhirVersion,
    },
}
