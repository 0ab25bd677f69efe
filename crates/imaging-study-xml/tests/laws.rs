//! What the codec keeps to, on generated studies. `PROPTEST_CASES` sets how many.

mod spelling;

use std::collections::BTreeMap;

use imaging_study_core::generate::Profile;
use imaging_study_core::{Definitions, Element, ElementType, Limits, TypeDefinition};
use imaging_study_json as json;
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;
use imaging_study_xml::{
    Decoder, Encoder, UnknownElements, Unread, from_slice, from_str, scan, to_string,
};
use proptest::prelude::*;
use spelling::{Encoding, Narrative, Node, Random, Spelling, Tree, spell};

fn config() -> ProptestConfig {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() {
        ProptestConfig::default().cases
    } else {
        1_000
    };
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}

/// A study that a failing test shows as JSON.
struct Shown<T>(T);

impl<T: Element> std::fmt::Debug for Shown<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&json::to_string(&self.0).unwrap_or_default())
    }
}

fn fail(error: impl std::fmt::Display, text: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(format!("{error}\n{text}"))
}

fn definitions<T: Element>() -> &'static Definitions {
    T::definitions().expect("the feature definitions")
}

/// Reads a text, which [`scan`] then accepts too.
fn read<T: Element>(text: &str) -> Result<T, TestCaseError> {
    let study = from_str(text).map_err(|error| fail(error, text))?;
    scan(text.as_bytes(), Limits::default(), |_| {}).map_err(|error| fail(error, text))?;
    Ok(study)
}

/// type -> XML -> type is the identity, and so is XML -> type -> XML, however it is laid out.
fn identity<T: Element>(study: &T) -> Result<(), TestCaseError> {
    for (pretty, declaration) in [(false, false), (false, true), (true, false), (true, true)] {
        let encoder = Encoder {
            pretty,
            declaration,
        };
        let text = encoder
            .encode(study)
            .map_err(|error| fail(error, json::to_string(study).unwrap_or_default()))?;
        let back: T = read(&text)?;
        prop_assert!(back == *study, "{}", text);
        let again = encoder.encode(&back).map_err(|error| fail(error, &text))?;
        prop_assert_eq!(&again, &text);
    }
    Ok(())
}

/// JSON -> XML -> JSON is the identity.
fn json_identity<T: Element>(study: &T) -> Result<(), TestCaseError> {
    let text = json::to_string(study).expect("nothing is empty");
    let study: T = json::from_str(&text).map_err(|error| fail(error, &text))?;
    let xml = to_string(&study).map_err(|error| fail(error, &text))?;
    let back: T = read(&xml)?;
    prop_assert_eq!(
        json::to_string(&back).expect("nothing is empty"),
        text,
        "through {}",
        xml
    );
    Ok(())
}

/// Resources of any type come back from documents of their own.
fn resource_identity<T: Element>(study: &T) -> Result<(), TestCaseError> {
    let text = json::to_string(study).expect("nothing is empty");
    let json = json::Decoder::default()
        .decode_json(text.as_bytes())
        .map_err(|error| fail(error, &text))?;
    let contained = json.get("contained").and_then(|list| list.as_array());
    for resource in contained.unwrap_or_default() {
        let text = json::json_to_string(resource);
        let resource = resource.clone().try_into().expect("a resource");
        let xml = Encoder::default()
            .encode_resource(&resource, definitions::<T>())
            .map_err(|error| fail(error, &text))?;
        let back = Decoder::default()
            .decode_resource(xml.as_bytes(), definitions::<T>())
            .map_err(|error| fail(error, &xml))?;
        prop_assert_eq!(back.unknown.len(), 0);
        let back = back.value.into_json().expect("a type that is defined");
        prop_assert_eq!(json::json_to_string(&back), text, "through {}", xml);
    }
    Ok(())
}

fn laws<T: Element>(study: &T) -> Result<(), TestCaseError> {
    identity(study)?;
    json_identity(study)?;
    resource_identity(study)
}

