//! Devices, files and processes that fail: what was there stays, and the exit status says so.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Command, Stdio};

use program::{Folder, study};

mod program;

const BAD: &str = "bad\n";

fn archive(folder: &Folder) {
    let carried = study("c").0.replace(
        "\"status\"",
        "\"interpreter\":[{\"display\":\"x\"}],\"status\"",
    );
    let lines: String = (0..3_000)
        .map(|id| study(&format!("s{id}")).0 + "\n")
        .collect();
    folder.write("in", format!("{lines}{BAD}{carried}\n"));
}

#[test]
fn a_full_device_is_an_error_wherever_it_is() {
    let folder = Folder::new();
    archive(&folder);
    folder.write("out", "before");
    for options in [
        &["--quarantine", "/dev/full"][..],
        &["--rejects", "/dev/full"],
        &["--summary", "/dev/full"],
    ] {
        let convert = ["convert", "--to", "r5", "in", "-q", "-o", "out"];
        let ran = folder.run(&[&convert[..], options].concat()).expect(3);
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
        assert_eq!(folder.read("out"), "before");
    }
    for output in [
        &["-o", "/dev/full"][..],
        &["-o", "/dev/full", "--compress", "zstd"],
    ] {
        let ran = folder.run(&[&["convert", "--to", "r5", "in", "-q"][..], output].concat());
        ran.expect(3);
    }
    // What cannot be moved in its place is no output of a run that can go on.
    for arguments in [
        &["-o", "/dev/null"][..],
        &["-o", "new", "--quarantine", "/dev/null"],
        &["-o", "new", "--rejects", "/dev/stdout"],
    ] {
        let convert = ["convert", "--to", "r5", "in", "-q", "--resume"];
        folder.run(&[&convert[..], arguments].concat()).expect(2);
    }
    let names = folder.names();
    assert!(
        !names.iter().any(|name| name.ends_with(".tmp")),
        "{names:?}"
    );
}

/// A file that may have so many bytes and no more, as on a disk that is nearly full.
#[test]
fn a_file_that_may_not_grow_leaves_what_was_there() {
    let folder = Folder::new();
    archive(&folder);
    folder.write("out", "before");
    for (limit, compress) in [(8, &[][..]), (64, &[]), (1, &["--compress", "gzip"])] {
        let limited = format!(
            "ulimit -f {limit}; trap '' XFSZ; exec \"$0\" convert --to r5 in -o out -q {}",
            compress.join(" ")
        );
        let status = Command::new("sh")
            .args(["-c", &limited, env!("CARGO_BIN_EXE_imaging-study")])
            .current_dir(folder.path(""))
            .stderr(Stdio::piped())
            .output()
            .expect("a shell");
        assert_eq!(status.status.code(), Some(3), "{status:?}");
        assert_eq!(folder.read("out"), "before");
        assert_eq!(folder.names(), ["in", "out"]);
    }
    // A run that can go on does so when there is room.
    let limited = "ulimit -f 128; trap '' XFSZ; exec \"$0\" convert --to r5 in -o new -q --resume --checkpoint 20000";
    let status = Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_imaging-study")])
        .current_dir(folder.path(""))
        .stderr(Stdio::null())
        .status();
    assert_eq!(status.expect("a shell").code(), Some(3));
    assert!(folder.path(".new.state").exists());
    folder
        .run(&[
            "convert",
            "--to",
            "r5",
            "in",
            "-o",
            "new",
            "-q",
            "--resume",
            "--checkpoint",
            "20000",
        ])
        .expect(0);
    folder
        .run(&["convert", "--to", "r5", "in", "-o", "out", "-q"])
        .expect(0);
    assert!(folder.read("new") == folder.read("out"));
    assert_eq!(folder.names(), ["in", "new", "out"]);
}

#[test]
fn a_reader_that_leaves_ends_the_run_in_silence() {
    let folder = Folder::new();
    archive(&folder);
    for more in [&[][..], &["--compress", "zstd"], &["--jobs", "2"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_imaging-study"))
            .args(["convert", "--to", "r5", "in", "-q"])
            .args(more)
            .current_dir(folder.path(""))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut pipe = child.stdout.take().expect("a pipe");
        pipe.read_exact(&mut [0; 8]).expect("the beginning");
        drop(pipe);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(
            (output.status.code(), output.stderr.len()),
            (Some(0), 0),
            "{output:?}"
        );
    }
}

#[test]
fn links_to_nothing_and_folders_that_are_not_there_are_status_3() {
    let folder = Folder::new();
    archive(&folder);
    symlink("nowhere", folder.path("link")).expect("a link");
    for arguments in [
        &["link"][..],
        &["in", "-o", "link"],
        &["in", "--rejects", "link"],
        &["in", "-o", "no/out"],
        &["in", "-o", "out", "--losses", "no/lost"],
        &["in", "-o", "out", "--summary", "no/sum"],
        &["in", "-o", "no/out", "--resume"],
    ] {
        let ran = folder.run(&[&["convert", "--to", "r5", "-q"][..], arguments].concat());
        assert_eq!(ran.expect(3).stderr.lines().count(), 1, "{arguments:?}");
        assert_eq!(folder.names(), ["in", "link"], "{arguments:?}");
    }
}

/// An input may grow while it is read: whole lines are taken, and a part of one is told.
#[test]
fn an_input_that_vanishes_or_grows() {
    let folder = Folder::new();
    archive(&folder);
    let whole = folder.read("in");
    let mut child = Command::new(env!("CARGO_BIN_EXE_imaging-study"))
        .args(["convert", "--to", "r5", "-o", "out", "-q", "-", "in"])
        .current_dir(folder.path(""))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    pipe.write_all(whole.as_bytes()).expect("it reads");
    // While it waits for more, the next file goes.
    fs::remove_file(folder.path("in")).expect("a file");
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(folder.names().is_empty(), "{:?}", folder.names());

    // A run that was cut off does not go on with an input that is another one now.
    folder.write("in", &whole);
    let resumed = [
        "convert",
        "--to",
        "r5",
        "in",
        "-o",
        "out",
        "-q",
        "--resume",
        "--checkpoint",
        "1000",
    ];
    folder
        .run(&[&resumed[..], &["--max-rejects", "0"]].concat())
        .expect(1);
    folder.write("in", whole.clone() + &study("new").0);
    assert_eq!(folder.run(&resumed).status, 2);
    fs::remove_file(folder.path(".out.state")).expect("a state");
    folder.run(&resumed).expect(0);
    assert_eq!(folder.read("out").lines().count(), 3_002);
}

#[test]
fn files_that_may_not_be_written_or_read() {
    let folder = Folder::new();
    archive(&folder);
    folder.write("kept", "before");
    fs::set_permissions(folder.path("kept"), fs::Permissions::from_mode(0o444)).expect("a mode");
    for arguments in [
        &["-o", "kept"][..],
        &["-o", "out", "--quarantine", "kept"],
        &["-o", "out", "--rejects", "kept"],
        &["-o", "out", "--summary", "kept"],
    ] {
        folder
            .run(&[&["convert", "--to", "r5", "in", "-q"][..], arguments].concat())
            .expect(3);
        assert_eq!(folder.read("kept"), "before");
    }
    // The same file for two of them.
    for arguments in [
        &["-o", "a", "--rejects", "a"][..],
        &["-o", "a", "--summary", "./a"],
        &["--rejects", "in"],
    ] {
        folder
            .run(&[&["convert", "--to", "r5", "in", "-q"][..], arguments].concat())
            .expect(2);
    }
}
