//! An entry of a field.

use std::fmt;

use super::{ElementRef, PrimitiveRef, ScalarRef};
use crate::Resource;

/// One occurrence of an element: what it is depends on its type.
#[derive(Clone, Copy, PartialEq)]
pub enum ValueRef<'a> {
    /// A value that XML writes as an attribute, and that has no extensions.
    Attribute(ScalarRef<'a>),
    /// A primitive element.
    Primitive(PrimitiveRef<'a>),
    /// A complex element.
    Element(ElementRef<'a>),
    /// A resource.
    Resource(&'a Resource),
}

impl<'a> ValueRef<'a> {
    /// The scalar of an attribute or a primitive element.
    #[must_use]
    pub fn scalar(self) -> Option<ScalarRef<'a>> {
        match self {
            Self::Attribute(scalar) => Some(scalar),
            Self::Primitive(primitive) => primitive.value(),
            Self::Element(_) | Self::Resource(_) => None,
        }
    }

    /// The complex element, if it is one.
    #[must_use]
    pub fn element(self) -> Option<ElementRef<'a>> {
        match self {
            Self::Element(element) => Some(element),
            Self::Attribute(_) | Self::Primitive(_) | Self::Resource(_) => None,
        }
    }
}

impl fmt::Debug for ValueRef<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(value) => value.fmt(formatter),
            Self::Primitive(value) => value.fmt(formatter),
            Self::Element(value) => value.fmt(formatter),
            Self::Resource(value) => value.fmt(formatter),
        }
    }
}
