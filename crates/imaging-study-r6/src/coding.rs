//! The `Coding` data type.

use imaging_study_core::{Code, FhirString, Uri};
use imaging_study_derive::Element;

use crate::{Extension, Primitive};

/// A code from a code system, with the system that defines it.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/datatypes.html#Coding>
///
/// ```
/// use imaging_study_r6::Coding;
///
/// let thorax = Coding {
///     system: "http://snomed.info/sct".parse()?,
///     code: "816094009".parse()?,
///     ..Default::default()
/// };
/// assert!(thorax.code.value.is_some_and(|code| code == "816094009"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Coding")]
pub struct Coding {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The code system that defines the code, e.g. `http://snomed.info/sct`.
    #[element(summary)]
    pub system: Primitive<Uri>,
    /// The version of the code system, where the meaning of codes changes between versions.
    #[element(summary)]
    pub version: Primitive<FhirString>,
    /// The code, in the syntax of its system.
    #[element(summary)]
    pub code: Primitive<Code>,
    /// The meaning of the code, in the words of its system.
    #[element(summary)]
    pub display: Primitive<FhirString>,
    /// Whether a person picked this code directly.
    #[element(summary)]
    pub user_selected: Primitive<bool>,
}
