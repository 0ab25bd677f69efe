//! The `ContactDetail` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{ContactPoint, Extension, Primitive};

/// A person or an office to contact, and how to reach it.
///
/// FHIR R4: <https://hl7.org/fhir/R4/metadatatypes.html#ContactDetail>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "ContactDetail")]
pub struct ContactDetail {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The name of the person or the office.
    #[element(summary)]
    pub name: Primitive<FhirString>,
    /// The ways to reach it.
    #[element(summary)]
    pub telecom: Vec<ContactPoint>,
}
