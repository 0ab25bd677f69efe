//! The `ImagingStudy.series.instance` element.

use imaging_study_core::{FhirString, Shared, UnsignedInt};
use imaging_study_derive::Element;
use imaging_study_dicom::RawUid;

use crate::{Coding, Extension, Primitive};

/// One SOP instance of a series: an image, or an object such as a report or a presentation state.
///
/// Its UID is unique in the world, and so in the study.
///
/// FHIR R4B: <https://hl7.org/fhir/R4B/imagingstudy-definitions.html#ImagingStudy.series.instance>
///
/// ```
/// use imaging_study_r4b::{Coding, ImagingStudySeriesInstance, Shared};
///
/// let instance = ImagingStudySeriesInstance {
///     uid: "1.2.840.113619.2.55.3.1.1".parse()?,
///     sop_class: Some(Shared::new(Coding {
///         system: "urn:ietf:rfc:3986".parse()?,
///         code: "urn:oid:1.2.840.10008.5.1.4.1.1.2".parse()?,
///         ..Default::default()
///     })),
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
    /// SOP Class UID `(0008,0016)`, as a coding with the system `urn:ietf:rfc:3986` and a code that
    /// begins with `urn:oid:`. Instances with the same one share its memory.
    #[element(
        min = 1,
        extensible = "http://dicom.nema.org/medical/dicom/current/output/chtml/part04/sect_B.5.html#table_B.5-1"
    )]
    pub sop_class: Option<Shared<Coding>>,
    /// Instance Number `(0020,0013)`, which orders the instances of a series and need not be
    /// unique.
    pub number: Primitive<UnsignedInt>,
    /// A name for the instance: Document Title `(0042,0010)`, Concept Name `(0040,A043)`, Content
    /// Label `(0070,0080)`, or Image Type `(0008,0008)`.
    pub title: Primitive<FhirString>,
}
