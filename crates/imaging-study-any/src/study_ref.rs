//! A study of any version, seen with the same eyes.

use imaging_study_core::{DateTime, Element, ElementRef, FhirVersion, UnsignedInt};
use imaging_study_dicom::{Found, FoundAccession, IdentifierRef, StudyUid};

use crate::identifiers::{find_accession_of, find_study_uid, identifier_ref};
use crate::{AnyImagingStudy, ConceptRef, ReferenceRef, SeriesRef};

/// A study of any version: the same accessors for DSTU2 as for R6, whatever the version calls an
/// element and however it codes it. Everything is borrowed from the study.
///
/// ```
/// use imaging_study_any::{AnyImagingStudy, r5, stu3};
///
/// fn modalities(study: &AnyImagingStudy) -> Vec<&str> {
///     study.modalities().filter_map(|modality| modality.code()).collect()
/// }
///
/// let old: stu3::ImagingStudy = imaging_study_json::from_str(
///     r#"{"resourceType": "ImagingStudy", "modalityList": [{"code": "CT"}],
///         "series": [{"uid": "urn:oid:1.2.3", "modality": {"code": "CT"}}]}"#,
/// )?;
/// let new: r5::ImagingStudy = imaging_study_json::from_str(
///     r#"{"resourceType": "ImagingStudy", "modality": [{"coding": [{"code": "CT"}]}],
///         "series": [{"uid": "1.2.3", "modality": {"coding": [{"code": "CT"}]}}]}"#,
/// )?;
/// for study in [AnyImagingStudy::from(old), AnyImagingStudy::from(new)] {
///     assert_eq!(modalities(&study), ["CT"]);
///     assert_eq!(study.series().next().and_then(|series| series.uid()), Some("1.2.3"));
/// }
/// # Ok::<(), imaging_study_core::ReadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StudyRef<'a>(ElementRef<'a>);

impl<'a> StudyRef<'a> {
    /// A study, of which only the elements are known; `None` if it is another resource or type.
    #[must_use]
    pub fn new(element: ElementRef<'a>) -> Option<Self> {
        (element.info().name == "ImagingStudy").then_some(Self(element))
    }

    /// A view of a typed study; `None` if the type is no ImagingStudy.
    pub fn of<T: Element>(study: &'a T) -> Option<Self> {
        Self::new(ElementRef::new(study))
    }

