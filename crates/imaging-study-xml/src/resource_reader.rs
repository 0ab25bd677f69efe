//! Reading resources of any type into JSON, by the definitions of their version.

use imaging_study_core::{
    Decimal, Definitions, ElementType, FhirVersion, Json, JsonType, Limits, ReadError,
    ReadErrorKind, Resource, Scalar, ScalarType, TextStore, TypeDefinition, UnknownElement, Unread,
};
use smol_str::SmolStr;

use crate::attributes::Attribute;
use crate::characters::path_name;
use crate::encoding::Encoding;
use crate::events::{Event, Events, Tag};
use crate::namespaces::Namespace;
use crate::narrative::normalise_line_ends;
use crate::reader::{
    XmlReader, empty_element, expect_fhir, invalid, misplaced, root_attribute, unknown_attribute,
};
use crate::resource_writer::COMMENTS;

/// The elements of one name, which stand next to each other.
struct Run {
    /// The place of the element in its type.
    index: usize,
    name: SmolStr,
    many: bool,
    /// The values, and the ids and extensions that primitives have beside them.
    values: Vec<Json>,
    siblings: Vec<Json>,
}

impl Run {
    /// Appends what the run says as members of an object: `x`, `_x`, or both. A list `_x` stands
    /// beside a list `x`, of nulls where no entry has a value.
    fn flush(self, members: &mut Vec<(SmolStr, Json)>) {
        let Self {
            name,
            many,
            values,
            siblings,
            ..
        } = self;
        let empty = |entries: &[Json]| entries.iter().all(|entry| *entry == Json::Null);
        let extended = !empty(&siblings);
        let valued = !empty(&values) || (many && extended);
        let member = |mut entries: Vec<Json>| match many {
            true => Some(Json::Array(entries)),
            false => entries.pop(),
        };
        let sibling_name = extended.then(|| SmolStr::from_iter(["_", &name]));
        if valued {
            members.extend(member(values).map(|value| (name, value)));
        }
        members.extend(sibling_name.and_then(|name| Some((name, member(siblings)?))));
    }
}

impl<'a> XmlReader<'a> {
    /// Takes the whole document as a resource.
    pub(crate) fn root_resource(
        &mut self,
        all: &'static Definitions,
    ) -> Result<Resource, ReadError> {
        let root = self.root()?;
        let definition = all.resource(root.name).ok_or_else(|| unknown_type(&root))?;
        let tree = self.resource(&root, all, definition);
        let tree = tree.map_err(|error| error.within(definition.name))?;
        self.place(0, |path| path.prepend_name(definition.name));
        self.events.finish()?;
        Resource::try_from(tree).map_err(|_| unknown_type(&root))
    }

    /// Takes an element that holds one resource, such as `contained`.
    pub(crate) fn contained(&mut self, tag: &Tag<'a>) -> Result<Resource, ReadError> {
        let root = self.wrapped(tag)?;
        let known = self
            .definitions
            .and_then(|all| Some((all, all.resource(root.name)?)));
        let resource = match known {
            Some((all, definition)) => {
                let tree = self.resource(&root, all, definition)?;
                // It has a resourceType, which is all that is asked of it.
                Resource::try_from(tree).map_err(|_| unknown_type(&root))?
            }
            None => {
                let markup = self.markup(&root)?;
                let unread = Unread::Xml(markup.clone());
                self.findings
                    .push(UnknownElement::new(root.name, unread).into());
                Resource::from_xml(root.name, id_of(&markup).as_deref(), markup)
            }
        };
        self.end_of_wrapper()?;
        Ok(resource)
    }

