//! The `Attachment` data type.

use imaging_study_core::{Base64Binary, Code, DateTime, FhirString, UnsignedInt, Uri};
use imaging_study_derive::Element;

use crate::{Extension, Primitive};

/// Content of another format: carried inline, linked to, or both.
///
/// Inline data need a content type. Data and link, where both are given, are the same content.
///
/// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/datatypes.html#Attachment>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Attachment")]
pub struct Attachment {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// The comments before the element in XML, `fhir_comments` in JSON.
    #[element(comments)]
    pub fhir_comments: Vec<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The media type of the content, with a character set where it is text, e.g. `text/plain;
    /// charset=UTF-8`.
    #[element(summary, required = "http://www.rfc-editor.org/bcp/bcp13.txt")]
    pub content_type: Primitive<Code>,
    /// The language of the content, a BCP 47 tag such as `en-GB`.
    #[element(summary, required = "http://tools.ietf.org/html/bcp47")]
    pub language: Primitive<Code>,
    /// The content itself, in base64.
    #[element(summary)]
    pub data: Primitive<Base64Binary>,
    /// Where the content can be fetched.
    #[element(summary)]
    pub url: Primitive<Uri>,
    /// The size of the content in bytes, before base64.
    #[element(summary)]
    pub size: Primitive<UnsignedInt>,
    /// The SHA-1 hash of the content before base64: 20 bytes.
    #[element(summary)]
    pub hash: Primitive<Base64Binary>,
    /// A label to show in place of the content.
    #[element(summary)]
    pub title: Primitive<FhirString>,
    /// When the content was made.
    #[element(summary)]
    pub creation: Primitive<DateTime>,
}
