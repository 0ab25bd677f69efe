//! The `Dosage` data type.

use imaging_study_core::{FhirString, Integer};
use imaging_study_derive::{Choice, Element};

use crate::{CodeableConcept, DosageDoseAndRate, Extension, Primitive, Quantity, Ratio, Timing};

/// How a medication is or was taken or given: how much, when, where and by which route.
///
/// FHIR R4B: <https://hl7.org/fhir/R4B/dosage.html#Dosage>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Dosage")]
pub struct Dosage {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Extensions that change the meaning of what holds them; whoever does not know one of them
    /// must not use the element.
    #[element(modifier, summary)]
    pub modifier_extension: Vec<Extension>,
    /// The place of the instruction among the others: in order, or at once where two are equal.
    #[element(summary)]
    pub sequence: Primitive<Integer>,
    /// The whole instruction in words.
    #[element(summary)]
    pub text: Primitive<FhirString>,
    /// Supplementary instructions or warnings, such as "with meals".
    #[element(
        summary,
        example = "http://hl7.org/fhir/ValueSet/additional-instruction-codes"
    )]
    pub additional_instruction: Vec<CodeableConcept>,
    /// The instruction in words that the patient understands.
    #[element(summary)]
    pub patient_instruction: Primitive<FhirString>,
    /// When the medication is taken.
    #[element(summary)]
    pub timing: Option<Timing>,
    /// Whether it is taken only when needed, or the reason for which it is.
    #[element(
        choice,
        summary,
        example = "http://hl7.org/fhir/ValueSet/medication-as-needed-reason"
    )]
    pub as_needed: Option<DosageAsNeeded>,
    /// The site of the body where it enters.
    #[element(summary, example = "http://hl7.org/fhir/ValueSet/approach-site-codes")]
    pub site: Option<CodeableConcept>,
    /// The way by which it enters the body.
    #[element(summary, example = "http://hl7.org/fhir/ValueSet/route-codes")]
    pub route: Option<CodeableConcept>,
    /// The technique by which it is given.
    #[element(
        summary,
        example = "http://hl7.org/fhir/ValueSet/administration-method-codes"
    )]
    pub method: Option<CodeableConcept>,
    /// The amounts and rates, e.g. one ordered and one calculated.
    #[element(summary)]
    pub dose_and_rate: Vec<DosageDoseAndRate>,
    /// The most that may be taken in a period.
    #[element(summary)]
    pub max_dose_per_period: Option<Ratio>,
    /// The most that may be taken at once.
    #[element(summary)]
    pub max_dose_per_administration: Option<Quantity>,
    /// The most that may be taken in a lifetime.
    #[element(summary)]
    pub max_dose_per_lifetime: Option<Quantity>,
}

/// What [`Dosage::as_needed`] can hold: `asNeeded[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum DosageAsNeeded {
    /// `asNeededBoolean`.
    Boolean(Primitive<bool>),
    /// `asNeededCodeableConcept`.
    CodeableConcept(Box<CodeableConcept>),
}