/// Whatever the spelling, the value is the same.
fn any_spelling<T: Element>(study: &T, spelling: &Spelling) -> Result<(), TestCaseError> {
    let text = to_string(study).map_err(|error| fail(error, ""))?;
    let bytes = spell(&Tree::parse(&text), spelling);
    let shown = || format!("{}\nfor\n{text}", String::from_utf8_lossy(&bytes));
    let back: T = from_slice(&bytes).map_err(|error| fail(error, shown()))?;
    prop_assert!(back == *study, "{}", shown());
    scan(&bytes, Limits::default(), |_| {}).map_err(|error| fail(error, shown()))
}

fn spelling() -> impl Strategy<Value = Spelling> {
    let chances = || prop_oneof![Just(0_u32), 0_u32..400];
    let prolog = prop_oneof![
        Just(""),
        Just("<?xml version=\"1.0\"?>"),
        Just("<?xml version='1.0' standalone = 'no' ?>\n"),
        Just("<?xml-stylesheet href=\"a.xsl\" type='text/xsl'?>"),
        Just("<?xml version=\"1.0\"?>\n<!-- a --><?xml-model href='b.sch'?>\n<!---->"),
    ];
    let encoding = prop_oneof![
        Just(Encoding::Utf8),
        Just(Encoding::Utf8WithMark),
        Just(Encoding::Utf16Little),
        Just(Encoding::Utf16Big),
    ];
    let narrative = prop_oneof![
        Just(Narrative::AsItIs),
        Just(Narrative::Prefix),
        Just(Narrative::OuterPrefix),
        Just(Narrative::OuterDefault),
    ];
    let prefix = prop_oneof![Just(""), Just("f"), Just("fhir-1._\u{e9}")];
    let rates = (chances(), chances(), chances(), chances(), chances());
    let kinds = (prefix, narrative, any::<bool>(), prolog, encoding);
    (any::<u64>(), rates, kinds).prop_map(|(seed, rates, kinds)| Spelling {
        seed,
        white: rates.0,
        comments: rates.1,
        references: rates.2,
        end_tags: rates.3,
        declarations: rates.4,
        // There is only one default namespace.
        prefix: match (kinds.0, kinds.1) {
            ("", Narrative::OuterDefault) => "f",
            (prefix, _) => prefix,
        },
        narrative: kinds.1,
        returns: kinds.2,
        prolog: match (kinds.3, kinds.4) {
            ("<?xml version=\"1.0\"?>", Encoding::Utf8) => {
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
            }
            ("<?xml version=\"1.0\"?>", Encoding::Utf16Little) => {
                "<?xml version=\"1.0\"\n\tencoding='UTF-16' standalone='yes'?>"
            }
            (prolog, _) => prolog,
        },
        encoding: kinds.4,
    })
}

/// Any byte, and often one that means something in XML.
fn byte() -> impl Strategy<Value = u8> {
    let markup = prop::sample::select(b"<>&;\"'=/!?-[]:#x0 \t\r\n\xEF\xBF".to_vec());
    prop_oneof![any::<u8>(), markup]
}

/// Whatever the bytes are, reading ends without a panic; what is accepted is a value like any.
fn broken<T: Element>(study: &T, at: usize, byte: u8, cut: usize) -> Result<(), TestCaseError> {
    let text = to_string(study).map_err(|error| fail(error, ""))?;
    let mut bytes = text.into_bytes();
    let cut = &bytes[..cut % bytes.len()];
    let accepted = from_slice::<T>(cut).is_ok();
    prop_assert!(!accepted, "{}", String::from_utf8_lossy(cut));

    let at = at % bytes.len();
    bytes[at] = byte;
    let shown = || String::from_utf8_lossy(&bytes).into_owned();
    let _ = scan(&bytes, Limits::default(), |_| {});
    let mut decoder = Decoder::default();
    decoder.unknown = UnknownElements::Keep;
    let _ = decoder.decode_slice::<T>(&bytes);
    if let Ok(study) = from_slice::<T>(&bytes) {
        scan(&bytes, Limits::default(), |_| {}).map_err(|error| fail(error, shown()))?;
        let text = to_string(&study).map_err(|error| fail(error, shown()))?;
        let back: T = read(&text)?;
        prop_assert!(back == study, "{}\nfrom\n{}", text, shown());
    }
    prop_assert!(from_slice::<T>(&bytes[..at]).is_err(), "{}", shown());
    Ok(())
}

