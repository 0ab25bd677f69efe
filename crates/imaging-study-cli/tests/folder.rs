//! Folders as output and as input.

use std::fs;

use program::{Folder, outcomes, study, xml_study};

mod program;

#[test]
fn each_document_gets_a_file() {
    let folder = Folder::new();
    let (a, _) = study("a");
    let patient = r#"{ "resourceType":"Patient", "id":"p.1", "x":1.0}"#;
    let nameless = a.replace(r#""id":"a","#, "");
    folder.write("in", format!("{a}\n{patient}\nbad\n{nameless}\n"));
    let ran = folder
        .run(&["convert", "--to", "r5", "in", "-o", "json/"])
        .expect(0);
    assert_eq!(ran.stdout, "");
    assert!(
        ran.stderr
            .contains("read 4, converted 2, passed 1, quarantined 1\n")
    );
    let names = ["0000001-a.json", "0000002-p.1.json", "0000003.json"];
    assert_eq!(folder.names_in("json"), names);
    assert!(
        folder
            .read("json/0000001-a.json")
            .starts_with("{\n  \"resourceType\"")
    );
    assert_eq!(folder.read("json/0000002-p.1.json"), format!("{patient}\n"));

    let arguments = [
        "convert",
        "--to",
        "r5",
        "in",
        "-o",
        "xml/",
        "--output-format",
        "xml",
    ];
    let ran = folder.run(&arguments).expect(0);
    assert_eq!(folder.names_in("xml"), ["0000001-a.xml", "0000002.xml"]);
    assert_eq!(folder.read("xml/0000001-a.xml"), xml_study("a").1);
    assert!(
        ran.stderr
            .contains("read 4, converted 2, passed 0, quarantined 2\n")
    );
}

#[test]
fn unsafe_ids_are_left_out_of_names() {
    let folder = Folder::new();
    let ids = [
        "..",
        "../evil",
        "a/b",
        "a\\\\b",
        "con:x",
        "%2e",
        "a b",
        ".hidden-a",
    ];
    let lines: String = ids
        .iter()
        .map(|id| format!("{{\"resourceType\":\"Patient\",\"id\":\"{id}\"}}\n"))
        .collect();
    folder.write("in", lines);
    folder
        .run(&["convert", "--to", "r5", "in", "-o", "out/"])
        .expect(0);
    let mut expected: Vec<String> = (1..8)
        .map(|number| format!("000000{number}.json"))
        .collect();
    expected.push("0000008-.hidden-a.json".to_owned());
    assert_eq!(folder.names_in("out"), expected);
    assert_eq!(folder.names(), ["in", "out"]);
}

#[test]
fn the_default_format_is_that_of_the_first_input() {
    let folder = Folder::new();
    folder.write("a.xml", xml_study("a").0);
    folder.write("b.ndjson", study("b").0);
    folder.write("c.xml", xml_study("c").0);
    let files = ["a.xml", "b.ndjson", "c.xml"];
    let convert = |files: &[&str], to: &str| {
        let arguments = [&["convert", "--to", "r5", "-o", to], files].concat();
        folder.run(&arguments).expect(0);
        folder.names_in(to)
    };
    assert_eq!(
        convert(&files, "xml/"),
        ["0000001-a.xml", "0000002-b.xml", "0000003-c.xml"]
    );
    assert_eq!(
        convert(&["b.ndjson", "a.xml"], "json/"),
        ["0000001-b.json", "0000002-a.json"]
    );
    // Without a folder, several files become NDJSON, and one stays what it is.
    let several = folder
        .run(&["convert", "--to", "r5", "a.xml", "c.xml"])
        .expect(0);
    assert_eq!(several.lines(), [study("a").1, study("c").1]);
    let one = folder.run(&["convert", "--to", "r5", "a.xml"]).expect(0);
    assert_eq!(one.stdout, xml_study("a").1);
}

#[test]
fn a_folder_stands_for_its_files_in_the_order_of_their_names() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("in/sub.xml")).expect("a folder");
    folder.write("in/2.XML", xml_study("two").0);
    folder.write("in/10.json", study("ten").0);
    folder.write(
        "in/3.ndjson",
        format!("{}\nbad\n{}\n", study("x").0, study("y").0),
    );
    folder.write("in/readme.txt", "not read");
    folder.write("in/xml", "not read");
    folder.write("in/sub.xml/1.xml", "not read");
    folder.write("first", study("first").0);
    let ids = ["first", "ten", "two", "x", "y"];
    let ran = folder
        .run(&["convert", "--to", "r5", "first", "in"])
        .expect(0);
    assert_eq!(ran.lines(), ids.map(|id| study(id).1));
    assert_eq!(ran.outcomes().len(), 1);
    let detected = folder.run(&["detect", "in/"]).expect(1);
    let places: Vec<_> = detected
        .lines()
        .iter()
        .map(|line| line.split('\t').next())
        .collect();
    let expected = [
        "in/10.json:1",
        "in/2.XML:1",
        "in/3.ndjson:1",
        "in/3.ndjson:2",
        "in/3.ndjson:3",
    ];
    assert_eq!(places, expected.map(Some));
    // A folder is NDJSON even if it has one file.
    fs::create_dir(folder.path("one")).expect("a folder");
    folder.write("one/a.xml", xml_study("a").0);
    let ran = folder.run(&["convert", "--to", "r5", "one"]).expect(0);
    assert_eq!(ran.lines(), [study("a").1]);

    fs::create_dir(folder.path("empty")).expect("a folder");
    folder.write("empty/readme.txt", "not read");
    for command in [
        &["convert", "--to", "r5", "empty"][..],
        &["detect", "empty"],
    ] {
        let ran = folder.run(command).expect(3);
        assert!(ran.stderr.contains(".ndjson"), "{}", ran.stderr);
    }
}

