//! The invariants of the standard's tables, compared with the rules in both directions: each key is
//! a rule, checked or not with its reason, and no rule is said to be the standard's that is not.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use imaging_study_core::FhirVersion;
use imaging_study_validate::{RULES, RuleGroup, Severity};

/// The invariants of a version, with their severities.
fn table(version: FhirVersion) -> BTreeMap<String, Severity> {
    let name = match version {
        FhirVersion::Dstu2 => "dstu2",
        FhirVersion::Stu3 => "stu3",
        FhirVersion::R4 => "r4",
        FhirVersion::R4B => "r4b",
        FhirVersion::R5 => "r5",
        FhirVersion::R6Draft => "r6-draft",
        FhirVersion::R6 => "r6",
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/spec");
    let text = fs::read_to_string(root.join(format!("{name}.constraints"))).expect("the table");
    let lines = text.lines().map(|line| {
        let mut columns = line.split('\t');
        let key = columns.next().expect("a key");
        let severity = match columns.next() {
            Some("error") => Severity::Error,
            Some("warning") => Severity::Warning,
            other => panic!("{key}: {other:?}"),
        };
        (key.to_owned(), severity)
    });
    lines.collect()
}

const PROFILE: &str = "a profile of Quantity, and nothing that ImagingStudy reaches names it";
const WARNING: &str = "asked of the versions before as a warning";
const OFFSETS: &str = "a constraint of elements that the types of the draft do not have yet";

/// Where the rules and a table differ, and why.
const KNOWN: [(FhirVersion, &str, &str); 11] = [
    (FhirVersion::Dstu2, "age-1", PROFILE),
    (FhirVersion::Dstu2, "dis-1", PROFILE),
    (FhirVersion::Dstu2, "drt-1", PROFILE),
    (FhirVersion::Dstu2, "ext-1", WARNING),
    (FhirVersion::Dstu2, "mny-1", PROFILE),
    (FhirVersion::Dstu2, "ref-2", WARNING),
    (FhirVersion::Stu3, "ref-2", WARNING),
    (FhirVersion::R4, "ref-2", WARNING),
    (FhirVersion::R4B, "ref-2", WARNING),
    (FhirVersion::R6Draft, "tim-11", OFFSETS),
    (FhirVersion::R6Draft, "tim-12", OFFSETS),
];

#[test]
fn each_key_of_the_standard_is_a_rule_and_each_invariant_is_the_standard_s() {
    let mut different = Vec::new();
    for version in FhirVersion::ALL {
        let table = table(version);
        assert!(table.len() > 20, "{version}");
        for (key, severity) in &table {
            let rule = RULES.iter().find(|rule| rule.key == key);
            let rule = rule.unwrap_or_else(|| panic!("{key} of {version} is no rule"));
            assert_eq!(rule.severity, *severity, "{key} of {version}");
            if !rule.is_in(version) {
                different.push((version, rule.key));
            }
        }
        let invariants = RULES
            .iter()
            .filter(|rule| rule.group == RuleGroup::Invariant && rule.is_in(version));
        let own = invariants.filter(|rule| !table.contains_key(rule.key));
        different.extend(own.map(|rule| (version, rule.key)));
    }
    let known: Vec<_> = KNOWN
        .iter()
        .map(|(version, key, _)| (*version, *key))
        .collect();
    different.sort_unstable();
    assert_eq!(different, known);
}
