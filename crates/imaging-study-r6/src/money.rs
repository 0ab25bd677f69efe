//! The `Money` data type.

use imaging_study_core::{Code, Decimal, FhirString};
use imaging_study_derive::Element;

use crate::{Extension, Primitive};

/// An amount of money in one currency.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/datatypes.html#Money>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Money")]
pub struct Money {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The amount, with the digits that were given.
    #[element(summary)]
    pub value: Primitive<Decimal>,
    /// The currency, an ISO 4217 code of 3 letters.
    #[element(summary, required = "http://hl7.org/fhir/ValueSet/currencies")]
    pub currency: Primitive<Code>,
}
