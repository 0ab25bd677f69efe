//! Values that another version can hold as they are, or nearly.

use imaging_study_core::{Decimal, FieldInfo, FieldType, Json, JsonType, ScalarType, TypeInfo};

use super::json::{Entry, Present, capitalised, elements, json_name, object, push, string};
use crate::carry;
use crate::context::Context;
use crate::hub::Extension;
use crate::reference::{self, Targets};
use crate::version::Version;

/// Elements that only some versions have, and that travel alone on their parent and do not make the
/// whole value foreign. Of types that share an element, the first names it in the URL.
const CARRIED: &[(&[&str], &str)] = &[
    (&["Attachment"], "size"),
    (&["Attachment"], "height"),
    (&["Attachment"], "width"),
    (&["Attachment"], "frames"),
    (&["Attachment"], "duration"),
    (&["Attachment"], "pages"),
    (
        &["Quantity", "Age", "Count", "Distance", "Duration"],
        "comparator",
    ),
    (&["Identifier"], "use"),
    (&["Meta"], "source"),
    (&["Reference"], "type"),
    (&["Reference"], "identifier"),
];

/// The path by which an element travels alone.
fn carried_path(info: &TypeInfo, element: &str) -> Option<String> {
    CARRIED
        .iter()
        .find(|(types, name)| *name == element && types.contains(&info.name))
        .map(|(types, name)| format!("{}.{name}", types[0]))
}

/// The value in the target version, if it is native there: every element has its counterpart, by
/// name and type, every required element is there, and every required code exists.
pub(crate) fn native(
    json: &Json,
    from: &'static TypeInfo,
    to: &'static TypeInfo,
    context: &mut Context<'_>,
) -> Option<Json> {
    let mut members = Vec::new();
    let mut carries = Vec::new();
    let source = elements(json, from)?;
    for present in source {
        let name = present.field.stem();
        if name == "extension" || name == "modifierExtension" {
            // Timing has modifier extensions since R4.
            to.field(name)?;
            let list = extensions(&present, json, to, &mut members, context)?;
            push_all(&mut members, name, list);
        } else if !element(present, from, to, &mut members, &mut carries, context)? {
            return None;
        }
    }
    add_extensions(&mut members, carries);
    let complete = to.fields.iter().all(|field| {
        field.min == 0
            || field
                .types
                .iter()
                .any(|field_type| has(&members, &json_name(field, field_type)))
            || from
                .fields
                .iter()
                .any(|other| other.stem() == field.stem() && other.min > 0)
    });
    complete.then_some(Json::Object(members))
}

type Members = Vec<(smol_str::SmolStr, Json)>;

/// Whether the reader of a version takes a value of a type.
pub(crate) fn is_value(json: &Json, type_name: &str, version: &Version) -> bool {
    let extension = object([("url", string("x:y"))]);
    let Json::Object(mut members) = extension else {
        return false;
    };
    members.push((format!("value{type_name}").into(), json.clone()));
    version.read_extension(&Json::Object(members)).is_some()
}

fn has(members: &Members, name: &str) -> bool {
    members
        .iter()
        .any(|(member, _)| member.strip_prefix('_').unwrap_or(member) == name)
}

/// Converts one element; `Some(false)` if the target has no place for it.
fn element(
    present: Present,
    from: &'static TypeInfo,
    to: &'static TypeInfo,
    members: &mut Members,
    carries: &mut Vec<Json>,
    context: &mut Context<'_>,
) -> Option<bool> {
    let name = present.field.stem();
    let counterpart = counterpart(&present, to);
    let fits = counterpart.filter(|(field, field_type)| {
        (field.many || present.entries.len() <= 1) && code_exists(&present, field_type)
    });
    let Some((field, field_type)) = fits else {
        return Some(carry_alone(&present, from, carries, context));
    };
    let mut converted = Vec::with_capacity(present.entries.len());
    for entry in present.entries {
        let entry = match (present.field_type, field_type) {
            (FieldType::Element(from), FieldType::Element(to)) => {
                let value = entry.value?;
                let targets = Targets {
                    from: present.field.targets,
                    to: field.targets,
                };
                let fitted = match from().name {
                    "Reference" => reference::fit_json(&value, targets, context),
                    _ => None,
                };
                let native = fitted.or_else(|| native(&value, from(), to(), context));
                Entry {
                    value: Some(native?),
                    element: None,
                }
            }
            (FieldType::Scalar(from_scalar, _), FieldType::Scalar(to_scalar, _)) => {
                let path = carried_path(from, name);
                if from_scalar == to_scalar {
                    primitive(entry, *from_scalar, context)?
                } else if let Some(path) = path {
                    sized(entry, (*from_scalar, *to_scalar), &path, context)?
                } else {
                    related(entry, *to_scalar, context)?
                }
            }
            _ => return Some(false),
        };
        converted.push(entry);
    }
    push(
        members,
        &json_name(field, field_type),
        field.many,
        converted,
    );
    Some(true)
}

