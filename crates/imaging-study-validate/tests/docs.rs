//! `docs/validation.md` shows the table of rules as it is.

use std::fs;
use std::path::Path;

use imaging_study_core::FhirVersion;
use imaging_study_validate::{Check, RULES, Rule, RuleGroup};

fn versions(rule: &Rule) -> String {
    let all = FhirVersion::ALL;
    let names: Vec<&str> = all
        .iter()
        .filter(|version| rule.is_in(**version))
        .map(|version| version.name())
        .collect();
    match (names.as_slice(), all.len()) {
        (names, count) if names.len() == count => "all".to_owned(),
        // A run of versions up to the newest one.
        ([first, .., "R6"], count)
            if names.len()
                == count - all.iter().position(|one| one.name() == *first).unwrap_or(0) =>
        {
            format!("since {first}")
        }
        (names, _) => names.join(", "),
    }
}

fn row(rule: &Rule) -> String {
    let check = match rule.check {
        Check::Always => "",
        Check::OnRequest => "; on request",
        Check::Reader => "; by reading",
        Check::Never(_) => "; not checked",
        _ => "; ?",
    };
    let (severity, code) = (rule.severity, rule.code);
    format!(
        "| `{}` | {severity}{check} | `{code}` | {} | {} |",
        rule.key,
        versions(rule),
        rule.meaning
    )
}

#[test]
fn the_tables_of_the_documentation_are_those_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/validation.md");
    let text = fs::read_to_string(path).expect("the documentation");
    for group in [
        RuleGroup::Reading,
        RuleGroup::Structure,
        RuleGroup::Invariant,
        RuleGroup::Imaging,
    ] {
        let rules = RULES.iter().filter(|rule| rule.group == group);
        let rows: Vec<String> = rules.map(|rule| row(rule)).collect();
        let table = rows.join("\n");
        assert!(text.contains(&table), "{group:?}, expected:\n{table}");
    }
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    assert_eq!(
        rows.count(),
        RULES.len(),
        "a row for each rule and no other"
    );
    for rule in RULES {
        if let Check::Never(reason) = rule.check {
            assert!(
                text.contains(reason),
                "{} is not checked: {reason}",
                rule.key
            );
        }
    }
}
