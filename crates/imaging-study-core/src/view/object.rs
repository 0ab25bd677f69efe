//! What the shapes of a field can do without their Rust types.
//!
//! These traits are what a [`Field`](crate::Field) hands out; programs use the types around them.

use std::any::Any;
use std::borrow::Cow;

use super::{ElementRef, PrimitiveRef, ScalarRef};
use crate::{
    CodeSet, Element, FhirString, FhirVersion, Primitive, PrimitiveElement, Resource, Scalar,
    ScalarError, ScalarType, Shared, TextStore, TypeInfo, push_default,
};

/// What a field holds.
#[derive(Clone, Copy)]
pub enum Content<'a> {
    /// Nothing.
    Absent,
    /// A value that XML writes as an attribute.
    Attribute(ScalarRef<'a>),
    /// A primitive element.
    Primitive(PrimitiveRef<'a>),
    /// A list of primitive elements.
    Primitives(&'a dyn ObjectPrimitives),
    /// A complex element.
    Element(ElementRef<'a>),
    /// A list of complex elements.
    Elements(&'a dyn ObjectElements),
    /// Resources.
    Resources(&'a [Resource]),
}

impl Content<'_> {
    /// Whether there is nothing: no value, or a list without entries.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Primitives(list) => list.count() == 0,
            Self::Elements(list) => list.count() == 0,
            Self::Resources(list) => list.is_empty(),
            Self::Attribute(_) | Self::Primitive(_) | Self::Element(_) => false,
        }
    }
}

/// What a field holds, to be changed.
pub enum ContentMut<'a> {
    /// A value that XML writes as an attribute.
    Attribute(&'a mut dyn ScalarSlot),
    /// A primitive element.
    Primitive(&'a mut dyn ObjectPrimitive),
    /// A list of primitive elements.
    Primitives(&'a mut dyn ObjectPrimitives),
    /// Room for a complex element.
    Element(&'a mut dyn ObjectSlot),
    /// A list of complex elements.
    Elements(&'a mut dyn ObjectElements),
    /// Resources.
    Resources(&'a mut Vec<Resource>),
}

/// An [`Element`] of any type.
pub trait ObjectElement: Any + Send + Sync {
    /// The version that its type belongs to.
    fn version(&self) -> FhirVersion;
    /// The description of its type.
    fn info(&self) -> &'static TypeInfo;
    /// What a field holds, with the variant of a choice, which is 0 elsewhere. `index` is one into
    /// [`TypeInfo::fields`]; beyond them nothing is held.
    fn content(&self, index: usize) -> (u8, Content<'_>);
    /// The fields that have something in them, a bit each, see [`Element::present`].
    fn present(&self) -> u64;
    /// A field to be changed; of a choice, the value of `variant`, made if another one is held.
    /// `None` beyond the fields.
    fn content_mut(&mut self, index: usize, variant: u8) -> Option<ContentMut<'_>>;
    /// Empties a field.
    fn clear(&mut self, index: usize);
    /// Its comments, see [`Element::comments`].
    fn comments(&self) -> &[FhirString];
    /// Its list of comments, see [`Element::comments_mut`].
    fn comments_mut(&mut self) -> Option<&mut Vec<FhirString>>;
    /// The element with its type.
    fn as_any(&self) -> &dyn Any;
    /// The element with its type.
    fn as_any_mut(&mut self) -> &mut dyn Any;
    /// Moves an element of the same type in here; whether it was one.
    fn take_from(&mut self, other: &mut dyn ObjectElement) -> bool;
}

impl<T: Element> ObjectElement for T {
    fn version(&self) -> FhirVersion {
        T::VERSION
    }

    fn info(&self) -> &'static TypeInfo {
        T::info()
    }

    fn content(&self, index: usize) -> (u8, Content<'_>) {
        Element::content(self, index)
    }

    fn present(&self) -> u64 {
        Element::present(self)
    }

    fn content_mut(&mut self, index: usize, variant: u8) -> Option<ContentMut<'_>> {
        Element::content_mut(self, index, variant)
    }

    fn clear(&mut self, index: usize) {
        Element::clear(self, index);
    }

    fn comments(&self) -> &[FhirString] {
        Element::comments(self)
    }

    fn comments_mut(&mut self) -> Option<&mut Vec<FhirString>> {
        Element::comments_mut(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn take_from(&mut self, other: &mut dyn ObjectElement) -> bool {
        match other.as_any_mut().downcast_mut::<T>() {
            Some(other) => {
                *self = std::mem::take(other);
                true
            }
            None => false,
        }
    }
}

/// A [`Scalar`] of any type.
pub trait ObjectScalar: Any + Send + Sync {
    /// Its FHIR type.
    fn scalar_type(&self) -> ScalarType;
    /// The codes of its required binding.
    fn codes(&self) -> Option<&'static CodeSet>;
    /// Its text.
    fn text(&self) -> Cow<'_, str>;
    /// The scalar with its type.
    fn as_any(&self) -> &dyn Any;
}

impl<T: Scalar> ObjectScalar for T {
    fn scalar_type(&self) -> ScalarType {
        T::TYPE
    }

    fn codes(&self) -> Option<&'static CodeSet> {
        T::CODES
    }

    fn text(&self) -> Cow<'_, str> {
        Scalar::text(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Room for a scalar.
pub trait ScalarSlot: Any {
    /// The FHIR type of what there is room for.
    fn scalar_type(&self) -> ScalarType;
    /// The codes of its required binding.
    fn codes(&self) -> Option<&'static CodeSet>;
    /// What is in it.
    fn get(&self) -> Option<&dyn ObjectScalar>;
    /// Reads a text into it, as `version` spells it; `store` keeps the text.
    ///
    /// # Errors
    ///
    /// The text is no value of the type; what was there stays.
    fn read(
        &mut self,
        text: &str,
        version: FhirVersion,
        store: &mut dyn TextStore,
    ) -> Result<(), ScalarError>;
    /// Empties it.
    fn clear(&mut self);
    /// Moves a scalar of the same type in here; whether it was one.
    fn take_from(&mut self, other: &mut dyn ScalarSlot) -> bool;
    /// The room with its type, an `Option`.
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

impl<T: Scalar> ScalarSlot for Option<T> {
    fn scalar_type(&self) -> ScalarType {
        T::TYPE
    }

    fn codes(&self) -> Option<&'static CodeSet> {
        T::CODES
    }

    fn get(&self) -> Option<&dyn ObjectScalar> {
        self.as_ref().map(|scalar| scalar as &dyn ObjectScalar)
    }

    fn read(
        &mut self,
        text: &str,
        version: FhirVersion,
        mut store: &mut dyn TextStore,
    ) -> Result<(), ScalarError> {
        *self = Some(T::read(text, version, &mut store)?);
        Ok(())
    }

    fn clear(&mut self) {
        *self = None;
    }

    fn take_from(&mut self, other: &mut dyn ScalarSlot) -> bool {
        match other.as_any_mut().downcast_mut::<Self>() {
            Some(other) => {
                *self = other.take();
                true
            }
            None => false,
        }
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// A [`Primitive`] of any type.
pub trait ObjectPrimitive: Any + Send + Sync {
    /// The FHIR type of its value.
    fn scalar_type(&self) -> ScalarType;
    /// The codes of the required binding of its value.
    fn codes(&self) -> Option<&'static CodeSet>;
    /// The version that it belongs to.
    fn version(&self) -> FhirVersion;
    /// Its value.
    fn value(&self) -> Option<&dyn ObjectScalar>;
    /// Room for its value.
    fn value_mut(&mut self) -> &mut dyn ScalarSlot;
    /// Its id and extensions, if there are any.
    fn sibling(&self) -> Option<ElementRef<'_>>;
    /// Its id and extensions, made if there are none.
    fn sibling_mut(&mut self) -> &mut dyn ObjectElement;
    /// Drops id and extensions.
    fn clear_sibling(&mut self);
}

impl<T: Scalar, E: Element> ObjectPrimitive for Primitive<T, E> {
    fn scalar_type(&self) -> ScalarType {
        T::TYPE
    }

    fn codes(&self) -> Option<&'static CodeSet> {
        T::CODES
    }

    fn version(&self) -> FhirVersion {
        E::VERSION
    }

    fn value(&self) -> Option<&dyn ObjectScalar> {
        self.value.get()
    }

    fn value_mut(&mut self) -> &mut dyn ScalarSlot {
        &mut self.value
    }

    fn sibling(&self) -> Option<ElementRef<'_>> {
        let sibling = self
            .element
            .as_deref()
            .filter(|sibling| !sibling.is_empty());
        sibling.map(ElementRef::new)
    }

    fn sibling_mut(&mut self) -> &mut dyn ObjectElement {
        let sibling: &mut PrimitiveElement<E> = self.element.get_or_insert_default();
        sibling
    }

    fn clear_sibling(&mut self) {
        self.element = None;
    }
}

/// A list of primitive elements of any type.
pub trait ObjectPrimitives: Send + Sync {
    /// The FHIR type of their values.
    fn scalar_type(&self) -> ScalarType;
    /// The version that they belong to.
    fn version(&self) -> FhirVersion;
    /// How many there are.
    fn count(&self) -> usize;
    /// One of them.
    fn get(&self, index: usize) -> Option<&dyn ObjectPrimitive>;
    /// One of them, to be changed.
    fn get_mut(&mut self, index: usize) -> Option<&mut dyn ObjectPrimitive>;
    /// Adds an empty one, and gives it to be changed.
    fn push(&mut self) -> &mut dyn ObjectPrimitive;
    /// Drops one.
    fn remove(&mut self, index: usize);
    /// Keeps those of which `keep` says so by their index.
    fn retain(&mut self, keep: &mut dyn FnMut(usize) -> bool);
}

impl<T: Scalar, E: Element> ObjectPrimitives for Vec<Primitive<T, E>> {
    fn scalar_type(&self) -> ScalarType {
        T::TYPE
    }

    fn version(&self) -> FhirVersion {
        E::VERSION
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn get(&self, index: usize) -> Option<&dyn ObjectPrimitive> {
        self.as_slice()
            .get(index)
            .map(|one| one as &dyn ObjectPrimitive)
    }

    fn get_mut(&mut self, index: usize) -> Option<&mut dyn ObjectPrimitive> {
        let one = self.as_mut_slice().get_mut(index);
        one.map(|one| one as &mut dyn ObjectPrimitive)
    }

    fn push(&mut self) -> &mut dyn ObjectPrimitive {
        let one: &mut Primitive<T, E> = push_default(self);
        one
    }

    fn remove(&mut self, index: usize) {
        if index < self.len() {
            self.remove(index);
        }
    }

    fn retain(&mut self, keep: &mut dyn FnMut(usize) -> bool) {
        retain(self, keep);
    }
}

/// Keeps the entries of which `keep` says so by their index.
fn retain<T>(list: &mut Vec<T>, keep: &mut dyn FnMut(usize) -> bool) {
    let mut indexes = 0..;
    list.retain(|_| indexes.next().is_some_and(&mut *keep));
}

/// Room for a complex element of any type.
pub trait ObjectSlot {
    /// What is in it.
    fn get(&self) -> Option<&dyn ObjectElement>;
    /// What is in it, to be changed; made if nothing is.
    fn get_or_insert(&mut self) -> &mut dyn ObjectElement;
}

impl<T: Element> ObjectSlot for Option<T> {
    fn get(&self) -> Option<&dyn ObjectElement> {
        self.as_ref().map(|element| element as &dyn ObjectElement)
    }

    fn get_or_insert(&mut self) -> &mut dyn ObjectElement {
        self.get_or_insert_default()
    }
}

impl<T: Element> ObjectSlot for Option<Shared<T>> {
    fn get(&self) -> Option<&dyn ObjectElement> {
        self.as_deref().map(|element| element as &dyn ObjectElement)
    }

    fn get_or_insert(&mut self) -> &mut dyn ObjectElement {
        &mut **self.get_or_insert_default()
    }
}

impl<T: Element> ObjectSlot for Box<T> {
    fn get(&self) -> Option<&dyn ObjectElement> {
        Some(&**self)
    }

    fn get_or_insert(&mut self) -> &mut dyn ObjectElement {
        &mut **self
    }
}

/// A list of complex elements of any type.
pub trait ObjectElements: Send + Sync {
    /// The description of their type.
    fn info(&self) -> &'static TypeInfo;
    /// How many there are.
    fn count(&self) -> usize;
    /// One of them.
    fn get(&self, index: usize) -> Option<&dyn ObjectElement>;
    /// One of them, to be changed.
    fn get_mut(&mut self, index: usize) -> Option<&mut dyn ObjectElement>;
    /// Adds an empty one, and gives it to be changed.
    fn push(&mut self) -> &mut dyn ObjectElement;
    /// Makes room for more.
    fn reserve(&mut self, additional: usize);
    /// Drops one.
    fn remove(&mut self, index: usize);
    /// Keeps those of which `keep` says so by their index.
    fn retain(&mut self, keep: &mut dyn FnMut(usize) -> bool);
}

impl<T: Element> ObjectElements for Vec<T> {
    fn info(&self) -> &'static TypeInfo {
        T::info()
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn get(&self, index: usize) -> Option<&dyn ObjectElement> {
        self.as_slice()
            .get(index)
            .map(|one| one as &dyn ObjectElement)
    }

    fn get_mut(&mut self, index: usize) -> Option<&mut dyn ObjectElement> {
        let one = self.as_mut_slice().get_mut(index);
        one.map(|one| one as &mut dyn ObjectElement)
    }

    fn push(&mut self) -> &mut dyn ObjectElement {
        let one: &mut T = push_default(self);
        one
    }

    fn reserve(&mut self, additional: usize) {
        self.reserve_exact(additional);
    }

    fn remove(&mut self, index: usize) {
        if index < self.len() {
            self.remove(index);
        }
    }

    fn retain(&mut self, keep: &mut dyn FnMut(usize) -> bool) {
        retain(self, keep);
    }
}

impl dyn ObjectPrimitives + '_ {
    /// The entries in their order.
    pub fn entries(&self) -> impl Iterator<Item = PrimitiveRef<'_>> {
        (0..self.count()).filter_map(|index| self.get(index).map(PrimitiveRef::of))
    }
}

impl dyn ObjectElements + '_ {
    /// The entries in their order.
    pub fn entries(&self) -> impl Iterator<Item = ElementRef<'_>> {
        (0..self.count()).filter_map(|index| self.get(index).map(ElementRef::of))
    }
}
