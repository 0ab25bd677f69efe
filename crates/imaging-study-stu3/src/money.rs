//! The `Money` data type.

use imaging_study_core::{Code, Decimal, FhirString, Uri};
use imaging_study_derive::Element;

use crate::{Extension, Primitive, QuantityComparator};

/// An amount of money in one currency.
///
/// A quantity whose code is an ISO 4217 currency.
///
/// FHIR STU3: <https://hl7.org/fhir/STU3/datatypes.html#Money>
///
/// ```
/// use imaging_study_stu3::Money;
///
/// let price = Money {
///     value: "120.50".parse()?,
///     system: "urn:iso:std:iso:4217".parse()?,
///     code: "CHF".parse()?,
///     ..Default::default()
/// };
/// assert!(price.unit.is_absent());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// How the true amount relates to the value; without it, the value is the amount.
    #[element(modifier, summary)]
    pub comparator: Primitive<QuantityComparator>,
    /// The currency as a person reads it.
    #[element(summary)]
    pub unit: Primitive<FhirString>,
    /// The system of the currency code: `urn:iso:std:iso:4217`.
    #[element(summary)]
    pub system: Primitive<Uri>,
    /// The currency, an ISO 4217 code of 3 letters.
    #[element(summary)]
    pub code: Primitive<Code>,
}
