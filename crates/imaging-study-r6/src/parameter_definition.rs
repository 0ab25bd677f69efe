//! The `ParameterDefinition` data type.

use imaging_study_core::{Canonical, Code, FhirString, Integer};
use imaging_study_derive::Element;

use crate::{Extension, FhirTypes, OperationParameterUse, Primitive};

/// A parameter that goes into or comes out of a knowledge module: its type, and how often.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/metadatatypes.html#ParameterDefinition>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "ParameterDefinition")]
pub struct ParameterDefinition {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The name by which the parameter is given or returned.
    #[element(summary)]
    pub name: Primitive<Code>,
    /// Whether the parameter goes in or comes out.
    #[element(min = 1, summary)]
    pub use_: Primitive<OperationParameterUse>,
    /// How often the parameter appears at least.
    #[element(summary)]
    pub min: Primitive<Integer>,
    /// How often the parameter may appear: a number, or `*` for any.
    #[element(summary)]
    pub max: Primitive<FhirString>,
    /// What the parameter is for, in a few words.
    #[element(summary)]
    pub documentation: Primitive<FhirString>,
    /// The type of the parameter.
    #[element(min = 1, summary)]
    pub type_: Primitive<FhirTypes>,
    /// The profile that values of the parameter conform to.
    #[element(targets = "StructureDefinition", summary)]
    pub profile: Primitive<Canonical>,
}
