//! HL7's own examples come back with the same values, digit by digit.

mod common;

use imaging_study_core::{Element, Json};
use imaging_study_dstu2 as dstu2;
use imaging_study_json::{Decoder, from_slice, to_string};
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_stu3 as stu3;

/// The members of all objects sorted: the official files are not in the order of the definition.
fn sorted(value: Json) -> Json {
    match value {
        Json::Array(entries) => Json::Array(entries.into_iter().map(sorted).collect()),
        Json::Object(members) => {
            let mut members: Vec<_> = members
                .into_iter()
                .map(|(name, value)| (name, sorted(value)))
                .collect();
            members.sort_by(|(left, _), (right, _)| left.cmp(right));
            Json::Object(members)
        }
        other => other,
    }
}

fn identity<T: Element>(folder: &str) {
    let Some(folder) = common::shared(&format!("examples/{folder}/json")) else {
        return;
    };
    let files = common::files(&folder, "", ".json");
    assert!(!files.is_empty(), "no examples in {}", folder.display());
    for (name, bytes) in files {
        let study: T = from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let written = to_string(&study).expect("a study without empty elements");
        let mut decoder = Decoder::default();
        let before = decoder.decode_json(&bytes).expect("JSON");
        let after = decoder.decode_json(written.as_bytes()).expect("JSON");
        assert_eq!(sorted(after), sorted(before), "{name}");
        let again: T = from_slice(written.as_bytes()).expect("readable");
        assert_eq!(again, study, "{name}");
    }
}

#[test]
fn examples_of_dstu2() {
    identity::<dstu2::ImagingStudy>("dstu2");
}

#[test]
fn examples_of_stu3() {
    identity::<stu3::ImagingStudy>("stu3");
}

#[test]
fn examples_of_r4() {
    identity::<r4::ImagingStudy>("r4");
}

#[test]
fn examples_of_r4b_read_as_r4() {
    identity::<r4::ImagingStudy>("r4b");
}

#[test]
fn examples_of_r4b() {
    identity::<r4b::ImagingStudy>("r4b");
}

#[test]
fn examples_of_r5() {
    identity::<r5::ImagingStudy>("r5");
}
