//! The `Identifier` data type.

use imaging_study_core::{FhirString, Uri};
use imaging_study_derive::Element;

use crate::{CodeableConcept, Extension, IdentifierUse, Period, Primitive, Reference};

/// A value that identifies one thing within one system.
///
/// The Study Instance UID of a study is an identifier with the system `urn:dicom:uid` and a value
/// that begins with `urn:oid:`; an accession number has the type code `ACSN`.
///
/// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/datatypes.html#Identifier>
///
/// ```
/// use imaging_study_r6_draft::{CodeableConcept, Coding, Identifier};
///
/// let accession = Identifier {
///     type_: Some(CodeableConcept {
///         coding: vec![Coding {
///             system: "http://terminology.hl7.org/CodeSystem/v2-0203".parse()?,
///             code: "ACSN".parse()?,
///             ..Default::default()
///         }],
///         ..Default::default()
///     }),
///     value: "A-2026-17".parse()?,
///     ..Default::default()
/// };
/// assert!(accession.assigner.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Identifier")]
pub struct Identifier {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// What the identifier is for.
    #[element(modifier, summary)]
    pub use_: Primitive<IdentifierUse>,
    /// The kind of identifier, e.g. `ACSN` for an accession number.
    #[element(summary, extensible = "http://hl7.org/fhir/ValueSet/identifier-type")]
    pub type_: Option<CodeableConcept>,
    /// The namespace in which the value is unique.
    #[element(summary)]
    pub system: Primitive<Uri>,
    /// The value; an absolute URI where the system is `urn:ietf:rfc:3986`.
    #[element(summary)]
    pub value: Primitive<FhirString>,
    /// When the identifier was or is valid.
    #[element(summary)]
    pub period: Option<Period>,
    /// The organisation that assigned the identifier.
    #[element(targets = "Organization", summary)]
    pub assigner: Option<Box<Reference>>,
}
