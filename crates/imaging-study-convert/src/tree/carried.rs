//! Elements of data types that only some versions have, and that travel alone beside what is left and
//! do not make the whole value foreign.

use imaging_study_core::{CodeSet, FhirVersion, FieldInfo, FieldType, Json, TypeInfo};

use super::json::{Entry, Members, capitalised, in_type, push};
use super::lists;
use crate::codes::push_extension;
use crate::context::Context;
use crate::hub::{Extension, Value};
use crate::{LossKind, Rule, carry};

/// Where an element travels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In an extension on the value that it is an element of.
    Parent,
    /// On the primitive itself, which has no value then.
    Itself,
    /// In extensions on the value, all of a list; where the other version has one, the first is native.
    List,
    /// As [`Self::Parent`] where it is read; what is written is the whole value.
    Read,
}

/// An element that travels alone.
#[derive(Clone, Copy)]
pub(super) struct Carried {
    types: &'static [&'static str],
    element: &'static str,
    pub(super) place: Place,
}

const fn parent(types: &'static [&'static str], element: &'static str) -> Carried {
    Carried {
        types,
        element,
        place: Place::Parent,
    }
}

const fn itself(types: &'static [&'static str], element: &'static str) -> Carried {
    Carried {
        types,
        element,
        place: Place::Itself,
    }
}

const fn list(types: &'static [&'static str], element: &'static str) -> Carried {
    Carried {
        types,
        element,
        place: Place::List,
    }
}

const ATTACHMENT: &[&str] = &["Attachment"];
const DOSAGE: &[&str] = &["Dosage"];
const QUANTITIES: &[&str] = &["Quantity", "Age", "Count", "Distance", "Duration"];
const RELATED_ARTIFACT: &[&str] = &["RelatedArtifact"];
const SAMPLED_DATA: &[&str] = &["SampledData"];
const TRIGGER: &[&str] = &["TriggerDefinition"];

const CARRIED: &[Carried] = &[
    parent(ATTACHMENT, "size"),
    parent(ATTACHMENT, "height"),
    parent(ATTACHMENT, "width"),
    parent(ATTACHMENT, "frames"),
    parent(ATTACHMENT, "duration"),
    parent(ATTACHMENT, "pages"),
    itself(QUANTITIES, "comparator"),
    parent(&["DataRequirement"], "valueFilter"),
    parent(DOSAGE, "asNeededFor"),
    list(DOSAGE, "maxDosePerPeriod"),
    itself(&["Expression"], "name"),
    parent(&["Identifier"], "use"),
    parent(&["Meta"], "source"),
    parent(&["Reference"], "type"),
    parent(&["Reference"], "identifier"),
    itself(RELATED_ARTIFACT, "type"),
    parent(RELATED_ARTIFACT, "classifier"),
    parent(RELATED_ARTIFACT, "publicationStatus"),
    parent(RELATED_ARTIFACT, "publicationDate"),
    parent(RELATED_ARTIFACT, "resourceReference"),
    Carried {
        types: SAMPLED_DATA,
        element: "intervalUnit",
        place: Place::Read,
    },
    parent(SAMPLED_DATA, "codeMap"),
    parent(SAMPLED_DATA, "offsets"),
    itself(&["Timing.repeat"], "when"),
    parent(TRIGGER, "code"),
    parent(TRIGGER, "subscriptionTopic"),
];

/// How an element of a type travels, if it does so alone.
pub(super) fn row(type_name: &str, element: &str) -> Option<Carried> {
    CARRIED
        .iter()
        .find(|row| row.element == element && row.types.contains(&type_name))
        .copied()
}

/// The path of an element that travels alone.
pub(super) fn path(type_name: &str, element: &str) -> String {
    format!("{type_name}.{element}")
}

/// Whether a version holds a text or a code in an element of a type.
pub(super) fn holds(field_type: &FieldType, text: &str, version: FhirVersion) -> bool {
    match field_type {
        FieldType::Scalar(scalar, codes) => {
            scalar.allows(text, version) && codes.is_none_or(|codes| codes.codes.contains(&text))
        }
        _ => false,
    }
}

