//! The `DataRequirement.sort` element.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{Extension, Primitive, SortDirection};

/// An element to sort the data by, and in which direction.
///
/// FHIR R4: <https://hl7.org/fhir/R4/metadatatypes-definitions.html#DataRequirement.sort>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "DataRequirement.sort")]
pub struct DataRequirementSort {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The element to sort by, as a path from the type.
    #[element(min = 1, summary)]
    pub path: Primitive<FhirString>,
    /// Whether the order is rising or falling.
    #[element(min = 1, summary)]
    pub direction: Primitive<SortDirection>,
}
