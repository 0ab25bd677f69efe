//! Documents in XML.

use std::process::{Command, Stdio};

use program::{Folder, extension, study, xml_study};

mod program;

const FHIR: &str = r#"xmlns="http://hl7.org/fhir""#;

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_document_stays_xml() {
    let folder = Folder::new();
    let (r4, r5) = xml_study("a");
    let there = folder.run_with(&["convert", "--to", "r5"], r4.as_bytes());
    assert_eq!(there.expect(0).stdout, r5);
    let back = folder.run_with(&["convert", "--from", "r5", "--to", "r4"], r5.as_bytes());
    assert_eq!(back.expect(0).stdout, r4);
    let same = folder.run_with(&["convert", "--to", "r4"], r4.as_bytes());
    let same = same.expect(0);
    assert_eq!(same.stdout, r4);
    assert_eq!(
        same.stderr,
        "read 1, converted 1, passed 0, quarantined 0\nlosses 0\nnotes 0\n"
    );
}

#[test]
fn the_format_changes_within_and_across_versions() {
    let folder = Folder::new();
    let (xml4, xml5) = xml_study("a");
    let (json4, json5) = study("a");
    let run = |from: &str, to: &str, format: &str, input: &str| {
        let arguments = [
            "convert",
            "--from",
            from,
            "--to",
            to,
            "--output-format",
            format,
        ];
        folder
            .run_with(&arguments, input.as_bytes())
            .expect(0)
            .stdout
    };
    assert_eq!(run("r4", "r4", "xml", &json4), xml4);
    assert_eq!(run("r4", "r5", "xml", &json4), xml5);
    assert_eq!(run("r5", "r5", "xml", &json5), xml5);
    assert_eq!(run("r4", "r4", "ndjson", &xml4), json4.clone() + "\n");
    assert_eq!(run("r4", "r5", "ndjson", &xml4), json5.clone() + "\n");
    let pretty = run("r5", "r4", "json", &xml5);
    assert!(pretty.starts_with("{\n  \"resourceType\""), "{pretty}");
    assert_eq!(run("r4", "r4", "ndjson", &pretty), json4 + "\n");
}

#[test]
fn narrative_is_not_touched() {
    let folder = Folder::new();
    let div = "<div xmlns=\"http://www.w3.org/1999/xhtml\">  <p>a &lt; b</p>\n\t<br/> </div>";
    let study = format!(
        "<ImagingStudy {FHIR}><text><status value=\"generated\"/>{div}</text>\
         <reasonCode><text value=\"x\"/></reasonCode></ImagingStudy>"
    );
    for to in ["r4", "r5"] {
        let ran = folder.run_with(&["convert", "--to", to], study.as_bytes());
        let ran = ran.expect(0);
        assert!(ran.stdout.contains(div), "{}", ran.stdout);
        assert!(ran.stdout.ends_with("</ImagingStudy>\n"));
    }
}

#[test]
fn the_content_tells_xml_from_json_for_each_file() {
    let folder = Folder::new();
    let (json, json5) = study("j");
    folder.write("a", xml_study("a").0);
    folder.write(
        "b",
        format!(
            " \r\n\t{}",
            xml_study("b")
                .0
                .replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "")
        ),
    );
    folder.write("c", format!("\u{FEFF}{}", xml_study("c").0));
    folder.write("d", utf16(&xml_study("d").0.replace("UTF-8", "UTF-16")));
    folder.write("e", format!("{json}\n<not-xml-here/>\n{json}\n"));
    let files = ["a", "b", "c", "d", "e"];
    for format in ["auto", "xml"] {
        let mut arguments = vec!["convert", "--to", "r5", "--input-format", format];
        arguments.extend(&files[..if format == "auto" { 5 } else { 4 }]);
        let ran = folder.run(&arguments).expect(0);
        let mut expected: Vec<String> = files[..4].iter().map(|id| study(id).1).collect();
        if format == "auto" {
            expected.extend([json5.clone(), json5.clone()]);
            assert_eq!(ran.outcomes().len(), 1);
            assert_eq!(extension(&ran.outcomes()[0], "line"), 2);
        }
        assert_eq!(ran.lines(), expected);
    }
    for format in ["json", "ndjson"] {
        let arguments = ["convert", "--to", "r5", "--input-format", format, "a"];
        assert_eq!(folder.run(&arguments).expect(1).stdout, "", "{format}");
    }
    let arguments = ["convert", "--to", "r5", "--input-format", "xml", "e"];
    assert_eq!(folder.run(&arguments).expect(1).outcomes().len(), 1);
}

