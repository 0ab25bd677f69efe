//! What was written in a version is never taken for another one, and can be read without being told
//! which it is. `PROPTEST_CASES` sets how many studies are tried for each version.
#![cfg(feature = "convert")]

use std::fs;
use std::path::Path;

use imaging_study::convert::convert_any;
use imaging_study::core::generate::{Profile, element};
use imaging_study::core::{Element, ReadError, UnknownElements};
use imaging_study::{AnyImagingStudy, Detection, FhirVersion, Undecided, detect, is_xml};
use imaging_study::{dstu2, json, r4, r4b, r5, r6, r6_draft, stu3, xml};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

const PROFILES: [Profile; 3] = [Profile::Typical, Profile::Hostile, Profile::Interchange];

fn cases() -> usize {
    let cases = std::env::var("PROPTEST_CASES").ok();
    cases.and_then(|cases| cases.parse().ok()).unwrap_or(30)
}

fn read(text: &[u8], version: FhirVersion) -> Result<AnyImagingStudy, ReadError> {
    let read = match is_xml(text) {
        true => AnyImagingStudy::from_xml(text, version, &mut xml::Decoder::default()),
        false => AnyImagingStudy::from_json(text, version, &mut json::Decoder::default()),
    };
    Ok(read?.value)
}

/// Checks that a study is read as the version that all of its elements tell, though not all are looked at.
fn check_early(text: &str, found: &Detection) {
    let mut decoder = json::Decoder::default();
    let early = AnyImagingStudy::detect_and_read_json(text.as_bytes(), &mut decoder);
    match early.expect("what was written is well-formed") {
        Ok(early) => {
            let version = found.version().expect("a version was read");
            assert_eq!(early.value.version(), version, "{text}");
            let told = read(text.as_bytes(), version).expect("it was read before");
            assert!(early.value == told, "{text}");
        }
        Err(detection) => assert_eq!(detection, *found, "{text}"),
    }
}

/// Checks what is found out about a study that was written; whether anything was.
fn check(text: &str, written: FhirVersion) -> bool {
    let found = detect(text.as_bytes()).expect("what was written is well-formed");
    if !is_xml(text.as_bytes()) {
        check_early(text, &found);
    }
    let version = match found.version() {
        Ok(version) => version,
        // Where nothing tells the versions apart, the one that was written is among them.
        Err(Undecided::Ambiguous { candidates, .. }) => {
            assert!(candidates.contains(&written), "{written}: {text}");
            return false;
        }
        Err(other) => panic!("{written}: {other}: {text}"),
    };
    // R4B is R4 with more types of values and of contained resources: where nothing else tells,
    // both fit, and R4 is said.
    let both = [FhirVersion::R4, FhirVersion::R4B];
    // Nor does anything tell R6 from its draft in many studies, and R6 is said.
    let r6 = [FhirVersion::R6Draft, FhirVersion::R6];
    let readings = if found.candidates == both && both.contains(&written) {
        &both[..]
    } else if found.candidates == r6 && r6.contains(&written) {
        &r6[..]
    } else {
        assert_eq!(version, written, "{text}");
        &[written]
    };
    let mut readings = readings
        .iter()
        .map(|&version| read(text.as_bytes(), version));
    assert!(readings.any(|read| read.is_ok()), "{written}: {text}");
    true
}

/// Writes a study in every version and format; how many say which it is.
fn written(study: &AnyImagingStudy) -> usize {
    let mut told = 0;
    for version in FhirVersion::ALL {
        let converted = convert_any(study.clone(), version, &Default::default());
        let converted = converted.expect("only a strict conversion refuses").value;
        // Neither format can express every study: JSON lacks what only XML can say of a resource of
        // an unknown type, XML the characters that it does not allow.
        if let Ok(text) = converted.to_json() {
            told += usize::from(check(&text, version));
        }
        if let Ok(text) = converted.to_xml(xml::Encoder::default()) {
            told += usize::from(check(&text, version));
        }
    }
    told
}

fn law<T: Element + Clone>()
where
    AnyImagingStudy: From<T>,
{
    let mut runner = TestRunner::deterministic();
    let mut told = 0;
    for profile in PROFILES {
        let strategy = element::<T>(profile);
        for _ in 0..cases().div_ceil(PROFILES.len()) {
            let tree = strategy.new_tree(&mut runner).expect("no filters");
            told += written(&AnyImagingStudy::from(tree.current()));
        }
    }
    assert!(told > cases(), "only {told} studies told their version");
}

#[test]
fn studies_of_dstu2() {
    law::<dstu2::ImagingStudy>();
}

#[test]
fn studies_of_stu3() {
    law::<stu3::ImagingStudy>();
}

#[test]
fn studies_of_r4() {
    law::<r4::ImagingStudy>();
}

#[test]
fn studies_of_r4b() {
    law::<r4b::ImagingStudy>();
}

#[test]
fn studies_of_r5() {
    law::<r5::ImagingStudy>();
}

#[test]
fn studies_of_r6_draft() {
    law::<r6_draft::ImagingStudy>();
}

#[test]
fn studies_of_r6() {
    law::<r6::ImagingStudy>();
}

#[test]
fn fixtures_of_every_version() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut told = 0;
    for version in FhirVersion::ALL {
        let folder = fixtures.join(version.name().to_lowercase().replace(' ', "-"));
        let entries = fs::read_dir(&folder).expect("a folder for each version");
        for entry in entries {
            let path = entry.expect("a readable folder").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !name.starts_with("valid-") {
                continue;
            }
            let bytes = fs::read(&path).expect("a readable file");
            // Some of them hold what only a more patient reader takes.
            let Ok(study) = read(&bytes, version) else {
                continue;
            };
            told += written(&study);
        }
    }
    assert!(told > 900, "only {told} studies told their version");
}

#[test]
fn unknown_elements_come_back_from_both_formats() {
    let mut decoder = json::Decoder::default();
    decoder.unknown = UnknownElements::Keep;
    let text = br#"{"resourceType":"ImagingStudy","status":"available","colour":"red"}"#;
    let from_json = AnyImagingStudy::from_json(text, FhirVersion::R4, &mut decoder).expect("JSON");
    let mut decoder = xml::Decoder::default();
    decoder.unknown = UnknownElements::Keep;
    let text = br#"<ImagingStudy xmlns="http://hl7.org/fhir"><status value="available"/><colour value="red"/></ImagingStudy>"#;
    let from_xml = AnyImagingStudy::from_xml(text, FhirVersion::R4, &mut decoder).expect("XML");
    assert_eq!(from_json.value, from_xml.value);
    for decoded in [from_json, from_xml] {
        let paths: Vec<_> = decoded
            .unknown
            .iter()
            .map(|element| element.path.to_string())
            .collect();
        assert_eq!(paths, ["ImagingStudy.colour"]);
    }
}
