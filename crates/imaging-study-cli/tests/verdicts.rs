//! `detect` and `convert` never disagree, and nothing that holds a study passes in silence.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use imaging_study::FhirVersion;
use imaging_study_migrate::{Input, Outputs, Settings, Summary, migrate};
use program::Folder;

mod program;

fn fixtures() -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    fs::canonicalize(path).expect("the folder of fixtures")
}

/// All files that a conversion may be given, in a folder and those in it.
fn all_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            all_files(&path, files);
        } else if ["json", "xml", "ndjson"]
            .iter()
            .any(|ending| path.extension().is_some_and(|found| found == *ending))
        {
            files.push(path);
        }
    }
    files.sort();
}

/// What a conversion without `--from` counts; none for an input that is one error.
fn converted(path: &Path, to: FhirVersion) -> Option<Summary> {
    let (mut output, mut reports) = (std::io::sink(), std::io::sink());
    let mut outputs = Outputs::new(&mut output, &mut reports);
    let input = Input::from_argument(path);
    migrate([input], &Settings::new(to), &mut outputs).ok()
}

/// How many resources `detect` calls a study, undecided or unreadable, or something else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Verdicts {
    studies: u64,
    failures: u64,
    others: u64,
    left: u64,
}

#[test]
fn detect_and_convert_agree_on_every_fixture() {
    let mut files = Vec::new();
    all_files(&fixtures(), &mut files);
    assert!(files.len() > 1_900, "only {} fixtures", files.len());

    files.retain(|path| {
        let can_be_read = converted(path, FhirVersion::R5).is_some();
        if !can_be_read {
            let name = path.to_str().expect("UTF-8");
            Folder::new().run(&["detect", name]).expect(3);
        }
        can_be_read
    });
    assert!(files.len() > 1_900, "only {} can be read", files.len());

    let mut arguments = vec!["detect"];
    arguments.extend(files.iter().map(|path| path.to_str().expect("UTF-8")));
    let ran = Folder::new().run(&arguments).expect(1);
    let mut found: BTreeMap<&str, Verdicts> = BTreeMap::new();
    for line in ran.lines() {
        let mut columns = line.split('\t');
        let mut column = || columns.next().expect("three columns");
        let (place, word, reason) = (column(), column(), column());
        let (file, _) = place.rsplit_once(':').expect("a file and a line");
        let verdicts = found.entry(file).or_default();
        match word {
            "undecided" | "unreadable" => verdicts.failures += 1,
            "other" if reason.ends_with("no ImagingStudy") => verdicts.others += 1,
            "other" => verdicts.left += 1,
            _ => verdicts.studies += 1,
        }
    }
    for path in &files {
        let name = path.to_str().expect("UTF-8");
        let verdicts = found.get(name).copied().unwrap_or_default();
        // XML has no form for a contained resource that the target does not define: that is no matter
        // of reading, and of no concern to who asks for the version.
        let in_xml = path.extension().is_some_and(|ending| ending == "xml");
        let targets = [
            FhirVersion::R5,
            FhirVersion::R6Draft,
            FhirVersion::R6,
            FhirVersion::Dstu2,
        ];
        for to in targets {
            if in_xml && to == FhirVersion::Dstu2 {
                continue;
            }
            let summary = converted(path, to).expect("it could be read");
            assert_eq!(
                (summary.converted, summary.quarantined),
                (verdicts.studies, verdicts.failures),
                "{name} to {to}"
            );
            assert_eq!(
                summary.read,
                summary.converted + summary.passed + summary.quarantined
            );
            // A Bundle without resources is something else, and none that passes. A resource with
            // a study inside is named by that.
            assert!(
                summary.passed <= verdicts.others + verdicts.left,
                "{name} to {to}"
            );
            assert!(summary.left <= verdicts.left, "{name} to {to}");
        }
    }
}

