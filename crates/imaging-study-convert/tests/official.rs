//! The official examples through the other version and back.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use imaging_study_convert::{Options, Study, convert};
use imaging_study_core::FhirVersion;
use imaging_study_dstu2 as dstu2;
use imaging_study_json::{Decoder, from_str, json_to_string};
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;
use imaging_study_stu3 as stu3;

fn there_and_back<A: Study, B: Study>(path: &Path) {
    let bytes = fs::read(path).expect("a readable example");
    let mut json = Decoder::default().decode_json(&bytes).expect("JSON");
    if A::VERSION == FhirVersion::Dstu2 {
        // Comments are no data and do not come back.
        support::leaves::strip_comments(&mut json);
    }
    let study: A = from_str(&json_to_string(&json))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let there = convert::<A, B>(study.clone(), &Options::default()).expect("not strict");
    assert_eq!(there.losses, [], "{}", path.display());
    let back = convert::<B, A>(there.value, &Options::default()).expect("not strict");
    assert!(back.value == study, "{} did not come back", path.display());
}

#[test]
fn official_examples_come_back() {
    let shared = std::env::var_os("IMAGING_STUDY_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let examples = shared.join("examples");
    if !examples.is_dir() {
        assert!(
            std::env::var_os("CI").is_none(),
            "the official examples are absent: set IMAGING_STUDY_SHARED"
        );
        eprintln!("SKIPPED: no official examples; set IMAGING_STUDY_SHARED to their folder");
        return;
    }
    let mut count = 0;
    for version in ["dstu2", "stu3", "r4", "r4b", "r5"] {
        let folder = examples.join(version).join("json");
        for entry in fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            match version {
                "dstu2" => {
                    there_and_back::<dstu2::ImagingStudy, stu3::ImagingStudy>(&path);
                    there_and_back::<dstu2::ImagingStudy, r4::ImagingStudy>(&path);
                    there_and_back::<dstu2::ImagingStudy, r5::ImagingStudy>(&path);
                }
                "stu3" => {
                    there_and_back::<stu3::ImagingStudy, dstu2::ImagingStudy>(&path);
                    there_and_back::<stu3::ImagingStudy, r4::ImagingStudy>(&path);
                    there_and_back::<stu3::ImagingStudy, r5::ImagingStudy>(&path);
                }
                "r5" => {
                    there_and_back::<r5::ImagingStudy, dstu2::ImagingStudy>(&path);
                    there_and_back::<r5::ImagingStudy, r4::ImagingStudy>(&path);
                    there_and_back::<r5::ImagingStudy, stu3::ImagingStudy>(&path);
                }
                _ => {
                    there_and_back::<r4::ImagingStudy, dstu2::ImagingStudy>(&path);
                    there_and_back::<r4::ImagingStudy, r5::ImagingStudy>(&path);
                    there_and_back::<r4::ImagingStudy, stu3::ImagingStudy>(&path);
                }
            }
            count += 1;
        }
    }
    assert!(count >= 8, "only {count} examples");
}
