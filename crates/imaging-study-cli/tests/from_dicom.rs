//! Studies from DICOM files and DICOM JSON.

use std::fs;
#[cfg(unix)]
use std::process::Command;

use dicom::{dicomdir, image, json, without_study};
use program::{Folder, Ran, extension, outcomes};
use serde_json::Value;

#[path = "program/dicom.rs"]
mod dicom;
mod program;

/// Two studies, the first with two series, in folders in folders.
fn archive() -> Folder {
    let folder = Folder::new();
    for inside in ["in", "in/a", "in/a/b"] {
        fs::create_dir(folder.path(inside)).expect("a folder");
    }
    folder.write("in/1", image(1, 1, 1));
    folder.write("in/a/2", image(1, 1, 2));
    folder.write("in/a/b/3.dcm", image(1, 2, 1));
    folder.write("in/a/b/4.dcm", image(2, 1, 1));
    folder
}

const SUMMARY: &str = "files 4: read 4, passed over 0, quarantined 0\n\
                       studies 2, series 3, instances 4\n";

fn document(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn studies(ran: &Ran) -> Vec<Value> {
    ran.lines().into_iter().map(document).collect()
}

/// The Study Instance UID of a study of R5.
fn uid(study: &Value) -> &str {
    let value = study["identifier"][0]["value"].as_str();
    value.expect("an identifier")
}

#[test]
fn folders_are_read_with_everything_in_them() {
    let folder = archive();
    let ran = folder.run(&["from-dicom", "--to", "r5", "in"]).expect(0);
    let studies = studies(&ran);
    let uids: Vec<&str> = studies.iter().map(uid).collect();
    assert_eq!(uids, ["urn:oid:1.2.1", "urn:oid:1.2.2"]);
    assert_eq!(studies[0]["numberOfSeries"], 2);
    assert_eq!(studies[0]["numberOfInstances"], 3);
    let series = &studies[0]["series"];
    assert_eq!(series[0]["instance"][1]["uid"], "1.2.1.1.2");
    assert_eq!(series[1]["modality"]["coding"][0]["code"], "MR");
    assert_eq!(studies[0]["started"], "2026-03-02");
    assert!(ran.stderr.starts_with(SUMMARY), "{}", ran.stderr);
    assert!(ran.outcomes().is_empty());
}

#[test]
fn the_order_of_files_does_not_matter() {
    let folder = archive();
    let mut files = ["in/1", "in/a/2", "in/a/b/3.dcm", "in/a/b/4.dcm"];
    let whole = folder.run(&["from-dicom", "--to", "r4", "in"]).expect(0);
    assert_eq!(whole.lines().len(), 2);
    for turn in 0..files.len() {
        for _ in 0..2 {
            let arguments = [&["from-dicom", "--to", "r4"], &files[..]].concat();
            assert_eq!(folder.run(&arguments).expect(0).stdout, whole.stdout);
            files.reverse();
        }
        files.swap(turn, 0);
    }
    let twice = folder.run(&["from-dicom", "--to", "r4", "in", "in/a", "in/1"]);
    assert_eq!(twice.expect(0).stdout, whole.stdout);
}

#[test]
fn json_and_files_give_the_same_studies() {
    let folder = archive();
    let files = folder.run(&["from-dicom", "--to", "r5", "in"]).expect(0);
    let sets = [json(2, 1, 1), json(1, 2, 1), json(1, 1, 2), json(1, 1, 1)];
    for text in [
        format!("[{}]", sets.join(",")),
        sets.join("\n"),
        format!(
            "\u{feff}[{}]\n[{},{}]",
            sets[0..2].join(",\n"),
            sets[2],
            sets[3]
        ),
    ] {
        for path in [&["-"][..], &[]] {
            let arguments = [&["from-dicom", "--to", "r5"], path].concat();
            let ran = folder.run_with(&arguments, text.as_bytes()).expect(0);
            assert_eq!(ran.stdout, files.stdout);
        }
        folder.write("sets", &text);
        let ran = folder.run(&["from-dicom", "--to", "r5", "sets"]).expect(0);
        assert_eq!(ran.stdout, files.stdout);
    }
    let one = folder.run_with(&["from-dicom", "--to", "r5"], sets[0].as_bytes());
    assert_eq!(one.expect(0).lines(), [files.lines()[1]]);
    // The rest of a study may come from elsewhere.
    fs::remove_file(folder.path("in/a/2")).expect("a file");
    folder.write("in/a/more.json", &sets[2]);
    let mixed = folder.run(&["from-dicom", "--to", "r5", "in"]).expect(0);
    assert_eq!(mixed.stdout, files.stdout);
}

#[test]
fn every_version_is_built() {
    let folder = archive();
    for (to, version) in [
        ("dstu2", "DSTU2"),
        ("stu3", "STU3"),
        ("r4", "R4"),
        ("r4b", "R4B"),
        ("r5", "R5"),
        ("r6-draft", "R6 draft"),
        ("r6", "R6"),
    ] {
        for format in ["ndjson", "xml"] {
            let output = format!("{to}-{format}/");
            let arguments = ["from-dicom", "--to", to, "in"];
            let ran = match format {
                "ndjson" => folder.run(&arguments).expect(0),
                _ => {
                    let more = ["--output-format", format, "-o", &output];
                    folder.run(&[&arguments[..], &more].concat()).expect(0)
                }
            };
            if format == "ndjson" {
                folder.write("studies", &ran.stdout);
                assert_eq!(ran.lines().len(), 2, "{to}");
                // Both copies go through the converter of the same version without a word.
                let back = folder.run(&["convert", "--from", to, "--to", to, "studies"]);
                assert_eq!(back.expect(0).stdout, ran.stdout, "{version}");
            } else {
                assert_eq!(folder.names_in(&output), ["0000001.xml", "0000002.xml"]);
                let json = ["--output-format", "ndjson", &output];
                let back = [&["convert", "--from", to, "--to", to][..], &json].concat();
                let back = folder.run(&back).expect(0);
                assert_eq!(back.stdout, folder.read("studies"), "{version}");
            }
        }
    }
}

#[test]
fn one_study_may_be_one_document() {
    let folder = archive();
    let ran = folder.run(&["from-dicom", "--to", "r5", "--output-format", "xml", "in/1"]);
    let ran = ran.expect(0);
    assert!(ran.stdout.starts_with("<?xml"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("</ImagingStudy>\n"));
    let ran = folder.run(&[
        "from-dicom",
        "--to",
        "r5",
        "--output-format",
        "json",
        "in/1",
    ]);
    let ran = ran.expect(0);
    assert!(
        ran.stdout
            .starts_with("{\n  \"resourceType\": \"ImagingStudy\"")
    );
    assert!(ran.stdout.ends_with("}\n"));
    for format in ["json", "xml"] {
        let several = [
            "from-dicom",
            "--to",
            "r5",
            "--output-format",
            format,
            "-o",
            "x",
            "in",
        ];
        let ran = folder.run(&several).expect(2);
        assert!(ran.stderr.contains("--output FOLDER/"), "{}", ran.stderr);
    }
    assert_eq!(folder.names(), ["in"]);
}

#[test]
fn folders_get_a_file_for_each_study() {
    let folder = archive();
    let ran = folder
        .run(&["from-dicom", "--to", "r5", "-o", "out/", "in"])
        .expect(0);
    assert_eq!(ran.stdout, "");
    assert_eq!(folder.names_in("out"), ["0000001.json", "0000002.json"]);
    let second = document(&folder.read("out/0000002.json"));
    assert_eq!(uid(&second), "urn:oid:1.2.2");
    // A folder with something in it stays as it is.
    folder
        .run(&["from-dicom", "--to", "r5", "-o", "out", "in/1"])
        .expect(2);
    assert_eq!(folder.names_in("out"), ["0000001.json", "0000002.json"]);
}

#[test]
fn what_cannot_be_read_goes_to_the_quarantine() {
    let folder = archive();
    let good = folder.run(&["from-dicom", "--to", "r5", "in"]).expect(0);
    let whole = image(3, 1, 1);
    folder.write("in/a/cut", &whole[..150]);
    folder.write("in/a/cut-later", &whole[..whole.len() - 30]);
    folder.write("in/a/empty.dcm", "");
    folder.write("in/a/broken.json", format!("[{},", &json(3, 1, 1)[..100]));
    folder.write("in/a/study.json", r#"{"resourceType":"ImagingStudy"}"#);
    folder.write("in/a/no-study", without_study());
    let arguments = ["from-dicom", "--to", "r5", "--quarantine", "bad", "in"];
    let ran = folder.run(&arguments).expect(0);
    assert_eq!(ran.stdout, good.stdout);
    let start = "files 10: read 4, passed over 0, quarantined 6; data sets left out 2\n\
                 studies 2, series 3, instances 4\n";
    assert!(ran.stderr.starts_with(start), "{}", ran.stderr);
    let bad = folder.read("bad");
    let reports: Vec<(String, String)> = outcomes(&bad)
        .iter()
        .map(|outcome| {
            assert_eq!(extension(outcome, "line"), Value::Null);
            let source = extension(outcome, "source");
            let issue = &outcome["issue"][0];
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            assert_eq!(issue["severity"], "error");
            (text(&source), text(&issue["code"]))
        })
        .collect();
    let expected = [
        ("in/a/broken.json", "structure"),
        ("in/a/cut", "structure"),
        ("in/a/cut-later", "structure"),
        ("in/a/empty.dcm", "structure"),
        ("in/a/no-study", "required"),
        ("in/a/study.json", "required"),
    ]
    .map(|(source, code)| (source.to_owned(), code.to_owned()));
    assert_eq!(reports, expected);
    // No value of a file stands in a report.
    assert!(!bad.contains("1.2.3") && !bad.contains("Doe"), "{bad}");

    let ran = folder.run(&["from-dicom", "--to", "r5", "--fail-on-quarantine", "in"]);
    let ran = ran.expect(1);
    assert_eq!(ran.stdout, good.stdout);
    assert_eq!(ran.outcomes().len(), 6);
}

#[test]
fn what_came_before_a_broken_place_is_kept() {
    let folder = Folder::new();
    let text = format!("[{},{},", json(1, 1, 1), json(1, 1, 2));
    let ran = folder
        .run_with(&["from-dicom", "--to", "r5"], text.as_bytes())
        .expect(0);
    assert_eq!(studies(&ran)[0]["numberOfInstances"], 2);
    let outcomes = ran.outcomes();
    assert_eq!(outcomes.len(), 1);
    assert_eq!(extension(&outcomes[0], "source"), "-");
}

#[test]
fn nothing_is_not_put_in_the_place_of_something() {
    let folder = Folder::new();
    folder.write("out", "as it was");
    folder.write("bad.dcm", "no DICOM");
    let arguments = ["from-dicom", "--to", "r5", "-o", "out", "bad.dcm"];
    let ran = folder.run(&arguments).expect(1);
    assert!(ran.stderr.contains("left as it was"), "{}", ran.stderr);
    assert_eq!(folder.read("out"), "as it was");
    assert_eq!(folder.names(), ["bad.dcm", "out"]);
}

#[test]
fn what_is_no_dicom_is_passed_over_and_counted() {
    let folder = archive();
    let good = folder.run(&["from-dicom", "--to", "r5", "in"]).expect(0);
    folder.write("in/DICOMDIR", dicomdir());
    folder.write("in/README.txt", "[about]\nthis disc");
    folder.write("in/a/empty", "");
    folder.write("in/a/viewer.exe", b"MZ\x90\0");
    let arguments = ["from-dicom", "--to", "r5", "--notes", "notes", "in"];
    let ran = folder.run(&arguments).expect(0);
    assert_eq!(ran.stdout, good.stdout);
    let start = "files 8: read 4, passed over 4 (DICOMDIR 1, no DICOM 3), quarantined 0\n";
    assert!(ran.stderr.starts_with(start), "{}", ran.stderr);
    let notes = folder.read("notes");
    let passed: Vec<Value> = notes
        .lines()
        .map(document)
        .filter(|note| note["kind"] == "passed-over")
        .map(|note| note["source"].clone())
        .collect();
    let names = [
        "in/DICOMDIR",
        "in/README.txt",
        "in/a/empty",
        "in/a/viewer.exe",
    ];
    assert_eq!(passed, names);
}

#[test]
fn nothing_gives_nothing() {
    let folder = Folder::new();
    fs::create_dir(folder.path("in")).expect("a folder");
    for (path, files) in [("in", 0), ("-", 1)] {
        let ran = folder.run(&["from-dicom", "--to", "r5", path]).expect(0);
        assert_eq!(ran.stdout, "");
        let summary = format!(
            "files {files}: read {files}, passed over 0, quarantined 0\n\
             studies 0, series 0, instances 0\nnotes 0\n"
        );
        assert_eq!(ran.stderr, summary);
    }
    let ran = folder
        .run_with(&["from-dicom", "--to", "r5"], b"[]")
        .expect(0);
    assert_eq!(ran.stdout, "");
    assert_eq!(folder.names(), ["in"]);
}

#[test]
fn missing_files_and_wrong_usage_end_the_run() {
    let folder = archive();
    let ran = folder.run(&["from-dicom", "--to", "r5", "-o", "out", "in", "missing"]);
    let ran = ran.expect(3);
    assert!(ran.stderr.starts_with("error: missing: "), "{}", ran.stderr);
    folder
        .run(&["from-dicom", "--to", "r5", "-o", "no/out", "in"])
        .expect(3);
    for arguments in [
        &["from-dicom", "in"][..],
        &["from-dicom", "--to", "r7", "in"],
        &["from-dicom", "--to", "r5", "--utc-offset", "1", "in"],
        &["from-dicom", "--to", "r5", "-o", "in/1", "in"],
        &["from-dicom", "--to", "r5", "-o", "in", "in"],
        &["from-dicom", "--to", "r5", "--notes", "in/1", "in"],
        &[
            "from-dicom",
            "--to",
            "r5",
            "--notes",
            "x",
            "--quarantine",
            "x",
            "in",
        ],
        &[
            "from-dicom",
            "--to",
            "r5",
            "--output-format",
            "ndjson",
            "-o",
            "out/",
            "in",
        ],
        &[
            "from-dicom",
            "--to",
            "r5",
            "-o",
            "out/",
            "--notes",
            "out",
            "in",
        ],
    ] {
        folder.run(arguments).expect(2);
    }
    assert_eq!(folder.names(), ["in"]);
    assert_eq!(
        fs::read(folder.path("in/1")).expect("a file"),
        image(1, 1, 1)
    );
}

#[test]
fn a_dicom_file_cannot_come_through_a_pipe() {
    let folder = Folder::new();
    let ran = folder
        .run_with(&["from-dicom", "--to", "r5"], &image(1, 1, 1))
        .expect(0);
    let outcome = &ran.outcomes()[0];
    assert_eq!(outcome["issue"][0]["code"], "not-supported");
    assert_eq!(ran.stdout, "");
}

#[cfg(unix)]
#[test]
fn links_in_circles_and_pipes_end() {
    use std::os::unix::fs::symlink;

    let folder = archive();
    let good = folder.run(&["from-dicom", "--to", "r5", "in"]).expect(0);
    symlink("..", folder.path("in/a/up")).expect("a link");
    symlink(".", folder.path("in/a/here")).expect("a link");
    symlink("itself", folder.path("in/a/itself")).expect("a link");
    symlink("nothing", folder.path("in/a/dangling")).expect("a link");
    // Without a memory of folders there would be 2 to the power of 24 ways.
    for level in 0..24 {
        let name = |level: u8| folder.path(&format!("in/deep{level:02}"));
        fs::create_dir(name(level)).expect("a folder");
        for way in ["left", "right"] {
            let target = format!("../deep{:02}", level + 1);
            symlink(target, name(level).join(way)).expect("a link");
        }
    }
    fs::create_dir(folder.path("in/deep24")).expect("a folder");
    let pipe = Command::new("mkfifo").arg(folder.path("in/pipe")).status();
    assert!(pipe.expect("mkfifo").success());
    let ran = folder.run(&["from-dicom", "--to", "r5", "in"]).expect(0);
    assert_eq!(ran.stdout, good.stdout);
    let start = "files 7: read 4, passed over 1 (no DICOM), quarantined 2\n";
    let summary = ran.stderr.lines().skip(2).collect::<Vec<_>>().join("\n");
    assert!(summary.starts_with(start), "{summary}");
    let sources: Vec<Value> = ran
        .outcomes()
        .iter()
        .map(|one| extension(one, "source"))
        .collect();
    assert_eq!(sources, ["in/a/dangling", "in/a/itself"]);
}

#[test]
fn options_decide_what_is_written() {
    let folder = archive();
    let run = |more: &[&str]| {
        let arguments = [&["from-dicom", "--to", "r5"], more, &["in/1"]].concat();
        studies(&folder.run(&arguments).expect(0)).remove(0)
    };
    let study = run(&[]);
    assert_eq!(study["subject"]["display"], "Jane Doe");
    assert_eq!(study["subject"]["identifier"]["value"], "4-11");
    assert_eq!(study["basedOn"][0]["identifier"]["value"], "ACC-1");
    assert_eq!(study["description"], "Chest");

    let offset = |offset| run(&["--utc-offset", offset])["started"].clone();
    assert_eq!(offset("+01:00"), "2026-03-02T08:15:00+01:00");
    assert_eq!(offset("-05:00"), "2026-03-02T08:15:00-05:00");
    let utc = offset("Z");
    assert!(
        utc == "2026-03-02T08:15:00Z" || utc == "2026-03-02T08:15:00+00:00",
        "{utc}"
    );

    let study = run(&["--accession", "identifier"]);
    assert_eq!(study["basedOn"], Value::Null);
    assert!(study["identifier"].to_string().contains("ACC-1"));

    let study = run(&["--no-instances"]);
    assert_eq!(study["series"][0]["instance"], Value::Null);
    assert_eq!(study["series"][0]["numberOfInstances"], 1);

    let private = [
        "--no-names",
        "--no-patient-id",
        "--no-order-numbers",
        "--no-descriptions",
    ];
    let text = run(&private).to_string();
    for value in ["Doe", "4-11", "ACC-1", "Chest"] {
        assert!(!text.contains(value), "{value} in {text}");
    }
    for (option, value) in private.iter().zip(["Doe", "4-11", "ACC-1", "Chest"]) {
        assert!(!run(&[option]).to_string().contains(value), "{option}");
    }
}

#[test]
fn rows_of_a_query_may_state_counts_and_no_modality() {
    let folder = Folder::new();
    let row = r#"{"0020000D":{"vr":"UI","Value":["1.2"]},"0020000E":{"vr":"UI","Value":["1.2.1"]},
        "00201208":{"vr":"IS","Value":[500]},"00201206":{"vr":"IS","Value":[7]}}"#;
    let run = |more: &[&str]| {
        let arguments = [&["from-dicom", "--to", "r5"], more].concat();
        let ran = folder.run_with(&arguments, row.as_bytes());
        studies(&ran.expect(0)).remove(0)
    };
    let study = run(&[]);
    assert_eq!(study["numberOfInstances"], 500);
    assert_eq!(study["numberOfSeries"], 7);
    let modality = study["series"][0]["modality"].to_string();
    assert!(modality.contains("data-absent-reason"), "{modality}");
    let study = run(&["--counts", "contained", "--missing-modality", "ot"]);
    assert_eq!(study["numberOfSeries"], 1);
    assert_eq!(study["series"][0]["modality"]["coding"][0]["code"], "OT");
}

#[test]
fn notes_name_their_places() {
    let folder = archive();
    let other = json(1, 1, 3).replace("20260302", "20260230");
    let nameless = json(2, 1, 2).replace("00080016", "00080017");
    folder.write(
        "in/z.json",
        format!("{}\n{other}\n{nameless}", json(1, 1, 2)),
    );
    let arguments = ["from-dicom", "--to", "r5", "--notes", "notes", "in"];
    let ran = folder.run(&arguments).expect(0);
    let notes: Vec<Value> = folder.read("notes").lines().map(document).collect();
    let find = |kind: &str| {
        let mut found = notes.iter().filter(|note| note["kind"] == kind);
        found
            .next()
            .unwrap_or_else(|| panic!("no {kind} in {notes:#?}"))
    };
    let date = find("invalid-date");
    assert_eq!(date["tag"], "(0008,0020)");
    let missing = find("missing");
    assert_eq!(missing["study"], 2);
    assert_eq!(missing["path"], "ImagingStudy.series[0].instance[1]");
    assert_eq!(missing["tag"], "(0008,0016)");
    let sum: u64 = notes.iter().filter_map(|note| note["count"].as_u64()).sum();
    let summary = ran.stderr.lines().last().expect("a summary");
    assert!(summary.starts_with(&format!("notes {sum}: ")), "{summary}");
    // A padded UID is told of with its file.
    folder.write(
        "in/zz.json",
        format!(
            "[{},{}]",
            json(1, 1, 4),
            json(1, 1, 5).replace("\"1.2.1.1\"", "\"1.2.1.1 \"")
        ),
    );
    folder.run(&arguments).expect(0);
    let notes: Vec<Value> = folder.read("notes").lines().map(document).collect();
    let padded = notes.iter().find(|note| note["kind"] == "padded-uid");
    let padded = padded.expect("a note");
    assert_eq!(padded["source"], "in/zz.json");
    assert_eq!(padded["dataSet"], 2);
    assert!(!folder.read("notes").contains("1.2.1"));
}

#[test]
fn new_images_are_merged_into_a_study() {
    let folder = archive();
    let first = folder.run(&["from-dicom", "--to", "r5", "-o", "study.json", "in/1"]);
    first.expect(0);
    let merge = |to: &str, more: &[&str]| {
        let arguments = [
            "from-dicom",
            "--to",
            to,
            "--merge",
            "study.json",
            "-o",
            "study.json",
        ];
        folder.run(&[&arguments[..], more].concat())
    };
    let ran = merge("r5", &["in/1", "in/a/2", "in/a/b/3.dcm"]).expect(0);
    assert!(
        ran.stderr
            .contains("\nmerged: series added 1, instances added 2"),
        "{}",
        ran.stderr
    );
    let whole = folder.run(&["from-dicom", "--to", "r5", "in"]).expect(0);
    assert_eq!(document(&folder.read("study.json")), studies(&whole)[0]);

    let before = folder.read("study.json");
    let ran = merge("r5", &["in/1"]).expect(0);
    assert!(
        ran.stderr.contains("\nmerged: nothing changed"),
        "{}",
        ran.stderr
    );
    assert_eq!(folder.read("study.json"), before);

    // Another study stays out.
    let ran = merge("r5", &["in/a/b/4.dcm", "--fail-on-quarantine"]).expect(1);
    assert_eq!(ran.outcomes()[0]["issue"][0]["code"], "business-rule");
    assert_eq!(folder.read("study.json"), before);

    // A value that the study has stays, and the notes tell where.
    let other = json(1, 1, 1).replace("20260302", "20260303");
    folder.write("other.json", other);
    let ran = merge("r5", &["other.json", "--notes", "notes"]).expect(0);
    assert!(
        ran.stderr
            .contains("\nmerged: nothing changed; values kept "),
        "{}",
        ran.stderr
    );
    let notes: Vec<Value> = folder.read("notes").lines().map(document).collect();
    let kept = notes.iter().find(|note| note["kind"] == "kept");
    assert_eq!(kept.expect("a note")["path"], "ImagingStudy.started");
    assert_eq!(folder.read("study.json"), before);

    let ran = merge("r4", &["in/1"]).expect(3);
    assert!(ran.stderr.contains("R5"), "{}", ran.stderr);
    folder.write("study.json", "{}");
    merge("r5", &["in/1"]).expect(3);
    assert_eq!(folder.read("study.json"), "{}");
}

#[test]
fn merging_the_same_again_changes_no_byte_in_any_version() {
    let folder = archive();
    // UIDs that are no OIDs, and a series that nothing is known of.
    let odd = json(1, 1, 1).replace("\"1.2.1", "\"1.2.01");
    let row = r#"{"0020000D":{"vr":"UI","Value":["1.2.01"]},"0020000E":{"vr":"UI","Value":["1.2.01.9"]}}"#;
    folder.write("odd.json", format!("[null,{odd},{row}]"));
    for version in ["dstu2", "stu3", "r4", "r4b", "r5", "r6-draft", "r6"] {
        for format in ["json", "ndjson", "xml"] {
            let out = format!("{version}.{format}");
            let build = ["from-dicom", "--to", version, "--output-format", format];
            folder
                .run(&[&build[..], &["-o", &out, "odd.json"]].concat())
                .expect(0);
            let before = folder.read(&out);
            assert!(before.contains("1.2.01.1.1"), "{before}");
            let merge = ["--merge", &out, "-o", &out, "odd.json"];
            let ran = folder.run(&[&build[..2], &[version], &merge[..]].concat());
            let ran = ran.expect(0);
            assert!(
                ran.stderr.contains("\nmerged: nothing changed"),
                "{}",
                ran.stderr
            );
            assert_eq!(folder.read(&out), before, "{out}");
        }
    }
}

#[test]
fn what_nothing_says_is_the_same_study_is_not_merged() {
    let folder = archive();
    let before = r#"{"resourceType":"ImagingStudy","status":"available","subject":{"display":"x"},"series":[{"uid":"1.9","modality":{"code":"MR"}}]}"#;
    folder.write("study.json", before);
    let merge = ["from-dicom", "--to", "r4", "--merge", "study.json", "in/1"];
    let ran = folder
        .run(&[&merge[..], &["--fail-on-quarantine"]].concat())
        .expect(1);
    let text = ran.outcomes()[0]["issue"][0]["diagnostics"].to_string();
    assert!(text.contains("nothing says"), "{text}");
    assert_eq!(document(&ran.stdout), document(before));
}

#[test]
fn data_sets_without_a_header_and_broken_ones_are_read() {
    let folder = Folder::new();
    let whole = image(1, 1, 1);
    let start = whole
        .windows(4)
        .position(|window| window == [8, 0, 0x16, 0]);
    let data_set = &whole[start.expect("the data set")..];
    let good = {
        folder.write("good", &whole);
        folder.run(&["from-dicom", "--to", "r5", "good"]).expect(0)
    };
    let zeros = [&whole[..], &[0; 64]].concat();
    for (name, bytes, note) in [
        ("headless", data_set, "transfer-syntax 1"),
        ("zeros", &zeros[..], "broken-off 1"),
    ] {
        folder.write(name, bytes);
        let ran = folder.run(&["from-dicom", "--to", "r5", name]).expect(0);
        assert_eq!(ran.stdout, good.stdout, "{name}");
        let start = "files 1: read 1, passed over 0, quarantined 0\n";
        assert!(ran.stderr.starts_with(start), "{}", ran.stderr);
        assert!(ran.stderr.contains(note), "{}", ran.stderr);
    }
}

#[test]
fn a_study_in_xml_stays_one() {
    let folder = archive();
    let build = ["from-dicom", "--to", "r4", "--output-format", "xml"];
    let first = folder.run(&[&build[..], &["in/1"]].concat()).expect(0);
    folder.write("study.xml", first.stdout);
    let whole = folder
        .run(&[&build[..], &["in/1", "in/a/2"]].concat())
        .expect(0);
    let merge = ["from-dicom", "--to", "r4", "--merge", "study.xml", "in/a/2"];
    assert_eq!(folder.run(&merge).expect(0).stdout, whole.stdout);
    let json = [&merge[..], &["-o", "out/", "--output-format", "json"]].concat();
    folder.run(&json).expect(0);
    let merged = document(&folder.read("out/0000001.json"));
    assert_eq!(merged["numberOfInstances"], 2);
}

#[test]
fn help_has_examples() {
    let ran = Folder::new().run(&["from-dicom", "--help"]).expect(0);
    assert!(ran.stdout.contains("Examples:"), "{}", ran.stdout);
}
