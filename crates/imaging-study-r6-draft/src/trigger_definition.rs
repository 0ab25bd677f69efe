//! The `TriggerDefinition` data type.

use imaging_study_core::{Canonical, Date, DateTime, FhirString};
use imaging_study_derive::{Choice, Element};

use crate::{
    CodeableConcept, DataRequirement, Expression, Extension, Primitive, Reference, Timing,
    TriggerType,
};

/// An event that starts something: a named event, a point in time, or a change of data.
///
/// Timing excludes data, and a condition needs data.
///
/// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/metadatatypes.html#TriggerDefinition>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "TriggerDefinition")]
pub struct TriggerDefinition {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The kind of event.
    #[element(min = 1, summary)]
    pub type_: Primitive<TriggerType>,
    /// The name of a named event.
    #[element(summary)]
    pub name: Primitive<FhirString>,
    /// What kind of event it is, as a code.
    #[element(summary)]
    pub code: Option<CodeableConcept>,
    /// The subscription topic that defines the event.
    #[element(targets = "SubscriptionTopic", summary)]
    pub subscription_topic: Primitive<Canonical>,
    /// When a timed event happens.
    #[element(choice, targets = "Schedule", summary)]
    pub timing: Option<TriggerDefinitionTiming>,
    /// The data whose change or reading is the event; all of the requirements must be met.
    #[element(summary)]
    pub data: Vec<DataRequirement>,
    /// A boolean expression that must hold for the event to start anything.
    #[element(summary)]
    pub condition: Option<Expression>,
}

/// What [`TriggerDefinition::timing`] can hold: `timing[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum TriggerDefinitionTiming {
    /// `timingTiming`.
    Timing(Box<Timing>),
    /// `timingReference`.
    Reference(Box<Reference>),
    /// `timingDate`.
    Date(Primitive<Date>),
    /// `timingDateTime`.
    DateTime(Primitive<DateTime>),
}
