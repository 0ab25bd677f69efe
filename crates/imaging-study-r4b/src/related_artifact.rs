//! The `RelatedArtifact` data type.

use imaging_study_core::{Canonical, FhirString, Markdown, Url};
use imaging_study_derive::Element;

use crate::{Attachment, Extension, Primitive, RelatedArtifactType};

/// Something related to a knowledge artefact: its documentation, a citation, an earlier version.
///
/// FHIR R4B: <https://hl7.org/fhir/R4B/metadatatypes.html#RelatedArtifact>
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
    /// A short label to cite the artefact by.
    #[element(summary)]
    pub label: Primitive<FhirString>,
    /// A few words about the artefact, for people.
    #[element(summary)]
    pub display: Primitive<FhirString>,
    /// The bibliographic citation, in Markdown.
    #[element(summary)]
    pub citation: Primitive<Markdown>,
    /// Where the artefact can be read.
    #[element(summary)]
    pub url: Primitive<Url>,
    /// The artefact itself.
    #[element(summary)]
    pub document: Option<Attachment>,
    /// The artefact as a conformance resource, by its canonical URL.
    #[element(targets = "Resource", summary)]
    pub resource: Primitive<Canonical>,
}
