//! Outputs and reports: whole or not at all, and never in each other's way.

use std::fs;
use std::process::{Command, Stdio};

use program::{Folder, study};

mod program;

#[test]
fn output_appears_whole_or_not_at_all() {
    let folder = Folder::new();
    let (a, a5) = study("a");
    folder.write("in", format!("{a}\n"));
    folder.write("out", "before");
    folder
        .run(&[
            "convert",
            "--to",
            "r5",
            "in",
            "missing",
            "-o",
            "out",
            "--quarantine",
            "bad",
        ])
        .expect(3);
    assert_eq!(folder.read("out"), "before");
    assert_eq!(folder.names(), ["in", "out"]);
    folder
        .run(&[
            "convert",
            "--to",
            "r5",
            "in",
            "-o",
            "out",
            "--quarantine",
            "bad",
            "--losses",
            "lost",
        ])
        .expect(0);
    assert_eq!(folder.read("out"), format!("{a5}\n"));
    assert_eq!(folder.names(), ["bad", "in", "lost", "out"]);
    assert_eq!(folder.read("bad") + &folder.read("lost"), "");
}

#[test]
fn output_may_replace_the_input() {
    let folder = Folder::new();
    let (a, a5) = study("a");
    folder.write("in", format!("{a}\n"));
    folder
        .run(&["convert", "--to", "r5", "in", "-o", "in"])
        .expect(0);
    assert_eq!(folder.read("in"), format!("{a5}\n"));
}

/// What went to the quarantine stands nowhere but in the input.
#[test]
fn an_input_that_was_not_all_converted_stays() {
    let folder = Folder::new();
    let (a, a5) = study("a");
    let lines = format!("{a}\nnot json\n");
    folder.write("in", &lines);
    let arguments = [
        "convert",
        "--to",
        "r5",
        "in",
        "-o",
        "in",
        "--quarantine",
        "bad",
    ];
    let ran = folder.run(&arguments).expect(1);
    assert!(ran.stderr.contains("left as it was"), "{}", ran.stderr);
    assert_eq!(folder.read("in"), lines);
    assert_eq!(folder.read("bad").lines().count(), 1);
    assert_eq!(folder.names(), ["bad", "in"]);

    // Into another file, what could be converted is written.
    folder
        .run(&["convert", "--to", "r5", "in", "-o", "out"])
        .expect(0);
    assert_eq!(folder.read("out"), format!("{a5}\n"));

    // Nothing is no document.
    folder.write(
        "bad.xml",
        "<ImagingStudy xmlns=\"http://hl7.org/fhir\"><foo/></ImagingStudy>",
    );
    folder.write("other.xml", "before");
    let arguments = [
        "convert",
        "--from",
        "r4",
        "--to",
        "r5",
        "-o",
        "other.xml",
        "bad.xml",
    ];
    folder.run(&arguments).expect(1);
    assert_eq!(folder.read("other.xml"), "before");
}

#[test]
fn reports_do_not_overwrite_anything() {
    let folder = Folder::new();
    let (a, _) = study("a");
    folder.write("in", &a);
    for reports in [
        ["--quarantine", "in", "--losses", "x"],
        ["--losses", "./in", "-o", "x"],
        ["--losses", "x", "-o", "./x"],
        ["--quarantine", "x", "--losses", "x"],
    ] {
        let mut arguments = vec!["convert", "--to", "r5", "in"];
        arguments.extend(reports);
        let ran = folder.run(&arguments).expect(2);
        assert!(ran.stderr.contains("same file"), "{}", ran.stderr);
        assert_eq!(folder.names(), ["in"]);
        assert_eq!(folder.read("in"), a);
    }
}

