#![doc = include_str!("../README.md")]

mod contained;
mod datatypes;
mod endpoint;
mod from_read_error;
mod issue;
mod later;
mod moment;
mod narrative;
mod node;
mod operation_outcome;
mod place;
mod plan;
mod profile;
mod quick;
mod reference;
mod repair;
mod rule;
mod study;
mod validate;
mod walk;

pub use from_read_error::{issue_of_read_error, issue_of_unknown_element};
pub use issue::{Issue, IssueCode, Severity};
pub use operation_outcome::{
    OperationOutcome, OutcomeCoding, OutcomeDetails, OutcomeExtension, OutcomeIssue,
};
pub use profile::{MADO, Profile, ProfileRule, profile_named};
pub use repair::{Change, RepairKind, Repaired, repair, repair_json};
pub use rule::{Check, RULES, Rule, RuleGroup};
pub use validate::{Validate, Validator};
