//! The `DataRequirement` data type.

use imaging_study_core::{Canonical, FhirString, PositiveInt};
use imaging_study_derive::{Choice, Element};

use crate::{
    AllTypes, CodeableConcept, DataRequirementCodeFilter, DataRequirementDateFilter,
    DataRequirementSort, Extension, Primitive, Reference,
};

/// The data that a knowledge artefact needs: of which type, which elements, and filtered how.
///
/// FHIR R4: <https://hl7.org/fhir/R4/metadatatypes.html#DataRequirement>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "DataRequirement")]
pub struct DataRequirement {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The type of the data needed.
    #[element(min = 1, summary)]
    pub type_: Primitive<AllTypes>,
    /// The profiles that the data must conform to.
    #[element(targets = "StructureDefinition", summary)]
    pub profile: Vec<Primitive<Canonical>>,
    /// What the data are about; a patient where nothing is said.
    #[element(
        choice,
        targets = "Group",
        summary,
        extensible = "http://hl7.org/fhir/ValueSet/subject-type"
    )]
    pub subject: Option<DataRequirementSubject>,
    /// The paths of the elements that the consumer uses.
    #[element(summary)]
    pub must_support: Vec<Primitive<FhirString>>,
    /// Filters on coded elements; data must pass all of them.
    #[element(summary)]
    pub code_filter: Vec<DataRequirementCodeFilter>,
    /// Filters on dates; data must pass all of them.
    #[element(summary)]
    pub date_filter: Vec<DataRequirementDateFilter>,
    /// The greatest number of results that is needed.
    #[element(summary)]
    pub limit: Primitive<PositiveInt>,
    /// The order of the results, the first entry weighing most.
    #[element(summary)]
    pub sort: Vec<DataRequirementSort>,
}

/// What [`DataRequirement::subject`] can hold: `subject[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum DataRequirementSubject {
    /// `subjectCodeableConcept`.
    CodeableConcept(Box<CodeableConcept>),
    /// `subjectReference`.
    Reference(Box<Reference>),
}