#[test]
fn xml_holds_one_document() {
    let folder = Folder::new();
    let (a, _) = study("a");
    folder.write("in", format!("{a}\n{a}\n"));
    let arguments = [
        "convert",
        "--to",
        "r5",
        "--output-format",
        "xml",
        "in",
        "-o",
        "out",
    ];
    let ran = folder.run(&arguments).expect(2);
    assert!(ran.stderr.contains("ndjson"), "{}", ran.stderr);
    assert!(ran.stderr.contains("FOLDER/"), "{}", ran.stderr);
    assert_eq!(folder.names(), ["in"]);
    folder.write("in", format!("{a}\nbad\n"));
    folder.run(&arguments).expect(0);
    assert_eq!(folder.read("out"), xml_study("a").1);
    let back = folder.run(&["convert", "--from", "r5", "--to", "r4", "out", "-o", "out"]);
    back.expect(0);
    assert_eq!(folder.read("out"), xml_study("a").0);
}

#[test]
fn a_bad_document_says_where() {
    let folder = Folder::new();
    let bad = format!(
        "<ImagingStudy {FHIR}>\n  <interpreter>\n    <reference value='a'/>\n    \
         <reference value='secret'/>\n  </interpreter>\n</ImagingStudy>\n"
    );
    folder.write("bad.xml", &bad);
    let ran = folder.run(&["convert", "--from", "r4", "--to", "r5", "bad.xml"]);
    let ran = ran.expect(1);
    assert_eq!(ran.stdout, "");
    let outcome = &ran.outcomes()[0];
    assert_eq!(extension(outcome, "line"), 4);
    assert_eq!(extension(outcome, "col"), 5);
    assert_eq!(extension(outcome, "source"), "bad.xml");
    assert_eq!(
        outcome["issue"][0]["expression"][0],
        "ImagingStudy.interpreter[0].reference"
    );
    assert!(!ran.stderr.contains("secret"));
    // The same place in UTF-16, and where the version has to be found out.
    folder.write("bad.xml", utf16(&bad));
    let ran = folder.run(&["convert", "--from", "r4", "--to", "r5", "bad.xml"]);
    assert_eq!(extension(&ran.expect(1).outcomes()[0], "col"), 5);
    folder.write("bad.xml", bad.replace("</interpreter>", "</interpreted>"));
    let ran = folder.run(&["convert", "--to", "r5", "bad.xml"]).expect(1);
    assert_eq!(extension(&ran.outcomes()[0], "line"), 5);
}

#[test]
fn bad_files_do_not_harm_the_good_ones_beside_them() {
    let folder = Folder::new();
    let (good, _) = xml_study("good");
    let doctype = "<!DOCTYPE ImagingStudy [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    let lol = "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let latin: Vec<u8> = good
        .replace("UTF-8", "ISO-8859-1")
        .replace("available", "caf\u{0}")
        .bytes()
        .map(|byte| if byte == 0 { 0xE9 } else { byte })
        .collect();
    let utf16_without_mark = utf16(&good)[2..].to_vec();
    let utf32: Vec<u8> = "\u{FEFF}<a/>"
        .chars()
        .flat_map(|c| u32::from(c).to_le_bytes())
        .collect();
    let deep = "<extension url='u'>".repeat(100_000);
    let bad: [(&str, Vec<u8>); 16] = [
        ("cut", good.as_bytes()[..good.len() / 2].to_vec()),
        (
            "doctype",
            good.replace("<ImagingStudy", &format!("{doctype}<ImagingStudy"))
                .into_bytes(),
        ),
        (
            "entities",
            format!("{lol}<ImagingStudy {FHIR}><id value='&b;'/></ImagingStudy>").into_bytes(),
        ),
        (
            "entity",
            format!("<ImagingStudy {FHIR}><id value='&e;'/></ImagingStudy>").into_bytes(),
        ),
        ("latin", latin),
        ("utf16", utf16_without_mark),
        ("utf32", utf32),
        (
            "deep",
            format!("<ImagingStudy {FHIR}><reasonCode/>{deep}").into_bytes(),
        ),
        (
            "namespace",
            good.replace("hl7.org/fhir", "example.org").into_bytes(),
        ),
        (
            "none",
            b"<ImagingStudy><reasonCode><text value='x'/></reasonCode></ImagingStudy>".to_vec(),
        ),
        (
            "html",
            b"<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>".to_vec(),
        ),
        ("plain", b"<Patient/>".to_vec()),
        ("two", [good.as_bytes(), good.as_bytes()].concat()),
        (
            "order",
            format!("<ImagingStudy {FHIR}><series/><status value='x'/></ImagingStudy>")
                .into_bytes(),
        ),
        (
            "instruction",
            format!("<ImagingStudy {FHIR}><?x y?><id value='a'/></ImagingStudy>").into_bytes(),
        ),
        ("nothing", b"<".to_vec()),
    ];
    let mut arguments = vec!["convert", "--to", "r5", "first"];
    folder.write("first", &good);
    for (name, bytes) in &bad {
        folder.write(name, bytes);
        arguments.push(name);
    }
    folder.write("last", &good);
    arguments.push("last");
    for from in ["auto", "r4"] {
        for jobs in ["1", "3"] {
            let options = ["--from", from, "--jobs", jobs];
            let all = [arguments.as_slice(), &options].concat();
            let ran = folder.run(&all).expect(0);
            let expected = study("good").1;
            assert_eq!(ran.lines(), [&expected, &expected], "{from}");
            let outcomes = ran.outcomes();
            let sources: Vec<_> = outcomes
                .iter()
                .map(|outcome| extension(outcome, "source"))
                .collect();
            assert_eq!(sources, bad.each_ref().map(|(name, _)| *name), "{from}");
            assert!(
                outcomes
                    .iter()
                    .all(|outcome| extension(outcome, "line") != 0)
            );
        }
    }
}

