//! The `RatioRange` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{Extension, Quantity};

/// A ratio whose numerator lies in a range.
///
/// The denominator and at least one numerator are given, or all are absent beside an extension; the
/// low numerator is not above the high one.
///
/// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/datatypes.html#RatioRange>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "RatioRange")]
pub struct RatioRange {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The lowest amount above the line.
    #[element(summary)]
    pub low_numerator: Option<Quantity>,
    /// The highest amount above the line.
    #[element(summary)]
    pub high_numerator: Option<Quantity>,
    /// The amount below the line.
    #[element(summary)]
    pub denominator: Option<Quantity>,
}
