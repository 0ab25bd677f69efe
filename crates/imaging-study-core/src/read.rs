//! The reading side of a codec.

use crate::{
    ContentMut, Element, FhirString, FhirVersion, ObjectElement, ObjectElements, ObjectPrimitive,
    ObjectPrimitives, Primitive, Resource, Scalar, ScalarSlot, Shared, Slot, TypeInfo,
};

/// Fills one field from a format.
///
/// A reader stands before the content of one element whose name it has already matched with a
/// [`Slot`]; each method reads one shape of field. Those that begin with `any` are the rules of the
/// format, whatever the type: each is compiled once. The others read the same into a type that the
/// compiler knows, for the shapes that every study has thousands of; a reader that is not in a hurry
/// leaves them as they are.
pub trait Reader: Sized {
    /// What goes wrong.
    type Error;

    /// Reads a value that XML writes as an attribute and that has no extensions.
    ///
    /// # Errors
    ///
    /// The content is no value of the type.
    fn any_attribute(self, slot: &mut dyn ScalarSlot) -> Result<(), Self::Error>;

    /// Reads a primitive element, or the half of it that stands here.
    ///
    /// # Errors
    ///
    /// The content is no value of the type.
    fn any_primitive(self, slot: &mut dyn ObjectPrimitive) -> Result<(), Self::Error>;

    /// Reads a repeating primitive element, or the half of it that stands here.
    ///
    /// # Errors
    ///
    /// The content is no list of values of the type.
    fn any_primitives(self, slot: &mut dyn ObjectPrimitives) -> Result<(), Self::Error>;

    /// Reads a complex element.
    ///
    /// # Errors
    ///
    /// The content is no element of the type.
    fn any_element(self, slot: &mut dyn ObjectElement) -> Result<(), Self::Error>;

    /// Reads a repeating complex element.
    ///
    /// # Errors
    ///
    /// The content is no list of elements of the type.
    fn any_elements(self, slot: &mut dyn ObjectElements) -> Result<(), Self::Error>;

    /// Reads contained resources.
    ///
    /// # Errors
    ///
    /// The content is no list of resources.
    fn resources(self, slot: &mut Vec<Resource>) -> Result<(), Self::Error>;

    /// The error for a choice element that already has a value of another type.
    fn second_value(self) -> Self::Error;

    /// Reads what [`any_attribute`](Self::any_attribute) reads.
    ///
    /// # Errors
    ///
    /// The content is no value of the type.
    fn attribute<T: Scalar>(self, slot: &mut Option<T>) -> Result<(), Self::Error> {
        self.any_attribute(slot)
    }

    /// Reads what [`any_primitive`](Self::any_primitive) reads.
    ///
    /// # Errors
    ///
    /// The content is no value of the type.
    fn primitive<T: Scalar, E: Element>(
        self,
        slot: &mut Primitive<T, E>,
    ) -> Result<(), Self::Error> {
        self.any_primitive(slot)
    }

    /// Reads what [`any_element`](Self::any_element) reads.
    ///
    /// # Errors
    ///
    /// The content is no element of the type.
    fn element<T: Element>(self, slot: &mut T) -> Result<(), Self::Error> {
        self.any_element(slot)
    }

    /// Reads a complex element that others may share. A reader that has read the same text before may
    /// give the value that it made of it then.
    ///
    /// # Errors
    ///
    /// The content is no element of the type.
    fn shared<T: Element>(self, slot: &mut Option<Shared<T>>) -> Result<(), Self::Error> {
        self.element(&mut **slot.get_or_insert_default())
    }

    /// Reads what [`any_elements`](Self::any_elements) reads.
    ///
    /// # Errors
    ///
    /// The content is no list of elements of the type.
    fn elements<T: Element>(self, slot: &mut Vec<T>) -> Result<(), Self::Error> {
        self.any_elements(slot)
    }
}

impl ContentMut<'_> {
    /// Has `reader` fill the field.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    pub fn read<R: Reader>(self, reader: R) -> Result<(), R::Error> {
        match self {
            Self::Attribute(slot) => reader.any_attribute(slot),
            Self::Primitive(slot) => reader.any_primitive(slot),
            Self::Primitives(slot) => reader.any_primitives(slot),
            Self::Element(slot) => reader.any_element(slot.get_or_insert()),
            Self::Elements(slot) => reader.any_elements(slot),
            Self::Resources(slot) => reader.resources(slot),
        }
    }
}

