//! The `Reference` data type.

use imaging_study_core::{FhirString, Uri};
use imaging_study_derive::Element;

use crate::{Extension, Identifier, Primitive};

/// A link to another resource: by URL, by a contained resource's id, or by a business identifier.
///
/// A reference that begins with `#` points at a contained resource.
///
/// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/references.html#Reference>
///
/// ```
/// use imaging_study_r6_draft::{Identifier, Reference};
///
/// let patient = Reference {
///     type_: "Patient".parse()?,
///     identifier: Some(Box::new(Identifier {
///         system: "http://example.org/mrn".parse()?,
///         value: "17".parse()?,
///         ..Default::default()
///     })),
///     ..Default::default()
/// };
/// assert!(patient.reference.is_absent());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Reference")]
pub struct Reference {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The URL of the resource: absolute, relative to the server, or `#` and the id of a contained
    /// resource.
    #[element(summary)]
    pub reference: Primitive<FhirString>,
    /// The type of the resource, e.g. `Patient`.
    #[element(summary, extensible = "http://hl7.org/fhir/ValueSet/resource-types")]
    pub type_: Primitive<Uri>,
    /// A business identifier of the resource, when no URL is known.
    #[element(summary)]
    pub identifier: Option<Box<Identifier>>,
    /// The resource in words, for people.
    #[element(summary)]
    pub display: Primitive<FhirString>,
}
