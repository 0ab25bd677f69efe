//! Streams of lines as archives really write them.

mod common;

use std::fs;
use std::io::{self, BufRead, BufReader, Read};

use imaging_study_core::Element;
use imaging_study_json::{
    Decoder, NdjsonReader, NdjsonWriter, ReadErrorKind, UnknownElements, to_string,
};
use imaging_study_r4::ImagingStudy;

/// What came of each line: the id of the study, or the line, column and message of the error.
fn outcomes(input: impl BufRead) -> Vec<Result<String, (u64, u64, String)>> {
    let mut reader = NdjsonReader::new(input);
    let mut outcomes = Vec::new();
    while let Some(line) = reader.read::<ImagingStudy>() {
        outcomes.push(match line {
            Ok(study) => Ok(study.id.to_string_or_empty()),
            Err(error) => {
                let place = error.position();
                Err((place.line, place.column, error.message()))
            }
        });
    }
    outcomes
}

trait OrEmpty {
    fn to_string_or_empty(&self) -> String;
}

impl<T: ToString, E: Element> OrEmpty for imaging_study_core::Primitive<T, E> {
    fn to_string_or_empty(&self) -> String {
        self.value
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    }
}

fn study(id: &str) -> String {
    format!(r#"{{"resourceType":"ImagingStudy","id":"{id}"}}"#)
}

fn ids(names: &[&str]) -> Vec<Result<String, (u64, u64, String)>> {
    names.iter().map(|name| Ok((*name).to_owned())).collect()
}

#[test]
fn line_ends_blank_lines_and_byte_order_marks() {
    let (a, b) = (study("a"), study("b"));
    for input in [
        format!("{a}\n{b}\n"),
        format!("{a}\n{b}"),
        format!("{a}\r\n{b}\r\n"),
        format!("{a}\r\n{b}"),
        format!("\n\n{a}\n\r\n \t\n{b}\n\n"),
        format!("\u{FEFF}{a}\n{b}"),
        // Two files behind one another, each with its mark.
        format!("\u{FEFF}{a}\n\u{FEFF}{b}\n"),
        format!("  {a} \n\t{b}\t\n"),
    ] {
        assert_eq!(outcomes(input.as_bytes()), ids(&["a", "b"]), "{input:?}");
        // The same in pieces of every small size.
        for capacity in 1..20 {
            let pieces = BufReader::with_capacity(capacity, input.as_bytes());
            assert_eq!(
                outcomes(pieces),
                ids(&["a", "b"]),
                "{input:?} by {capacity}"
            );
        }
    }
}

#[test]
fn nothing_is_read_from_nothing() {
    for input in ["", "\n", "\r\n\r\n", " ", "\n \n"] {
        assert_eq!(outcomes(input.as_bytes()), ids(&[]), "{input:?}");
    }
}

#[test]
fn bad_lines_are_reported_with_their_numbers() {
    let bytes = [
        study("a").as_bytes(),
        b"\n\nnot json\r\n",
        study("b").as_bytes(),
        b"\n{\"resourceType\":\"ImagingStudy\",\"colour\":1}\n\xFF\n",
        br#"{"resourceType":"ImagingStudy","series":["#,
        b"\n{\"resourceType\":\"Patient\"}\n",
        study("c").as_bytes(),
        study("d").as_bytes(),
        b"\n",
        study("e").as_bytes(),
    ]
    .concat();
    let bad = |line, column, message: &str| Err((line, column, message.to_owned()));
    assert_eq!(
        outcomes(&bytes[..]),
        [
            Ok("a".to_owned()),
            bad(3, 1, "expected a value, found another word"),
            Ok("b".to_owned()),
            bad(5, 32, "unknown element"),
            bad(6, 1, "invalid UTF-8"),
            bad(7, 42, "expected a value, found the end of the input"),
            bad(
                8,
                17,
                "expected a resource of type ImagingStudy, found another type"
            ),
            bad(9, 41, "trailing data"),
            Ok("e".to_owned()),
        ]
    );
}

#[test]
fn lines_can_be_taken_as_they_are() {
    let mut reader = NdjsonReader::new("a\r\n\n  b \n".as_bytes());
    let mut lines = Vec::new();
    while let Some(line) = reader.next_line() {
        let line = line.expect("a line");
        lines.push((line.number, line.bytes.to_owned()));
    }
    assert_eq!(lines, [(1, b"a".to_vec()), (3, b"  b ".to_vec())]);
}

/// A stream that is interrupted, then gives a little, then fails.
struct Failing {
    parts: Vec<io::Result<&'static [u8]>>,
}

impl Read for Failing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.parts.is_empty() {
            return Ok(0);
        }
        let part = self.parts.remove(0)?;
        buffer[..part.len()].copy_from_slice(part);
        Ok(part.len())
    }
}

