//! The `DataRequirement.dateFilter` element.

use imaging_study_core::{DateTime, FhirString};
use imaging_study_derive::{Choice, Element};

use crate::{Duration, Extension, Period, Primitive};

/// A filter that keeps the data whose date lies in a range.
///
/// It names its element by a path or by a search parameter, never by both.
///
/// FHIR R4B: <https://hl7.org/fhir/R4B/metadatatypes-definitions.html#DataRequirement.dateFilter>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "DataRequirement.dateFilter")]
pub struct DataRequirementDateFilter {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The date element to filter on, as a path from the type.
    #[element(summary)]
    pub path: Primitive<FhirString>,
    /// The date search parameter to filter with.
    #[element(summary)]
    pub search_param: Primitive<FhirString>,
    /// The date, the period, or the length of time before now, that the data must lie in.
    #[element(choice, summary)]
    pub value: Option<DataRequirementDateFilterValue>,
}

/// What [`DataRequirementDateFilter::value`] can hold: `value[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum DataRequirementDateFilterValue {
    /// `valueDateTime`.
    DateTime(Primitive<DateTime>),
    /// `valuePeriod`.
    Period(Box<Period>),
    /// `valueDuration`.
    Duration(Box<Duration>),
}
