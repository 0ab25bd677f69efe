//! HL7's own examples: the XML file of a study says what its JSON file says, but for what HL7
//! itself wrote in one of them alone, and comes back element by element.

#[path = "../../imaging-study-json/tests/common/mod.rs"]
mod common;

use std::fmt::Debug;
use std::mem::take;

use imaging_study_core::{Element, Limits};
use imaging_study_json as json;
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;
use imaging_study_xml::{from_slice, from_str, scan, to_string, to_string_pretty};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// What a document says, as an XML parser of another make sees it: tags with their attributes,
/// sorted, and the characters and comments of narrative.
#[derive(Debug, PartialEq)]
enum Item {
    Start(String, Vec<(String, String)>),
    End,
    Text(String),
    Comment(String),
}

fn start(tag: &BytesStart<'_>) -> Item {
    let mut attributes: Vec<_> = tag
        .attributes()
        .map(|attribute| attribute.expect("an attribute"))
        .map(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let name = attribute.key.as_ref().to_owned();
            (name, value.expect("a value").into_owned())
        })
        // Where a schema lies is nothing that the study says.
        .filter(|(name, _)| !["xmlns:xsi", "xsi:schemaLocation"].contains(&name.as_str()))
        .collect();
    attributes.sort();
    Item::Start(tag.name().as_ref().to_owned(), attributes)
}

fn items(text: &str) -> Vec<Item> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut items = Vec::new();
    // How many elements of a narrative are open.
    let mut narrative = 0;
    loop {
        let event = reader.read_event().expect("XML");
        match &event {
            Event::Start(tag) => {
                narrative += usize::from(narrative > 0 || tag.name().as_ref() == "div");
                items.push(start(tag));
            }
            Event::End(_) => {
                narrative -= usize::from(narrative > 0);
                items.push(Item::End);
            }
            Event::Comment(comment) if narrative > 0 => {
                items.push(Item::Comment(comment.to_string()));
            }
            Event::Text(text) if narrative > 0 => items.push(Item::Text(text.to_string())),
            Event::Text(text) => assert!(text.trim().is_empty(), "text between elements"),
            Event::Decl(_) | Event::Comment(_) => {}
            Event::Eof => return items,
            other => panic!("{other:?}"),
        }
    }
}

/// Reads the two files of each study of a version; `align` removes from both values what only one
/// file says, and checks that it is there.
fn twins<T: Element + Clone + PartialEq + Debug>(version: &str, align: impl Fn(&mut T, &mut T)) {
    let Some(folder) = common::shared(&format!("examples/{version}")) else {
        return;
    };
    let files = common::files(&folder.join("xml"), "", ".xml");
    assert_eq!(files.len(), 2, "studies of {version}");
    let twins = common::files(&folder.join("json"), "", ".json");
    assert_eq!(twins.len(), 2, "studies of {version}");
    for ((name, bytes), (twin, json_bytes)) in files.iter().zip(&twins) {
        let stem = |name: &str| name.split('.').next().map(str::to_owned);
        assert_eq!(stem(name), stem(twin));
        let study: T = from_slice(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));

        // XML -> type -> XML, seen by another parser.
        let text = str::from_utf8(bytes).expect("UTF-8");
        for written in [to_string(&study), to_string_pretty(&study)] {
            let written = written.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(items(&written), items(text), "{name}");
            assert_eq!(from_str::<T>(&written).expect("readable"), study, "{name}");
        }

        // XML -> JSON -> XML.
        let through = json::to_string(&study).expect("writable");
        let through: T = json::from_str(&through).expect("readable");
        assert_eq!(through, study, "{name}");

        // JSON -> XML -> JSON.
        let other: T = json::from_slice(json_bytes).expect("readable");
        let through = to_string(&other).unwrap_or_else(|error| panic!("{twin}: {error}"));
        let through: T = from_str(&through).unwrap_or_else(|error| panic!("{twin}: {error}"));
        assert_eq!(through, other, "{twin}");

        let (mut study, mut other) = (study, other);
        assert_ne!(study, other, "{name} and {twin} have become equal");
        align(&mut study, &mut other);
        assert_eq!(study, other, "{name} and {twin}");
    }
}

/// HL7 publishes the JSON files with the label that marks test data as a tag and the XML files with
/// the same label as a security label, and only the JSON files with the narrative.
#[test]
fn examples_of_r4() {
    twins("r4", |xml: &mut r4::ImagingStudy, json| {
        let meta = xml.meta.as_mut().expect("XML has meta");
        let labels = take(&mut meta.security);
        assert_eq!(labels.len(), 1, "a security label in XML");
        assert!(meta.tag.is_empty(), "no tag in XML");
        let meta = json.meta.as_mut().expect("JSON has meta");
        assert!(meta.security.is_empty(), "no security label in JSON");
        assert_eq!(take(&mut meta.tag), labels, "the same label as a tag");

        assert_eq!(xml.text, None, "no narrative in XML");
        assert!(json.text.take().is_some(), "narrative in JSON");
    });
}

/// Only the JSON files have the label that marks test data.
#[test]
fn examples_of_r5() {
    twins("r5", |xml: &mut r5::ImagingStudy, json| {
        assert_eq!(xml.meta, None, "no meta in XML");
        let mut meta = json.meta.take().expect("JSON has meta");
        assert_eq!(take(&mut meta.tag).len(), 1, "a tag in JSON");
        assert_eq!(meta, Default::default(), "nothing else");
    });
}

/// Versions that have no crate yet: their XML files are well-formed, and no studies of ours.
#[test]
fn examples_of_other_versions_are_refused() {
    for version in ["dstu2", "r6", "stu3"] {
        let Some(folder) = common::shared(&format!("examples/{version}/xml")) else {
            return;
        };
        for (name, bytes) in common::files(&folder, "", ".xml") {
            scan(&bytes, Limits::default(), |_| ())
                .unwrap_or_else(|error| panic!("{version}/{name}: {error}"));
            from_slice::<r4::ImagingStudy>(&bytes).expect_err(&name);
            from_slice::<r5::ImagingStudy>(&bytes).expect_err(&name);
        }
    }
}
