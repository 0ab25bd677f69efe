//! Every mutation of a valid study that `fixtures/validate/mutations` names is found, at the right
//! place, with no error besides those that it entails.

use std::fs;
use std::path::{Path, PathBuf};

use imaging_study_any::AnyImagingStudy;
use imaging_study_core::FhirVersion;
use imaging_study_validate::{Severity, Validate, issue_of_read_error};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/validate/mutations")
}

/// The errors of a study: key and place.
fn errors(study: &Value, version: FhirVersion) -> Vec<String> {
    let text = study.to_string();
    let read = AnyImagingStudy::from_json(text.as_bytes(), version, &mut Default::default());
    let issues = match read {
        Ok(decoded) => decoded.value.validate(),
        Err(error) => vec![issue_of_read_error(&error, version)],
    };
    let errors = issues
        .iter()
        .filter(|issue| issue.severity == Severity::Error);
    errors
        .map(|issue| format!("{} {}", issue.rule, issue.expression))
        .collect()
}

fn mutate(study: &mut Value, action: &str, pointer: &str, value: &str) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = study.pointer_mut(parent).expect("an element to mutate");
    let value = || serde_json::from_str::<Value>(value).expect("JSON");
    match (action, parent) {
        ("delete", Value::Object(members)) => {
            members.remove(name).expect("an element to delete");
        }
        ("delete", Value::Array(entries)) => {
            entries.remove(name.parse().expect("an index"));
        }
        ("set", Value::Object(members)) => {
            members.insert(name.to_owned(), value());
        }
        ("set", Value::Array(entries)) => {
            let index: usize = name.parse().expect("an index");
            entries[index] = value();
        }
        ("copy", Value::Array(entries)) => {
            let index: usize = name.parse().expect("an index");
            entries.push(entries[index].clone());
        }
        _ => panic!("{action} {pointer}"),
    }
}

#[test]
fn mutations_are_found_where_they_are() {
    let mut count = 0;
    for (name, version) in [("r4", FhirVersion::R4), ("r6", FhirVersion::R6)] {
        let study = fs::read_to_string(folder().join(format!("{name}.json"))).expect("a study");
        let study: Value = serde_json::from_str(&study).expect("JSON");
        assert_eq!(errors(&study, version), Vec::<String>::new(), "{name}");
        let table = folder().join(format!("{name}.tsv"));
        let rows = fs::read_to_string(&table).expect("a table");
        let mut found_rows = String::new();
        for row in rows.lines() {
            let columns: Vec<&str> = row.split('\t').collect();
            let [title, action, pointer, value, ..] = columns[..] else {
                panic!("{row}");
            };
            let mut mutated = study.clone();
            mutate(&mut mutated, action, pointer, value);
            let found = errors(&mutated, version);
            assert!(!found.is_empty(), "{name}: {title} is not found");
            let found = found.join(", ");
            found_rows.push_str(&[title, action, pointer, value, &found].join("\t"));
            found_rows.push('\n');
            count += 1;
        }
        assert!(rows == found_rows, "{name}, expected:\n{found_rows}");
    }
    assert!(count > 200, "{count}");
}
