//! Values that another version can hold as they are, or nearly.

use imaging_study_core::{FieldInfo, FieldType, Json, ScalarType, TypeInfo};

use super::carried::{self, Place, Restorable};
use super::json::{
    Entry, Members, Present, capitalised, elements, in_type, json_name, object, push, string, text,
};
use super::lists::{self, Lists};
use super::renamed::{self, Renamed};
use super::whole;
use crate::context::Context;
use crate::hub::{Extension, WithoutIds};
use crate::reference::{self, Targets};
use crate::version::Version;
use crate::{LossKind, Rule, carry};

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
        let before = context.losses.len();
        if name == "extension" || name == "modifierExtension" {
            // Timing has modifier extensions since R4.
            to.field(name)?;
            let list = extensions(&present, json, to, &mut members, context)?;
            push_all(&mut members, name, list);
        } else if !element(
            present,
            json,
            (from, to),
            &mut members,
            &mut carries,
            context,
        )? {
            return None;
        }
        context.place(before, name);
    }
    renamed::complete(&mut members, from, to);
    if !context.only_asks {
        let lists = lists::take_home(&mut members, to, true, context);
        report_lists(lists, json, context);
    }
    add_extensions(&mut members, carries);
    // What only one of the versions requires must be there: the way back asks the same.
    let required = |info: &TypeInfo, field: &FieldInfo| {
        info.fields
            .iter()
            .any(|other| other.stem() == field.stem() && other.min > 0)
    };
    let complete = to.fields.iter().all(|field| {
        field.min == 0 || required(from, field) || is_present(field, |name| has(&members, name))
    }) && from.fields.iter().all(|field| {
        field.min == 0
            || required(to, field)
            || is_present(field, |name| {
                json.get(name).is_some() || json.get(&format!("_{name}")).is_some()
            })
    });
    complete.then_some(Json::Object(members))
}

/// Reports what became of the extensions of a value that carry lists.
fn report_lists(lists: Lists, source: &Json, context: &mut Context<'_>) {
    let kinds = [
        (lists.older, LossKind::Form, Rule::Form),
        (lists.stale, LossKind::StaleCarry, Rule::Stale),
    ];
    for (list, kind, rule) in kinds {
        for json in list {
            let before = context.losses.len();
            let all = source.get("extension").and_then(Json::as_array);
            let index = all.and_then(|all| all.iter().position(|own| *own == json));
            context.report(kind, rule, json);
            if let Some(index) = index {
                context.place_index(before, index);
            }
            context.place(before, "extension");
        }
    }
}

/// Whether a value is native in the target version, without any carry where `may_carry` says so.
/// What stands in its extensions has no part in it, and is not looked at.
pub(crate) fn is_native(
    json: &Json,
    from: &'static TypeInfo,
    to: &'static TypeInfo,
    may_carry: bool,
    context: &Context<'_>,
) -> bool {
    let mut asking = context.for_contained();
    asking.only_asks = true;
    asking.may_carry = may_carry;
    native(json, from, to, &mut asking).is_some()
}

/// Whether the reader of a version takes a value of a type.
pub(crate) fn is_value(json: &Json, type_name: &str, version: &Version) -> bool {
    let extension = object([("url", string("x:y"))]);
    let Json::Object(mut members) = extension else {
        return false;
    };
    members.push((format!("value{type_name}").into(), json.clone()));
    version.read_extension(&Json::Object(members)).is_some()
}

/// Whether an element is there under one of its names.
fn is_present(field: &FieldInfo, has: impl Fn(&str) -> bool) -> bool {
    field
        .types
        .iter()
        .any(|field_type| has(&json_name(field, field_type)))
}

fn has(members: &Members, name: &str) -> bool {
    members
        .iter()
        .any(|(member, _)| member.strip_prefix('_').unwrap_or(member) == name)
}

