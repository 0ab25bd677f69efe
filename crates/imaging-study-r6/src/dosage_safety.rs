//! The `DosageSafety` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{DosageSafetyDoseLimit, Extension, Primitive};

/// How much of a medication may be taken, and what to do when it is too much.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/dosage.html#DosageSafety>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "DosageSafety")]
pub struct DosageSafety {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Extensions that change the meaning of what holds them; whoever does not know one of them
    /// must not use the element.
    #[element(modifier, summary)]
    pub modifier_extension: Vec<Extension>,
    /// The limits, each of its own scope.
    #[element(summary)]
    pub dose_limit: Vec<DosageSafetyDoseLimit>,
    /// What to do when a limit is exceeded.
    #[element(summary)]
    pub if_exceeded: Primitive<FhirString>,
}
