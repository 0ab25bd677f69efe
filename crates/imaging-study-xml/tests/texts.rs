//! Whatever text stands in whatever scalar, quick-xml reads it back from what is written, and so does
//! this crate; a text that no XML document can hold is an error that says where it stands.
//! `PROPTEST_CASES` sets how many random texts there are.

use imaging_study_core::generate::{Everywhere, everywhere};
use imaging_study_core::{Element, FhirString, Json, WriteError};
use imaging_study_dstu2 as dstu2;
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;
use imaging_study_xml::{Encoder, from_str, to_string};
use proptest::prelude::*;
use quick_xml::XmlVersion;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// Texts that mean something to XML, to lines, or to nobody.
const HOSTILE: [&str; 14] = [
    "\"",
    "'",
    "\"/><a b=\"",
    "&",
    "&amp;",
    "&#10;&quot;&a;",
    "<",
    "<!--",
    "--><![CDATA[]]>]]>",
    "\n",
    "\r\n\t\r \n",
    "\u{feff}",
    "\u{2028}\u{2029}\u{85}\u{7f}\u{fffd}",
    "\u{1fffe}\u{10ffff}\\",
];

fn config(cases: u32) -> ProptestConfig {
    let set = std::env::var_os("PROPTEST_CASES").is_some();
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: if set { default.cases } else { cases },
        failure_persistence: None,
        ..default
    }
}

/// What a text is as a narrative.
fn div(text: &str) -> String {
    let text = escape(text).replace('\r', "&#13;");
    format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{text}</div>")
}

/// What quick-xml reads in a document: the values of the attributes, and the narratives.
#[derive(Debug, Default)]
struct Found {
    texts: Vec<String>,
    divs: Vec<String>,
}

impl Found {
    fn attributes(&mut self, tag: &BytesStart<'_>) -> Result<(), TestCaseError> {
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| TestCaseError::fail(error.to_string()))?;
            let name = attribute.key.as_ref();
            if name != "xmlns" {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                let value = value.map_err(|error| TestCaseError::fail(error.to_string()))?;
                self.texts.push(value.into_owned());
            }
        }
        Ok(())
    }

    fn read(document: &str) -> Result<Self, TestCaseError> {
        let mut found = Self::default();
        let mut reader = Reader::from_str(document);
        let fail = |error: quick_xml::Error| TestCaseError::fail(error.to_string());
        loop {
            match reader.read_event().map_err(fail)? {
                Event::Start(tag) if tag.name().as_ref() == "div" => {
                    let content = reader.read_text(tag.name()).map_err(fail)?;
                    let content = content.to_string();
                    found.divs.push(content);
                }
                Event::Start(tag) | Event::Empty(tag) => found.attributes(&tag)?,
                Event::Eof => return Ok(found),
                _ => {}
            }
        }
    }
}

fn comes_back<T: Element>(text: &str) -> Result<(), TestCaseError> {
    let narrative = div(text);
    let Everywhere { element, mut texts } = everywhere::<T>(text, &narrative);
    texts.sort_unstable();
    for (pretty, declaration) in [(false, false), (true, true)] {
        let encoder = Encoder {
            pretty,
            declaration,
        };
        let document = encoder
            .encode(&element)
            .map_err(|error| TestCaseError::fail(format!("{error}: {text:?}")))?;
        let mut found = Found::read(&document)?;
        found.texts.sort_unstable();
        prop_assert!(found.texts == texts, "other texts for {:?}", text);
        prop_assert!(!found.divs.is_empty());
        for found in &found.divs {
            prop_assert!(narrative.ends_with(&format!(">{found}</div>")), "{}", found);
        }
        let back: T = from_str(&document)
            .map_err(|error| TestCaseError::fail(format!("{error}: {text:?}")))?;
        prop_assert!(back == element, "another study for {:?}", text);
    }
    Ok(())
}

/// What is true of a text in every scalar of a version.
type Law = fn(&str) -> Result<(), TestCaseError>;

