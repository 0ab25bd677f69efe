//! The `ImagingStudy.series.instance` element.

use imaging_study_core::{FhirString, UnsignedInt};
use imaging_study_derive::Element;
use imaging_study_dicom::RawUrnOid;

use crate::{Attachment, Extension, Primitive};

/// One SOP instance of a series: an image, or an object such as a report or a presentation state.
///
/// Its UID is unique in the world, and so in the study.
///
/// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/imagingstudy-definitions.html#ImagingStudy.series.instance>
///
/// ```
/// use imaging_study_dstu2::ImagingStudySeriesInstance;
///
/// let instance = ImagingStudySeriesInstance {
///     uid: "urn:oid:1.2.840.113619.2.55.3.1.1".parse()?,
///     sop_class: "urn:oid:1.2.840.10008.5.1.4.1.1.2".parse()?,
///     number: "1".parse()?,
///     ..Default::default()
/// };
/// assert!(instance.uid.value.is_some_and(|uid| uid.uid().is_some()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "ImagingStudy.series.instance")]
pub struct ImagingStudySeriesInstance {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// The comments before the element in XML, `fhir_comments` in JSON.
    #[element(comments)]
    pub fhir_comments: Vec<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Extensions that change the meaning of what holds them; whoever does not know one of them
    /// must not use the element.
    #[element(modifier)]
    pub modifier_extension: Vec<Extension>,
    /// Instance Number `(0020,0013)`, which orders the instances of a series and need not be
    /// unique.
    #[element(summary)]
    pub number: Primitive<UnsignedInt>,
    /// SOP Instance UID `(0008,0018)`, with the prefix `urn:oid:`.
    #[element(min = 1, summary)]
    pub uid: Primitive<RawUrnOid>,
    /// SOP Class UID `(0008,0016)`, with the prefix `urn:oid:`.
    #[element(min = 1, summary)]
    pub sop_class: Primitive<RawUrnOid>,
    /// The kind of object, e.g. `image` or `report`.
    #[element(summary)]
    pub type_: Primitive<FhirString>,
    /// A name for the instance: Document Title `(0042,0010)`, Concept Name `(0040,A043)`, Content
    /// Label `(0070,0080)`, or Image Type `(0008,0008)`.
    #[element(summary)]
    pub title: Primitive<FhirString>,
    /// Where the instance can be fetched, in one or more formats; also thumbnails.
    #[element(summary)]
    pub content: Vec<Attachment>,
}
