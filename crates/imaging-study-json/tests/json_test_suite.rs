//! Nicolas Seriot's JSONTestSuite: what must be accepted, what must be refused, and what may be
//! either but must not panic. FHIR forbids two members of one name, which JSON allows.

mod common;

use std::thread;
use std::time::{Duration, Instant};

use imaging_study_core::Limits;
use imaging_study_json::{Decoder, UnknownElements, from_slice, scan};
use imaging_study_r4::ImagingStudy;

/// Files that JSON allows and FHIR does not: a name stands twice in an object.
const DUPLICATE_NAMES: [&str; 2] = [
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
];

/// The stack in which every file must be read, also without optimisation, in bytes.
const STACK: usize = 256 << 10;

/// No file may take longer; the slowest one takes a few milliseconds without optimisation.
const SLOW: Duration = Duration::from_secs(1);

fn files() -> Vec<(String, Vec<u8>)> {
    common::shared("corpora/json-test-suite/test_parsing")
        .map(|folder| common::files(&folder, "", ".json"))
        .unwrap_or_default()
}

/// Runs `accepts` over all files and compares with what their names ask for.
fn run(place: &'static str, accepts: fn(&[u8]) -> bool, exceptions: &'static [&'static str]) {
    let check = move || {
        let files = files();
        let mut counts = [[0_u32; 2]; 3];
        let mut problems = Vec::new();
        for (name, bytes) in &files {
            let start = Instant::now();
            let accepted = accepts(bytes);
            if start.elapsed() > SLOW {
                problems.push(format!("{name} took {:?}", start.elapsed()));
            }
            let kind = "yni".find(&name[..1]).expect("a name with y, n or i");
            counts[kind][usize::from(accepted)] += 1;
            let right = match &name[..2] {
                "y_" => accepted != exceptions.contains(&name.as_str()),
                "n_" => !accepted,
                _ => true,
            };
            if !right {
                problems.push(format!("{name}: accepted = {accepted}"));
            }
        }
        for (kind, [refused, accepted]) in ["y", "n", "i"].iter().zip(counts) {
            println!("{place}, {kind}_ files: {accepted} accepted, {refused} refused");
        }
        assert!(problems.is_empty(), "{place}: {problems:#?}");
        if !files.is_empty() {
            assert_eq!(
                counts.map(|[refused, accepted]| refused + accepted),
                [95, 188, 35]
            );
        }
    };
    let thread = thread::Builder::new()
        .stack_size(STACK)
        .spawn(check)
        .expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// Puts a file where any JSON value may stand: into a contained resource.
fn contained(value: &[u8]) -> Vec<u8> {
    let start = br#"{"resourceType":"ImagingStudy","contained":[{"resourceType":"Basic","x":"#;
    [start, value, b"}]}"].concat()
}

#[test]
fn as_a_member_of_a_contained_resource() {
    run(
        "contained",
        |value| from_slice::<ImagingStudy>(&contained(value)).is_ok(),
        &DUPLICATE_NAMES,
    );
}

#[test]
fn as_an_unknown_element() {
    run(
        "unknown",
        |value| {
            let mut decoder = Decoder::default();
            decoder.unknown = UnknownElements::Keep;
            let start = br#"{"resourceType":"ImagingStudy","x":"#;
            decoder
                .decode_slice::<ImagingStudy>(&[start, value, b"}"].concat())
                .is_ok()
        },
        &DUPLICATE_NAMES,
    );
}

#[test]
fn as_a_tree() {
    run(
        "tree",
        |value| Decoder::default().decode_json(value).is_ok(),
        &DUPLICATE_NAMES,
    );
}

#[test]
fn while_scanning() {
    run(
        "scan",
        |value| scan(value, Limits::default(), |_| ()).is_ok(),
        &[],
    );
}

#[test]
fn no_file_is_a_study() {
    run(
        "study",
        |value| {
            assert!(from_slice::<ImagingStudy>(value).is_err());
            // Not asked here: whether it is JSON.
            Decoder::default().decode_json(value).is_ok()
        },
        &DUPLICATE_NAMES,
    );
}
