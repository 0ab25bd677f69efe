//! Quantities, and what is made of them.

use std::cmp::Ordering;

use imaging_study_core::{Decimal, FhirVersion};

use super::Checked;
use crate::node::Node;
use crate::rule;

const UCUM: &str = "http://unitsofmeasure.org";
const CURRENCIES: &str = "urn:iso:std:iso:4217";

fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (one, other): (Decimal, Decimal) = (one.parse().ok()?, other.parse().ok()?);
    Some(one.numeric_cmp(&other))
}

/// What is the same for every kind of quantity.
pub(super) fn quantity(mut checked: Checked<'_, '_>) {
    common(&mut checked);
}

fn common(checked: &mut Checked<'_, '_>) {
    let coded = checked.has("code");
    let holds = !coded || checked.has("system");
    checked.check(&rule::QTY_3, holds);
    if coded && rule::QTY_4.is_in(checked.version) {
        let code = checked.node.text("code").unwrap_or_default();
        let annotated = code
            .split_once('{')
            .is_some_and(|(_, behind)| behind.contains('}'));
        checked.check(&rule::QTY_4, !annotated);
    }
}

/// Whether a value has a code, and a system, if there is one, is the one of its units.
fn is_coded(checked: &Checked<'_, '_>, units: &str) -> bool {
    let node = checked.node;
    (node.has("code") || !node.has("value")) && has_system_or_none(node, units)
}

fn has_system_or_none(node: Node<'_>, units: &str) -> bool {
    !node.has("system") || node.text("system").is_some_and(|system| system == units)
}

pub(super) fn age(mut checked: Checked<'_, '_>) {
    common(&mut checked);
    let positive = match checked.node.text("value") {
        None => true,
        Some(value) => compare(&value, "0") == Some(Ordering::Greater),
    };
    let holds = is_coded(&checked, UCUM) && positive;
    checked.check(&rule::AGE_1, holds);
}

pub(super) fn count(mut checked: Checked<'_, '_>) {
    common(&mut checked);
    let node = checked.node;
    let one = !node.has("code") || node.text("code").is_some_and(|code| code == "1");
    let whole = node.text("value").is_none_or(|value| {
        let negative = value.starts_with('-');
        !value.contains('.') && (!negative || checked.version < FhirVersion::R6Draft)
    });
    let holds = is_coded(&checked, UCUM) && one && whole;
    checked.check(&rule::CNT_3, holds);
}

pub(super) fn distance(mut checked: Checked<'_, '_>) {
    common(&mut checked);
    let holds = is_coded(&checked, UCUM);
    checked.check(&rule::DIS_1, holds);
}

/// The direction of the rule changed with nearly every version.
pub(super) fn duration(mut checked: Checked<'_, '_>) {
    common(&mut checked);
    let node = checked.node;
    let ucum = node.text("system").is_some_and(|system| system == UCUM);
    let holds = match checked.version {
        FhirVersion::Stu3 | FhirVersion::R4 | FhirVersion::R5 => {
            !node.has("code") || (ucum && node.has("value"))
        }
        _ => !node.has("value") || (ucum && node.has("code")),
    };
    checked.check(&rule::DRT_1, holds);
}

/// In STU3, money is a quantity.
pub(super) fn money(mut checked: Checked<'_, '_>) {
    if checked.version == FhirVersion::Stu3 {
        common(&mut checked);
        let holds = is_coded(&checked, CURRENCIES);
        checked.check(&rule::MNY_1, holds);
    }
}

/// Whether one quantity may be above another one: both have values, and the same unit.
fn is_ordered(low: Option<Node<'_>>, high: Option<Node<'_>>) -> bool {
    let (Some(low), Some(high)) = (low, high) else {
        return true;
    };
    let same = |name| low.text(name) == high.text(name);
    let coded = low.has("code") || high.has("code");
    let comparable = if coded {
        same("code") && same("system")
    } else {
        same("unit")
    };
    match (low.text("value"), high.text("value")) {
        (Some(low), Some(high)) if comparable => compare(&low, &high) != Some(Ordering::Greater),
        _ => true,
    }
}

pub(super) fn range(mut checked: Checked<'_, '_>) {
    let node = checked.node;
    let holds = is_ordered(node.child("low"), node.child("high"));
    checked.check(&rule::RNG_2, holds);
}

pub(super) fn ratio(mut checked: Checked<'_, '_>) {
    let (numerator, denominator) = (checked.has("numerator"), checked.has("denominator"));
    let holds = numerator == denominator && (numerator || checked.has("extension"));
    checked.check(&rule::RAT_1, holds);
}

pub(super) fn ratio_range(mut checked: Checked<'_, '_>) {
    let node = checked.node;
    let numerator = node.has("lowNumerator") || node.has("highNumerator");
    let denominator = node.has("denominator");
    let holds = numerator == denominator && (numerator || node.has("extension"));
    let ordered = is_ordered(node.child("lowNumerator"), node.child("highNumerator"));
    checked.check(&rule::INV_1, holds);
    checked.check(&rule::INV_2, ordered);
    checked.check(&rule::RATRNG_1, holds);
    checked.check(&rule::RATRNG_2, ordered);
}

pub(super) fn sampled_data(mut checked: Checked<'_, '_>) {
    let (interval, offsets) = (checked.has("interval"), checked.has("offsets"));
    let holds = match checked.version {
        FhirVersion::R5 => interval != offsets,
        _ => interval || offsets,
    };
    checked.check(&rule::SDD_1, holds);
}
