//! The `Count` data type.

use imaging_study_core::{Code, Decimal, FhirString, Uri};
use imaging_study_derive::Element;

use crate::{Extension, Primitive, QuantityComparator};

/// A number of countable things.
///
/// A quantity whose value is a whole number and whose code is the UCUM unit `1`.
///
/// FHIR STU3: <https://hl7.org/fhir/STU3/datatypes.html#Count>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Count")]
pub struct Count {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The number, which is whole.
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
    /// The unit as a program reads it: `1`.
    #[element(summary)]
    pub code: Primitive<Code>,
}