/// The element of the target with the same name, and its type that answers to this one.
fn counterpart(
    present: &Present,
    to: &'static TypeInfo,
) -> Option<(&'static FieldInfo, &'static FieldType)> {
    let field = to
        .fields
        .iter()
        .find(|field| field.stem() == present.field.stem())?;
    let same = field
        .types
        .iter()
        .find(|field_type| same_type(present.field_type, field_type));
    let related = || {
        let FieldType::Scalar(from, _) = present.field_type else {
            return None;
        };
        field.types.iter().find(|field_type| match field_type {
            FieldType::Scalar(to, _) => family(*from).is_some() && family(*from) == family(*to),
            _ => false,
        })
    };
    same.or_else(related).map(|field_type| (field, field_type))
}

fn same_type(from: &FieldType, to: &FieldType) -> bool {
    match (from, to) {
        (FieldType::Scalar(from, _), FieldType::Scalar(to, _)) => from == to,
        // A backbone element is named by its path, which is the same in both versions.
        (FieldType::Element(from), FieldType::Element(to)) => from().name == to().name,
        _ => false,
    }
}

/// Primitive types whose values stand for each other when the text is legal.
fn family(scalar: ScalarType) -> Option<u8> {
    match scalar {
        ScalarType::Canonical
        | ScalarType::Code
        | ScalarType::Id
        | ScalarType::Markdown
        | ScalarType::Oid
        | ScalarType::String
        | ScalarType::Uri
        | ScalarType::Url
        | ScalarType::Uuid => Some(0),
        ScalarType::Integer
        | ScalarType::Integer64
        | ScalarType::PositiveInt
        | ScalarType::UnsignedInt => Some(1),
        _ => None,
    }
}

/// Whether every code is one of the target's, or was none of the source's either.
fn code_exists(present: &Present, to: &FieldType) -> bool {
    let (FieldType::Scalar(_, from), FieldType::Scalar(_, Some(to))) = (present.field_type, to)
    else {
        return true;
    };
    present.entries.iter().all(|entry| {
        let code = entry.value.as_ref().and_then(Json::as_str);
        code.is_none_or(|code| {
            to.codes.contains(&code) || from.is_some_and(|from| !from.codes.contains(&code))
        })
    })
}

/// The text of a primitive value.
fn text(value: &Json) -> Option<&str> {
    match value {
        Json::String(text) => Some(text),
        Json::Number(number) => Some(number.as_str()),
        Json::Boolean(true) => Some("true"),
        Json::Boolean(false) => Some("false"),
        _ => None,
    }
}

/// A primitive whose type is the same. One with extensions, or with a text that the target refuses,
/// is converted as the value of an extension, where the rules for both stand.
fn primitive(entry: Entry, scalar: ScalarType, context: &mut Context<'_>) -> Option<Entry> {
    let legal = match &entry.value {
        Some(value) => scalar.allows(text(value)?, context.to()),
        None => true,
    };
    if scalar == ScalarType::Xhtml || (legal && entry.element.is_none()) {
        return Some(entry);
    }
    let name = format!("value{}", capitalised(scalar.name()));
    let mut members = vec![("url".into(), string("x:y"))];
    push(&mut members, &name, false, vec![entry]);
    let extension = context.source.read_extension(&Json::Object(members))?;
    let converted = context.target.lower_extension(extension, context);
    Some(Entry {
        value: converted.get(&name).cloned(),
        element: converted.get(&format!("_{name}")).cloned(),
    })
}

/// A primitive whose type has another name in the target.
fn related(entry: Entry, to: ScalarType, context: &mut Context<'_>) -> Option<Entry> {
    let value = match &entry.value {
        Some(value) => Some(
            in_type(text(value)?, to)
                .filter(|_| text(value).is_some_and(|text| to.allows(text, context.to())))?,
        ),
        None => None,
    };
    Some(Entry {
        value,
        element: convert_element(entry.element, context)?,
    })
}

