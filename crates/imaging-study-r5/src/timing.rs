//! The `Timing` data type.

use imaging_study_core::{DateTime, FhirString};
use imaging_study_derive::Element;

use crate::{CodeableConcept, Extension, Primitive, TimingRepeat};

/// When something happens or is planned: at listed times, by a repeating rule, or by a code.
///
/// FHIR R5: <https://hl7.org/fhir/R5/datatypes.html#Timing>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Timing")]
pub struct Timing {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Extensions that change the meaning of what holds them; whoever does not know one of them
    /// must not use the element.
    #[element(modifier, summary)]
    pub modifier_extension: Vec<Extension>,
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
