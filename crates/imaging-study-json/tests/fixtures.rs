//! Every file of `fixtures/<version>/`: valid ones come back as they were, invalid ones are refused
//! for the reason that `fixtures/invalid.tsv` gives.

mod common;

use std::collections::BTreeSet;
use std::fs;

use imaging_study_core::{Choice, Element, Json};
use imaging_study_dstu2 as dstu2;
use imaging_study_json::{
    Decoder, ReadError, from_slice, json_to_string, to_string, to_string_pretty,
};
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn tree(text: &[u8]) -> Json {
    Decoder::default()
        .decode_json(text)
        .expect("a valid file is JSON")
}

/// The tree with the members of all objects sorted, but for contained resources, whose order is
/// kept.
fn sorted(value: Json) -> Json {
    match value {
        Json::Array(entries) => Json::Array(entries.into_iter().map(sorted).collect()),
        Json::Object(members) => {
            let mut members: Vec<_> = members
                .into_iter()
                .map(|(name, value)| {
                    let value = if name == "contained" {
                        value
                    } else {
                        sorted(value)
                    };
                    (name, value)
                })
                .collect();
            members.sort_by(|(left, _), (right, _)| left.cmp(right));
            Json::Object(members)
        }
        other => other,
    }
}

fn valid<T: Element + Serialize + DeserializeOwned>(folder: &str) {
    let files = common::files(&common::fixtures(folder), "valid-", ".json");
    assert!(
        files.len() > 30,
        "only {} valid files in {folder}",
        files.len()
    );
    for (name, bytes) in files {
        let name = format!("{folder}/{name}");
        let study: T = from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let written = to_string(&study).expect("a study without empty elements");
        let (before, after) = (
            json_to_string(&tree(&bytes)),
            json_to_string(&tree(written.as_bytes())),
        );
        if name.contains("valid-order-") {
            assert_ne!(after, before, "{name} is in order, against its name");
            assert_eq!(
                sorted(tree(written.as_bytes())),
                sorted(tree(&bytes)),
                "{name}"
            );
        } else {
            assert_eq!(after, before, "{name}");
        }
        assert_eq!(
            written, after,
            "{name}: written with other spacing or escapes than a tree"
        );

        let pretty = to_string_pretty(&study).expect("a study without empty elements");
        assert_eq!(
            tree(pretty.as_bytes()),
            tree(written.as_bytes()),
            "{name}, pretty"
        );
        assert_eq!(
            from_slice::<T>(pretty.as_bytes()).expect("readable"),
            study,
            "{name}, pretty"
        );

        let text = str::from_utf8(&bytes).expect("a valid file is UTF-8");
        let by_serde: T = serde_json::from_str(text.trim_start_matches('\u{FEFF}'))
            .unwrap_or_else(|error| panic!("{name}, serde: {error}"));
        assert_eq!(by_serde, study, "{name}, serde");
        let text = serde_json::to_string(&study).expect("a study without empty elements");
        assert_eq!(text, written, "{name}, serde");
    }
}

#[test]
fn valid_files_of_dstu2_come_back() {
    valid::<dstu2::ImagingStudy>("dstu2");
}

#[test]
fn valid_files_of_stu3_come_back() {
    valid::<stu3::ImagingStudy>("stu3");
}

#[test]
fn valid_files_of_r4_come_back() {
    valid::<r4::ImagingStudy>("r4");
}

#[test]
fn valid_files_of_r4b_come_back() {
    valid::<r4b::ImagingStudy>("r4b");
}

#[test]
fn valid_files_of_r5_come_back() {
    valid::<r5::ImagingStudy>("r5");
}

#[test]
fn valid_files_of_r6_come_back() {
    valid::<r6::ImagingStudy>("r6");
}

#[test]
fn valid_files_of_r6_draft_come_back() {
    valid::<r6_draft::ImagingStudy>("r6-draft");
}

