//! The `ImagingStudy` resource.

use imaging_study_core::{Code, DateTime, FhirString, Id, Resource, UnsignedInt, Uri};
use imaging_study_derive::Element;
use imaging_study_dicom::RawUrnOid;

use crate::{
    Coding, Extension, Identifier, ImagingStudySeries, InstanceAvailability, Meta, Narrative,
    Primitive, Reference,
};

/// The index of one DICOM study: what was imaged and when, its series, and where to fetch them.
///
/// It describes images and never holds their pixels. One study has exactly one Study Instance UID
/// `(0020,000D)`, its [`uid`](Self::uid).
///
/// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/imagingstudy.html>
///
/// ```
/// use imaging_study_dstu2::{ImagingStudy, InstanceAvailability, Reference};
///
/// let study = ImagingStudy {
///     uid: "urn:oid:1.2.840.113619.2.55.3".parse()?,
///     availability: InstanceAvailability::Online.into(),
///     patient: Some(Reference {
///         reference: "Patient/example".parse()?,
///         ..Default::default()
///     }),
///     started: "2026-03-02T08:15:00+01:00".parse()?,
///     ..Default::default()
/// };
/// assert_eq!(study.availability.value, Some(InstanceAvailability::Online));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "ImagingStudy", resource)]
pub struct ImagingStudy {
    /// The id of the resource on its server: 1 to 64 letters, digits, `-` and `.`.
    #[element(summary)]
    pub id: Primitive<Id>,
    /// The comments before the element in XML, `fhir_comments` in JSON.
    #[element(comments)]
    pub fhir_comments: Vec<FhirString>,
    /// The version, profiles, security labels and tags of the resource.
    #[element(summary)]
    pub meta: Option<Meta>,
    /// Rules that were followed when the content was made and that a reader must know.
    #[element(modifier, summary)]
    pub implicit_rules: Primitive<Uri>,
    /// The base language of the content, a BCP 47 tag such as `en-GB`.
    #[element(required = "http://tools.ietf.org/html/bcp47")]
    pub language: Primitive<Code>,
    /// A summary of the study that a person can read.
    pub text: Option<Narrative>,
    /// Resources that exist only within this one and are referred to as `#id`.
    pub contained: Vec<Resource>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Extensions that change the meaning of what holds them; whoever does not know one of them
    /// must not use the element.
    #[element(modifier)]
    pub modifier_extension: Vec<Extension>,
    /// When the study began: Study Date `(0008,0020)`, Study Time `(0008,0030)` and the offset
    /// `(0008,0201)`.
    #[element(summary)]
    pub started: Primitive<DateTime>,
    /// Who was imaged: from Patient's Name `(0010,0010)` and Patient ID `(0010,0020)`.
    #[element(min = 1, targets = "Patient", summary)]
    pub patient: Option<Reference>,
    /// Study Instance UID `(0020,000D)`, with the prefix `urn:oid:`.
    #[element(min = 1, summary)]
    pub uid: Primitive<RawUrnOid>,
    /// Accession Number `(0008,0050)`, with Issuer of Accession Number `(0008,0051)` as its system.
    #[element(summary)]
    pub accession: Option<Identifier>,
    /// Identifiers of the study besides its UID and accession number: Study ID `(0020,0010)`.
    #[element(summary)]
    pub identifier: Vec<Identifier>,
    /// The orders that the study carries out.
    #[element(targets = "DiagnosticOrder", summary)]
    pub order: Vec<Reference>,
    /// All modalities of the series (DICOM CID 29), each once: Modalities in Study `(0008,0061)`.
    #[element(summary, extensible = "http://hl7.org/fhir/ValueSet/dicom-cid29")]
    pub modality_list: Vec<Coding>,
    /// Who asked for the study: Referring Physician's Name `(0008,0090)`.
    #[element(targets = "Practitioner", summary)]
    pub referrer: Option<Reference>,
    /// How soon instances of the study can be fetched: Instance Availability `(0008,0056)`.
    #[element(summary)]
    pub availability: Primitive<InstanceAvailability>,
    /// Where the study can be fetched: Retrieve URL `(0008,1190)`.
    #[element(summary)]
    pub url: Primitive<Uri>,
    /// How many series the study has: Number of Study Related Series `(0020,1206)`; may exceed
    /// those listed, and must be given.
    #[element(min = 1, summary)]
    pub number_of_series: Primitive<UnsignedInt>,
    /// How many instances the study has: Number of Study Related Instances `(0020,1208)`; may
    /// exceed those listed, and must be given.
    #[element(min = 1, summary)]
    pub number_of_instances: Primitive<UnsignedInt>,
    /// The procedures in which the images were made.
    #[element(targets = "Procedure", summary)]
    pub procedure: Vec<Reference>,
    /// Who read the images: Name of Physician(s) Reading Study `(0008,1060)`.
    #[element(targets = "Practitioner", summary)]
    pub interpreter: Option<Reference>,
    /// What was done, in the department's words: Study Description `(0008,1030)`.
    #[element(summary)]
    pub description: Primitive<FhirString>,
    /// The series of the study, as far as they are listed.
    #[element(summary)]
    pub series: Vec<ImagingStudySeries>,
}
