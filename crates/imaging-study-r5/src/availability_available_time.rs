//! The `Availability.availableTime` element.

use imaging_study_core::{FhirString, Time};
use imaging_study_derive::Element;

use crate::{DaysOfWeek, Extension, Primitive};

/// A time of the day, on some days of the week, when something is available.
///
/// Something available all day has no start and end time.
///
/// FHIR R5: <https://hl7.org/fhir/R5/metadatatypes-definitions.html#Availability.availableTime>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Availability.availableTime")]
pub struct AvailabilityAvailableTime {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The days of the week that the times are for.
    #[element(summary)]
    pub days_of_week: Vec<Primitive<DaysOfWeek>>,
    /// Whether it is available the whole day.
    #[element(summary)]
    pub all_day: Primitive<bool>,
    /// The time of day from which it is available, in the time zone of the context.
    #[element(summary)]
    pub available_start_time: Primitive<Time>,
    /// The time of day until which it is available, in the time zone of the context.
    #[element(summary)]
    pub available_end_time: Primitive<Time>,
}
