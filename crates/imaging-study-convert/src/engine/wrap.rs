//! Coding, CodeableConcept, CodeableReference and Reference in each other's place: what is nothing but
//! the one inside the other is moved there.

use imaging_study_core::{
    Content, ContentMut, ElementRef, FieldInfo, FieldType, ObjectElement, TypeInfo,
};

use super::plain::{self, Pair, Shape};
use crate::context::Context;
use crate::reference::Targets;

/// Where a field stands in both versions, and what is around its entries in one of them.
pub(crate) struct Wrap {
    from: usize,
    to: usize,
    many: bool,
    /// The fields that lead from an entry of the source to what is moved.
    out_of: Vec<usize>,
    /// The fields that lead from an entry of the target to its place.
    into: Vec<usize>,
    shape: &'static Shape,
    /// What references may point at, where the versions differ in that.
    targets: Option<Targets>,
}

impl Wrap {
    /// For two fields; nothing if their types are no such ones.
    pub(super) fn new(
        from: &'static TypeInfo,
        name: &str,
        to: &'static TypeInfo,
        there: &str,
        pair: &'static Pair,
    ) -> Option<Self> {
        let at = |info: &'static TypeInfo, name: &str| {
            info.fields.iter().position(|field| field.name == name)
        };
        let (from_at, to_at) = (at(from, name)?, at(to, there)?);
        let (own, other) = (
            element_of(&from.fields[from_at])?,
            element_of(&to.fields[to_at])?,
        );
        let (out_of, into): (&[&str], &[&str]) = match (own.name, other.name) {
            (own, other) if own == other => (&[], &[]),
            ("Coding", "CodeableConcept") => (&[], &["coding"]),
            ("Coding", "CodeableReference") => (&[], &["concept", "coding"]),
            ("CodeableConcept", "CodeableReference") => (&[], &["concept"]),
            ("Reference", "CodeableReference") => (&[], &["reference"]),
            ("CodeableConcept", "Coding") => (&["coding"], &[]),
            ("CodeableReference", "Coding") => (&["concept", "coding"], &[]),
            ("CodeableReference", "CodeableConcept") => (&["concept"], &[]),
            ("CodeableReference", "Reference") => (&["reference"], &[]),
            _ => return None,
        };
        let down = |mut info: &'static TypeInfo, names: &[&str]| {
            let step = |name: &&str| {
                let index = at(info, name)?;
                info = element_of(&info.fields[index])?;
                Some(index)
            };
            let steps: Option<Vec<usize>> = names.iter().map(step).collect();
            Some((steps?, info))
        };
        let ((out_of, inner), (into, room)) = (down(own, out_of)?, down(other, into)?);
        let targets = Targets {
            from: from.fields[from_at].targets,
            to: to.fields[to_at].targets,
        };
        let points = matches!(inner.name, "Reference" | "CodeableReference");
        let differs = points && targets.from != targets.to;
        if differs && inner.name != "Reference" {
            return None;
        }
        Some(Self {
            from: from_at,
            to: to_at,
            many: to.fields[to_at].many,
            out_of,
            into,
            shape: pair.shape(inner, Some(room)),
            targets: differs.then_some(targets),
        })
    }

    /// Whether each entry of the field is nothing but what is moved, and has room in the target.
    pub(super) fn fits(
        &self,
        source: &dyn ObjectElement,
        target: &dyn ObjectElement,
        context: &Context<'_>,
    ) -> bool {
        let fits = |entry: Option<&dyn ObjectElement>| {
            inner(entry, &self.out_of).is_some_and(|inner| self.points_well(inner, context))
        };
        let count = match source.content(self.from).1 {
            Content::Element(element) if fits(Some(element.as_object())) => 1,
            Content::Elements(list) if (0..list.count()).all(|index| fits(list.get(index))) => {
                list.count()
            }
            Content::Absent => 0,
            _ => return false,
        };
        self.many || (count <= 1 && target.present() >> self.to & 1 == 0)
    }

    /// Whether a reference may point at the same in both versions.
    fn points_well(&self, inner: &dyn ObjectElement, context: &Context<'_>) -> bool {
        let Some(targets) = self.targets else {
            return true;
        };
        let reference = ElementRef::of(inner);
        let named = reference.str("reference");
        let named = named.and_then(|url| context.type_of_text(url));
        reference.field("type").is_none() && named.is_none_or(|named| targets.target_allows(named))
    }

    /// Moves the entries of the field, which are plain and fit, behind those that are in the target.
    pub(super) fn run(&self, source: &mut dyn ObjectElement, target: &mut dyn ObjectElement) {
        let count = match source.content(self.from).1 {
            Content::Element(_) => 1,
            Content::Elements(list) => list.count(),
            _ => 0,
        };
        for index in 0..count {
            let entry = match source.content_mut(self.from, 0) {
                Some(ContentMut::Element(slot)) => Some(slot.get_or_insert()),
                Some(ContentMut::Elements(list)) => list.get_mut(index),
                _ => None,
            };
            let room = match target.content_mut(self.to, 0) {
                Some(ContentMut::Element(slot)) => Some(slot.get_or_insert()),
                Some(ContentMut::Elements(list)) => Some(list.push()),
                _ => None,
            };
            let entry = entry.and_then(|entry| below(entry, &self.out_of));
            let room = room.and_then(|room| below(room, &self.into));
            if let (Some(entry), Some(room)) = (entry, room) {
                plain::move_plain(entry, room, self.shape);
            }
        }
    }
}

fn element_of(field: &FieldInfo) -> Option<&'static TypeInfo> {
    match field.types {
        [FieldType::Element(info)] => Some(info()),
        _ => None,
    }
}

/// What stands below some fields of an element that has nothing else.
fn inner<'e>(
    element: Option<&'e dyn ObjectElement>,
    fields: &[usize],
) -> Option<&'e dyn ObjectElement> {
    let Some((field, further)) = fields.split_first() else {
        return element;
    };
    let element = element.filter(|element| element.present() == 1 << field)?;
    match element.content(*field).1 {
        Content::Element(held) => inner(Some(held.as_object()), further),
        Content::Elements(list) if list.count() == 1 => inner(list.get(0), further),
        _ => None,
    }
}

/// What stands below some fields of an element, made if there is nothing.
fn below<'e>(
    element: &'e mut dyn ObjectElement,
    fields: &[usize],
) -> Option<&'e mut dyn ObjectElement> {
    let Some((field, further)) = fields.split_first() else {
        return Some(element);
    };
    match element.content_mut(*field, 0)? {
        ContentMut::Element(slot) => below(slot.get_or_insert(), further),
        ContentMut::Elements(list) => {
            if list.count() == 0 {
                list.push();
            }
            below(list.get_mut(0)?, further)
        }
        _ => None,
    }
}
