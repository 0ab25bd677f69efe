//! What is the same in both versions, asked by reference and then moved.
//!
//! An element is plain if everything in it stands under the same name and in the same type in the
//! target, and there is nothing that a rule could ask about: no extension, no id that the target
//! refuses, no text beyond its limits, no code that it lacks.

use imaging_study_core::{
    Content, ContentMut, FhirVersion, FieldInfo, FieldType, ObjectElement, ObjectPrimitive,
    PrimitiveRef, ScalarRef, ScalarType, TypeInfo,
};

use crate::context::Context;
use crate::text;

/// The place in the target of a field of the source; mostly it is the same.
fn place(at: usize, field: &FieldInfo, to: &TypeInfo) -> Option<usize> {
    if to
        .fields
        .get(at)
        .is_some_and(|there| there.name == field.name)
    {
        return Some(at);
    }
    to.fields.iter().position(|there| there.name == field.name)
}

/// Whether values of a field can stand in another one as they are, what is inside them aside.
pub(super) fn is_same(field: &FieldInfo, there: &FieldInfo) -> bool {
    let types = match (field.types, there.types) {
        ([FieldType::Scalar(from, _)], [FieldType::Scalar(to, _)]) => from == to,
        ([FieldType::Element(from)], [FieldType::Element(to)]) => from().name == to().name,
        _ => false,
    };
    types && field.many == there.many && field.targets == there.targets
}

/// Whether everything in an element can be moved as it is.
pub(super) fn is_plain(element: &dyn ObjectElement, to: &TypeInfo, context: &Context<'_>) -> bool {
    let fields = element.info().fields.iter().enumerate();
    for (at, field) in fields {
        let content = element.content(at).1;
        let empty = match content {
            Content::Absent => true,
            Content::Primitives(list) => list.count() == 0,
            Content::Elements(list) => list.count() == 0,
            Content::Resources(list) => list.is_empty(),
            _ => false,
        };
        let there = place(at, field, to).map(|place| &to.fields[place]);
        let plain = match there {
            // An element that only the target requires is marked.
            Some(there) if empty => there.min <= field.min,
            Some(there) => holds(content, field, there, context),
            None => empty,
        };
        if !plain {
            return false;
        }
    }
    true
}

/// Whether a field of the target can hold what a field of the source holds.
pub(super) fn holds(
    content: Content<'_>,
    field: &FieldInfo,
    there: &FieldInfo,
    context: &Context<'_>,
) -> bool {
    if !is_same(field, there) || matches!(field.name, "extension" | "modifierExtension") {
        return false;
    }
    match content {
        Content::Absent => true,
        // Of attributes that are no url only ids are left, which DSTU2 wants otherwise.
        Content::Attribute(_) => context.to() != FhirVersion::Dstu2,
        Content::Primitive(primitive) => is_plain_primitive(primitive, there, context),
        Content::Primitives(list) => (0..list.count()).all(|index| {
            list.get(index).is_none_or(|primitive| {
                is_plain_primitive(PrimitiveRef::of(primitive), there, context)
            })
        }),
        Content::Element(element) => is_plain_in(element.as_object(), there, context),
        Content::Elements(list) => (0..list.count()).all(|index| {
            list.get(index)
                .is_none_or(|element| is_plain_in(element, there, context))
        }),
        Content::Resources(_) => false,
    }
}

fn is_plain_in(element: &dyn ObjectElement, there: &FieldInfo, context: &Context<'_>) -> bool {
    match there.types {
        [FieldType::Element(info)] => is_plain(element, info(), context),
        _ => false,
    }
}

fn is_plain_primitive(
    primitive: PrimitiveRef<'_>,
    there: &FieldInfo,
    context: &Context<'_>,
) -> bool {
    let Some(value) = primitive.value() else {
        return false;
    };
    primitive.element().is_none() && is_plain_scalar(value, there, context)
}

fn is_plain_scalar(value: ScalarRef<'_>, there: &FieldInfo, context: &Context<'_>) -> bool {
    let codes = match there.types {
        [FieldType::Scalar(ScalarType::Code, codes)] => codes,
        _ => &None,
    };
    if let Some(codes) = codes {
        return codes.codes.contains(&&*value.text());
    }
    let scalar = value.scalar_type();
    !text::differs(scalar) || text::is_legal(scalar, &value.text(), context)
}

/// Moves everything in a plain element.
pub(super) fn move_plain(source: &mut dyn ObjectElement, target: &mut dyn ObjectElement) {
    let (from, to) = (source.info(), target.info());
    for (at, field) in from.fields.iter().enumerate() {
        if matches!(source.content(at), (_, Content::Absent)) {
            continue;
        }
        if let Some(place) = place(at, field, to)
            && let (Some(content), Some(room)) =
                (source.content_mut(at, 0), target.content_mut(place, 0))
        {
            move_content(content, room);
        }
    }
}

/// Moves what a field holds that is plain.
pub(super) fn move_content(content: ContentMut<'_>, room: ContentMut<'_>) {
    match (content, room) {
        (ContentMut::Attribute(from), ContentMut::Attribute(to)) => {
            to.take_from(from);
        }
        (ContentMut::Primitive(from), ContentMut::Primitive(to)) => move_primitive(from, to),
        (ContentMut::Primitives(from), ContentMut::Primitives(to)) => {
            for index in 0..from.count() {
                to.push();
                if let (Some(from), Some(to)) = (from.get_mut(index), to.get_mut(index)) {
                    move_primitive(from, to);
                }
            }
        }
        (ContentMut::Element(from), ContentMut::Element(to)) => {
            move_plain(from.get_or_insert(), to.get_or_insert());
        }
        (ContentMut::Elements(from), ContentMut::Elements(to)) => {
            to.reserve(from.count());
            for index in 0..from.count() {
                to.push();
                if let (Some(from), Some(to)) = (from.get_mut(index), to.get_mut(index)) {
                    move_plain(from, to);
                }
            }
        }
        _ => {}
    }
}

fn move_primitive(from: &mut dyn ObjectPrimitive, to: &mut dyn ObjectPrimitive) {
    let slot = from.value_mut();
    if !to.value_mut().take_from(slot)
        && let Some(value) = slot.get()
    {
        // The codes of the two versions are different types with the same texts.
        let _ = to.value_mut().read(&value.text(), FhirVersion::R6);
    }
}