/// A complex element that a reader fills: of a type that the compiler knows, where speed counts, or
/// of any type.
pub trait Target {
    /// The version that its type belongs to.
    fn version(&self) -> FhirVersion;

    /// The description of its type.
    fn info(&self) -> &'static TypeInfo;

    /// The place of an element name: `status`, or `valueString` for the choice `value[x]`.
    fn slot(&self, name: &str) -> Option<Slot>;

    /// Whether XML writes a field, by its index into [`TypeInfo::fields`], as an attribute.
    fn is_attribute(&self, field: u8) -> bool;

    /// Whether a field repeats.
    fn repeats(&self, field: u8) -> bool;

    /// The list of comments, where the type has a place for them.
    fn comments_mut(&mut self) -> Option<&mut Vec<FhirString>>;

    /// Reads the element at `slot`.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    fn fill<R: Reader>(&mut self, slot: Slot, reader: R) -> Result<(), R::Error>;
}

impl<T: Element> Target for T {
    #[inline]
    fn version(&self) -> FhirVersion {
        T::VERSION
    }

    #[inline]
    fn info(&self) -> &'static TypeInfo {
        T::info()
    }

    #[inline]
    fn slot(&self, name: &str) -> Option<Slot> {
        T::slot(name)
    }

    #[inline]
    fn is_attribute(&self, field: u8) -> bool {
        T::ATTRIBUTES >> field & 1 != 0
    }

    #[inline]
    fn repeats(&self, field: u8) -> bool {
        T::REPEATING >> field & 1 != 0
    }

    #[inline]
    fn comments_mut(&mut self) -> Option<&mut Vec<FhirString>> {
        Element::comments_mut(self)
    }

    #[inline]
    fn fill<R: Reader>(&mut self, slot: Slot, reader: R) -> Result<(), R::Error> {
        Element::read(self, slot, reader)
    }
}

impl Target for dyn ObjectElement + '_ {
    fn version(&self) -> FhirVersion {
        ObjectElement::version(self)
    }

    fn info(&self) -> &'static TypeInfo {
        ObjectElement::info(self)
    }

    fn slot(&self, name: &str) -> Option<Slot> {
        ObjectElement::info(self).slot(name)
    }

    fn is_attribute(&self, field: u8) -> bool {
        let fields = ObjectElement::info(self).fields;
        fields
            .get(usize::from(field))
            .is_some_and(|field| field.attribute)
    }

    fn repeats(&self, field: u8) -> bool {
        let fields = ObjectElement::info(self).fields;
        fields
            .get(usize::from(field))
            .is_some_and(|field| field.many)
    }

    fn comments_mut(&mut self) -> Option<&mut Vec<FhirString>> {
        ObjectElement::comments_mut(self)
    }

    fn fill<R: Reader>(&mut self, slot: Slot, reader: R) -> Result<(), R::Error> {
        let field = usize::from(slot.field);
        let (held, content) = self.content(field);
        if held != slot.variant && !content.is_empty() {
            return Err(reader.second_value());
        }
        match self.content_mut(field, slot.variant) {
            Some(content) => content.read(reader),
            None => Ok(()),
        }
    }
}

/// Which members of a JSON object have been read: values `x` and siblings `_x` apart.
#[derive(Clone, Copy, Debug, Default)]
pub struct FieldSet {
    values: u64,
    siblings: u64,
    holes: u64,
}

impl FieldSet {
    /// Notes a member; returns whether it is the first of its name.
    pub fn insert(&mut self, field: u8, sibling: bool) -> bool {
        let half = if sibling {
            &mut self.siblings
        } else {
            &mut self.values
        };
        let bit = 1 << field;
        let new = *half & bit == 0;
        *half |= bit;
        new
    }

    /// Whether both `x` and `_x` have been noted.
    #[must_use]
    pub fn has_both(&self, field: u8) -> bool {
        self.values & self.siblings & (1 << field) != 0
    }

    /// Notes that a list has an entry for which the other half must have something.
    pub fn set_hole(&mut self, field: u8) {
        self.holes |= 1 << field;
    }

    /// The first field with a hole that the other half was not there to fill.
    #[must_use]
    pub fn open_hole(&self) -> Option<u8> {
        let open = self.holes & !(self.values & self.siblings);
        (open != 0).then(|| open.trailing_zeros() as u8)
    }

    /// Whether nothing has been noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values | self.siblings == 0
    }
}
