//! The `Duration` data type.

use imaging_study_core::{Code, Decimal, FhirString, Uri};
use imaging_study_derive::Element;

use crate::{Extension, Primitive, QuantityComparator};

/// A length of time.
///
/// A quantity whose code is a UCUM unit of time.
///
/// FHIR R5: <https://hl7.org/fhir/R5/datatypes.html#Duration>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Duration")]
pub struct Duration {
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