/// Checks that one file of a version has every type of value that an extension can have.
macro_rules! one_file_has_every_type_of_value {
    ($($version:ident)*) => {$(
        let folder = stringify!($version).replace('_', "-");
        let file = format!("{folder}/valid-extension-value-types.json");
        let bytes = fs::read(common::fixtures(&file)).expect("a readable file");
        let study: $version::ImagingStudy = from_slice(&bytes).expect("valid");
        let types: BTreeSet<_> = study
            .extension
            .iter()
            .filter_map(|extension| extension.value.as_ref().map(Choice::variant))
            .collect();
        assert_eq!(types.len(), $version::ExtensionValue::TYPES.len(), "{file}");
    )*};
}

#[test]
fn one_file_has_every_type_of_value() {
    one_file_has_every_type_of_value!(dstu2 stu3 r4 r4b r5 r6_draft r6);
}

/// The pairs for the conversion are studies in the order of the definition, too.
#[test]
fn files_of_conversions_come_back() {
    let convert = common::fixtures("convert");
    let one_way = common::folders(&convert.join("one-way"));
    let folders: Vec<_> = common::folders(&convert)
        .into_iter()
        .filter(|folder| !folder.ends_with("one-way"))
        .chain(one_way)
        .collect();
    assert!(folders.len() > 20, "only {} folders", folders.len());
    for folder in folders {
        let files = common::files(&folder, "", ".json");
        let [(after, _), (before, _)] = &files[..] else {
            panic!("two files in {}", folder.display());
        };
        assert!(
            after.starts_with("after.") && before.starts_with("before."),
            "{}",
            folder.display()
        );
        for (name, bytes) in &files {
            fn written<T: Element>(bytes: &[u8]) -> Result<String, ReadError> {
                let study = from_slice::<T>(bytes)?;
                Ok(to_string(&study).expect("a study without empty elements"))
            }
            let version = name.trim_end_matches(".json").rsplit('.').next();
            let written = match version {
                Some("dstu2") => written::<dstu2::ImagingStudy>(bytes),
                Some("stu3") => written::<stu3::ImagingStudy>(bytes),
                Some("r4") => written::<r4::ImagingStudy>(bytes),
                Some("r4b") => written::<r4b::ImagingStudy>(bytes),
                Some("r5") => written::<r5::ImagingStudy>(bytes),
                Some("r6-draft") => written::<r6_draft::ImagingStudy>(bytes),
                Some("r6") => written::<r6::ImagingStudy>(bytes),
                _ => panic!("{name} in {} names no version", folder.display()),
            };
            let written = written.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            assert_eq!(
                written,
                json_to_string(&tree(bytes)),
                "{}/{name}",
                folder.display()
            );
        }
    }
}

/// What a line of `invalid.tsv` says.
#[derive(Debug)]
struct Expected {
    file: String,
    path: String,
    line: u64,
    column: u64,
    message: String,
}

fn expectations() -> Vec<Expected> {
    let table = fs::read_to_string(common::fixtures("invalid.tsv")).expect("a readable table");
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let cells: Vec<_> = line.split('\t').collect();
            let [file, path, line, column, message] = cells[..] else {
                panic!("five cells a line: {line}");
            };
            Expected {
                file: file.to_owned(),
                path: if path == "-" {
                    String::new()
                } else {
                    path.to_owned()
                },
                line: line.parse().expect("a line number"),
                column: column.parse().expect("a column number"),
                message: message.to_owned(),
            }
        })
        .collect()
}

fn read_error(folder: &str, bytes: &[u8]) -> Option<ReadError> {
    match folder {
        "dstu2" => from_slice::<dstu2::ImagingStudy>(bytes).err(),
        "stu3" => from_slice::<stu3::ImagingStudy>(bytes).err(),
        "r4" => from_slice::<r4::ImagingStudy>(bytes).err(),
        "r4b" => from_slice::<r4b::ImagingStudy>(bytes).err(),
        "r5" => from_slice::<r5::ImagingStudy>(bytes).err(),
        "r6-draft" => from_slice::<r6_draft::ImagingStudy>(bytes).err(),
        "r6" => from_slice::<r6::ImagingStudy>(bytes).err(),
        _ => panic!("no version has the folder {folder}"),
    }
}

