//! The `CodeableConcept` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{Coding, Extension, Primitive};

/// A concept, as text, as codes, or as both.
///
/// Every code stands for the same concept, each in the words of its own code system.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/datatypes.html#CodeableConcept>
///
/// ```
/// use imaging_study_r6::CodeableConcept;
///
/// let reason = CodeableConcept {
///     text: "Cough for three weeks".parse()?,
///     ..Default::default()
/// };
/// assert!(reason.coding.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "CodeableConcept")]
pub struct CodeableConcept {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The codes for the concept.
    #[element(summary)]
    pub coding: Vec<Coding>,
    /// The concept in the words of the person who chose it.
    #[element(summary)]
    pub text: Primitive<FhirString>,
}
