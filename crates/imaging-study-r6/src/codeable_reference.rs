//! The `CodeableReference` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{CodeableConcept, Extension, Reference};

/// A thing given as a concept, as a reference to a resource about it, or as both.
///
/// The targets of an element of this type limit the [`reference`](Self::reference) half.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/references.html#CodeableReference>
///
/// ```
/// use imaging_study_r6::{CodeableReference, Reference};
///
/// let reason = CodeableReference {
///     reference: Some(Reference {
///         reference: "Condition/cough".parse()?,
///         ..Default::default()
///     }),
///     ..Default::default()
/// };
/// assert!(reason.concept.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "CodeableReference")]
pub struct CodeableReference {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The concept, when no resource says more.
    #[element(summary)]
    pub concept: Option<CodeableConcept>,
    /// The resource that says more.
    #[element(summary)]
    pub reference: Option<Reference>,
}
