//! The `DataRequirement.valueFilter` element.

use imaging_study_core::{DateTime, FhirString};
use imaging_study_derive::{Choice, Element};

use crate::{Duration, Extension, Period, Primitive, ValueFilterComparator};

/// A filter that keeps the data whose element compares in a given way with a value.
///
/// It names its element by a path or by a search parameter, never by both.
///
/// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/metadatatypes-definitions.html#DataRequirement.valueFilter>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "DataRequirement.valueFilter")]
pub struct DataRequirementValueFilter {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The element to filter on, as a path from the type.
    #[element(summary)]
    pub path: Primitive<FhirString>,
    /// The search parameter to filter with.
    #[element(summary)]
    pub search_param: Primitive<FhirString>,
    /// How the element compares with the value.
    #[element(summary)]
    pub comparator: Primitive<ValueFilterComparator>,
    /// The value to compare with.
    #[element(choice, summary)]
    pub value: Option<DataRequirementValueFilterValue>,
}

/// What [`DataRequirementValueFilter::value`] can hold: `value[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum DataRequirementValueFilterValue {
    /// `valueDateTime`.
    DateTime(Primitive<DateTime>),
    /// `valuePeriod`.
    Period(Box<Period>),
    /// `valueDuration`.
    Duration(Box<Duration>),
}
