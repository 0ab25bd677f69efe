//! The reading side of a codec.

use crate::{Choice, Element, Primitive, Resource, Scalar, Shared};

/// Fills one field from a format.
///
/// A reader stands before the content of one element whose name it has already matched with
/// [`Element::slot`]; each method reads one shape of field.
pub trait Reader: Sized {
    /// What goes wrong.
    type Error;

    /// Reads a value that XML writes as an attribute and that has no extensions.
    ///
    /// # Errors
    ///
    /// The content is no value of the type.
    fn attribute<T: Scalar>(self, slot: &mut Option<T>) -> Result<(), Self::Error>;

    /// Reads a primitive element, or the half of it that stands here.
    ///
    /// # Errors
    ///
    /// The content is no value of the type.
    fn primitive<T: Scalar, E: Element>(
        self,
        slot: &mut Primitive<T, E>,
    ) -> Result<(), Self::Error>;

    /// Reads a repeating primitive element, or the half of it that stands here.
    ///
    /// # Errors
    ///
    /// The content is no list of values of the type.
    fn primitives<T: Scalar, E: Element>(
        self,
        slot: &mut Vec<Primitive<T, E>>,
    ) -> Result<(), Self::Error>;

    /// Reads a complex element.
    ///
    /// # Errors
    ///
    /// The content is no element of the type.
    fn element<T: Element>(self, slot: &mut T) -> Result<(), Self::Error>;

    /// Reads a complex element that others may share. A reader that has read the same text before may
    /// give the value that it made of it then.
    ///
    /// # Errors
    ///
    /// The content is no element of the type.
    fn shared<T: Element>(self, slot: &mut Option<Shared<T>>) -> Result<(), Self::Error> {
        self.element(&mut **slot.get_or_insert_default())
    }

    /// Reads a repeating complex element.
    ///
    /// # Errors
    ///
    /// The content is no list of elements of the type.
    fn elements<T: Element>(self, slot: &mut Vec<T>) -> Result<(), Self::Error>;

    /// Reads a complex element that few studies have, such as the value of an extension, and
    /// everything in it with a [`RareReader`].
    ///
    /// # Errors
    ///
    /// The content is no element of the type.
    fn rare_element<T: Element>(self, slot: &mut T) -> Result<(), Self::Error> {
        self.element(slot)
    }

    /// Reads a repeating complex element like [`Reader::rare_element`].
    ///
    /// # Errors
    ///
    /// The content is no list of elements of the type.
    fn rare_elements<T: Element>(self, slot: &mut Vec<T>) -> Result<(), Self::Error> {
        self.elements(slot)
    }

    /// Reads a choice element of the type that its name says.
    ///
    /// # Errors
    ///
    /// The content is no value of the type, or the element already has a value of another type.
    fn choice<C: Choice>(self, slot: &mut Option<C>, variant: u8) -> Result<(), Self::Error>;

    /// Reads contained resources.
    ///
    /// # Errors
    ///
    /// The content is no list of resources.
    fn resources(self, slot: &mut Vec<Resource>) -> Result<(), Self::Error>;
}

/// Reads like the reader in it, but each method is a function of its own: a program has hundreds of
/// types that only the value of an extension can have, and what is quick there is small code.
#[derive(Debug)]
pub struct RareReader<R>(pub R);

impl<R: Reader> Reader for RareReader<R> {
    type Error = R::Error;

    #[inline(never)]
    fn attribute<T: Scalar>(self, slot: &mut Option<T>) -> Result<(), R::Error> {
        self.0.attribute(slot)
    }

    #[inline(never)]
    fn primitive<T: Scalar, E: Element>(self, slot: &mut Primitive<T, E>) -> Result<(), R::Error> {
        self.0.primitive(slot)
    }

    #[inline(never)]
    fn primitives<T: Scalar, E: Element>(
        self,
        slot: &mut Vec<Primitive<T, E>>,
    ) -> Result<(), R::Error> {
        self.0.primitives(slot)
    }

    #[inline(never)]
    fn element<T: Element>(self, slot: &mut T) -> Result<(), R::Error> {
        self.0.rare_element(slot)
    }

    #[inline(never)]
    fn elements<T: Element>(self, slot: &mut Vec<T>) -> Result<(), R::Error> {
        self.0.rare_elements(slot)
    }

    #[inline(never)]
    fn choice<C: Choice>(self, slot: &mut Option<C>, variant: u8) -> Result<(), R::Error> {
        self.0.choice(slot, variant)
    }

    #[inline(never)]
    fn resources(self, slot: &mut Vec<Resource>) -> Result<(), R::Error> {
        self.0.resources(slot)
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
