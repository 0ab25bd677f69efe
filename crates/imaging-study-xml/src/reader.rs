//! Reading elements: the XML rules for each shape of field.

use imaging_study_core::{
    Collected, Definitions, Element, ElementPath, FhirString, FhirVersion, FieldType, Finding,
    Limits, Memory, ObjectElement, ObjectElements, ObjectPrimitive, ObjectPrimitives, Primitive,
    PrimitiveRef, ReadError, ReadErrorKind, Reader, Resource, Scalar, ScalarSlot, ScalarType,
    Shared, SharedCache, Target, TextCache, TypeInfo, UnknownElement, Unread, push_default,
};

use crate::attributes::Attribute;
use crate::characters::{is_blank, path_name};
use crate::encoding::Encoding;
use crate::events::{Event, Events, Tag};
use crate::namespaces::Namespace;
use crate::narrative::{MARK, from_noted_markup, normalise_line_ends};
use crate::{FHIR, XHTML};

/// What is kept while a resource is read.
pub(crate) struct XmlReader<'a> {
    pub(crate) events: Events<'a>,
    pub(crate) store: &'a mut TextCache,
    shared: &'a mut SharedCache,
    /// Where the tag of the root stands.
    root: usize,
    depth: usize,
    max_depth: usize,
    /// Whether unknown elements are kept instead of refused.
    pub(crate) keep_unknown: bool,
    /// Whether errors are noted and what they are about is passed over.
    pub(crate) collect: bool,
    pub(crate) findings: Vec<Finding>,
    /// The comment directly before the element read last.
    note: Option<&'a str>,
    /// The comments before the tag read last, behind the tag before it.
    pub(crate) comments: Vec<&'a str>,
    pub(crate) definitions: Option<&'static Definitions>,
}

/// Stands before the content of one element, whose tag was read last.
struct FieldReader<'r, 'a> {
    reader: &'r mut XmlReader<'a>,
}

/// Stands before the value of one attribute.
struct AttributeReader<'r, 'a> {
    attribute: Attribute<'a>,
    store: &'r mut TextCache,
}

impl<'a> XmlReader<'a> {
    pub(crate) fn new(
        text: &'a str,
        encoding: Encoding,
        limits: Limits,
        keep_unknown: bool,
        memory: &'a mut Memory,
        definitions: Option<&'static Definitions>,
    ) -> Self {
        Self {
            events: Events::new(text, encoding, limits),
            store: &mut memory.texts,
            shared: &mut memory.elements,
            root: 0,
            depth: 0,
            max_depth: limits.depth.min(Limits::MAX_DEPTH),
            keep_unknown,
            collect: false,
            findings: Vec::new(),
            note: None,
            comments: Vec::new(),
            definitions,
        }
    }

