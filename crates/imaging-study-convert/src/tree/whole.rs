//! Values that travel whole: an extension without a value whose children are the elements.

use imaging_study_core::{
    CodeSet, ContentMut, FhirString, FhirVersion, FieldInfo, FieldType, Json, ObjectElement,
    Scalar, ScalarType, TypeInfo, Uri,
};

use super::carried;
use super::json::{Entry, capitalised, elements, json_name, object, push, string};
use super::native::is_native;
use super::renamed;
use crate::carry::{self, DATATYPE};
use crate::context::Context;
use crate::hub::{Extension, NeutralElement, Value, room};
use crate::version::Version;
use crate::{LossKind, Rule, element_id, reference, versions};

/// The element of an extension that holds a value of a type which the target lacks.
pub(crate) const VALUE: &str = "Extension.value";

/// The whole form of an extension with a value of a complex type: still in the source version,
/// each child with a value of its own.
///
/// In an extension of somebody's own the value stands in the one that HL7 defines for such values,
/// under the name that it has natively; what carries an element of a study holds the children itself.
pub(crate) fn whole(
    extension: Extension,
    type_name: &str,
    context: &Context<'_>,
) -> Option<Extension> {
    let info = context.source.value_info(type_name)?;
    let carry = extension.extension.is_empty() && is_carry(&extension);
    // Of two such extensions beside each other nobody could tell which holds the value.
    if extension.extension.iter().any(holds_value) {
        return None;
    }
    let json = context.write_source(extension);
    let value = json.get(&format!("value{type_name}"))?;
    let marker = object([
        ("url", string(DATATYPE)),
        ("valueString", string(type_name)),
    ]);
    let mut list = vec![marker];
    list.extend(children(value, info, context)?);
    if !carry {
        let value = nested(&format!("value{type_name}"), list);
        let holder = nested(&carry::url(context.from(), VALUE), vec![value]);
        let beside = json.get("extension").and_then(Json::as_array);
        list = beside.unwrap_or_default().to_vec();
        list.push(holder);
    }
    let mut members = Vec::new();
    members.extend(json.get("id").map(|id| ("id".into(), id.clone())));
    members.push(("extension".into(), Json::Array(list)));
    members.extend(json.get("url").map(|url| ("url".into(), url.clone())));
    context.source.read_extension(&Json::Object(members))
}

/// Whether an extension carries an element of a study.
fn is_carry(extension: &Extension) -> bool {
    extension.id.is_none()
        && extension
            .carried()
            .is_some_and(|(_, path)| path.starts_with("ImagingStudy."))
}

/// Whether an extension is the one that holds a value for the extension around it.
fn holds_value(extension: &Extension) -> bool {
    extension.carried().is_some_and(|(_, path)| path == VALUE)
}

/// An extension with extensions in it.
fn nested(url: &str, list: Vec<Json>) -> Json {
    object([("url", string(url)), ("extension", Json::Array(list))])
}

