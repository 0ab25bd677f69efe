//! Writing elements: the JSON rules for each shape of field.

use imaging_study_core::{
    Element, ElementRef, FhirString, Json, JsonType, Name, ObjectElements, ObjectPrimitives,
    Primitive, PrimitiveRef, Resource, Scalar, ScalarRef, Shared, WriteError, Writer, json_number,
};

use crate::escape::write_string;

/// Writes the members of JSON objects to a text.
pub(crate) struct JsonWriter {
    pub(crate) out: String,
    /// The current indentation, in levels; `None` writes no white space at all.
    indent: Option<usize>,
    /// Whether the next member or entry is the first of its object or array.
    first: bool,
    /// The shared value written last.
    shared: Option<Written>,
}

/// Where a shared value stands in the output.
#[derive(Clone, Copy)]
struct Written {
    /// The address of the value, which lives as long as what is written.
    address: usize,
    indent: Option<usize>,
    start: usize,
    end: usize,
}

impl JsonWriter {
    pub(crate) fn new(pretty: bool, capacity: usize) -> Self {
        Self {
            out: String::with_capacity(capacity),
            indent: pretty.then_some(0),
            first: true,
            shared: None,
        }
    }

    fn new_line(&mut self) {
        if let Some(levels) = self.indent {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", levels));
        }
    }

    #[inline]
    fn open(&mut self, bracket: char) {
        self.out.push(bracket);
        self.first = true;
        if let Some(levels) = &mut self.indent {
            *levels += 1;
        }
    }

    #[inline]
    fn close(&mut self, bracket: char) {
        if let Some(levels) = &mut self.indent {
            *levels -= 1;
            self.new_line();
        }
        self.out.push(bracket);
        self.first = false;
    }

    /// Begins a member or an entry.
    #[inline(always)]
    fn next(&mut self) {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        if self.indent.is_some() {
            self.new_line();
        }
    }

    // Inlined, so that the names are constants and each push is a few stores.
    #[inline(always)]
    fn name(&mut self, name: Name, opening: &'static str) {
        self.out.reserve(name.stem.len() + name.suffix.len() + 6);
        self.next();
        self.out.push_str(opening);
        self.out.push_str(name.stem);
        if !name.suffix.is_empty() {
            self.out.push_str(name.suffix);
        }
        self.out.push_str("\":");
        if self.indent.is_some() {
            self.out.push(' ');
        }
    }

    /// Writes a scalar. Its type says what it ought to be, only its text what it is: a text that is no
    /// number or boolean of JSON is written as a string, and every string is searched for what JSON
    /// escapes.
    #[inline]
    fn scalar<T: Scalar>(&mut self, value: &T) {
        value.with_text(|text| self.scalar_text(T::TYPE.json(), text));
    }

    #[inline(always)]
    fn scalar_text(&mut self, json: JsonType, text: &str) {
        match json {
            JsonType::Boolean if matches!(text, "true" | "false") => self.out.push_str(text),
            JsonType::Number => match json_number(text) {
                Some(number) => self.out.push_str(number),
                None => write_string(&mut self.out, text),
            },
            JsonType::Boolean | JsonType::String => write_string(&mut self.out, text),
        }
    }

    fn any_scalar(&mut self, value: ScalarRef<'_>) {
        self.scalar_text(value.scalar_type().json(), &value.text());
    }

    /// Writes an object.
    pub(crate) fn object<T: Element>(&mut self, element: &T) -> Result<(), WriteError> {
        self.object_with(T::RESOURCE, |writer| element.write(writer))
    }

    /// Writes an object of any type.
    fn any_object(&mut self, element: ElementRef<'_>) -> Result<(), WriteError> {
        let info = element.info();
        let resource_type = info.resource.then_some(info.name);
        self.object_with(resource_type, |writer| element.write(writer))
    }

    #[inline(always)]
    fn object_with(
        &mut self,
        resource_type: Option<&'static str>,
        write: impl FnOnce(&mut Self) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.open('{');
        let start = self.out.len();
        if let Some(resource_type) = resource_type {
            self.name(Name::plain("resourceType"), "\"");
            write_string(&mut self.out, resource_type);
        }
        write(self)?;
        if self.out.len() == start {
            return Err(WriteError::empty());
        }
        self.close('}');
        Ok(())
    }

    #[cold]
    fn sibling(&mut self, name: Name, element: Option<ElementRef<'_>>) -> Result<(), WriteError> {
        let Some(element) = element else {
            return Ok(());
        };
        self.name(name, "\"_");
        self.any_object(element)
            .map_err(|error| error.within(name.to_string()))
    }

    fn array<I>(
        &mut self,
        entries: impl Iterator<Item = I>,
        mut entry: impl FnMut(&mut Self, I) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.open('[');
        for (index, item) in entries.enumerate() {
            self.next();
            entry(self, item).map_err(|error| error.at(index))?;
        }
        self.close(']');
        Ok(())
    }

    /// Writes any value.
    pub(crate) fn json(&mut self, value: &Json) {
        match value {
            Json::Null => self.out.push_str("null"),
            Json::Boolean(true) => self.out.push_str("true"),
            Json::Boolean(false) => self.out.push_str("false"),
            Json::Number(number) => self.out.push_str(number.as_str()),
            Json::String(text) => write_string(&mut self.out, text),
            Json::Array(entries) if entries.is_empty() => self.out.push_str("[]"),
            Json::Array(entries) => {
                self.open('[');
                for entry in entries {
                    self.next();
                    self.json(entry);
                }
                self.close(']');
            }
            Json::Object(members) => self.json_members(members),
        }
    }

