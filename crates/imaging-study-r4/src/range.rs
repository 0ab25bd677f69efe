//! The `Range` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{Extension, Quantity};

/// Everything from a low to a high amount, both included.
///
/// The low limit is not above the high one, and both have the same unit.
///
/// FHIR R4: <https://hl7.org/fhir/R4/datatypes.html#Range>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Range")]
pub struct Range {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The low limit.
    #[element(summary)]
    pub low: Option<Quantity>,
    /// The high limit.
    #[element(summary)]
    pub high: Option<Quantity>,
}
