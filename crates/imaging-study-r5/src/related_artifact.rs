//! The `RelatedArtifact` data type.

use imaging_study_core::{Canonical, Date, FhirString, Markdown};
use imaging_study_derive::Element;

use crate::{
    Attachment, CodeableConcept, Extension, Primitive, PublicationStatus, Reference,
    RelatedArtifactType,
};

/// Something related to a knowledge artefact: its documentation, a citation, an earlier version.
///
/// FHIR R5: <https://hl7.org/fhir/R5/metadatatypes.html#RelatedArtifact>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "RelatedArtifact")]
pub struct RelatedArtifact {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// How the other artefact relates to this one.
    #[element(min = 1, summary)]
    pub type_: Primitive<RelatedArtifactType>,
    /// Further kinds that the other artefact belongs to.
    #[element(
        summary,
        example = "http://hl7.org/fhir/ValueSet/citation-artifact-classifier"
    )]
    pub classifier: Vec<CodeableConcept>,
    /// A short label to cite the artefact by.
    #[element(summary)]
    pub label: Primitive<FhirString>,
    /// A few words about the artefact, for people.
    #[element(summary)]
    pub display: Primitive<FhirString>,
    /// The bibliographic citation, in Markdown.
    #[element(summary)]
    pub citation: Primitive<Markdown>,
    /// The artefact itself.
    #[element(summary)]
    pub document: Option<Attachment>,
    /// The artefact as a conformance resource, by its canonical URL.
    #[element(targets = "Resource", summary)]
    pub resource: Primitive<Canonical>,
    /// The artefact as a resource that has no canonical URL.
    #[element(targets = "Resource", summary)]
    pub resource_reference: Option<Reference>,
    /// Whether the artefact is a draft, in use or withdrawn.
    #[element(summary)]
    pub publication_status: Primitive<PublicationStatus>,
    /// When the artefact was published.
    #[element(summary)]
    pub publication_date: Primitive<Date>,
}
