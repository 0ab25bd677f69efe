//! Every XML file of `fixtures/<version>/`: valid ones say what their JSON twin says and come back
//! byte by byte, unusual spellings read to the same value, invalid ones are refused for the reason
//! that `fixtures/invalid-xml.tsv` gives.

#[path = "../../imaging-study-json/tests/common/mod.rs"]
mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use imaging_study_core::{Choice, Element, JsonType};
use imaging_study_json as json;
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;
use imaging_study_xml::{
    Decoder, Encoder, ReadError, ReadErrorKind, UnknownElements, from_reader, from_slice, from_str,
    to_string, to_string_pretty, to_writer,
};

/// How the files are written: with declaration, each element on a line of its own.
const CANONICAL: Encoder = Encoder {
    pretty: true,
    declaration: true,
};

fn decode<T: Element>(name: &str, bytes: &[u8]) -> T {
    let mut decoder = Decoder::default();
    decoder.unknown = UnknownElements::Keep;
    let decoded = decoder
        .decode_slice::<T>(bytes)
        .unwrap_or_else(|error| panic!("{name}, keeping: {error}"));
    let mut unknown = decoded.unknown.iter();
    if name.contains("valid-keep-") {
        assert!(unknown.next().is_some(), "{name}: nothing is unknown");
        return decoded.value;
    }
    assert_eq!(unknown.next(), None, "{name}");
    let study: T = from_slice(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(study, decoded.value, "{name}: keeping unknown elements");
    study
}

/// The value of the JSON file of a case, where there is one.
fn twin<T: Element>(folder: &str, case: &str) -> Option<T> {
    let path = common::fixtures(folder).join(format!("valid-{case}.json"));
    let bytes = fs::read(path).ok()?;
    Some(json::from_slice(&bytes).unwrap_or_else(|error| panic!("{folder}/{case}: {error}")))
}

fn case(file: &str) -> &str {
    let name = file.strip_prefix("valid-").expect("a valid file");
    name.strip_suffix(".xml").expect("an XML file")
}

fn canonical<T: Element>(folder: &str) {
    let files: Vec<_> = common::files(&common::fixtures(folder), "valid-", ".xml")
        .into_iter()
        .filter(|(name, _)| !name.starts_with("valid-spelling-"))
        .collect();
    let mut twins = 0;
    for (file, bytes) in &files {
        let name = format!("{folder}/{file}");
        let text = str::from_utf8(bytes).expect("a canonical file is UTF-8");
        let study: T = decode(&name, bytes);
        let written = CANONICAL
            .encode(&study)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(written + "\n", text, "{name}");

        // Each way in and out gives the same.
        assert_eq!(from_str::<T>(text).expect("readable"), study, "{name}");
        assert_eq!(from_reader::<T>(&bytes[..]).expect("readable"), study);
        let compact = to_string(&study).expect("writable");
        assert_eq!(from_str::<T>(&compact).expect("readable"), study, "{name}");
        let pretty = to_string_pretty(&study).expect("writable");
        assert_eq!(from_str::<T>(&pretty).expect("readable"), study, "{name}");
        let mut output = Vec::new();
        to_writer(&mut output, &study).expect("writable");
        let declaration = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
        assert_eq!(output, [declaration, compact.as_bytes()].concat(), "{name}");

        if name.contains("valid-keep-") {
            continue;
        }
        // Through JSON and back nothing is lost.
        let text = json::to_string(&study).unwrap_or_else(|error| panic!("{name}: {error}"));
        let back: T = json::from_str(&text).expect("readable");
        assert_eq!(back, study, "{name}, through JSON");
        if let Some(twin) = twin::<T>(folder, case(file)) {
            assert_eq!(study, twin, "{name} and its JSON twin");
            twins += 1;
        }
    }
    assert!(files.len() > 40, "only {} files in {folder}", files.len());
    assert!(twins > 30, "only {twins} twins in {folder}");
}

#[test]
fn valid_files_of_r4_come_back() {
    canonical::<r4::ImagingStudy>("r4");
}

#[test]
fn valid_files_of_r5_come_back() {
    canonical::<r5::ImagingStudy>("r5");
}

/// `valid-spelling-<how>-of-<case>.xml` says what the canonical file or the JSON file of the case says.
fn spellings<T: Element>(folder: &str) -> usize {
    let files = common::files(&common::fixtures(folder), "valid-spelling-", ".xml");
    for (file, bytes) in &files {
        let name = format!("{folder}/{file}");
        let (_, of) = case(file).split_once("-of-").expect("the name of a case");
        let study: T = decode(&name, bytes);
        let canonical = common::fixtures(folder).join(format!("valid-{of}.xml"));
        let expected = match fs::read(canonical) {
            Ok(canonical) => {
                assert_ne!(*bytes, canonical, "{name} is spelled as usual");
                decode(of, &canonical)
            }
            Err(_) => twin(folder, of).unwrap_or_else(|| panic!("{name}: no such case")),
        };
        assert_eq!(study, expected, "{name}");
    }
    files.len()
}

#[test]
fn unusual_spellings_read_to_the_same_value() {
    let count = spellings::<r4::ImagingStudy>("r4") + spellings::<r5::ImagingStudy>("r5");
    assert!(count > 40, "only {count} spellings");
}

#[test]
fn one_file_has_every_type_of_value() {
    fn types<T: Element>(folder: &str, types: impl Fn(T) -> BTreeSet<u8>) -> usize {
        let path = common::fixtures(folder).join("valid-extension-value-types.xml");
        types(from_slice(&fs::read(path).expect("a readable file")).expect("valid")).len()
    }
    let found = types("r4", |study: r4::ImagingStudy| {
        let values = study.extension.iter().filter_map(|one| one.value.as_ref());
        values.map(Choice::variant).collect()
    });
    assert_eq!(found, r4::ExtensionValue::TYPES.len());
    let found = types("r5", |study: r5::ImagingStudy| {
        let values = study.extension.iter().filter_map(|one| one.value.as_ref());
        values.map(Choice::variant).collect()
    });
    assert_eq!(found, r5::ExtensionValue::TYPES.len());
}

/// What JSON says and XML can say, XML says: every valid JSON file but those named here.
#[test]
fn valid_json_files_go_through_xml() {
    /// They hold what XML has no place for.
    const JSON_ONLY: [&str; 2] = ["valid-contained-verbatim.json", "valid-narrative.json"];

    fn through_xml<T: Element>(folder: &str) {
        for (file, bytes) in common::files(&common::fixtures(folder), "valid-", ".json") {
            let study: T = json::from_slice(&bytes).expect("valid");
            let written = CANONICAL.encode(&study);
            if JSON_ONLY.contains(&file.as_str()) {
                written.expect_err(&file);
                continue;
            }
            let written = written.unwrap_or_else(|error| panic!("{folder}/{file}: {error}"));
            let back: T = decode(&file, written.as_bytes());
            assert_eq!(back, study, "{folder}/{file}");
            let text = json::to_string(&back).expect("writable");
            assert_eq!(text, json::to_string(&study).expect("writable"), "{file}");
        }
    }
    through_xml::<r4::ImagingStudy>("r4");
    through_xml::<r5::ImagingStudy>("r5");
}

/// The reader and the writer for resources of any type, which know the elements from a table, say
/// the same as those for the types of the version.
#[test]
fn resources_of_any_type_agree() {
    fn agree<T: Element>(folder: &str) {
        let definitions = T::definitions().expect("the table of the version");
        for (file, bytes) in common::files(&common::fixtures(folder), "valid-", ".xml") {
            let study: T = from_slice(&bytes).expect("valid");
            let decoded = Decoder::default().decode_resource(&bytes, definitions);
            if file.starts_with("valid-keep-") {
                decoded.expect_err("a resource of an unknown type cannot be JSON");
                continue;
            }
            let decoded = decoded.unwrap_or_else(|error| panic!("{folder}/{file}: {error}"));
            assert_eq!(decoded.unknown, [], "{folder}/{file}");
            let tree = decoded.value.clone().into_json().expect("JSON");
            let written = json::to_string(&study).expect("writable");
            assert_eq!(json::json_to_string(&tree), written, "{folder}/{file}");
            let written = CANONICAL.encode_resource(&decoded.value, definitions);
            assert_eq!(
                written.expect("writable"),
                CANONICAL.encode(&study).expect("writable"),
                "{folder}/{file}"
            );
        }
    }
    agree::<r4::ImagingStudy>("r4");
    agree::<r5::ImagingStudy>("r5");
}

/// Right in a resource of any type, or wrong for another reason: a root of another type; an `id` in
/// R4, where the table has a string; a resource in `contained` that must be JSON here.
const WRONG_ONLY_IN_STUDIES: [&str; 7] = [
    "r4/invalid-root-bundle.xml",
    "r4/invalid-root-in-lower-case.xml",
    "r4/invalid-root-patient.xml",
    "r4/invalid-resource-id.xml",
    "r4/invalid-contained-members-without-resource.xml",
    "r4/invalid-contained-unknown-type-ill-formed.xml",
    "r4/invalid-contained-unknown-type-with-instruction.xml",
];

/// What is wrong in a study is wrong in a resource of any type, at the same place; but a text that
/// breaks the rules of its type is kept there, as in JSON.
#[test]
fn resources_of_any_type_are_refused_at_the_same_place() {
    let mut problems = Vec::new();
    let expectations = expectations().into_iter();
    for expected in
        expectations.filter(|expected| !WRONG_ONLY_IN_STUDIES.contains(&expected.file.as_str()))
    {
        let bytes = fs::read(common::fixtures(&expected.file)).expect("a readable file");
        let (typed, definitions) = match expected.folder() {
            "r4" => (
                from_slice::<r4::ImagingStudy>(&bytes).err(),
                r4::ImagingStudy::definitions(),
            ),
            _ => (
                from_slice::<r5::ImagingStudy>(&bytes).err(),
                r5::ImagingStudy::definitions(),
            ),
        };
        let typed = typed.expect("an invalid file");
        if let ReadErrorKind::InvalidValue { expected, .. } = typed.kind()
            && expected.json() != JsonType::Boolean
        {
            continue;
        }
        let definitions = definitions.expect("the table of the version");
        let Err(error) = Decoder::default().decode_resource(&bytes, definitions) else {
            problems.push(format!("{}: accepted", expected.file));
            continue;
        };
        let place = error.position();
        let found = (error.path().to_string(), place.line, place.column);
        if found != (expected.path.clone(), expected.line, expected.column)
            || !error.message().contains(&expected.message)
        {
            problems.push(format!("{expected:?}\n    found: {error}"));
        }
    }
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

/// Cut off anywhere, a file is refused, whether unknown elements are kept or not.
#[test]
fn files_that_break_off_are_refused() {
    for file in [
        "valid-xhtml.xml",
        "valid-contained-study.xml",
        "valid-keep-contained-types.xml",
        "valid-spelling-instructions-before-root-of-minimal.xml",
        "valid-spelling-utf-16-be-of-unicode.xml",
    ] {
        let bytes = fs::read(common::fixtures("r4").join(file)).expect("a readable file");
        // Behind the root there may be anything blank.
        let end = bytes.iter().rposition(|&byte| byte == b'>').expect("a tag");
        for length in 0..end {
            for unknown in [UnknownElements::Refuse, UnknownElements::Keep] {
                let error = read_error("r4", &bytes[..length], unknown);
                assert!(error.is_some(), "{file} of {length} bytes");
            }
        }
    }
}

/// What a line of `invalid-xml.tsv` says.
#[derive(Debug)]
struct Expected {
    file: String,
    path: String,
    line: u64,
    column: u64,
    message: String,
}

impl Expected {
    fn folder(&self) -> &str {
        self.file.split('/').next().unwrap_or_default()
    }
}

fn table() -> PathBuf {
    common::fixtures("invalid-xml.tsv")
}

fn expectations() -> Vec<Expected> {
    let table = fs::read_to_string(table()).expect("a readable table");
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let cells: Vec<_> = line.split('\t').collect();
            let [file, path, line, column, message] = cells[..] else {
                panic!("five cells a line: {line}");
            };
            Expected {
                file: file.to_owned(),
                path: path.strip_prefix('-').unwrap_or(path).to_owned(),
                line: line.parse().expect("a line number"),
                column: column.parse().expect("a column number"),
                message: message.to_owned(),
            }
        })
        .collect()
}

