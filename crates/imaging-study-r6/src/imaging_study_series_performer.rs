//! The `ImagingStudy.series.performer` element.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{CodeableConcept, Extension, Reference};

/// Someone or something that took part in making a series, and in what role.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/imagingstudy-definitions.html#ImagingStudy.series.performer>
///
/// ```
/// use imaging_study_r6::{ImagingStudySeriesPerformer, Reference};
///
/// let performer = ImagingStudySeriesPerformer {
///     actor: Some(Reference {
///         display: "Dr Ada Example".parse()?,
///         ..Default::default()
///     }),
///     ..Default::default()
/// };
/// assert!(performer.function.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "ImagingStudy.series.performer")]
pub struct ImagingStudySeriesPerformer {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Extensions that change the meaning of what holds them; whoever does not know one of them
    /// must not use the element.
    #[element(modifier, summary)]
    pub modifier_extension: Vec<Extension>,
    /// The part that the actor had, e.g. `PRF` (performer) or `SPRF` (secondary performer).
    #[element(
        summary,
        extensible = "http://hl7.org/fhir/ValueSet/series-performer-function"
    )]
    pub function: Option<CodeableConcept>,
    /// Who or what it was: Performing Physician `(0008,1050)`, `(0008,1052)` or Operator
    /// `(0008,1070)`, `(0008,1072)`.
    #[element(
        min = 1,
        targets = "CareTeam Device HealthcareService Organization Patient Practitioner PractitionerRole RelatedPerson",
        summary
    )]
    pub actor: Option<Reference>,
}
