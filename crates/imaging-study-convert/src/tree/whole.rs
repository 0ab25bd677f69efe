//! Values that travel whole: an extension without a value whose children are the elements.

use imaging_study_core::{CodeSet, FhirVersion, FieldInfo, FieldType, Json, ScalarType, TypeInfo};

use super::json::{Entry, capitalised, elements, json_name, object, push, string};
use super::native::native;
use crate::carry::{self, DATATYPE};
use crate::context::Context;
use crate::element_id;
use crate::hub::{Extension, Value};
use crate::reference;
use crate::version::Version;
use crate::versions;

/// The whole form of an extension with a value of a complex type: still in the source version,
/// each child with a value of its own.
pub(crate) fn whole(
    extension: Extension,
    type_name: &str,
    context: &Context<'_>,
) -> Option<Extension> {
    let info = context.source.value_info(type_name)?;
    let json = context.write_source(extension);
    let value = json.get(&format!("value{type_name}"))?;
    let marker = object([
        ("url", string(DATATYPE)),
        ("valueString", string(type_name)),
    ]);
    let mut list = vec![marker];
    list.extend(children(value, info, context)?);
    let mut members = Vec::new();
    members.extend(json.get("id").map(|id| ("id".into(), id.clone())));
    members.push(("extension".into(), Json::Array(list)));
    members.extend(json.get("url").map(|url| ("url".into(), url.clone())));
    context.source.read_extension(&Json::Object(members))
}

/// An extension a child, under the short name of the element.
fn children(value: &Json, info: &'static TypeInfo, context: &Context<'_>) -> Option<Vec<Json>> {
    let mut list = Vec::new();
    for present in elements(value, info)? {
        let name = present.field.stem();
        let values = || {
            present
                .entries
                .iter()
                .filter_map(|entry| entry.value.clone())
        };
        match (name, present.field_type) {
            ("extension", _) => list.extend(values()),
            ("modifierExtension", _) => list.push(object([
                ("url", string(name)),
                ("extension", Json::Array(values().collect())),
            ])),
            (_, FieldType::Element(info)) if is_backbone(info()) => {
                for value in values() {
                    list.push(object([
                        ("url", string(name)),
                        ("extension", Json::Array(children(&value, info(), context)?)),
                    ]));
                }
            }
            (_, field_type) => {
                let value_name = format!("value{}", capitalised(field_type.name()));
                for mut entry in present.entries {
                    // An extension holds references to any type.
                    if let (Some(json), "Reference") = (&entry.value, field_type.name())
                        && let Some(original) =
                            reference::unwrap_json(json, present.field.targets, context)
                    {
                        entry.value = Some(original);
                    }
                    let mut members = vec![("url".into(), string(name))];
                    push(&mut members, &value_name, false, vec![entry]);
                    list.push(Json::Object(members));
                }
            }
        }
    }
    Some(list)
}

/// Whether a type is defined inside another one, such as `Timing.repeat`.
fn is_backbone(info: &TypeInfo) -> bool {
    info.name.contains('.')
}

/// The name of the type that an extension in the whole form holds.
fn type_name(extension: &Extension) -> Option<&str> {
    let mut markers = extension
        .extension
        .iter()
        .filter(|child| child.is(DATATYPE));
    let (Some(marker), None) = (markers.next(), markers.next()) else {
        return None;
    };
    match &marker.value {
        Some(Value::String(name)) => name.value.as_ref().map(|name| name.as_str()),
        _ => None,
    }
}

/// The native extension of the target for one in the whole form: as soon as the target can hold
/// the value, unless the source could hold it too and somebody chose the whole form.
pub(crate) fn restore(extension: &Extension, context: &mut Context<'_>) -> Option<Json> {
    if extension.value.is_some() || context.from() == context.to() {
        return None;
    }
    let type_name = type_name(extension)?.to_owned();
    let info = context.target.value_info(&type_name)?;
    let before = context.losses.len();
    let restored = assemble_value(extension, &type_name, info, context);
    if restored.is_none() {
        context.losses.truncate(before);
    }
    restored
}

fn assemble_value(
    extension: &Extension,
    type_name: &str,
    info: &'static TypeInfo,
    context: &mut Context<'_>,
) -> Option<Json> {
    let children: Vec<Json> = extension
        .extension
        .iter()
        .filter(|child| !child.is(DATATYPE))
        .map(|child| context.target.lower_extension(child.clone(), context))
        .collect();
    let mut value = assemble(&children, info)?;
    wrap_references(&mut value, info, context);
    let mut id = extension.id.clone();
    if context.to() == FhirVersion::Dstu2 {
        element_id::carry_in(&mut value, context);
    }
    if let Some(source) = context.source.value_info(type_name) {
        let mut back = Context::of_pair(context.target, context.source, context.options);
        back.may_carry = false;
        if native(&value, info, source, &mut back).is_some() {
            return None;
        }
    }
    if context.to() == FhirVersion::Dstu2 {
        element_id::carry_extension_in(&mut id, &mut value, context);
    }
    let mut members = Vec::new();
    if let Some(id) = id {
        members.push(("id".into(), string(id.as_str())));
    }
    let url = extension.url.as_ref();
    members.extend(url.map(|url| ("url".into(), string(url.as_str()))));
    members.push((format!("value{type_name}").into(), value));
    let json = Json::Object(members);
    // Whatever the assembly got wrong, the version's own reader would refuse.
    context.target.read_extension(&json)?;
    Some(json)
}

