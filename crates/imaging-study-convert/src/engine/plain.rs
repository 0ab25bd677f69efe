//! What is the same in both versions, asked by reference and then moved.
//!
//! An element is plain if everything in it stands under the same name and in the same type in the
//! target, and there is nothing that a rule could ask about: no extension, no id that the target
//! refuses, no text beyond its limits, no code that it lacks.

use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use imaging_study_core::{
    CodeSet, Content, ContentMut, FhirVersion, FieldInfo, FieldType, ObjectElement,
    ObjectPrimitive, PrimitiveRef, ScalarType, TypeInfo,
};

use crate::context::Context;
use crate::text;

/// Where the fields of a type stand in a type of another version.
pub(crate) struct Shape {
    fields: Vec<Option<Place>>,
}

/// Where a field of the source stands in the target.
pub(crate) struct Place {
    /// The place in the target.
    pub(super) at: usize,
    /// Whether only the target requires it.
    is_newly_required: bool,
    /// Whether values can stand there as they are, what is inside them aside.
    is_same: bool,
    kind: Kind,
}

/// What a field holds in both versions.
enum Kind {
    /// A primitive, with the codes of the two versions where it has some.
    Primitive(ScalarType, Codes),
    /// An element.
    Element(Inner),
    /// Extensions, resources, and what has several types.
    Other,
}

/// The codes that a primitive must be one of in the source and in the target: one that only the
/// target has is marked.
type Codes = [Option<&'static CodeSet>; 2];

/// The types of an element in the two versions, whose shape is found when it is first asked for.
struct Inner {
    from: &'static TypeInfo,
    to: &'static TypeInfo,
    shape: OnceLock<&'static Shape>,
}

impl Inner {
    fn shape(&self) -> &'static Shape {
        self.shape.get_or_init(|| Shape::of(self.from, self.to))
    }
}

impl Shape {
    /// The shape for two types, of which there is one a pair.
    pub(super) fn of(from: &'static TypeInfo, to: &'static TypeInfo) -> &'static Self {
        type Pair = (*const TypeInfo, *const TypeInfo);
        static SHAPES: OnceLock<RwLock<HashMap<(usize, usize), &'static Shape>>> = OnceLock::new();
        let pair: Pair = (from, to);
        let key = (pair.0.addr(), pair.1.addr());
        let shapes = SHAPES.get_or_init(RwLock::default);
        let known = shapes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(shape) = known.get(&key) {
            return shape;
        }
        drop(known);
        let mut known = shapes.write().unwrap_or_else(PoisonError::into_inner);
        known
            .entry(key)
            .or_insert_with(|| Box::leak(Box::new(Self::new(from, to))))
    }

    fn new(from: &'static TypeInfo, to: &'static TypeInfo) -> Self {
        let place = |field: &'static FieldInfo| {
            let at = to.fields.iter().position(|own| own.name == field.name)?;
            Some(Place::new(field, &to.fields[at], at))
        };
        Self {
            fields: from.fields.iter().map(place).collect(),
        }
    }
}

impl Place {
    /// The place of a field whose counterpart stands at an index of the target.
    pub(super) fn new(field: &'static FieldInfo, there: &'static FieldInfo, at: usize) -> Self {
        let kind = match (field.types, there.types) {
            _ if matches!(field.name, "extension" | "modifierExtension") => Kind::Other,
            ([FieldType::Scalar(scalar, own)], [FieldType::Scalar(_, codes)]) => {
                Kind::Primitive(*scalar, [*own, *codes])
            }
            ([FieldType::Element(from)], [FieldType::Element(to)]) => Kind::Element(Inner {
                from: from(),
                to: to(),
                shape: OnceLock::new(),
            }),
            _ => Kind::Other,
        };
        Self {
            at,
            is_newly_required: there.min > field.min,
            is_same: is_same(field, there),
            kind,
        }
    }

