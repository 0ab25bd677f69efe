//! What is said of a part of a study is said of the whole too.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use imaging_study_any::AnyImagingStudy;
use imaging_study_core::FhirVersion;
use imaging_study_validate::{Issue, Validate, Validator};
use serde_json::Value;

fn read(text: &str, version: FhirVersion) -> Option<AnyImagingStudy> {
    let read = AnyImagingStudy::from_json(text.as_bytes(), version, &mut Default::default());
    read.ok().map(|decoded| decoded.value)
}

fn places(issues: &[Issue]) -> BTreeSet<(&str, &str)> {
    let places = issues.iter();
    places
        .map(|issue| (&*issue.rule, issue.path.as_str()))
        .collect()
}

/// The places of the members that hold no list and no object.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let at = format!("{at}/{name}");
                if !member.is_object() && !member.is_array() && name != "resourceType" {
                    found.push(at.clone());
                }
                leaves(member, &at, found);
            }
        }
        Value::Array(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                leaves(entry, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn what_is_missing_makes_no_issue_of_a_part() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/validate");
    let (mut parts, mut kept) = (0, 0);
    for version in FhirVersion::ALL {
        let folder = folder.join(version.name().to_lowercase().replace(' ', "-"));
        for entry in fs::read_dir(folder).expect("a folder of each version") {
            let path = entry.expect("a file").path();
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("readable");
            let Some(whole) = read(&text, version) else {
                continue;
            };
            let whole = whole.validate();
            let tree: Value = serde_json::from_str(&text).expect("JSON");
            let mut found = Vec::new();
            leaves(&tree, "", &mut found);
            for leaf in found {
                let mut part = tree.clone();
                let (parent, name) = leaf.rsplit_once('/').expect("a member");
                let parent = part.pointer_mut(parent).and_then(Value::as_object_mut);
                parent.expect("an object").remove(name);
                let Some(part) = read(&part.to_string(), version) else {
                    continue;
                };
                let part = Validator::default().validate_part(&part);
                let (of_part, of_whole) = (places(&part), places(&whole));
                let made: Vec<_> = of_part.difference(&of_whole).collect();
                assert!(
                    made.is_empty(),
                    "{}: without {leaf} {made:?}",
                    path.display()
                );
                parts += 1;
                kept += usize::from(!part.is_empty());
            }
        }
    }
    assert!(
        parts > 5_000 && kept > 500,
        "{parts} parts, {kept} with issues"
    );
}

#[test]
fn what_stays_wrong_is_said_beside_what_cannot_be_read() {
    let text = r#"{"resourceType": "ImagingStudy", "status": "available",
        "subject": {"reference": "Practitioner/p"}, "started": "yesterday",
        "series": [{"uid": "x y", "number": -1, "modality": {"code": "CT"}}]}"#;
    let version = FhirVersion::R4;
    let collected =
        AnyImagingStudy::collect_json(text.as_bytes(), version, &mut Default::default());
    assert_eq!(collected.errors.len(), 2);
    let issues = Validator::default().validate_part(&collected.value);
    let found: Vec<_> = issues
        .iter()
        .map(|issue| format!("{} {}", issue.rule, issue.path))
        .collect();
    assert_eq!(
        found,
        [
            "target ImagingStudy.subject",
            "lexical ImagingStudy.series[0].uid"
        ]
    );
}