/// Puts unknown elements and attributes into a document, and notes where.
struct Strangers {
    random: Random,
    all: &'static Definitions,
    /// The chance in a thousand that one is put into a place.
    rate: u32,
    /// Path, name and value of each, in the order of the document.
    added: Vec<(String, String, Unread)>,
}

impl Strangers {
    fn add(&mut self, tree: &mut Tree, definition: &'static TypeDefinition, path: &str) {
        if self.random.chance(self.rate) {
            let name = format!("colour{}", self.added.len());
            let value = "r\u{e9}d & \"b\"\n".to_owned();
            tree.attributes.push((name.clone(), value.clone()));
            self.note(path, name, Unread::XmlAttribute(value));
        }
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        let mut children = Vec::new();
        for mut child in std::mem::take(&mut tree.children) {
            if let Node::Element(element) = &mut child {
                self.add_element(path, &mut children);
                let (index, element_type) =
                    definition.resolve(&element.name).expect("a known element");
                let known = &definition.elements[index];
                let mut path = format!("{path}.{}", known.name);
                if known.many {
                    let count = counts.entry(index).or_default();
                    path.push_str(&format!("[{count}]"));
                    *count += 1;
                }
                self.add_inside(element, element_type, &path);
            }
            children.push(child);
        }
        self.add_element(path, &mut children);
        tree.children = children;
    }

    fn add_inside(&mut self, tree: &mut Tree, element_type: ElementType, path: &str) {
        let definition = match element_type {
            ElementType::Scalar(_) => self.all.type_named("Element"),
            ElementType::Type(name) => self.all.type_named(name),
            ElementType::Resource => {
                // What it holds is the resource, whatever its name.
                let Some(Node::Element(root)) = tree.children.first_mut() else {
                    panic!("an empty {path}");
                };
                let definition = self.all.resource(&root.name).expect("a resource");
                return self.add(root, definition, path);
            }
        };
        self.add(tree, definition.expect("a type of the version"), path);
    }

    fn add_element(&mut self, path: &str, children: &mut Vec<Node>) {
        if !self.random.chance(self.rate) {
            return;
        }
        let name = format!("shape{}", self.added.len());
        let mut inner = Tree::parse("<size value=\"1\"/>");
        inner.attributes[0].1 = self.added.len().to_string();
        let tree = Tree {
            name: name.clone(),
            attributes: vec![("value".to_owned(), "round".to_owned())],
            children: vec![Node::Element(inner)],
        };
        let markup = format!(
            "<{name} value=\"round\"><size value=\"{}\"/></{name}>",
            self.added.len()
        );
        children.push(Node::Element(tree));
        self.note(path, name, Unread::Xml(markup));
    }

    fn note(&mut self, path: &str, name: String, value: Unread) {
        self.added.push((format!("{path}.{name}"), name, value));
    }
}

fn plain_spelling() -> Spelling {
    Spelling {
        seed: 0,
        white: 0,
        comments: 0,
        references: 0,
        end_tags: 0,
        declarations: 0,
        prefix: "",
        narrative: Narrative::AsItIs,
        returns: false,
        prolog: "",
        encoding: Encoding::Utf8,
    }
}

