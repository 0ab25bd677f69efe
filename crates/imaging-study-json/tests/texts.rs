//! Whatever text stands in whatever scalar, serde_json reads it back from each of the ways to write
//! it. `PROPTEST_CASES` sets how many random texts there are.

use imaging_study_core::generate::{Everywhere, everywhere};
use imaging_study_core::{
    Content, ContentMut, Definitions, Element, FhirVersion, Field, FieldInfo, Json, JsonType, Name,
    Primitive, Reader, Scalar, ScalarError, ScalarType, Slot, TextStore, TypeInfo, Writer,
    serde_impl, to_json,
};
use imaging_study_dstu2 as dstu2;
use imaging_study_json::{json_to_string, json_to_string_pretty, to_string, to_string_pretty};
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::Value;

/// Texts that mean something to JSON, to lines, or to nobody.
const HOSTILE: [&str; 16] = [
    "\"",
    "\\",
    "\\\"",
    "\n",
    "\r\n\t",
    "a\"}\n{\"resourceType\":\"Patient\",\"id\":\"b\"}\n{\"a\":\"",
    "a\"},\"b\":{\"c\":\"",
    "\\u0022",
    "\\",
    "<&>]]>\"'--></script>",
    "\u{feff}",
    "\u{2028}\u{2029}\u{85}\u{7f}",
    "\u{fffe}\u{ffff}\u{1fffe}\u{10ffff}",
    "null",
    "1.5",
    "12345678\"",
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

/// The texts of the values of a document, sorted.
fn texts_of(value: &Value, name: &str, texts: &mut Vec<String>) {
    match value {
        _ if matches!(name, "resourceType" | "div") => {}
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) => texts.push(value.to_string()),
        Value::String(text) => texts.push(text.clone()),
        Value::Array(entries) => entries
            .iter()
            .for_each(|entry| texts_of(entry, name, texts)),
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| texts_of(value, name, texts)),
    }
}

/// The narratives of a document.
fn divs_of<'v>(value: &'v Value, divs: &mut Vec<&'v str>) {
    match value {
        Value::Array(entries) => entries.iter().for_each(|entry| divs_of(entry, divs)),
        Value::Object(members) => {
            divs.extend(members.get("div").and_then(Value::as_str));
            members.values().for_each(|value| divs_of(value, divs));
        }
        _ => {}
    }
}

/// Each way to write a study, read by serde_json, has each text exactly where it was.
fn comes_back<T: Element + Serialize>(text: &str) -> Result<(), TestCaseError> {
    let Everywhere { element, mut texts } = everywhere::<T>(text, text);
    texts.sort_unstable();
    let tree = to_json(&element).expect("nothing is empty");
    let written = [
        to_string(&element).expect("nothing is empty"),
        to_string_pretty(&element).expect("nothing is empty"),
        json_to_string(&tree),
        json_to_string_pretty(&tree),
        serde_json::to_string(&element).expect("nothing is empty"),
        serde_json::to_string(&tree).expect("JSON"),
    ];
    let mut first = None;
    for (way, document) in written.iter().enumerate() {
        let value: Value = serde_json::from_str(document)
            .map_err(|error| TestCaseError::fail(format!("{error} in way {way}: {text:?}")))?;
        if !matches!(way, 1 | 3) {
            prop_assert!(
                !document.contains('\n'),
                "way {} has lines: {:?}",
                way,
                text
            );
        }
        let mut found = Vec::new();
        texts_of(&value, "", &mut found);
        found.sort_unstable();
        prop_assert!(found == texts, "other texts in way {}: {:?}", way, text);
        let mut divs = Vec::new();
        divs_of(&value, &mut divs);
        let legal = ScalarType::Xhtml.check(text, T::VERSION).is_ok();
        prop_assert!(!divs.is_empty() && (!legal || divs.iter().all(|div| *div == text)));
        // The same texts in the same places.
        match &first {
            None => first = Some(value),
            Some(first) => prop_assert!(*first == value, "way {}", way),
        }
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

/// Most scalars are stored in other ways when they are long.
#[test]
fn long_texts_in_every_scalar() {
    let text = format!("{}\"\\\n", "x".repeat(1_000));
    in_every_version(&text);
}

/// Which scalars there are whose reader takes a text that JSON escapes.
#[test]
fn uids_are_among_the_scalars_that_take_any_text() {
    let held = |texts: Vec<String>| texts.iter().filter(|text| *text == "\"").count();
    let by_uid = |study: Value| study.pointer("/series/0/uid").cloned();
    let study = everywhere::<stu3::ImagingStudy>("\"", "<div/>");
    let value = serde_json::to_value(&study.element).expect("JSON");
    assert_eq!(by_uid(value), Some("\"".into()));
    assert!(held(study.texts) > 500);
}

/// A scalar of a program, which says of itself that it is of a type and has whatever text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Liar<const TYPE: u8>(String);

impl<const TYPE: u8> Scalar for Liar<TYPE> {
    const TYPE: ScalarType = ScalarType::ALL[TYPE as usize];

    fn read(
        text: &str,
        _version: FhirVersion,
        _store: &mut impl TextStore,
    ) -> Result<Self, ScalarError> {
        Ok(Self(text.to_owned()))
    }

    fn with_text<R>(&self, receive: impl FnOnce(&str) -> R) -> R {
        receive(&self.0)
    }
}

/// An element that has such a scalar.
#[derive(Clone, Debug, Default, PartialEq)]
struct Odd<const TYPE: u8>(Primitive<Liar<TYPE>, r4::Extension>);

impl<const TYPE: u8> Element for Odd<TYPE> {
    const VERSION: FhirVersion = FhirVersion::R4;
    const ATTRIBUTES: u64 = 0;
    const REPEATING: u64 = 0;

    fn info() -> &'static TypeInfo {
        const {
            &TypeInfo {
                name: "Odd",
                resource: false,
                fields: &[FieldInfo {
                    name: "a",
                    min: 0,
                    many: false,
                    attribute: false,
                    types: <Primitive<Liar<TYPE>, r4::Extension> as Field>::TYPES,
                    targets: &[],
                    is_summary: false,
                    is_modifier: false,
                    binding: None,
                }],
            }
        }
    }

    fn definitions() -> Option<&'static Definitions> {
        None
    }

    fn slot(_name: &str) -> Option<Slot> {
        None
    }

    fn read<R: Reader>(&mut self, _slot: Slot, reader: R) -> Result<(), R::Error> {
        reader.primitive(&mut self.0)
    }

    fn write<W: Writer>(&self, writer: &mut W) -> Result<(), W::Error> {
        writer.primitive(Name::plain("a"), &self.0)
    }

    fn content(&self, _index: usize) -> (u8, Content<'_>) {
        (0, Field::content(&self.0))
    }

    fn content_mut(&mut self, _index: usize, _variant: u8) -> Option<ContentMut<'_>> {
        None
    }

    fn clear(&mut self, _index: usize) {}
}

