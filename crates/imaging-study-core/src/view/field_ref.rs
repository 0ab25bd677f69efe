//! A field of an element of any type.

use std::fmt;

use super::{Content, ElementRef, PrimitiveRef, ScalarRef, ValueRef};
use crate::{FieldInfo, FieldType, Name};

/// A field that has something in it: one element, or all of those that repeat.
#[derive(Clone, Copy)]
pub struct FieldRef<'a> {
    info: &'static FieldInfo,
    variant: u8,
    content: Content<'a>,
}

impl<'a> FieldRef<'a> {
    /// The field, unless there is nothing in it.
    pub(super) fn new(
        info: &'static FieldInfo,
        (variant, content): (u8, Content<'a>),
    ) -> Option<Self> {
        let empty = content.is_empty();
        let field = Self {
            info,
            variant,
            content,
        };
        (!empty).then_some(field)
    }

    /// What it holds.
    #[must_use]
    pub fn content(&self) -> Content<'a> {
        self.content
    }

    /// Its description.
    #[must_use]
    pub fn info(&self) -> &'static FieldInfo {
        self.info
    }

    /// Which of the types of its description it holds, counted from 0.
    #[must_use]
    pub fn variant(&self) -> usize {
        usize::from(self.variant)
    }

    /// The type of what it holds: of a choice, the one that was chosen.
    #[must_use]
    pub fn field_type(&self) -> Option<&'static FieldType> {
        self.info.types.get(self.variant())
    }

    /// Its name in JSON and XML, e.g. `status`, or `valueString` for the choice `value[x]`.
    #[must_use]
    pub fn name(&self) -> Name {
        match self.info.name.strip_suffix("[x]") {
            None => Name::plain(self.info.name),
            Some(stem) => Name::choice(stem, self.field_type().map_or("", FieldType::suffix)),
        }
    }

    /// How many entries it has; 1 where the element does not repeat.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.content {
            Content::Absent => 0,
            Content::Primitives(list) => list.count(),
            Content::Elements(list) => list.count(),
            Content::Resources(list) => list.len(),
            Content::Attribute(_) | Content::Primitive(_) | Content::Element(_) => 1,
        }
    }

    /// Never: a field without entries is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An entry, counted from 0.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<ValueRef<'a>> {
        match self.content {
            Content::Primitives(list) => {
                let primitive = list.get(index).map(PrimitiveRef::of);
                primitive.map(ValueRef::Primitive)
            }
            Content::Elements(list) => list
                .get(index)
                .map(|element| ValueRef::Element(ElementRef::of(element))),
            Content::Resources(list) => list.get(index).map(ValueRef::Resource),
            _ if index > 0 => None,
            Content::Absent => None,
            Content::Attribute(scalar) => Some(ValueRef::Attribute(scalar)),
            Content::Primitive(primitive) => Some(ValueRef::Primitive(primitive)),
            Content::Element(element) => Some(ValueRef::Element(element)),
        }
    }

    /// The first entry.
    #[must_use]
    pub fn first(&self) -> Option<ValueRef<'a>> {
        self.get(0)
    }

    /// The entries in their order.
    #[must_use]
    pub fn values(&self) -> Values<'a> {
        Values {
            field: *self,
            next: 0,
            end: self.len(),
        }
    }

    /// The scalar of the first entry.
    #[must_use]
    pub fn scalar(&self) -> Option<ScalarRef<'a>> {
        self.first().and_then(ValueRef::scalar)
    }

    /// The complex elements among the entries.
    pub fn elements(&self) -> impl Iterator<Item = ElementRef<'a>> + use<'a> {
        self.values().filter_map(ValueRef::element)
    }
}

impl PartialEq for FieldRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.values().eq(other.values())
    }
}

impl fmt::Debug for FieldRef<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.info.many {
            formatter.debug_list().entries(self.values()).finish()
        } else {
            match self.first() {
                Some(value) => value.fmt(formatter),
                None => formatter.write_str("Absent"),
            }
        }
    }
}

/// The entries of a [`FieldRef`].
#[derive(Clone, Debug)]
pub struct Values<'a> {
    field: FieldRef<'a>,
    next: usize,
    end: usize,
}

impl<'a> Iterator for Values<'a> {
    type Item = ValueRef<'a>;

    fn next(&mut self) -> Option<ValueRef<'a>> {
        if self.next >= self.end {
            return None;
        }
        self.next += 1;
        self.field.get(self.next - 1)
    }

    fn nth(&mut self, count: usize) -> Option<ValueRef<'a>> {
        self.next = self.next.saturating_add(count).min(self.end);
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end - self.next;
        (left, Some(left))
    }
}

impl DoubleEndedIterator for Values<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        self.end -= 1;
        self.field.get(self.end)
    }
}

impl ExactSizeIterator for Values<'_> {}
