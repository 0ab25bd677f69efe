//! Reading elements: the JSON rules for each shape of field.

use std::borrow::Cow;

use imaging_study_core::{
    Element, FhirString, FhirVersion, FieldSet, JsonType, ObjectElement, ObjectElements,
    ObjectPrimitive, ObjectPrimitives, Primitive, PrimitiveRef, ReadError, ReadErrorKind, Reader,
    Resource, Scalar, ScalarSlot, ScalarType, Shared, Target, TypeInfo, UnknownElement, Unread,
    push_default, safe_name,
};

use crate::parser::Parser;

/// Stands before the value of one member.
struct FieldReader<'p, 'a> {
    parser: &'p mut Parser<'a>,
    /// Whether the member is `_x`, the ids and extensions of a primitive.
    sibling: bool,
    field: u8,
    seen: &'p mut FieldSet,
}

impl Parser<'_> {
    /// Takes an object into an element that others may share.
    fn shared<T: Element>(&mut self, slot: &mut Option<Shared<T>>) -> Result<(), ReadError> {
        if let Some(value) = self.known() {
            *slot = Some(value);
            return Ok(());
        }
        let (start, known) = (self.offset(), self.findings.len());
        let mut value = T::default();
        self.object(&mut value)?;
        let value = Shared::new(value);
        // What was found in it has to be reported for each place where it stands.
        if self.findings.len() == known {
            self.keep(start, &value);
        }
        *slot = Some(value);
        Ok(())
    }

    /// Takes an object into an element.
    pub(crate) fn object<T: Target + ?Sized>(&mut self, element: &mut T) -> Result<(), ReadError> {
        if self.peek() != Some(b'{') {
            return Err(self.wrong_type(format!("an object ({})", element.info().name)));
        }
        self.enter()?;
        let start = self.offset();
        self.eat(b'{');
        let mut seen = FieldSet::default();
        let mut typed = false;
        if self.eat(b'}') {
            return Err(ReadError::new(
                ReadErrorKind::Empty { what: "object" },
                start,
            ));
        }
        loop {
            let offset = self.offset();
            let name = self.member_name()?;
            let (stem, sibling) = match name.strip_prefix('_') {
                Some(stem) => (stem, true),
                None => (&*name, false),
            };
            let (known, mark) = (self.findings.len(), self.mark());
            if let Some(slot) = element.slot(stem) {
                if seen.insert(slot.field, sibling) {
                    let reader = FieldReader {
                        parser: &mut *self,
                        sibling,
                        field: slot.field,
                        seen: &mut seen,
                    };
                    if let Err(error) = element.fill(slot, reader) {
                        self.pass(error, mark).map_err(|error| {
                            error.within(field_name(element.info(), slot.field))
                        })?;
                    }
                    if self.findings.len() > known {
                        self.place(known, |path| {
                            path.prepend_name(field_name(element.info(), slot.field))
                        });
                    }
                } else {
                    let error = second_member(element.info(), slot.field, offset);
                    self.pass(error, mark)?;
                }
            } else if name == "fhir_comments"
                && let Some(comments) = element.comments_mut()
            {
                if let Err(error) = self.comments(comments, offset) {
                    self.pass(error.within("fhir_comments"), mark)?;
                }
            } else if let Err(error) =
                self.other_member(element.info(), &name, offset, start, &mut typed)
            {
                self.pass(error, mark)?;
            }
            if !self.another(b'}')? {
                break;
            }
        }
        if let Some(field) = seen.open_hole() {
            return Err(ReadError::new(ReadErrorKind::EmptyEntry, start)
                .within(field_name(element.info(), field)));
        }
        if element.info().resource && !typed {
            return Err(ReadError::new(ReadErrorKind::MissingResourceType, start));
        }
        self.leave();
        Ok(())
    }

    /// Takes the comments that an element of DSTU2 can have; their name stands at `offset`.
    #[cold]
    fn comments(&mut self, comments: &mut Vec<FhirString>, offset: usize) -> Result<(), ReadError> {
        if !comments.is_empty() {
            return Err(ReadError::new(ReadErrorKind::DuplicateMember, offset));
        }
        self.array(
            || "an array of comments".into(),
            |parser, _| {
                comments.push(parser.scalar(FhirVersion::Dstu2)?);
                Ok(())
            },
        )?;
        Ok(())
    }

    /// Takes a member that is no element: the type of the resource, or something unknown.
    fn other_member(
        &mut self,
        info: &'static TypeInfo,
        name: &str,
        offset: usize,
        object: usize,
        typed: &mut bool,
    ) -> Result<(), ReadError> {
        if info.resource && name == "resourceType" {
            let expected = info.name;
            if *typed {
                return Err(
                    ReadError::new(ReadErrorKind::DuplicateMember, offset).within("resourceType")
                );
            }
            *typed = true;
            let at = self.offset();
            if self.peek() != Some(b'"') {
                return Err(self
                    .wrong_type("the type of a resource")
                    .within("resourceType"));
            }
            if self.string()? != expected {
                return Err(
                    ReadError::new(ReadErrorKind::OtherResourceType { expected }, at)
                        .within("resourceType"),
                );
            }
            return Ok(());
        }
        if !self.keep_unknown {
            return Err(
                ReadError::new(ReadErrorKind::UnknownElement, offset).within(safe_name(name))
            );
        }
        if !self.unknown_names.insert((object, name.into())) {
            return Err(
                ReadError::new(ReadErrorKind::DuplicateMember, offset).within(safe_name(name))
            );
        }
        let value = self.json().map_err(|error| error.within(safe_name(name)))?;
        let unknown = UnknownElement::new(name, Unread::Json(value));
        self.findings.push(unknown.into());
        Ok(())
    }

    /// Completes the paths of what was found since there were `known` findings.
    #[cold]
    fn place(&mut self, known: usize, prepend: impl Fn(&mut imaging_study_core::ElementPath)) {
        for finding in &mut self.findings[known..] {
            prepend(finding.path_mut());
        }
    }

    /// Takes a scalar.
    #[inline]
    fn scalar<T: Scalar>(&mut self, version: FhirVersion) -> Result<T, ReadError> {
        let offset = self.offset();
        match (T::TYPE.json(), self.peek()) {
            (JsonType::String, Some(b'"')) => match self.plain_string() {
                Some(text) => T::read(text, version, self.store)
                    .map_err(|_| invalid_text(T::TYPE, text, offset)),
                None => self.escaped_scalar(version),
            },
            (JsonType::Number, Some(b'-' | b'0'..=b'9')) => {
                let text = self.number();
                T::read(text, version, self.store)
                    .map_err(|_| invalid_number(T::TYPE, text, offset))
            }
            (JsonType::Boolean, Some(b't')) => self.boolean("true"),
            (JsonType::Boolean, Some(b'f')) => self.boolean("false"),
            _ => Err(self.wrong_type(T::TYPE.grammar())),
        }
    }

    #[cold]
    fn escaped_scalar<T: Scalar>(&mut self, version: FhirVersion) -> Result<T, ReadError> {
        let offset = self.offset();
        let text = self.escaped_string()?;
        T::read(&text, version, self.store).map_err(|_| invalid_text(T::TYPE, &text, offset))
    }

    fn boolean<T: Scalar>(&mut self, word: &'static str) -> Result<T, ReadError> {
        let offset = self.offset();
        self.literal(word)?;
        T::read(word, FhirVersion::R4, self.store).map_err(|_| invalid_text(T::TYPE, word, offset))
    }

    /// Takes a scalar of any type.
    fn any_scalar(
        &mut self,
        version: FhirVersion,
        slot: &mut dyn ScalarSlot,
    ) -> Result<(), ReadError> {
        let offset = self.offset();
        let scalar = slot.scalar_type();
        match (scalar.json(), self.peek()) {
            (JsonType::String, Some(b'"')) => match self.plain_string() {
                Some(text) => slot
                    .read(text, version, self.store)
                    .map_err(|_| invalid_text(scalar, text, offset)),
                None => {
                    let text = self.escaped_string()?;
                    slot.read(&text, version, self.store)
                        .map_err(|_| invalid_text(scalar, &text, offset))
                }
            },
            (JsonType::Number, Some(b'-' | b'0'..=b'9')) => {
                let text = self.number();
                slot.read(text, version, self.store)
                    .map_err(|_| invalid_number(scalar, text, offset))
            }
            (JsonType::Boolean, Some(first @ (b't' | b'f'))) => {
                let word = if first == b't' { "true" } else { "false" };
                self.literal(word)?;
                slot.read(word, version, self.store)
                    .map_err(|_| invalid_text(scalar, word, offset))
            }
            _ => Err(self.wrong_type(scalar.grammar())),
        }
    }

    /// Takes an array, entry by entry.
    #[inline]
    fn array(
        &mut self,
        expected: impl FnOnce() -> Cow<'static, str>,
        mut entry: impl FnMut(&mut Self, usize) -> Result<(), ReadError>,
    ) -> Result<usize, ReadError> {
        if self.peek() != Some(b'[') {
            return Err(self.wrong_type(expected()));
        }
        let start = self.offset();
        self.eat(b'[');
        if self.eat(b']') {
            return Err(ReadError::new(
                ReadErrorKind::Empty { what: "array" },
                start,
            ));
        }
        let mut length = 0;
        loop {
            let (known, mark) = (self.findings.len(), self.mark());
            if let Err(error) = entry(self, length) {
                self.pass(error, mark).map_err(|error| error.at(length))?;
            }
            if self.findings.len() > known {
                self.place(known, |path| path.prepend_index(length));
            }
            length += 1;
            if !self.another(b']')? {
                return Ok(length);
            }
        }
    }
}

