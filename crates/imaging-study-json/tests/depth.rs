//! The deepest values that readers give, and one beyond, in a small stack: every way to read them,
//! and all that is done with them afterwards.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::thread;

use imaging_study_core::{Element, Json, Limits, from_json, to_json};
use imaging_study_dstu2 as dstu2;
use imaging_study_json::{
    Decoder, NdjsonReader, ReadErrorKind, UnknownElements, to_string, to_string_pretty,
};
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Enough for the default depth, also without optimisation, in bytes.
const STACK: usize = 256 << 10;
/// Enough for the greatest depth that can be asked for, also without optimisation, in bytes.
const STACK_OF_GREATEST_DEPTH: usize = 512 << 10;
/// Enough to read from a value of serde_json, also without optimisation, in bytes: what it hands to a
/// reader is larger than what a text does.
const STACK_OF_VALUE: usize = 320 << 10;

fn in_stack<R: Send + 'static>(size: usize, test: impl FnOnce() -> R + Send + 'static) -> R {
    let thread = thread::Builder::new().stack_size(size).spawn(test);
    match thread.expect("a thread").join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// A study with extensions inside one another, `depth` of them.
fn extensions(depth: usize) -> String {
    let mut text = r#"{"url":"leaf"}"#.to_owned();
    for _ in 1..depth {
        text = format!(r#"{{"extension":[{text}],"url":"e"}}"#);
    }
    format!(r#"{{"resourceType":"ImagingStudy","extension":[{text}]}}"#)
}

/// A study with extensions inside the extensions of a primitive: the siblings are elements too.
fn siblings(depth: usize) -> String {
    let mut text = r#"{"url":"leaf"}"#.to_owned();
    for _ in 0..(depth - 2) / 2 {
        text = format!(r#"{{"url":"e","_valueCode":{{"extension":[{text}]}}}}"#);
    }
    if depth % 2 == 1 {
        text = format!(r#"{{"extension":[{text}],"url":"e"}}"#);
    }
    format!(r#"{{"resourceType":"ImagingStudy","_description":{{"extension":[{text}]}}}}"#)
}

/// A study with objects inside one another in a contained resource, which counts as one of them.
fn contained(depth: usize) -> String {
    let deep = depth - 2;
    format!(
        r#"{{"resourceType":"ImagingStudy","contained":[{{"resourceType":"Basic","a":{}{{}}{}}}]}}"#,
        r#"{"a":"#.repeat(deep),
        "}".repeat(deep)
    )
}

const SHAPES: [fn(usize) -> String; 3] = [extensions, siblings, contained];

fn too_deep(kind: &ReadErrorKind) -> Option<usize> {
    match kind {
        ReadErrorKind::TooDeep { limit } => Some(*limit),
        _ => None,
    }
}

/// All that is done with a value, but for reading it.
fn use_it<T: Element + Serialize + Hash + PartialEq>(value: T) {
    let copy = value.clone();
    assert!(copy == value);
    let hash = |value: &T| {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        hasher.finish()
    };
    assert_eq!(hash(&copy), hash(&value));
    drop(copy);
    assert!(!format!("{value:?}").is_empty());
    let text = to_string(&value).expect("nothing is empty");
    assert!(!to_string_pretty(&value).expect("as well").is_empty());
    assert!(text.len() > 100);
}

/// All that is done with a value by serde, and with its tree.
fn use_its_tree<T: Element + Serialize + DeserializeOwned>(value: T) {
    let text = to_string(&value).expect("nothing is empty");
    assert_eq!(serde_json::to_string(&value).expect("as well"), text);
    let tree = to_json(&value).expect("as well");
    let same = tree.clone();
    assert!(same == tree);
    assert!(!format!("{tree:?}").is_empty());
    assert_eq!(serde_json::to_string(&tree).expect("a text"), text);
    assert!(from_json::<T>(&tree).expect("a tree") == value);
}

fn of_version<T: Element + Serialize + DeserializeOwned + Hash + Send + 'static>() {
    let cases = SHAPES.into_iter().flat_map(|make| {
        [
            (make, Limits::default().depth, STACK),
            (make, Limits::MAX_DEPTH, STACK_OF_GREATEST_DEPTH),
        ]
    });
    for (make, limit, stack) in cases {
        let deepest = in_stack(stack, move || {
            let mut decoder = Decoder::default();
            decoder.limits.depth = limit;
            decoder
                .decode_str::<T>(&make(limit))
                .expect("at the limit")
                .value
        });
        let deepest = in_stack(stack, move || {
            use_it(deepest.clone());
            deepest
        });
        in_stack(stack, move || use_its_tree(deepest));
    }
}

#[test]
fn the_deepest_value_is_used_in_a_small_stack() {
    of_version::<dstu2::ImagingStudy>();
    of_version::<r4::ImagingStudy>();
    of_version::<r5::ImagingStudy>();
    of_version::<r6::ImagingStudy>();
}

#[test]
fn lines_at_the_limit_and_one_beyond() {
    in_stack(STACK, || {
        for make in SHAPES {
            for keep in [false, true] {
                let far = make(5_000);
                let lines = [make(64), make(65), make(64), far, make(64)].join("\n");
                let mut decoder = Decoder::default();
                if keep {
                    decoder.unknown = UnknownElements::Keep;
                }
                let mut reader = NdjsonReader::with_decoder(lines.as_bytes(), decoder);
                for good in [true, false, true, false, true] {
                    match reader.decode::<r5::ImagingStudy>().expect("a line") {
                        Ok(study) => {
                            assert!(good);
                            assert_eq!(to_string(&study.value).expect("whole"), make(64));
                        }
                        Err(error) => {
                            assert!(!good, "{error}");
                            assert_eq!(too_deep(error.kind()), Some(64), "{error}");
                        }
                    }
                }
                assert!(reader.read::<r5::ImagingStudy>().is_none());
            }
        }
    });
}

/// Parentheses inside one another in a text, braces and brackets.
fn levels(text: &str) -> usize {
    let mut open = 0_usize;
    let mut most = 0;
    for byte in text.bytes() {
        match byte {
            b'{' | b'[' => open += 1,
            b'}' | b']' => open -= 1,
            _ => {}
        }
        most = most.max(open);
    }
    most
}

fn by_serde<T: Element + Serialize + DeserializeOwned>() {
    for make in SHAPES {
        // serde_json reads 127 levels.
        let deepest = (2..130)
            .rev()
            .map(make)
            .find(|text| levels(text) <= 127)
            .expect("a text");
        let study: T = serde_json::from_str(&deepest).expect("at the limit of serde_json");
        let mut decoder = Decoder::default();
        decoder.limits.depth = Limits::MAX_DEPTH;
        let same = decoder.decode_str::<T>(&deepest).expect("within the limit");
        assert!(study == same.value);
        let tree: Json = serde_json::from_str(&deepest).expect("JSON");
        assert!(from_json::<T>(&tree).expect("a tree") == study);
        // A value of serde_json has its members in another order.
        let length = to_string(&study).expect("nothing is empty").len();
        in_stack(STACK_OF_VALUE, move || {
            let value: serde_json::Value = serde_json::from_str(&deepest).expect("JSON");
            let again: T = serde_json::from_value(value).expect("a study");
            let again = to_string(&again).expect("nothing is empty");
            assert_eq!(again.len(), length);
        });
        for deeper in [300, 3_000] {
            let text = make(deeper);
            assert!(serde_json::from_str::<T>(&text).is_err());
            assert!(serde_json::from_str::<Json>(&text).is_err());
        }
    }
}

#[test]
fn serde_at_the_limit_and_beyond_in_a_small_stack() {
    in_stack(STACK, || {
        by_serde::<dstu2::ImagingStudy>();
        by_serde::<r4::ImagingStudy>();
        by_serde::<r5::ImagingStudy>();
        by_serde::<r6::ImagingStudy>();
    });
}