#[test]
fn ten_thousand_studies_go_to_a_folder_and_back() {
    let folder = Folder::new();
    let mut input = String::new();
    for number in 0..10_000 {
        // Ids repeat, sort otherwise than they come, or are missing.
        let (study, _) = study(&(number * 7919 % 5000).to_string());
        let study = match number % 10 {
            3 => study.replacen("\"id\"", "\"language\"", 1),
            7 => study.replace("}]", "}],\"note\":[{\"text\":\"a \\t\\n\\u00e9<&>\\\"\"}]"),
            _ => study,
        };
        input += &study;
        input.push('\n');
    }
    folder.write("in", &input);
    let same = folder
        .run(&["convert", "--from", "r4", "--to", "r4", "in"])
        .expect(0);
    assert!(same.stderr.contains("converted 10000,"), "{}", same.stderr);
    let arguments = [
        "convert", "--from", "r4", "--to", "r4", "in", "--output", "out/",
    ];
    folder
        .run(&[&arguments[..], &["--output-format", "xml"]].concat())
        .expect(0);
    assert_eq!(folder.names_in("out").len(), 10_000);
    let back = folder
        .run(&["convert", "--from", "r4", "--to", "r4", "out"])
        .expect(0);
    assert!(back.stdout == same.stdout);
}

#[test]
fn json_goes_to_a_folder_and_back_too() {
    let folder = Folder::new();
    let input: String = (0..200)
        .map(|number| study(&(number * 79 % 50).to_string()).0 + "\n")
        .collect();
    folder.write("in", &input);
    for jobs in ["1", "3"] {
        let there = format!("out{jobs}/");
        let arguments = [
            "convert", "--to", "r5", "--jobs", jobs, "in", "--output", &there,
        ];
        folder.run(&arguments).expect(0);
        let arguments = [
            "convert", "--from", "r5", "--to", "r4", "--jobs", jobs, &there,
        ];
        assert_eq!(folder.run(&arguments).expect(0).stdout, input);
    }
}

#[test]
fn the_number_of_threads_does_not_change_the_files() {
    let folder = Folder::new();
    let input: String = (0..300)
        .map(|number| study(&number.to_string()).0 + "\nbad\n")
        .collect();
    folder.write("in", input);
    let mut all = Vec::new();
    for jobs in ["1", "4"] {
        let out = format!("out{jobs}/");
        let arguments = [
            "convert", "--to", "r5", "in", "--jobs", jobs, "--output", &out,
        ];
        let options = ["--output-format", "xml", "--quarantine", "bad"];
        folder.run(&[&arguments[..], &options].concat()).expect(0);
        let names = folder.names_in(&out);
        let files: Vec<String> = names
            .iter()
            .map(|name| folder.read(&(out.clone() + name)))
            .collect();
        all.push((names, files, folder.read("bad")));
    }
    assert_eq!(outcomes(&all[0].2).len(), 300);
    assert_eq!(all[0], all[1]);
}