#[cfg(unix)]
#[test]
fn links_devices_and_modes_stay_what_they_are() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    let (a, a5) = study("a");
    folder.write("in", &a);
    folder.write("file", "");
    fs::set_permissions(folder.path("file"), fs::Permissions::from_mode(0o640)).expect("a mode");
    symlink("file", folder.path("link")).expect("a link");
    folder
        .run(&[
            "convert",
            "--to",
            "r5",
            "in",
            "-o",
            "link",
            "--quarantine",
            "/dev/null",
        ])
        .expect(0);
    assert_eq!(folder.read("file"), format!("{a5}\n"));
    assert!(
        fs::symlink_metadata(folder.path("link"))
            .expect("a link")
            .is_symlink()
    );
    let mode = fs::metadata(folder.path("file"))
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    folder
        .run(&[
            "convert",
            "--to",
            "r5",
            "in",
            "-o",
            "/dev/null",
            "--losses",
            "/dev/null",
        ])
        .expect(0);
    assert!(!fs::metadata("/dev/null").expect("a device").is_file());
}

#[test]
fn losses_are_recorded() {
    let folder = Folder::new();
    let contained = r#"{"resourceType":"Patient","id":"p","x":1.10}"#;
    let study = format!(
        r##"{{"resourceType":"ImagingStudy","id":"s","contained":[{contained}],"modality":[{{"code":"CT"}}],"subject":{{"reference":"#p"}}}}"##
    );
    folder.write("in", format!("\n{study}\n"));
    let ran = folder
        .run(&[
            "convert",
            "--to",
            "r5",
            "in",
            "--losses",
            "lost",
            "--fail-on-loss",
        ])
        .expect(0);
    assert!(
        ran.stderr.contains("losses 0\nnotes 1: contained 1"),
        "{}",
        ran.stderr
    );
    let lost = folder.read("lost");
    let expected = r#"{"source":"in","line":2,"id":"s","path":"ImagingStudy.contained[0]","kind":"contained-not-converted","rule":"contained","value":"#;
    assert!(lost.starts_with(expected), "{lost}");
    assert_eq!(lost.lines().count(), 1);

    folder
        .run(&[
            "convert",
            "--to",
            "r5",
            "--strict",
            "in",
            "--fail-on-quarantine",
        ])
        .expect(0);
}

#[test]
fn strict_refuses_and_says_what() {
    let folder = Folder::new();
    let (good, good5) = study("a");
    let rules = r#"{"resourceType":"ImagingStudy","implicitRules":"http://x.example","reasonCode":[{"text":"x"}]}"#;
    folder.write("in", format!("{good}\n{rules}\n"));
    folder
        .run(&["convert", "--to", "r5", "in", "--fail-on-quarantine"])
        .expect(0);
    let ran = folder.run(&[
        "convert",
        "--to",
        "r5",
        "--strict",
        "in",
        "--fail-on-quarantine",
    ]);
    let ran = ran.expect(1);
    assert_eq!(ran.lines(), [good5]);
    let outcomes = ran.outcomes();
    assert_eq!(outcomes[0]["issue"][0]["code"], "business-rule");
    assert_eq!(
        outcomes[0]["issue"][0]["expression"][0],
        "ImagingStudy.implicitRules"
    );
    assert_eq!(
        outcomes[0]["issue"][0]["diagnostics"],
        "strict: implicit-rules at ImagingStudy.implicitRules"
    );
    assert!(!ran.stderr.contains("x.example"));
}

#[test]
fn an_edited_value_is_a_loss() {
    let folder = Folder::new();
    let url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ImagingStudy.modality";
    let carry = format!(
        r#"{{"url":"{url}","valueCodeableConcept":{{"coding":[{{"code":"CT"}}],"text":"CT scan"}}}}"#
    );
    let study = format!(
        r#"{{"resourceType":"ImagingStudy","status":"available","subject":{{"display":"x"}},"modality":[{{"extension":[{carry}],"code":"MR"}}]}}"#
    );
    let ran = folder.run_with(
        &["convert", "--to", "r5", "--fail-on-loss"],
        study.as_bytes(),
    );
    let ran = ran.expect(1);
    assert!(ran.stderr.contains("losses 1: stale 1"), "{}", ran.stderr);
    assert_eq!(ran.lines().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_ends_the_run_quietly() {
    let folder = Folder::new();
    let input: String = (0..100_000)
        .map(|number| study(&number.to_string()).0 + "\n")
        .collect();
    folder.write("in", input);
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
