//! JSON documents and Bundles.

use program::{Folder, extension, study};

mod program;

#[test]
fn a_document_stays_a_document() {
    let folder = Folder::new();
    let (_, r5) = study("a");
    let pretty = "{\n  \"resourceType\": \"ImagingStudy\",\n  \"id\": \"a\",\n  \"status\": \"available\",\n  \
                  \"modality\": [\n    {\"code\": \"CT\"}\n  ],\n  \"subject\": {\"reference\": \"Patient/p\"}\n}\n";
    folder.write("a.json", pretty);
    let ran = folder.run(&["convert", "--to", "r5", "a.json"]).expect(0);
    assert!(
        ran.stdout
            .starts_with("{\n  \"resourceType\": \"ImagingStudy\",\n"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.ends_with("\n}\n"));
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let expected: serde_json::Value = serde_json::from_str(&r5).expect("JSON");
    assert_eq!(value, expected);

    let line = folder.run(&[
        "convert",
        "--to",
        "r5",
        "--output-format",
        "ndjson",
        "a.json",
    ]);
    assert_eq!(line.expect(0).stdout, format!("{r5}\n"));
    let back = folder.run_with(
        &[
            "convert",
            "--from",
            "r5",
            "--to",
            "r4",
            "--output-format",
            "json",
        ],
        r5.as_bytes(),
    );
    let back: serde_json::Value = serde_json::from_str(&back.expect(0).stdout).expect("JSON");
    assert_eq!(
        back,
        serde_json::from_str::<serde_json::Value>(pretty).expect("JSON")
    );
}

#[test]
fn a_bad_document_says_where() {
    let folder = Folder::new();
    let bad = "{\n  \"resourceType\": \"ImagingStudy\",\n  \"interpreter\": [{\n    \"reference\": 7 }]\n}\n";
    let ran = folder
        .run_with(&["convert", "--from", "r4", "--to", "r5"], bad.as_bytes())
        .expect(1);
    assert_eq!(ran.stdout, "");
    let outcomes = ran.outcomes();
    assert_eq!(outcomes.len(), 1);
    assert_eq!(extension(&outcomes[0], "line"), 4);
    assert_eq!(extension(&outcomes[0], "col"), 18);
    assert_eq!(extension(&outcomes[0], "source"), "-");
    assert_eq!(
        outcomes[0]["issue"][0]["expression"][0],
        "ImagingStudy.interpreter[0].reference"
    );
    folder
        .run_with(
            &[
                "convert",
                "--from",
                "r4",
                "--to",
                "r5",
                "--fail-on-quarantine",
            ],
            bad.as_bytes(),
        )
        .expect(1);
}

#[test]
fn other_documents_pass_byte_for_byte() {
    let folder = Folder::new();
    let text = "{\r\n \"resourceType\": \"Patient\",\r\n \"x\": [ 1.0, 1E5 ] }";
    let ran = folder
        .run_with(&["convert", "--to", "r5"], text.as_bytes())
        .expect(0);
    assert_eq!(ran.stdout, text);
    let line = folder.run_with(
        &["convert", "--to", "r5", "--output-format", "ndjson"],
        text.as_bytes(),
    );
    assert_eq!(
        line.expect(0).stdout,
        "{\"resourceType\":\"Patient\",\"x\":[1.0,1E5]}\n"
    );
}

#[test]
fn json_holds_one_document() {
    let folder = Folder::new();
    let (a, _) = study("a");
    folder.write("in", format!("{a}\n{a}\n"));
    let ran = folder.run(&[
        "convert",
        "--to",
        "r5",
        "--output-format",
        "json",
        "in",
        "-o",
        "out",
    ]);
    let ran = ran.expect(2);
    assert!(ran.stderr.contains("ndjson"), "{}", ran.stderr);
    assert_eq!(folder.names(), ["in"]);
    let ran = folder
        .run(&["convert", "--to", "r5", "--output-format", "json", "in"])
        .expect(2);
    assert_eq!(ran.stdout, "");
    folder.write("in", format!("{a}\nbad\n"));
    folder
        .run(&[
            "convert",
            "--to",
            "r5",
            "--output-format",
            "json",
            "in",
            "-o",
            "out",
        ])
        .expect(0);
    assert!(folder.read("out").starts_with("{\n"));
}

#[test]
fn studies_in_a_bundle_are_converted_in_their_place() {
    let folder = Folder::new();
    let (a, a5) = study("a");
    let (b, b5) = study("b");
    let bundle = |first: &str, bad: &str, second: &str| {
        format!(
            r#"{{"type":"collection", "resourceType":"Bundle","total":1.0,"entry":[{{"fullUrl":"urn:x","resource":{first}}},"#
        ) + r#"{"resource":{"resourceType":"Patient","multipleBirthInteger":  2}},{"request":{"method":"DELETE"}},"#
            + bad
            + &format!(r#"{{"resource" : {second}, "search":{{"mode":"match"}}}}]}}"#)
    };
    let ran = folder
        .run_with(&["convert", "--to", "r5"], bundle(&a, "", &b).as_bytes())
        .expect(0);
    assert_eq!(ran.stdout, bundle(&a5, "", &b5) + "\n");

    // What goes to the quarantine is not written, and the rest is.
    let bad = r#"{"resource":{"resourceType":"ImagingStudy","id":"bad","modality":[{"code":7}]}},"#;
    let input = bundle(&a, bad, &b);
    let ran = folder
        .run_with(&["convert", "--to", "r5"], input.as_bytes())
        .expect(0);
    let without_spaces = bundle(&a5, "", &b5).replace(' ', "");
    assert_eq!(ran.stdout, without_spaces + "\n");
    assert!(
        ran.stderr
            .contains("read 4, converted 2, passed 1, quarantined 1; bundles 1"),
        "{}",
        ran.stderr
    );
    let outcomes = ran.outcomes();
    let path = &outcomes[0]["issue"][0]["expression"][0];
    assert_eq!(path, "Bundle.entry[3].resource.modality[0].code");
    let column = input.find(":7}").map(|at| at as u64 + 2);
    assert_eq!(extension(&outcomes[0], "col").as_u64(), column);
}

#[test]
fn a_bundle_keeps_its_lines() {
    let folder = Folder::new();
    let bundle = "{\n  \"resourceType\": \"Bundle\",\n  \"entry\": [\n    {\n      \"resource\": {\n        \
                  \"resourceType\": \"ImagingStudy\",\n        \"reasonCode\": [ { \"text\": \"x\" } ]\n      }\n    },\n    {\n      \
                  \"resource\": {\"resourceType\": \"ImagingStudy\",\n        \"id\": \"?\" }\n    }\n  ]\n}";
    let ran = folder.run_with(
        &["convert", "--from", "r4", "--to", "r5"],
        bundle.as_bytes(),
    );
    let ran = ran.expect(0);
    let expected = "{\n  \"resourceType\": \"Bundle\",\n  \"entry\": [\n    {\n      \"resource\": {\n        \
                    \"resourceType\": \"ImagingStudy\",\n        \"reason\": [\n          {\n            \"concept\": {\n              \
                    \"text\": \"x\"\n            }\n          }\n        ]\n      }\n    }\n  ]\n}\n";
    assert_eq!(ran.stdout, expected);
    let outcomes = ran.outcomes();
    assert_eq!(extension(&outcomes[0], "line"), 12);
    assert_eq!(extension(&outcomes[0], "col"), 15);
    assert_eq!(
        outcomes[0]["issue"][0]["expression"][0],
        "Bundle.entry[1].resource.id"
    );

    let line = folder.run_with(
        &[
            "convert",
            "--from",
            "r4",
            "--to",
            "r5",
            "--output-format",
            "ndjson",
        ],
        bundle.as_bytes(),
    );
    let line = line.expect(0).stdout;
    assert_eq!(line.lines().count(), 1);
    assert!(
        line.contains(r#""reason":[{"concept":{"text":"x"}}]"#),
        "{line}"
    );
}

/// What goes to the quarantine is written in no format, alone or in Bundles inside one another.
#[test]
fn quarantined_entries_are_not_written() {
    let folder = Folder::new();
    let (good, _) = study("good");
    let inner = |entries: &str| {
        format!(
            r#"{{"resource":{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}}}"#
        )
    };
    let bad = [
        r#"{"resource":{"resourceType":"ImagingStudy","id":"bad","started":"then"}}"#,
        r#"{"fullUrl":"urn:bad","resource":{"resourceType":"imagingstudy","id":"bad"}}"#,
        r#"{"resource":{"resourceType":7,"id":"bad"}}"#,
        r#"{"resource":["bad"]}"#,
    ];
    let good = format!(r#"{{"resource":{good}}}"#);
    for bad in bad {
        for entries in [
            format!("{bad},{good},{bad}"),
            format!("{good},{bad},{bad},{good}"),
            format!("{},{good}", inner(&format!("{bad},{good}"))),
            format!("{good},{}", inner(bad)),
        ] {
            let input =
                format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}"#);
            let count = |text: &str, what: &str| text.matches(what).count();
            for format in ["json", "ndjson", "xml"] {
                let arguments = [
                    "convert",
                    "--from",
                    "r4",
                    "--to",
                    "r5",
                    "--output-format",
                    format,
                ];
                let ran = folder.run_with(&arguments, input.as_bytes()).expect(0);
                let (bads, goods) = (count(&input, bad), count(&input, "\"good\""));
                assert!(
                    ran.stderr.contains(&format!(
                        "converted {goods}, passed 0, quarantined {bads}; bundles 1"
                    )),
                    "{}",
                    ran.stderr
                );
                assert!(!ran.stdout.contains("bad"), "{input}: {}", ran.stdout);
                assert_eq!(count(&ran.stdout, "good"), goods, "{}", ran.stdout);
                assert!(!ran.stdout.contains("[]"), "{}", ran.stdout);
            }
        }
    }
}