/// Wraps the references in a value whose types its elements do not allow.
fn wrap_references(json: &mut Json, info: &'static TypeInfo, context: &Context<'_>) {
    match json {
        Json::Array(entries) => {
            for entry in entries {
                wrap_references(entry, info, context);
            }
        }
        Json::Object(members) => {
            for (name, value) in members {
                let Some((field, FieldType::Element(inner))) = info.resolve(name) else {
                    continue;
                };
                match (inner().name, value) {
                    ("Extension", _) => {}
                    ("Reference", Json::Array(entries)) => {
                        for entry in entries {
                            wrap_reference(entry, field, info, context);
                        }
                    }
                    ("Reference", value) => wrap_reference(value, field, info, context),
                    (_, value) => wrap_references(value, inner(), context),
                }
            }
        }
        _ => {}
    }
}

fn wrap_reference(json: &mut Json, field: &FieldInfo, info: &TypeInfo, context: &Context<'_>) {
    let elsewhere = |named: &str| {
        versions::all().iter().any(|version| {
            let own = type_named(version, info.name);
            let own = own.and_then(|own| own.fields.iter().find(|own| own.stem() == field.stem()));
            own.is_some_and(|own| own.targets.contains(&named))
        })
    };
    if let Some(wrapped) = reference::wrap_json(json, field.targets, elsewhere, context) {
        *json = wrapped;
    }
}

/// The value whose elements stand in a list of extensions.
fn assemble(children: &[Json], info: &'static TypeInfo) -> Option<Json> {
    let mut collected: Vec<(&'static FieldInfo, &'static FieldType, Vec<Entry>)> = Vec::new();
    let mut id = None;
    for child in children {
        let Some(url) = child.get("url").and_then(Json::as_str) else {
            // What has no name is no element.
            let field = info.field("extension")?;
            add(&mut collected, field, None, value(child.clone()))?;
            continue;
        };
        if url == "id" {
            if id.is_some() {
                return None;
            }
            id = Some(child.get("valueString")?.clone());
            continue;
        }
        let (name, absolute) = match carry::parse(url) {
            Some((_, path)) if is_element(path, info) => (path.rsplit('.').next()?, false),
            _ => (url, url.contains(':')),
        };
        if absolute {
            add(
                &mut collected,
                info.field("extension")?,
                None,
                value(child.clone()),
            )?;
            continue;
        }
        let field = info.fields.iter().find(|field| field.stem() == name)?;
        if name == "modifierExtension" {
            for inner in child.get("extension")?.as_array()? {
                add(&mut collected, field, None, value(inner.clone()))?;
            }
            continue;
        }
        let (field_type, entry) = child_value(child, field, info)?;
        add(&mut collected, field, Some(field_type), entry)?;
    }
    if collected.is_empty() && id.is_none() {
        return None;
    }
    let mut members = Vec::new();
    members.extend(id.map(|id| ("id".into(), id)));
    for field in info.fields {
        let present = collected
            .iter_mut()
            .find(|(collected, _, _)| std::ptr::eq(*collected, field));
        if let Some((_, field_type, entries)) = present {
            let entries = std::mem::take(entries);
            push(
                &mut members,
                &json_name(field, field_type),
                field.many,
                entries,
            );
        } else if field.min > 0 && is_optional_somewhere(field, info) {
            return None;
        }
    }
    Some(Json::Object(members))
}

/// Whether a value can be valid without an element in some version; else it was invalid from the
/// start, and no version holds it better than another.
fn is_optional_somewhere(field: &FieldInfo, info: &TypeInfo) -> bool {
    versions::all().iter().any(|version| {
        type_named(version, info.name).is_some_and(|info| {
            let mut fields = info.fields.iter();
            let own = fields.find(|own| own.stem() == field.stem());
            own.is_none_or(|own| own.min == 0)
        })
    })
}

/// Whether a carried path is an element of the type, as in drafts that give children full URLs.
fn is_element(path: &str, info: &TypeInfo) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, name)| info.fields.iter().any(|field| field.stem() == name))
}

fn value(json: Json) -> Entry {
    Entry {
        value: Some(json),
        element: None,
    }
}