#[test]
fn shapes_that_passed_in_silence() {
    let folder = fixtures();
    let table = fs::read_to_string(folder.join("program.tsv")).expect("a table");
    let mut rows = 0;
    for row in table.lines().filter(|row| !row.starts_with('#')) {
        rows += 1;
        let [file, detects, converts, counts @ ..] = &row.split('\t').collect::<Vec<_>>()[..]
        else {
            panic!("{row}");
        };
        let path = folder.join("program").join(file);
        let name = path.to_str().expect("UTF-8");
        let status = |text: &str| text.parse::<i32>().expect("an exit status");
        let ran = Folder::new();
        let detected = ran.run(&["detect", name]);
        assert_eq!(detected.status, status(detects), "{file}: {detected:?}");
        let arguments = ["convert", "--to", "r5", "--fail-on-quarantine", name];
        let converted = ran.run(&arguments);
        assert_eq!(converted.status, status(converts), "{file}: {converted:?}");
        assert_eq!(detected.status, converted.status, "{file}");
        let [read, converts, passed, quarantined, left] = counts else {
            panic!("{row}");
        };
        if *read == "-" {
            // An input that cannot be read at all is one error, the same for both.
            assert_eq!(converted.stderr, detected.stderr);
            assert_eq!(converted.stderr.lines().count(), 1);
            assert_eq!(converted.stdout, "");
            continue;
        }
        let expected = format!(
            "read {read}, converted {converts}, passed {passed}, quarantined {quarantined}"
        );
        assert!(
            converted.stderr.contains(&expected),
            "{file}: {converted:?}"
        );
        assert_eq!(
            converted.outcomes().len().to_string(),
            *quarantined,
            "{file}"
        );
        let named = format!("left as they are inside other resources {left}: {name}:");
        assert_eq!(converted.stderr.contains(&named), *left != "0", "{file}");
        let nothing = *converts == "0" && *passed == "0" && *quarantined != "0";
        assert_eq!(
            converted.stdout.is_empty(),
            nothing || *file == "empty.ndjson",
            "{file}"
        );
        // Without the option too, a document or a file of lines of which nothing comes is a failure; one
        // line may be bad, and what comes through a pipe.
        let plain = ran.run(&["convert", "--to", "r5", name]);
        let failed = nothing && (!file.contains(".ndjson") || *read != "1");
        assert_eq!(plain.status, i32::from(failed), "{file}");
    }
    let files = fs::read_dir(folder.join("program"))
        .expect("a folder")
        .count();
    assert_eq!(rows, files, "a file without a row");
}

#[test]
fn what_is_left_is_named_in_the_losses_and_refused_by_strict() {
    let fixtures = fixtures();
    let path = |name: &str| {
        let path = fixtures.join("program").join(name);
        path.to_str().expect("UTF-8").to_owned()
    };
    let folder = Folder::new();
    for (name, place) in [
        ("study-in-report.json", "DiagnosticReport.contained[1]"),
        ("study-in-report.xml", "DiagnosticReport.contained[0]"),
        ("study-in-outcome.json", "Bundle.entry[0].response.outcome"),
    ] {
        let path = path(name);
        let arguments = ["convert", "--to", "r5", "--losses", "lost", &path];
        let ran = folder.run(&arguments).expect(0);
        let lost = folder.read("lost");
        let note: serde_json::Value = serde_json::from_str(&lost).expect("one note");
        assert_eq!(note["path"], place);
        assert_eq!(note["kind"], "contained-not-converted");
        assert_eq!(note["value"]["resourceType"], "ImagingStudy");
        assert!(
            ran.stderr.contains("notes 1: contained 1"),
            "{}",
            ran.stderr
        );

        // In its own version there is nothing to be converted.
        let same = folder.run(&["convert", "--to", "r4", &path]).expect(0);
        assert!(!same.stderr.contains("left"), "{}", same.stderr);
        assert!(same.stderr.contains("notes 0"), "{}", same.stderr);

        let strict = folder.run(&["convert", "--to", "r5", "--strict", &path]);
        assert_eq!(strict.outcomes().len(), 1, "{strict:?}");
        let reason = &strict.outcomes()[0]["issue"][0]["diagnostics"];
        assert!(reason.to_string().contains("is not converted"), "{reason}");
    }
}

