//! The `Timing.repeat` element.

use imaging_study_core::{Decimal, FhirString, Integer};
use imaging_study_derive::{Choice, Element};

use crate::{EventTiming, Extension, Period, Primitive, Quantity, Range, UnitsOfTime};

/// A rule for repeating an event: how often, how long, and by which event of the day.
///
/// A duration and a period need their units and are not below zero. A maximum needs its minimum. An
/// event of the day excludes frequency and period.
///
/// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/datatypes-definitions.html#Timing.repeat>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Timing.repeat")]
pub struct TimingRepeat {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// The comments before the element in XML, `fhir_comments` in JSON.
    #[element(comments)]
    pub fhir_comments: Vec<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// How long the rule holds: a length of time, a range of lengths, or a start and an end.
    #[element(choice, summary)]
    pub bounds: Option<TimingRepeatBounds>,
    /// How often it happens in all.
    #[element(summary)]
    pub count: Primitive<Integer>,
    /// How long it takes each time, in units of [`duration_units`](Self::duration_units).
    #[element(summary)]
    pub duration: Primitive<Decimal>,
    /// How long it takes each time at most; `duration` is then the least.
    #[element(summary)]
    pub duration_max: Primitive<Decimal>,
    /// The unit of the durations.
    #[element(summary)]
    pub duration_units: Primitive<UnitsOfTime>,
    /// How often it happens in one period; 1 where absent.
    #[element(summary)]
    pub frequency: Primitive<Integer>,
    /// How often it happens in one period at most; `frequency` is then the least.
    #[element(summary)]
    pub frequency_max: Primitive<Integer>,
    /// The length of one period, in units of [`period_units`](Self::period_units).
    #[element(summary)]
    pub period: Primitive<Decimal>,
    /// The greatest length of one period; `period` is then the least.
    #[element(summary)]
    pub period_max: Primitive<Decimal>,
    /// The unit of the periods.
    #[element(summary)]
    pub period_units: Primitive<UnitsOfTime>,
    /// The event of the day, a meal for example, by which it happens.
    #[element(summary)]
    pub when: Primitive<EventTiming>,
}

/// What [`TimingRepeat::bounds`] can hold: `bounds[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum TimingRepeatBounds {
    /// `boundsQuantity`.
    Quantity(Box<Quantity>),
    /// `boundsRange`.
    Range(Box<Range>),
    /// `boundsPeriod`.
    Period(Box<Period>),
}
