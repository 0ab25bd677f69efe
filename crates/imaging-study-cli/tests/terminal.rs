//! Nothing that comes from the input changes the terminal or breaks a line: names of files, names of
//! elements, arguments.
#![cfg(unix)]

use program::{Folder, Ran, study};

mod program;

/// A name that ends a line, writes in red, and turns the rest around.
const NAME: &str = "a\n\u{1b}[31m\t\u{9b}1m\u{202e}b\\.ndjson";
const SHOWN: &str = "a\\n\\u{1b}[31m\\t\\u{9b}1m\\u{202e}b\\\\.ndjson";

fn changes_terminals(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}')
}

fn check(ran: &Ran, lines: usize) {
    let shown = [&ran.stdout, &ran.stderr];
    for text in shown {
        let bad = |character| changes_terminals(character) && !matches!(character, '\n' | '\t');
        assert!(!text.contains(bad), "{text:?}");
    }
    let count: usize = shown.iter().map(|text| text.lines().count()).sum();
    assert_eq!(count, lines, "{ran:?}");
}

#[test]
fn names_of_files_are_escaped() {
    let folder = Folder::new();
    let (good, _) = study("x");
    let member = "\u{1b}[31m\u{9b}\u{7f}\u{202e}";
    let bad = format!(r#"{{"resourceType":"ImagingStudy","reasonCode":[],"{member}":1}}"#);
    let report = r#"{"resourceType":"DiagnosticReport","contained":[{"resourceType":"ImagingStudy","order":[]}]}"#;
    folder.write(NAME, format!("{good}\n{bad}\nx\n{report}\n"));

    let ran = folder.run(&["detect", NAME]).expect(1);
    check(&ran, 4);
    for (index, line) in ran.lines().iter().enumerate() {
        assert!(
            line.starts_with(&format!("{SHOWN}:{}\t", index + 1)),
            "{line}"
        );
        assert_eq!(line.split('\t').count(), 3, "{line}");
    }

    let ran = folder.run(&["convert", "--to", "r5", "-o", "out", NAME]);
    check(&ran.expect(0), 6);
    let summary = folder
        .run(&["convert", "--to", "r5", NAME])
        .expect(0)
        .stderr;
    assert!(summary.contains(&format!(": {SHOWN}:4 DiagnosticReport.contained[0]\n")));

    // Every error that has a name of a file in it.
    let missing = format!("no{NAME}");
    folder.write("in", &good);
    let cases: [&[&str]; 12] = [
        &["convert", "--to", "r5", &missing],
        &["detect", &missing],
        &["urls", &missing],
        &["urls", "in", "--endpoints", &missing],
        &["convert", "--to", "r5", "in", "-o", &format!("{missing}/x")],
        &["convert", "--to", "r5", NAME, "--losses", NAME],
        &[
            "convert", "--to", "r5", "in", "--losses", &missing, "-o", &missing,
        ],
        &[
            "convert",
            "--to",
            "r5",
            "in",
            "-o",
            &format!("{missing}/{NAME}/"),
        ],
        &["from-dicom", "--to", "r5", &missing],
        &["from-dicom", "--to", "r5", "--merge", &missing, "in"],
        &["from-dicom", "--to", "r5", "--merge", NAME, "in"],
        &["uid", "check", NAME],
    ];
    for arguments in cases {
        let ran = folder.run(arguments);
        assert_ne!(ran.status, 0, "{arguments:?}");
        check(&ran, 1);
    }
    // What clap says about arguments.
    for arguments in [
        ["convert", "--to", NAME],
        ["convert", "--to=r5", &format!("--{NAME}")],
        [NAME, "--to", "r5"],
        ["convert", "--to=r5", &format!("--jobs={NAME}")],
    ] {
        let ran = folder.run(&arguments).expect(2);
        let bad = |character| changes_terminals(character) && character != '\n';
        assert!(!ran.stderr.contains(bad), "{:?}", ran.stderr);
        assert!(ran.stderr.contains("a\\n\\u{1b}[31m"), "{}", ran.stderr);
    }
}

#[test]
fn names_that_are_no_text_are_shown_too() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::process::Command;

    let output = Command::new(env!("CARGO_BIN_EXE_imaging-study"))
        .args(["convert", "--to", "r5"])
        .arg(OsStr::from_bytes(b"no\xff\x1b"))
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stderr.starts_with(b"error: no"));
    assert!(!output.stderr.contains(&0x1b));
}