#[test]
fn a_type_is_one_of_the_version_that_was_given() {
    let folder = Folder::new();
    // R5 was the first version with this type.
    let transport = r#"{"resourceType":"Transport","status":"completed"}"#;
    for (from, status) in [("auto", 0), ("r5", 0), ("r4", 1)] {
        let arguments = [
            "convert",
            "--from",
            from,
            "--to",
            "r5",
            "--fail-on-quarantine",
        ];
        let ran = folder.run_with(&arguments, transport.as_bytes());
        let ran = ran.expect(status);
        assert_eq!(ran.stdout.is_empty(), status == 1);
    }
}

#[test]
fn folders_do_not_hide_what_is_compressed() {
    let folder = Folder::new();
    fs::create_dir(folder.path("in")).expect("a folder");
    folder.write("in/a.ndjson", program::study("a").0);
    folder.write("in/b.ndjson.gz", b"\x1f\x8b\x08rest");
    folder.write("in/notes.gz", b"\x1f\x8b\x08rest");
    folder.write("study.json", b"\xff\xfe{\0}\0");
    for arguments in [
        &["detect", "study.json"][..],
        &["urls", "study.json"],
        &["convert", "--to", "r5", "study.json"],
    ] {
        let ran = folder.run(arguments).expect(3);
        assert!(ran.stderr.starts_with("error: study.json: "), "{ran:?}");
        assert!(ran.stderr.contains("UTF-16"), "{ran:?}");
    }
    for arguments in [
        &["detect", "in"][..],
        &["urls", "in/b.ndjson.gz"],
        &["convert", "--to", "r5", "-o", "out", "in"],
    ] {
        let ran = folder.run(arguments).expect(3);
        assert!(ran.stderr.starts_with("error: in/b.ndjson.gz: "), "{ran:?}");
        assert!(ran.stderr.contains("gzip"), "{ran:?}");
    }
    assert_eq!(folder.names(), ["in", "study.json"]);
}

/// A `resourceType` that is no text is named as what it is, wherever it stands and whoever reads it.
#[test]
fn a_type_that_is_no_text_is_named() {
    let folder = Folder::new();
    let kinds = [
        ("7", "a number"),
        ("true", "a boolean"),
        ("null", "null"),
        (r#"["ImagingStudy"]"#, "an array"),
        (r#"{"x":"ImagingStudy"}"#, "an object"),
    ];
    let places = [
        r#"{"resourceType":?,"status":"available","modality":[{"code":"CT"}]}"#,
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":?}}]}"#,
        r#"{"resourceType":"ImagingStudy","contained":[{"resourceType":?}],"status":"available","modality":[{"code":"CT"}],"subject":{"display":"x"}}"#,
    ];
    for (json, kind) in kinds {
        for place in places {
            folder.write("input.json", place.replace('?', json));
            for (arguments, status) in [
                (&["detect", "input.json"][..], 1),
                (&["convert", "--to", "r5", "input.json"], 1),
                (&["convert", "--from", "r4", "--to", "r5", "input.json"], 1),
                (
                    &[
                        "convert",
                        "--from",
                        "r4",
                        "--to",
                        "r5",
                        "--output-format",
                        "xml",
                        "input.json",
                    ],
                    1,
                ),
                (&["validate", "input.json"], 1),
                (&["validate", "--version", "r4", "input.json"], 1),
            ] {
                let ran = folder.run(arguments).expect(status);
                let said = [ran.stdout.as_str(), ran.stderr.as_str()].concat();
                assert!(
                    said.contains("expected the type of a resource"),
                    "{json}: {place}: {said}"
                );
                assert!(
                    said.contains(&format!("found {kind}")),
                    "{json}: {place}: {said}"
                );
                assert!(!said.contains("missing resourceType"), "{said}");
            }
        }
    }
}
