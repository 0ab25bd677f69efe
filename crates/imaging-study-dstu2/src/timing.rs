//! The `Timing` data type.

use imaging_study_core::{DateTime, FhirString};
use imaging_study_derive::Element;

use crate::{CodeableConcept, Extension, Primitive, TimingRepeat};

/// When something happens or is planned: at listed times, by a repeating rule, or by a code.
///
/// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/datatypes.html#Timing>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Timing")]
pub struct Timing {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// The comments before the element in XML, `fhir_comments` in JSON.
    #[element(comments)]
    pub fhir_comments: Vec<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The moments at which it happens.
    #[element(summary)]
    pub event: Vec<Primitive<DateTime>>,
    /// The rule by which it repeats.
    #[element(summary)]
    pub repeat: Option<TimingRepeat>,
    /// The schedule as a code, such as `BID`, or as text.
    #[element(
        summary,
        preferred = "http://hl7.org/fhir/ValueSet/timing-abbreviation"
    )]
    pub code: Option<CodeableConcept>,
}
