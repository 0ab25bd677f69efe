//! Writing resources of any type, by the definitions of their version.

use imaging_study_core::{
    Definitions, ElementType, FhirVersion, Json, JsonType, Name, Resource, ScalarType,
    TypeDefinition, WriteError, safe_name,
};
use smol_str::SmolStr;

use crate::fragment::{declared_prefixes, single};
use crate::namespaces::Namespace;
use crate::narrative::MARK;
use crate::writer::{XmlWriter, like_a_note};

/// The member of an object that holds its comments, in DSTU2.
pub(crate) const COMMENTS: &str = "fhir_comments";

/// The members of an object that make up one element.
struct Part<'j> {
    /// The place of the element in its type.
    index: usize,
    element_type: ElementType,
    /// The name in JSON and XML, e.g. `valueString`.
    name: &'j str,
    value: Option<&'j Json>,
    /// The member `_x`, with the ids and extensions of a primitive.
    sibling: Option<&'j Json>,
}

impl XmlWriter {
    /// Writes the whole document.
    pub(crate) fn root_resource(&mut self, resource: &Resource) -> Result<(), WriteError> {
        self.members_of_resource(resource.members(), true)
    }

    /// Writes an element that holds one resource, such as `contained`.
    pub(crate) fn resource(&mut self, name: Name, resource: &Resource) -> Result<(), WriteError> {
        self.start(name);
        if let Some(markup) = resource.xml() {
            if !is_resource(markup, resource.resource_type()) {
                return Err(WriteError::not_expressible(
                    "markup that is not the element of the resource",
                ));
            }
            self.close_start();
            self.out.push_str(markup);
        } else {
            self.members_of_resource(resource.members(), false)?;
        }
        self.end(name);
        Ok(())
    }

    /// Writes the element of a resource.
    pub(crate) fn members_of_resource(
        &mut self,
        members: &[(SmolStr, Json)],
        root: bool,
    ) -> Result<(), WriteError> {
        let resource_type = members
            .iter()
            .find_map(|(name, value)| (name == "resourceType").then(|| value.as_str())?);
        let resource_type = resource_type.unwrap_or_default();
        let known = self
            .definitions
            .and_then(|all| Some((all, all.resource(resource_type)?)));
        let Some((all, definition)) = known else {
            return Err(WriteError::not_expressible(format!(
                "a resource of the unknown type {}, which cannot be written as XML",
                safe_name(resource_type)
            )));
        };
        let rest: Vec<_> = members
            .iter()
            .filter(|(name, _)| name != "resourceType" && !is_comments(name, all))
            .collect();
        let parts = parts(rest.into_iter(), definition)?;
        self.comments_in(members, all)?;
        if root {
            self.root(definition.name);
        } else {
            self.start_tag(definition.name);
        }
        self.parts(definition.name, &parts, all, definition)
    }

    /// Writes an element with the members of an object.
    fn members(
        &mut self,
        name: &str,
        members: &[(SmolStr, Json)],
        all: &'static Definitions,
        definition: &'static TypeDefinition,
    ) -> Result<(), WriteError> {
        let elements = members.iter().filter(|(name, _)| !is_comments(name, all));
        let parts = parts(elements, definition)?;
        if parts.is_empty() {
            return Err(WriteError::empty());
        }
        self.comments_in(members, all)?;
        self.start_tag(name);
        self.parts(name, &parts, all, definition)
    }