    /// Goes to the tag of the root.
    pub(crate) fn root(&mut self) -> Result<Tag<'a>, ReadError> {
        let root = self.events.root(&mut self.comments)?;
        expect_fhir(&root)?;
        self.root = root.offset;
        Ok(root)
    }

    /// Whether a tag is that of the root.
    pub(crate) const fn is_root(&self, tag: &Tag<'a>) -> bool {
        tag.offset == self.root
    }

    /// Takes the whole document into an element.
    pub(crate) fn document<T: Element>(&mut self, element: &mut T) -> Result<(), ReadError> {
        let root = self.root()?;
        let expected = T::info().name;
        if root.name != expected {
            let kind = ReadErrorKind::OtherResourceType { expected };
            return Err(ReadError::new(kind, root.offset));
        }
        let read = self.element(element);
        self.place(0, |path| path.prepend_name(expected));
        read.map_err(|error| error.within(expected))?;
        self.events.finish()
    }

    /// Goes one element deeper.
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<(), ReadError> {
        // The resource itself is not nested in anything.
        if self.depth > self.max_depth {
            let limit = self.max_depth;
            return Err(self.events.error(ReadErrorKind::TooDeep { limit }));
        }
        self.depth += 1;
        Ok(())
    }

    /// Goes into a primitive, which counts as an element only if it has an id or extensions; the
    /// extensions notice by themselves if that is too deep.
    pub(crate) fn enter_primitive(&mut self, id: bool) -> Result<(), ReadError> {
        if id {
            return self.enter();
        }
        self.depth += 1;
        Ok(())
    }

    #[inline]
    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Goes to the tag of the next child of the open element; `false` at its end tag.
    #[inline]
    pub(crate) fn child(&mut self) -> Result<bool, ReadError> {
        self.note = None;
        self.comments.clear();
        loop {
            match self.events.next()? {
                Event::Start => return Ok(true),
                Event::End => return Ok(false),
                Event::Text if is_blank(self.events.text()) => {}
                Event::Comment => {
                    let comment = self.events.comment();
                    self.note = Some(comment);
                    self.comments.push(comment);
                }
                Event::Text | Event::Reference => {
                    return Err(self.events.not_allowed("text between elements"));
                }
                Event::CData => return Err(self.events.not_allowed("CDATA outside narrative")),
                Event::EndOfInput => {
                    return Err(self.events.syntax("an end tag", "the end of the input"));
                }
            }
        }
    }

    /// Takes an element that others may share.
    fn shared<T: Element>(&mut self, slot: &mut Option<Shared<T>>) -> Result<(), ReadError> {
        let tag = self.events.tag;
        let plain = tag.prefix.is_empty()
            && tag.attributes.is_empty()
            && tag.namespace == Namespace::Fhir
            && T::VERSION != FhirVersion::Dstu2;
        if !plain || tag.empty {
            return self.element(&mut **slot.get_or_insert_default());
        }
        let room = self.max_depth - self.depth.min(self.max_depth);
        if let Some((value, length)) = self.shared.get(self.events.rest(), room)
            && self.events.skip(length, tag.name)
        {
            *slot = Some(value);
            // To its end tag.
            return self.child().map(|_| ());
        }
        let (start, known) = (self.events.position, self.findings.len());
        let mut value = T::default();
        self.element(&mut value)?;
        let value = Shared::new(value);
        let text = self.events.slice(start, self.events.position);
        // What was found in it has to be reported for each place where it stands.
        if self.findings.len() == known && means_the_same_everywhere(text) {
            self.shared.put(text.as_bytes(), room, &value);
        }
        *slot = Some(value);
        Ok(())
    }

    /// Takes the attributes and children of the element whose tag was read last.
    pub(crate) fn element<T: Target + ?Sized>(&mut self, element: &mut T) -> Result<(), ReadError> {
        self.enter()?;
        let (offset, ends) = (self.events.tag.offset, self.events.tag.empty);
        let known = self.findings.len();
        let before = self.comments_before(element.version());
        let mut empty = true;
        if !self.events.tag.attributes.is_empty() {
            empty = self.element_attributes(element)?;
        }
        let children = !ends && self.children(element)?;
        // A resource may have nothing but its type.
        let nothing = empty && !children && self.findings.len() == known;
        if nothing && !element.info().resource {
            return Err(empty_element(offset));
        }
        self.place_comments(element, before);
        self.leave();
        Ok(())
    }

    /// Takes the comments before the tag read last, if the version has a place for them.
    #[inline]
    pub(crate) fn comments_before(&mut self, version: FhirVersion) -> Vec<&'a str> {
        if version == FhirVersion::Dstu2 {
            std::mem::take(&mut self.comments)
        } else {
            Vec::new()
        }
    }

    /// The same before a `div`, without the note of the writer.
    pub(crate) fn comments_before_narrative(&mut self, version: FhirVersion) -> Vec<&'a str> {
        let mut before = self.comments_before(version);
        before.pop_if(|last| last.starts_with(MARK));
        before
    }

    /// Gives an element the comments before it and those before its end tag.
    #[inline]
    fn place_comments<T: Target + ?Sized>(&mut self, element: &mut T, before: Vec<&'a str>) {
        let version = element.version();
        if version == FhirVersion::Dstu2
            && let Some(comments) = element.comments_mut()
        {
            for text in before.into_iter().chain(self.comments.drain(..)) {
                let text = normalise_line_ends(text);
                // An empty comment says nothing.
                comments.extend(FhirString::read(&text, version, self.store));
            }
        }
    }

    /// Takes the attributes of an element; tells whether none of them says anything.
    fn element_attributes<T: Target + ?Sized>(
        &mut self,
        element: &mut T,
    ) -> Result<bool, ReadError> {
        let root = self.is_root(&self.events.tag);
        let mut empty = true;
        let Self {
            events,
            store,
            keep_unknown,
            findings,
            ..
        } = self;
        let tag = events.tag;
        events.attributes(&tag, |events, attribute| {
            match element.slot(attribute.name) {
                Some(slot) if element.is_attribute(slot.field) => {
                    empty = false;
                    let store = &mut **store;
                    let read = element.fill(slot, AttributeReader { attribute, store });
                    read.map_err(|error| error.within(attribute.name.to_owned()))
                }
                _ if root => root_attribute(events, attribute, *keep_unknown, findings),
                _ => unknown_attribute(events, attribute, *keep_unknown, findings),
            }
        })?;
        Ok(empty)
    }

    /// Takes the children of an element up to its end tag; tells whether there were any.
    #[inline]
    fn children<T: Target + ?Sized>(&mut self, element: &mut T) -> Result<bool, ReadError> {
        let mut last = None;
        let mut any = false;
        let (open, depth) = (self.events.open, self.depth);
        while self.child()? {
            any = true;
            if let Err(error) = self.one_child(element, &mut last) {
                self.pass(error, open, depth)?;
            }
        }
        Ok(any)
    }

    /// Takes the child whose tag was read last, behind the field `last`.
    #[inline(always)]
    fn one_child<T: Target + ?Sized>(
        &mut self,
        element: &mut T,
        last: &mut Option<u8>,
    ) -> Result<(), ReadError> {
        let slot = match element.slot(self.events.tag.name) {
            Some(slot) if !element.is_attribute(slot.field) => slot,
            _ => return self.unknown_element(),
        };
        if self.events.tag.namespace != Namespace::Fhir && !is_xhtml(element.info(), slot.field) {
            return self.foreign_element();
        }
        let repeats = element.repeats(slot.field);
        if let Some(last) = *last
            && (slot.field < last || (slot.field == last && !repeats))
        {
            let info = element.info();
            let choice = info.fields[usize::from(slot.field)].types.len() > 1;
            let (element, after) = (field_name(info, slot.field), field_name(info, last));
            return Err(misplaced(element, after, choice, self.events.start));
        }
        *last = Some(slot.field);
        let known = self.findings.len();
        let reader = FieldReader { reader: self };
        let filled = element
            .fill(slot, reader)
            .map_err(|error| error.within(field_name(element.info(), slot.field)));
        if self.findings.len() > known {
            self.place(known, |path| {
                path.prepend_name(field_name(element.info(), slot.field))
            });
        }
        filled
    }

    /// Takes an element that the version does not define.
    #[cold]
    pub(crate) fn unknown_element(&mut self) -> Result<(), ReadError> {
        let tag = self.events.tag;
        if !self.keep_unknown {
            let error = ReadError::new(ReadErrorKind::UnknownElement, tag.offset);
            return Err(error.within(path_name(tag.name)));
        }
        let markup = self.markup(&tag)?;
        let unknown = UnknownElement::new(tag.name, Unread::Xml(markup));
        self.findings.push(unknown.into());
        Ok(())
    }

    /// Takes an element that has a known name, but not in the namespace of FHIR.
    #[cold]
    pub(crate) fn foreign_element(&mut self) -> Result<(), ReadError> {
        if self.keep_unknown {
            return self.unknown_element();
        }
        let tag = self.events.tag;
        expect_fhir(&tag).map_err(|error| error.within(path_name(tag.name)))
    }

    /// Takes an element as markup that can stand anywhere in a document of FHIR.
    pub(crate) fn markup(&mut self, tag: &Tag<'a>) -> Result<String, ReadError> {
        let fragment = self.events.fragment(*tag)?;
        let markup = fragment.self_contained(&self.events, Namespace::Fhir, Namespace::Fhir)?;
        Ok(normalise_line_ends(&markup))
    }

    /// Completes the paths of what was found since there were `known` findings.
    #[cold]
    pub(crate) fn place(&mut self, known: usize, prepend: impl Fn(&mut ElementPath)) {
        for finding in &mut self.findings[known..] {
            prepend(finding.path_mut());
        }
    }

    /// Notes an error in the child read last, around which `open` elements are open, and passes over
    /// that, if all errors are asked for and the document goes on.
    #[cold]
    fn pass(&mut self, error: ReadError, open: usize, depth: usize) -> Result<(), ReadError> {
        if !self.collect
            || !error.is_about_an_element()
            || self.findings.len() >= Collected::<()>::MOST
        {
            return Err(error);
        }
        self.findings.push(Finding::Error(error));
        self.depth = depth;
        while self.events.open > open {
            if self.events.next()? == Event::EndOfInput {
                return Err(self.events.syntax("an end tag", "the end of the input"));
            }
        }
        Ok(())
    }

    /// Takes one more entry of a list by `read`.
    #[inline]
    fn list_entry(
        &mut self,
        index: usize,
        read: impl FnOnce(&mut Self) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let known = self.findings.len();
        read(self).map_err(|error| error.at(index))?;
        if self.findings.len() > known {
            self.place(known, |path| path.prepend_index(index));
        }
        Ok(())
    }

    /// Takes a primitive element.
    #[inline]
    fn primitive<T: Scalar, E: Element>(
        &mut self,
        slot: &mut Primitive<T, E>,
    ) -> Result<(), ReadError> {
        if T::TYPE != ScalarType::Xhtml
            && self.events.tag.empty
            && (E::VERSION != FhirVersion::Dstu2 || self.comments.is_empty())
            && let Some((text, offset)) = self.events.tag.attributes.only_value()
        {
            slot.value = Some(scalar(text, offset, E::VERSION, self.store)?);
            return Ok(());
        }
        self.any_primitive(slot)
    }

    /// Takes a primitive element of any type.
    #[cold]
    fn any_primitive(&mut self, slot: &mut dyn ObjectPrimitive) -> Result<(), ReadError> {
        let (scalar, version) = (slot.scalar_type(), slot.version());
        if version != FhirVersion::Dstu2 {
            return self.full_primitive(slot);
        }
        let before = match scalar {
            ScalarType::Xhtml => self.comments_before_narrative(version),
            _ => self.comments_before(version),
        };
        self.full_primitive(slot)?;
        if !before.is_empty() || !self.comments.is_empty() {
            self.place_comments(slot.sibling_mut(), before);
        }
        Ok(())
    }

    /// Takes a primitive element that may be more than a plain value, without its comments.
    fn full_primitive(&mut self, slot: &mut dyn ObjectPrimitive) -> Result<(), ReadError> {
        let tag = self.events.tag;
        let version = slot.version();
        if slot.scalar_type() == ScalarType::Xhtml {
            let text = self.narrative(&tag)?;
            return any_scalar(&text, tag.offset, version, self.store, slot.value_mut());
        }
        let known = self.findings.len();
        let (value, id) = self.primitive_attributes(&tag)?;
        if let Some(attribute) = value {
            let (text, offset) = (attribute.value()?, attribute.value_offset);
            any_scalar(&text, offset, version, self.store, slot.value_mut())?;
        }
        if id.is_some() || !tag.empty {
            self.primitive_element(&tag, id, slot)?;
        }
        if PrimitiveRef::of(slot).is_absent() && self.findings.len() == known {
            return Err(empty_element(tag.offset));
        }
        Ok(())
    }

    /// The attributes `value` and `id` of a primitive element.
    #[inline]
    pub(crate) fn primitive_attributes(
        &mut self,
        tag: &Tag<'a>,
    ) -> Result<(Option<Attribute<'a>>, Option<Attribute<'a>>), ReadError> {
        let (mut value, mut id) = (None, None);
        let Self {
            events,
            keep_unknown,
            findings,
            ..
        } = self;
        events.attributes(tag, |events, attribute| {
            match attribute.name {
                "value" => value = Some(attribute),
                "id" => id = Some(attribute),
                _ => return unknown_attribute(events, attribute, *keep_unknown, findings),
            }
            Ok(())
        })?;
        Ok((value, id))
    }

    /// Takes the id and the extensions of a primitive element.
    #[cold]
    fn primitive_element(
        &mut self,
        tag: &Tag<'a>,
        id: Option<Attribute<'a>>,
        slot: &mut dyn ObjectPrimitive,
    ) -> Result<(), ReadError> {
        let element = slot.sibling_mut();
        self.enter_primitive(id.is_some())?;
        if let Some(attribute) = id
            && let Some(place) = element.info().slot("id")
        {
            let store = &mut *self.store;
            let read = element.fill(place, AttributeReader { attribute, store });
            read.map_err(|error| error.within("id"))?;
        }
        if !tag.empty {
            self.children(element)?;
        }
        self.leave();
        if slot.sibling().is_none() {
            slot.clear_sibling();
        }
        Ok(())
    }

    /// Takes the `div` of a narrative as a string.
    pub(crate) fn narrative(&mut self, tag: &Tag<'a>) -> Result<String, ReadError> {
        if tag.namespace != Namespace::Xhtml {
            return Err(other_namespace(tag, XHTML));
        }
        let note = self.note;
        let fragment = self.events.fragment(*tag)?;
        let raw = normalise_line_ends(fragment.raw(&self.events));
        // Whoever wrote the note wrote an element that stands for itself.
        let note = note.filter(|_| fragment.stands_for_itself());
        if let Some(text) = note.and_then(|note| from_noted_markup(&raw, note)) {
            return Ok(text);
        }
        let text = fragment.self_contained(&self.events, Namespace::Xhtml, Namespace::None)?;
        Ok(normalise_line_ends(&text))
    }
}

