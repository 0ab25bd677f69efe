//! The `DataRequirement.valueFilter` element.

use imaging_study_core::{FhirString, Integer};
use imaging_study_derive::{Choice, Element};

use crate::{Extension, Primitive, Quantity, Range, Ratio, RatioRange, ValueFilterComparator};

/// A filter that keeps the data whose element compares in a given way with a value.
///
/// It names its element by a path or by a search parameter, never by both.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/metadatatypes-definitions.html#DataRequirement.valueFilter>
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
    /// `valueBoolean`.
    Boolean(Primitive<bool>),
    /// `valueInteger`.
    Integer(Primitive<Integer>),
    /// `valueString`.
    String(Primitive<FhirString>),
    /// `valueQuantity`.
    Quantity(Box<Quantity>),
    /// `valueRange`.
    Range(Box<Range>),
    /// `valueRatio`.
    Ratio(Box<Ratio>),
    /// `valueRatioRange`.
    RatioRange(Box<RatioRange>),
}