/// The strings and numbers of a text that may be no JSON, names of members aside.
fn values(text: &str) -> Vec<String> {
    let mut values = Vec::new();
    let parts: Vec<_> = text.split('"').collect();
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 0 {
            let numbers =
                part.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
            values.extend(numbers.filter(|word| word.len() > 2).map(str::to_owned));
        } else if !parts
            .get(index + 1)
            .is_some_and(|next| next.trim_start().starts_with(':'))
        {
            values.push((*part).to_owned());
        }
    }
    values.retain(|value| {
        value.len() > 2 && value != "ImagingStudy" && value != "true" && value != "null"
    });
    values
}

#[test]
fn invalid_files_are_refused_at_the_right_place() {
    let expectations = expectations();
    let mut problems = Vec::new();
    for expected in &expectations {
        let bytes = fs::read(common::fixtures(&expected.file))
            .unwrap_or_else(|error| panic!("{}: {error}", expected.file));
        let folder = expected.file.split('/').next().unwrap_or_default();
        let Some(error) = read_error(folder, &bytes) else {
            problems.push(format!("{}: accepted", expected.file));
            continue;
        };
        let place = error.position();
        let found = (error.path().to_string(), place.line, place.column);
        if found != (expected.path.clone(), expected.line, expected.column)
            || !error.message().contains(&expected.message)
        {
            problems.push(format!("{expected:?}\n    found: {error}"));
        }
        // The offset and the line and column are the same place.
        let before = &bytes[..place.offset];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count() as u64;
        assert_eq!(line, place.line, "{}", expected.file);

        let message = format!("{error} {error:?}");
        for value in values(&String::from_utf8_lossy(&bytes)) {
            if message.contains(&value) && !error.path().to_string().contains(&value) {
                problems.push(format!(
                    "{}: the error repeats {value}: {message}",
                    expected.file
                ));
            }
        }
    }
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn every_invalid_file_stands_in_the_table() {
    let listed: BTreeSet<_> = expectations()
        .into_iter()
        .map(|expected| expected.file)
        .collect();
    let mut found = BTreeSet::new();
    for folder in ["dstu2", "stu3", "r4", "r4b", "r5", "r6-draft", "r6"] {
        let files = common::files(&common::fixtures(folder), "invalid-", ".json");
        assert!(files.len() > 30, "only {} invalid {folder}", files.len());
        found.extend(
            files
                .into_iter()
                .map(|(name, _)| format!("{folder}/{name}")),
        );
    }
    assert_eq!(listed, found);
}

/// serde_json refuses them too, with errors of its own.
#[test]
fn serde_refuses_invalid_files_too() {
    for expected in expectations() {
        let bytes = fs::read(common::fixtures(&expected.file)).expect("a readable file");
        let accepted = match expected.file.split('/').next() {
            Some("dstu2") => serde_json::from_slice::<dstu2::ImagingStudy>(&bytes).is_ok(),
            Some("stu3") => serde_json::from_slice::<stu3::ImagingStudy>(&bytes).is_ok(),
            Some("r4") => serde_json::from_slice::<r4::ImagingStudy>(&bytes).is_ok(),
            Some("r4b") => serde_json::from_slice::<r4b::ImagingStudy>(&bytes).is_ok(),
            Some("r5") => serde_json::from_slice::<r5::ImagingStudy>(&bytes).is_ok(),
            Some("r6-draft") => serde_json::from_slice::<r6_draft::ImagingStudy>(&bytes).is_ok(),
            _ => serde_json::from_slice::<r6::ImagingStudy>(&bytes).is_ok(),
        };
        assert!(!accepted, "{}", expected.file);
    }
}
