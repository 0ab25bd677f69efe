//! The XML conformance test suites of the W3C: what is not well-formed is refused, what has a DTD
//! is refused, and what is well-formed without one is read.

#[path = "../../imaging-study-json/tests/common/mod.rs"]
mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::time::{Duration, Instant};

use imaging_study_core::Limits;
use imaging_study_r5::ImagingStudy;
use imaging_study_xml::{
    Decoder, ReadError, ReadErrorKind, UnknownElements, Unread, from_slice, from_str, scan,
    to_string,
};
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use zip::ZipArchive;

/// No file may take longer; the slowest one takes some milliseconds without optimisation.
const SLOW: Duration = Duration::from_secs(2);

/// Not well-formed before the fifth edition of XML 1.0, which allows more letters in names.
const NAMES_OF_THE_FIFTH_EDITION: [&str; 2] = [
    "xmlconf/eduni/xml-1.1/016.xml",
    "xmlconf/eduni/xml-1.1/019.xml",
];

/// Well-formed, but with colons where Namespaces in XML has none; the last three without their
/// DOCTYPE only.
const STRAY_COLONS: [&str; 6] = [
    "xmlconf/oasis/p04pass1.xml",
    "xmlconf/oasis/p05pass1.xml",
    "xmlconf/eduni/errata-4e/ibm04v01.xml",
    "xmlconf/eduni/errata-4e/ibm05v01.xml",
    "xmlconf/eduni/errata-4e/ibm05v03.xml",
    "xmlconf/xmltest/valid/sa/012.xml",
];

/// No DOCTYPE, but its name in a comment or in CDATA.
const WORDS_LIKE_A_DOCTYPE: [&str; 2] =
    ["xmlconf/oasis/p15pass1.xml", "xmlconf/oasis/p18pass1.xml"];

struct Suite(ZipArchive<Cursor<Vec<u8>>>);

/// An entry of a catalogue of the suite.
#[derive(Debug)]
struct Test {
    /// The path of the document in the archive.
    file: String,
    /// `not-wf`, `valid`, `invalid` or `error`.
    kind: String,
    bytes: Vec<u8>,
}

impl Suite {
    fn open() -> Option<Self> {
        let path = common::shared("corpora")?.join("xmlts20130923.zip");
        let bytes = fs::read(path).expect("the archive of the suite");
        Some(Self(
            ZipArchive::new(Cursor::new(bytes)).expect("a readable archive"),
        ))
    }

    fn read(&mut self, name: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut file = self
            .0
            .by_name(name)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        file.read_to_end(&mut bytes).expect("a readable file");
        bytes
    }

    /// Every test that a catalogue lists, catalogues in alphabetical order.
    fn tests(&mut self) -> Vec<Test> {
        let mut names: Vec<_> = self
            .0
            .file_names()
            .map(|name| name.expect("a name in Unicode").into_owned())
            .collect();
        names.retain(|name| name.ends_with(".xml"));
        names.sort_unstable();
        let mut tests = Vec::new();
        for name in names {
            let Ok(text) = String::from_utf8(self.read(&name)) else {
                continue;
            };
            if text.contains("<TEST") {
                for mut test in entries(&name, &text) {
                    test.bytes = self.read(&test.file);
                    tests.push(test);
                }
            }
        }
        tests
    }
}

/// The entries of a catalogue. Some catalogues are parts of a document, without a root.
fn entries(catalogue: &str, text: &str) -> Vec<Test> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let (folder, _) = catalogue.rsplit_once('/').expect("a catalogue in a folder");
    let mut tests = Vec::new();
    loop {
        match reader.read_event().expect("a readable catalogue") {
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == "TEST" => {
                let attribute = |name: &str| {
                    let found = tag.try_get_attribute(name).expect("attributes");
                    found.map_or_else(String::new, |found| found.value.into_owned())
                };
                tests.push(Test {
                    file: format!("{folder}/{}", attribute("URI")),
                    kind: attribute("TYPE"),
                    bytes: Vec::new(),
                });
            }
            Event::Eof => return tests,
            _ => {}
        }
    }
}

/// The text of a document in an encoding that we read.
fn text(bytes: &[u8]) -> Option<String> {
    let units = |unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units: Vec<_> = pairs.iter().skip(1).map(|pair| unit(*pair)).collect();
        String::from_utf16(&units).ok().filter(|_| rest.is_empty())
    };
    match bytes {
        [0xFE, 0xFF, ..] => units(u16::from_be_bytes),
        [0xFF, 0xFE, ..] => units(u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, text @ ..] => String::from_utf8(text.to_vec()).ok(),
        text => String::from_utf8(text.to_vec()).ok(),
    }
}

impl Test {
    fn is_among(&self, files: &[&str]) -> bool {
        files.contains(&self.file.as_str())
    }

    fn has_doctype(&self) -> bool {
        let ascii: Vec<_> = self
            .bytes
            .iter()
            .copied()
            .filter(|&byte| byte != 0)
            .collect();
        let found = ascii
            .windows(9)
            .any(|bytes| bytes.eq_ignore_ascii_case(b"<!DOCTYPE"));
        found && !self.is_among(&WORDS_LIKE_A_DOCTYPE)
    }

