//! A folder of parts becomes a folder of parts.

use std::fs;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use program::{Folder, outcomes, study};

mod program;

const BAD: &str = r#"{"resourceType":"ImagingStudy","status":7}"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn gunzip(folder: &Folder, name: &str) -> String {
    let bytes = fs::read(folder.path(name)).expect("a file");
    let mut text = String::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(bytes.as_slice());
    decoder.read_to_string(&mut text).expect("gzip of a text");
    text
}

fn lines(part: usize, count: usize) -> (String, String) {
    let both = (0..count).map(|line| study(&format!("p{part}-{line}")));
    let both: Vec<(String, String)> = both.collect();
    let joined = |lines: Vec<&String>| lines.iter().map(|line| format!("{line}\n")).collect();
    let (r4, r5) = both.iter().map(|(r4, r5)| (r4, r5)).unzip();
    (joined(r4), joined(r5))
}

/// What Spark and a bulk export leave in a folder.
fn archive() -> Folder {
    let folder = Folder::new();
    for name in ["in", "in/deep", "in/_temporary", "in/.hidden"] {
        fs::create_dir(folder.path(name)).expect("a folder");
    }
    folder.write("in/part-00000", lines(0, 5).0);
    folder.write("in/part-00001.json.gz", gzip(lines(1, 5).0.as_bytes()));
    folder.write(
        "in/deep/studies.ndjson",
        format!("\u{FEFF}{}{BAD}\n", lines(2, 3).0),
    );
    folder.write("in/bad.ndjson", format!("{BAD}\nx\n"));
    folder.write("in/empty.ndjson", "");
    folder.write("in/_SUCCESS", "");
    folder.write("in/.part-00000.crc", [0, 1, 2]);
    folder.write("in/part-00000.crc", [0, 1, 2]);
    folder.write("in/_temporary/part-9", BAD);
    folder.write("in/.hidden/part-9.ndjson", BAD);
    folder.write("in/README.md", "no part");
    let manifest = r#"{"transactionTime":"2026-01-01T00:00:00Z","request":"https://x.example/$export","requiresAccessToken":false,"output":[{"type":"ImagingStudy","url":"https://x.example/1"}],"error":[]}"#;
    folder.write("in/manifest.json", manifest);
    folder
}

const CONVERT: [&str; 7] = [
    "convert",
    "--to",
    "r5",
    "--output-format",
    "ndjson",
    "-o",
    "out/",
];

#[test]
fn parts_keep_their_names() {
    for resume in [&[][..], &["--resume"]] {
        let folder = archive();
        let more = [
            "in/",
            "--quarantine",
            "why",
            "--rejects",
            "bad",
            "--summary",
            "sum",
        ];
        let arguments = [&CONVERT[..], &more, resume].concat();
        let ran = folder.run(&arguments).expect(0);
        assert_eq!(ran.stdout, "");
        assert!(
            ran.stderr.contains("parts converted 5, there already 0"),
            "{ran:?}"
        );
        let names = [
            "bad.ndjson",
            "deep",
            "empty.ndjson",
            "part-00000",
            "part-00001.json.gz",
        ];
        assert_eq!(folder.names_in("out"), names);
        assert_eq!(folder.names_in("out/deep"), ["studies.ndjson"]);
        assert_eq!(folder.read("out/part-00000"), lines(0, 5).1);
        assert_eq!(gunzip(&folder, "out/part-00001.json.gz"), lines(1, 5).1);
        assert_eq!(folder.read("out/deep/studies.ndjson"), lines(2, 3).1);
        // A part without a good line is empty.
        assert_eq!(folder.read("out/bad.ndjson"), "");
        assert_eq!(folder.read("out/empty.ndjson"), "");
        assert_eq!(outcomes(&folder.read("why")).len(), 3);
        assert_eq!(folder.read("bad"), format!("{BAD}\nx\n{BAD}\n"));
        let summary: serde_json::Value = serde_json::from_str(&folder.read("sum")).expect("JSON");
        assert_eq!(
            (&summary["read"], &summary["quarantined"]),
            (&16.into(), &3.into())
        );
        let before = fs::metadata(folder.path("out/part-00000"))
            .expect("a part")
            .modified()
            .ok();
        match resume {
            // What is there is somebody else's.
            [] => assert_eq!(folder.run(&arguments).status, 2),
            _ => {
                let ran = folder.run(&arguments).expect(0);
                assert!(
                    ran.stderr.contains("parts converted 0, there already 5"),
                    "{ran:?}"
                );
                assert_eq!(outcomes(&folder.read("why")).len(), 3);
            }
        }
        let after = fs::metadata(folder.path("out/part-00000"))
            .expect("a part")
            .modified()
            .ok();
        assert_eq!(before, after);
        assert_eq!(folder.names_in("out"), names);
        assert_eq!(folder.names(), ["bad", "in", "out", "sum", "why"]);
    }
}

