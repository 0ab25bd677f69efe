//! Ids of elements: strings since STU3, and of the type id in DSTU2. A string that is no id travels
//! through DSTU2 in an extension on the element; that of an extension with a value, which can have
//! none of its own, on the value.

use imaging_study_core::{FhirString, FhirVersion, Json, Primitive, ScalarType};

use crate::carry;
use crate::context::Context;
use crate::hub::{self, Extension, Value};

const ELEMENT: &str = "Element.id";
const EXTENSION: &str = "Extension.id";

/// Whether DSTU2 can hold an id.
fn is_legal(id: &str) -> bool {
    ScalarType::Id.allows(id, FhirVersion::Dstu2)
}

fn carried(id: FhirString, path: &str, context: &Context<'_>) -> Extension {
    let url = carry::url(context.from(), path);
    Extension::with_value(&url, Value::String(hub::Primitive::new(id)))
}

/// Takes an id that DSTU2 cannot hold away. What comes from DSTU2 itself is only written again.
fn take_illegal(id: &mut Option<FhirString>, context: &Context<'_>) -> Option<FhirString> {
    if context.from() == FhirVersion::Dstu2 {
        return None;
    }
    id.take_if(|id| !is_legal(id.as_str()))
}

/// Lets an id that DSTU2 cannot hold travel.
pub(crate) fn carry(
    id: &mut Option<FhirString>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    if let Some(id) = take_illegal(id, context) {
        extension.push(carried(id, ELEMENT, context));
    }
}

/// Lets the id of an extension travel.
pub(crate) fn carry_extension(mut extension: Extension, context: &Context<'_>) -> Extension {
    let Some(id) = take_illegal(&mut extension.id, context) else {
        return extension;
    };
    match &mut extension.value {
        None => extension.extension.push(carried(id, ELEMENT, context)),
        Some(Value::Other(other)) => add(&mut other.json, &id, EXTENSION, context),
        Some(value) => {
            let carried = carried(id, EXTENSION, context);
            if let Some(list) = value.extension_mut() {
                list.push(carried);
            }
        }
    }
    extension
}

/// Lets the id of an extension travel on its value in JSON.
pub(crate) fn carry_extension_in(
    id: &mut Option<FhirString>,
    value: &mut Json,
    context: &Context<'_>,
) {
    if let Some(id) = take_illegal(id, context) {
        add(value, &id, EXTENSION, context);
    }
}

/// The position of a carried id.
fn position(list: &[Extension], path: &str) -> Option<usize> {
    list.iter().position(|extension| {
        let text = match &extension.value {
            Some(Value::String(Primitive {
                value: Some(text),
                element: None,
            })) => text,
            _ => return false,
        };
        extension.carries(path) && !is_legal(text.as_str())
    })
}

fn take(list: &mut Vec<Extension>, path: &str) -> Option<FhirString> {
    let position = position(list, path)?;
    match list.remove(position).value? {
        Value::String(text) => text.value,
        _ => None,
    }
}

/// Puts an id back that DSTU2 could not hold.
#[inline]
pub(crate) fn restore(id: &mut Option<FhirString>, extension: &mut Vec<Extension>) {
    if id.is_none() && !extension.is_empty() {
        *id = take(extension, ELEMENT);
    }
}

/// Puts the id of an extension back.
pub(crate) fn restore_extension(extension: &mut Extension) {
    match &mut extension.value {
        None => restore(&mut extension.id, &mut extension.extension),
        Some(_) if extension.id.is_some() => {}
        Some(Value::Other(other)) => {
            extension.id = take_from(&mut other.json, EXTENSION).and_then(|id| id.parse().ok());
        }
        Some(value) => {
            if !value.has_extensions() {
                return;
            }
            if let Some(list) = value.extension_mut() {
                extension.id = take(list, EXTENSION);
            }
            value.tidy();
        }
    }
}

/// Puts an extension with an id on an element in JSON.
fn add(json: &mut Json, id: &FhirString, path: &str, context: &Context<'_>) {
    let Json::Object(members) = json else { return };
    let url = carry::url(context.from(), path);
    let extension = Json::Object(vec![
        ("url".into(), Json::String(url.as_str().into())),
        ("valueString".into(), Json::String(id.as_str().into())),
    ]);
    let list = members.iter_mut().find(|(name, _)| name == "extension");
    match list {
        Some((_, Json::Array(list))) => list.push(extension),
        _ => members.push(("extension".into(), Json::Array(vec![extension]))),
    }
}

/// Takes an extension with an id off an element in JSON.
fn take_from(json: &mut Json, path: &str) -> Option<String> {
    let Json::Object(members) = json else {
        return None;
    };
    let at = members.iter().position(|(name, _)| name == "extension")?;
    let Json::Array(list) = &mut members[at].1 else {
        return None;
    };
    let id = |json: &Json| {
        let plain = json.as_object()?.len() == 2;
        let (_, own) = carry::parse(json.get("url")?.as_str()?)?;
        let text = json.get("valueString")?.as_str()?;
        (plain && own == path && !is_legal(text)).then(|| text.to_owned())
    };
    let position = list.iter().position(|json| id(json).is_some())?;
    let text = id(&list.remove(position));
    if list.is_empty() {
        members.remove(at);
    }
    text
}

/// Lets the ids in a value travel that DSTU2 cannot hold. Extensions in it have been converted.
pub(crate) fn carry_in(json: &mut Json, context: &Context<'_>) {
    if context.from() == FhirVersion::Dstu2 {
        return;
    }
    match json {
        Json::Array(entries) => entries
            .iter_mut()
            .for_each(|entry| carry_in(entry, context)),
        Json::Object(members) => {
            for (name, value) in members.iter_mut() {
                if name != "extension" && name != "modifierExtension" {
                    carry_in(value, context);
                }
            }
            let illegal = |(name, value): &(_, Json)| {
                name == "id" && value.as_str().is_some_and(|id| !is_legal(id))
            };
            if let Some(position) = members.iter().position(illegal) {
                let id = members.remove(position).1;
                if let Some(id) = id.as_str().and_then(|id| id.parse().ok()) {
                    add(json, &id, ELEMENT, context);
                }
            }
        }
        _ => {}
    }
}

/// Puts the ids in a value back that DSTU2 could not hold. Extensions in it are read later.
pub(crate) fn restore_in(json: &mut Json) {
    match json {
        Json::Array(entries) => entries.iter_mut().for_each(restore_in),
        Json::Object(members) => {
            for (name, value) in members.iter_mut() {
                if name != "extension" && name != "modifierExtension" {
                    restore_in(value);
                }
            }
            if members.iter().all(|(name, _)| name != "id")
                && let Some(id) = take_from(json, ELEMENT)
                && let Json::Object(members) = json
            {
                members.insert(0, ("id".into(), Json::String(id.as_str().into())));
            }
        }
        _ => {}
    }
}
