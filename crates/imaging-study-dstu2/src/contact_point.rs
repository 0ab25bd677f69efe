//! The `ContactPoint` data type.

use imaging_study_core::{FhirString, PositiveInt};
use imaging_study_derive::Element;

use crate::{ContactPointSystem, ContactPointUse, Extension, Period, Primitive};

/// One way to reach someone: a telephone number, an e-mail address, a URL.
///
/// A value needs a system.
///
/// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/datatypes.html#ContactPoint>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "ContactPoint")]
pub struct ContactPoint {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// The comments before the element in XML, `fhir_comments` in JSON.
    #[element(comments)]
    pub fhir_comments: Vec<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The kind of contact point, which says how to read the value.
    #[element(summary)]
    pub system: Primitive<ContactPointSystem>,
    /// The number, address or URL.
    #[element(summary)]
    pub value: Primitive<FhirString>,
    /// What the contact point is for.
    #[element(modifier, summary)]
    pub use_: Primitive<ContactPointUse>,
    /// The place in the order of preference, from 1, the first to try.
    #[element(summary)]
    pub rank: Primitive<PositiveInt>,
    /// When the contact point was or is in use.
    #[element(summary)]
    pub period: Option<Period>,
}
