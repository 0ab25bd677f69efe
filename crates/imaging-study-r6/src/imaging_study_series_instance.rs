//! The `ImagingStudy.series.instance` element.

use imaging_study_core::{FhirString, UnsignedInt};
use imaging_study_derive::Element;
use imaging_study_dicom::{RawUid, RawUrnOid};

use crate::{Extension, Primitive};

/// One SOP instance of a series: an image, or an object such as a report or a presentation state.
///
/// Its UID is unique in the world, and so in the study.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/imagingstudy-definitions.html#ImagingStudy.series.instance>
///
/// ```
/// use imaging_study_r6::ImagingStudySeriesInstance;
///
/// let instance = ImagingStudySeriesInstance {
///     uid: "1.2.840.113619.2.55.3.1.1".parse()?,
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
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Extensions that change the meaning of what holds them; whoever does not know one of them
    /// must not use the element.
    #[element(modifier, summary)]
    pub modifier_extension: Vec<Extension>,
    /// SOP Instance UID `(0008,0018)`: digits and dots, at most 64 characters, without `urn:oid:`.
    #[element(min = 1)]
    pub uid: Primitive<RawUid>,
    /// SOP Class UID `(0008,0016)`, with the prefix `urn:oid:`.
    #[element(min = 1)]
    pub sop_class: Primitive<RawUrnOid>,
    /// Instance Number `(0020,0013)`, which orders the instances of a series and need not be
    /// unique.
    pub number: Primitive<UnsignedInt>,
    /// How many frames the instance has: Number of Frames `(0028,0008)`.
    pub number_of_frames: Primitive<UnsignedInt>,
    /// A name for the instance: Document Title `(0042,0010)`, Concept Name `(0040,A043)`, Content
    /// Label `(0070,0080)`, or Image Type `(0008,0008)`.
    pub title: Primitive<FhirString>,
}