/// An extension a child, under the short name of the element.
pub(super) fn children(
    value: &Json,
    info: &'static TypeInfo,
    context: &Context<'_>,
) -> Option<Vec<Json>> {
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
            // Extensions stand among the elements, unless one could be taken for an element.
            ("extension", _) if values().all(|extension| is_apart(&extension, info)) => {
                list.extend(values());
            }
            ("extension" | "modifierExtension", _) => list.push(nested(name, values().collect())),
            (_, FieldType::Element(info)) if is_inner(info(), context.source) => {
                for value in values() {
                    list.push(nested(name, children(&value, info(), context)?));
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

/// Whether an extension of a value cannot be taken for one of the elements of the value.
fn is_apart(extension: &Json, info: &TypeInfo) -> bool {
    let url = extension.get("url").and_then(Json::as_str);
    url.is_some_and(|url| url.contains(':') && url != DATATYPE && !names_element(url, info))
}

/// Whether a URL is that of an element of the type, as in drafts that give children full URLs. An id
/// that travels is an extension of the value.
fn names_element(url: &str, info: &TypeInfo) -> bool {
    carry::parse(url).is_some_and(|(_, path)| {
        let name = path.rsplit_once('.').map(|(_, name)| name);
        let has = |name| info.fields.iter().any(|field| field.stem() == name);
        !element_id::is_path(path) && name.is_some_and(has)
    })
}

/// Whether no extension of a version holds a type: it stands only inside others, such as
/// `Timing.repeat` and `DosageSafety`.
pub(super) fn is_inner(info: &TypeInfo, version: &Version) -> bool {
    version.value_info(info.name).is_none()
}

/// Where a value stands whole in an extension.
#[derive(Clone, Copy)]
enum Form {
    /// In the child at an index, which is the one that HL7 defines for values, and there under the
    /// name that it has natively.
    Held(usize),
    /// In its only child, which carries the type.
    Typed,
    /// In the extension itself.
    Direct,
}

/// The form of an extension without a value, and the name of the type of the value that it holds.
fn form(extension: &Extension) -> Option<(Form, &str)> {
    let list = extension.extension.as_slice();
    let mut holders = list
        .iter()
        .enumerate()
        .filter(|(_, child)| holds_value(child));
    if let Some((index, holder)) = holders.next() {
        let [value] = holder.extension.as_slice() else {
            return None;
        };
        let name = value.url.as_ref()?.as_str().strip_prefix("value")?;
        let plain = is_plain(holder) && is_plain(value) && holders.next().is_none();
        return (plain && is_marked(value, name)).then_some((Form::Held(index), name));
    }
    if let [child] = list
        && let Some((_, name)) = child.carried()
        && !name.contains('.')
        && is_plain(child)
    {
        return is_marked(child, name).then_some((Form::Typed, name));
    }
    let name = marked_type(extension)?;
    // In an extension that holds a value this is a part of that one.
    let url = extension.url.as_ref().map(|url| url.as_str());
    let held = url.and_then(|url| url.strip_prefix("value")) == Some(name);
    (!held).then_some((Form::Direct, name))
}

/// Whether an extension has nothing but extensions.
fn is_plain(extension: &Extension) -> bool {
    extension.id.is_none() && extension.value.is_none()
}

/// Whether an extension says nothing else than that it holds a value of a type.
fn is_marked(extension: &Extension, type_name: &str) -> bool {
    let marked = extension.extension.iter().any(|child| child.is(DATATYPE));
    !marked || marked_type(extension) == Some(type_name)
}

/// The name of the type of which an extension holds the elements.
fn marked_type(extension: &Extension) -> Option<&str> {
    let mut markers = extension
        .extension
        .iter()
        .filter(|child| child.is(DATATYPE));
    let (Some(marker), None) = (markers.next(), markers.next()) else {
        return None;
    };
    match &marker.value {
        Some(Value::String(name))
            if name.element.is_none() && marker.id.is_none() && marker.extension.is_empty() =>
        {
            name.value.as_ref().map(|name| name.as_str())
        }
        _ => None,
    }
}

/// An extension of the target.
type Target = Box<dyn ObjectElement>;

/// The native extension of the target for one in the whole form: as soon as the target can hold
/// the value, unless the source could hold it too and somebody chose the whole form. What is no
/// such extension comes back as it is.
pub(crate) fn restore(
    extension: Extension,
    context: &mut Context<'_>,
) -> Result<Target, Extension> {
    if extension.value.is_some() || context.from() == context.to() || !context.may_restore {
        return Err(extension);
    }
    let known = form(&extension).and_then(|(form, name)| {
        let info = context.target.value_info(name)?;
        Some((form, name.to_owned(), info))
    });
    let Some((form, type_name, info)) = known else {
        return Err(extension);
    };
    let original = context.write_source(extension.clone());
    let version = match form {
        Form::Held(index) => extension.extension.get(index),
        Form::Typed => extension.extension.first(),
        Form::Direct => Some(&extension),
    };
    let version = version.and_then(|carry| Some(carry.carried()?.0));
    let Extension {
        id, extension, url, ..
    } = extension;
    let mut parts = Parts::lower(extension, form, context);
    parts.version = version;
    let json = parts.native(&id, url.as_ref(), &type_name, info, context);
    let restored = json.and_then(|json| Some((read(&json, context.target)?, json)));
    let Some((restored, json)) = restored else {
        // What has been converted is used: doing it again would take 2^n times for n of them inside
        // one another.
        return Ok(parts.unchanged(id, url, context));
    };
    if !is_newest(&json, &original, context) {
        context.report(LossKind::Form, Rule::Form, original);
    }
    Ok(restored)
}

/// Whether an extension stood as this crate would have written the value that was restored from it.
fn is_newest(restored: &Json, original: &Json, context: &Context<'_>) -> bool {
    let Some(extension) = context.target.read_extension(restored) else {
        return false;
    };
    let newest = context
        .source
        .lower_extension(extension, &mut context.back());
    same_form(&newest, original)
}

/// Whether two values are the same up to the versions that carries name.
fn same_form(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|((name, value), (other, beside))| {
                        name == other && same_form(value, beside)
                    })
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| same_form(one, other))
        }
        (Json::String(one), Json::String(other)) if one != other => {
            let path = |url| carry::parse(url).map(|(_, path)| path);
            path(one).is_some() && path(one) == path(other)
        }
        _ => one == other,
    }
}