#[test]
fn a_folder_must_be_empty_and_its_parent_there() {
    let folder = Folder::new();
    folder.write("in.xml", xml_study("a").0);
    fs::create_dir(folder.path("full")).expect("a folder");
    folder.write("full/x", "x");
    fs::create_dir(folder.path("empty")).expect("a folder");
    let run =
        |output: &str, input: &str| folder.run(&["convert", "--to", "r5", input, "-o", output]);
    for full in ["full", "full/", "."] {
        let ran = run(full, "in.xml").expect(2);
        assert!(ran.stderr.contains("not empty"), "{}", ran.stderr);
    }
    // Before anything is read: a bad input would be in the quarantine.
    let arguments = [
        "convert",
        "--to",
        "r5",
        "-o",
        "full/",
        "--quarantine",
        "bad",
    ];
    folder.run_with(&arguments, b"bad").expect(2);
    run("missing/out/", "in.xml").expect(3);
    run("in.xml/", "in.xml").expect(3);
    run("new/", "missing.xml").expect(3);
    assert_eq!(folder.names(), ["empty", "full", "in.xml"]);
    assert_eq!(folder.names_in("full"), ["x"]);
    run("empty", "in.xml").expect(0);
    assert_eq!(folder.names_in("empty"), ["0000001-a.xml"]);
    run("empty/out/", "in.xml").expect(0);
    run("name", "in.xml").expect(0);
    assert!(folder.path("name").is_file());
}

#[test]
fn conflicts_are_refused() {
    let folder = Folder::new();
    fs::create_dir(folder.path("in")).expect("a folder");
    folder.write("in/a.xml", xml_study("a").0);
    for (arguments, message) in [
        (&["in", "-o", "in/"][..], "same file"),
        (&["in/../in", "-o", "in"], "same file"),
        (&["in", "-o", "out/", "--losses", "out"], "same file"),
        (
            &["in", "-o", "out/", "--losses", "out/lost"],
            "among the documents",
        ),
        (
            &["in", "-o", "out/", "--quarantine", "./out/bad.ndjson"],
            "among the documents",
        ),
        (
            &["in", "-o", "out/", "--quarantine", "in/a.xml"],
            "same file",
        ),
        (
            &["in", "-o", "in/a.xml", "--losses", "in/a.xml"],
            "same file",
        ),
    ] {
        let arguments = [&["convert", "--to", "r5"], arguments].concat();
        let ran = folder.run(&arguments).expect(2);
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
        assert_eq!(folder.names(), ["in"]);
        assert_eq!(folder.names_in("in"), ["a.xml"]);
    }
}

/// A file that can be opened but not read ends the run.
#[cfg(target_os = "linux")]
#[test]
fn what_was_written_stays_if_the_run_fails() {
    let folder = Folder::new();
    folder.write("a.xml", xml_study("a").0);
    for jobs in ["1", "2"] {
        let out = format!("out{jobs}/");
        let arguments = ["convert", "--to", "r5", "--jobs", jobs, "-o", &out];
        let files = ["a.xml", "a.xml", "/proc/self/mem", "a.xml"];
        let ran = folder.run(&[&arguments[..], &files].concat()).expect(3);
        let written = folder.names_in(&out);
        if written.is_empty() {
            assert!(!ran.stderr.contains("stays"), "{}", ran.stderr);
            continue;
        }
        let stays = format!("stays in {out}: {} documents", written.len());
        assert!(ran.stderr.contains(&stays), "{}", ran.stderr);
        assert!(
            written.iter().all(|name| name.ends_with("-a.xml")),
            "{written:?}"
        );
        assert_eq!(
            folder.read(&format!("{out}0000001-a.xml")),
            xml_study("a").1
        );
    }
}

#[cfg(unix)]
#[test]
fn files_have_the_usual_mode() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.write("a.xml", xml_study("a").0);
    folder
        .run(&["convert", "--to", "r5", "a.xml", "-o", "out/"])
        .expect(0);
    let mode = |name: &str| {
        let metadata = fs::metadata(folder.path(name)).expect("a file");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode("out/0000001-a.xml"), mode("a.xml"));
}
