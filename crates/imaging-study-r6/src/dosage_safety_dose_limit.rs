//! The `DosageSafety.doseLimit` element.

use imaging_study_core::{Code, FhirString, Integer};
use imaging_study_derive::{Choice, Element};

use crate::{Duration, Expression, Extension, Primitive, Quantity};

/// One limit of a dose.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/dosage-definitions.html#DosageSafety.doseLimit>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "DosageSafety.doseLimit")]
pub struct DosageSafetyDoseLimit {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The most that may be taken: a number of doses, an amount, or an expression that gives it.
    #[element(min = 1, choice, summary)]
    pub value: Option<DosageSafetyDoseLimitValue>,
    /// What it limits: `dosage`, `period`, `administration` or `lifetime`.
    #[element(
        min = 1,
        summary,
        required = "http://hl7.org/fhir/ValueSet/dose-limit-scope"
    )]
    pub scope: Primitive<Code>,
    /// The period, where the limit holds for one.
    #[element(summary)]
    pub period: Option<Duration>,
    /// The limit in words.
    #[element(summary)]
    pub text: Primitive<FhirString>,
}

/// What [`DosageSafetyDoseLimit::value`] can hold: `value[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum DosageSafetyDoseLimitValue {
    /// `valueInteger`.
    Integer(Primitive<Integer>),
    /// `valueQuantity`.
    Quantity(Box<Quantity>),
    /// `valueExpression`.
    Expression(Box<Expression>),
}