/// The extensions of one that holds a value whole, each converted once.
struct Parts {
    /// Those beside the value.
    beside: Vec<Target>,
    /// Where among them the value stands.
    index: usize,
    /// The URLs of the extensions around the elements of the value, from the outermost on.
    around: Vec<Option<Uri>>,
    /// The elements of the value.
    children: Vec<Target>,
    /// The version that had the value, as far as a URL says so.
    version: Option<FhirVersion>,
}

impl Parts {
    fn lower(list: Vec<Extension>, form: Form, context: &mut Context<'_>) -> Self {
        let mut parts = Self {
            beside: Vec::new(),
            index: 0,
            around: Vec::new(),
            children: Vec::new(),
            version: None,
        };
        let (index, depth) = match form {
            Form::Direct => {
                parts.children = lower_list(list, context);
                return parts;
            }
            Form::Typed => (0, 1),
            Form::Held(index) => (index, 2),
        };
        parts.index = index;
        let start = context.losses.len();
        for (position, child) in list.into_iter().enumerate() {
            let before = context.losses.len();
            if position == index {
                parts.children = parts.lower_inside(child, depth, context);
            } else {
                parts.beside.push(lower_one(child, context));
            }
            if context.losses.len() > before {
                context.place_index(before, position);
            }
        }
        context.place(start, "extension");
        parts
    }

    /// Converts what stands in some extensions inside one another.
    fn lower_inside(
        &mut self,
        outer: Extension,
        depth: usize,
        context: &mut Context<'_>,
    ) -> Vec<Target> {
        self.around.push(outer.url);
        if depth == 1 {
            return lower_list(outer.extension, context);
        }
        let Some(inner) = outer.extension.into_iter().next() else {
            return Vec::new();
        };
        let before = context.losses.len();
        let children = self.lower_inside(inner, depth - 1, context);
        if context.losses.len() > before {
            context.place_index(before, 0);
        }
        context.place(before, "extension");
        children
    }