/// A code marked as one that a study had although it is none of its version. Between R6 and its draft
/// nobody else does that, for their marks have one URL.
pub(super) fn marked(
    mut entry: Entry,
    codes: &CodeSet,
    path: &str,
    context: &Context<'_>,
) -> Entry {
    let code = entry.value.as_ref().and_then(Json::as_str);
    if let Some(code) = code.filter(|code| !codes.codes.contains(code))
        && carry::names(context.from(), context.to())
    {
        let mut element = entry.element.take().unwrap_or(Json::Null);
        push_extension(&mut element, &carry::url(context.from(), path), code);
        entry.element = Some(element);
    }
    entry
}

/// Whether a path is that of an element, or the one that was written for it before: that of a
/// Quantity for the types made of one.
pub(super) fn is_path(path: &str, type_name: &str, element: &str) -> bool {
    let Some((of, name)) = path.rsplit_once('.') else {
        return false;
    };
    let general = || of == QUANTITIES[0] && QUANTITIES.contains(&type_name);
    name == element && (of == type_name || general())
}

/// Notes that a carried value was read that stood in an older form.
pub(super) fn report_form(extension: Extension, context: &mut Context<'_>) {
    let json = context.write_source(extension);
    context.report(LossKind::Form, Rule::Form, json);
}

/// Notes that a carried value was dropped that does not agree with the native one.
pub(super) fn report_stale(extension: Extension, context: &mut Context<'_>) {
    let json = context.write_source(extension);
    context.report(LossKind::StaleCarry, Rule::Stale, json);
}

/// The text that an extension holds.
pub(super) fn text(extension: &Extension) -> Option<String> {
    match &extension.value {
        Some(Value::String(text)) => text.value.as_ref().map(ToString::to_string),
        _ => None,
    }
}