    fn is_not_well_formed(&self) -> bool {
        self.kind == "not-wf" && !self.is_among(&NAMES_OF_THE_FIFTH_EDITION)
    }
}

/// Why a document is refused, in a few words.
fn outcome(result: &Result<(), ReadError>) -> &'static str {
    let Err(error) = result else {
        return "accepted";
    };
    match error.kind() {
        ReadErrorKind::NotAllowed { what: "a DOCTYPE" } => "refused: DOCTYPE",
        ReadErrorKind::NotAllowed { .. } => "refused: processing instruction",
        ReadErrorKind::UnsupportedEncoding => "refused: encoding",
        ReadErrorKind::InvalidUtf8 | ReadErrorKind::InvalidUtf16 => {
            "refused: invalid UTF-8, UTF-16"
        }
        ReadErrorKind::Syntax {
            expected: "version 1.0 of XML",
            ..
        } => "refused: version of XML",
        ReadErrorKind::Syntax {
            expected: "a prefix that is declared" | "a namespace that may be declared",
            ..
        } => "refused: namespaces",
        ReadErrorKind::Syntax {
            expected: "a reference to a character, or to amp, lt, gt, quot or apos",
            ..
        } => "refused: entity",
        ReadErrorKind::Syntax { .. } | ReadErrorKind::TrailingData => "refused: not well-formed",
        _ => "refused: other",
    }
}

/// Whether only the place of things around the root is wrong, which is right inside an element.
fn concerns_the_document(error: &ReadError) -> bool {
    matches!(
        error.kind(),
        ReadErrorKind::TrailingData
            | ReadErrorKind::Syntax {
                expected: "an element",
                ..
            }
    )
}

fn within_limit<T>(test: &Test, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    let time = start.elapsed();
    assert!(time < SLOW, "{} took {time:?}", test.file);
    result
}

type Counts<'a> = BTreeMap<(&'a str, &'static str), usize>;

/// Prints how many documents of each kind had each outcome, and compares with what is known.
fn check(what: &str, counts: &Counts<'_>, expected: &[(&str, &str, usize)]) {
    let found: Vec<_> = counts
        .iter()
        .map(|(&(kind, outcome), &count)| (kind, outcome, count))
        .collect();
    for (kind, outcome, count) in &found {
        println!("{what}: {count:4} {kind:7} {outcome}");
    }
    assert_eq!(found, expected, "{what}");
}

#[test]
fn scanning() {
    let Some(mut suite) = Suite::open() else {
        return;
    };
    let tests = suite.tests();
    let mut counts = Counts::new();
    let mut problems = Vec::new();
    for test in &tests {
        let result = within_limit(test, || scan(&test.bytes, Limits::default(), |_| ()));
        let outcome = outcome(&result);
        *counts.entry((&test.kind, outcome)).or_default() += 1;
        let right = match outcome {
            "accepted" => !test.has_doctype() && !test.is_not_well_formed(),
            "refused: DOCTYPE" => test.has_doctype(),
            "refused: not well-formed" | "refused: entity" | "refused: namespaces" => {
                test.is_not_well_formed() || test.is_among(&STRAY_COLONS)
            }
            other => other != "refused: other",
        };
        if !right {
            problems.push(format!("{}, {}: {result:?}", test.file, test.kind));
        }
        // Not one of them is a study.
        within_limit(test, || {
            from_slice::<ImagingStudy>(&test.bytes).expect_err(&test.file)
        });
    }
    assert!(problems.is_empty(), "{problems:#?}");
    let expected = [
        ("error", "accepted", 1),
        ("error", "refused: DOCTYPE", 20),
        ("error", "refused: encoding", 8),
        ("error", "refused: version of XML", 4),
        ("invalid", "accepted", 59),
        ("invalid", "refused: DOCTYPE", 156),
        ("invalid", "refused: encoding", 4),
        ("invalid", "refused: not well-formed", 2),
        ("invalid", "refused: processing instruction", 14),
        ("invalid", "refused: version of XML", 7),
        ("not-wf", "accepted", 2),
        ("not-wf", "refused: DOCTYPE", 1032),
        ("not-wf", "refused: encoding", 28),
        ("not-wf", "refused: entity", 14),
        ("not-wf", "refused: invalid UTF-8, UTF-16", 25),
        ("not-wf", "refused: namespaces", 8),
        ("not-wf", "refused: not well-formed", 225),
        ("not-wf", "refused: processing instruction", 14),
        ("not-wf", "refused: version of XML", 150),
        ("valid", "refused: DOCTYPE", 725),
        ("valid", "refused: encoding", 15),
        ("valid", "refused: processing instruction", 4),
        ("valid", "refused: version of XML", 68),
    ];
    check("as it is", &counts, &expected);
    assert_eq!(counts.values().sum::<usize>(), 2_585);
}