    /// The JSON of the extension with its value.
    fn native(
        &self,
        id: &Option<FhirString>,
        url: Option<&Uri>,
        type_name: &str,
        info: &'static TypeInfo,
        context: &Context<'_>,
    ) -> Option<Json> {
        let marker = |json: &Json| json.get("url").and_then(Json::as_str) == Some(DATATYPE);
        let write = |extension: &Target| (context.target.extension_json)(&**extension);
        let mut children: Vec<Json> = self.children.iter().map(write).collect();
        children.retain(|child| !marker(child));
        // What the version itself had incomplete comes back so; nothing else becomes an incomplete
        // value of it.
        let partial = self
            .version
            .is_some_and(|own| carry::names(own, context.to()));
        let mut value = assemble(&children, info, partial, context)?;
        carried::take_home(&mut value, info, context);
        wrap_references(&mut value, info, context);
        let mut id = id.clone();
        element_id::lower_in(&mut value, info, context);
        if let Some(source) = context.source.value_info(type_name)
            && is_native(&value, info, source, false, &context.back())
        {
            return None;
        }
        element_id::lower_extension_in(&mut id, &mut value, context);
        let mut members = Vec::new();
        members.extend(id.map(|id| ("id".into(), string(id.as_str()))));
        if !self.beside.is_empty() {
            let beside = self.beside.iter().map(write).collect();
            members.push(("extension".into(), Json::Array(beside)));
        }
        members.extend(url.map(|url| ("url".into(), string(url.as_str()))));
        members.push((format!("value{type_name}").into(), value));
        Some(Json::Object(members))
    }

    /// The extension in the form that it had.
    fn unchanged(
        self,
        mut id: Option<FhirString>,
        url: Option<Uri>,
        context: &mut Context<'_>,
    ) -> Target {
        let mut list = self.children;
        for url in self.around.into_iter().rev() {
            list = vec![nest(None, url, list, context.target)];
        }
        if !self.beside.is_empty() {
            let mut beside = self.beside;
            beside.splice(self.index..self.index, list);
            list = beside;
        }
        let mut carried = Vec::new();
        element_id::lower(&mut id, &mut carried, "Extension", context);
        list.extend(lower_list(carried, context));
        nest(id, url, list, context.target)
    }
}

fn lower_list(list: Vec<Extension>, context: &mut Context<'_>) -> Vec<Target> {
    // A loop takes less stack than iterators do, for each value around.
    let start = context.losses.len();
    let mut lowered = Vec::with_capacity(list.len());
    for extension in list {
        let before = context.losses.len();
        lowered.push(lower_one(extension, context));
        if context.losses.len() > before {
            context.place_index(before, lowered.len() - 1);
        }
    }
    context.place(start, "extension");
    lowered
}

fn lower_one(extension: Extension, context: &mut Context<'_>) -> Target {
    let mut element = (context.target.new_extension)();
    extension.lower(&mut *element, context);
    element
}

/// An extension of a version, read from its JSON.
fn read(json: &Json, version: &Version) -> Option<Target> {
    let mut element = (version.new_extension)();
    (version.set_extension)(&mut *element, json).then_some(element)
}

/// An extension of a version without a value, around others.
fn nest(id: Option<FhirString>, url: Option<Uri>, list: Vec<Target>, version: &Version) -> Target {
    let mut element = (version.new_extension)();
    set(&mut *element, "id", id);
    set(&mut *element, "url", url);
    if let Some(ContentMut::Elements(entries)) = room(&mut *element, "extension") {
        for mut extension in list {
            entries.push().take_from(&mut *extension);
        }
    }
    element
}

fn set<T: Scalar>(element: &mut dyn ObjectElement, name: &str, mut value: Option<T>) {
    if let Some(ContentMut::Attribute(slot)) = room(element, name) {
        slot.take_from(&mut value);
    }
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
        counterparts(field, info)
            .flatten()
            .any(|own| own.targets.contains(&named))
    };
    if let Some(wrapped) = reference::wrap_json(json, field.targets, elsewhere, context) {
        *json = wrapped;
    }
}

