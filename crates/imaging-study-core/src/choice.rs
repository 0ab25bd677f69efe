//! Elements that allow several types, such as `value[x]`.

use crate::{
    Content, ContentMut, Element, ElementRef, FieldType, Name, Primitive, PrimitiveRef, Reader,
    Scalar, Writer,
};

/// The value of a choice element: one variant a type.
///
/// `#[derive(Choice)]` of `imaging-study-derive` implements it for an enum whose variants are
/// named after the types.
pub trait Choice: Sized {
    /// The types, in the order of the definition.
    const TYPES: &'static [FieldType];

    /// The variant that the end of an element name stands for, e.g. `String` in `valueString`.
    fn variant_of(suffix: &str) -> Option<u8>;

    /// An empty value of a variant.
    fn new(variant: u8) -> Self;

    /// The variant, an index into [`Choice::TYPES`].
    fn variant(&self) -> u8;

    /// Reads the value into the variant it already is.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error>;

    /// Writes the value under the name that `stem` and the variant make.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    fn write<W: Writer>(&self, stem: &'static str, writer: &mut W) -> Result<(), W::Error>;

    /// The value.
    fn content(&self) -> Content<'_>;

    /// The value, to be changed.
    fn content_mut(&mut self) -> ContentMut<'_>;
}

/// What a variant of a choice can hold: a primitive, or a boxed complex type.
pub trait ChoiceValue {
    /// The type.
    const TYPE: FieldType;

    /// Has `reader` fill the value.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error>;

    /// Has `writer` write the value.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    fn write<W: Writer>(&self, name: Name, writer: &mut W) -> Result<(), W::Error>;

    /// Has `writer` write the value under the name of the choice and of its type. The many types of a
    /// choice take no stack for names so.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    #[inline]
    fn write_choice<W: Writer>(
        &self,
        stem: &'static str,
        suffix: &'static str,
        writer: &mut W,
    ) -> Result<(), W::Error> {
        self.write(Name::choice(stem, suffix), writer)
    }

    /// The value.
    fn content(&self) -> Content<'_>;

    /// The value, to be changed.
    fn content_mut(&mut self) -> ContentMut<'_>;
}

impl<T: Scalar, E: Element> ChoiceValue for Primitive<T, E> {
    const TYPE: FieldType = FieldType::Scalar(T::TYPE, T::CODES);

    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error> {
        reader.primitive(self)
    }

    fn write<W: Writer>(&self, name: Name, writer: &mut W) -> Result<(), W::Error> {
        if self.is_absent() {
            return Ok(());
        }
        writer.primitive(name, self)
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

impl<T: Element> ChoiceValue for Box<T> {
    const TYPE: FieldType = FieldType::Element(T::info);

    fn read<R: Reader>(&mut self, reader: R) -> Result<(), R::Error> {
        reader.rare_element(&mut **self)
    }

    fn write<W: Writer>(&self, name: Name, writer: &mut W) -> Result<(), W::Error> {
        writer.rare_element(name, &**self)
    }

    fn content(&self) -> Content<'_> {
        Content::Element(ElementRef::new(&**self))
    }

    fn content_mut(&mut self) -> ContentMut<'_> {
        ContentMut::Element(self)
    }
}

/// The shape of a field that holds a choice: `Option` of an enum.
pub trait ChoiceField {
    /// The types, in the order of the definition.
    const TYPES: &'static [FieldType];

    /// The variant that the end of an element name stands for.
    fn variant_of(suffix: &str) -> Option<u8>;

    /// Has `reader` fill the field with a value of a variant.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    fn read<R: Reader>(&mut self, variant: u8, reader: R) -> Result<(), R::Error>;

    /// Has `writer` write the field, if there is a value.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    fn write<W: Writer>(&self, stem: &'static str, writer: &mut W) -> Result<(), W::Error>;

    /// The variant and the value.
    fn content(&self) -> (u8, Content<'_>);

    /// The value of a variant, made if another one is held.
    fn content_mut(&mut self, variant: u8) -> ContentMut<'_>;
}

impl<C: Choice> ChoiceField for Option<C> {
    const TYPES: &'static [FieldType] = C::TYPES;

    fn variant_of(suffix: &str) -> Option<u8> {
        C::variant_of(suffix)
    }

    fn read<R: Reader>(&mut self, variant: u8, reader: R) -> Result<(), R::Error> {
        reader.choice(self, variant)
    }

    fn write<W: Writer>(&self, stem: &'static str, writer: &mut W) -> Result<(), W::Error> {
        match self {
            Some(value) => value.write(stem, writer),
            None => Ok(()),
        }
    }

    fn content(&self) -> (u8, Content<'_>) {
        match self {
            Some(value) => (value.variant(), value.content()),
            None => (0, Content::Absent),
        }
    }

    fn content_mut(&mut self, variant: u8) -> ContentMut<'_> {
        if self
            .as_ref()
            .is_some_and(|value| value.variant() != variant)
        {
            *self = None;
        }
        self.get_or_insert_with(|| C::new(variant)).content_mut()
    }
}

impl Name {
    /// The name of a choice element of one type.
    #[must_use]
    pub const fn choice(stem: &'static str, suffix: &'static str) -> Self {
        Self { stem, suffix }
    }
}
