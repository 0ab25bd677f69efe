//! The `DataRequirement.codeFilter` element.

use imaging_study_core::{Canonical, FhirString};
use imaging_study_derive::Element;

use crate::{Coding, Extension, Primitive};

/// A filter that keeps the data whose coded element has one of some codes.
///
/// It names its element by a path or by a search parameter, never by both.
///
/// FHIR R4B: <https://hl7.org/fhir/R4B/metadatatypes-definitions.html#DataRequirement.codeFilter>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "DataRequirement.codeFilter")]
pub struct DataRequirementCodeFilter {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The coded element to filter on, as a path from the type.
    #[element(summary)]
    pub path: Primitive<FhirString>,
    /// The token search parameter to filter with.
    #[element(summary)]
    pub search_param: Primitive<FhirString>,
    /// The value set that one of the element's codes must be in.
    #[element(targets = "ValueSet", summary)]
    pub value_set: Primitive<Canonical>,
    /// Codes of which the element must have one; adds to the value set.
    #[element(summary)]
    pub code: Vec<Coding>,
}