/// Takes the text of a scalar.
#[inline]
fn scalar<T: Scalar>(
    text: &str,
    offset: usize,
    version: FhirVersion,
    store: &mut TextCache,
) -> Result<T, ReadError> {
    T::read(text, version, store).map_err(|_| invalid(T::TYPE, text, offset))
}

/// Takes the text of a scalar of any type.
fn any_scalar(
    text: &str,
    offset: usize,
    version: FhirVersion,
    store: &mut TextCache,
    slot: &mut dyn ScalarSlot,
) -> Result<(), ReadError> {
    slot.read(text, version, store)
        .map_err(|_| invalid(slot.scalar_type(), text, offset))
}

/// The error for a text that is no value of a type.
#[cold]
pub(crate) fn invalid(expected: ScalarType, text: &str, offset: usize) -> ReadError {
    let kind = if text.is_empty() {
        ReadErrorKind::Empty { what: "value" }
    } else {
        ReadErrorKind::InvalidValue {
            expected,
            found: "another text",
        }
    };
    ReadError::new(kind, offset)
}

#[cold]
pub(crate) fn empty_element(offset: usize) -> ReadError {
    ReadError::new(ReadErrorKind::Empty { what: "element" }, offset)
}

/// Refuses an attribute that the version does not define, or keeps it.
#[cold]
pub(crate) fn unknown_attribute(
    events: &Events<'_>,
    attribute: Attribute<'_>,
    keep: bool,
    findings: &mut Vec<Finding>,
) -> Result<(), ReadError> {
    if !keep {
        let error = ReadError::new(ReadErrorKind::UnknownAttribute, attribute.offset);
        return Err(error.within(path_name(attribute.name)));
    }
    events.check_prefix(&attribute)?;
    let value = attribute.value()?.into_owned();
    let unknown = UnknownElement::new(attribute.name, Unread::XmlAttribute(value));
    findings.push(unknown.into());
    Ok(())
}