    /// Whether the target can hold what a field of the source holds.
    pub(super) fn holds(&self, content: Content<'_>, context: &Context<'_>) -> bool {
        if !self.is_same {
            return false;
        }
        match (content, &self.kind) {
            (Content::Absent, Kind::Primitive(..) | Kind::Element(_)) => true,
            // Of attributes that are no url only ids are left, which DSTU2 wants otherwise.
            (Content::Attribute(_), _) => context.to() != FhirVersion::Dstu2,
            (Content::Primitive(primitive), Kind::Primitive(scalar, codes)) => {
                is_plain_primitive(primitive, *scalar, codes, context)
            }
            (Content::Primitives(list), Kind::Primitive(scalar, codes)) => {
                (0..list.count()).all(|index| {
                    list.get(index).is_none_or(|primitive| {
                        is_plain_primitive(PrimitiveRef::of(primitive), *scalar, codes, context)
                    })
                })
            }
            (Content::Element(element), Kind::Element(inner)) => {
                is_plain(element.as_object(), inner.shape(), context)
            }
            (Content::Elements(list), Kind::Element(inner)) => (0..list.count()).all(|index| {
                list.get(index)
                    .is_none_or(|element| is_plain(element, inner.shape(), context))
            }),
            _ => false,
        }
    }

    /// Moves what a field holds that is plain.
    pub(super) fn move_content(&self, content: ContentMut<'_>, room: ContentMut<'_>) {
        match (content, room, &self.kind) {
            (ContentMut::Attribute(from), ContentMut::Attribute(to), _) => {
                to.take_from(from);
            }
            (ContentMut::Primitive(from), ContentMut::Primitive(to), _) => move_primitive(from, to),
            (ContentMut::Primitives(from), ContentMut::Primitives(to), _) => {
                for index in 0..from.count() {
                    to.push();
                    if let (Some(from), Some(to)) = (from.get_mut(index), to.get_mut(index)) {
                        move_primitive(from, to);
                    }
                }
            }
            (ContentMut::Element(from), ContentMut::Element(to), Kind::Element(inner)) => {
                move_plain(from.get_or_insert(), to.get_or_insert(), inner.shape());
            }
            (ContentMut::Elements(from), ContentMut::Elements(to), Kind::Element(inner)) => {
                to.reserve(from.count());
                for index in 0..from.count() {
                    to.push();
                    if let (Some(from), Some(to)) = (from.get_mut(index), to.get_mut(index)) {
                        move_plain(from, to, inner.shape());
                    }
                }
            }
            _ => {}
        }
    }
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

/// Whether there is nothing in a field.
pub(super) fn is_empty(content: Content<'_>) -> bool {
    match content {
        Content::Absent => true,
        Content::Primitives(list) => list.count() == 0,
        Content::Elements(list) => list.count() == 0,
        Content::Resources(list) => list.is_empty(),
        _ => false,
    }
}

/// Whether everything in an element can be moved as it is.
pub(super) fn is_plain(element: &dyn ObjectElement, shape: &Shape, context: &Context<'_>) -> bool {
    shape.fields.iter().enumerate().all(|(at, place)| {
        let content = element.content(at).1;
        match place {
            // An element that only the target requires is marked.
            Some(place) if is_empty(content) => !place.is_newly_required,
            Some(place) => place.holds(content, context),
            None => is_empty(content),
        }
    })
}

fn is_plain_primitive(
    primitive: PrimitiveRef<'_>,
    scalar: ScalarType,
    codes: &Codes,
    context: &Context<'_>,
) -> bool {
    let Some(value) = primitive.value() else {
        return false;
    };
    if primitive.element().is_some() {
        return false;
    }
    if codes.iter().any(Option::is_some) {
        let text = value.text();
        let has = |codes: &CodeSet| codes.codes.contains(&&*text);
        return codes.iter().flatten().all(|codes| has(codes));
    }
    !text::differs(scalar) || text::is_legal(scalar, &value.text(), context)
}

/// Moves everything in a plain element.
pub(super) fn move_plain(
    source: &mut dyn ObjectElement,
    target: &mut dyn ObjectElement,
    shape: &Shape,
) {
    for (at, place) in shape.fields.iter().enumerate() {
        let Some(place) = place else { continue };
        if is_empty(source.content(at).1) {
            continue;
        }
        if let (Some(content), Some(room)) =
            (source.content_mut(at, 0), target.content_mut(place.at, 0))
        {
            place.move_content(content, room);
        }
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
