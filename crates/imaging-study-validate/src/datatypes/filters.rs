//! Filters of data, and what triggers an event.

use imaging_study_core::FhirVersion;

use super::Checked;
use crate::{Rule, rule};

fn filter(mut checked: Checked<'_, '_>, rule: &'static Rule) {
    let holds = checked.has("path") != checked.has("searchParam");
    checked.check(rule, holds);
}

pub(super) fn code_filter(checked: Checked<'_, '_>) {
    filter(checked, &rule::DRQ_1);
}

pub(super) fn date_filter(checked: Checked<'_, '_>) {
    filter(checked, &rule::DRQ_2);
}

pub(super) fn value_filter(checked: Checked<'_, '_>) {
    filter(checked, &rule::DRQ_3);
}

pub(super) fn trigger(mut checked: Checked<'_, '_>) {
    let node = checked.node;
    let (data, timing) = (node.has("data"), node.has_choice("timing"));
    let kind = node.text("type").unwrap_or_default();
    let later = checked.version >= FhirVersion::R6Draft;
    let has_what_it_needs = match &*kind {
        "named-event" => node.has("name") || (later && node.has("code")),
        "periodic" => timing,
        "subscription-topic" if later => node.has("subscriptionTopic"),
        kind if kind.starts_with("data-") => data,
        _ => true,
    };
    checked.check(&rule::TRD_1, !(data && timing));
    checked.check(&rule::TRD_2, !node.has("condition") || data);
    checked.check(&rule::TRD_3, has_what_it_needs);
}