/// Takes an attribute of the root that is no element: one that only says where a schema is may
/// stand there in any document.
#[cold]
pub(crate) fn root_attribute(
    events: &Events<'_>,
    attribute: Attribute<'_>,
    keep: bool,
    findings: &mut Vec<Finding>,
) -> Result<(), ReadError> {
    let (prefix, name) = attribute.prefix_and_local();
    if events.namespaces.lookup(prefix) == Some(Namespace::SchemaInstance)
        && matches!(name, "schemaLocation" | "noNamespaceSchemaLocation")
    {
        return attribute.value().map(drop);
    }
    unknown_attribute(events, attribute, keep, findings)
}

pub(crate) fn expect_fhir(tag: &Tag<'_>) -> Result<(), ReadError> {
    if tag.namespace == Namespace::Fhir {
        return Ok(());
    }
    Err(other_namespace(tag, FHIR))
}

/// The error for an element that is not in the namespace that it must be in.
#[cold]
fn other_namespace(tag: &Tag<'_>, expected: &'static str) -> ReadError {
    let found = match tag.namespace {
        Namespace::None => "one in no namespace",
        Namespace::Fhir => "one in that of FHIR",
        Namespace::Xhtml => "one in that of XHTML",
        Namespace::SchemaInstance | Namespace::Other => "one in another",
    };
    ReadError::new(ReadErrorKind::Namespace { expected, found }, tag.offset)
}

