//! Bounds on depth and size: what is at the limit is read, what is one beyond it is refused, and
//! neither costs much time or stack.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use imaging_study_core::Limits;
use imaging_study_json::{
    Decoder, NdjsonReader, ReadError, ReadErrorKind, UnknownElements, from_reader, from_slice,
    from_str, scan, to_string,
};
use imaging_study_r5::ImagingStudy;

/// Enough for the default depth, also without optimisation, in bytes.
const STACK: usize = 256 << 10;
/// Enough for the greatest depth that can be asked for, also without optimisation, in bytes.
const STACK_OF_GREATEST_DEPTH: usize = 512 << 10;

fn in_stack(size: usize, test: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new()
        .stack_size(size)
        .spawn(test)
        .expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// A study with extensions inside one another.
fn nested(depth: usize) -> String {
    let mut text = r#"{"url":"leaf"}"#.to_owned();
    for _ in 1..depth {
        text = format!(r#"{{"extension":[{text}],"url":"e"}}"#);
    }
    format!(r#"{{"resourceType":"ImagingStudy","extension":[{text}]}}"#)
}

/// A study with extensions inside one another, each below the value of the one around it.
fn nested_in_values(depth: usize) -> String {
    let mut text = r#"{"text":"leaf"}"#.to_owned();
    for _ in 0..(depth - 1) / 2 {
        text = format!(r#"{{"extension":[{{"url":"e","valueCodeableConcept":{text}}}]}}"#);
    }
    format!(r#"{{"resourceType":"ImagingStudy","procedure":[{{"concept":{text}}}]}}"#)
}

/// A study with objects inside one another in a contained resource, which counts as one of them.
fn nested_in_contained(depth: usize) -> String {
    let text = format!(
        "{}{{}}{}",
        r#"{"a":"#.repeat(depth - 2),
        "}".repeat(depth - 2)
    );
    format!(
        r#"{{"resourceType":"ImagingStudy","contained":[{{"resourceType":"Basic","a":{text}}}]}}"#
    )
}

fn decoder(depth: usize) -> Decoder {
    let mut decoder = Decoder::default();
    decoder.limits.depth = depth;
    decoder
}

fn limit_of(error: &ReadError) -> Option<usize> {
    match error.kind() {
        ReadErrorKind::TooDeep { limit } | ReadErrorKind::TooLarge { limit } => Some(*limit),
        _ => None,
    }
}

#[test]
fn depth_at_the_default_limit_and_one_beyond() {
    in_stack(STACK, || {
        for make in [nested, nested_in_contained] {
            let study: ImagingStudy = from_str(&make(64)).expect("64 elements");
            assert_eq!(to_string(&study).expect("no empty elements"), make(64));
            let error = from_str::<ImagingStudy>(&make(65)).expect_err("65 elements");
            assert_eq!(limit_of(&error), Some(64));
        }
    });
}

#[test]
fn depth_at_other_limits_and_one_beyond() {
    in_stack(STACK_OF_GREATEST_DEPTH, || {
        for depth in [2, 3, 17, 127, 128] {
            for make in [nested, nested_in_contained] {
                let mut decoder = decoder(depth);
                decoder
                    .decode_str::<ImagingStudy>(&make(depth))
                    .expect("at the limit");
                let error = decoder
                    .decode_str::<ImagingStudy>(&make(depth + 1))
                    .expect_err("beyond");
                assert_eq!(limit_of(&error), Some(depth));
            }
        }
    });
}

#[test]
fn values_and_siblings_count_as_elements() {
    in_stack(STACK_OF_GREATEST_DEPTH, || {
        // `procedure`, `concept`, then an extension and its value by turns.
        for depth in [4, 64, 128] {
            let text = nested_in_values(depth - 1);
            decoder(depth)
                .decode_str::<ImagingStudy>(&text)
                .expect("at the limit");
            let error = decoder(depth - 1)
                .decode_str::<ImagingStudy>(&text)
                .expect_err("beyond");
            assert_eq!(limit_of(&error), Some(depth - 1));
        }
        let sibling = r#"{"resourceType":"ImagingStudy","_status":{"extension":[{"url":"e"}]}}"#;
        decoder(2)
            .decode_str::<ImagingStudy>(sibling)
            .expect("two elements");
        decoder(1)
            .decode_str::<ImagingStudy>(sibling)
            .expect_err("one is too few");
    });
}

#[test]
fn a_greater_depth_than_128_is_128() {
    in_stack(STACK_OF_GREATEST_DEPTH, || {
        let mut decoder = decoder(usize::MAX);
        decoder
            .decode_str::<ImagingStudy>(&nested(128))
            .expect("at the limit");
        let error = decoder
            .decode_str::<ImagingStudy>(&nested(129))
            .expect_err("beyond");
        assert_eq!(limit_of(&error), Some(128));
    });
}

#[test]
fn depth_zero_allows_a_resource_alone() {
    let mut decoder = decoder(0);
    let flat = r#"{"resourceType":"ImagingStudy","status":"available"}"#;
    decoder
        .decode_str::<ImagingStudy>(flat)
        .expect("no nested element");
    decoder
        .decode_str::<ImagingStudy>(&nested(1))
        .expect_err("a nested element");
}

#[test]
fn deep_garbage_is_refused_quickly_in_a_small_stack() {
    in_stack(STACK, || {
        let start = Instant::now();
        for garbage in [
            "[",
            r#"{"a":"#,
            r#"{"extension":[{"extension":["#,
            r#"[{"a":"#,
            "{\"_status\":",
        ] {
            let deep = garbage.repeat(100_000);
            for text in [
                deep.clone(),
                format!(
                    r#"{{"resourceType":"ImagingStudy","contained":[{{"resourceType":"Basic","a":{deep}"#
                ),
                format!(r#"{{"resourceType":"ImagingStudy","extension":[{deep}"#),
                format!(r#"{{"resourceType":"ImagingStudy","x":{deep}"#),
            ] {
                from_str::<ImagingStudy>(&text).expect_err("garbage");
                Decoder::default()
                    .decode_json(text.as_bytes())
                    .expect_err("garbage");
                scan(text.as_bytes(), Limits::default(), |_| ()).expect_err("garbage");
                let mut decoder = Decoder::default();
                decoder.unknown = UnknownElements::Keep;
                decoder
                    .decode_str::<ImagingStudy>(&text)
                    .expect_err("garbage");
            }
        }
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{:?}",
            start.elapsed()
        );
    });
}

#[test]
fn bytes_at_the_limit_and_one_beyond() {
    let text = r#"{"resourceType":"ImagingStudy","description":"é"}"#;
    let mut decoder = Decoder::default();
    decoder.limits.bytes = text.len();
    decoder
        .decode_str::<ImagingStudy>(text)
        .expect("at the limit");
    decoder
        .decode_slice::<ImagingStudy>(text.as_bytes())
        .expect("at the limit");
    decoder.decode_json(text.as_bytes()).expect("at the limit");
    scan(text.as_bytes(), decoder.limits, |_| ()).expect("at the limit");

    decoder.limits.bytes -= 1;
    let limit = Some(text.len() - 1);
    let errors = [
        decoder.decode_str::<ImagingStudy>(text).map(drop),
        decoder
            .decode_slice::<ImagingStudy>(text.as_bytes())
            .map(drop),
        decoder.decode_json(text.as_bytes()).map(drop),
        scan(text.as_bytes(), decoder.limits, |_| ()),
    ];
    for error in errors {
        assert_eq!(limit_of(&error.expect_err("beyond")), limit);
    }
}

#[test]
fn an_input_beyond_the_limit_is_too_large_whatever_it_holds() {
    let mut decoder = Decoder::default();
    decoder.limits.bytes = 5;
    let error = decoder
        .decode_slice::<ImagingStudy>(b"\xFF\xFF\xFF\xFF\xFF\xFF")
        .expect_err("6 bytes");
    assert_eq!(limit_of(&error), Some(5));
}

/// A stream that never ends.
struct Endless(&'static [u8], usize);

impl io::Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for byte in buffer.iter_mut() {
            *byte = self.0[self.1 % self.0.len()];
            self.1 += 1;
        }
        Ok(buffer.len())
    }
}

#[test]
fn an_endless_stream_is_too_large() {
    // The limit falls into the middle of a character.
    let error = from_reader::<ImagingStudy>(Endless("é".as_bytes(), 0)).expect_err("endless");
    assert_eq!(limit_of(&error), Some(64 << 20));
}

#[test]
fn lines_at_the_limit_and_one_beyond() {
    let line = r#"{"resourceType":"ImagingStudy","id":"a"}"#;
    for (surplus, good) in [(0, true), (1, false), (2, false), (100_000, false)] {
        for end in ["\n", "\r\n", ""] {
            let input = format!("{line}{}{end}", " ".repeat(surplus));
            let mut decoder = Decoder::default();
            decoder.limits.bytes = line.len();
            let mut reader = NdjsonReader::with_decoder(input.as_bytes(), decoder);
            let found = reader.read::<ImagingStudy>().expect("a line");
            assert_eq!(found.is_ok(), good, "{surplus} {end:?}");
            if let Err(error) = found {
                assert_eq!(limit_of(&error), Some(line.len()));
            }
            assert!(reader.read::<ImagingStudy>().is_none());
        }
    }
}

#[test]
fn the_next_line_is_read_behind_one_that_is_too_long() {
    let good = r#"{"resourceType":"ImagingStudy","id":"a"}"#;
    let input = format!("{good}\n{}\n{good}\n", "x".repeat(1 << 20));
    let mut decoder = Decoder::default();
    decoder.limits.bytes = 100;
    // A small buffer, so that the long line comes in many pieces.
    let input = io::BufReader::with_capacity(7, input.as_bytes());
    let mut reader = NdjsonReader::with_decoder(input, decoder);
    reader
        .read::<ImagingStudy>()
        .expect("a line")
        .expect("a study");
    let error = reader
        .read::<ImagingStudy>()
        .expect("a line")
        .expect_err("too long");
    assert_eq!((limit_of(&error), error.position().line), (Some(100), 2));
    reader
        .read::<ImagingStudy>()
        .expect("a line")
        .expect("a study");
    assert!(reader.read::<ImagingStudy>().is_none());
}

/// Reads an input and one sixteen times as large: where time grows with the square, the second
/// takes 256 times as long. The bound lies between, and the best of three runs counts, so that a busy
/// machine does not matter.
fn assert_linear(name: &str, make: impl Fn(usize) -> String, read: impl Fn(&str)) {
    let time = |text: &str| {
        (0..3)
            .map(|_| {
                let start = Instant::now();
                read(text);
                start.elapsed()
            })
            .min()
            .expect("three runs")
    };
    let (small, large) = (make(4_000), make(64_000));
    let ratio = time(&large).as_secs_f64() / time(&small).as_secs_f64();
    assert!(
        ratio < 150.0,
        "{name}: sixteen times the input took {ratio:.1} times as long"
    );
}

#[test]
fn time_grows_with_the_size_of_the_input_and_no_faster() {
    let keep = |text: &str| {
        let mut decoder = Decoder::default();
        decoder.unknown = UnknownElements::Keep;
        decoder.decode_str::<ImagingStudy>(text).expect("a study");
    };
    let members = |count: usize| {
        (0..count)
            .map(|index| format!(r#""x{index}":1"#))
            .collect::<Vec<_>>()
            .join(",")
    };
    assert_linear(
        "unknown elements",
        |count| format!(r#"{{"resourceType":"ImagingStudy",{}}}"#, members(count)),
        keep,
    );
    assert_linear(
        "unknown elements in entries",
        |count| {
            let entries = vec![r#"{"uid":"1.2","x":1,"y":2}"#; count].join(",");
            format!(r#"{{"resourceType":"ImagingStudy","series":[{entries}]}}"#)
        },
        keep,
    );
    assert_linear(
        "members of a contained resource",
        |count| {
            format!(
                r#"{{"resourceType":"ImagingStudy","contained":[{{"resourceType":"Basic",{}}}]}}"#,
                members(count)
            )
        },
        |text| drop(from_slice::<ImagingStudy>(text.as_bytes()).expect("a study")),
    );
    assert_linear(
        "escapes",
        |count| {
            format!(
                r#"{{"resourceType":"ImagingStudy","description":"{}"}}"#,
                r"\u00e9".repeat(count)
            )
        },
        |text| drop(from_str::<ImagingStudy>(text).expect("a study")),
    );
    assert_linear(
        "digits",
        |count| {
            format!(
                r#"{{"resourceType":"ImagingStudy","extension":[{{"url":"e","valueDecimal":1{}}}]}}"#,
                "0".repeat(count)
            )
        },
        |text| drop(from_str::<ImagingStudy>(text).expect("a study")),
    );
}
