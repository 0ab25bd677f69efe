//! The `Attachment` data type.

use imaging_study_core::{Base64Binary, Code, DateTime, FhirString, UnsignedInt, Url};
use imaging_study_derive::Element;

use crate::{Extension, Primitive};

/// Content of another format: carried inline, linked to, or both.
///
/// Inline data need a content type. Data and link, where both are given, are the same content.
///
/// FHIR R4B: <https://hl7.org/fhir/R4B/datatypes.html#Attachment>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Attachment")]
pub struct Attachment {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The media type of the content, with a character set where it is text, e.g. `text/plain;
    /// charset=UTF-8`.
    #[element(summary, required = "http://hl7.org/fhir/ValueSet/mimetypes")]
    pub content_type: Primitive<Code>,
    /// The language of the content, a BCP 47 tag such as `en-GB`.
    #[element(summary, preferred = "http://hl7.org/fhir/ValueSet/languages")]
    pub language: Primitive<Code>,
    /// The content itself, in base64.
    pub data: Primitive<Base64Binary>,
    /// Where the content can be fetched.
    #[element(summary)]
    pub url: Primitive<Url>,
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
