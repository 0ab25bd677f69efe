//! The `Signature` data type.

use imaging_study_core::{Base64Binary, Code, FhirString, Instant, Uri};
use imaging_study_derive::{Choice, Element};

use crate::{Coding, Extension, Primitive, Reference};

/// A signature over some content, electronic or drawn, with who signed, when and why.
///
/// FHIR STU3: <https://hl7.org/fhir/STU3/datatypes.html#Signature>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Signature")]
pub struct Signature {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Why it was signed, e.g. as author or as witness.
    #[element(
        min = 1,
        summary,
        preferred = "http://hl7.org/fhir/ValueSet/signature-type"
    )]
    pub type_: Vec<Coding>,
    /// When it was signed.
    #[element(min = 1, summary)]
    pub when: Primitive<Instant>,
    /// Who signed.
    #[element(
        min = 1,
        choice,
        targets = "Practitioner RelatedPerson Patient Device Organization",
        summary
    )]
    pub who: Option<SignatureWho>,
    /// Whom the signer stood for.
    #[element(
        choice,
        targets = "Practitioner RelatedPerson Patient Device Organization",
        summary
    )]
    pub on_behalf_of: Option<SignatureOnBehalfOf>,
    /// The media type of the signature, e.g. `application/jose` or `image/png`.
    #[element(summary, required = "http://www.rfc-editor.org/bcp/bcp13.txt")]
    pub content_type: Primitive<Code>,
    /// The signature itself, in base64.
    pub blob: Primitive<Base64Binary>,
}

/// What [`Signature::who`] can hold: `who[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum SignatureWho {
    /// `whoUri`.
    Uri(Primitive<Uri>),
    /// `whoReference`.
    Reference(Box<Reference>),
}

/// What [`Signature::on_behalf_of`] can hold: `onBehalfOf[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum SignatureOnBehalfOf {
    /// `onBehalfOfUri`.
    Uri(Primitive<Uri>),
    /// `onBehalfOfReference`.
    Reference(Box<Reference>),
}