    /// Writes the attributes and children of an element whose start tag is open, and its end.
    fn parts(
        &mut self,
        name: &str,
        parts: &[Part<'_>],
        all: &'static Definitions,
        definition: &'static TypeDefinition,
    ) -> Result<(), WriteError> {
        let mut children = false;
        for part in parts {
            if definition.elements[part.index].attribute {
                self.attribute_part(part)
                    .map_err(|error| error.within(safe_name(part.name)))?;
            } else {
                children = true;
            }
        }
        if !children {
            self.end_empty();
            return Ok(());
        }
        for part in parts {
            let element = &definition.elements[part.index];
            if !element.attribute {
                self.part(part, element.many, all)
                    .map_err(|error| error.within(safe_name(part.name)))?;
            }
        }
        self.end_tag(name);
        Ok(())
    }

    fn part<'j>(
        &mut self,
        part: &Part<'j>,
        many: bool,
        all: &'static Definitions,
    ) -> Result<(), WriteError> {
        if !many {
            return self.one(part, part.value, part.sibling, all);
        }
        let list = |json: Option<&Json>| match json {
            None => Ok(None),
            Some(Json::Array(entries)) if !entries.is_empty() => Ok(Some(entries.len())),
            Some(_) => Err(WriteError::not_expressible(
                "no list, but the definition has one",
            )),
        };
        let length = match (list(part.value)?, list(part.sibling)?) {
            (Some(one), Some(other)) if one != other => {
                return Err(WriteError::not_expressible("lists of different lengths"));
            }
            (one, other) => one.or(other).unwrap_or_default(),
        };
        for index in 0..length {
            let entry = |list: Option<&'j Json>| {
                let entry = list?.as_array()?.get(index);
                entry.filter(|entry| **entry != Json::Null)
            };
            self.one(part, entry(part.value), entry(part.sibling), all)
                .map_err(|error| error.at(index))?;
        }
        Ok(())
    }

    /// Writes one element.
    fn one(
        &mut self,
        part: &Part<'_>,
        value: Option<&Json>,
        sibling: Option<&Json>,
        all: &'static Definitions,
    ) -> Result<(), WriteError> {
        let scalar = match part.element_type {
            ElementType::Scalar(scalar) => scalar,
            _ if sibling.is_some() => return Err(another_type()),
            ElementType::Type(name) => {
                let members = value.and_then(Json::as_object);
                let members = members.ok_or_else(another_type)?;
                let definition = all.type_named(name).ok_or_else(another_type)?;
                return self.members(part.name, members, all, definition);
            }
            ElementType::Resource => {
                let members = value.and_then(Json::as_object);
                let members = members.ok_or_else(another_type)?;
                self.start_tag(part.name);
                self.members_of_resource(members, false)?;
                self.end_tag(part.name);
                return Ok(());
            }
        };
        let text = value.map(|value| scalar_text(scalar, value));
        let text = text.transpose()?;
        if scalar == ScalarType::Xhtml {
            return match (text, sibling) {
                (Some(text), None) => self.div(text),
                (Some(text), Some(Json::Object(members)))
                    if members.iter().all(|(name, _)| is_comments(name, all)) =>
                {
                    if last_comment(members).starts_with(MARK) {
                        return Err(like_a_note());
                    }
                    self.comments_in(members, all)?;
                    self.div(text)
                }
                _ => Err(another_type()),
            };
        }
        self.primitive_element(part.name, text, sibling, all)
    }

    fn primitive_element(
        &mut self,
        name: &str,
        text: Option<&str>,
        sibling: Option<&Json>,
        all: &'static Definitions,
    ) -> Result<(), WriteError> {
        let definition = all.type_named("Element");
        let members: &[_] = match sibling {
            None => &[],
            Some(Json::Object(members)) => members,
            Some(_) => return Err(another_type()),
        };
        let elements = members.iter().filter(|(name, _)| !is_comments(name, all));
        let parts = match definition {
            Some(definition) => parts(elements, definition)?,
            None if members.is_empty() => Vec::new(),
            None => return Err(another_type()),
        };
        if (sibling.is_some() && members.is_empty()) || (text.is_none() && parts.is_empty()) {
            return Err(WriteError::empty());
        }
        self.comments_in(members, all)?;
        self.start_tag(name);
        let mut children = false;
        for part in &parts {
            if part.name == "extension" {
                children = true;
            } else {
                self.attribute_part(part)
                    .map_err(|error| error.within(safe_name(part.name)))?;
            }
        }
        if let Some(text) = text {
            self.attribute_text("value", text)?;
        }
        if !children {
            self.end_empty();
            return Ok(());
        }
        for part in parts.iter().filter(|part| part.name == "extension") {
            self.part(part, true, all)
                .map_err(|error| error.within(safe_name(part.name)))?;
        }
        self.end_tag(name);
        Ok(())
    }

    /// Writes a member that is an attribute.
    fn attribute_part(&mut self, part: &Part<'_>) -> Result<(), WriteError> {
        match (part.element_type, part.value, part.sibling) {
            (ElementType::Scalar(scalar), Some(value), None) => {
                self.attribute_text(part.name, scalar_text(scalar, value)?)
            }
            _ => Err(another_type()),
        }
    }

    /// Writes the comments among the members of an object, as DSTU2 has them.
    fn comments_in(
        &mut self,
        members: &[(SmolStr, Json)],
        all: &'static Definitions,
    ) -> Result<(), WriteError> {
        let Some((_, comments)) = members.iter().find(|(name, _)| is_comments(name, all)) else {
            return Ok(());
        };
        let entries = comments.as_array().filter(|entries| !entries.is_empty());
        let entries = entries.ok_or_else(another_type);
        entries
            .and_then(|entries| {
                entries.iter().try_for_each(|entry| match entry.as_str() {
                    Some(text) if !text.is_empty() => self.comment(text),
                    _ => Err(another_type()),
                })
            })
            .map_err(|error| error.within(COMMENTS))
    }

    fn attribute_text(&mut self, name: &str, text: &str) -> Result<(), WriteError> {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.value(text)?;
        self.out.push('"');
        Ok(())
    }
}

