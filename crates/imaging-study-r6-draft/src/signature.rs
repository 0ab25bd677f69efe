//! The `Signature` data type.

use imaging_study_core::{Base64Binary, Code, FhirString, Instant};
use imaging_study_derive::Element;

use crate::{Coding, Extension, Primitive, Reference};

/// A signature over some content, electronic or drawn, with who signed, when and why.
///
/// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/datatypes.html#Signature>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Signature")]
pub struct Signature {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Why it was signed, e.g. as author or as witness.
    #[element(summary, preferred = "http://hl7.org/fhir/ValueSet/signature-type")]
    pub type_: Vec<Coding>,
    /// When it was signed.
    #[element(summary)]
    pub when: Primitive<Instant>,
    /// Who signed.
    #[element(
        targets = "Practitioner PractitionerRole RelatedPerson Patient Device Organization",
        summary
    )]
    pub who: Option<Reference>,
    /// Whom the signer stood for.
    #[element(
        targets = "Practitioner PractitionerRole RelatedPerson Patient Device Organization",
        summary
    )]
    pub on_behalf_of: Option<Reference>,
    /// The media type of the content that was signed.
    #[element(required = "http://hl7.org/fhir/ValueSet/mimetypes")]
    pub target_format: Primitive<Code>,
    /// The media type of the signature, e.g. `application/jose` or `image/png`.
    #[element(required = "http://hl7.org/fhir/ValueSet/mimetypes")]
    pub sig_format: Primitive<Code>,
    /// The signature itself, in base64.
    pub data: Primitive<Base64Binary>,
}