/// Converts one element; `Some(false)` if the target has no place for it.
fn element(
    present: Present,
    source: &Json,
    (from, to): (&'static TypeInfo, &'static TypeInfo),
    members: &mut Members,
    carries: &mut Vec<Json>,
    context: &mut Context<'_>,
) -> Option<bool> {
    let name = present.field.stem();
    let row = carried::row(from.name, name);
    let same_name = counterpart(&present, to);
    let listed = row.is_some_and(|row| row.place == Place::List);
    if listed && same_name.is_none() {
        return Some(false);
    }
    let other_name = || {
        let renamed = renamed::counterpart(&present, source, from, to);
        renamed.filter(|_| context.may_carry)
    };
    let found = match same_name {
        Some((field, field_type)) => Some(Renamed::Element(field, field_type)),
        None => other_name(),
    };
    let (field, field_type) = match found {
        Some(Renamed::Element(field, field_type))
            if field.many || listed || present.entries.len() <= 1 =>
        {
            (field, field_type)
        }
        Some(Renamed::Meant) if present.entries.iter().all(|entry| entry.element.is_none()) => {
            return Some(true);
        }
        Some(Renamed::Meant) => return Some(carry_all(&present, from, carries, context)),
        _ => return Some(carry_alone(&present, from, carries, context)),
    };
    let on_itself = row.is_some_and(|row| row.place == Place::Itself);
    if !on_itself && !code_exists(&present, field_type) {
        return Some(carry_alone(&present, from, carries, context));
    }
    let many = present.entries.len() > 1;
    // Of a list that the target has only the first of, all travel.
    let whole = many && !field.many;
    if whole && !carry_alone(&present, from, carries, context) {
        return Some(false);
    }
    let entries = present.entries.into_iter();
    let entries = entries.take(if whole { 1 } else { usize::MAX });
    let mut converted = Vec::with_capacity(entries.len());
    for (index, mut entry) in entries.enumerate() {
        let before = context.losses.len();
        if whole {
            entry.value = entry.value.map(WithoutIds::without_ids);
            // Of one that has an id only nothing is left.
            if entry.value.as_ref().is_none_or(lists::is_empty) {
                return Some(true);
            }
        }
        let entry = match (present.field_type, field_type) {
            (FieldType::Element(from), FieldType::Element(to)) => {
                let value = entry.value?;
                let targets = Targets {
                    from: present.field.targets,
                    to: field.targets,
                };
                let fitted = match from().name {
                    "Reference" if !context.only_asks => {
                        reference::fit_json(&value, targets, context)
                    }
                    _ => None,
                };
                let native = fitted.or_else(|| native(&value, from(), to(), context));
                Entry {
                    value: Some(native?),
                    element: None,
                }
            }
            (FieldType::Scalar(from_scalar, _), FieldType::Scalar(to_scalar, _)) => {
                if on_itself {
                    let types = (present.field_type, field_type);
                    on_primitive(entry, types, from.name, name, context)?
                } else if from_scalar == to_scalar {
                    primitive(entry, *from_scalar, context)?
                } else if row.is_some() {
                    let path = carried::path(from.name, name);
                    sized(entry, (*from_scalar, *to_scalar), &path, context)?
                } else {
                    related(entry, *to_scalar, context)?
                }
            }
            _ => return Some(false),
        };
        if many && context.losses.len() > before {
            context.place_index(before, index);
        }
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

/// A primitive whose type is the same. One with extensions, or with a text that the target refuses,
/// is converted as the value of an extension, where the rules for both stand.
fn primitive(entry: Entry, scalar: ScalarType, context: &mut Context<'_>) -> Option<Entry> {
    let legal = match &entry.value {
        Some(value) => {
            let text = text(value)?;
            scalar.allows(text, context.to()) && scalar.allows(text, context.from())
        }
        None => true,
    };
    // A text that is not legal travels on the primitive, so that the primitive is native.
    if scalar == ScalarType::Xhtml || context.only_asks || (legal && entry.element.is_none()) {
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
        let original = carried::text(extension).filter(|_| extension.carries(path))?;
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

/// A primitive whose text, or code, only one of the versions may have: what the target cannot hold
/// travels on the primitive itself, under the name of the element, and without a value.
fn on_primitive(
    mut entry: Entry,
    (from, to): (&FieldType, &FieldType),
    type_name: &str,
    name: &str,
    context: &mut Context<'_>,
) -> Option<Entry> {
    let (FieldType::Scalar(from_scalar, _), FieldType::Scalar(to_scalar, _)) = (from, to) else {
        return None;
    };
    let (source, target) = (context.from(), context.to());
    let native = entry.value.as_ref().and_then(text).map(str::to_owned);
    // What is wrong on both sides stays as it is.
    let only_from =
        |text: &str| !carried::holds(to, text, target) && carried::holds(from, text, source);
    let only_to =
        |text: &str| carried::holds(to, text, target) && !carried::holds(from, text, source);
    let foreign = native.filter(|native| {
        only_from(native) || (from_scalar != to_scalar && !to_scalar.allows(native, target))
    });
    if foreign.is_some() && !context.may_carry {
        return None;
    }
    if context.only_asks {
        return Some(entry);
    }
    if entry.element.is_none() && foreign.is_none() && from_scalar == to_scalar {
        return Some(entry);
    }
    let mut extensions = element_extensions(&entry, context)?;
    let restorable = |extension: &Extension| {
        let (version, path) = extension.carried()?;
        // What the source marked as its own was never anybody else's.
        let plain =
            extension.id.is_none() && extension.extension.is_empty() && !context.is_mark(version);
        let carried = match &extension.value {
            Some(crate::hub::Value::Code(code)) if code.element.is_none() => {
                code.value.as_ref()?.as_str().to_owned()
            }
            _ => return None,
        };
        (plain && carried::is_path(path, type_name, name) && only_to(&carried)).then_some(carried)
    };
    let found = extensions
        .iter()
        .enumerate()
        .find_map(|(position, extension)| Some((position, restorable(extension)?)));
    if let Some((position, original)) = found {
        let extension = extensions.remove(position);
        if entry.value.is_none() {
            let own = carried::path(type_name, name);
            if extension.carried().is_none_or(|(_, path)| path != own) {
                carried::report_form(extension, context);
            }
            entry.value = Some(string(&original));
        } else {
            context.drop_stale(vec![extension]);
        }
    }
    if let Some(foreign) = &foreign {
        entry.value = None;
        context.report(
            LossKind::ApproximateCode,
            Rule::ExtensionValue,
            string(foreign),
        );
    }
    let mut list: Vec<Json> = extensions
        .into_iter()
        .map(|extension| context.target.lower_extension(extension, context))
        .collect();
    list.extend(foreign.map(|code| {
        let url = carry::url(context.from(), &carried::path(type_name, name));
        object([("url", string(&url)), ("valueCode", string(&code))])
    }));
    let mut members: Members = Vec::new();
    let id = entry.element.as_ref().and_then(|element| element.get("id"));
    members.extend(id.map(|id| ("id".into(), id.clone())));
    push_all(&mut members, "extension", list);
    Some(Entry {
        value: entry.value,
        element: (!members.is_empty()).then_some(Json::Object(members)),
    })
}

/// Lets an element travel alone; `false` if it is none that does.
fn carry_alone(
    present: &Present,
    from: &'static TypeInfo,
    carries: &mut Vec<Json>,
    context: &mut Context<'_>,
) -> bool {
    let name = present.field.stem();
    let row = carried::row(from.name, name);
    let row = row.filter(|row| matches!(row.place, Place::Parent | Place::List));
    row.is_some() && carry_all(present, from, carries, context)
}

/// Lets an element travel, whatever it is.
fn carry_all(
    present: &Present,
    from: &'static TypeInfo,
    carries: &mut Vec<Json>,
    context: &mut Context<'_>,
) -> bool {
    let name = present.field.stem();
    if !context.may_carry {
        return false;
    }
    if context.only_asks {
        return true;
    }
    let url = carry::url(context.from(), &carried::path(from.name, name));
    let name = format!("value{}", capitalised(present.field_type.name()));
    for entry in &present.entries {
        let mut members = vec![("url".into(), string(&url))];
        match (present.field_type, &entry.value) {
            // No extension holds a type that is defined inside another.
            (FieldType::Element(info), Some(value)) if whole::is_inner(info(), context.source) => {
                let Some(list) = whole::children(value, info(), context) else {
                    return false;
                };
                members.push(("extension".into(), Json::Array(list)));
            }
            _ => {
                let entry = Entry {
                    value: entry.value.clone(),
                    element: entry.element.clone(),
                };
                push(&mut members, &name, false, vec![entry]);
            }
        }
        let Some(extension) = context.source.read_extension(&Json::Object(members)) else {
            return false;
        };
        carries.push(context.target.lower_extension(extension, context));
    }
    true
}

/// An element that is taken home: its entries, and the extensions that they stood in, each with its
/// place.
type Home = (&'static FieldInfo, Vec<Entry>, Vec<(usize, Extension)>);

/// What becomes of an extension of a value.
enum Fate {
    /// All that was to do is done.
    Done,
    /// It becomes an element.
    Home(Box<Extension>, Restorable),
    /// It stays one.
    Stays(Box<Extension>),
}

/// Converts the extensions of a value and takes those out that carry an element which the target
/// has and the source had not.
///
/// What it asks and does beside converting is in functions of their own, since values inside one
/// another take the stack of this one for each level.
fn extensions(
    present: &Present,
    source: &Json,
    to: &'static TypeInfo,
    members: &mut Members,
    context: &mut Context<'_>,
) -> Option<Vec<Json>> {
    let mut list = Vec::new();
    let mut homes: Vec<Home> = Vec::new();
    for (index, entry) in present.entries.iter().enumerate() {
        let json = entry.value.as_ref()?;
        let before = context.losses.len();
        match fate(json, source, to, members, &homes, context)? {
            Fate::Done => {}
            Fate::Home(extension, row) => {
                if row.older {
                    carried::report_form((*extension).clone(), context);
                }
                let original = extension.clone();
                let lowered = context.target.lower_extension(*extension, context);
                let left = take_home(lowered, (index, original), &row, to, &mut homes, context);
                list.extend(left);
            }
            Fate::Stays(extension) => {
                list.push(context.target.lower_extension(*extension, context));
            }
        }
        if context.losses.len() > before {
            context.place_index(before, index);
        }
    }
    push_homes(homes, source, to, members, context);
    Some(list)
}

/// Looks at an extension of a value; `None` if it cannot be read.
#[inline(never)]
fn fate(
    json: &Json,
    source: &Json,
    to: &'static TypeInfo,
    members: &mut Members,
    homes: &[Home],
    context: &mut Context<'_>,
) -> Option<Fate> {
    let url = json.get("url").and_then(Json::as_str);
    if context.only_asks && url.and_then(carry::parse).is_none() {
        return Some(Fate::Done);
    }
    let extension = Box::new(context.source.read_extension(json)?);
    let beside =
        |name: &str, members: &Members| renamed::beside(source, to, name) || has(members, name);
    if let Some((field, value)) = carried::number(&extension, to, context)
        && !beside(field.name, members)
    {
        let entry = Entry {
            value: Some(value),
            element: None,
        };
        push(members, field.name, false, vec![entry]);
        carried::report_form(*extension, context);
        return Some(Fate::Done);
    }
    let Some(row) = carried::restorable(&extension, to, context) else {
        return Some(match context.only_asks {
            true => Fate::Done,
            false => Fate::Stays(extension),
        });
    };
    let field = row.field;
    let known = homes.iter().any(|(known, ..)| known.name == field.name);
    if beside(field.name, members) || (known && !field.many) {
        carried::report_stale(*extension, context);
        return Some(Fate::Done);
    }
    Some(Fate::Home(extension, row))
}

/// Adds what a converted extension carries to the elements that are taken home; the extension, if it
/// has nothing for them.
#[inline(never)]
fn take_home(
    lowered: Json,
    (index, original): (usize, Box<Extension>),
    row: &Restorable,
    to: &'static TypeInfo,
    homes: &mut Vec<Home>,
    context: &Context<'_>,
) -> Option<Json> {
    let name = format!("value{}", capitalised(row.field_type.name()));
    let entry = Entry {
        value: lowered.get(&name).cloned(),
        element: lowered.get(&format!("_{name}")).cloned(),
    };
    let entry = carried::marked_home(entry, to, row, context);
    if entry.value.is_none() && entry.element.is_none() {
        return Some(lowered);
    }
    let mut known = homes.iter_mut();
    match known.find(|(known, ..)| known.name == row.field.name) {
        Some((_, entries, extensions)) => {
            entries.push(entry);
            extensions.push((index, *original));
        }
        None => homes.push((row.field, vec![entry], vec![(index, *original)])),
    }
    None
}

/// Adds the elements that are taken home.
#[inline(never)]
fn push_homes(
    homes: Vec<Home>,
    source: &Json,
    to: &'static TypeInfo,
    members: &mut Members,
    context: &mut Context<'_>,
) {
    for (field, entries, extensions) in homes {
        if renamed::is_older(source, to, field.name, entries.len()) {
            for (index, extension) in extensions {
                let before = context.losses.len();
                carried::report_form(extension, context);
                context.place_index(before, index);
            }
        }
        push(members, field.name, field.many, entries);
    }
}
