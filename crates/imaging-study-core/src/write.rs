//! The writing side of a codec.

use std::borrow::Cow;
use std::fmt;

use crate::{Element, FhirString, Primitive, Resource, Scalar, Shared};

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
pub trait Writer {
    /// What goes wrong.
    type Error;

    /// Writes a value that XML writes as an attribute.
    ///
    /// # Errors
    ///
    /// The output fails.
    fn attribute<T: Scalar>(&mut self, name: Name, value: &T) -> Result<(), Self::Error>;

    /// Writes a primitive element.
    ///
    /// # Errors
    ///
    /// The output fails.
    fn primitive<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        value: &Primitive<T, E>,
    ) -> Result<(), Self::Error>;

    /// Writes a repeating primitive element.
    ///
    /// # Errors
    ///
    /// An entry is empty, or the output fails.
    fn primitives<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        values: &[Primitive<T, E>],
    ) -> Result<(), Self::Error>;

    /// Writes a complex element.
    ///
    /// # Errors
    ///
    /// The element is empty, or the output fails.
    fn element<T: Element>(&mut self, name: Name, value: &T) -> Result<(), Self::Error>;

    /// Writes a complex element that others may share. A writer that has written the same value
    /// before may repeat what it wrote.
    ///
    /// # Errors
    ///
    /// The element is empty, or the output fails.
    fn shared<T: Element>(&mut self, name: Name, value: &Shared<T>) -> Result<(), Self::Error> {
        self.element(name, &**value)
    }

    /// Writes a repeating complex element.
    ///
    /// # Errors
    ///
    /// An entry is empty, or the output fails.
    fn elements<T: Element>(&mut self, name: Name, values: &[T]) -> Result<(), Self::Error>;

    /// Writes a complex element that few studies have, such as the value of an extension, and
    /// everything in it with a [`RareWriter`].
    ///
    /// # Errors
    ///
    /// The element is empty, or the output fails.
    fn rare_element<T: Element>(&mut self, name: Name, value: &T) -> Result<(), Self::Error> {
        self.element(name, value)
    }

    /// Writes a repeating complex element like [`Writer::rare_element`].
    ///
    /// # Errors
    ///
    /// An entry is empty, or the output fails.
    fn rare_elements<T: Element>(&mut self, name: Name, values: &[T]) -> Result<(), Self::Error> {
        self.elements(name, values)
    }

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
}

/// Writes like the writer in it, but each method is a function of its own: a program has hundreds of
/// types that only the value of an extension can have, and what is quick there is small code.
#[derive(Debug)]
pub struct RareWriter<'w, W>(pub &'w mut W);

impl<W: Writer> Writer for RareWriter<'_, W> {
    type Error = W::Error;

    #[inline(never)]
    fn attribute<T: Scalar>(&mut self, name: Name, value: &T) -> Result<(), W::Error> {
        self.0.attribute(name, value)
    }

    #[inline(never)]
    fn primitive<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        value: &Primitive<T, E>,
    ) -> Result<(), W::Error> {
        self.0.primitive(name, value)
    }

    #[inline(never)]
    fn primitives<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        values: &[Primitive<T, E>],
    ) -> Result<(), W::Error> {
        self.0.primitives(name, values)
    }

    #[inline(never)]
    fn element<T: Element>(&mut self, name: Name, value: &T) -> Result<(), W::Error> {
        self.0.rare_element(name, value)
    }

    #[inline(never)]
    fn elements<T: Element>(&mut self, name: Name, values: &[T]) -> Result<(), W::Error> {
        self.0.rare_elements(name, values)
    }

    #[inline(never)]
    fn resources(&mut self, name: Name, values: &[Resource]) -> Result<(), W::Error> {
        self.0.resources(name, values)
    }

    fn comments(&mut self, comments: &[FhirString]) -> Result<(), W::Error> {
        self.0.comments(comments)
    }
}
