//! The `ImagingStudy.series` element.

use imaging_study_core::{DateTime, FhirString, UnsignedInt, Uri};
use imaging_study_derive::Element;
use imaging_study_dicom::RawUrnOid;

use crate::{Coding, Extension, ImagingStudySeriesInstance, InstanceAvailability, Primitive};

/// A series of a study: instances of one modality that were acquired together.
///
/// Its UID is unique in the study. A series may list fewer instances than it has, or none.
///
/// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/imagingstudy-definitions.html#ImagingStudy.series>
///
/// ```
/// use imaging_study_dstu2::{Coding, ImagingStudySeries};
///
/// let series = ImagingStudySeries {
///     uid: "urn:oid:1.2.840.113619.2.55.3.1".parse()?,
///     number: "3".parse()?,
///     modality: Some(Coding {
///         system: "http://dicom.nema.org/resources/ontology/DCM".parse()?,
///         code: "CT".parse()?,
///         ..Default::default()
///     }),
///     ..Default::default()
/// };
/// assert!(series.instance.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "ImagingStudy.series")]
pub struct ImagingStudySeries {
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
    /// Series Number `(0020,0011)`, which orders the series and need not be unique.
    #[element(summary)]
    pub number: Primitive<UnsignedInt>,
    /// Modality `(0008,0060)`, as a code of the DICOM system.
    #[element(
        min = 1,
        summary,
        extensible = "http://hl7.org/fhir/ValueSet/dicom-cid29"
    )]
    pub modality: Option<Coding>,
    /// Series Instance UID `(0020,000E)`, with the prefix `urn:oid:`.
    #[element(min = 1, summary)]
    pub uid: Primitive<RawUrnOid>,
    /// What the series shows, in the department's words: Series Description `(0008,103E)`.
    #[element(summary)]
    pub description: Primitive<FhirString>,
    /// How many instances the series has: Number of Series Related Instances `(0020,1209)`; may
    /// exceed those listed, and must be given.
    #[element(min = 1, summary)]
    pub number_of_instances: Primitive<UnsignedInt>,
    /// How soon instances of the series can be fetched: Instance Availability `(0008,0056)`.
    #[element(summary)]
    pub availability: Primitive<InstanceAvailability>,
    /// Where the series can be fetched: Retrieve URL `(0008,1190)`.
    #[element(summary)]
    pub url: Primitive<Uri>,
    /// The part of the body shown: Anatomic Region Sequence `(0008,2218)`, else Body Part Examined
    /// `(0018,0015)`.
    #[element(summary, example = "http://hl7.org/fhir/ValueSet/body-site")]
    pub body_site: Option<Box<Coding>>,
    /// The side of a paired body part: Laterality `(0020,0060)`.
    #[element(summary, example = "http://hl7.org/fhir/ValueSet/bodysite-laterality")]
    pub laterality: Option<Box<Coding>>,
    /// When the series began: Series Date `(0008,0021)`, Series Time `(0008,0031)` and the offset
    /// `(0008,0201)`.
    #[element(summary)]
    pub started: Primitive<DateTime>,
    /// The instances of the series, as far as they are listed.
    #[element(summary)]
    pub instance: Vec<ImagingStudySeriesInstance>,
}