/// The element of a type that an extension carries.
fn field(extension: &Extension, to: &'static TypeInfo) -> Option<&'static FieldInfo> {
    let (_, path) = extension.carried()?;
    to.fields
        .iter()
        .find(|field| is_path(path, to.name, field.stem()) && row(to.name, field.stem()).is_some())
}

/// A number that stands on its parent as a text since the source has another type for it, which
/// cannot hold it; this crate writes such a text on the number itself.
pub(super) fn number(
    extension: &Extension,
    to: &'static TypeInfo,
    context: &Context<'_>,
) -> Option<(&'static FieldInfo, Json)> {
    let original = text(extension).filter(|_| extension.id.is_none())?;
    let field = field(extension, to)?;
    let scalar = |field: &FieldInfo| match field.types {
        [FieldType::Scalar(scalar, None)] => Some(*scalar),
        _ => None,
    };
    let to_scalar = scalar(field)?;
    let from_scalar = scalar(context.source.type_info(to.name)?.field(field.name)?)?;
    let restorable = from_scalar != to_scalar
        && to_scalar.allows(&original, context.to())
        && !from_scalar.allows(&original, context.from());
    restorable.then(|| Some((field, in_type(&original, to_scalar)?)))?
}

/// An element of the target that can be restored.
pub(super) struct Restorable {
    pub(super) field: &'static FieldInfo,
    pub(super) field_type: &'static FieldType,
    /// Whether the extension stands where the element is not carried any more.
    pub(super) older: bool,
}

/// The element of the target that an extension on its parent carries alone, if only the target can
/// hold it.
pub(super) fn restorable(
    extension: &Extension,
    to: &'static TypeInfo,
    context: &Context<'_>,
) -> Option<Restorable> {
    restorable_in(extension, to, false, context)
}

/// The same; of a value that the source had to hold `whole`, it held no part in an element of its own.
fn restorable_in(
    extension: &Extension,
    to: &'static TypeInfo,
    whole: bool,
    context: &Context<'_>,
) -> Option<Restorable> {
    let (version, path) = extension.carried()?;
    if extension.id.is_some() || !extension.extension.is_empty() {
        return None;
    }
    let field = field(extension, to)?;
    let field_type = field.types.first()?;
    // A version that lacks the type lacks the element too.
    let source = context.source.type_info(to.name);
    let source = source.and_then(|info| info.field(field.name));
    let code = match (&extension.value, field_type) {
        (Some(Value::Code(code)), FieldType::Scalar(_, Some(_))) => {
            code.value.as_ref().map(|code| code.as_str())
        }
        _ => None,
    };
    let source_holds = match (source.and_then(|field| field.types.first()), code) {
        (Some(FieldType::Scalar(_, Some(codes))), Some(code)) => codes.codes.contains(&code),
        (source, _) => source.is_some() && !whole,
    };
    let target_holds = match (field_type, code) {
        // A code outside the binding is one of the target where the target had it. What the source
        // marked as its own, in an element that it has, was never anybody else's.
        (FieldType::Scalar(_, Some(codes)), Some(code)) => {
            let is_mark = source.is_some() && context.is_mark(version);
            carry::names(version, context.to()) || (!is_mark && codes.codes.contains(&code))
        }
        (FieldType::Scalar(_, Some(_)), None) => matches!(extension.value, Some(Value::Code(_))),
        _ => true,
    };
    let place = row(to.name, field.stem()).map(|row| row.place);
    let has_id = matches!(&extension.value, Some(Value::Code(code)) if code.element.is_some());
    let older = match place {
        Some(Place::Itself) => true,
        // What is read only has an id where it travels for the sake of that.
        Some(Place::Read) => !has_id,
        _ => false,
    };
    let fits = !source_holds && target_holds && place != Some(Place::List);
    fits.then(|| Restorable {
        field,
        field_type,
        older: older || path != self::path(to.name, field.stem()),
    })
}

/// Takes the elements of a value home that travelled alone in it: the value went on to versions that
/// lack its type, and comes back from there. Its extensions have been converted.
pub(super) fn take_home(value: &mut Json, info: &'static TypeInfo, context: &Context<'_>) {
    let Json::Object(members) = value else {
        return;
    };
    for (name, member) in members.iter_mut() {
        if name == "extension" || name == "modifierExtension" {
            continue;
        }
        if let Some((_, FieldType::Element(inner))) = info.resolve(name) {
            match member {
                Json::Array(entries) => entries
                    .iter_mut()
                    .for_each(|entry| take_home(entry, inner(), context)),
                member => take_home(member, inner(), context),
            }
        }
    }
    for field in info.fields {
        if row(info.name, field.stem()).is_some_and(|row| row.place == Place::Itself) {
            from_itself(members, info, field, context);
        }
    }
    from_parent(members, info, context);
    lists::take_home(members, info, false, context);
}

/// Takes codes home from the extensions on their own primitives.
fn from_itself(
    members: &mut Members,
    info: &'static TypeInfo,
    field: &'static FieldInfo,
    context: &Context<'_>,
) {
    let Some(field_type) = field.types.first() else {
        return;
    };
    let sibling = format!("_{}", field.name);
    let Some(at) = members.iter().position(|(name, _)| *name == sibling) else {
        return;
    };
    let mut siblings = match &members[at].1 {
        Json::Array(entries) => entries.clone(),
        one => vec![one.clone()],
    };
    let native = members.iter().find(|(name, _)| name == field.name);
    let mut values = match native.map(|(_, value)| value) {
        Some(Json::Array(entries)) => entries.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    values.resize(siblings.len().max(values.len()), Json::Null);
    let mut found = false;
    for (value, sibling) in values.iter_mut().zip(&mut siblings) {
        if *value == Json::Null
            && let Some(code) = take_code(sibling, info, (field, field_type), context)
        {
            *value = Json::String(code.as_str().into());
            found = true;
        }
    }
    if !found {
        return;
    }
    members.retain(|(name, _)| name != field.name && *name != sibling);
    let entry = |(value, element): (Json, Json)| Entry {
        value: Some(value).filter(|value| *value != Json::Null),
        element: Some(element).filter(|element| {
            element
                .as_object()
                .is_some_and(|members| !members.is_empty())
        }),
    };
    siblings.resize(values.len(), Json::Null);
    let entries = values.into_iter().zip(siblings).map(entry).collect();
    push(members, field.name, field.many, entries);
}

/// Takes a code off the sibling of a primitive that the version read could not hold.
fn take_code(
    sibling: &mut Json,
    info: &'static TypeInfo,
    (field, field_type): (&'static FieldInfo, &'static FieldType),
    context: &Context<'_>,
) -> Option<String> {
    let Json::Object(members) = sibling else {
        return None;
    };
    let source = context
        .source
        .type_info(info.name)
        .and_then(|info| info.field(field.name)?.types.first());
    let code = |json: &Json| {
        let (version, path) = carry::parse(json.get("url")?.as_str()?)?;
        let code = json.get("valueCode")?.as_str()?;
        let is_mark = source.is_some() && context.is_mark(version);
        let plain = json.as_object()?.len() == 2 && !is_mark;
        let only_to = holds(field_type, code, context.to())
            && !source.is_some_and(|source| holds(source, code, context.from()));
        (plain && only_to && is_path(path, info.name, field.stem())).then(|| code.to_owned())
    };
    let at = members.iter().position(|(name, _)| name == "extension")?;
    let Json::Array(list) = &mut members[at].1 else {
        return None;
    };
    let index = list.iter().position(|json| code(json).is_some())?;
    let found = code(&list.remove(index));
    if list.is_empty() {
        members.remove(at);
    }
    found
}

/// An element that is restored; a code of it is marked, see [`marked`].
pub(super) fn marked_home(
    entry: Entry,
    info: &TypeInfo,
    found: &Restorable,
    context: &Context<'_>,
) -> Entry {
    match found.field_type {
        FieldType::Scalar(_, Some(codes)) => {
            marked(entry, codes, &path(info.name, found.field.stem()), context)
        }
        _ => entry,
    }
}

/// Takes elements home from the extensions of their value.
fn from_parent(members: &mut Members, info: &'static TypeInfo, context: &Context<'_>) {
    let Some(at) = members.iter().position(|(name, _)| name == "extension") else {
        return;
    };
    let Json::Array(list) = std::mem::replace(&mut members[at].1, Json::Null) else {
        return;
    };
    let known: Vec<_> = members.iter().map(|(name, _)| name.clone()).collect();
    let mut kept = Vec::new();
    let mut home: Vec<(&'static FieldInfo, Vec<Entry>)> = Vec::new();
    for json in list {
        let url = json.get("url").and_then(Json::as_str);
        let found = url
            .and_then(carry::parse)
            .and_then(|_| context.target.read_extension(&json))
            .and_then(|extension| restorable_in(&extension, info, true, context))
            .filter(|found| {
                let native =
                    |name: &str| name.strip_prefix('_').unwrap_or(name) == found.field.name;
                !known.iter().any(|name| native(name))
            });
        let Some(found) = found else {
            kept.push(json);
            continue;
        };
        let name = format!("value{}", capitalised(found.field_type.name()));
        let entry = Entry {
            value: json.get(&name).cloned(),
            element: json.get(&format!("_{name}")).cloned(),
        };
        let entry = marked_home(entry, info, &found, context);
        let entries = home
            .iter_mut()
            .find(|(field, _)| field.name == found.field.name);
        match entries {
            _ if entry.value.is_none() && entry.element.is_none() => kept.push(json),
            Some((field, entries)) if field.many => entries.push(entry),
            Some(_) => kept.push(json),
            None => home.push((found.field, vec![entry])),
        }
    }
    // Members keep their order, by which values are compared.
    match kept.is_empty() {
        true => drop(members.remove(at)),
        false => members[at].1 = Json::Array(kept),
    }
    for (field, entries) in home {
        push(members, field.name, field.many, entries);
    }
}
