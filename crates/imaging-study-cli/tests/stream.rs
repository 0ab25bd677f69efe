//! NDJSON: every good line in its place, every bad line reported, whatever the line ends are.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use imaging_study::FhirVersion;
use imaging_study_migrate::{Input, Outputs, Settings, migrate};

use program::{Folder, extension, outcomes, study};

mod program;

#[test]
fn good_lines_pass_between_bad_ones() {
    let folder = Folder::new();
    let (a, a5) = study("a");
    let (b, b5) = study("b");
    let bad = [
        "not json",
        r#"{"resourceType":"ImagingStudy","status":"available","modality":[{"code":"CT"}],"numberOfSeries":-1}"#,
        r#"{"resourceType":"ImagingStudy","modality":[{"code":"CT"}],"modality":[]}"#,
        r#"{"id":"nothing"}"#,
        "[]",
        r#"{"resourceType":"ImagingStudy","id":"secret"}"#,
    ];
    folder.write("in", format!("{a}\n{}\n{b}\n", bad.join("\n")));
    let ran = folder
        .run(&["convert", "--to", "r5", "in", "--quarantine", "bad"])
        .expect(0);
    assert_eq!(ran.lines(), [a5, b5]);
    assert_eq!(
        ran.stderr,
        "read 8, converted 2, passed 0, quarantined 6\nlosses 0\nnotes 0\n"
    );

    let quarantine = folder.read("bad");
    assert!(!quarantine.contains("secret"));
    let outcomes = outcomes(&quarantine);
    let found: Vec<(u64, &str)> = outcomes
        .iter()
        .map(|outcome| {
            assert_eq!(outcome["resourceType"], "OperationOutcome");
            assert_eq!(outcome["issue"][0]["severity"], "error");
            assert_eq!(extension(outcome, "source"), "in");
            let line = extension(outcome, "line").as_u64().expect("a number");
            (line, outcome["issue"][0]["code"].as_str().expect("a code"))
        })
        .collect();
    let expected = [
        (2, "structure"),
        (3, "value"),
        (4, "duplicate"),
        (5, "required"),
        (6, "structure"),
        (7, "invalid"),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        outcomes[1]["issue"][0]["expression"][0],
        "ImagingStudy.numberOfSeries"
    );
    let column = bad[1].find("-1").map(|at| at as u64 + 1);
    assert_eq!(extension(&outcomes[1], "col").as_u64(), column);
    let diagnostics = outcomes[5]["issue"][0]["diagnostics"]
        .as_str()
        .expect("a text");
    assert!(diagnostics.contains("--from"), "{diagnostics}");
}

#[test]
fn line_ends_blank_lines_and_marks_do_not_matter() {
    let folder = Folder::new();
    let (a, a5) = study("a");
    let (b, b5) = study("b");
    let expected = format!("{a5}\n{b5}\n");
    let inputs = [
        format!("{a}\n{b}\n"),
        format!("{a}\n{b}"),
        format!("{a}\r\n{b}\r\n"),
        format!("\u{FEFF}{a}\n\n  \r\n{b}\n\n"),
        format!("\n\n  {a}  \n{b}"),
    ];
    for input in inputs {
        for jobs in ["1", "3"] {
            let arguments = ["convert", "--to", "r5", "--jobs", jobs];
            let ran = folder.run_with(&arguments, input.as_bytes()).expect(0);
            assert_eq!(ran.stdout, expected, "{input:?}");
        }
    }
}

#[test]
fn other_resources_pass_byte_for_byte() {
    let folder = Folder::new();
    let patient = r#"{ "id" : "p",  "resourceType":"Patient", "x":1.10e0, "name":[{}]}"#;
    let (a, a5) = study("a");
    folder.write(
        "in",
        format!("{patient}\r\n{a}\n{{\"resourceType\":\"Patient\",}}\n"),
    );
    for from in ["auto", "r4"] {
        let ran = folder
            .run(&["convert", "--from", from, "--to", "r5", "in"])
            .expect(0);
        assert_eq!(ran.lines(), [patient, &a5]);
        assert!(
            ran.stderr
                .contains("read 3, converted 1, passed 1, quarantined 1")
        );
    }
}

