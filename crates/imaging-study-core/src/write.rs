//! The writing side of a codec.

use std::borrow::Cow;
use std::fmt;

use crate::{
    Content, Element, ElementRef, FhirString, FieldRef, ObjectElements, ObjectPrimitives,
    Primitive, PrimitiveRef, Resource, Scalar, ScalarRef, Shared,
};

/// The name of an element, in two parts so that a choice needs no text of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name, or the name of a choice without its type: `value`.
    pub stem: &'static str,
    /// The type of a choice with its first letter in upper case: `String`; else empty.
    pub suffix: &'static str,
}

impl Name {
    /// The name of an element that is no choice.
    #[must_use]
    pub const fn plain(stem: &'static str) -> Self {
        Self { stem, suffix: "" }
    }

    /// The name as one text; allocated only for a choice.
    #[must_use]
    pub fn to_text(self) -> Cow<'static, str> {
        if self.suffix.is_empty() {
            Cow::Borrowed(self.stem)
        } else {
            Cow::Owned(format!("{}{}", self.stem, self.suffix))
        }
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        other.strip_prefix(self.stem) == Some(self.suffix)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.stem)?;
        formatter.write_str(self.suffix)
    }
}

/// Writes the fields of one element to a format; each method writes one shape of field that has
/// something in it.
///
/// As with [`Reader`](crate::Reader), the methods that begin with `any` are the rules of the format,
/// whatever the type, and the others do the same for a type that the compiler knows.
pub trait Writer {
    /// What goes wrong.
    type Error;

    /// Writes a value that XML writes as an attribute.
    ///
    /// # Errors
    ///
    /// The output fails.
    fn any_attribute(&mut self, name: Name, value: ScalarRef<'_>) -> Result<(), Self::Error>;

    /// Writes a primitive element.
    ///
    /// # Errors
    ///
    /// The output fails.
    fn any_primitive(&mut self, name: Name, value: PrimitiveRef<'_>) -> Result<(), Self::Error>;

    /// Writes a repeating primitive element.
    ///
    /// # Errors
    ///
    /// An entry is empty, or the output fails.
    fn any_primitives(
        &mut self,
        name: Name,
        values: &dyn ObjectPrimitives,
    ) -> Result<(), Self::Error>;

    /// Writes a complex element.
    ///
    /// # Errors
    ///
    /// The element is empty, or the output fails.
    fn any_element(&mut self, name: Name, value: ElementRef<'_>) -> Result<(), Self::Error>;

    /// Writes a repeating complex element.
    ///
    /// # Errors
    ///
    /// An entry is empty, or the output fails.
    fn any_elements(&mut self, name: Name, values: &dyn ObjectElements) -> Result<(), Self::Error>;

    /// Writes contained resources.
    ///
    /// # Errors
    ///
    /// The output fails.
    fn resources(&mut self, name: Name, values: &[Resource]) -> Result<(), Self::Error>;

    /// Writes the comments of the element whose fields are written. A format without a place for
    /// them, or with one outside the element, does nothing here.
    ///
    /// # Errors
    ///
    /// The output fails.
    fn comments(&mut self, comments: &[FhirString]) -> Result<(), Self::Error> {
        let _ = comments;
        Ok(())
    }

    /// Writes what [`any_attribute`](Self::any_attribute) writes.
    ///
    /// # Errors
    ///
    /// The output fails.
    fn attribute<T: Scalar>(&mut self, name: Name, value: &T) -> Result<(), Self::Error> {
        self.any_attribute(name, ScalarRef::new(value))
    }

    /// Writes what [`any_primitive`](Self::any_primitive) writes.
    ///
    /// # Errors
    ///
    /// The output fails.
    fn primitive<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        value: &Primitive<T, E>,
    ) -> Result<(), Self::Error> {
        self.any_primitive(name, PrimitiveRef::new(value))
    }

    /// Writes what [`any_element`](Self::any_element) writes.
    ///
    /// # Errors
    ///
    /// The element is empty, or the output fails.
    fn element<T: Element>(&mut self, name: Name, value: &T) -> Result<(), Self::Error> {
        self.any_element(name, ElementRef::new(value))
    }

    /// Writes a complex element that others may share. A writer that has written the same value
    /// before may repeat what it wrote.
    ///
    /// # Errors
    ///
    /// The element is empty, or the output fails.
    fn shared<T: Element>(&mut self, name: Name, value: &Shared<T>) -> Result<(), Self::Error> {
        self.element(name, &**value)
    }

    /// Writes what [`any_elements`](Self::any_elements) writes.
    ///
    /// # Errors
    ///
    /// An entry is empty, or the output fails.
    fn elements<T: Element>(&mut self, name: Name, values: &Vec<T>) -> Result<(), Self::Error> {
        self.any_elements(name, values)
    }
}

impl Content<'_> {
    /// Has `writer` write the field, if there is anything in it.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write<W: Writer>(self, name: Name, writer: &mut W) -> Result<(), W::Error> {
        match self {
            _ if self.is_empty() => Ok(()),
            Self::Absent => Ok(()),
            Self::Attribute(value) => writer.any_attribute(name, value),
            Self::Primitive(value) => writer.any_primitive(name, value),
            Self::Primitives(values) => writer.any_primitives(name, values),
            Self::Element(value) => writer.any_element(name, value),
            Self::Elements(values) => writer.any_elements(name, values),
            Self::Resources(values) => writer.resources(name, values),
        }
    }
}

impl FieldRef<'_> {
    /// Has `writer` write the field.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write<W: Writer>(self, writer: &mut W) -> Result<(), W::Error> {
        self.content().write(self.name(), writer)
    }
}

impl ElementRef<'_> {
    /// Writes every element that is present, in the order of the definition; the comments behind the
    /// id, which every type begins with.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write<W: Writer>(self, writer: &mut W) -> Result<(), W::Error> {
        let present = self.as_object().present();
        self.fields_of(present & 1)
            .try_for_each(|field| field.write(writer))?;
        writer.comments(self.comments())?;
        self.fields_of(present & !1)
            .try_for_each(|field| field.write(writer))
    }
}
