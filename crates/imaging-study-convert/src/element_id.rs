//! Ids of elements: strings, but of the type id in DSTU2, and in R4B, R5 and the draft of R6 where the
//! element is a data type. A string that is no id travels through those in an extension on the element;
//! that of an extension with a value, which can have none of its own, on the value.

use imaging_study_core::{
    FhirString, FhirVersion, FieldType, Json, Primitive, ScalarType, TypeInfo,
};

use crate::carry;
use crate::context::Context;
use crate::hub::{Extension, Value};

/// The type of what stands beside the value of a primitive.
const BESIDE_PRIMITIVE: &str = "Element";
pub(crate) const ELEMENT: &str = "Element.id";
pub(crate) const EXTENSION: &str = "Extension.id";

/// Whether what an extension carries by its path is the id of an element.
pub(crate) fn is_path(path: &str) -> bool {
    matches!(path, ELEMENT | EXTENSION)
}

/// Whether a text is an id in every version.
pub(crate) fn is_legal(id: &str) -> bool {
    ScalarType::Id.allows(id, FhirVersion::Dstu2)
}

/// Whether a version types some ids of elements as id: those of data types are the first to be.
pub(crate) fn are_typed(version: FhirVersion) -> bool {
    is_typed(version, "Extension")
}

/// Whether the version of a study allows an id of an element of a type.
pub(crate) fn is_allowed(id: &str, type_name: &str, context: &Context<'_>) -> bool {
    is_legal(id) || !is_typed(context.from(), type_name)
}

/// Whether the version of a study allows an id of an element, whatever the element is.
pub(crate) fn may_stand(id: &str, context: &Context<'_>) -> bool {
    is_legal(id) || !are_typed(context.from())
}

/// Whether an id of an element is one in both versions, whatever the element is.
pub(crate) fn stays(id: &str, context: &Context<'_>) -> bool {
    is_legal(id) || !(are_typed(context.from()) || are_typed(context.to()))
}

/// Whether a version types the ids of the elements of a type as id.
pub(crate) fn is_typed(version: FhirVersion, type_name: &str) -> bool {
    version.id_type(type_name) == ScalarType::Id
}

/// The version under whose number an id travels that has been an id of `context.from()`.
fn origin(context: &Context<'_>) -> FhirVersion {
    // A version with typed ids had it in an extension, from one in which it was native.
    let from = context.from();
    if are_typed(from) {
        FhirVersion::R4
    } else {
        from
    }
}

fn carried(id: FhirString, path: &str, version: FhirVersion) -> Extension {
    let url = carry::url(version, path);
    Extension::with_value(&url, Value::String(crate::hub::Primitive::new(id)))
}

/// Takes an id away that the target cannot hold. What comes from its own version is only written
/// again.
fn take_illegal(id: &mut Option<FhirString>, context: &Context<'_>) -> Option<FhirString> {
    if context.from() == context.to() {
        return None;
    }
    id.take_if(|id| !is_legal(id.as_str()))
}

/// Puts an id back that the version of an element could not hold.
#[inline]
pub(crate) fn lift(
    id: &mut Option<FhirString>,
    extension: &mut Vec<Extension>,
    version: FhirVersion,
    type_name: &str,
) {
    if id.is_none() && !extension.is_empty() && is_typed(version, type_name) {
        *id = take(extension, ELEMENT);
    }
}

/// Lets an id travel that the target cannot hold.
#[inline]
pub(crate) fn lower(
    id: &mut Option<FhirString>,
    extension: &mut Vec<Extension>,
    type_name: &str,
    context: &Context<'_>,
) {
    if id.is_some()
        && is_typed(context.to(), type_name)
        && let Some(id) = take_illegal(id, context)
    {
        extension.push(carried(id, ELEMENT, origin(context)));
    }
}

