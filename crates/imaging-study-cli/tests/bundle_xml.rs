//! Bundles where XML is involved.

use program::{Folder, extension, study};

mod program;

const FHIR: &str = r#"xmlns="http://hl7.org/fhir""#;

/// A Bundle in XML with a Patient and studies with these elements.
fn bundle(studies: &[&str]) -> String {
    let mut text = format!(
        "<Bundle {FHIR}><id value=\"b\"/><type value=\"collection\"/>\
         <entry><resource><Patient><id value=\"p\"/></Patient></resource></entry>"
    );
    for study in studies {
        text +=
            &format!("<entry><resource><ImagingStudy>{study}</ImagingStudy></resource></entry>");
    }
    text + "</Bundle>"
}

const R4: &str = "<modality><code value=\"CT\"/></modality>";
const R5: &str = "<modality><coding><code value=\"CT\"/></coding></modality><series><instance>\
    <sopClass><code value=\"1\"/></sopClass></instance></series>";

#[test]
fn studies_are_converted_and_the_rest_kept() {
    let folder = Folder::new();
    let input = bundle(&[R4, R4]);
    for from in ["r4", "auto"] {
        let there = folder.run_with(&["convert", "--from", from, "--to", "r5"], input.as_bytes());
        let there = there.expect(0);
        assert!(
            there
                .stderr
                .starts_with("read 3, converted 2, passed 1, quarantined 0; bundles 1\n"),
            "{}",
            there.stderr
        );
        let text = &there.stdout;
        assert!(
            text.starts_with("<?xml") && text.ends_with("</Bundle>\n"),
            "{text}"
        );
        assert_eq!(text.matches("<coding>").count(), 2, "{text}");
        assert!(text.contains("<Patient>"), "{text}");

        let back = folder.run_with(&["convert", "--from", "r5", "--to", "r4"], text.as_bytes());
        let same = folder.run_with(&["convert", "--from", from, "--to", "r4"], input.as_bytes());
        assert_eq!(back.expect(0).stdout, same.expect(0).stdout);
    }
}

#[test]
fn bundles_change_their_format() {
    let folder = Folder::new();
    let (a, a5) = study("a");
    let start = r#"{"resourceType":"Bundle","type":"collection","total":1,"entry":[{"fullUrl":"urn:x","resource":"#;
    let end = r#","search":{"mode":"match"}},{"resource":{"resourceType":"Patient","multipleBirthInteger":2}}]}"#;
    for from in ["r4", "auto"] {
        let arguments = [
            "convert",
            "--from",
            from,
            "--to",
            "r5",
            "--output-format",
            "xml",
        ];
        let json = format!("{start}{a}{end}");
        let xml = folder.run_with(&arguments, json.as_bytes()).expect(0);
        assert!(xml.stdout.contains("<coding>"), "{}", xml.stdout);
        assert!(
            xml.stderr
                .starts_with("read 2, converted 1, passed 1, quarantined 0; bundles 1\n")
        );
        let arguments = [
            "convert",
            "--from",
            "r5",
            "--to",
            "r5",
            "--output-format",
            "ndjson",
        ];
        let back = folder.run_with(&arguments, xml.stdout.as_bytes()).expect(0);
        assert_eq!(back.stdout, format!("{start}{a5}{end}\n"));
        let arguments = [
            "convert",
            "--from",
            "r5",
            "--to",
            "r5",
            "--output-format",
            "json",
        ];
        let pretty = folder.run_with(&arguments, xml.stdout.as_bytes()).expect(0);
        assert!(
            pretty
                .stdout
                .starts_with("{\n  \"resourceType\": \"Bundle\",\n")
        );
    }
}

