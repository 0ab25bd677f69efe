//! Ctrl-C and SIGTERM leave nothing of a patient behind.
#![cfg(unix)]

use std::fs;
use std::io::Write as _;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use program::{Folder, study};

mod program;

/// Starts the program in a folder; its stdin stays open.
fn start(folder: &Folder, arguments: &[&str]) -> Child {
    let started = Command::new(env!("CARGO_BIN_EXE_imaging-study"))
        .args(arguments)
        .current_dir(folder.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    started.expect("the program starts")
}

fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let start = Instant::now();
    while !happened() {
        assert!(start.elapsed() < Duration::from_secs(60), "never {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill")
        .args(["-s", signal, &child.id().to_string()])
        .status();
    assert!(sent.expect("there is a program to send signals").success());
}

fn end(child: Child) -> Output {
    child.wait_with_output().expect("the program ends")
}

fn temporary(names: &[String]) -> usize {
    names.iter().filter(|name| name.ends_with(".tmp")).count()
}

#[test]
fn temporary_files_are_gone() {
    for (signal, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let folder = Folder::new();
        folder.write("out", "old");
        let arguments = [
            "convert",
            "--to",
            "r5",
            "-o",
            "out",
            "--losses",
            "lost",
            "--quarantine",
            "bad",
        ];
        let mut child = start(&folder, &arguments);
        let mut pipe = child.stdin.take().expect("a pipe");
        let line = study("secret").0 + "\n";
        pipe.write_all(line.repeat(10_000).as_bytes())
            .expect("the program reads");
        wait_until("wrote", || temporary(&folder.names()) == 3);
        send(signal, &child);
        let output = end(child);
        assert_eq!(output.status.code(), Some(status), "{output:?}");
        assert_eq!(folder.names(), ["out"]);
        assert_eq!(folder.read("out"), "old");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(stderr, format!("error: stopped by SIG{signal}\n"));
        drop(pipe);
    }
}

#[test]
fn a_folder_has_whole_files_only() {
    let line = study("a").0 + "\n";
    let input = line.repeat(20_000);
    for (signal, status, files) in [("TERM", 143, 1), ("TERM", 143, 40), ("INT", 130, 200)] {
        let folder = Folder::new();
        let mut child = start(&folder, &["convert", "--to", "r5", "-o", "out/", "-j", "2"]);
        let mut pipe = child.stdin.take().expect("a pipe");
        thread::scope(|scope| {
            let input = input.as_bytes();
            // The program ends before it has read everything.
            scope.spawn(move || pipe.write_all(input));
            let count = || fs::read_dir(folder.path("out")).map_or(0, Iterator::count);
            wait_until("began", || count() >= files);
            send(signal, &child);
            let output = end(child);
            assert_eq!(output.status.code(), Some(status), "{output:?}");
        });
        let names = folder.names_in("out");
        assert_eq!(temporary(&names), 0, "{names:?}");
        assert!(names.len() >= files.saturating_sub(1), "{}", names.len());
        for (index, name) in names.iter().enumerate() {
            assert_eq!(*name, format!("{:07}-a.json", index + 1));
            let text = folder.read(&format!("out/{name}"));
            let study: serde_json::Value = serde_json::from_str(&text).expect("a whole document");
            assert_eq!(study["id"], "a");
        }
    }
}

#[test]
fn what_is_ignored_stays_ignored() {
    let folder = Folder::new();
    let command = format!(
        "trap '' INT HUP; exec {} convert --to r5 -o out",
        env!("CARGO_BIN_EXE_imaging-study")
    );
    let mut child = Command::new("sh")
        .args(["-c", &command])
        .current_dir(folder.path(""))
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell");
    wait_until("began", || temporary(&folder.names()) == 1);
    // Only Linux tells which signals are ignored.
    if cfg!(target_os = "linux") {
        send("INT", &child);
        send("HUP", &child);
        thread::sleep(Duration::from_millis(50));
    }
    let mut pipe = child.stdin.take().expect("a pipe");
    let (r4, r5) = study("a");
    pipe.write_all(r4.as_bytes()).expect("the program reads");
    drop(pipe);
    assert!(child.wait().expect("the program ends").success());
    assert_eq!(folder.read("out"), r5 + "\n");
}

#[test]
fn from_dicom_is_no_other() {
    let folder = Folder::new();
    let arguments = ["from-dicom", "--to", "r5", "-o", "out", "-"];
    let child = start(&folder, &arguments);
    wait_until("began", || temporary(&folder.names()) == 1);
    send("TERM", &child);
    assert_eq!(end(child).status.code(), Some(143));
    assert_eq!(folder.names(), [""; 0]);
}