/// A writer believes no scalar: what is no number or boolean is a string.
fn nothing_is_believed<const TYPE: u8>(text: &str) -> Result<(), TestCaseError> {
    let odd = Odd::<TYPE>(Primitive::new(Liar(text.to_owned())));
    let mut document = Vec::new();
    let mut serializer = serde_json::Serializer::new(&mut document);
    serde_impl::serialize(&odd, &mut serializer).expect("JSON");
    let expected = match ScalarType::ALL[usize::from(TYPE)].json() {
        JsonType::Boolean if text == "true" => Value::Bool(true),
        JsonType::Number if text == "1.5" => serde_json::from_str(text).expect("JSON"),
        _ => Value::String(text.to_owned()),
    };
    let written = [
        String::from_utf8(document).expect("UTF-8"),
        to_string(&odd).expect("not empty"),
        json_to_string(&to_json(&odd).expect("not empty")),
    ];
    for document in written {
        let value: Value = serde_json::from_str(&document).expect("JSON");
        prop_assert_eq!(&value["a"], &expected);
    }
    Ok(())
}

#[test]
fn a_scalar_is_what_its_text_is() {
    let more = ["true", "1.5,\"a\":2", "{}", "[]", "", "01", "+"];
    for text in HOSTILE.into_iter().chain(more) {
        // base64Binary, boolean, decimal, integer, oid, unsignedInt
        let results = [
            nothing_is_believed::<0>(text),
            nothing_is_believed::<1>(text),
            nothing_is_believed::<6>(text),
            nothing_is_believed::<9>(text),
            nothing_is_believed::<12>(text),
            nothing_is_believed::<16>(text),
        ];
        for result in results {
            result.expect("its own text");
        }
    }
}

/// The members and texts of a tree may be any, also those that no scalar holds.
#[test]
fn trees_of_any_text() {
    let any: String = (0..=0x2100_u32)
        .chain(0xFFF0..=0x1_0010)
        .filter_map(char::from_u32)
        .collect();
    let texts: Vec<Json> = any
        .chars()
        .map(|one| Json::String(one.to_string().into()))
        .collect();
    let tree = Json::Object(vec![
        (any.as_str().into(), Json::Null),
        ("texts".into(), Json::Array(texts)),
    ]);
    for document in [json_to_string(&tree), json_to_string_pretty(&tree)] {
        let value: Value = serde_json::from_str(&document).expect("JSON");
        assert_eq!(value.get(&any), Some(&Value::Null));
        let texts = value["texts"].as_array().expect("an array");
        let found: String = texts.iter().filter_map(Value::as_str).collect();
        assert_eq!(found, any);
    }
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn any_text_in_every_scalar(
        version in 0..IN_VERSION.len(),
        text in "\\PC{1,9}|[\"\\\\/\n\r\tu0-9{}\\[\\],:]{1,40}|.{1,80}",
    ) {
        IN_VERSION[version](&text)?;
    }
}
