//! The `Timing.repeat` element.

use imaging_study_core::{Decimal, FhirString, PositiveInt, Time, UnsignedInt};
use imaging_study_derive::{Choice, Element};

use crate::{DaysOfWeek, Duration, EventTiming, Extension, Period, Primitive, Range, UnitsOfTime};

/// A rule for repeating an event: how often, how long, on which days and at what time.
///
/// A duration and a period need their units and are not below zero. A maximum needs its minimum.
/// Times of day exclude [`when`](Self::when), which an offset needs.
///
/// FHIR R5: <https://hl7.org/fhir/R5/datatypes-definitions.html#Timing.repeat>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Timing.repeat")]
pub struct TimingRepeat {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// How long the rule holds: a length of time, a range of lengths, or a start and an end.
    #[element(choice, summary)]
    pub bounds: Option<TimingRepeatBounds>,
    /// How often it happens in all.
    #[element(summary)]
    pub count: Primitive<PositiveInt>,
    /// How often it happens in all at most; `count` is then the least.
    #[element(summary)]
    pub count_max: Primitive<PositiveInt>,
    /// How long it takes each time, in units of [`duration_unit`](Self::duration_unit).
    #[element(summary)]
    pub duration: Primitive<Decimal>,
    /// How long it takes each time at most; `duration` is then the least.
    #[element(summary)]
    pub duration_max: Primitive<Decimal>,
    /// The unit of the durations.
    #[element(summary)]
    pub duration_unit: Primitive<UnitsOfTime>,
    /// How often it happens in one period; 1 where absent.
    #[element(summary)]
    pub frequency: Primitive<PositiveInt>,
    /// How often it happens in one period at most; `frequency` is then the least.
    #[element(summary)]
    pub frequency_max: Primitive<PositiveInt>,
    /// The length of one period, in units of [`period_unit`](Self::period_unit).
    #[element(summary)]
    pub period: Primitive<Decimal>,
    /// The greatest length of one period; `period` is then the least.
    #[element(summary)]
    pub period_max: Primitive<Decimal>,
    /// The unit of the periods.
    #[element(summary)]
    pub period_unit: Primitive<UnitsOfTime>,
    /// The days of the week on which it happens.
    #[element(summary)]
    pub day_of_week: Vec<Primitive<DaysOfWeek>>,
    /// The times of day at which it happens.
    #[element(summary)]
    pub time_of_day: Vec<Primitive<Time>>,
    /// The events of the day, meals for example, by which it happens.
    #[element(summary)]
    pub when: Vec<Primitive<EventTiming>>,
    /// The minutes before or after the event; the event's code says which.
    #[element(summary)]
    pub offset: Primitive<UnsignedInt>,
}

/// What [`TimingRepeat::bounds`] can hold: `bounds[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum TimingRepeatBounds {
    /// `boundsDuration`.
    Duration(Box<Duration>),
    /// `boundsRange`.
    Range(Box<Range>),
    /// `boundsPeriod`.
    Period(Box<Period>),
}