    /// The root of the resource in an element that holds one.
    fn wrapped(&mut self, tag: &Tag<'a>) -> Result<Tag<'a>, ReadError> {
        let Self {
            events,
            keep_unknown,
            findings,
            ..
        } = self;
        events.attributes(tag, |events, attribute| {
            unknown_attribute(events, attribute, *keep_unknown, findings)
        })?;
        let mut before = std::mem::take(&mut self.comments);
        if tag.empty || !self.child()? {
            return Err(empty_element(tag.offset));
        }
        before.append(&mut self.comments);
        self.comments = before;
        let root = self.events.tag;
        expect_fhir(&root)?;
        Ok(root)
    }

    fn end_of_wrapper(&mut self) -> Result<(), ReadError> {
        if self.child()? {
            return Err(self
                .events
                .syntax("one resource in each element", "a second one"));
        }
        Ok(())
    }

    /// Takes a resource as a JSON object.
    pub(crate) fn resource(
        &mut self,
        root: &Tag<'a>,
        all: &'static Definitions,
        definition: &'static TypeDefinition,
    ) -> Result<Json, ReadError> {
        let name = (
            SmolStr::new_static("resourceType"),
            Json::String(definition.name.into()),
        );
        self.object(root, all, definition, vec![name])
    }

    /// Takes the attributes and children of an element; its tag has been read.
    fn object(
        &mut self,
        tag: &Tag<'a>,
        all: &'static Definitions,
        definition: &'static TypeDefinition,
        mut members: Vec<(SmolStr, Json)>,
    ) -> Result<Json, ReadError> {
        self.enter()?;
        let comments = self.comments_before(all.version());
        let before = members.len();
        let known = self.findings.len();
        self.attribute_members(tag, definition, &mut members)?;
        let attributes = members.len() - before;
        if !tag.empty {
            self.members(all, definition, &mut members)?;
        }
        self.leave();
        in_order(definition, attributes, &mut members[before..]);
        self.place_comments_in(&mut members, comments, all);
        // A resource may have nothing but its type.
        if members.is_empty() && self.findings.len() == known {
            return Err(empty_element(tag.offset));
        }
        Ok(Json::Object(members))
    }

    /// Takes the attributes of an element.
    fn attribute_members(
        &mut self,
        tag: &Tag<'a>,
        definition: &'static TypeDefinition,
        members: &mut Vec<(SmolStr, Json)>,
    ) -> Result<(), ReadError> {
        let root = self.is_root(tag);
        let Self {
            events,
            store,
            keep_unknown,
            findings,
            ..
        } = self;
        events.attributes(tag, |events, attribute| {
            match definition.resolve(attribute.name) {
                Some((index, ElementType::Scalar(scalar)))
                    if definition.elements[index].attribute =>
                {
                    let value = attribute_value(scalar, attribute, *store)?;
                    members.push((attribute.name.into(), value));
                    Ok(())
                }
                _ if root => root_attribute(events, attribute, *keep_unknown, findings),
                _ => unknown_attribute(events, attribute, *keep_unknown, findings),
            }
        })
    }

    /// Takes the children of the open element up to its end tag.
    fn members(
        &mut self,
        all: &'static Definitions,
        definition: &'static TypeDefinition,
        members: &mut Vec<(SmolStr, Json)>,
    ) -> Result<(), ReadError> {
        let mut run: Option<Run> = None;
        while self.child()? {
            let tag = self.events.tag;
            let known = definition.resolve(tag.name);
            let Some((index, element_type)) =
                known.filter(|(index, _)| !definition.elements[*index].attribute)
            else {
                self.unknown_element()?;
                continue;
            };
            let element = &definition.elements[index];
            let xhtml = element_type == ElementType::Scalar(ScalarType::Xhtml);
            if tag.namespace != Namespace::Fhir && !xhtml {
                self.foreign_element()?;
                continue;
            }
            if let Some(last) = &run {
                check_order(definition, last, index, &tag)?;
            }
            if run.as_ref().is_none_or(|run| run.index != index) {
                let next = Run {
                    index,
                    name: tag.name.into(),
                    many: element.many,
                    values: Vec::new(),
                    siblings: Vec::new(),
                };
                if let Some(last) = run.replace(next) {
                    last.flush(members);
                }
            }
            let Some(run) = &mut run else { continue };
            let known = self.findings.len();
            let (value, sibling) = self.entry(&tag, all, element_type).map_err(|error| {
                let error = match run.many {
                    true => error.at(run.values.len()),
                    false => error,
                };
                error.within(element.name)
            })?;
            if self.findings.len() > known {
                self.place(known, |path| {
                    if run.many {
                        path.prepend_index(run.values.len());
                    }
                    path.prepend_name(element.name);
                });
            }
            run.values.push(value);
            run.siblings.push(sibling);
        }
        if let Some(last) = run {
            last.flush(members);
        }
        Ok(())
    }

    /// Takes one element: its value, and what a primitive has beside it.
    fn entry(
        &mut self,
        tag: &Tag<'a>,
        all: &'static Definitions,
        element_type: ElementType,
    ) -> Result<(Json, Json), ReadError> {
        // A function each: elements nest, and what one kind needs should not lie on the stack for
        // another.
        let value = match element_type {
            ElementType::Scalar(ScalarType::Xhtml) => return self.narrative_entry(tag, all),
            ElementType::Scalar(scalar) => return self.primitive_entry(tag, all, scalar),
            ElementType::Type(name) => match all.type_named(name) {
                Some(definition) => self.object(tag, all, definition, Vec::new()),
                None => Err(unknown_type(tag)),
            },
            ElementType::Resource => self.resource_entry(tag, all),
        };
        value.map(|value| (value, Json::Null))
    }

    fn narrative_entry(
        &mut self,
        tag: &Tag<'a>,
        all: &'static Definitions,
    ) -> Result<(Json, Json), ReadError> {
        let comments = self.comments_before_narrative(all.version());
        let text = self.narrative(tag)?;
        let mut sibling = Vec::new();
        self.place_comments_in(&mut sibling, comments, all);
        let text = Json::String(self.store.store(&text));
        Ok((text, sibling_of(sibling)))
    }

    fn resource_entry(
        &mut self,
        tag: &Tag<'a>,
        all: &'static Definitions,
    ) -> Result<Json, ReadError> {
        let root = self.wrapped(tag)?;
        let definition = all.resource(root.name).ok_or_else(|| unknown_type(&root))?;
        let resource = self.resource(&root, all, definition)?;
        self.end_of_wrapper()?;
        Ok(resource)
    }

    fn primitive_entry(
        &mut self,
        tag: &Tag<'a>,
        all: &'static Definitions,
        scalar: ScalarType,
    ) -> Result<(Json, Json), ReadError> {
        let known = self.findings.len();
        let comments = self.comments_before(all.version());
        let (value, id) = self.primitive_attributes(tag)?;
        let value = match value {
            Some(attribute) => {
                let text = attribute.value()?;
                json_value(scalar, &text, attribute, self.store)?
            }
            None => Json::Null,
        };
        let mut sibling = Vec::new();
        self.enter_primitive(id.is_some())?;
        if let Some(attribute) = id {
            let id = attribute_value(ScalarType::String, attribute, self.store)?;
            sibling.push((SmolStr::new_static("id"), id));
        }
        if !tag.empty {
            let definition = all.type_named("Element");
            let definition = definition.ok_or_else(|| unknown_type(tag))?;
            self.members(all, definition, &mut sibling)?;
        }
        self.leave();
        if value == Json::Null && sibling.is_empty() && self.findings.len() == known {
            return Err(empty_element(tag.offset));
        }
        self.place_comments_in(&mut sibling, comments, all);
        Ok((value, sibling_of(sibling)))
    }

    /// Adds the comments before an element and those before its end tag to its members, behind the
    /// id.
    #[inline]
    fn place_comments_in(
        &mut self,
        members: &mut Vec<(SmolStr, Json)>,
        before: Vec<&'a str>,
        all: &'static Definitions,
    ) {
        if all.version() != FhirVersion::Dstu2 {
            return;
        }
        let texts = before.into_iter().chain(self.comments.drain(..));
        let texts: Vec<_> = texts
            // An empty comment says nothing.
            .filter(|text| !text.is_empty())
            .map(|text| Json::String(normalise_line_ends(text).into()))
            .collect();
        if texts.is_empty() {
            return;
        }
        let at = members
            .iter()
            .take_while(|(name, _)| matches!(name.as_str(), "resourceType" | "id" | "_id"))
            .count();
        members.insert(at, (SmolStr::new_static(COMMENTS), Json::Array(texts)));
    }
}

/// The member `_x` of a primitive, if there is anything in it.
fn sibling_of(members: Vec<(SmolStr, Json)>) -> Json {
    match members.is_empty() {
        true => Json::Null,
        false => Json::Object(members),
    }
}

/// The id of a resource that is kept as markup.
fn id_of(markup: &str) -> Option<String> {
    let mut events = Events::new(markup, Encoding::Text, Limits::default());
    events.root(&mut Vec::new()).ok()?;
    let mut depth = 1;
    while depth > 0 {
        match events.next().ok()? {
            Event::Start if depth == 1 && events.tag.name == "id" => {
                let mut attributes = events.tag.attributes;
                while let Some(attribute) = attributes.next().ok()? {
                    if attribute.name == "value" {
                        return Some(attribute.value().ok()?.into_owned());
                    }
                }
                return None;
            }
            Event::Start => depth += usize::from(!events.tag.empty),
            Event::End => depth -= 1,
            Event::EndOfInput => return None,
            _ => {}
        }
    }
    None
}

/// Checks that an element may stand behind the one before it.
fn check_order(
    definition: &'static TypeDefinition,
    last: &Run,
    index: usize,
    tag: &Tag<'_>,
) -> Result<(), ReadError> {
    let repeats = last.many && last.name == tag.name;
    if index > last.index || (index == last.index && repeats) {
        return Ok(());
    }
    let element = &definition.elements[index];
    let after = definition.elements[last.index].name;
    Err(misplaced(element.name, after, element.choice, tag.offset))
}

/// Puts members into the order of the definition: the attributes, which have none of their own, were
/// read before the others, and need not be first.
fn in_order(
    definition: &'static TypeDefinition,
    attributes: usize,
    members: &mut [(SmolStr, Json)],
) {
    let place = |name: &str| {
        let name = name.strip_prefix('_').unwrap_or(name);
        definition.resolve(name).map(|(index, _)| index)
    };
    let first = |name: &str| place(name) == Some(0);
    let sorted = match attributes {
        0 => true,
        1 => members.first().is_none_or(|(name, _)| first(name)),
        _ => false,
    };
    if !sorted {
        members.sort_by_cached_key(|(name, _)| place(name));
    }
}

/// The JSON value of an attribute that is an element of its own.
fn attribute_value(
    scalar: ScalarType,
    attribute: Attribute<'_>,
    store: &mut impl TextStore,
) -> Result<Json, ReadError> {
    let text = attribute.value();
    text.and_then(|text| json_value(scalar, &text, attribute, store))
        .map_err(|error| error.within(path_name(attribute.name)))
}

/// The JSON value that a text stands for. As in JSON, nothing is asked of a contained value but that
/// it has its JSON type.
fn json_value(
    scalar: ScalarType,
    text: &str,
    attribute: Attribute<'_>,
    store: &mut impl TextStore,
) -> Result<Json, ReadError> {
    let refused = || invalid(scalar, text, attribute.value_offset);
    Ok(match (scalar.json(), text) {
        (JsonType::Boolean, "true") => Json::Boolean(true),
        (JsonType::Boolean, "false") => Json::Boolean(false),
        (JsonType::Number, text) => {
            // R5 allows `+` before an integer, JSON does not.
            let number = text.strip_prefix('+').unwrap_or(text);
            let number = Decimal::read(number, FhirVersion::R4, store);
            Json::Number(number.map_err(|_| refused())?)
        }
        (JsonType::String, text) if !text.is_empty() => Json::String(store.store(text)),
        _ => return Err(refused()),
    })
}

/// The error for a resource that cannot be read as JSON, since nothing says how.
#[cold]
fn unknown_type(tag: &Tag<'_>) -> ReadError {
    ReadError::new(ReadErrorKind::UnknownResourceType, tag.offset).within(path_name(tag.name))
}
