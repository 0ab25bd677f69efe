//! Every file of `fixtures/validate` has the issues that the table beside it lists, and every rule
//! has files that keep to it and files that break it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use imaging_study_any::AnyImagingStudy;
use imaging_study_core::FhirVersion;
use imaging_study_validate::{Check, Issue, RULES, Validate, Validator, issue_of_read_error};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/validate")
}

fn name(version: FhirVersion) -> String {
    version.name().to_lowercase().replace(' ', "-")
}

/// The key of a file `fail-ist-1-2.json`: the longest that a rule has.
fn key(stem: &str) -> Option<&'static str> {
    let keys = RULES.iter().map(|rule| rule.key);
    let named = keys.filter(|key| {
        let rest = stem.strip_prefix(key);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    });
    named.max_by_key(|key| key.len())
}

fn issues(bytes: &[u8], version: FhirVersion, key: &str) -> Vec<Issue> {
    let mut validator = Validator::default();
    validator.extensible = key == "extensible";
    validator.narrative = key == "dom-6";
    match AnyImagingStudy::from_json(bytes, version, &mut Default::default()) {
        Ok(decoded) => decoded.value.validate_with(&validator),
        Err(error) => vec![issue_of_read_error(&error, version)],
    }
}

fn row(file: &str, issue: &Issue) -> String {
    let repairable = if issue.repairable { "repairable" } else { "" };
    let (severity, rule) = (issue.severity, &issue.rule);
    format!(
        "{file}\t{severity}\t{rule}\t{}\t{repairable}",
        issue.expression
    )
    .trim_end()
    .to_owned()
}

#[test]
fn files_have_the_issues_of_the_table() {
    let mut covered: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for version in FhirVersion::ALL {
        let folder = folder().join(name(version));
        let mut rows = Vec::new();
        let entries = fs::read_dir(&folder).expect("a folder of each version");
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
        files.sort();
        for path in files {
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let file = path.file_stem().expect("a name").to_string_lossy();
            let (kind, stem) = file.split_once('-').expect("pass- or fail-");
            let key = key(stem).unwrap_or_else(|| panic!("{file} names no rule"));
            let rule = RULES.iter().find(|rule| rule.key == key).expect("a rule");
            let bytes = fs::read(&path).expect("readable");
            let found = issues(&bytes, version, key);
            let other = found.iter().find(|issue| issue.rule != key);
            match kind {
                "pass" => {
                    assert!(found.is_empty(), "{version} {file}: {found:?}");
                    covered.entry(key).or_default().insert("pass");
                }
                "fail" => {
                    assert!(!found.is_empty(), "{version} {file} breaks no rule");
                    let entailed = other
                        .is_none_or(|other| file.ends_with(&format!("-entails-{}", other.rule)));
                    assert!(entailed, "{version} {file}: {other:?}");
                    assert!(
                        rule.is_in(version) || key == "ext-1",
                        "{version} {file}: not a rule of the version"
                    );
                    covered.entry(key).or_default().insert("fail");
                }
                _ => panic!("{file} is neither pass- nor fail-"),
            }
            rows.extend(found.iter().map(|issue| row(&file, issue)));
        }
        let expected = fs::read_to_string(folder.join("issues.tsv")).unwrap_or_default();
        let found = rows.join("\n") + "\n";
        assert!(
            found == expected,
            "{version}, expected issues.tsv:\n{found}"
        );
    }
    for rule in RULES {
        // No file nests so deeply, and an issue about what is there needs no passing twin.
        if rule.key == "depth" || matches!(rule.check, Check::Never(_)) {
            continue;
        }
        let kinds = covered.get(rule.key);
        assert_eq!(
            kinds.map_or(0, BTreeSet::len),
            2,
            "{} needs a passing and a failing file",
            rule.key
        );
    }
}

#[test]
fn the_rules_of_r6_can_be_asked_of_older_studies() {
    let mut validator = Validator::default();
    validator.later_rules = true;
    for version in [FhirVersion::Dstu2, FhirVersion::R4, FhirVersion::R5] {
        let file = folder().join(name(version)).join("pass-count.json");
        let bytes = fs::read(file).expect("readable");
        let study = AnyImagingStudy::from_json(&bytes, version, &mut Default::default());
        let found = study.expect("a study").value.validate_with(&validator);
        let found: Vec<String> = found
            .iter()
            .map(|issue| format!("{} {}", issue.severity, issue.rule))
            .collect();
        let mut expected = vec!["warning ist-3", "warning ist-4"];
        if version == FhirVersion::Dstu2 {
            expected.push("warning ist-5");
        }
        assert_eq!(found, expected, "{version}");
    }
}
