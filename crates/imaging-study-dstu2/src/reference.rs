//! The `Reference` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{Extension, Primitive};

/// A link to another resource: by URL, or by a contained resource's id.
///
/// A reference that begins with `#` points at a contained resource.
///
/// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/references.html#Reference>
///
/// ```
/// use imaging_study_dstu2::Reference;
///
/// let patient = Reference {
///     reference: "Patient/example".parse()?,
///     display: "Ada Example".parse()?,
///     ..Default::default()
/// };
/// assert!(patient.extension.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Reference")]
pub struct Reference {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// The comments before the element in XML, `fhir_comments` in JSON.
    #[element(comments)]
    pub fhir_comments: Vec<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The URL of the resource: absolute, relative to the server, or `#` and the id of a contained
    /// resource.
    #[element(summary)]
    pub reference: Primitive<FhirString>,
    /// The resource in words, for people.
    #[element(summary)]
    pub display: Primitive<FhirString>,
}