#[test]
fn files_follow_one_another_and_count_their_own_lines() {
    let folder = Folder::new();
    let (a, a5) = study("a");
    let (b, b5) = study("b");
    folder.write("one", format!("{a}\nbad\n"));
    folder.write(
        "two",
        "{\n\"resourceType\": \"Patient\",\n\"id\": \"p\"\n}\n",
    );
    folder.write("three", format!("bad\n{b}"));
    let ran = folder
        .run(&["convert", "--to", "5.0", "one", "two", "-", "three"])
        .expect(0);
    assert_eq!(
        ran.lines(),
        [&a5, r#"{"resourceType":"Patient","id":"p"}"#, &b5]
    );
    let places: Vec<_> = ran
        .outcomes()
        .iter()
        .map(|outcome| (extension(outcome, "source"), extension(outcome, "line")))
        .collect();
    assert_eq!(
        places,
        [("one".into(), 2.into()), ("three".into(), 1.into())]
    );
}

#[test]
fn the_number_of_threads_does_not_change_the_output() {
    let folder = Folder::new();
    let mut input = String::new();
    let mut expected = Vec::new();
    for number in 0..40_000 {
        if number % 97 == 5 {
            input.push_str("bad\n");
        } else {
            let (r4, r5) = study(&number.to_string());
            input.push_str(&r4);
            input.push('\n');
            expected.push(r5);
        }
    }
    folder.write("in", &input);
    assert!(input.len() > 4 << 20, "several batches");
    let mut quarantines = Vec::new();
    for jobs in ["1", "2", "4"] {
        let arguments = [
            "convert",
            "--to",
            "r5",
            "--jobs",
            jobs,
            "in",
            "-o",
            "out",
            "--quarantine",
            "bad",
        ];
        folder.run(&arguments).expect(0);
        assert!(
            folder
                .read("out")
                .lines()
                .eq(expected.iter().map(String::as_str)),
            "{jobs}"
        );
        quarantines.push(folder.read("bad"));
    }
    assert_eq!(outcomes(&quarantines[0]).len(), 413);
    assert!(quarantines.iter().all(|other| *other == quarantines[0]));
}

#[test]
fn the_size_of_batches_does_not_change_the_output() {
    let input: String = (0..50)
        .map(|number| study(&number.to_string()).0 + "\r\n")
        .collect();
    let expected: String = (0..50)
        .map(|number| study(&number.to_string()).1 + "\n")
        .collect();
    for batch_size in [1, 150, 4096, 1 << 20] {
        for jobs in 1..4 {
            let mut settings = Settings::new(FhirVersion::R5);
            settings.batch_size = batch_size;
            settings.jobs = NonZeroUsize::new(jobs).expect("at least one");
            let mut output = Vec::new();
            let mut read = 0;
            let summary = migrate(
                [Input::new("memory", input.as_bytes())],
                &settings,
                &mut Outputs {
                    progress: Some(&mut |bytes| read += bytes),
                    ..Outputs::new(&mut output, &mut Vec::new())
                },
            )
            .expect("memory can be read");
            assert_eq!(summary.converted, 50);
            assert_eq!(String::from_utf8(output).expect("UTF-8"), expected);
            assert_eq!(read, input.len() as u64);
        }
    }
}

#[test]
fn a_huge_line_is_reported_and_the_next_one_read() {
    let folder = Folder::new();
    let (a, a5) = study("a");
    let (b, b5) = study("b");
    let mut input = format!("{a}\n").into_bytes();
    input.resize(input.len() + (64 << 20) + 1000, b'x');
    input.extend_from_slice(format!("\n{b}\n").as_bytes());
    let ran = folder
        .run_with(&["convert", "--to", "r5"], &input)
        .expect(0);
    assert_eq!(ran.lines(), [a5, b5]);
    let outcomes = ran.outcomes();
    assert_eq!(outcomes.len(), 1);
    assert_eq!(outcomes[0]["issue"][0]["code"], "too-long");
    assert_eq!(extension(&outcomes[0], "line"), 2);
}

#[test]
fn deep_lines_are_reported() {
    let folder = Folder::new();
    let (a, a5) = study("a");
    let deep = |level: &str, end: &str| format!("{}{}", level.repeat(100_000), end);
    let extensions = format!(
        r#"{{"resourceType":"ImagingStudy","reasonCode":[{{"text":"x"}}],{}"#,
        deep(r#""extension":[{"url":"u","#, "")
    );
    let lines = [deep("[", ""), deep(r#"{"a":"#, ""), extensions];
    let input = format!("{}\n{}\n{}\n{a}\n", lines[0], lines[1], lines[2]);
    for jobs in ["1", "2"] {
        for from in ["auto", "r4"] {
            let arguments = ["convert", "--from", from, "--to", "r5", "--jobs", jobs];
            let ran = folder.run_with(&arguments, input.as_bytes()).expect(0);
            assert_eq!(ran.stdout, format!("{a5}\n"));
            assert_eq!(ran.outcomes().len(), 3);
        }
    }
}

#[test]
fn nothing_becomes_nothing() {
    let folder = Folder::new();
    for input in ["", "\n", " \r\n\n", "\u{FEFF}"] {
        for format in ["auto", "ndjson"] {
            let arguments = ["convert", "--to", "r5", "--input-format", format];
            let ran = folder.run_with(&arguments, input.as_bytes()).expect(0);
            assert_eq!(ran.stdout, "");
            assert!(ran.stderr.starts_with("read 0,"), "{input:?} {format}");
        }
        // A document that is not there is no document.
        for format in ["json", "xml"] {
            let arguments = ["convert", "--to", "r5", "--input-format", format];
            let ran = folder.run_with(&arguments, input.as_bytes()).expect(1);
            assert_eq!((ran.stdout.as_str(), ran.outcomes().len()), ("", 1));
            let name = format!("in.{format}");
            folder.write(&name, input);
            for to in ["r4", "r6-draft"] {
                let ran = folder.run(&["convert", "--to", to, &name]).expect(1);
                assert_eq!((ran.stdout.as_str(), ran.outcomes().len()), ("", 1));
            }
            let ran = folder.run(&["detect", &name]).expect(1);
            assert!(ran.stdout.starts_with(&format!("{name}:1\tunreadable\t")));
            assert_eq!(ran.lines().len(), 1);
        }
    }
    folder.write("empty", "");
    folder
        .run(&["convert", "--to", "r4", "empty", "-o", "out"])
        .expect(0);
    assert_eq!(folder.read("out"), "");
}

/// The fixtures say in their names which lines are bad.
#[test]
fn the_fixtures_have_the_bad_lines_that_they_say() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/ndjson");
    let mut seen = 0;
    for entry in fs::read_dir(fixtures).expect("the folder of fixtures") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if path
            .extension()
            .is_none_or(|extension| extension != "ndjson")
        {
            continue;
        }
        let (from, rest) = name.split_once('-').expect("a version");
        let to = if from == "r4" { "r5" } else { "r4" };
        let bad: Vec<u64> = match rest.split_once("bad-") {
            Some((_, lines)) => lines
                .split('-')
                .map(|line| line.parse().expect("a number"))
                .collect(),
            None => Vec::new(),
        };
        let folder = Folder::new();
        let input = path.to_str().expect("a name in UTF-8");
        let ran = folder
            .run(&["convert", "--from", from, "--to", to, input])
            .expect(0);
        let reported: Vec<u64> = ran
            .outcomes()
            .iter()
            .map(|outcome| extension(outcome, "line").as_u64().expect("a number"))
            .collect();
        let text = fs::read(&path).expect("a fixture");
        let lines: Vec<&[u8]> = text
            .split(|&byte| byte == b'\n')
            .map(<[u8]>::trim_ascii)
            .collect();
        // What is bad for a reader of studies may be good for a program that passes others on.
        let other =
            |line: &u64| lines[*line as usize - 1].starts_with(br#"{"resourceType":"Patient""#);
        let bad: Vec<u64> = bad.into_iter().filter(|line| !other(line)).collect();
        assert_eq!(reported, bad, "{name}");
        let good = lines.iter().filter(|line| !line.is_empty()).count() - bad.len();
        assert_eq!(ran.lines().len(), good, "{name}");
        seen += 1;
    }
    assert!(seen >= 4, "fixtures are missing");
}
