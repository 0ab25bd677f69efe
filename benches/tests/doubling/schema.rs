//! The lists of the schema, and studies that hold one of them.

use std::collections::HashSet;

use imaging_study::core::{FieldInfo, FieldType, ScalarType, TypeInfo};

/// Types inside one another are followed so far from the study.
const DEPTH: usize = 5;

/// A value of a scalar in JSON, distinct by `index` where the type has as many.
pub(crate) fn scalar(scalar: ScalarType, index: usize) -> String {
    match scalar {
        ScalarType::Boolean => "true".to_owned(),
        ScalarType::Date | ScalarType::DateTime => "\"2020-02-29\"".to_owned(),
        ScalarType::Instant => "\"2020-02-29T10:00:00Z\"".to_owned(),
        ScalarType::Time => "\"10:00:00\"".to_owned(),
        ScalarType::Decimal
        | ScalarType::Integer
        | ScalarType::PositiveInt
        | ScalarType::UnsignedInt => (index + 1).to_string(),
        ScalarType::Integer64 => format!("\"{}\"", index + 1),
        ScalarType::Base64Binary => "\"YWJj\"".to_owned(),
        ScalarType::Oid => format!("\"urn:oid:1.2.{index}\""),
        ScalarType::Id => format!("\"1.2.{index}\""),
        ScalarType::Uuid => format!("\"urn:uuid:0f3c8a52-9d3e-4f0b-8a77-{index:012x}\""),
        ScalarType::Canonical | ScalarType::Uri | ScalarType::Url => {
            format!("\"http://e.example/{index}\"")
        }
        ScalarType::Xhtml => r#""<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>""#.to_owned(),
        ScalarType::Code | ScalarType::Markdown | ScalarType::String => format!("\"a{index}\""),
    }
}

/// A list of the schema: the elements that lead to it, outermost first.
pub(crate) type Place = Vec<&'static FieldInfo>;

/// Every list that a type has, and every one inside it; those of a data type where it stands first.
pub(crate) fn lists(
    info: &'static TypeInfo,
    before: &[&'static FieldInfo],
    seen: &mut HashSet<&'static str>,
    all: &mut Vec<Place>,
) {
    for field in info.fields {
        let place = [before, &[field]].concat();
        if field.many {
            all.push(place.clone());
        }
        if field.name.ends_with("[x]") || place.len() >= DEPTH {
            continue;
        }
        if let FieldType::Element(inner) = &field.types[0]
            && seen.insert(inner().name)
        {
            lists(inner(), &place, seen, all);
        }
    }
}

/// A study with members at a place; the elements around them have nothing else.
pub(crate) fn study(around: &[&'static FieldInfo], value: Option<&str>, members: &str) -> String {
    let mut text = members.to_owned();
    for outer in around.iter().rev() {
        text = match outer.many {
            true => format!("\"{}\":[{{{text}}}]", outer.name),
            false => format!("\"{}\":{{{text}}}", outer.name),
        };
    }
    if let Some(value) = value {
        text = format!(r#""extension":[{{"url":"http://e.example/v","value{value}":{{{text}}}}}]"#);
    }
    format!(r#"{{"resourceType":"ImagingStudy",{text}}}"#)
}
