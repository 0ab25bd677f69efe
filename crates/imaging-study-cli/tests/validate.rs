//! The command `validate`.

use program::{Folder, study, xml_study};
use serde_json::Value;

mod program;

/// Key and path of each issue of each OperationOutcome.
fn issues(outcomes: &[Value]) -> Vec<String> {
    let issues = outcomes.iter().flat_map(|outcome| {
        assert_eq!(outcome["resourceType"], "OperationOutcome");
        outcome["issue"].as_array().expect("issues")
    });
    issues
        .map(|issue| {
            let key = issue["details"]["coding"][0]["code"].as_str();
            let path = issue["expression"][0].as_str().unwrap_or("-");
            assert_eq!(issue["expression"], issue["location"]);
            format!("{} {path}", key.expect("a key"))
        })
        .collect()
}

fn json_lines(text: &str) -> Vec<Value> {
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("an OperationOutcome a line"))
        .collect()
}

/// Studies with nothing wrong, with issues, and what cannot be read.
fn mixed(folder: &Folder) {
    let (good, _) = study("a");
    let bad = good.replace("Patient/p", "Practitioner/p");
    let two = bad.replace("\"id\"", "\"shape\":1,\"colour\":2,\"id\"");
    folder.write(
        "mixed.ndjson",
        format!("{good}\n{bad}\nnot json\n{two}\n{{\"resourceType\":\"Patient\"}}\n"),
    );
}

#[test]
fn every_issue_is_printed_and_counted() {
    let folder = Folder::new();
    mixed(&folder);
    let ran = folder
        .run(&["validate", "--format", "ndjson", "mixed.ndjson"])
        .expect(1);
    let outcomes = json_lines(&ran.stdout);
    assert_eq!(
        issues(&outcomes),
        [
            "target ImagingStudy.subject",
            "read ImagingStudy",
            "unknown-element ImagingStudy.shape",
            "unknown-element ImagingStudy.colour",
            "target ImagingStudy.subject",
        ]
    );
    let line = program::extension(&outcomes[1], "line");
    assert_eq!(line, 3);
    assert_eq!(program::extension(&outcomes[2], "source"), "mixed.ndjson");
    assert_eq!(
        ran.stderr,
        "read 5, studies 3, other resources 1\n\
         errors 5: read 1, target 2, unknown-element 2\nwarnings 0\ninformation 0\n"
    );

    let array = folder
        .run(&["validate", "--format", "json", "mixed.ndjson"])
        .expect(1);
    let array: Vec<Value> = serde_json::from_str(&array.stdout).expect("one array");
    assert_eq!(array, outcomes);

    let text = folder.run(&["validate", "mixed.ndjson"]).expect(1);
    assert_eq!(text.stderr, "");
    assert_eq!(
        text.lines()[0],
        "mixed.ndjson: error target at ImagingStudy.subject, line 2, column 1: expected a reference \
         to Patient, Device, Group, found one to Practitioner"
    );
    assert_eq!(text.lines().len(), 5 + 4);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = Folder::new();
    mixed(&folder);
    let files = ["mixed.ndjson"; 20];
    let run = |jobs| {
        let arguments = ["validate", "--format", "ndjson", "--jobs", jobs];
        let arguments: Vec<&str> = arguments.into_iter().chain(files).collect();
        folder.run(&arguments).expect(1)
    };
    let (one, many) = (run("1"), run("7"));
    assert_eq!(one.stdout, many.stdout);
    assert_eq!(one.stderr, many.stderr);
}

#[test]
fn the_status_does_not_depend_on_the_level() {
    let folder = Folder::new();
    let (good, _) = study("a");
    let warned = good.replace("\"status\"", "\"numberOfSeries\":0,\"series\":[{\"uid\":\"1.2.3\",\"modality\":{\"code\":\"CT\"}}],\"status\"");
    folder.write("warned.ndjson", warned);
    let ran = folder.run(&["validate", "warned.ndjson"]).expect(0);
    assert!(
        ran.stdout
            .contains("warning count at ImagingStudy.numberOfSeries")
    );
    assert!(ran.stdout.contains("(repairable)"));
    let ran = folder
        .run(&[
            "validate",
            "--level",
            "error",
            "--format",
            "json",
            "warned.ndjson",
        ])
        .expect(0);
    assert_eq!(ran.stdout, "[]\n");
    assert!(
        ran.stderr.contains("warnings 2: count 1, study-uid 1"),
        "{}",
        ran.stderr
    );

    folder.write("bad.ndjson", good.replace("Patient/p", "Practitioner/p"));
    let ran = folder.run(&[
        "validate",
        "--profile",
        "mado",
        "--extensible",
        "--also",
        "r6",
        "bad.ndjson",
    ]);
    let ran = ran.expect(1);
    assert!(
        ran.stdout
            .contains("error mado at ImagingStudy.numberOfSeries"),
        "{ran:?}"
    );
    assert!(
        ran.stdout
            .contains("warning ist-7 at ImagingStudy.modality"),
        "{ran:?}"
    );
    folder
        .run(&["validate", "--profile", "none", "bad.ndjson"])
        .expect(2);
    folder
        .run(&["validate", "--also", "r5", "bad.ndjson"])
        .expect(2);
    folder.run(&["validate", "missing.ndjson"]).expect(3);
    folder.run(&["validate"]).expect(2);
}

