//! The invariants of the data types.

mod filters;
mod quantities;
mod small;
mod timing;

use imaging_study_core::FhirVersion;

use crate::Rule;
use crate::node::Node;
use crate::place::{Place, Report};

/// An element whose invariants are checked.
pub(crate) struct Checked<'c, 'a> {
    pub(crate) node: Node<'a>,
    pub(crate) version: FhirVersion,
    pub(crate) place: &'c Place<'c>,
    pub(crate) report: &'c mut Report,
}

impl Checked<'_, '_> {
    /// Whether the version has a rule, and the element breaks it.
    fn check(&mut self, rule: &'static Rule, holds: bool) {
        if !holds && rule.is_in(self.version) {
            self.report.add(rule, self.place, rule.meaning);
        }
    }

    fn has(&self, name: &str) -> bool {
        self.node.has(name)
    }
}

/// The rules of a type, if it has any besides those of every element.
pub(crate) type TypeRules = fn(Checked<'_, '_>);

/// The rules of a type by its name or path, if the version has one of them.
pub(crate) fn rules_of(name: &str, version: FhirVersion) -> Option<TypeRules> {
    let since = match name {
        "Coding" | "Identifier" | "Dosage" => FhirVersion::R5,
        "RelatedArtifact" => FhirVersion::R6Draft,
        _ => FhirVersion::Dstu2,
    };
    if version < since {
        return None;
    }
    Some(match name {
        "Quantity" | "SimpleQuantity" => quantities::quantity,
        "Age" => quantities::age,
        "Count" => quantities::count,
        "Distance" => quantities::distance,
        "Duration" => quantities::duration,
        "Money" => quantities::money,
        "Range" => quantities::range,
        "Ratio" => quantities::ratio,
        "RatioRange" => quantities::ratio_range,
        "SampledData" => quantities::sampled_data,
        "Timing.repeat" => timing::repeat,
        "Dosage" => timing::dosage,
        "Availability.availableTime" => timing::available_time,
        "Period" => small::period,
        "Attachment" => small::attachment,
        "ContactPoint" => small::contact_point,
        "Coding" => small::coding,
        "Identifier" => small::identifier,
        "Expression" => small::expression,
        "RelatedArtifact" => small::related_artifact,
        "DataRequirement.codeFilter" => filters::code_filter,
        "DataRequirement.dateFilter" => filters::date_filter,
        "DataRequirement.valueFilter" => filters::value_filter,
        "TriggerDefinition" => filters::trigger,
        _ => return None,
    })
}
