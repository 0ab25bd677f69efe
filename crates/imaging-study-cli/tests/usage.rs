//! The command line: what it refuses, and what it explains.

use program::{Folder, study};

mod program;

#[test]
fn unknown_versions_are_refused() {
    let folder = Folder::new();
    let ran = folder.run(&["convert", "--to", "r7"]).expect(2);
    assert!(
        ran.stderr
            .contains("dstu2, stu3, r4, r4b, r5, r6-draft, r6"),
        "{}",
        ran.stderr
    );
}

#[test]
fn versions_have_several_names() {
    let folder = Folder::new();
    let (a, a5) = study("a");
    for (from, to) in [
        ("r4", "r5"),
        ("4.0", "5.0"),
        ("R4", "R5"),
        ("auto", "5.0.0"),
    ] {
        let ran = folder.run_with(&["convert", "--from", from, "--to", to], a.as_bytes());
        assert_eq!(ran.expect(0).stdout, format!("{a5}\n"));
    }
}

#[test]
fn wrong_usage_is_status_2() {
    let folder = Folder::new();
    for arguments in [
        &[][..],
        &["convert"],
        &["convert", "--to", "r5", "--jobs", "0"],
        &["convert", "--to", "r5", "--input-format", "html"],
        &["convert", "--to", "r5", "--output-format", "XML"],
        &["convert", "--to", "r5", "--output-format", "auto"],
        &["convert", "--to", "r5", "--procedure-reference", "both"],
        &["convert", "--to", "r5", "--episode-of-care", "both"],
        &["detect"],
        &["completions", "nosh"],
        &["uid"],
        &["uid", "move"],
        &["move"],
    ] {
        folder.run(arguments).expect(2);
    }
}

#[test]
fn missing_files_are_status_3() {
    let folder = Folder::new();
    for arguments in [
        &["convert", "--to", "r5", "missing"][..],
        &["convert", "--to", "r5", "."],
        &["convert", "--to", "r5", "-o", "missing/out"],
        &["convert", "--to", "r5", "-o", "missing/out/"],
        &["detect", "missing"],
        &["detect", "."],
    ] {
        let ran = folder.run(arguments).expect(3);
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
}

#[test]
fn help_has_examples() {
    let folder = Folder::new();
    for arguments in [
        &["--help"][..],
        &["convert", "--help"],
        &["detect", "--help"],
        &["uid", "--help"],
        &["uid", "check", "--help"],
        &["urls", "--help"],
    ] {
        let ran = folder.run(arguments).expect(0);
        assert!(ran.stdout.contains("Example"), "{}", ran.stdout);
    }
}

#[test]
fn shells_get_completions() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = folder.run(&["completions", shell]).expect(0);
        for option in [
            "procedure-reference",
            "connection-type",
            "from-uuid",
            "repair",
        ] {
            assert!(ran.stdout.contains(option), "{shell}: {option}");
        }
        // The others do not list values.
        let lists_values = ["bash", "zsh", "fish"].contains(&shell);
        assert_eq!(ran.stdout.contains("xml"), lists_values, "{shell}");
    }
}

