//! Reading elements from trees: the JSON rules for each shape of field.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::{
    FhirString, FhirVersion, FieldSet, Json, JsonType, Limits, ObjectElement, ObjectElements,
    ObjectPrimitive, ObjectPrimitives, PrimitiveRef, ReadError, ReadErrorKind, Reader, Resource,
    ScalarSlot, ScalarType, Target, TypeInfo, Unshared, safe_name,
};

/// Objects up to this size are searched for duplicate names without a hash set.
const FEW: usize = 16;

/// A field that repeats, to be filled.
trait List {
    /// What the entries are.
    fn entries(&self) -> &'static str;
    fn length(&self) -> usize;
    /// Reads an entry; returns whether there is nothing in it so far.
    fn read(&mut self, index: usize, cursor: &mut Cursor<'_>) -> Result<bool, ReadError>;
}

impl List for &mut dyn ObjectElements {
    fn entries(&self) -> &'static str {
        self.info().name
    }

    fn length(&self) -> usize {
        self.count()
    }

    fn read(&mut self, _index: usize, cursor: &mut Cursor<'_>) -> Result<bool, ReadError> {
        object(cursor.json, cursor.depth, self.push())?;
        Ok(false)
    }
}

impl List for &mut dyn ObjectPrimitives {
    fn entries(&self) -> &'static str {
        self.scalar_type().name()
    }

    fn length(&self) -> usize {
        self.count()
    }

    fn read(&mut self, index: usize, cursor: &mut Cursor<'_>) -> Result<bool, ReadError> {
        if index >= self.count() {
            self.push();
        }
        let Some(entry) = self.get_mut(index) else {
            return Ok(true);
        };
        if *cursor.json != Json::Null {
            cursor.any_primitive(entry)?;
        }
        Ok(PrimitiveRef::of(entry).is_absent())
    }
}

impl List for Vec<Resource> {
    fn entries(&self) -> &'static str {
        "resources"
    }

    fn length(&self) -> usize {
        self.len()
    }

    fn read(&mut self, _index: usize, cursor: &mut Cursor<'_>) -> Result<bool, ReadError> {
        self.push(resource(cursor.json, cursor.depth)?);
        Ok(false)
    }
}

/// Stands before the value of one member of an object.
pub(super) struct Cursor<'a> {
    json: &'a Json,
    /// How many elements are around the value.
    depth: usize,
    /// Whether the member is `_x`, the ids and extensions of a primitive.
    sibling: bool,
    field: u8,
    /// The members before this one.
    seen: FieldSet,
}

/// Reads an object with `depth` elements around it.
pub(super) fn object(
    json: &Json,
    depth: usize,
    element: &mut dyn ObjectElement,
) -> Result<(), ReadError> {
    let info = element.info();
    let expected = info.resource.then_some(info.name);
    let Json::Object(members) = json else {
        return Err(wrong_type(format!("an object ({})", info.name), json));
    };
    check_depth(depth)?;
    if members.is_empty() {
        return Err(error(ReadErrorKind::Empty { what: "object" }));
    }
    let mut cursor = Cursor {
        json,
        depth: depth + 1,
        sibling: false,
        field: 0,
        seen: FieldSet::default(),
    };
    let mut typed = false;
    for (name, value) in members {
        let (stem, sibling) = match name.strip_prefix('_') {
            Some(stem) => (stem, true),
            None => (name.as_str(), false),
        };
        if let Some(slot) = info.slot(stem) {
            if !cursor.seen.insert(slot.field, sibling) {
                return Err(second_member(info, slot.field));
            }
            cursor.json = value;
            cursor.sibling = sibling;
            cursor.field = slot.field;
            element
                .fill(slot, &mut cursor)
                .map_err(|error| error.within(field_name(info, slot.field)))?;
        } else if name == "fhir_comments"
            && let Some(list) = element.comments_mut()
        {
            comments(value, list).map_err(|error| error.within("fhir_comments"))?;
        } else if name == "resourceType"
            && let Some(expected) = expected
        {
            resource_type(value, expected, typed).map_err(|error| error.within("resourceType"))?;
            typed = true;
        } else {
            return Err(error(ReadErrorKind::UnknownElement).within(safe_name(name)));
        }
    }
    if let Some(field) = cursor.seen.open_hole() {
        return Err(error(ReadErrorKind::EmptyEntry).within(field_name(info, field)));
    }
    if expected.is_some() && !typed {
        return Err(error(ReadErrorKind::MissingResourceType));
    }
    Ok(())
}

