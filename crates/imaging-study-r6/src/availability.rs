//! The `Availability` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{AvailabilityAvailableTime, AvailabilityNotAvailableTime, Extension, Period};

/// The times of the week when something is available, and the periods when it is not.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/metadatatypes.html#Availability>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Availability")]
pub struct Availability {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The period during which these times hold.
    #[element(summary)]
    pub period: Option<Period>,
    /// The times of the week when it is available.
    #[element(summary)]
    pub available_time: Vec<AvailabilityAvailableTime>,
    /// The periods when it is not, holidays for example.
    #[element(summary)]
    pub not_available_time: Vec<AvailabilityNotAvailableTime>,
}