/// The error for a text that is no value of a type.
#[cold]
fn invalid_text(expected: ScalarType, text: &str, offset: usize) -> ReadError {
    let kind = if text.is_empty() {
        ReadErrorKind::Empty { what: "string" }
    } else {
        ReadErrorKind::InvalidValue {
            expected,
            found: "another text",
        }
    };
    ReadError::new(kind, offset)
}

/// The error for a number that is no value of a type.
#[cold]
fn invalid_number(expected: ScalarType, text: &str, offset: usize) -> ReadError {
    if !ScalarType::Decimal.allows(text, FhirVersion::R4) {
        return not_a_number(offset);
    }
    let kind = ReadErrorKind::InvalidValue {
        expected,
        found: "another number",
    };
    ReadError::new(kind, offset)
}

/// The error for digits and signs that are no JSON number.
#[cold]
pub(crate) fn not_a_number(offset: usize) -> ReadError {
    ReadError::new(
        ReadErrorKind::Syntax {
            expected: "a number",
            found: "another spelling",
        },
        offset,
    )
}

/// The name of a field for a path: without the `[x]` of a choice.
fn field_name(info: &'static TypeInfo, field: u8) -> &'static str {
    info.fields[usize::from(field)].stem()
}

/// The error for a second member of a field: the same name again, or another type of a choice.
#[cold]
fn second_member(info: &'static TypeInfo, field: u8, offset: usize) -> ReadError {
    let choice = info.fields[usize::from(field)].types.len() > 1;
    let kind = if choice {
        ReadErrorKind::SecondValue
    } else {
        ReadErrorKind::DuplicateMember
    };
    ReadError::new(kind, offset).within(field_name(info, field))
}

impl FieldReader<'_, '_> {
    fn no_sibling(&self) -> Result<(), ReadError> {
        if self.sibling {
            return Err(self.parser.error(ReadErrorKind::NotPrimitive));
        }
        Ok(())
    }
}

impl Reader for FieldReader<'_, '_> {
    type Error = ReadError;

    fn any_attribute(self, slot: &mut dyn ScalarSlot) -> Result<(), ReadError> {
        self.no_sibling()?;
        self.parser.any_scalar(FhirVersion::R6, slot)
    }

    fn any_primitive(self, slot: &mut dyn ObjectPrimitive) -> Result<(), ReadError> {
        if self.sibling {
            return self.parser.object(slot.sibling_mut());
        }
        let version = slot.version();
        self.parser.any_scalar(version, slot.value_mut())
    }

    fn any_primitives(self, slot: &mut dyn ObjectPrimitives) -> Result<(), ReadError> {
        let Self {
            parser,
            sibling,
            field,
            seen,
        } = self;
        let start = parser.offset();
        let second = seen.has_both(field);
        let (scalar, version, first_length) = (slot.scalar_type(), slot.version(), slot.count());
        let mut hole = None;
        let length = parser.array(
            || format!("an array of {scalar}").into(),
            |parser, index| {
                if index >= slot.count() {
                    slot.push();
                }
                let Some(entry) = slot.get_mut(index) else {
                    return Ok(());
                };
                if parser.peek() == Some(b'n') {
                    parser.literal("null")?;
                } else if sibling {
                    parser.object(entry.sibling_mut())?;
                } else {
                    parser.any_scalar(version, entry.value_mut())?;
                }
                if PrimitiveRef::of(entry).is_absent() {
                    hole.get_or_insert(index);
                }
                Ok(())
            },
        )?;
        if second && length != first_length {
            let (values, elements) = if sibling {
                (first_length, length)
            } else {
                (length, first_length)
            };
            return Err(ReadError::new(
                ReadErrorKind::LengthsDiffer { values, elements },
                start,
            ));
        }
        match hole {
            Some(index) if second => {
                Err(ReadError::new(ReadErrorKind::EmptyEntry, start).at(index))
            }
            Some(_) => {
                seen.set_hole(field);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn any_element(self, slot: &mut dyn ObjectElement) -> Result<(), ReadError> {
        self.no_sibling()?;
        self.parser.object(slot)
    }

    fn any_elements(self, slot: &mut dyn ObjectElements) -> Result<(), ReadError> {
        self.no_sibling()?;
        let info = slot.info();
        self.parser.array(
            || format!("an array of {}", info.name).into(),
            |parser, _| parser.object(slot.push()),
        )?;
        Ok(())
    }

    fn resources(self, slot: &mut Vec<Resource>) -> Result<(), ReadError> {
        self.no_sibling()?;
        self.parser.array(
            || "an array of resources".into(),
            |parser, _| {
                slot.push(parser.resource()?);
                Ok(())
            },
        )?;
        Ok(())
    }

    fn second_value(self) -> ReadError {
        self.parser.error(ReadErrorKind::SecondValue)
    }

    #[inline]
    fn primitive<T: Scalar, E: Element>(self, slot: &mut Primitive<T, E>) -> Result<(), ReadError> {
        if self.sibling {
            return self.any_primitive(slot);
        }
        slot.value = Some(self.parser.scalar(E::VERSION)?);
        Ok(())
    }

    #[inline]
    fn element<T: Element>(self, slot: &mut T) -> Result<(), ReadError> {
        self.no_sibling()?;
        self.parser.object(slot)
    }

    #[inline]
    fn shared<T: Element>(self, slot: &mut Option<Shared<T>>) -> Result<(), ReadError> {
        self.no_sibling()?;
        self.parser.shared(slot)
    }

    fn elements<T: Element>(self, slot: &mut Vec<T>) -> Result<(), ReadError> {
        self.no_sibling()?;
        self.parser.array(
            || format!("an array of {}", T::info().name).into(),
            |parser, _| parser.object(push_default(slot)),
        )?;
        Ok(())
    }
}