/// Unknown elements and attributes are refused, or reported with their path beside the value that
/// the rest has.
fn strangers<T: Element>(study: &T, seed: u64, rate: u32) -> Result<(), TestCaseError> {
    let all = definitions::<T>();
    let text = to_string(study).map_err(|error| fail(error, ""))?;
    let mut tree = Tree::parse(&text);
    let mut strangers = Strangers {
        random: Random(seed),
        all,
        rate,
        added: Vec::new(),
    };
    let definition = all.resource("ImagingStudy").expect("a resource");
    strangers.add(&mut tree, definition, "ImagingStudy");
    let bytes = spell(&tree, &plain_spelling());
    let shown = || String::from_utf8_lossy(&bytes).into_owned();
    let mut decoder = Decoder::default();
    decoder.unknown = UnknownElements::Keep;
    let decoded = decoder
        .decode_slice::<T>(&bytes)
        .map_err(|error| fail(error, shown()))?;
    prop_assert!(decoded.value == *study, "{}", shown());
    let unknown: Vec<_> = decoded
        .unknown
        .into_iter()
        .map(|unknown| (unknown.path.to_string(), unknown.name, unknown.value))
        .collect();
    prop_assert_eq!(&unknown, &strangers.added, "{}", shown());
    match (from_slice::<T>(&bytes), unknown.first()) {
        (Ok(_), None) => {}
        (Err(error), Some((path, ..))) => {
            prop_assert_eq!(&error.path().to_string(), path, "{}: {}", error, shown());
        }
        (Ok(_), Some(_)) => return Err(fail("unknown, and not refused", shown())),
        (Err(error), None) => return Err(fail(error, shown())),
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn interchange_r4(study in r4::strategy::imaging_study(Profile::Interchange).prop_map(Shown)) {
        laws(&study.0)?;
    }

    #[test]
    fn interchange_r5(study in r5::strategy::imaging_study(Profile::Interchange).prop_map(Shown)) {
        laws(&study.0)?;
    }

    #[test]
    fn typical_r4(study in r4::strategy::imaging_study(Profile::Typical).prop_map(Shown)) {
        laws(&study.0)?;
    }

    #[test]
    fn typical_r5(study in r5::strategy::imaging_study(Profile::Typical).prop_map(Shown)) {
        laws(&study.0)?;
    }

    #[test]
    fn minimal_r4(study in r4::strategy::imaging_study(Profile::Minimal).prop_map(Shown)) {
        laws(&study.0)?;
    }

    #[test]
    fn minimal_r5(study in r5::strategy::imaging_study(Profile::Minimal).prop_map(Shown)) {
        laws(&study.0)?;
    }

    /// What XML cannot hold is refused, and what is written can be read.
    #[test]
    fn hostile_r5(study in r5::strategy::imaging_study(Profile::Hostile).prop_map(Shown)) {
        if let Ok(text) = to_string(&study.0) {
            let back: r5::ImagingStudy = read(&text)?;
            prop_assert_eq!(to_string(&back).map_err(|error| fail(error, &text))?, text);
        }
    }

    #[test]
    fn any_spelling_r4(
        study in r4::strategy::imaging_study(Profile::Interchange).prop_map(Shown),
        spelling in spelling(),
    ) {
        any_spelling(&study.0, &spelling)?;
    }

    #[test]
    fn any_spelling_r5(
        study in r5::strategy::imaging_study(Profile::Interchange).prop_map(Shown),
        spelling in spelling(),
    ) {
        any_spelling(&study.0, &spelling)?;
    }

    #[test]
    fn broken_r4(
        study in r4::strategy::imaging_study(Profile::Interchange).prop_map(Shown),
        (at, byte, cut) in (any::<usize>(), byte(), any::<usize>()),
    ) {
        broken(&study.0, at, byte, cut)?;
    }

    #[test]
    fn broken_r5(
        study in r5::strategy::imaging_study(Profile::Interchange).prop_map(Shown),
        (at, byte, cut) in (any::<usize>(), byte(), any::<usize>()),
    ) {
        broken(&study.0, at, byte, cut)?;
    }

    #[test]
    fn strangers_r4(
        study in r4::strategy::imaging_study(Profile::Interchange).prop_map(Shown),
        (seed, rate) in (any::<u64>(), 0_u32..100),
    ) {
        strangers(&study.0, seed, rate)?;
    }

    #[test]
    fn strangers_r5(
        study in r5::strategy::imaging_study(Profile::Interchange).prop_map(Shown),
        (seed, rate) in (any::<u64>(), 0_u32..100),
    ) {
        strangers(&study.0, seed, rate)?;
    }
}
