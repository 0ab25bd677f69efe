//! Timings and dosages.

use imaging_study_core::Decimal;

use super::Checked;
use crate::rule;

/// Whether a number is not below zero; what is no number is not for this rule.
fn is_not_negative(checked: &Checked<'_, '_>, name: &str) -> bool {
    let value = checked.node.text(name);
    let number = value.and_then(|value| value.parse::<Decimal>().ok());
    number.is_none_or(|number| number.numeric_cmp(&Decimal::from(0)).is_ge())
}

pub(super) fn repeat(mut checked: Checked<'_, '_>) {
    let node = checked.node;
    let has = |name| node.has(name);
    // DSTU2 names the units in the plural.
    let unit = |name: &str| node.has(name) || node.has(&format!("{name}s"));
    let events = node.texts("when");
    let meals = ["C", "CM", "CD", "CV"];
    let meal = events.iter().any(|event| meals.contains(&event.as_ref()));
    let often = || {
        let frequency = node.text("frequency");
        let frequency = frequency.and_then(|frequency| frequency.parse::<u32>().ok());
        frequency.is_some_and(|frequency| frequency > 1) && has("period")
    };
    checked.check(&rule::TIM_1, !has("duration") || unit("durationUnit"));
    checked.check(&rule::TIM_2, !has("period") || unit("periodUnit"));
    checked.check(
        &rule::TIM_3,
        !has("when") || !(has("period") || has("frequency")),
    );
    let (duration, period) = (
        is_not_negative(&checked, "duration"),
        is_not_negative(&checked, "period"),
    );
    checked.check(&rule::TIM_4, duration);
    checked.check(&rule::TIM_5, period);
    checked.check(&rule::TIM_6, !has("periodMax") || has("period"));
    checked.check(&rule::TIM_7, !has("durationMax") || has("duration"));
    checked.check(&rule::TIM_8, !has("countMax") || has("count"));
    checked.check(&rule::TIM_9, !has("offset") || (has("when") && !meal));
    checked.check(&rule::TIM_10, !has("timeOfDay") || !has("when"));
    checked.check(&rule::TIM_11, !has("startOffset") || often());
    checked.check(&rule::TIM_12, !has("endOffset") || often());
}

pub(super) fn dosage(mut checked: Checked<'_, '_>) {
    let as_needed = checked.node.text("asNeeded");
    let holds = !checked.has("asNeededFor") || as_needed.is_none_or(|needed| needed == "true");
    checked.check(&rule::DOS_1, holds);
}

pub(super) fn available_time(mut checked: Checked<'_, '_>) {
    let all_day = checked.node.text("allDay").is_some_and(|all| all == "true");
    let times = checked.has("availableStartTime") || checked.has("availableEndTime");
    checked.check(&rule::AV_1, !(all_day && times));
}