/// The JSON of a text in a type.
fn in_type(text: &str, scalar: ScalarType) -> Option<Json> {
    match scalar.json() {
        JsonType::Number => text.parse::<Decimal>().ok().map(Json::Number),
        JsonType::String => Some(string(text)),
        JsonType::Boolean => None,
    }
}

/// A number of bytes, which is `unsignedInt` up to R4 and `integer64` since. A text that the target
/// cannot hold travels on the primitive, and counts while it agrees with the native number.
fn sized(
    entry: Entry,
    (from, to): (ScalarType, ScalarType),
    path: &str,
    context: &mut Context<'_>,
) -> Option<Entry> {
    let mut extensions = element_extensions(&entry, context)?;
    let native = entry.value.as_ref().and_then(text);
    let number = match native {
        Some(native) => Some(native.parse::<i64>().ok()?),
        None => None,
    };
    let restorable = |extension: &Extension| {
        let original = carried_text(extension).filter(|_| extension.carries(path))?;
        // A text that the source could have held itself is somebody's own.
        (to.allows(&original, context.to()) && !from.allows(&original, context.from()))
            .then_some(original)
    };
    let carried = extensions
        .iter()
        .enumerate()
        .find_map(|(position, extension)| {
            restorable(extension).map(|original| (position, original))
        });

    let mut value = None;
    let mut kept = None;
    if let Some((position, original)) = carried {
        let extension = extensions.remove(position);
        if number.is_none() || original.parse::<i64>().ok() == number {
            value = in_type(&original, to);
        } else {
            context.drop_stale(vec![extension]);
        }
    }
    if let (None, Some(native), Some(number)) = (&value, native, number) {
        let number = number.to_string();
        if to.allows(&number, context.to()) {
            value = in_type(&number, to);
        }
        if value.is_none() || number != native {
            kept = Some(native.to_owned());
        }
    }
    let mut list: Vec<Json> = extensions
        .into_iter()
        .map(|extension| context.target.lower_extension(extension, context))
        .collect();
    list.extend(kept.map(|original| {
        object([
            ("url", string(&carry::url(context.from(), path))),
            ("valueString", string(&original)),
        ])
    }));
    let mut members: Members = Vec::new();
    let id = entry.element.as_ref().and_then(|element| element.get("id"));
    members.extend(id.map(|id| ("id".into(), id.clone())));
    push_all(&mut members, "extension", list);
    Some(Entry {
        value,
        element: (!members.is_empty()).then_some(Json::Object(members)),
    })
}

fn carried_text(extension: &Extension) -> Option<String> {
    match &extension.value {
        Some(crate::hub::Value::String(text)) => text.value.as_ref().map(ToString::to_string),
        _ => None,
    }
}

/// The extensions of a primitive, read in the source version.
fn element_extensions(entry: &Entry, context: &Context<'_>) -> Option<Vec<Extension>> {
    let list = entry
        .element
        .as_ref()
        .and_then(|element| element.get("extension"))
        .and_then(Json::as_array);
    list.unwrap_or_default()
        .iter()
        .map(|json| context.source.read_extension(json))
        .collect()
}

fn convert_element(element: Option<Json>, context: &mut Context<'_>) -> Option<Option<Json>> {
    let Some(element) = element else {
        return Some(None);
    };
    let mut members: Members = Vec::new();
    members.extend(element.get("id").map(|id| ("id".into(), id.clone())));
    let list = element.get("extension").and_then(Json::as_array);
    let list = list
        .unwrap_or_default()
        .iter()
        .map(|json| {
            let extension = context.source.read_extension(json)?;
            Some(context.target.lower_extension(extension, context))
        })
        .collect::<Option<Vec<_>>>()?;
    push_all(&mut members, "extension", list);
    Some(Some(Json::Object(members)))
}

fn push_all(members: &mut Members, name: &str, list: Vec<Json>) {
    if !list.is_empty() {
        members.push((name.into(), Json::Array(list)));
    }
}

/// Adds extensions behind those that an object has.
fn add_extensions(members: &mut Members, carries: Vec<Json>) {
    if carries.is_empty() {
        return;
    }
    let existing = members.iter_mut().find(|(name, _)| name == "extension");
    match existing {
        Some((_, Json::Array(list))) => list.extend(carries),
        _ => members.push(("extension".into(), Json::Array(carries))),
    }
}