#[test]
fn documents_and_bundles_in_both_formats() {
    let folder = Folder::new();
    let (good, _) = study("a");
    let bad = good.replace("Patient/p", "Practitioner/p");
    folder.write(
        "bundle.json",
        format!("{{\"resourceType\":\"Bundle\",\n\"entry\":[{{\"resource\":{{\"resourceType\":\"Patient\"}}}},\n{{\"resource\":{bad}}}]}}"),
    );
    let run = |file| {
        let ran = folder
            .run(&["validate", "--format", "ndjson", file])
            .expect(1);
        json_lines(&ran.stdout)
    };
    folder.write("lines.json", bad.replace(",\"subject\"", ",\n\"subject\""));
    let outcomes = run("lines.json");
    assert_eq!(issues(&outcomes), ["target ImagingStudy.subject"]);
    assert_eq!(program::extension(&outcomes[0], "line"), 2);
    assert_eq!(program::extension(&outcomes[0], "col"), 11);
    let (xml, _) = xml_study("a");
    folder.write("study.xml", xml.replace("Patient/p", "Practitioner/p"));
    folder.write("broken.xml", xml.replace("</subject>", ""));
    let outcomes = run("bundle.json");
    assert_eq!(
        issues(&outcomes),
        ["target Bundle.entry[1].resource.subject"]
    );
    assert_eq!(program::extension(&outcomes[0], "line"), 3);
    assert_eq!(issues(&run("study.xml")), ["target ImagingStudy.subject"]);
    assert!(issues(&run("broken.xml"))[0].starts_with("read "));

    let inside = xml
        .replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "")
        .replace("Patient/p", "Practitioner/p");
    folder.write(
        "bundle.xml",
        format!("<Bundle xmlns=\"http://hl7.org/fhir\"><entry><resource>{inside}</resource></entry></Bundle>"),
    );
    let outcomes = run("bundle.xml");
    assert_eq!(
        issues(&outcomes),
        ["target Bundle.entry[0].resource.subject"]
    );
}

#[test]
fn with_a_version_every_resource_has_to_be_a_study_of_it() {
    let folder = Folder::new();
    let (good, _) = study("a");
    folder.write(
        "all.ndjson",
        format!("{good}\n{{\"resourceType\":\"Patient\"}}\n{{}}\n[]\nnull\n7\n"),
    );
    let ran = folder
        .run(&[
            "validate",
            "--version",
            "r4",
            "--format",
            "ndjson",
            "all.ndjson",
        ])
        .expect(1);
    assert_eq!(json_lines(&ran.stdout).len(), 5, "{ran:?}");
    let ran = folder
        .run(&[
            "validate",
            "--version",
            "r5",
            "--format",
            "ndjson",
            "all.ndjson",
        ])
        .expect(1);
    assert!(json_lines(&ran.stdout).len() > 5, "{ran:?}");

    folder.write(
        "dstu2.json",
        r#"{"resourceType":"ImagingStudy","uid":"urn:oid:1.2.3"}"#,
    );
    let ran = folder
        .run(&[
            "validate",
            "--version",
            "dstu2",
            "--format",
            "ndjson",
            "dstu2.json",
        ])
        .expect(1);
    let outcomes = json_lines(&ran.stdout);
    let issue = &outcomes[0]["issue"][0];
    assert_eq!(issue["location"][0], "ImagingStudy.patient");
    assert_eq!(issue["expression"], Value::Null);
}

#[test]
fn what_is_converted_is_checked_by_the_rules_of_its_new_version() {
    let folder = Folder::new();
    let (good, _) = study("a");
    let bad = good.replace(
        "\"status\"",
        "\"numberOfSeries\":2,\"series\":[],\"status\"",
    );
    let bad = bad.replace(
        "\"series\":[]",
        r#""identifier":[{"system":"urn:dicom:uid","value":"urn:oid:1.2"}],"series":[{"uid":"1.3","modality":{"code":"CT"}}]"#,
    );
    folder.write("in.ndjson", format!("{good}\n{bad}\n"));
    let convert = |to: &str, more: &[&str]| {
        let run = ["convert", "--from", "r4", "--to", to, "--validate"];
        folder.run(&[&run[..], more, &["in.ndjson"]].concat())
    };
    let ran = convert("r6", &["--report", "report.ndjson"]).expect(0);
    assert_eq!(ran.lines().len(), 2);
    assert!(
        ran.stderr.ends_with("errors 1: ist-3 1\n"),
        "{}",
        ran.stderr
    );
    let report = folder.read("report.ndjson");
    let outcome: Value = serde_json::from_str(report.trim_end()).expect("one OperationOutcome");
    let issue = &outcome["issue"][0];
    assert_eq!(issue["details"]["coding"][0]["code"], "ist-3");
    assert_eq!(issue["expression"][0], "ImagingStudy.numberOfSeries");
    assert_eq!(program::extension(&outcome, "line"), 2);

    let ran = convert("r6", &[]).expect(0);
    assert!(ran.stderr.starts_with(&report), "{}", ran.stderr);
    let ran = convert("r5", &[]).expect(0);
    assert!(ran.stderr.ends_with("errors 0\n"), "{}", ran.stderr);
    let run = [
        "convert",
        "--to",
        "r6",
        "--report",
        "report.ndjson",
        "in.ndjson",
    ];
    folder.run(&run).expect(2);
}