/// The document without its DOCTYPE, where it has one and quick-xml finds its end.
fn without_doctype(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    loop {
        let start = reader.buffer_position() as usize;
        match reader.read_event().ok()? {
            Event::DocType(_) => {
                let end = reader.buffer_position() as usize;
                return Some([&text[..start], &text[end..]].concat());
            }
            Event::Start(_) | Event::Empty(_) | Event::Eof => return None,
            _ => {}
        }
    }
}

/// Most documents of the suite that are well-formed have a DOCTYPE. Without it they still are,
/// unless they use its entities.
#[test]
fn without_their_doctypes() {
    let Some(mut suite) = Suite::open() else {
        return;
    };
    let tests = suite.tests();
    let mut counts = Counts::new();
    for test in tests.iter().filter(|test| test.kind != "not-wf") {
        let Some(text) = text(&test.bytes).and_then(|text| without_doctype(&text)) else {
            continue;
        };
        let result = within_limit(test, || scan(text.as_bytes(), Limits::default(), |_| ()));
        let outcome = outcome(&result);
        *counts.entry((&test.kind, outcome)).or_default() += 1;
        assert_eq!(
            outcome == "refused: not well-formed",
            test.is_among(&STRAY_COLONS),
            "{}: {result:?}",
            test.file
        );
    }
    let expected = [
        ("error", "accepted", 16),
        ("error", "refused: encoding", 2),
        ("error", "refused: entity", 4),
        ("error", "refused: version of XML", 2),
        ("invalid", "accepted", 141),
        ("invalid", "refused: encoding", 2),
        ("invalid", "refused: entity", 13),
        ("invalid", "refused: processing instruction", 2),
        ("invalid", "refused: version of XML", 4),
        ("valid", "accepted", 635),
        ("valid", "refused: encoding", 4),
        ("valid", "refused: entity", 65),
        ("valid", "refused: not well-formed", 4),
        ("valid", "refused: processing instruction", 25),
        ("valid", "refused: version of XML", 68),
    ];
    check("without DOCTYPE", &counts, &expected);
}

const ROOT: &str = "<ImagingStudy xmlns=\"http://hl7.org/fhir\">";

fn in_narrative(text: &str) -> String {
    let div = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";
    format!("{ROOT}<text><status value=\"generated\"/>{div}{text}</div></text></ImagingStudy>")
}

fn as_unknown_element(text: &str) -> String {
    format!("{ROOT}{text}</ImagingStudy>")
}

fn in_unknown_resource(text: &str) -> String {
    format!("{ROOT}<contained><NoSuchType>{text}</NoSuchType></contained></ImagingStudy>")
}

/// Reads a study and what is unknown in it, and checks that the markup can be read again.
fn keep(study: &str) -> Result<(), ReadError> {
    let mut decoder = Decoder::default();
    decoder.unknown = UnknownElements::Keep;
    let decoded = decoder.decode_str::<ImagingStudy>(study)?;
    for unknown in decoded.unknown {
        let Unread::Xml(markup) = unknown.value else {
            continue;
        };
        scan(markup.as_bytes(), Limits::default(), |_| ())?;
        let again = decoder.decode_str::<ImagingStudy>(&as_unknown_element(&markup))?;
        assert_eq!(again.unknown.len(), 1, "{markup}");
        assert_eq!(again.unknown[0].value, Unread::Xml(markup));
    }
    let written = to_string(&decoded.value).expect("a study that can be written");
    assert_eq!(from_str::<ImagingStudy>(&written)?, decoded.value);
    Ok(())
}

/// A document inside a study is refused, or read, for the same reasons.
#[test]
fn inside_a_study() {
    let Some(mut suite) = Suite::open() else {
        return;
    };
    let tests = suite.tests();
    let mut counts = Counts::new();
    for test in &tests {
        let Some(mut text) = text(&test.bytes) else {
            continue;
        };
        if test.has_doctype() {
            match without_doctype(&text) {
                Some(rest) if test.kind != "not-wf" => text = rest,
                _ => continue,
            }
        }
        let result = scan(text.as_bytes(), Limits::default(), |_| ());
        // A declaration has its place at the start alone.
        let text = match text.split_once("?>") {
            Some((declaration, rest)) if result.is_ok() && declaration.starts_with("<?xml") => rest,
            _ => &text,
        };
        for (place, study) in [
            ("in narrative", in_narrative(text)),
            ("as unknown element", as_unknown_element(text)),
            ("in unknown resource", in_unknown_resource(text)),
        ] {
            let inside = within_limit(test, || keep(&study));
            let kind = match &result {
                Ok(()) => "read",
                Err(error) if concerns_the_document(error) => "around",
                Err(_) => "refused",
            };
            let outcome = if inside.is_ok() { "read" } else { "refused" };
            if kind != "around" {
                assert_eq!(outcome, kind, "{} {place}: {inside:?}", test.file);
            }
            *counts.entry((place, outcome)).or_default() += 1;
        }
    }
    let expected = [
        ("as unknown element", "read", 858),
        ("as unknown element", "refused", 519),
        ("in narrative", "read", 864),
        ("in narrative", "refused", 513),
        ("in unknown resource", "read", 864),
        ("in unknown resource", "refused", 513),
    ];
    check("inside", &counts, &expected);
}
