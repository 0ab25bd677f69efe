//! What is printed onto a full device is not there, and the exit status says so.
#![cfg(target_os = "linux")]

mod program;

use std::fs::{File, OpenOptions};
use std::process::{Command, Stdio};

use program::Folder;

const STUDY: &str = r#"{"resourceType":"ImagingStudy","id":"s","contained":[{"resourceType":"Patient"}],"status":"available","modality":[{"code":"CT"}],"subject":{"reference":"Patient/1"},"endpoint":[{"reference":"Endpoint/e"}],"identifier":[{"system":"urn:dicom:uid","value":"urn:oid:1.2"}],"series":[{"uid":"1.2.3","modality":{"code":"CT"},"instance":[{"uid":"1.2.4","sopClass":{"code":"urn:oid:1.2"}}]}]}"#;

const ENDPOINT: &str = r#"{"resourceType":"Endpoint","id":"e","status":"active","connectionType":{"system":"http://terminology.hl7.org/CodeSystem/endpoint-connection-type","code":"dicom-wado-rs"},"address":"https://pacs.example.org/rs"}"#;

const BAD: &str =
    r#"{"resourceType":"ImagingStudy","id":"s","status":7,"modality":[{"code":"CT"}]}"#;

const UUID: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

fn full() -> File {
    let full = OpenOptions::new().write(true).open("/dev/full");
    full.expect("Linux has it")
}

fn status(folder: &Folder, arguments: &[&str], stdout: Stdio, stderr: Stdio) -> Option<i32> {
    let status = Command::new(env!("CARGO_BIN_EXE_imaging-study"))
        .args(arguments)
        .current_dir(folder.path("."))
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .status();
    status.expect("the program").code()
}

#[test]
fn everything_that_is_printed_is_there_or_the_status_says_so() {
    let folder = Folder::new();
    folder.write("s.json", STUDY);
    folder.write("bad.json", BAD);
    let dicom = r#"[{"00080018":{"vr":"UI","Value":["1.2.4"]},"0020000D":{"vr":"UI","Value":["1.2"]},"0020000E":{"vr":"UI","Value":["1.2.3"]},"00080016":{"vr":"UI","Value":["1.2.840.10008.5.1.4.1.1.2"]}}]"#;
    folder.write("d.json", dicom);
    folder.write("e.json", ENDPOINT);
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["--version"],
        &["help"],
        &["help", "convert"],
        &["convert", "--help"],
        &["detect", "--help"],
        &["uid", "--help"],
        &["uid", "new", "--help"],
        &["completions", "bash"],
        &["definitions", "--version", "r4"],
        &["detect", "s.json"],
        &["validate", "s.json"],
        &["validate", "--format", "json", "s.json"],
        &["repair", "s.json"],
        &["uid", "check", "1.2.3"],
        &["uid", "new"],
        &["uid", "from-uuid", UUID],
        &["urls", "--from", "r4", "s.json", "--endpoints", "e.json"],
        &["convert", "--to", "r5", "s.json"],
        &["convert", "--to", "r5", "--output-format", "xml", "s.json"],
        &["from-dicom", "--to", "r5", "d.json"],
    ] {
        let there = status(&folder, arguments, Stdio::null(), Stdio::null());
        assert!(matches!(there, Some(0 | 1)), "{arguments:?}: {there:?}");
        let lost = status(&folder, arguments, full().into(), Stdio::null());
        assert_eq!(lost, Some(3), "{arguments:?}");
    }
    // Files of their own, and what stands on stderr as they are not asked for.
    for option in [&["-o", "/dev/full"][..], &["--losses", "/dev/full"]] {
        let arguments = [&["convert", "--to", "r5", "s.json"], option].concat();
        let lost = status(&folder, &arguments, Stdio::null(), Stdio::null());
        assert_eq!(lost, Some(3), "{arguments:?}");
    }
    let quarantine = [
        "convert",
        "--from",
        "r4",
        "--to",
        "r5",
        "bad.json",
        "--quarantine",
        "/dev/full",
    ];
    assert_eq!(
        status(&folder, &quarantine, Stdio::null(), Stdio::null()),
        Some(3)
    );
    let on_stderr = status(&folder, &quarantine[..6], Stdio::null(), full().into());
    assert_eq!(on_stderr, Some(3));
}