#[test]
fn a_stream_that_fails_ends_with_an_error() {
    let interrupted = || Err(io::ErrorKind::Interrupted.into());
    let input = Failing {
        parts: vec![
            interrupted(),
            Ok(br#"{"resourceType":"#),
            interrupted(),
            Ok(b"\"ImagingStudy\"}\n{\"resource"),
            Err(io::ErrorKind::ConnectionReset.into()),
            Ok(b"Type\":\"ImagingStudy\"}\n"),
        ],
    };
    let mut reader = NdjsonReader::new(BufReader::new(input));
    reader
        .read::<ImagingStudy>()
        .expect("a line")
        .expect("a study");
    let error = reader
        .read::<ImagingStudy>()
        .expect("an outcome")
        .expect_err("no second study");
    assert!(matches!(error.kind(), ReadErrorKind::Io(_)), "{error}");
    assert_eq!(error.position().line, 2);
    assert!(
        reader.read::<ImagingStudy>().is_none(),
        "a failed stream has ended"
    );
}

#[test]
fn unknown_elements_are_kept_line_by_line() {
    let input =
        "{\"resourceType\":\"ImagingStudy\",\"a\":1}\n{\"resourceType\":\"ImagingStudy\"}\n";
    let mut decoder = Decoder::default();
    decoder.unknown = UnknownElements::Keep;
    let mut reader = NdjsonReader::with_decoder(input.as_bytes(), decoder);
    let first = reader
        .decode::<ImagingStudy>()
        .expect("a line")
        .expect("a study");
    let second = reader
        .decode::<ImagingStudy>()
        .expect("a line")
        .expect("a study");
    assert_eq!((first.unknown.len(), second.unknown.len()), (1, 0));
}

#[test]
fn what_is_written_is_read_again() {
    let first = ImagingStudy {
        id: "a".parse().expect("an id"),
        description: "two\nlines\r\n".parse().expect("a string"),
        ..Default::default()
    };
    let second = ImagingStudy::default();
    let mut writer = NdjsonWriter::new(Vec::new());
    for study in [&first, &second] {
        writer.write(study).expect("a study without empty elements");
    }
    // What cannot be written leaves no half line behind.
    let broken = ImagingStudy {
        note: vec![Default::default()],
        ..Default::default()
    };
    writer.write(&broken).expect_err("an empty note");
    writer.flush().expect("a vector takes it");
    let text = String::from_utf8(writer.into_inner()).expect("text");
    assert_eq!(text.lines().count(), 2);
    assert!(text.ends_with("}\n"));
    let mut reader = NdjsonReader::new(text.as_bytes());
    for study in [first, second] {
        assert_eq!(
            reader
                .read::<ImagingStudy>()
                .expect("a line")
                .expect("a study"),
            study
        );
    }
}

/// The files of `fixtures/ndjson`: the numbers of their bad lines stand in their names.
#[test]
fn fixtures_have_the_bad_lines_that_their_names_say() {
    let files = common::files(&common::fixtures("ndjson"), "", ".ndjson");
    assert!(files.len() >= 5, "only {} files", files.len());
    for (name, bytes) in files {
        let stem = name.trim_end_matches(".ndjson");
        let expected: Vec<u64> = match stem.split_once("-bad-") {
            Some((_, lines)) => lines
                .split('-')
                .map(|line| line.parse().expect("a line number"))
                .collect(),
            None => Vec::new(),
        };
        let found: Vec<u64> = if name.starts_with("r5-") {
            bad_lines::<imaging_study_r5::ImagingStudy>(&bytes)
        } else {
            bad_lines::<ImagingStudy>(&bytes)
        };
        assert_eq!(found, expected, "{name}");
    }
}

fn bad_lines<T: Element>(bytes: &[u8]) -> Vec<u64> {
    let mut reader = NdjsonReader::new(bytes);
    let mut bad = Vec::new();
    let mut good = 0;
    while let Some(line) = reader.read::<T>() {
        match line {
            Ok(study) => {
                to_string(&study).expect("a study without empty elements");
                good += 1;
            }
            Err(error) => bad.push(error.position().line),
        }
    }
    assert!(good > 0, "a file without any good line");
    bad
}

#[test]
fn there_are_fixtures_of_both_versions() {
    let names: Vec<_> = fs::read_dir(common::fixtures("ndjson"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    for version in ["r4-", "r5-"] {
        assert!(
            names
                .iter()
                .any(|name| name.to_string_lossy().starts_with(version)),
            "{version}"
        );
    }
}

#[test]
fn lines_of_any_json_have_their_numbers_too() {
    let mut reader = NdjsonReader::new("{\"a\": 1}\n\n[1, ]\n\"x\"".as_bytes());
    let mut lines = Vec::new();
    while let Some(line) = reader.read_json() {
        lines.push(match line {
            Ok(value) => value.kind().to_owned(),
            Err(error) => error.position().to_string(),
        });
    }
    assert_eq!(lines, ["an object", "line 3, column 5", "a string"]);
}
