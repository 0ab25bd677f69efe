//! The `Quantity` data type.

use imaging_study_core::{Code, Decimal, FhirString, Uri};
use imaging_study_derive::Element;

use crate::{Extension, Primitive, QuantityComparator};

/// A measured or measurable amount: a number and its unit.
///
/// A coded unit needs the system that defines the code.
///
/// FHIR R4B: <https://hl7.org/fhir/R4B/datatypes.html#Quantity>
///
/// ```
/// use imaging_study_r4b::Quantity;
///
/// let thickness = Quantity {
///     value: "1.50".parse()?,
///     unit: "mm".parse()?,
///     system: "http://unitsofmeasure.org".parse()?,
///     code: "mm".parse()?,
///     ..Default::default()
/// };
/// assert_eq!(thickness.value.value.map(|value| value.to_string()).as_deref(), Some("1.50"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Quantity")]
pub struct Quantity {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The number, with the digits that were given.
    #[element(summary)]
    pub value: Primitive<Decimal>,
    /// How the true amount relates to the value; without it, the value is the amount.
    #[element(modifier, summary)]
    pub comparator: Primitive<QuantityComparator>,
    /// The unit as a person reads it.
    #[element(summary)]
    pub unit: Primitive<FhirString>,
    /// The system that defines the coded unit, e.g. `http://unitsofmeasure.org` for UCUM.
    #[element(summary)]
    pub system: Primitive<Uri>,
    /// The unit as a program reads it.
    #[element(summary)]
    pub code: Primitive<Code>,
}
