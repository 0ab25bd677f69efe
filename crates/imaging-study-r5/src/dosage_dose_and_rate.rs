//! The `Dosage.doseAndRate` element.

use imaging_study_core::FhirString;
use imaging_study_derive::{Choice, Element};

use crate::{CodeableConcept, Extension, Quantity, Range, Ratio};

/// The amount of one dose, and how fast it is given.
///
/// FHIR R5: <https://hl7.org/fhir/R5/dosage-definitions.html#Dosage.doseAndRate>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Dosage.doseAndRate")]
pub struct DosageDoseAndRate {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The kind of dose or rate, e.g. ordered or calculated.
    #[element(
        summary,
        example = "http://terminology.hl7.org/ValueSet/dose-rate-type"
    )]
    pub type_: Option<CodeableConcept>,
    /// The amount in one dose.
    #[element(choice, summary)]
    pub dose: Option<DosageDoseAndRateDose>,
    /// The amount in a unit of time.
    #[element(choice, summary)]
    pub rate: Option<DosageDoseAndRateRate>,
}

/// What [`DosageDoseAndRate::dose`] can hold: `dose[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum DosageDoseAndRateDose {
    /// `doseRange`.
    Range(Box<Range>),
    /// `doseQuantity`.
    Quantity(Box<Quantity>),
}

/// What [`DosageDoseAndRate::rate`] can hold: `rate[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum DosageDoseAndRateRate {
    /// `rateRatio`.
    Ratio(Box<Ratio>),
    /// `rateRange`.
    Range(Box<Range>),
    /// `rateQuantity`.
    Quantity(Box<Quantity>),
}