fn read_error(folder: &str, bytes: &[u8], unknown: UnknownElements) -> Option<ReadError> {
    let mut decoder = Decoder::default();
    decoder.unknown = unknown;
    match folder {
        "r4" => decoder.decode_slice::<r4::ImagingStudy>(bytes).err(),
        _ => decoder.decode_slice::<r5::ImagingStudy>(bytes).err(),
    }
}

/// The values of attributes, texts between markup and names of entities in a file that may be no XML.
fn values(text: &str) -> BTreeSet<&str> {
    /// They stand in messages of ours.
    const OURS: [&str; 6] = [
        "http://hl7.org/fhir",
        "http://www.w3.org/1999/xhtml",
        "1.0",
        "xml",
        "UTF-8",
        "UTF-16",
    ];
    let parts = text.split(['"', '\'', '<', '>', '&', ';', '/', '=', '\n']);
    let values = parts.map(str::trim).filter(|part| part.len() > 2);
    values
        .filter(|value| value.contains(|letter: char| !letter.is_ascii_alphabetic()))
        .filter(|value| !OURS.iter().any(|ours| ours.contains(value)))
        .collect()
}

#[test]
fn invalid_files_are_refused_at_the_right_place() {
    let expectations = expectations();
    let mut problems = Vec::new();
    for expected in &expectations {
        let bytes = fs::read(common::fixtures(&expected.file))
            .unwrap_or_else(|error| panic!("{}: {error}", expected.file));
        let Some(error) = read_error(expected.folder(), &bytes, UnknownElements::Refuse) else {
            problems.push(format!("{}: accepted", expected.file));
            continue;
        };
        let place = error.position();
        let found = (error.path().to_string(), place.line, place.column);
        if found != (expected.path.clone(), expected.line, expected.column)
            || !error.message().contains(&expected.message)
        {
            problems.push(format!("{expected:?}\n    found: {error}"));
        }
        // The offset and the line and column are the same place.
        if !bytes.starts_with(b"\xFF\xFE") && !bytes.starts_with(b"\xFE\xFF") {
            let before = &bytes[..place.offset];
            let line = before.split(|&byte| byte == b'\n').count() as u64;
            let last = before.rsplit(|&byte| byte == b'\n').next();
            let last = last.unwrap_or_default();
            let last = last.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(last);
            let column = 1 + String::from_utf8_lossy(last).chars().count() as u64;
            if (line, column) != (place.line, place.column) {
                problems.push(format!(
                    "{}: offset {} is in line {line}, column {column}, but the error says {}:{}",
                    expected.file, place.offset, place.line, place.column
                ));
            }
        }
        let message = format!("{} {:?}", error.message(), error.kind());
        for value in values(&String::from_utf8_lossy(&bytes)) {
            if message.contains(value) {
                problems.push(format!(
                    "{}: the error repeats {value}: {message}",
                    expected.file
                ));
            }
        }
    }
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

/// Keeping what is unknown does not let through what is wrong.
#[test]
fn invalid_files_are_refused_when_unknown_elements_are_kept() {
    let mut accepted = Vec::new();
    for expected in expectations() {
        let bytes = fs::read(common::fixtures(&expected.file)).expect("a readable file");
        let error = read_error(expected.folder(), &bytes, UnknownElements::Keep);
        let unknown = ["unknown element", "unknown attribute"].contains(&&*expected.message);
        // An element of another namespace is unknown, but for a resource and narrative.
        let foreign = expected.message.ends_with("http://hl7.org/fhir")
            && !expected.path.is_empty()
            && !expected.path.ends_with(']');
        let undeclared = expected.file.contains("undeclared-");
        if error.is_some() == ((unknown || foreign) && !undeclared) {
            accepted.push(format!("{}: {error:?}", expected.file));
        }
    }
    assert!(accepted.is_empty(), "{accepted:#?}");
}

#[test]
fn every_invalid_file_stands_in_the_table() {
    let listed: BTreeSet<_> = expectations()
        .into_iter()
        .map(|expected| expected.file)
        .collect();
    let found: BTreeSet<_> = ["r4", "r5"]
        .into_iter()
        .flat_map(|folder| {
            common::files(&common::fixtures(folder), "invalid-", ".xml")
                .into_iter()
                .map(move |(name, _)| format!("{folder}/{name}"))
        })
        .collect();
    assert!(found.len() >= 150, "only {} invalid files", found.len());
    assert_eq!(listed, found);
}
