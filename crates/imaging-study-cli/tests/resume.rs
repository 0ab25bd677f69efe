//! A run that is cut off goes on, and nothing of it is there twice or not at all.

use std::fs;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use program::{Folder, study};

mod program;

/// Numbers in no order; the first one is told if a test fails.
struct Random(u64);

impl Random {
    fn new() -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("a time");
        Self(now.as_nanos() as u64 | 1)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Lines of all kinds: good ones, some with losses, bad ones, other resources.
fn archive(lines: usize) -> String {
    let mut text = String::from("\u{FEFF}");
    for number in 0..lines {
        let (good, _) = study(&format!("s{number}"));
        let line = match number % 10 {
            3 => format!("no json {number}\r"),
            5 => format!(r#"{{"resourceType":"Patient","id":"p{number}"}}"#),
            7 => good.replace(
                "\"status\"",
                "\"contained\":[{\"resourceType\":\"Patient\"}],\"status\"",
            ),
            9 => good.replace("\"available\"", "7"),
            _ => good,
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

const REPORTS: [&str; 4] = ["lost", "why", "bad", "sum"];

fn arguments<'a>(input: &'a str, output: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec![
        "convert",
        "--to",
        "r5",
        input,
        "-o",
        output,
        "--losses",
        "lost",
        "--quarantine",
        "why",
        "--rejects",
        "bad",
        "--summary",
        "sum",
        "-q",
    ];
    arguments.extend(more);
    arguments
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    match bytes {
        [0x1F, 0x8B, ..] => flate2::read::MultiGzDecoder::new(bytes)
            .read_to_end(&mut text)
            .map(|_| text)
            .expect("gzip"),
        [0x28, 0xB5, ..] => zstd::decode_all(bytes).expect("zstd"),
        _ => bytes.to_vec(),
    }
}

/// What stands in a file, but for the time that the run took.
fn content(folder: &Folder, name: &str) -> Vec<u8> {
    let text =
        unpacked(&fs::read(folder.path(name)).unwrap_or_else(|error| panic!("{name}: {error}")));
    if name != "sum" {
        return text;
    }
    let mut json: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    json["seconds"] = 0.into();
    json.to_string().into_bytes()
}

/// Runs until it ends, killed again and again; how often.
fn killed(folder: &Folder, arguments: &[&str], random: &mut Random, longest: u64) -> usize {
    for kills in 0.. {
        let mut child = Command::new(env!("CARGO_BIN_EXE_imaging-study"))
            .args(arguments)
            .current_dir(folder.path(""))
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // Later and later, so that it ends at some time.
        let wait = random.below(longest * 1_000 * (1 + kills as u64 / 8));
        thread::sleep(Duration::from_micros(wait));
        child.kill().expect("it is ours");
        let output = child.wait_with_output().expect("it ends");
        match output.status.code() {
            Some(0) => return kills,
            Some(_) => panic!("{output:?}"),
            None => {}
        }
    }
    0
}

/// Kills runs at this many points at least.
fn kill(points: usize, lines: usize, longest: u64) {
    let folder = Folder::new();
    let text = archive(lines);
    folder.write("in", &text);
    folder.write(
        "in.zst",
        zstd::encode_all(text.as_bytes(), 1).expect("memory"),
    );
    let whole = Folder::new();
    whole.write("in", &text);
    whole.run(&arguments("in", "out", &[])).expect(0);
    let mut random = Random::new();
    let seed = random.0;
    let mut kills = 0;
    let variants: [(&str, &str, &[&str]); 4] = [
        ("in", "out", &["--jobs", "1"]),
        ("in.zst", "out.gz", &["--jobs", "2"]),
        ("in", "out.zst", &["--jobs", "2"]),
        ("in.zst", "out", &["--jobs", "1"]),
    ];
    for (input, output, more) in variants.into_iter().cycle() {
        let more = [more, &["--resume", "--checkpoint", "10000"]].concat();
        let arguments = arguments(input, output, &more);
        kills += killed(&folder, &arguments, &mut random, longest);
        let told = format!("{output} by {seed} after {kills}");
        assert!(content(&folder, output) == content(&whole, "out"), "{told}");
        for name in REPORTS {
            let renamed =
                |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).replace("\"in.zst\"", "\"in\"");
            let (found, expected) = (content(&folder, name), content(&whole, name));
            assert!(renamed(found) == renamed(expected), "{name} of {told}");
        }
        // Again, it has nothing to do.
        let before = fs::metadata(folder.path(output))
            .expect("a file")
            .modified()
            .ok();
        folder.run(&arguments).expect(0);
        assert_eq!(
            fs::metadata(folder.path(output))
                .expect("a file")
                .modified()
                .ok(),
            before
        );
        for name in REPORTS.iter().chain([&output]) {
            fs::remove_file(folder.path(name)).expect("a file");
        }
        // A temporary file of the state may be left by a kill.
        for name in folder.names() {
            match name.starts_with(".imaging-study-") {
                true => fs::remove_file(folder.path(&name)).expect("a file"),
                false => assert!(
                    ["in", "in.zst"].contains(&name.as_str()),
                    "{name} of {told}"
                ),
            }
        }
        if kills >= points {
            return;
        }
    }
}

#[test]
fn killed_at_some_points() {
    kill(20, 1_000, 120);
}

/// Run by hand: it takes minutes.
#[test]
#[ignore = "takes minutes"]
fn killed_at_many_points() {
    kill(1_000, 3_000, 250);
}

#[test]
fn another_run_does_not_go_on() {
    let folder = Folder::new();
    let text = archive(2_000);
    folder.write("in", &text);
    let resumed = |more: &[&str]| {
        let more = [
            more,
            &["--resume", "--checkpoint", "1000", "--max-rejects", "100"],
        ]
        .concat();
        folder.run(
            &[
                &["convert", "--to", "r5", "in", "-o", "out", "-q"][..],
                &more,
            ]
            .concat(),
        )
    };
    resumed(&[]).expect(1);
    assert!(folder.names().contains(&".out.state".to_owned()));
    let ran = resumed(&["--strict"]).expect(2);
    assert!(ran.stderr.contains("other options"), "{ran:?}");
    folder.write("in", text.clone() + "\n");
    assert!(resumed(&[]).expect(2).stderr.contains("inputs"));
    fs::remove_file(folder.path(".out.state")).expect("a state");
    // The limit of rejects is no part of what is written.
    resumed(&[]).expect(1);
    let more = [
        "convert",
        "--to",
        "r5",
        "in",
        "-o",
        "out",
        "--resume",
        "--quarantine",
        "q",
    ];
    folder.run(&more).expect(2);
    folder.run(&more[..7]).expect(0);
    assert_eq!(folder.names(), ["in", "out"]);
    for arguments in [
        &["convert", "--to", "r5", "in", "--resume"][..],
        &["convert", "--to", "r5", "-", "--resume", "-o", "x"],
        &["convert", "--to", "r5", "in", "--resume", "-o", "x/"],
    ] {
        folder.run(arguments).expect(2);
    }
    assert_eq!(folder.names(), ["in", "out"]);
}

/// Half a state, or one whose output is gone, is as good as none.
#[test]
fn what_is_damaged_begins_anew() {
    let folder = Folder::new();
    folder.write("in", archive(1_000));
    let run = [
        "convert",
        "--to",
        "r5",
        "in",
        "-q",
        "--resume",
        "--checkpoint",
        "1000",
        "-o",
        "out",
    ];
    let cut = [&run[..], &["--max-rejects", "50"]].concat();
    folder
        .run(&["convert", "--to", "r5", "in", "-q", "-o", "whole"])
        .expect(0);
    for damage in 0..3 {
        folder.run(&cut).expect(1);
        match damage {
            0 => folder.write(".out.partial", "torn"),
            1 => fs::remove_file(folder.path(".out.partial")).expect("a file"),
            _ => folder.write(".out.state", "{\"run\":"),
        }
        folder.run(&run).expect(0);
        assert!(folder.read("out") == folder.read("whole"), "{damage}");
        fs::remove_file(folder.path("out")).expect("a file");
        assert_eq!(folder.names(), ["in", "whole"]);
    }
}

#[test]
fn two_processes_do_not_write_one_output() {
    let folder = Folder::new();
    folder.write("in", archive(4_000));
    folder
        .run(&["convert", "--to", "r5", "in", "-q", "-o", "whole"])
        .expect(0);
    let run = [
        "convert",
        "--to",
        "r5",
        "in",
        "-q",
        "--resume",
        "--checkpoint",
        "5000",
        "-o",
        "out",
    ];
    let statuses = thread::scope(|scope| {
        let start = |_| scope.spawn(|| folder.run(&run));
        let running: Vec<_> = (0..3).map(start).collect();
        let ended = running.into_iter().map(|run| run.join().expect("a run"));
        ended
            .map(|ran| (ran.status, ran.stderr))
            .collect::<Vec<_>>()
    });
    assert!(
        statuses.iter().any(|(status, _)| *status == 0),
        "{statuses:?}"
    );
    for (status, stderr) in statuses {
        assert!(
            status == 0 || (status == 3 && stderr.contains("another process")),
            "{stderr}"
        );
    }
    assert!(folder.read("out") == folder.read("whole"));
    // Without --resume each has a file of its own, and the last one stays.
    let run = ["convert", "--to", "r5", "in", "-q", "-o", "out"];
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| folder.run(&run).expect(0));
        }
    });
    assert!(folder.read("out") == folder.read("whole"));
    assert_eq!(folder.names(), ["in", "out", "whole"]);
}