#[test]
fn the_version_of_a_bundle_is_that_of_its_studies() {
    let folder = Folder::new();
    let run = |input: &str| folder.run_with(&["convert", "--to", "r4"], input.as_bytes());
    assert!(run(&bundle(&[R5])).expect(0).stdout.contains("<Bundle"));

    let mixed = run(&bundle(&[R4, R5])).expect(1);
    assert_eq!(mixed.stdout, "");
    assert!(
        mixed.stderr.contains("studies of R4 and of R5"),
        "{}",
        mixed.stderr
    );
    assert!(
        mixed
            .stderr
            .contains("read 1, converted 0, passed 0, quarantined 1\n")
    );

    let open = run(&bundle(&[R4, "<id value=\"x\"/>"])).expect(1);
    assert_eq!(open.stdout, "");
    let outcomes = open.outcomes();
    assert_eq!(outcomes.len(), 2);
    assert_eq!(
        outcomes[0]["issue"][0]["expression"][0],
        "Bundle.entry[2].resource"
    );
    assert!(outcomes[1].to_string().contains("--from"));
    assert!(
        open.stderr
            .contains("read 2, converted 0, passed 0, quarantined 2\n")
    );

    // Without a study there is nothing to convert.
    let none = bundle(&[]);
    assert_eq!(run(&none).expect(0).stdout, none);
    let arguments = ["convert", "--to", "r4", "--output-format", "json"];
    let ran = folder.run_with(&arguments, none.as_bytes()).expect(1);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("--from"), "{}", ran.stderr);
}

#[test]
fn what_does_not_fit_says_where() {
    let folder = Folder::new();
    let run = |arguments: &[&str], input: &str, status| {
        let arguments = [&["convert", "--from", "r4", "--to", "r5"], arguments].concat();
        folder.run_with(&arguments, input.as_bytes()).expect(status)
    };
    let bad = bundle(&[R4]).replace("<Patient>", "\n<Patient><colour/>");
    let ran = run(&[], &bad, 1);
    assert_eq!(ran.stdout, "");
    let outcome = &ran.outcomes()[0];
    assert_eq!(extension(outcome, "line"), 2);
    assert_eq!(
        outcome["issue"][0]["expression"][0],
        "Bundle.entry[0].resource.colour"
    );

    // A study that is bad is left out, and the other is converted.
    let (good, _) = study("a");
    let bad = good.replace(r#""CT""#, "7");
    let json = format!(
        "{{\"resourceType\":\"Bundle\",\"entry\":[{{\"resource\":{good}}},\n{{\"resource\":{bad}}}]}}"
    );
    let ran = run(&["--output-format", "xml"], &json, 0);
    assert_eq!(ran.stdout.matches("<ImagingStudy>").count(), 1);
    assert!(
        ran.stdout.contains("<code value=\"CT\"/>"),
        "{}",
        ran.stdout
    );
    let outcomes = ran.outcomes();
    assert_eq!(outcomes.len(), 1);
    assert_eq!(extension(&outcomes[0], "line"), 2);
    let path = "Bundle.entry[1].resource.modality[0].code";
    assert_eq!(outcomes[0]["issue"][0]["expression"][0], path);
    assert!(
        ran.stderr
            .contains("read 2, converted 1, passed 0, quarantined 1; bundles 1\n")
    );
}

#[test]
fn strict_leaves_a_study_out() {
    let folder = Folder::new();
    let rules = format!("<implicitRules value=\"http://x.example\"/>{R4}");
    let input = bundle(&[&rules, R4]);
    let arguments = [
        "convert",
        "--to",
        "r5",
        "--output-format",
        "ndjson",
        "--strict",
    ];
    let ran = folder.run_with(&arguments, input.as_bytes()).expect(0);
    assert_eq!(
        ran.stdout.matches("ImagingStudy").count(),
        1,
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains(r#""modality":[{"coding":[{"code":"CT"}]}]"#)
    );
    let path = "Bundle.entry[1].resource.implicitRules";
    assert_eq!(ran.outcomes()[0]["issue"][0]["expression"][0], path);
    assert!(
        ran.stderr
            .contains("read 3, converted 1, passed 1, quarantined 1; bundles 1\n")
    );
}

#[test]
fn a_large_bundle_is_not_slow() {
    let folder = Folder::new();
    let studies = vec![R4; 20_000];
    let input = bundle(&studies);
    let ran = folder
        .run_with(&["convert", "--to", "r5"], input.as_bytes())
        .expect(0);
    assert_eq!(ran.stdout.matches("<coding>").count(), 20_000);
}
