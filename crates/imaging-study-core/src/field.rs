//! The shapes that a field of an element can have.

use crate::{
    Content, ContentMut, Element, ElementRef, FhirString, FieldType, Name, Primitive, PrimitiveRef,
    Reader, Resource, Scalar, ScalarRef, Shared, Uri, Writer,
};

/// A shape that a field can have: one trait implementation a shape, so that the derive macro need
/// not look at a type's spelling.
pub trait Field {
    /// The type of the element.
    const TYPES: &'static [FieldType];
    /// Whether the element repeats.
    const MANY: bool = false;
    /// Whether XML writes it as an attribute.
    const ATTRIBUTE: bool = false;

    /// Has `reader` fill the field.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error>;

    /// Has `writer` write the field, if there is anything in it.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    fn write<W: Writer>(&self, name: Name, writer: &mut W) -> Result<(), W::Error>;

    /// Has `writer` write the field under a name of its own. The many fields of an element take no
    /// stack for names so.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    #[inline]
    fn write_plain<W: Writer>(&self, name: &'static str, writer: &mut W) -> Result<(), W::Error> {
        self.write(Name::plain(name), writer)
    }

    /// What is in the field.
    fn content(&self) -> Content<'_>;

    /// Whether there is anything in the field.
    #[inline]
    fn is_present(&self) -> bool {
        !self.content().is_empty()
    }

    /// What is in the field, to be changed.
    fn content_mut(&mut self) -> ContentMut<'_>;
}

impl<T: Scalar, E: Element> Field for Primitive<T, E> {
    const TYPES: &'static [FieldType] = &[FieldType::Scalar(T::TYPE, T::CODES)];

    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error> {
        reader.primitive(self)
    }

    #[inline(always)]
    fn write<W: Writer>(&self, name: Name, writer: &mut W) -> Result<(), W::Error> {
        if self.is_absent() {
            return Ok(());
        }
        writer.primitive(name, self)
    }

    #[inline]
    fn is_present(&self) -> bool {
        !self.is_absent()
    }

    fn content(&self) -> Content<'_> {
        if self.is_absent() {
            Content::Absent
        } else {
            Content::Primitive(PrimitiveRef::new(self))
        }
    }

    fn content_mut(&mut self) -> ContentMut<'_> {
        ContentMut::Primitive(self)
    }
}

impl<T: Scalar, E: Element> Field for Vec<Primitive<T, E>> {
    const TYPES: &'static [FieldType] = &[FieldType::Scalar(T::TYPE, T::CODES)];
    const MANY: bool = true;

    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error> {
        reader.any_primitives(self)
    }

    fn write<W: Writer>(&self, name: Name, writer: &mut W) -> Result<(), W::Error> {
        if self.is_empty() {
            return Ok(());
        }
        writer.any_primitives(name, self)
    }

    #[inline]
    fn is_present(&self) -> bool {
        !self.is_empty()
    }

    fn content(&self) -> Content<'_> {
        Content::Primitives(self)
    }

    fn content_mut(&mut self) -> ContentMut<'_> {
        ContentMut::Primitives(self)
    }
}

impl<T: Element> Field for Option<T> {
    const TYPES: &'static [FieldType] = &[FieldType::Element(T::info)];

    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error> {
        reader.element(self.get_or_insert_default())
    }

    fn write<W: Writer>(&self, name: Name, writer: &mut W) -> Result<(), W::Error> {
        match self {
            Some(element) => writer.element(name, element),
            None => Ok(()),
        }
    }

    fn content(&self) -> Content<'_> {
        match self {
            Some(element) => Content::Element(ElementRef::new(element)),
            None => Content::Absent,
        }
    }

    fn content_mut(&mut self) -> ContentMut<'_> {
        ContentMut::Element(self)
    }
}

impl<T: Element> Field for Option<Shared<T>> {
    const TYPES: &'static [FieldType] = &[FieldType::Element(T::info)];

    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error> {
        reader.shared(self)
    }

    fn write<W: Writer>(&self, name: Name, writer: &mut W) -> Result<(), W::Error> {
        match self {
            Some(element) => writer.shared(name, element),
            None => Ok(()),
        }
    }

    fn content(&self) -> Content<'_> {
        match self {
            Some(element) => Content::Element(ElementRef::new(&**element)),
            None => Content::Absent,
        }
    }

    fn content_mut(&mut self) -> ContentMut<'_> {
        ContentMut::Element(self)
    }
}

impl<T: Element> Field for Vec<T> {
    const TYPES: &'static [FieldType] = &[FieldType::Element(T::info)];
    const MANY: bool = true;

    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error> {
        reader.elements(self)
    }

    fn write<W: Writer>(&self, name: Name, writer: &mut W) -> Result<(), W::Error> {
        if self.is_empty() {
            return Ok(());
        }
        writer.elements(name, self)
    }

    #[inline]
    fn is_present(&self) -> bool {
        !self.is_empty()
    }

    fn content(&self) -> Content<'_> {
        Content::Elements(self)
    }

    fn content_mut(&mut self) -> ContentMut<'_> {
        ContentMut::Elements(self)
    }
}

impl Field for Vec<Resource> {
    const TYPES: &'static [FieldType] = &[FieldType::Resource];
    const MANY: bool = true;

    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error> {
        reader.resources(self)
    }

    fn write<W: Writer>(&self, name: Name, writer: &mut W) -> Result<(), W::Error> {
        if self.is_empty() {
            return Ok(());
        }
        writer.resources(name, self)
    }

    #[inline]
    fn is_present(&self) -> bool {
        !self.is_empty()
    }

    fn content(&self) -> Content<'_> {
        Content::Resources(self)
    }

    fn content_mut(&mut self) -> ContentMut<'_> {
        ContentMut::Resources(self)
    }
}

impl Field for Option<FhirString> {
    const TYPES: &'static [FieldType] = &[FieldType::Scalar(FhirString::TYPE, None)];
    const ATTRIBUTE: bool = true;

    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error> {
        reader.attribute(self)
    }

    fn write<W: Writer>(&self, name: Name, writer: &mut W) -> Result<(), W::Error> {
        match self {
            Some(value) => writer.attribute(name, value),
            None => Ok(()),
        }
    }

    fn content(&self) -> Content<'_> {
        match self {
            Some(value) => Content::Attribute(ScalarRef::new(value)),
            None => Content::Absent,
        }
    }

    fn content_mut(&mut self) -> ContentMut<'_> {
        ContentMut::Attribute(self)
    }
}

impl Field for Option<Uri> {
    const TYPES: &'static [FieldType] = &[FieldType::Scalar(Uri::TYPE, None)];
    const ATTRIBUTE: bool = true;

    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error> {
        reader.attribute(self)
    }

    fn write<W: Writer>(&self, name: Name, writer: &mut W) -> Result<(), W::Error> {
        match self {
            Some(value) => writer.attribute(name, value),
            None => Ok(()),
        }
    }

    fn content(&self) -> Content<'_> {
        match self {
            Some(value) => Content::Attribute(ScalarRef::new(value)),
            None => Content::Absent,
        }
    }

    fn content_mut(&mut self) -> ContentMut<'_> {
        ContentMut::Attribute(self)
    }
}