/// Whether a text is one element in the namespace of FHIR, or in none, with a name: a program could
/// have put anything there.
fn is_resource(markup: &str, name: &str) -> bool {
    single(markup).is_ok_and(|(root, _)| {
        let declares = || declared_prefixes(&root).is_ok_and(|prefixes| prefixes.contains(&""));
        let namespace = match root.namespace {
            Namespace::Fhir => true,
            // That of the document is around it.
            Namespace::None => !declares(),
            _ => false,
        };
        namespace && root.name == name
    })
}

/// Whether a member holds the comments of its object, which only DSTU2 has.
fn is_comments(name: &str, all: &'static Definitions) -> bool {
    name == COMMENTS && all.version() == FhirVersion::Dstu2
}

/// The last of the comments among the members of an object.
fn last_comment(members: &[(SmolStr, Json)]) -> &str {
    members
        .iter()
        .find_map(|(name, value)| (name == COMMENTS).then(|| value.as_array()?.last()?.as_str())?)
        .unwrap_or_default()
}

/// The elements that the members of an object make up, in the order of the definition.
fn parts<'j>(
    members: impl Iterator<Item = &'j (SmolStr, Json)>,
    definition: &'static TypeDefinition,
) -> Result<Vec<Part<'j>>, WriteError> {
    let mut parts: Vec<Part<'j>> = Vec::new();
    for (member, json) in members {
        let (name, sibling) = match member.strip_prefix('_') {
            Some(name) => (name, true),
            None => (member.as_str(), false),
        };
        let Some((index, element_type)) = definition.resolve(name) else {
            let reason = format!("an element that {} does not define", definition.name);
            return Err(WriteError::not_expressible(reason).within(safe_name(name)));
        };
        let (value, sibling) = match sibling {
            true => (None, Some(json)),
            false => (Some(json), None),
        };
        parts.push(Part {
            index,
            element_type,
            name,
            value,
            sibling,
        });
    }
    parts.sort_by_key(|part| part.index);
    let mut joined: Vec<Part<'j>> = Vec::with_capacity(parts.len());
    for part in parts {
        match joined.last_mut() {
            Some(last) if last.index == part.index && last.name == part.name => {
                last.value = last.value.or(part.value);
                last.sibling = last.sibling.or(part.sibling);
            }
            Some(last) if last.index == part.index => {
                let reason = "a second value for an element that allows one";
                return Err(WriteError::not_expressible(reason).within(safe_name(part.name)));
            }
            _ => joined.push(part),
        }
    }
    Ok(joined)
}

/// The text of a primitive value.
fn scalar_text(scalar: ScalarType, value: &Json) -> Result<&str, WriteError> {
    match (scalar.json(), value) {
        (JsonType::Boolean, Json::Boolean(true)) => Ok("true"),
        (JsonType::Boolean, Json::Boolean(false)) => Ok("false"),
        (JsonType::Number, Json::Number(number)) => Ok(number.as_str()),
        (JsonType::String, Json::String(text)) if text.is_empty() => Err(WriteError::empty()),
        (JsonType::String, Json::String(text)) => Ok(text),
        _ => Err(another_type()),
    }
}

/// The error for a value of another JSON type than the definition asks for: read back from XML, it
/// would not be the same.
#[cold]
fn another_type() -> WriteError {
    WriteError::not_expressible("another type than the definition has")
}