const IN_VERSION: [Law; 6] = [
    comes_back::<dstu2::ImagingStudy>,
    comes_back::<stu3::ImagingStudy>,
    comes_back::<r4::ImagingStudy>,
    comes_back::<r4b::ImagingStudy>,
    comes_back::<r5::ImagingStudy>,
    comes_back::<r6_draft::ImagingStudy>,
];

fn in_every_version(text: &str) {
    for comes_back in IN_VERSION {
        if let Err(error) = comes_back(text) {
            panic!("{error}");
        }
    }
}

#[test]
fn hostile_texts_in_every_scalar() {
    for text in HOSTILE {
        in_every_version(text);
    }
}

#[test]
fn long_texts_in_every_scalar() {
    let text = format!("{}\"<&\n", "x".repeat(1_000));
    in_every_version(&text);
}

fn refused<T: Element>(text: &str) {
    let Everywhere { element, .. } = everywhere::<T>(text, "<div/>");
    match to_string(&element) {
        Err(WriteError::NotExpressible { path, .. }) => {
            assert!(path.to_string().starts_with("ImagingStudy."), "{path}");
        }
        other => panic!("{:?} for {text:?}", other.is_ok()),
    }
}

#[test]
fn texts_that_no_document_can_hold_are_errors_with_a_path() {
    for text in ["\u{fffe}", "a\u{ffff}", "\0", "\u{b}", "\u{1f}\u{1b}[2J"] {
        // The scalars take the first two; the others stand in the contained resource alone.
        refused::<dstu2::ImagingStudy>(text);
        refused::<stu3::ImagingStudy>(text);
        refused::<r4::ImagingStudy>(text);
        refused::<r4b::ImagingStudy>(text);
        refused::<r5::ImagingStudy>(text);
        refused::<r6_draft::ImagingStudy>(text);
    }
}

/// A comment is written as it is or not at all.
fn comment_comes_back(text: &str) -> Result<(), TestCaseError> {
    let Ok(comment) = text.parse::<FhirString>() else {
        return Ok(());
    };
    let study = dstu2::ImagingStudy {
        fhir_comments: vec![comment],
        description: "a".parse().expect("legal"),
        ..Default::default()
    };
    let Ok(document) = to_string(&study) else {
        let forbidden = ["--", "\r", "\u{fffe}", "\u{ffff}"];
        prop_assert!(text.ends_with('-') || forbidden.iter().any(|part| text.contains(part)));
        return Ok(());
    };
    let mut reader = Reader::from_str(&document);
    match reader.read_event() {
        Ok(Event::Comment(found)) => {
            prop_assert_eq!(&*found, text);
        }
        other => return Err(TestCaseError::fail(format!("{other:?}"))),
    }
    let back: dstu2::ImagingStudy =
        from_str(&document).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert!(back == study, "{}", document);
    Ok(())
}

#[test]
fn hostile_comments() {
    let more = [
        "-", "a-", "--", "->", ">", "\r", "\u{ffff}", "<!--", "-->", "- - >",
    ];
    for text in HOSTILE.into_iter().chain(more) {
        if let Err(error) = comment_comes_back(text) {
            panic!("{error}");
        }
    }
}

/// The names in a resource come from the definitions, never from the resource.
#[test]
fn names_of_contained_members_are_no_markup() {
    for (resource_type, name) in [
        ("Patient", "a/><b"),
        ("Patient", "language value=\"a\"/><b"),
        ("Patient/><b", "language"),
        ("a b", "language"),
    ] {
        let members = vec![
            ("resourceType".into(), Json::String(resource_type.into())),
            (name.into(), Json::String("a".into())),
        ];
        let study = r4::ImagingStudy {
            contained: vec![Json::Object(members).try_into().expect("a resource")],
            ..Default::default()
        };
        let error = to_string(&study).expect_err("an unknown name");
        assert!(!error.to_string().contains('<'), "{error}");
    }
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn any_text_in_every_scalar(
        version in 0..IN_VERSION.len(),
        text in "[\"'<>&;#xa-c \n\r\t!\\[\\]/-]{1,40}|[^\\p{Cc}\u{fffe}\u{ffff}]{1,80}",
    ) {
        IN_VERSION[version](&text)?;
        comment_comes_back(&text)?;
    }
}