#[test]
fn the_ending_follows_the_compression() {
    let folder = archive();
    folder
        .run(&[&CONVERT[..], &["in", "--compress", "gzip", "-q"]].concat())
        .expect(0);
    let names = [
        "bad.ndjson.gz",
        "deep",
        "empty.ndjson.gz",
        "part-00000.gz",
        "part-00001.json.gz",
    ];
    assert_eq!(folder.names_in("out"), names);
    for (name, text) in [
        ("bad.ndjson.gz", String::new()),
        ("empty.ndjson.gz", String::new()),
        ("part-00000.gz", lines(0, 5).1),
        ("deep/studies.ndjson.gz", lines(2, 3).1),
    ] {
        assert_eq!(gunzip(&folder, &format!("out/{name}")), text, "{name}");
    }
}

#[test]
fn what_cannot_be_done_is_said_before_anything_is_written() {
    let folder = archive();
    folder.write("same.ndjson", "");
    fs::create_dir(folder.path("other")).expect("a folder");
    folder.write("other/part-00000", "");
    for (arguments, status) in [
        (&["-"][..], 2),
        (&["in/", "other/"], 2),
        (&["missing"], 3),
        (&["in/_temporary", "-o", "x"], 2),
        (&["in/.hidden/", "-o", "in/.hidden/out/"], 2),
    ] {
        let ran = folder.run(&[&CONVERT[..5], &["-o", "out/"], arguments].concat());
        assert!(
            ran.status == status || ran.status == 2,
            "{arguments:?}: {ran:?}"
        );
        assert!(!folder.path("out").exists(), "{arguments:?}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", folder.path("in/part-00007")).expect("a link");
        let ran = folder.run(&[&CONVERT[..], &["in/"]].concat()).expect(3);
        assert!(ran.stderr.contains("part-00007"), "{ran:?}");
        assert!(!folder.path("out").exists());
    }
}

fn many() -> (Folder, Vec<String>) {
    let folder = Folder::new();
    fs::create_dir(folder.path("in")).expect("a folder");
    let mut expected = Vec::new();
    for part in 0..12 {
        let (r4, r5) = lines(part, 150);
        folder.write(&format!("in/part-{part:05}"), format!("{r4}{BAD}\n"));
        expected.push(r5);
    }
    (folder, expected)
}

fn check(folder: &Folder, expected: &[String]) {
    for (part, text) in expected.iter().enumerate() {
        assert!(
            folder.read(&format!("out/part-{part:05}")) == *text,
            "{part}"
        );
    }
    assert_eq!(
        folder.names_in("out").len(),
        expected.len(),
        "{:?}",
        folder.names_in("out")
    );
    assert_eq!(folder.read("bad").lines().count(), expected.len());
    assert_eq!(outcomes(&folder.read("why")).len(), expected.len());
    let summary: serde_json::Value = serde_json::from_str(&folder.read("sum")).expect("JSON");
    assert_eq!(summary["read"], 151 * expected.len());
}

const REPORTS: [&str; 10] = [
    "in/",
    "--quarantine",
    "why",
    "--rejects",
    "bad",
    "--summary",
    "sum",
    "--resume",
    "--checkpoint",
    "5000",
];

#[test]
fn several_processes_share_a_folder() {
    let (folder, expected) = many();
    let arguments = [&CONVERT[..], &REPORTS].concat();
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| folder.run(&arguments).expect(0));
        }
    });
    check(&folder, &expected);
}

#[test]
fn a_folder_that_was_cut_off_goes_on() {
    let (folder, expected) = many();
    let arguments = [&CONVERT[..], &REPORTS].concat();
    for wait in 1_u64.. {
        let mut child = Command::new(env!("CARGO_BIN_EXE_imaging-study"))
            .args(&arguments)
            .current_dir(folder.path(""))
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        thread::sleep(Duration::from_millis(wait * 37 % 150 + wait));
        child.kill().expect("it is ours");
        match child.wait().expect("it ends").code() {
            Some(status) => {
                assert_eq!(status, 0);
                break;
            }
            None => continue,
        }
    }
    for name in folder.names_in("out") {
        // A temporary file of a state may be left by a kill.
        if name.starts_with(".imaging-study-") {
            fs::remove_file(folder.path(&format!("out/{name}"))).expect("a file");
        }
    }
    check(&folder, &expected);
}