/// Lets an element travel alone; `false` if it is none that does.
fn carry_alone(
    present: &Present,
    from: &'static TypeInfo,
    carries: &mut Vec<Json>,
    context: &mut Context<'_>,
) -> bool {
    let Some(path) = carried_path(from, present.field.stem()).filter(|_| context.may_carry) else {
        return false;
    };
    let name = format!("value{}", capitalised(present.field_type.name()));
    for entry in &present.entries {
        let mut members = vec![("url".into(), string(&carry::url(context.from(), &path)))];
        let entry = Entry {
            value: entry.value.clone(),
            element: entry.element.clone(),
        };
        push(&mut members, &name, false, vec![entry]);
        let Some(extension) = context.source.read_extension(&Json::Object(members)) else {
            return false;
        };
        carries.push(context.target.lower_extension(extension, context));
    }
    true
}

/// Converts the extensions of a value and takes those out that carry an element which the target
/// has and the source had not.
fn extensions(
    present: &Present,
    source: &Json,
    to: &'static TypeInfo,
    members: &mut Members,
    context: &mut Context<'_>,
) -> Option<Vec<Json>> {
    let mut list = Vec::new();
    for entry in &present.entries {
        let extension = context.source.read_extension(entry.value.as_ref()?)?;
        if let Some((field, value)) = carried_size(&extension, to, context)
            && source.get(field.name).is_none()
            && source.get(&format!("_{}", field.name)).is_none()
            && !has(members, field.name)
        {
            let entry = Entry {
                value: Some(value),
                element: None,
            };
            push(members, field.name, false, vec![entry]);
            continue;
        }
        let restorable = restorable(&extension, to, context);
        let Some((field, field_type)) = restorable else {
            list.push(context.target.lower_extension(extension, context));
            continue;
        };
        let beside = |name: &str| source.get(name).is_some();
        if beside(field.name) || beside(&format!("_{}", field.name)) || has(members, field.name) {
            context.drop_stale(vec![extension]);
            continue;
        }
        let lowered = context.target.lower_extension(extension, context);
        let name = format!("value{}", capitalised(field_type.name()));
        let entry = Entry {
            value: lowered.get(&name).cloned(),
            element: lowered.get(&format!("_{name}")).cloned(),
        };
        if entry.value.is_some() || entry.element.is_some() {
            push(members, field.name, false, vec![entry]);
        } else {
            list.push(lowered);
        }
    }
    Some(list)
}

/// A number that stands on its parent as a text since the source has another type for it, which
/// cannot hold it; this crate writes such a text on the number itself.
fn carried_size(
    extension: &Extension,
    to: &'static TypeInfo,
    context: &Context<'_>,
) -> Option<(&'static FieldInfo, Json)> {
    let (_, path) = extension.carried()?;
    let original = carried_text(extension).filter(|_| extension.id.is_none())?;
    let scalar = |field: &FieldInfo| match field.types {
        [FieldType::Scalar(scalar, None)] => Some(*scalar),
        _ => None,
    };
    let field = to
        .fields
        .iter()
        .find(|field| carried_path(to, field.name).as_deref() == Some(path))?;
    let to_scalar = scalar(field)?;
    let from_scalar = scalar(context.source.value_info(to.name)?.field(field.name)?)?;
    let restorable = from_scalar != to_scalar
        && to_scalar.allows(&original, context.to())
        && !from_scalar.allows(&original, context.from());
    restorable.then(|| Some((field, in_type(&original, to_scalar)?)))?
}

/// The element of the target that an extension carries alone, if only the target can hold it.
fn restorable(
    extension: &Extension,
    to: &'static TypeInfo,
    context: &Context<'_>,
) -> Option<(&'static FieldInfo, &'static FieldType)> {
    let (_, path) = extension.carried()?;
    if extension.id.is_some() || !extension.extension.is_empty() {
        return None;
    }
    let field = to
        .fields
        .iter()
        .find(|field| carried_path(to, field.name).as_deref() == Some(path))?;
    let field_type = field.types.first()?;
    let source = context.source.value_info(to.name)?.field(field.name);
    let code = match (&extension.value, field_type) {
        (Some(crate::hub::Value::Code(code)), FieldType::Scalar(_, Some(_))) => {
            code.value.as_ref().map(|code| code.as_str())
        }
        _ => None,
    };
    let source_holds = match (source.and_then(|field| field.types.first()), code) {
        (Some(FieldType::Scalar(_, Some(codes))), Some(code)) => codes.codes.contains(&code),
        (source, _) => source.is_some(),
    };
    let target_holds = match (field_type, code) {
        (FieldType::Scalar(_, Some(codes)), Some(code)) => codes.codes.contains(&code),
        (FieldType::Scalar(_, Some(_)), None) => false,
        _ => true,
    };
    (!source_holds && target_holds).then_some((field, field_type))
}
