//! The `UsageContext` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::{Choice, Element};

use crate::{CodeableConcept, Coding, Extension, Quantity, Range, Reference};

/// A clinical, administrative or jurisdictional setting that content is meant for.
///
/// FHIR R5: <https://hl7.org/fhir/R5/metadatatypes.html#UsageContext>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "UsageContext")]
pub struct UsageContext {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// What the value speaks of, e.g. age group or clinical setting.
    #[element(
        min = 1,
        summary,
        extensible = "http://terminology.hl7.org/ValueSet/usage-context-type"
    )]
    pub code: Option<Coding>,
    /// The setting itself.
    #[element(
        min = 1,
        choice,
        targets = "PlanDefinition ResearchStudy InsurancePlan HealthcareService Group Location Organization",
        summary,
        example = "http://hl7.org/fhir/ValueSet/use-context"
    )]
    pub value: Option<UsageContextValue>,
}

/// What [`UsageContext::value`] can hold: `value[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum UsageContextValue {
    /// `valueCodeableConcept`.
    CodeableConcept(Box<CodeableConcept>),
    /// `valueQuantity`.
    Quantity(Box<Quantity>),
    /// `valueRange`.
    Range(Box<Range>),
    /// `valueReference`.
    Reference(Box<Reference>),
}