fn check_depth(depth: usize) -> Result<(), ReadError> {
    // The resource itself is not nested in anything.
    let limit = Limits::MAX_DEPTH;
    if depth > limit {
        return Err(error(ReadErrorKind::TooDeep { limit }));
    }
    Ok(())
}

/// Checks the type of a resource; `typed` tells whether the resource has given one before.
fn resource_type(json: &Json, expected: &'static str, typed: bool) -> Result<(), ReadError> {
    match json {
        _ if typed => Err(error(ReadErrorKind::DuplicateMember)),
        Json::String(found) if found == expected => Ok(()),
        Json::String(_) => Err(error(ReadErrorKind::OtherResourceType { expected })),
        other => Err(wrong_type("the type of a resource", other)),
    }
}

/// Reads the comments that an element of DSTU2 can have.
fn comments(json: &Json, list: &mut Vec<FhirString>) -> Result<(), ReadError> {
    if !list.is_empty() {
        return Err(error(ReadErrorKind::DuplicateMember));
    }
    for (index, entry) in array(json, "comments")?.iter().enumerate() {
        let mut comment = None;
        scalar(entry, FhirVersion::Dstu2, &mut comment).map_err(|error| error.at(index))?;
        list.extend(comment);
    }
    Ok(())
}

/// The entries of an array, of which there must be one.
fn array<'a>(json: &'a Json, entries: &'static str) -> Result<&'a [Json], ReadError> {
    match json {
        Json::Array(list) if list.is_empty() => Err(error(ReadErrorKind::Empty { what: "array" })),
        Json::Array(list) => Ok(list),
        other => Err(wrong_type(format!("an array of {entries}"), other)),
    }
}

fn scalar(json: &Json, version: FhirVersion, slot: &mut dyn ScalarSlot) -> Result<(), ReadError> {
    let scalar = slot.scalar_type();
    let text = text(json, scalar)?;
    let read = slot.read(text, version, &mut Unshared);
    read.map_err(|_| invalid(text, scalar))
}

/// The text of a value of the JSON type that a scalar has.
fn text(json: &Json, scalar: ScalarType) -> Result<&str, ReadError> {
    match (scalar.json(), json) {
        (JsonType::String, Json::String(text)) => Ok(text),
        (JsonType::Number, Json::Number(number)) => Ok(number.as_str()),
        (JsonType::Boolean, Json::Boolean(true)) => Ok("true"),
        (JsonType::Boolean, Json::Boolean(false)) => Ok("false"),
        _ => Err(wrong_type(scalar.grammar(), json)),
    }
}

/// Reads a resource of any type with `depth` elements around it.
fn resource(json: &Json, depth: usize) -> Result<Resource, ReadError> {
    if json.as_object().is_none() {
        return Err(wrong_type("a resource", json));
    }
    // Also cloning takes stack, which the limit on depth bounds.
    check_value(json, depth)?;
    match json.get("resourceType") {
        None | Some(Json::String(_)) => {
            Resource::try_from(json.clone()).map_err(|_| error(ReadErrorKind::MissingResourceType))
        }
        Some(other) => Err(wrong_type("the type of a resource", other).within("resourceType")),
    }
}

/// Checks the depth and the names of a value whose elements are not known.
fn check_value(json: &Json, depth: usize) -> Result<(), ReadError> {
    match json {
        Json::Array(entries) => {
            check_depth(depth)?;
            for (index, entry) in entries.iter().enumerate() {
                // An array of objects is one level of elements, and the object counts itself.
                let nested = usize::from(entry.as_object().is_none());
                check_value(entry, depth + nested).map_err(|error| error.at(index))?;
            }
        }
        Json::Object(members) => {
            check_depth(depth)?;
            let mut names: HashSet<&str> = HashSet::new();
            for (index, (name, value)) in members.iter().enumerate() {
                let duplicate = if members.len() <= FEW {
                    members[..index].iter().any(|(other, _)| other == name)
                } else {
                    !names.insert(name)
                };
                if duplicate {
                    return Err(error(ReadErrorKind::DuplicateMember).within(safe_name(name)));
                }
                check_value(value, depth + 1).map_err(|error| error.within(safe_name(name)))?;
            }
        }
        _ => {}
    }
    Ok(())
}

