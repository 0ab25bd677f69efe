//! A primitive element of any type.

use std::fmt;

use super::{ElementRef, ObjectPrimitive, ScalarRef};
use crate::{CodeSet, Element, Primitive, Scalar, ScalarType};

/// A [`Primitive`] of any type: a value, and rarely an id and extensions.
#[derive(Clone, Copy)]
pub struct PrimitiveRef<'a>(&'a dyn ObjectPrimitive);

impl<'a> PrimitiveRef<'a> {
    /// A view of a primitive element.
    pub fn new<T: Scalar, E: Element>(primitive: &'a Primitive<T, E>) -> Self {
        Self(primitive)
    }

    /// A view of a primitive element whose type is not known.
    #[must_use]
    pub fn of(primitive: &'a dyn ObjectPrimitive) -> Self {
        Self(primitive)
    }

    /// The FHIR type of its value.
    #[must_use]
    pub fn scalar_type(self) -> ScalarType {
        self.0.scalar_type()
    }

    /// The codes of the required binding, where the type of its value has one.
    #[must_use]
    pub fn codes(self) -> Option<&'static CodeSet> {
        self.0.codes()
    }

    /// The value, if there is one.
    #[must_use]
    pub fn value(self) -> Option<ScalarRef<'a>> {
        self.0.value().map(ScalarRef::of)
    }

    /// The id and the extensions, if there are any.
    #[must_use]
    pub fn element(self) -> Option<ElementRef<'a>> {
        self.0.sibling()
    }

    /// Whether there is neither a value nor an id nor an extension.
    #[must_use]
    pub fn is_absent(self) -> bool {
        self.value().is_none() && self.element().is_none()
    }
}

impl PartialEq for PrimitiveRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value() && self.element() == other.element()
    }
}

impl fmt::Debug for PrimitiveRef<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.value(), self.element()) {
            (Some(value), None) => value.fmt(formatter),
            (value, element) => {
                let mut both = formatter.debug_struct("Primitive");
                if let Some(value) = value {
                    both.field("value", &value);
                }
                if let Some(element) = element {
                    both.field("element", &element);
                }
                both.finish()
            }
        }
    }
}
