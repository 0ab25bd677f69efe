//! The `Availability.notAvailableTime` element.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{Extension, Period, Primitive};

/// A period during which something is not available, and why.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/metadatatypes-definitions.html#Availability.notAvailableTime>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Availability.notAvailableTime")]
pub struct AvailabilityNotAvailableTime {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The reason, to be shown to people.
    #[element(summary)]
    pub description: Primitive<FhirString>,
    /// The period when it is not available.
    #[element(summary)]
    pub during: Option<Period>,
}