#[cold]
fn error(kind: ReadErrorKind) -> ReadError {
    ReadError::new(kind, 0)
}

#[cold]
fn wrong_type(expected: impl Into<Cow<'static, str>>, json: &Json) -> ReadError {
    error(ReadErrorKind::WrongType {
        expected: expected.into(),
        found: json.kind(),
    })
}

/// The error for a text that is no value of a type.
#[cold]
fn invalid(text: &str, expected: ScalarType) -> ReadError {
    error(if text.is_empty() {
        ReadErrorKind::Empty { what: "string" }
    } else {
        ReadErrorKind::InvalidValue {
            expected,
            found: match expected.json() {
                JsonType::Number => "another number",
                _ => "another text",
            },
        }
    })
}

/// The name of a field for a path: without the `[x]` of a choice.
fn field_name(info: &'static TypeInfo, field: u8) -> &'static str {
    info.fields[usize::from(field)].stem()
}

/// The error for a second member of a field: the same name again, or another type of a choice.
#[cold]
fn second_member(info: &'static TypeInfo, field: u8) -> ReadError {
    let choice = info.fields[usize::from(field)].types.len() > 1;
    let kind = if choice {
        ReadErrorKind::SecondValue
    } else {
        ReadErrorKind::DuplicateMember
    };
    error(kind).within(field_name(info, field))
}

impl Cursor<'_> {
    fn no_sibling(&self) -> Result<(), ReadError> {
        if self.sibling {
            return Err(error(ReadErrorKind::NotPrimitive));
        }
        Ok(())
    }

    fn list(&mut self, list: &mut dyn List) -> Result<(), ReadError> {
        let entries = array(self.json, list.entries())?;
        let second = self.seen.has_both(self.field);
        let (first_length, length) = (list.length(), entries.len());
        let mut hole = None;
        for (index, entry) in entries.iter().enumerate() {
            self.json = entry;
            if list.read(index, self).map_err(|error| error.at(index))? {
                hole.get_or_insert(index);
            }
        }
        if second && length != first_length {
            let (values, elements) = if self.sibling {
                (first_length, length)
            } else {
                (length, first_length)
            };
            return Err(error(ReadErrorKind::LengthsDiffer { values, elements }));
        }
        match hole {
            Some(index) if second => Err(error(ReadErrorKind::EmptyEntry).at(index)),
            Some(_) => {
                self.seen.set_hole(self.field);
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Reader for &mut Cursor<'_> {
    type Error = ReadError;

    fn any_attribute(self, slot: &mut dyn ScalarSlot) -> Result<(), ReadError> {
        self.no_sibling()?;
        scalar(self.json, FhirVersion::R6, slot)
    }

    fn any_primitive(self, slot: &mut dyn ObjectPrimitive) -> Result<(), ReadError> {
        if self.sibling {
            return object(self.json, self.depth, slot.sibling_mut());
        }
        let version = slot.version();
        scalar(self.json, version, slot.value_mut())
    }

    fn any_primitives(self, mut slot: &mut dyn ObjectPrimitives) -> Result<(), ReadError> {
        self.list(&mut slot)
    }

    fn any_element(self, slot: &mut dyn ObjectElement) -> Result<(), ReadError> {
        self.no_sibling()?;
        object(self.json, self.depth, slot)
    }

    fn any_elements(self, mut slot: &mut dyn ObjectElements) -> Result<(), ReadError> {
        self.no_sibling()?;
        self.list(&mut slot)
    }

    fn resources(self, slot: &mut Vec<Resource>) -> Result<(), ReadError> {
        self.no_sibling()?;
        self.list(slot)
    }

    fn second_value(self) -> ReadError {
        error(ReadErrorKind::SecondValue)
    }
}