/// Whether the content of an element means the same wherever it stands: it has no names with prefixes,
/// and no comments, in which quotation marks need not come in pairs.
#[cold]
fn means_the_same_everywhere(content: &str) -> bool {
    let mut quote = None;
    let prefixed = content.bytes().any(|byte| match (quote, byte) {
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (Some(open), byte) if open == byte => {
            quote = None;
            false
        }
        (None, b':' | b'!' | b'?') => true,
        _ => false,
    });
    !prefixed
}

/// Whether a field is XHTML.
#[cold]
fn is_xhtml(info: &'static TypeInfo, field: u8) -> bool {
    matches!(
        info.fields[usize::from(field)].types,
        [FieldType::Scalar(ScalarType::Xhtml, _)]
    )
}

/// The name of a field for a path: without the `[x]` of a choice.
fn field_name(info: &'static TypeInfo, field: u8) -> &'static str {
    info.fields[usize::from(field)].stem()
}

/// The error for an element that may not stand behind `after`: one that the definition puts before
/// it, or the same again, or another type of the same choice.
#[cold]
pub(crate) fn misplaced(
    element: &'static str,
    after: &'static str,
    choice: bool,
    offset: usize,
) -> ReadError {
    let kind = if element != after {
        ReadErrorKind::OutOfOrder { element, after }
    } else if choice {
        ReadErrorKind::SecondValue
    } else {
        ReadErrorKind::DuplicateElement
    };
    ReadError::new(kind, offset).within(element)
}

impl Reader for FieldReader<'_, '_> {
    type Error = ReadError;

    fn any_attribute(self, _slot: &mut dyn ScalarSlot) -> Result<(), ReadError> {
        // Attributes never come here: their slots are told apart before.
        Err(ReadError::new(
            ReadErrorKind::UnknownElement,
            self.reader.events.start,
        ))
    }

    fn any_primitive(self, slot: &mut dyn ObjectPrimitive) -> Result<(), ReadError> {
        self.reader.any_primitive(slot)
    }

    fn any_primitives(self, slot: &mut dyn ObjectPrimitives) -> Result<(), ReadError> {
        let index = slot.count();
        let entry = slot.push();
        self.reader
            .list_entry(index, |reader| reader.any_primitive(entry))
    }

    fn any_element(self, slot: &mut dyn ObjectElement) -> Result<(), ReadError> {
        self.reader.element(slot)
    }

    fn any_elements(self, slot: &mut dyn ObjectElements) -> Result<(), ReadError> {
        let index = slot.count();
        let entry = slot.push();
        self.reader
            .list_entry(index, |reader| reader.element(entry))
    }

    fn resources(self, slot: &mut Vec<Resource>) -> Result<(), ReadError> {
        let tag = self.reader.events.tag;
        self.reader.list_entry(slot.len(), |reader| {
            slot.push(reader.contained(&tag)?);
            Ok(())
        })
    }

    /// A second one is refused before, by its place.
    fn second_value(self) -> ReadError {
        ReadError::new(ReadErrorKind::SecondValue, self.reader.events.start)
    }

    #[inline]
    fn primitive<T: Scalar, E: Element>(self, slot: &mut Primitive<T, E>) -> Result<(), ReadError> {
        self.reader.primitive(slot)
    }

    #[inline]
    fn element<T: Element>(self, slot: &mut T) -> Result<(), ReadError> {
        self.reader.element(slot)
    }

    fn shared<T: Element>(self, slot: &mut Option<Shared<T>>) -> Result<(), ReadError> {
        self.reader.shared(slot)
    }

    fn elements<T: Element>(self, slot: &mut Vec<T>) -> Result<(), ReadError> {
        let index = slot.len();
        let entry = push_default(slot);
        self.reader
            .list_entry(index, |reader| reader.element(entry))
    }
}

impl Reader for AttributeReader<'_, '_> {
    type Error = ReadError;

    fn any_attribute(self, slot: &mut dyn ScalarSlot) -> Result<(), ReadError> {
        let text = self.attribute.value()?;
        let offset = self.attribute.value_offset;
        any_scalar(&text, offset, FhirVersion::R6, self.store, slot)
    }

    fn any_primitive(self, _: &mut dyn ObjectPrimitive) -> Result<(), ReadError> {
        Err(self.second_value())
    }

    fn any_primitives(self, _: &mut dyn ObjectPrimitives) -> Result<(), ReadError> {
        Err(self.second_value())
    }

    fn any_element(self, _: &mut dyn ObjectElement) -> Result<(), ReadError> {
        Err(self.second_value())
    }

    fn any_elements(self, _: &mut dyn ObjectElements) -> Result<(), ReadError> {
        Err(self.second_value())
    }

    fn resources(self, _: &mut Vec<Resource>) -> Result<(), ReadError> {
        Err(self.second_value())
    }

    /// Elements never come here: the caller tells them apart.
    fn second_value(self) -> ReadError {
        ReadError::new(ReadErrorKind::UnknownAttribute, self.attribute.offset)
    }
}