    /// The element itself.
    #[must_use]
    pub fn element(self) -> ElementRef<'a> {
        self.0
    }

    /// The version of the study.
    #[must_use]
    pub fn version(self) -> FhirVersion {
        self.0.version()
    }

    /// The id of the resource.
    #[must_use]
    pub fn id(self) -> Option<&'a str> {
        self.0.str("id")
    }

    /// The entries of `identifier`. `uid` and `accession` of DSTU2 and STU3 are not among them; see
    /// [`study_uid`](Self::study_uid) and [`accession`](Self::accession).
    pub fn identifiers(self) -> impl Iterator<Item = IdentifierRef<'a>> + use<'a> {
        self.0.elements("identifier").map(identifier_ref)
    }

    /// The Study Instance UID (0020,000D), and everything else that looks like one, from every
    /// place in which the version may have it.
    #[must_use]
    pub fn study_uid(self) -> StudyUid {
        find_study_uid(self.0)
    }

    /// The Accession Number (0008,0050), from every place in which the version may have it.
    #[must_use]
    pub fn accession(self) -> Found<FoundAccession<'a>> {
        find_accession_of(self.0)
    }

    /// `status` (since R4).
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        self.0.str("status")
    }

    /// Instance Availability (0008,0056), which DSTU2 and STU3 have in place of a status.
    #[must_use]
    pub fn availability(self) -> Option<&'a str> {
        self.0.str("availability")
    }

    /// Whose images they are: `patient` of DSTU2 and STU3, `subject` since R4.
    #[must_use]
    pub fn subject(self) -> Option<ReferenceRef<'a>> {
        self.first_of(&["subject", "patient"])
            .map(ReferenceRef::new)
    }

    /// The encounter during which the study was made: `context` of STU3, which may be an episode of
    /// care, and `encounter` since R4.
    #[must_use]
    pub fn encounter(self) -> Option<ReferenceRef<'a>> {
        self.first_of(&["encounter", "context"])
            .map(ReferenceRef::new)
    }

    /// What ordered the study: `order` of DSTU2, `basedOn` since STU3.
    pub fn orders(self) -> impl Iterator<Item = ReferenceRef<'a>> + use<'a> {
        self.all_of(&["basedOn", "order"]).map(ReferenceRef::new)
    }

    /// What was done, as codes or references: `procedure`, `procedureCode`, `procedureReference` and
    /// `partOf`, whichever the version has.
    pub fn procedures(self) -> impl Iterator<Item = ConceptRef<'a>> + use<'a> {
        let names = &["procedureReference", "procedureCode", "partOf", "procedure"];
        self.all_of(names).map(ConceptRef::new)
    }

    /// Why the study was made, as codes or references: `reason`, `reasonCode` and `reasonReference`,
    /// whichever the version has; none in DSTU2.
    pub fn reasons(self) -> impl Iterator<Item = ConceptRef<'a>> + use<'a> {
        let names = &["reason", "reasonCode", "reasonReference"];
        self.all_of(names).map(ConceptRef::new)
    }

    /// Who asked for the study.
    #[must_use]
    pub fn referrer(self) -> Option<ReferenceRef<'a>> {
        self.0.element("referrer").map(ReferenceRef::new)
    }

    /// Who read the images: `interpreter`, up to R4B.
    pub fn interpreters(self) -> impl Iterator<Item = ReferenceRef<'a>> + use<'a> {
        self.0.elements("interpreter").map(ReferenceRef::new)
    }

    /// The remarks in `note` (since R4).
    pub fn notes(self) -> impl Iterator<Item = &'a str> + use<'a> {
        let notes = self.0.elements("note");
        notes.filter_map(|note| note.str("text"))
    }

    /// Study Description (0008,1030).
    #[must_use]
    pub fn description(self) -> Option<&'a str> {
        self.0.str("description")
    }

    /// When the study began: Study Date (0008,0020) and Study Time (0008,0030).
    #[must_use]
    pub fn started(self) -> Option<&'a DateTime> {
        self.0.scalar("started")
    }

    /// The modalities that the study states: `modalityList` of DSTU2 and STU3, `modality` since R4.
    pub fn modalities(self) -> impl Iterator<Item = ConceptRef<'a>> + use<'a> {
        self.all_of(&["modality", "modalityList"])
            .map(ConceptRef::new)
    }

    /// Number of Study Related Series (0020,1206): the count that is stated, not that of
    /// [`series`](Self::series).
    #[must_use]
    pub fn number_of_series(self) -> Option<u32> {
        let number = self.0.scalar::<UnsignedInt>("numberOfSeries");
        number.map(|number| number.get())
    }

    /// Number of Study Related Instances (0020,1208): the count that is stated.
    #[must_use]
    pub fn number_of_instances(self) -> Option<u32> {
        let number = self.0.scalar::<UnsignedInt>("numberOfInstances");
        number.map(|number| number.get())
    }

    /// Where the study was made (since R4).
    #[must_use]
    pub fn location(self) -> Option<ReferenceRef<'a>> {
        self.0.element("location").map(ReferenceRef::new)
    }

    /// Where the images can be fetched; none in DSTU2, which has a `url`.
    pub fn endpoints(self) -> impl Iterator<Item = ReferenceRef<'a>> + use<'a> {
        self.0.elements("endpoint").map(ReferenceRef::new)
    }

    /// Retrieve URL (0008,1190), which DSTU2 has.
    #[must_use]
    pub fn url(self) -> Option<&'a str> {
        self.0.str("url")
    }

    /// The series, in their order.
    pub fn series(self) -> impl Iterator<Item = SeriesRef<'a>> + use<'a> {
        self.0
            .field("series")
            .into_iter()
            .flat_map(|field| field.values())
            .filter_map(|value| value.element().map(SeriesRef::new))
    }

    /// How many series are listed.
    #[must_use]
    pub fn series_count(self) -> usize {
        self.0.field("series").map_or(0, |field| field.len())
    }

    /// The series at an index.
    #[must_use]
    pub fn series_at(self, index: usize) -> Option<SeriesRef<'a>> {
        let series = self.0.field("series")?.get(index)?;
        series.element().map(SeriesRef::new)
    }

    fn first_of(self, names: &[&str]) -> Option<ElementRef<'a>> {
        names.iter().find_map(|name| self.0.element(name))
    }

    fn all_of(
        self,
        names: &'static [&'static str],
    ) -> impl Iterator<Item = ElementRef<'a>> + use<'a> {
        names.iter().flat_map(move |name| self.0.elements(name))
    }
}

/// Hands the accessors of [`StudyRef`] on.
macro_rules! accessors {
    ($($name:ident($($argument:ident: $argument_type:ty)?) -> $result:ty;)+) => {
        impl AnyImagingStudy {
            $(
                #[doc = concat!("See [`StudyRef::", stringify!($name), "`].")]
                pub fn $name(&self $(, $argument: $argument_type)?) -> $result {
                    self.view().$name($($argument)?)
                }
            )+
        }
    };
}
accessors! {
    id() -> Option<&str>;
    identifiers() -> impl Iterator<Item = IdentifierRef<'_>>;
    study_uid() -> StudyUid;
    accession() -> Found<FoundAccession<'_>>;
    status() -> Option<&str>;
    availability() -> Option<&str>;
    subject() -> Option<ReferenceRef<'_>>;
    encounter() -> Option<ReferenceRef<'_>>;
    orders() -> impl Iterator<Item = ReferenceRef<'_>>;
    procedures() -> impl Iterator<Item = ConceptRef<'_>>;
    reasons() -> impl Iterator<Item = ConceptRef<'_>>;
    referrer() -> Option<ReferenceRef<'_>>;
    interpreters() -> impl Iterator<Item = ReferenceRef<'_>>;
    notes() -> impl Iterator<Item = &str>;
    description() -> Option<&str>;
    started() -> Option<&DateTime>;
    modalities() -> impl Iterator<Item = ConceptRef<'_>>;
    number_of_series() -> Option<u32>;
    number_of_instances() -> Option<u32>;
    location() -> Option<ReferenceRef<'_>>;
    endpoints() -> impl Iterator<Item = ReferenceRef<'_>>;
    url() -> Option<&str>;
    series() -> impl Iterator<Item = SeriesRef<'_>>;
    series_count() -> usize;
    series_at(index: usize) -> Option<SeriesRef<'_>>;
}

impl AnyImagingStudy {
    /// The study with the accessors that are the same for every version.
    #[must_use]
    pub fn view(&self) -> StudyRef<'_> {
        StudyRef(self.element())
    }
}