/// An element of a type in each version that has the type.
fn counterparts(
    field: &FieldInfo,
    info: &TypeInfo,
) -> impl Iterator<Item = Option<&'static FieldInfo>> {
    versions::all().iter().filter_map(|version| {
        let info = version.type_info(info.name)?;
        Some(info.fields.iter().find(|own| own.stem() == field.stem()))
    })
}

/// Whether a value can be valid without an element in some version; else it was invalid from the
/// start, and no version holds it better than another.
fn is_optional_somewhere(field: &FieldInfo, info: &TypeInfo) -> bool {
    counterparts(field, info).any(|own| own.is_none_or(|own| own.min == 0))
}

/// The value whose elements stand in a list of extensions.
///
/// A value that lacks an element which only some versions require is none, unless it may be `partial`.
pub(super) fn assemble(
    children: &[Json],
    info: &'static TypeInfo,
    partial: bool,
    context: &Context<'_>,
) -> Option<Json> {
    let mut collected: Vec<(&'static FieldInfo, &'static FieldType, Vec<Entry>)> = Vec::new();
    let mut id = None;
    for child in renamed::children(children, info).iter() {
        let url = child.get("url")?.as_str()?;
        if is_apart(child, info) {
            add(
                &mut collected,
                info.field("extension")?,
                None,
                value(child.clone()),
            )?;
            continue;
        }
        // Whatever stands beside the value of an element would be lost with the child.
        let (mut values, mut nested) = (0, 0);
        for (name, _) in child.as_object()? {
            match name.as_str() {
                "url" => {}
                "extension" => nested += 1,
                name if name.trim_start_matches('_').starts_with("value") => values += 1,
                _ => return None,
            }
        }
        if (values > 0) == (nested > 0) {
            return None;
        }
        let name = match carry::parse(url) {
            Some((_, path)) if names_element(url, info) => path.rsplit('.').next()?,
            _ => url,
        };
        if name == "id" {
            if id.is_some() || values != 1 {
                return None;
            }
            id = Some(child.get("valueString")?.clone());
            continue;
        }
        let field = info.fields.iter().find(|field| field.stem() == name)?;
        if name == "extension" || name == "modifierExtension" {
            for inner in child.get("extension")?.as_array()? {
                add(&mut collected, field, None, value(inner.clone()))?;
            }
            continue;
        }
        let (field_type, entry) = child_value(child, field, info, partial, context)?;
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
            .find(|(collected, _, _)| collected.name == field.name);
        if let Some((_, field_type, entries)) = present {
            let entries = std::mem::take(entries);
            push(
                &mut members,
                &json_name(field, field_type),
                field.many,
                entries,
            );
        } else if field.min > 0 && !partial && is_optional_somewhere(field, info) {
            return None;
        }
    }
    Some(Json::Object(members))
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
        .find(|(collected, _, _)| collected.name == field.name);
    match present {
        Some((_, known, entries)) if field.many && known.name() == field_type.name() => {
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
    partial: bool,
    context: &Context<'_>,
) -> Option<(&'static FieldType, Entry)> {
    let members = child.as_object()?;
    let named = members
        .iter()
        .find_map(|(name, _)| name.strip_prefix('_').unwrap_or(name).strip_prefix("value"));
    let Some(named) = named else {
        let is_inner = |field_type: &&FieldType| match field_type {
            FieldType::Element(info) => is_inner(info(), context.target),
            _ => false,
        };
        let field_type = field.types.iter().find(is_inner)?;
        let FieldType::Element(info) = field_type else {
            return None;
        };
        let inner = assemble(
            child.get("extension")?.as_array()?,
            info(),
            partial,
            context,
        )?;
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
        Some(field_type @ FieldType::Scalar(_, Some(codes))) => {
            let path = carried::path(info.name, field.stem());
            Some((field_type, carried::marked(entry, codes, &path, context)))
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
            version
                .type_info(info.name)
                .and_then(|info| info.field(field.name))
                .is_some_and(|field| field.types.iter().any(has))
        })
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