#[test]
fn other_documents_pass_byte_for_byte() {
    let folder = Folder::new();
    let text = format!("<!-- a -->\r\n<Patient {FHIR} >\n <id value = 'p'/>\r\n</Patient >");
    for from in ["auto", "r4"] {
        let arguments = ["convert", "--from", from, "--to", "r5"];
        let ran = folder.run_with(&arguments, text.as_bytes()).expect(0);
        assert_eq!(ran.stdout, text);
        assert!(
            ran.stderr
                .starts_with("read 1, converted 0, passed 1, quarantined 0\n")
        );
    }
}

#[test]
fn other_documents_change_their_format_by_their_version() {
    let folder = Folder::new();
    let xml = format!(
        "<Patient {FHIR}><id value=\"p\"/><name><given value=\"A\"/></name>\
         <multipleBirthInteger value=\"2\"/></Patient>"
    );
    let json =
        r#"{"resourceType":"Patient","id":"p","name":[{"given":["A"]}],"multipleBirthInteger":2}"#;
    let run = |from: &str, format: &str, input: &str| {
        let arguments = [
            "convert",
            "--from",
            from,
            "--to",
            "r5",
            "--output-format",
            format,
        ];
        folder.run_with(&arguments, input.as_bytes())
    };
    let ran = run("r4", "ndjson", &xml).expect(0);
    assert_eq!(ran.stdout, format!("{json}\n"));
    assert!(
        ran.stderr
            .starts_with("read 1, converted 0, passed 1, quarantined 0\n")
    );
    let pretty = run("r4", "json", &xml).stdout;
    assert!(
        pretty.starts_with("{\n  \"resourceType\": \"Patient\",\n"),
        "{pretty}"
    );
    let back = run("r4", "xml", &pretty).stdout;
    assert!(back.starts_with("<?xml"), "{back}");
    assert!(back.ends_with("</Patient>\n"), "{back}");
    assert_eq!(run("r4", "ndjson", &back).stdout, format!("{json}\n"));

    for (input, format) in [(xml.as_str(), "json"), (json, "xml")] {
        let ran = run("auto", format, input).expect(1);
        assert_eq!(ran.stdout, "");
        let outcome = &ran.outcomes()[0];
        let reason = outcome["issue"][0]["diagnostics"].as_str().expect("a text");
        assert!(reason.contains("--from"), "{reason}");
    }
    // What the version does not define, or not so.
    for (input, format) in [
        ("<Unheard xmlns=\"http://hl7.org/fhir\"/>", "json"),
        (r#"{"resourceType":"Unheard"}"#, "xml"),
        (r#"{"resourceType":"Patient","name":{}}"#, "xml"),
        (
            "<Patient xmlns=\"http://hl7.org/fhir\"><colour/></Patient>",
            "json",
        ),
    ] {
        let ran = run("r4", format, input).expect(1);
        assert_eq!(ran.stdout, "", "{input}");
        assert_eq!(ran.outcomes().len(), 1, "{input}");
    }
}

#[test]
fn an_unknown_contained_resource_is_kept_and_noted() {
    let folder = Folder::new();
    let inside = "<Unheard><id value=\"u\"/><a b=\"secret\"/></Unheard>";
    let study = format!(
        "<ImagingStudy {FHIR}><id value=\"s\"/><contained><Patient><id value=\"p\"/></Patient></contained>\
         <contained>{inside}</contained><reasonCode><text value=\"x\"/></reasonCode></ImagingStudy>"
    );
    folder.write("in.xml", &study);
    let note = r#"{"source":"in.xml","line":1,"id":"s","path":"ImagingStudy.contained[1]","kind":"contained-unknown","rule":"contained","value":{"resourceType":"Unheard","id":"u"}}"#;
    for (to, notes) in [("r4", 1), ("r5", 2)] {
        let arguments = [
            "convert",
            "--to",
            to,
            "in.xml",
            "--losses",
            "lost",
            "--fail-on-loss",
        ];
        let ran = folder.run(&arguments).expect(0);
        assert!(ran.stdout.contains("<Unheard"), "{}", ran.stdout);
        assert!(ran.stdout.contains("secret"), "{}", ran.stdout);
        let expected = format!("losses 0\nnotes {notes}: contained {notes}\n");
        assert!(ran.stderr.ends_with(&expected), "{}", ran.stderr);
        let lost = folder.read("lost");
        assert_eq!(
            lost.lines().filter(|line| *line == note).count(),
            1,
            "{lost}"
        );
        assert_eq!(lost.lines().count(), notes, "{lost}");

        let ran = folder
            .run(&["convert", "--to", to, "in.xml", "--strict"])
            .expect(1);
        assert_eq!(ran.stdout, "");
        let outcome = &ran.outcomes()[0];
        assert_eq!(
            outcome["issue"][0]["diagnostics"],
            "strict: contained-unknown at ImagingStudy.contained[1]"
        );
        assert_eq!(
            outcome["issue"][0]["expression"][0],
            "ImagingStudy.contained[1]"
        );

        let arguments = ["convert", "--to", to, "in.xml", "--output-format", "json"];
        let ran = folder.run(&arguments).expect(1);
        assert_eq!(ran.stdout, "");
        let outcome = &ran.outcomes()[0];
        let reason = outcome["issue"][0]["diagnostics"].as_str().expect("a text");
        assert!(reason.contains("Unheard"), "{reason}");
        assert!(
            ran.stderr.ends_with("losses 0\nnotes 0\n"),
            "{}",
            ran.stderr
        );
    }
    let json =
        r#"{"resourceType":"ImagingStudy","contained":[{"resourceType":"Unheard","id":"u"}]}"#;
    let arguments = [
        "convert",
        "--from",
        "r4",
        "--to",
        "r4",
        "--output-format",
        "xml",
    ];
    let ran = folder.run_with(&arguments, json.as_bytes()).expect(1);
    assert_eq!(ran.stdout, "");
    assert_eq!(
        ran.outcomes()[0]["issue"][0]["expression"][0],
        "ImagingStudy.contained[0]"
    );
}

#[test]
fn losses_and_strict_are_as_in_json() {
    let folder = Folder::new();
    let study = format!(
        "\n<ImagingStudy {FHIR}><id value='s'/><implicitRules value='http://x.example'/>\
         <reasonCode><text value='x'/></reasonCode></ImagingStudy>"
    );
    folder.write("in.xml", study);
    let arguments = ["convert", "--to", "r5", "in.xml", "--losses", "lost"];
    let ran = folder.run(&arguments).expect(0);
    assert!(
        ran.stderr.ends_with("notes 1: implicit-rules 1\n"),
        "{}",
        ran.stderr
    );
    assert!(
        folder
            .read("lost")
            .contains(r#""path":"ImagingStudy.implicitRules""#)
    );
    let arguments = [
        "convert",
        "--to",
        "r5",
        "in.xml",
        "--strict",
        "--fail-on-quarantine",
    ];
    assert_eq!(folder.run(&arguments).expect(1).stdout, "");
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_ends_the_run_quietly() {
    let folder = Folder::new();
    let series = "<series><uid value=\"1.2.3\"/></series>".repeat(50_000);
    folder.write(
        "in",
        format!(
            "<ImagingStudy {FHIR}><reasonCode><text value='x'/></reasonCode>{series}</ImagingStudy>"
        ),
    );
    let mut child = Command::new(env!("CARGO_BIN_EXE_imaging-study"))
        .args(["convert", "--to", "r5"])
        .arg(folder.path("in"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_document_that_is_too_large_is_reported() {
    let folder = Folder::new();
    let (good, good5) = xml_study("a");
    let mut huge = good.replace("</ImagingStudy>\n", "").into_bytes();
    huge.resize((64 << 20) + 10, b' ');
    huge.extend_from_slice(b"</ImagingStudy>");
    folder.write("huge", huge);
    folder.write("good", good);
    let ran = folder.run(&["convert", "--to", "r5", "huge", "good", "--output", "out/"]);
    let ran = ran.expect(0);
    assert_eq!(ran.outcomes()[0]["issue"][0]["code"], "too-long");
    assert_eq!(folder.read("out/0000001-a.xml"), good5);
}