    fn json_members(&mut self, members: &[(impl AsRef<str>, Json)]) {
        if members.is_empty() {
            self.out.push_str("{}");
            return;
        }
        self.open('{');
        for (name, value) in members {
            self.next();
            write_string(&mut self.out, name.as_ref());
            self.out
                .push_str(if self.indent.is_some() { ": " } else { ":" });
            self.json(value);
        }
        self.close('}');
    }
}

/// The error for a resource that is kept as XML.
#[cold]
fn unknown_resource(resource: &Resource) -> WriteError {
    WriteError::not_expressible(format!(
        "a resource of the unknown type {}, read from XML, cannot be written as JSON",
        resource.resource_type()
    ))
}

impl Writer for JsonWriter {
    type Error = WriteError;

    fn any_attribute(&mut self, name: Name, value: ScalarRef<'_>) -> Result<(), WriteError> {
        self.name(name, "\"");
        self.any_scalar(value);
        Ok(())
    }

    fn any_primitive(&mut self, name: Name, value: PrimitiveRef<'_>) -> Result<(), WriteError> {
        if let Some(scalar) = value.value() {
            self.name(name, "\"");
            self.any_scalar(scalar);
        }
        self.sibling(name, value.element())
    }

    fn any_primitives(
        &mut self,
        name: Name,
        values: &dyn ObjectPrimitives,
    ) -> Result<(), WriteError> {
        if let Some(index) = values.entries().position(PrimitiveRef::is_absent) {
            return Err(WriteError::empty().at(index).within(name.to_string()));
        }
        // Where no entry has a value, the list of values is nulls alone: whoever reads the lists side
        // by side needs both.
        self.name(name, "\"");
        self.array(values.entries(), |writer, entry| {
            match entry.value() {
                Some(scalar) => writer.any_scalar(scalar),
                None => writer.out.push_str("null"),
            }
            Ok(())
        })?;
        let elements = || values.entries().map(PrimitiveRef::element);
        if elements().any(|element| element.is_some()) {
            self.name(name, "\"_");
            self.array(elements(), |writer, element| match element {
                Some(element) => writer.any_object(element),
                None => {
                    writer.out.push_str("null");
                    Ok(())
                }
            })
            .map_err(|error| error.within(name.to_string()))?;
        }
        Ok(())
    }

    fn any_element(&mut self, name: Name, value: ElementRef<'_>) -> Result<(), WriteError> {
        self.name(name, "\"");
        self.any_object(value)
            .map_err(|error| error.within(name.to_string()))
    }

    fn any_elements(&mut self, name: Name, values: &dyn ObjectElements) -> Result<(), WriteError> {
        self.name(name, "\"");
        self.array(values.entries(), Self::any_object)
            .map_err(|error| error.within(name.to_string()))
    }

    fn resources(&mut self, name: Name, values: &[Resource]) -> Result<(), WriteError> {
        self.name(name, "\"");
        self.array(values.iter(), |writer, value| {
            if value.xml().is_some() {
                return Err(unknown_resource(value));
            }
            writer.json_members(value.members());
            Ok(())
        })
        .map_err(|error| error.within(name.to_string()))
    }

    fn comments(&mut self, comments: &[FhirString]) -> Result<(), WriteError> {
        if comments.is_empty() {
            return Ok(());
        }
        self.name(Name::plain("fhir_comments"), "\"");
        self.array(comments.iter(), |writer, comment| {
            write_string(&mut writer.out, comment.as_str());
            Ok(())
        })
    }

    fn attribute<T: Scalar>(&mut self, name: Name, value: &T) -> Result<(), WriteError> {
        self.name(name, "\"");
        self.scalar(value);
        Ok(())
    }

    #[inline(always)]
    fn primitive<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        value: &Primitive<T, E>,
    ) -> Result<(), WriteError> {
        if let Some(scalar) = &value.value {
            self.name(name, "\"");
            self.scalar(scalar);
        }
        match &value.element {
            None => Ok(()),
            Some(_) => self.sibling(name, PrimitiveRef::new(value).element()),
        }
    }

    #[inline]
    fn element<T: Element>(&mut self, name: Name, value: &T) -> Result<(), WriteError> {
        self.name(name, "\"");
        self.object(value)
            .map_err(|error| error.within(name.to_string()))
    }

    fn shared<T: Element>(&mut self, name: Name, value: &Shared<T>) -> Result<(), WriteError> {
        self.name(name, "\"");
        let (address, indent) = (value.address(), self.indent);
        if let Some(last) = self.shared
            && last.address == address
            && last.indent == indent
        {
            self.out.extend_from_within(last.start..last.end);
            return Ok(());
        }
        let start = self.out.len();
        self.object(&**value)
            .map_err(|error| error.within(name.to_string()))?;
        let end = self.out.len();
        self.shared = Some(Written {
            address,
            indent,
            start,
            end,
        });
        Ok(())
    }

    fn elements<T: Element>(&mut self, name: Name, values: &Vec<T>) -> Result<(), WriteError> {
        self.name(name, "\"");
        self.array(values.iter(), |writer, value| writer.object(value))
            .map_err(|error| error.within(name.to_string()))
    }
}