/// Puts the id of an extension back.
pub(crate) fn lift_extension(extension: &mut Extension, version: FhirVersion) {
    if extension.id.is_some() || !are_typed(version) {
        return;
    }
    match &mut extension.value {
        None => extension.id = take(&mut extension.extension, ELEMENT),
        Some(Value::Other(other)) => {
            let id = take_from(&mut other.json, EXTENSION);
            extension.id = id.and_then(|id| id.parse().ok());
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

/// Lets the id of an extension travel.
pub(crate) fn lower_extension(extension: &mut Extension, context: &Context<'_>) {
    if !are_typed(context.to()) {
        return;
    }
    let Some(id) = take_illegal(&mut extension.id, context) else {
        return;
    };
    let version = origin(context);
    match &mut extension.value {
        None => extension.extension.push(carried(id, ELEMENT, version)),
        Some(Value::Other(other)) => add(&mut other.json, &id, EXTENSION, version),
        Some(value) => {
            if let Some(list) = value.extension_mut() {
                list.push(carried(id, EXTENSION, version));
            }
        }
    }
}

/// Lets the id of an extension of the target travel on its value in JSON.
pub(crate) fn lower_extension_in(
    id: &mut Option<FhirString>,
    value: &mut Json,
    context: &Context<'_>,
) {
    if are_typed(context.to())
        && let Some(id) = take_illegal(id, context)
    {
        add(value, &id, EXTENSION, origin(context));
    }
}

/// Whether an extension carries the string that has been an id in a version with strings there.
fn is_string(carried: Option<(FhirVersion, &str)>, path: &str) -> bool {
    carried.is_some_and(|(version, own)| own == path && !are_typed(version))
}

/// Takes the id that travels in an extension of a list.
fn take(list: &mut Vec<Extension>, path: &str) -> Option<FhirString> {
    let position = list.iter().position(|extension| {
        let text = match &extension.value {
            Some(Value::String(Primitive {
                value: Some(text),
                element: None,
            })) => text,
            _ => return false,
        };
        extension.id.is_none() && is_string(extension.carried(), path) && !is_legal(text.as_str())
    })?;
    match list.remove(position).value? {
        Value::String(text) => text.value,
        _ => None,
    }
}

/// Puts an extension with an id on an element in JSON.
fn add(json: &mut Json, id: &FhirString, path: &str, version: FhirVersion) {
    let Json::Object(members) = json else { return };
    let url = carry::url(version, path);
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
        let carried = carry::parse(json.get("url")?.as_str()?);
        let text = json.get("valueString")?.as_str()?;
        (plain && is_string(carried, path) && !is_legal(text)).then(|| text.to_owned())
    };
    let position = list.iter().position(|json| id(json).is_some())?;
    let text = id(&list.remove(position));
    if list.is_empty() {
        members.remove(at);
    }
    text
}

/// Does for every element in a value of a version what [`lift`] does. Extensions in it are read later.
pub(crate) fn lift_in(json: &mut Json, info: &'static TypeInfo, version: FhirVersion) {
    if are_typed(version) {
        each(json, info.name, Some(info), &|json, type_name| {
            if is_typed(version, type_name)
                && json.get("id").is_none()
                && let Some(id) = take_from(json, ELEMENT)
                && let Json::Object(members) = json
            {
                members.insert(0, ("id".into(), Json::String(id.as_str().into())));
            }
        });
    }
}

/// Does for every element in a value what [`lower`] does. Extensions in it have been converted.
pub(crate) fn lower_in(json: &mut Json, info: &'static TypeInfo, context: &Context<'_>) {
    if context.from() == context.to() || !are_typed(context.to()) {
        return;
    }
    each(json, info.name, Some(info), &|json, type_name| {
        let id = json.get("id").and_then(Json::as_str);
        let illegal = id.filter(|id| is_typed(context.to(), type_name) && !is_legal(id));
        if let Some(id) = illegal.and_then(|id| id.parse().ok())
            && let Json::Object(members) = json
        {
            members.retain(|(name, _)| name != "id");
            add(json, &id, ELEMENT, origin(context));
        }
    });
}

/// Does something to every element of a value, each with the name of its type, but to extensions.
/// What stands beside a primitive has no description.
fn each(
    json: &mut Json,
    type_name: &str,
    info: Option<&'static TypeInfo>,
    change: &dyn Fn(&mut Json, &str),
) {
    match json {
        Json::Array(entries) => {
            for entry in entries {
                each(entry, type_name, info, change);
            }
        }
        Json::Object(members) => {
            for (name, value) in members.iter_mut() {
                if matches!(name.as_str(), "extension" | "modifierExtension") {
                    continue;
                }
                if name.starts_with('_') {
                    each(value, BESIDE_PRIMITIVE, None, change);
                } else if let Some((_, FieldType::Element(inner))) =
                    info.and_then(|info| info.resolve(name))
                {
                    each(value, inner().name, Some(inner()), change);
                }
            }
            change(json, type_name);
        }
        _ => {}
    }
}