fn add(
    collected: &mut Vec<(&'static FieldInfo, &'static FieldType, Vec<Entry>)>,
    field: &'static FieldInfo,
    field_type: Option<&'static FieldType>,
    entry: Entry,
) -> Option<()> {
    let field_type = field_type.or(field.types.first())?;
    let present = collected
        .iter_mut()
        .find(|(collected, _, _)| std::ptr::eq(*collected, field));
    match present {
        Some((_, known, entries)) if field.many && std::ptr::eq(*known, field_type) => {
            entries.push(entry);
        }
        Some(_) => return None,
        None => collected.push((field, field_type, vec![entry])),
    }
    Some(())
}

/// The value of a child and the type that the element gives it.
fn child_value(
    child: &Json,
    field: &'static FieldInfo,
    info: &'static TypeInfo,
) -> Option<(&'static FieldType, Entry)> {
    let members = child.as_object()?;
    let named = members
        .iter()
        .find_map(|(name, _)| name.strip_prefix('_').unwrap_or(name).strip_prefix("value"));
    let Some(named) = named else {
        let field_type = field.types.iter().find(
            |field_type| matches!(field_type, FieldType::Element(info) if is_backbone(info())),
        )?;
        let FieldType::Element(info) = field_type else {
            return None;
        };
        let inner = assemble(child.get("extension")?.as_array()?, info())?;
        return Some((field_type, value(inner)));
    };
    let entry = Entry {
        value: child.get(&format!("value{named}")).cloned(),
        element: child.get(&format!("_value{named}")).cloned(),
    };
    let entry = without_note(entry, field);
    let exact = field
        .types
        .iter()
        .find(|field_type| capitalised(field_type.name()) == named);
    match exact {
        Some(FieldType::Scalar(_, Some(codes)))
            if is_of_another_version(&entry, field, info, codes) =>
        {
            None
        }
        Some(field_type) => Some((field_type, entry)),
        None => related_value(field, entry),
    }
}

/// A child without the note of the type that its value had in another version; an element of one
/// type needs none.
fn without_note(mut entry: Entry, field: &FieldInfo) -> Entry {
    if field.types.len() > 1 {
        return entry;
    }
    if let Some(Json::Object(members)) = &mut entry.element {
        for (_, list) in members.iter_mut().filter(|(name, _)| name == "extension") {
            if let Json::Array(list) = list {
                list.retain(|note| note.get("url").and_then(Json::as_str) != Some(DATATYPE));
            }
        }
        members.retain(|(_, list)| list.as_array().is_none_or(|list| !list.is_empty()));
        if members.is_empty() {
            entry.element = None;
        }
    }
    entry
}

/// Whether a code that the target does not have is one of another version.
fn is_of_another_version(
    entry: &Entry,
    field: &FieldInfo,
    info: &TypeInfo,
    codes: &CodeSet,
) -> bool {
    let Some(code) = entry.value.as_ref().and_then(Json::as_str) else {
        return false;
    };
    let has = |field_type: &FieldType| match field_type {
        FieldType::Scalar(_, Some(codes)) => codes.codes.contains(&code),
        _ => false,
    };
    // Where a study had it all the same, it travels marked.
    let marked = entry.element.as_ref().is_some_and(|element| {
        let list = element.get("extension").and_then(Json::as_array);
        let mut marks = list.unwrap_or_default().iter();
        marks.any(|mark| mark.get("valueCode").and_then(Json::as_str) == Some(code))
    });
    !marked
        && !codes.codes.contains(&code)
        && versions::all().iter().any(|version| {
            type_named(version, info.name)
                .and_then(|info| info.field(field.name))
                .is_some_and(|field| field.types.iter().any(has))
        })
}

/// The description of a data type of a version, or of a type defined inside one.
fn type_named(version: &Version, name: &str) -> Option<&'static TypeInfo> {
    let mut steps = name.split('.');
    let mut info = version.value_info(steps.next()?)?;
    for step in steps {
        let field = info.fields.iter().find(|field| field.stem() == step)?;
        let FieldType::Element(inner) = field.types.first()? else {
            return None;
        };
        info = inner();
    }
    Some(info)
}

/// A child whose primitive type stands for the one of the element.
fn related_value(field: &'static FieldInfo, entry: Entry) -> Option<(&'static FieldType, Entry)> {
    let [field_type @ FieldType::Scalar(scalar, _)] = field.types else {
        return None;
    };
    let legal = match &entry.value {
        Some(Json::String(text)) => {
            scalar.json() == imaging_study_core::JsonType::String
                && *scalar != ScalarType::Base64Binary
                && scalar
                    .check(text, imaging_study_core::FhirVersion::R6)
                    .is_ok()
        }
        Some(Json::Number(number)) => {
            scalar.json() == imaging_study_core::JsonType::Number
                && scalar
                    .check(number.as_str(), imaging_study_core::FhirVersion::R6)
                    .is_ok()
        }
        Some(_) => false,
        None => true,
    };
    legal.then_some((field_type, entry))
}
