//! The `Contributor` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{ContactDetail, ContributorType, Extension, Primitive};

/// A person or an organisation that contributed to a piece of content, and in what role.
///
/// FHIR R4: <https://hl7.org/fhir/R4/metadatatypes.html#Contributor>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Contributor")]
pub struct Contributor {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The part that the contributor had.
    #[element(min = 1, summary)]
    pub type_: Primitive<ContributorType>,
    /// The name of the contributor.
    #[element(min = 1, summary)]
    pub name: Primitive<FhirString>,
    /// How to reach the contributor.
    #[element(summary)]
    pub contact: Vec<ContactDetail>,
}