#[test]
fn the_procedure_reference_goes_where_the_user_wants() {
    let folder = Folder::new();
    let study =
        r#"{"resourceType":"ImagingStudy","procedureReference":{"reference":"Procedure/p"}}"#;
    let cases = [
        ("part-of", r#""partOf":[{"reference":"Procedure/p"}]"#),
        (
            "procedure",
            r#""procedure":[{"reference":{"reference":"Procedure/p"}}]"#,
        ),
    ];
    for (element, expected) in cases {
        let arguments = ["convert", "--to", "r5", "--procedure-reference", element];
        let ran = folder.run_with(&arguments, study.as_bytes()).expect(0);
        assert!(ran.stdout.contains(expected), "{}", ran.stdout);
    }
}

#[test]
fn unavailable_images_have_the_status_that_the_user_wants() {
    let folder = Folder::new();
    let study = r#"{"resourceType":"ImagingStudy","uid":"urn:oid:1.2","availability":"UNAVAILABLE","patient":{"reference":"Patient/p"}}"#;
    for status in ["registered", "cancelled"] {
        let arguments = [
            "convert",
            "--from",
            "stu3",
            "--to",
            "r4",
            "--unavailable",
            status,
        ];
        let ran = folder.run_with(&arguments, study.as_bytes()).expect(0);
        let expected = format!(r#""status":"{status}""#);
        assert!(ran.stdout.contains(&expected), "{}", ran.stdout);
        let back = ["convert", "--from", "r4", "--to", "stu3"];
        let back = folder.run_with(&back, ran.stdout.as_bytes()).expect(0);
        assert_eq!(back.stdout.trim_end(), study);
    }
}

#[test]
fn an_episode_of_care_goes_where_the_user_wants() {
    let folder = Folder::new();
    let study = r#"{"resourceType":"ImagingStudy","uid":"urn:oid:1.2","patient":{"reference":"Patient/p"},"context":{"reference":"EpisodeOfCare/e"}}"#;
    let cases = [
        (
            "context",
            r#""encounter":{"extension":[{"url":"http://hl7.org/fhir/3.0/StructureDefinition/extension-ImagingStudy.context""#,
        ),
        (
            "workflow",
            r#""extension":[{"url":"http://hl7.org/fhir/StructureDefinition/workflow-episodeOfCare""#,
        ),
    ];
    for (extension, expected) in cases {
        let arguments = [
            "convert",
            "--from",
            "stu3",
            "--to",
            "r4",
            "--episode-of-care",
            extension,
        ];
        let ran = folder.run_with(&arguments, study.as_bytes()).expect(0);
        assert!(ran.stdout.contains(expected), "{}", ran.stdout);
    }
}

#[test]
fn without_extensions_each_value_is_reported() {
    let folder = Folder::new();
    let study = r#"{"resourceType":"ImagingStudy","status":"available","subject":{"reference":"Patient/p"},"interpreter":[{"reference":"Practitioner/a"}],"series":[{"uid":"1.2","modality":{"code":"CT"},"performer":[{"actor":{"reference":"Practitioner/b"}}]}]}"#;
    let arguments = [
        "convert",
        "--from",
        "r4",
        "--to",
        "r5",
        "--no-extensions",
        "--fail-on-loss",
        "--losses",
        "losses",
    ];
    let ran = folder.run_with(&arguments, study.as_bytes()).expect(1);
    assert!(!ran.stdout.contains("extension"), "{}", ran.stdout);
    let losses = folder.read("losses");
    let lost: serde_json::Value = serde_json::from_str(&losses).expect("one loss");
    assert_eq!(lost["path"], "ImagingStudy.interpreter");
    assert_eq!(lost["kind"], "not-carried");
    assert_eq!(lost["value"]["reference"], "Practitioner/a");
}

#[test]
fn threads_have_a_bound() {
    let folder = Folder::new();
    let (r4, r5) = study("a");
    let run = |jobs: &str| {
        let arguments = ["convert", "--to", "r5", "--jobs", jobs];
        folder.run_with(&arguments, r4.as_bytes())
    };
    assert_eq!(run("1024").expect(0).stdout, r5 + "\n");
    for jobs in ["1025", "20000", "18446744073709551615", "0", "-1", "x"] {
        let ran = run(jobs).expect(2);
        assert_eq!(ran.stdout, "");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_of_every_command() {
    use std::fs::File;
    use std::process::{Command, Stdio};

    let folder = Folder::new();
    folder.write("in.ndjson", (study("a").0 + "\n").repeat(3_000));
    for arguments in [
        &["convert", "--to", "r5", "in.ndjson"][..],
        &["detect", "in.ndjson"],
        &["uid", "new"],
        &["completions", "bash"],
    ] {
        let full = File::options().write(true).open("/dev/full");
        let output = Command::new(env!("CARGO_BIN_EXE_imaging-study"))
            .args(arguments)
            .current_dir(folder.path(""))
            .stdout(full.expect("a device"))
            .stderr(Stdio::piped())
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(output.stderr.starts_with(b"error: output: "));
    }
}
