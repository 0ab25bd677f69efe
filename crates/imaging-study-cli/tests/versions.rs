//! The cases of conversion through the program, to every other version and back.

use std::fs;
use std::path::Path;

use program::Folder;
use serde_json::{Map, Value};

mod program;

const VERSIONS: [&str; 7] = ["dstu2", "stu3", "r4", "r4b", "r5", "r6-draft", "r6"];

/// The studies of a version that the cases of conversion begin with, a line each. Those that hold
/// extensions of a conversion already are left out: they come back under another prefix.
fn fixtures(version: &str) -> String {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/convert");
    let cases = fs::read_dir(cases).expect("cases");
    let mut paths: Vec<_> = cases
        .map(|case| {
            case.expect("a case")
                .path()
                .join(format!("before.{version}.json"))
        })
        .filter(|path| path.exists())
        .collect();
    paths.sort();
    let texts = paths
        .iter()
        .map(|path| fs::read_to_string(path).expect("text"));
    // Line ends are white space outside strings, and illegal in them.
    texts
        // What another version carried comes back under the prefix of the version on the way.
        .filter(|text| !text.contains("extension-ImagingStudy."))
        .filter(|text| !text.contains("extension-Extension.value"))
        .map(|text| text.replace(['\r', '\n'], " ") + "\n")
        .collect()
}

#[test]
fn every_case_comes_back_from_every_version() {
    let folder = Folder::new();
    let convert = |from: &str, to: &str, input: &str| {
        let arguments = ["convert", "--from", from, "--to", to];
        let ran = folder.run_with(&arguments, input.as_bytes()).expect(0);
        assert!(
            ran.stderr.contains(", quarantined 0"),
            "{from} to {to}: {}",
            ran.stderr
        );
        ran.stdout
    };
    let parsed = |text: &str| -> Vec<Value> {
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    };
    for source in VERSIONS {
        let input = fixtures(source);
        let written = parsed(&convert(source, source, &input));
        assert!(!written.is_empty(), "no cases of {source}");
        for target in VERSIONS.into_iter().filter(|target| *target != source) {
            let there = convert(source, target, &input);
            let back = parsed(&convert(target, source, &there));
            assert_eq!(back.len(), written.len());
            for (back, written) in back.iter().zip(&written) {
                assert_eq!(back, written, "{source} to {target} and back");
            }
        }
    }
}

#[test]
fn dstu2_is_a_version_like_the_others() {
    let folder = Folder::new();
    let study = r#"{"resourceType":"ImagingStudy","id":"old","patient":{"reference":"Patient/p"},"#
        .to_owned()
        + r#""uid":"urn:oid:2.16.840.1.9","numberOfSeries":0,"numberOfInstances":0,"order":[{"reference":"DiagnosticOrder/d"}]}"#;
    let ran = folder
        .run_with(&["convert", "--to", "r5"], study.as_bytes())
        .expect(0);
    let converted: Map<String, Value> = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(converted["subject"]["reference"], "Patient/p");
    assert_eq!(converted["identifier"][0]["value"], "urn:oid:2.16.840.1.9");
    let back = ["convert", "--from", "r5", "--to", "DSTU2"];
    let back = folder.run_with(&back, ran.stdout.as_bytes()).expect(0);
    let back: Value = serde_json::from_str(&back.stdout).expect("JSON");
    assert_eq!(back, serde_json::from_str::<Value>(&study).expect("JSON"));
}

#[test]
fn r6_and_its_draft_are_versions_like_the_others() {
    let folder = Folder::new();
    let study = r#"{"resourceType":"ImagingStudy","status":"inactive","subject":{"reference":"Patient/p"},"procedure":[{"reference":"Procedure/1"}],"series":[{"uid":"2.25.1","modality":{"coding":[{"code":"CT"}]},"instance":[{"uid":"2.25.2","sopClass":"urn:oid:1.2.840.10008.5.1.4.1.1.2","numberOfFrames":7}]}]}"#;
    let parsed = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    for from in ["r6", "auto"] {
        let arguments = ["convert", "--from", from, "--to", "r6-draft"];
        let there = folder.run_with(&arguments, study.as_bytes()).expect(0);
        let draft = parsed(&there.stdout);
        assert_eq!(draft["partOf"][0]["reference"], "Procedure/1");
        assert_eq!(draft["status"], "unknown");
        let arguments = ["convert", "--from", "r6-draft", "--to", "r6"];
        let back = folder
            .run_with(&arguments, there.stdout.as_bytes())
            .expect(0);
        assert_eq!(parsed(&back.stdout), parsed(study), "{from}");
    }
}

#[test]
fn what_fits_r6_and_its_draft_is_read_as_r6() {
    let folder = Folder::new();
    let study = r#"{"resourceType":"ImagingStudy","status":"available","subject":{"reference":"Patient/p"},"series":[{"uid":"2.25.1","modality":{"coding":[{"code":"CT"}]},"instance":[{"uid":"2.25.2","sopClass":"urn:oid:1.2.840.10008.5.1.4.1.1.2"}]}]}"#;
    let ran = folder
        .run_with(&["detect", "-"], study.as_bytes())
        .expect(0);
    assert!(ran.stdout.contains("\tR6\t"), "{}", ran.stdout);
    assert!(
        ran.stdout.ends_with("; R6 draft fits too\n"),
        "{}",
        ran.stdout
    );
    let ran = folder.run_with(&["convert", "--to", "r5"], study.as_bytes());
    let converted: Value = serde_json::from_str(&ran.expect(0).stdout).expect("JSON");
    let series = &converted["series"][0];
    assert_eq!(
        series["instance"][0]["sopClass"]["system"],
        "urn:ietf:rfc:3986"
    );
}
