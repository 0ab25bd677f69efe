//! The `ImagingStudy.series` element.

use imaging_study_core::{DateTime, FhirString, UnsignedInt};
use imaging_study_derive::Element;
use imaging_study_dicom::RawUid;

use crate::{
    Coding, Extension, ImagingStudySeriesInstance, ImagingStudySeriesPerformer, Primitive,
    Reference,
};

/// A series of a study: instances of one modality that were acquired together.
///
/// Its UID is unique in the study. A series may list fewer instances than it has, or none.
///
/// FHIR R4B: <https://hl7.org/fhir/R4B/imagingstudy-definitions.html#ImagingStudy.series>
///
/// ```
/// use imaging_study_r4b::{Coding, ImagingStudySeries};
///
/// let series = ImagingStudySeries {
///     uid: "1.2.840.113619.2.55.3.1".parse()?,
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
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Extensions that change the meaning of what holds them; whoever does not know one of them
    /// must not use the element.
    #[element(modifier, summary)]
    pub modifier_extension: Vec<Extension>,
    /// Series Instance UID `(0020,000E)`: digits and dots, at most 64 characters, without
    /// `urn:oid:`.
    #[element(min = 1, summary)]
    pub uid: Primitive<RawUid>,
    /// Series Number `(0020,0011)`, which orders the series and need not be unique.
    #[element(summary)]
    pub number: Primitive<UnsignedInt>,
    /// Modality `(0008,0060)`, as a code of the DICOM system.
    #[element(
        min = 1,
        summary,
        extensible = "http://dicom.nema.org/medical/dicom/current/output/chtml/part16/sect_CID_29.html"
    )]
    pub modality: Option<Coding>,
    /// What the series shows, in the department's words: Series Description `(0008,103E)`.
    #[element(summary)]
    pub description: Primitive<FhirString>,
    /// How many instances the series has: Number of Series Related Instances `(0020,1209)`; may
    /// exceed those listed.
    #[element(summary)]
    pub number_of_instances: Primitive<UnsignedInt>,
    /// Where the series can be fetched, if not with its study.
    #[element(targets = "Endpoint", summary)]
    pub endpoint: Vec<Reference>,
    /// The part of the body shown: Anatomic Region Sequence `(0008,2218)`, else Body Part Examined
    /// `(0018,0015)`.
    #[element(summary, example = "http://hl7.org/fhir/ValueSet/body-site")]
    pub body_site: Option<Coding>,
    /// The side of a paired body part: Laterality `(0020,0060)`.
    #[element(summary, example = "http://hl7.org/fhir/ValueSet/bodysite-laterality")]
    pub laterality: Option<Coding>,
    /// The specimens that were imaged, e.g. for whole slide images: Specimen Identifier
    /// `(0040,0551)`.
    #[element(targets = "Specimen", summary)]
    pub specimen: Vec<Reference>,
    /// When the series began: Series Date `(0008,0021)`, Series Time `(0008,0031)` and the offset
    /// `(0008,0201)`.
    #[element(summary)]
    pub started: Primitive<DateTime>,
    /// Who took part in making the series.
    #[element(summary)]
    pub performer: Vec<ImagingStudySeriesPerformer>,
    /// The instances of the series, as far as they are listed.
    pub instance: Vec<ImagingStudySeriesInstance>,
}
