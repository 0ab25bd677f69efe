//! JSON of elements.

use imaging_study_core::{
    Decimal, FhirVersion, FieldInfo, FieldType, Json, JsonType, ScalarType, TypeInfo,
};

use crate::context::Context;
use crate::{comments, element_id};

/// The JSON of the value of an extension of a version, without comments and with every id in its
/// place.
pub(crate) fn out_of_version(
    mut json: Json,
    info: &'static TypeInfo,
    version: FhirVersion,
) -> Json {
    if version == FhirVersion::Dstu2 {
        comments::strip(&mut json);
    }
    element_id::lift_in(&mut json, info, version);
    json
}

/// The same value as the target version writes it.
pub(crate) fn in_version(json: &Json, type_name: &str, context: &Context<'_>) -> Json {
    let mut json = json.clone();
    if let Some(info) = context.target.type_info(type_name) {
        element_id::lower_in(&mut json, info, context);
    }
    json
}

/// The members of an object.
pub(super) type Members = Vec<(smol_str::SmolStr, Json)>;

/// An object with some members.
pub(super) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(
        members
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
    )
}

pub(super) fn string(text: &str) -> Json {
    Json::String(text.into())
}

/// The name of an element of a type in JSON: `value` and `Quantity` give `valueQuantity`.
pub(super) fn json_name(field: &FieldInfo, field_type: &FieldType) -> String {
    if field.name.ends_with("[x]") {
        format!("{}{}", field.stem(), capitalised(field_type.name()))
    } else {
        field.name.to_owned()
    }
}

/// A type name as it stands behind the name of a choice.
pub(super) fn capitalised(type_name: &str) -> String {
    let mut letters = type_name.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect()
}

/// An element that is present in an object: its description, its type, and its entries.
pub(super) struct Present {
    pub(super) field: &'static FieldInfo,
    pub(super) field_type: &'static FieldType,
    pub(super) entries: Vec<Entry>,
}

/// One occurrence of an element: the value `x`, and the id and extensions `_x` of a primitive.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) value: Option<Json>,
    pub(super) element: Option<Json>,
}

/// The elements of an object in the order of the definition; `None` if a member is unknown.
pub(super) fn elements(json: &Json, info: &'static TypeInfo) -> Option<Vec<Present>> {
    let members = json.as_object()?;
    let known = members.iter().all(|(name, _)| {
        info.resolve(name.strip_prefix('_').unwrap_or(name))
            .is_some()
    });
    if !known {
        return None;
    }
    let mut present = Vec::new();
    for field in info.fields {
        for field_type in field.types {
            let name = json_name(field, field_type);
            let value = json.get(&name);
            let element = json.get(&format!("_{name}"));
            if value.is_none() && element.is_none() {
                continue;
            }
            present.push(Present {
                field,
                field_type,
                entries: entries(value, element, field.many),
            });
        }
    }
    Some(present)
}

fn entries(value: Option<&Json>, element: Option<&Json>, many: bool) -> Vec<Entry> {
    if !many {
        return vec![Entry {
            value: value.cloned(),
            element: element.cloned(),
        }];
    }
    let list = |json: Option<&Json>| json.and_then(Json::as_array).unwrap_or_default().to_vec();
    let (values, elements) = (list(value), list(element));
    let length = values.len().max(elements.len());
    let present = |list: &[Json], index: usize| {
        list.get(index)
            .filter(|entry| **entry != Json::Null)
            .cloned()
    };
    (0..length)
        .map(|index| Entry {
            value: present(&values, index),
            element: present(&elements, index),
        })
        .collect()
}

/// Adds an element to an object.
pub(super) fn push(members: &mut Members, name: &str, many: bool, entries: Vec<Entry>) {
    if !many {
        for entry in entries {
            members.extend(entry.value.map(|value| (name.into(), value)));
            members.extend(
                entry
                    .element
                    .map(|element| (format!("_{name}").into(), element)),
            );
        }
        return;
    }
    let any_value = entries.iter().any(|entry| entry.value.is_some());
    let any_element = entries.iter().any(|entry| entry.element.is_some());
    let (values, elements): (Vec<_>, Vec<_>) = entries
        .into_iter()
        .map(|entry| {
            (
                entry.value.unwrap_or(Json::Null),
                entry.element.unwrap_or(Json::Null),
            )
        })
        .unzip();
    if any_value {
        members.push((name.into(), Json::Array(values)));
    }
    if any_element {
        members.push((format!("_{name}").into(), Json::Array(elements)));
    }
}

/// The text of a primitive value.
pub(super) fn text(value: &Json) -> Option<&str> {
    match value {
        Json::String(text) => Some(text),
        Json::Number(number) => Some(number.as_str()),
        Json::Boolean(true) => Some("true"),
        Json::Boolean(false) => Some("false"),
        _ => None,
    }
}

/// The JSON of a text in a type.
pub(super) fn in_type(text: &str, scalar: ScalarType) -> Option<Json> {
    match scalar.json() {
        JsonType::Number => text.parse::<Decimal>().ok().map(Json::Number),
        JsonType::String => Some(string(text)),
        JsonType::Boolean => None,
    }
}
