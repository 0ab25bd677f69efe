//! The data sets of DICOM JSON in the other forms in which they can be added.
#![allow(dead_code, reason = "each test uses a part")]

use imaging_study_from_dicom::{Attributes, Studies, Tag};
use serde_json::{Map, Value};

/// The way in which data sets are added.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// Attributes that somebody has set.
    Objects,
    /// One JSON text.
    Text,
    /// JSON from a reader.
    Stream,
    /// Files without a header.
    Files,
}

impl Form {
    pub(crate) const ALL: [Self; 4] = [Self::Objects, Self::Text, Self::Stream, Self::Files];

    pub(crate) fn studies(self, data_sets: &[Value]) -> Studies {
        let mut studies = Studies::default();
        let text = Value::from(data_sets.to_vec()).to_string();
        match self {
            Self::Text => studies.add_json(text.as_bytes()).expect("a list"),
            Self::Stream => {
                let reader = std::io::Cursor::new(text);
                studies.add_json_reader(reader).expect("a list");
            }
            Self::Objects => {
                for data_set in data_sets {
                    studies.add(&attributes(data_set.as_object().expect("an object")));
                }
            }
            #[cfg(feature = "files")]
            Self::Files => {
                for data_set in data_sets {
                    let file = std::io::Cursor::new(file(data_set));
                    studies.add_dicom(file).expect("a DICOM file");
                }
            }
            #[cfg(not(feature = "files"))]
            Self::Files => return Self::Text.studies(data_sets),
        }
        studies
    }
}

/// The tag and the value representation of a member, if it has the form of the standard.
fn header<'a>(name: &str, member: &'a Value) -> Option<(u32, &'a str)> {
    let tag = u32::from_str_radix(name, 16)
        .ok()
        .filter(|_| name.len() == 8);
    tag.zip(member.get("vr")?.as_str())
}

/// Whether every attribute has the form of the standard.
pub(crate) fn is_standard(data_set: &Value) -> bool {
    let members = data_set.as_object().into_iter().flatten();
    members.into_iter().all(|(name, member)| {
        let items = member.get("Value").and_then(Value::as_array);
        let standard = |item: &Value| item.get("Alphabetic").is_some() || is_standard(item);
        header(name, member).is_some()
            && items
                .into_iter()
                .flatten()
                .filter(|one| one.is_object())
                .all(standard)
    })
}

fn items(member: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    let list = member.get("Value").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_object)
}

/// The values of an attribute as DICOM writes them.
fn text(member: &Value) -> String {
    let list = member.get("Value").and_then(Value::as_array);
    let texts = list.into_iter().flatten().map(|value| match value {
        Value::String(text) => text.clone(),
        Value::Object(groups) => {
            let group = |name| groups.get(name).and_then(Value::as_str).unwrap_or_default();
            [group("Alphabetic"), group("Ideographic"), group("Phonetic")].join("=")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    });
    texts.collect::<Vec<_>>().join("\\")
}

fn attributes(data_set: &Map<String, Value>) -> Attributes {
    let mut attributes = Attributes::default();
    for (name, member) in data_set {
        let Some((tag, vr)) = header(name, member) else {
            continue;
        };
        let tag = Tag::new((tag >> 16) as u16, tag as u16);
        match vr {
            "SQ" => {
                attributes.set_items(tag, items(member).map(self::attributes).collect());
            }
            _ => attributes.set_text(tag, &text(member)),
        }
    }
    attributes
}

/// A data set in Explicit VR Little Endian, in UTF-8.
pub(crate) fn file(data_set: &Value) -> Vec<u8> {
    let mut members = data_set.as_object().expect("an object").clone();
    let utf8 = serde_json::json!({ "vr": "CS", "Value": ["ISO_IR 192"] });
    members.insert("00080005".to_owned(), utf8);
    let mut bytes = Vec::new();
    encode(&members, &mut bytes);
    bytes
}

fn encode(data_set: &Map<String, Value>, out: &mut Vec<u8>) {
    let mut members: Vec<_> = data_set
        .iter()
        .filter_map(|(name, member)| Some((header(name, member)?, member)))
        .collect();
    members.sort_by_key(|((tag, _), _)| *tag);
    for ((tag, vr), member) in members {
        let mut value = Vec::new();
        if vr == "SQ" {
            for item in items(member) {
                let mut bytes = Vec::new();
                encode(item, &mut bytes);
                value.extend([0xFE, 0xFF, 0x00, 0xE0]);
                value.extend((bytes.len() as u32).to_le_bytes());
                value.append(&mut bytes);
            }
        } else {
            value.extend(text(member).as_bytes());
            if value.len() % 2 == 1 {
                value.push(if vr == "UI" { 0 } else { b' ' });
            }
        }
        out.extend(((tag >> 16) as u16).to_le_bytes());
        out.extend((tag as u16).to_le_bytes());
        out.extend(vr.as_bytes());
        if matches!(vr, "SQ" | "UT" | "UR" | "UC" | "UN" | "OB" | "OW") {
            out.extend([0, 0]);
            out.extend((value.len() as u32).to_le_bytes());
        } else {
            out.extend((value.len() as u16).to_le_bytes());
        }
        out.append(&mut value);
    }
}
