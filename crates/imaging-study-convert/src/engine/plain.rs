//! What is plain: asked by reference, and then moved as it is.
//!
//! An element is plain if its version allows everything in it, and the target holds all of that
//! under the same name and in the same type. No extension of HL7's is in it, no id that DSTU2
//! refuses, no text beyond the limits of either version, no code that one of them lacks. No rule for
//! data types has anything to do then. Of a study, a series and an instance the elements that the
//! versions have in different forms are only looked at; they have rules of their own.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use imaging_study_core::{
    CodeSet, Content, ContentMut, FhirVersion, FieldInfo, FieldType, ObjectElement,
    ObjectPrimitive, PrimitiveRef, Resource, ScalarRef, ScalarType, TypeInfo, Unshared,
};

use crate::context::Context;
use crate::reference::Targets;
use crate::version::Version;
use crate::{element_id, illegal_id, text, versions};

/// The extensions of HL7, of which some carry what rules ask for, begin so.
pub(super) const HL7: &str = "http://hl7.org/fhir/";

/// Where the fields of a type stand in the type of the same name in another version.
pub(crate) struct Shape {
    fields: Vec<Place>,
    role: Role,
    resource: bool,
    /// Whether the target requires what the source has no element for.
    lacks: bool,
    /// What must be there, a bit each field.
    required: u64,
    newly_required: u64,
    /// What must not be there, since the target has no place for it.
    refused: u64,
    /// What makes more of an element than its id.
    content: u64,
    value: u64,
    extension: u64,
}

/// Types that are looked at otherwise than by their fields alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Extension,
    /// With the places of the reference and of the type that it states.
    Reference(Option<usize>, Option<usize>),
    CodeableReference,
    Other,
}

/// Where a field of the source stands in the target.
pub(crate) struct Place {
    /// The place in the target, if values can stand there as they are.
    pub(super) at: Option<usize>,
    /// The place of what has the same name in the target.
    pub(super) named: Option<usize>,
    /// Whether what is held must have a place in the target.
    must_move: bool,
    /// Whether the source requires it.
    required: bool,
    /// Whether the target does.
    newly_required: bool,
    name: Counted,
    targets: Targets,
    /// What the field holds, for each of its types, with the variant in the target.
    variants: Vec<(Kind, Option<u8>)>,
}

/// What counts for an element being complete.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    Id,
    Extension,
    Value,
    Content,
}

/// What a field holds.
enum Kind {
    Id,
    Url,
    /// A primitive, with the codes that both versions must have.
    Primitive(ScalarType, [Option<&'static CodeSet>; 2], &'static Pair),
    Element(Inner),
    Resources,
}

/// The types of an element in the two versions, whose shape is found when it is first asked for.
struct Inner {
    from: &'static TypeInfo,
    to: Option<&'static TypeInfo>,
    pair: &'static Pair,
    shape: OnceLock<&'static Shape>,
}

impl Inner {
    fn shape(&self) -> &'static Shape {
        self.shape
            .get_or_init(|| self.pair.shape(self.from, self.to))
    }
}

/// A source and a target version, and the shapes that are known for them.
pub(crate) struct Pair {
    source: &'static Version,
    target: &'static Version,
    shapes: Mutex<HashMap<(&'static str, bool), &'static Shape>>,
    sibling: OnceLock<Shape>,
}

impl Pair {
    /// The pair of two versions.
    pub(super) fn of(source: FhirVersion, target: FhirVersion) -> &'static Self {
        const VERSIONS: usize = FhirVersion::ALL.len();
        static PAIRS: [OnceLock<Pair>; VERSIONS * VERSIONS] =
            [const { OnceLock::new() }; VERSIONS * VERSIONS];
        let at = versions::index(source) * VERSIONS + versions::index(target);
        PAIRS[at].get_or_init(|| Self {
            source: versions::table(source),
            target: versions::table(target),
            shapes: Mutex::default(),
            sibling: OnceLock::new(),
        })
    }

    /// The shape of a type; without one in the target, what is in it is only looked at.
    pub(super) fn shape(
        &'static self,
        from: &'static TypeInfo,
        to: Option<&'static TypeInfo>,
    ) -> &'static Shape {
        let lock = || self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (from.name, to.is_some());
        if let Some(shape) = lock().get(&key) {
            return shape;
        }
        let shape = Shape::new(from, to, self);
        lock()
            .entry(key)
            .or_insert_with(|| Box::leak(Box::new(shape)))
    }

    /// The shape of what stands beside a primitive: an id and extensions.
    fn sibling(&'static self) -> &'static Shape {
        self.sibling.get_or_init(|| {
            let extension = Inner {
                from: (self.source.extension)(),
                to: Some((self.target.extension)()),
                pair: self,
                shape: OnceLock::new(),
            };
            let field = |at, name, kind| Place {
                at: Some(at),
                named: Some(at),
                must_move: true,
                required: false,
                newly_required: false,
                name,
                targets: Targets::ANY,
                variants: vec![(kind, Some(0))],
            };
            let fields = vec![
                field(0, Counted::Id, Kind::Id),
                field(1, Counted::Content, Kind::Element(extension)),
            ];
            Shape::of(fields, Role::Other, false, false)
        })
    }
}

impl Shape {
    fn new(from: &'static TypeInfo, to: Option<&'static TypeInfo>, pair: &'static Pair) -> Self {
        // A study, a series and an instance.
        let has_rules = super::table::has_rules(from);
        let place = |field: &'static FieldInfo| {
            let at = to.and_then(|to| to.fields.iter().position(|own| own.name == field.name));
            let there = to.zip(at).map(|(to, at)| (&to.fields[at], at));
            let place = Place::new(field, there, pair);
            Place {
                must_move: to.is_some() && !has_rules,
                ..place
            }
        };
        let at = |name: &str| from.fields.iter().position(|field| field.name == name);
        let role = match from.name {
            "Extension" => Role::Extension,
            "Reference" => Role::Reference(at("reference"), at("type")),
            "CodeableReference" => Role::CodeableReference,
            _ => Role::Other,
        };
        let lacks = !has_rules
            && to.is_some_and(|to| {
                let mut required = to.fields.iter().filter(|there| there.min > 0);
                required.any(|there| at(there.name).is_none())
            });
        let fields = from.fields.iter().map(place).collect();
        Self::of(fields, role, from.resource, lacks)
    }

    fn of(fields: Vec<Place>, role: Role, resource: bool, lacks: bool) -> Self {
        let bits = |is: &dyn Fn(&Place) -> bool| {
            let places = fields.iter().enumerate();
            places.fold(0, |bits, (at, place)| bits | u64::from(is(place)) << at)
        };
        Self {
            required: bits(&|place| place.required),
            newly_required: bits(&|place| place.newly_required),
            refused: bits(&|place| place.must_move && place.at.is_none()),
            content: bits(&|place| place.name != Counted::Id),
            value: bits(&|place| place.name == Counted::Value),
            extension: bits(&|place| place.name == Counted::Extension),
            fields,
            role,
            resource,
            lacks,
        }
    }

    /// The field at an index.
    pub(super) fn place(&self, index: usize) -> Option<&Place> {
        self.fields.get(index)
    }
}

impl Place {
    /// The place of a field, with its counterpart in the target and where that stands.
    pub(super) fn new(
        field: &'static FieldInfo,
        there: Option<(&'static FieldInfo, usize)>,
        pair: &'static Pair,
    ) -> Self {
        let variant = |field_type: &'static FieldType| {
            let at = there.and_then(|(there, _)| {
                let mut types = (0..).zip(there.types);
                let is_only = field.types.len() == 1 && there.types.len() == 1;
                types.find(|(_, own)| {
                    own.name() == field_type.name() || (is_only && are_texts(field_type, own))
                })
            });
            let kind = match field_type {
                FieldType::Scalar(..) if field.attribute && field.name == "id" => Kind::Id,
                FieldType::Scalar(..) if field.attribute => Kind::Url,
                FieldType::Scalar(scalar, own) => {
                    let codes = match at {
                        Some((_, FieldType::Scalar(_, codes))) => *codes,
                        _ => None,
                    };
                    Kind::Primitive(*scalar, [*own, codes], pair)
                }
                FieldType::Element(from) => Kind::Element(Inner {
                    from: from(),
                    to: match at {
                        Some((_, FieldType::Element(to))) => Some(to()),
                        _ => pair.target.type_info(from().name),
                    },
                    pair,
                    shape: OnceLock::new(),
                }),
                FieldType::Resource => Kind::Resources,
            };
            (kind, at.map(|(variant, _)| variant))
        };
        let variants: Vec<_> = field.types.iter().map(variant).collect();
        let is_choice = field.types.len() > 1;
        let stays = there.filter(|(there, _)| {
            let known = variants.iter().all(|(_, variant)| variant.is_some());
            field.many == there.many && (known || is_choice)
        });
        Self {
            at: stays.map(|(_, at)| at),
            named: there.map(|(_, at)| at),
            must_move: false,
            required: field.min > 0,
            newly_required: there.is_some_and(|(there, _)| there.min > 0),
            name: match field.name {
                "id" if field.attribute => Counted::Id,
                "extension" => Counted::Extension,
                "value[x]" => Counted::Value,
                _ => Counted::Content,
            },
            targets: Targets {
                from: field.targets,
                // What does not stay as it is has a rule, which knows what it may point at.
                to: stays.map_or(field.targets, |(there, _)| there.targets),
            },
            variants,
        }
    }

    /// Whether a field of an element holds nothing, or what is plain.
    pub(super) fn holds(
        &self,
        element: &dyn ObjectElement,
        index: usize,
        context: &Context<'_>,
    ) -> bool {
        element.content(index).1.is_empty()
            || self.at.is_some() && self.is_plain(element, index, context)
    }

    /// Whether a field of an element holds nothing, or what is plain and may have another place.
    pub(super) fn is_plain(
        &self,
        element: &dyn ObjectElement,
        index: usize,
        context: &Context<'_>,
    ) -> bool {
        let (variant, content) = element.content(index);
        let mut look = Look::new(context, Verdict::Plain);
        content.is_empty()
            || look.field(self, variant, content, self.targets, false) == Verdict::Plain
    }

    /// Moves what a field holds that is plain.
    pub(super) fn move_field(
        &self,
        source: &mut dyn ObjectElement,
        index: usize,
        target: &mut dyn ObjectElement,
    ) {
        let Some(at) = self.at else { return };
        let (variant, content) = source.content(index);
        if content.is_empty() {
            return;
        }
        let Some((kind, Some(there))) = self.variants.get(usize::from(variant)) else {
            return;
        };
        if let (Some(content), Some(room)) = (
            source.content_mut(index, variant),
            target.content_mut(at, *there),
        ) {
            kind.move_content(content, room);
        }
    }
}

impl Place {
    /// Moves one of the entries of a field that is plain.
    pub(super) fn move_entry(
        &self,
        source: &mut dyn ObjectElement,
        index: usize,
        entry: usize,
        room: ContentMut<'_>,
    ) {
        let Some((kind, _)) = self.variants.first() else {
            return;
        };
        match (source.content_mut(index, 0), room, kind) {
            (Some(ContentMut::Elements(list)), ContentMut::Element(room), Kind::Element(inner)) => {
                if let Some(entry) = list.get_mut(entry) {
                    move_plain(entry, room.get_or_insert(), inner.shape());
                }
            }
            (Some(content), room, kind) => kind.move_content(content, room),
            (None, ..) => {}
        }
    }
}

impl Kind {
    fn move_content(&self, content: ContentMut<'_>, room: ContentMut<'_>) {
        match (content, room, self) {
            (ContentMut::Attribute(from), ContentMut::Attribute(to), _) => {
                to.take_from(from);
            }
            (
                ContentMut::Primitive(from),
                ContentMut::Primitive(to),
                Self::Primitive(_, _, pair),
            ) => move_primitive(from, to, pair),
            (
                ContentMut::Primitives(from),
                ContentMut::Primitives(to),
                Self::Primitive(_, _, pair),
            ) => {
                for index in 0..from.count() {
                    to.push();
                    if let (Some(from), Some(to)) = (from.get_mut(index), to.get_mut(index)) {
                        move_primitive(from, to, pair);
                    }
                }
            }
            (ContentMut::Element(from), ContentMut::Element(to), Self::Element(inner)) => {
                move_plain(from.get_or_insert(), to.get_or_insert(), inner.shape());
            }
            (ContentMut::Elements(from), ContentMut::Elements(to), Self::Element(inner)) => {
                let shape = inner.shape();
                to.reserve(from.count());
                for index in 0..from.count() {
                    to.push();
                    if let (Some(from), Some(to)) = (from.get_mut(index), to.get_mut(index)) {
                        move_plain(from, to, shape);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether two types have the same texts.
fn are_texts(from: &FieldType, to: &FieldType) -> bool {
    use ScalarType::{Canonical, Markdown, String, Uri};
    matches!(
        (from, to),
        (
            FieldType::Scalar(Canonical | Uri, None),
            FieldType::Scalar(Canonical | Uri, None)
        ) | (
            FieldType::Scalar(Markdown | String, None),
            FieldType::Scalar(Markdown | String, None)
        )
    )
}

/// Whether values of a field can stand in another one as they are, what is inside them aside.
pub(super) fn is_same(field: &FieldInfo, there: &FieldInfo) -> bool {
    let types = match (field.types, there.types) {
        ([FieldType::Scalar(from, _)], [FieldType::Scalar(to, _)]) => from == to,
        ([FieldType::Element(from)], [FieldType::Element(to)]) => from().name == to().name,
        _ => false,
    };
    types && field.many == there.many
}

/// What was found of an element.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// Its version may not allow everything in it.
    Odd,
    /// Its version allows everything in it.
    Sound,
    /// And everything in it is plain.
    Plain,
}

impl Verdict {
    /// What else is as it is, if something is so.
    const fn plain_if(is: bool) -> Self {
        if is { Self::Plain } else { Self::Sound }
    }

    const fn sound_if(is: bool) -> Self {
        if is { Self::Plain } else { Self::Odd }
    }
}

/// A look at an element and everything in it.
pub(crate) struct Look<'c> {
    context: &'c Context<'c>,
    /// What is less than this is not looked at any further.
    least: Verdict,
    /// Whether a code has something beside it that is not plain.
    pub(crate) marks_codes: bool,
    /// Whether the id of an element may come back that the target does not allow.
    pub(crate) marks_ids: bool,
}

impl<'c> Look<'c> {
    pub(crate) fn new(context: &'c Context<'c>, least: Verdict) -> Self {
        Self {
            context,
            least,
            marks_codes: false,
            marks_ids: false,
        }
    }

    /// Looks at an element. `targets` is what it may point at if it is a reference; `is_part` tells
    /// whether it stands in an extension.
    pub(super) fn element(
        &mut self,
        element: &dyn ObjectElement,
        shape: &Shape,
        targets: Targets,
        is_part: bool,
    ) -> Verdict {
        let present = element.present();
        let is_sound = present & shape.required == shape.required
            && (shape.resource || present & shape.content != 0)
            && (shape.role != Role::Extension
                || (present & shape.value == 0) != (present & shape.extension == 0));
        let stays = !shape.lacks
            && present & shape.newly_required == shape.newly_required
            && present & shape.refused == 0;
        let mut verdict = Verdict::sound_if(is_sound).min(Verdict::plain_if(stays));
        for at in bits(present) {
            if verdict < self.least {
                return verdict;
            }
            let Some(place) = shape.fields.get(at) else {
                continue;
            };
            let (variant, held) = element.content(at);
            let targets = match shape.role {
                Role::CodeableReference => targets,
                _ => place.targets,
            };
            let part = match place.name {
                Counted::Extension => shape.role == Role::Extension,
                Counted::Value => false,
                _ => is_part,
            };
            verdict = verdict.min(self.field(place, variant, held, targets, part));
        }
        if let Role::Reference(reference, stated) = shape.role {
            let text = |at: Option<usize>| match element.content(at?).1 {
                Content::Primitive(primitive) => primitive.value().map(ScalarRef::text),
                _ => None,
            };
            let reference = text(reference);
            let named = reference
                .as_deref()
                .and_then(|url| self.context.type_of_text(url));
            for named in [named, text(stated).as_deref()].into_iter().flatten() {
                verdict = verdict
                    .min(Verdict::sound_if(targets.source_allows(named)))
                    .min(Verdict::plain_if(targets.target_allows(named)));
            }
        }
        verdict
    }

    /// Looks at what a field holds.
    fn field(
        &mut self,
        place: &Place,
        variant: u8,
        content: Content<'_>,
        targets: Targets,
        is_part: bool,
    ) -> Verdict {
        let Some((kind, there)) = place.variants.get(usize::from(variant)) else {
            return Verdict::Odd;
        };
        let stays = !place.must_move || (place.at.is_some() && there.is_some());
        let verdict = Verdict::plain_if(stays);
        if verdict < self.least {
            return verdict;
        }
        verdict.min(match (content, kind) {
            (Content::Attribute(id), Kind::Id) => {
                let id = id.text();
                Verdict::sound_if(element_id::may_stand(&id, self.context))
                    .min(Verdict::plain_if(element_id::stays(&id, self.context)))
            }
            (Content::Attribute(url), Kind::Url) => {
                let url = url.text();
                let is_hl7 = url.starts_with(HL7);
                self.marks_ids |= is_hl7 && illegal_id::comes_back(&url, self.context.to());
                Verdict::sound_if(is_part || url.contains(':')).min(Verdict::plain_if(!is_hl7))
            }
            (Content::Primitive(primitive), Kind::Primitive(scalar, codes, pair)) => {
                self.primitive(primitive, *scalar, codes, pair)
            }
            (Content::Primitives(list), Kind::Primitive(scalar, codes, pair)) => {
                self.each(list.count(), |look, index| {
                    let primitive = list.get(index).map(PrimitiveRef::of);
                    primitive.map(|primitive| look.primitive(primitive, *scalar, codes, pair))
                })
            }
            (Content::Element(element), Kind::Element(inner)) => {
                self.element(element.as_object(), inner.shape(), targets, is_part)
            }
            (Content::Elements(list), Kind::Element(inner)) => {
                let shape = inner.shape();
                self.each(list.count(), |look, index| {
                    let element = list.get(index)?;
                    Some(look.element(element, shape, targets, is_part))
                })
            }
            (Content::Resources(list), Kind::Resources) => {
                let mut resources = list.iter();
                let is_study = |resource: &Resource| resource.resource_type() == "ImagingStudy";
                Verdict::sound_if(!resources.any(is_study))
            }
            _ => Verdict::Odd,
        })
    }

    fn each(
        &mut self,
        count: usize,
        mut look: impl FnMut(&mut Self, usize) -> Option<Verdict>,
    ) -> Verdict {
        let mut verdict = Verdict::Plain;
        for index in 0..count {
            if verdict < self.least {
                break;
            }
            verdict = verdict.min(look(self, index).unwrap_or(Verdict::Plain));
        }
        verdict
    }

    fn primitive(
        &mut self,
        primitive: PrimitiveRef<'_>,
        scalar: ScalarType,
        codes: &[Option<&'static CodeSet>; 2],
        pair: &'static Pair,
    ) -> Verdict {
        let mut verdict = Verdict::Plain;
        if let Some(element) = primitive.element() {
            let shape = pair.sibling();
            verdict = self.element(element.as_object(), shape, Targets::ANY, false);
            self.marks_codes |= codes[0].is_some() && verdict != Verdict::Plain;
        }
        let Some(value) = primitive.value() else {
            // An id alone is no element.
            let has_extension = primitive
                .element()
                .is_some_and(|element| element.as_object().present() & 0b10 != 0);
            return verdict
                .min(Verdict::Sound)
                .min(Verdict::sound_if(has_extension));
        };
        let (from, to) = (self.context.from(), self.context.to());
        if let [own, other] = codes
            && (own.is_some() || other.is_some())
        {
            let text = value.text();
            let has = |codes: &Option<&'static CodeSet>| {
                codes.is_none_or(|codes| codes.codes.contains(&&*text))
            };
            return verdict
                .min(Verdict::sound_if(has(own)))
                .min(Verdict::plain_if(has(other)));
        }
        let (allowed, stays) = match scalar {
            ScalarType::Id | ScalarType::Oid => {
                let text = value.text();
                let stays = text::is_legal(scalar, &text, self.context);
                (
                    scalar.allows(&text, from),
                    stays && (scalar == ScalarType::Id || scalar.allows(&text, to)),
                )
            }
            scalar if text::differs(scalar) => {
                let text = value.text();
                let stays = text::is_legal(scalar, &text, self.context);
                (stays || scalar.keeps_to_limits(&text, from), stays)
            }
            _ => (true, true),
        };
        verdict
            .min(Verdict::sound_if(allowed))
            .min(Verdict::plain_if(stays))
    }
}

/// The indexes of the bits that are set.
pub(super) fn bits(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = bits.trailing_zeros() as usize;
        (bits != 0).then(|| {
            bits &= bits - 1;
            at
        })
    })
}

/// Moves everything in a plain element.
pub(super) fn move_plain(
    source: &mut dyn ObjectElement,
    target: &mut dyn ObjectElement,
    shape: &Shape,
) {
    for at in bits(source.present()) {
        if let Some(place) = shape.fields.get(at) {
            place.move_field(source, at, target);
        }
    }
}

fn move_primitive(
    from: &mut dyn ObjectPrimitive,
    to: &mut dyn ObjectPrimitive,
    pair: &'static Pair,
) {
    let slot = from.value_mut();
    if !to.value_mut().take_from(slot)
        && let Some(value) = slot.get()
    {
        // The codes of the two versions are different types with the same texts.
        let _ = to
            .value_mut()
            .read(&value.text(), FhirVersion::R6, &mut Unshared);
    }
    if from.sibling().is_some() {
        move_plain(from.sibling_mut(), to.sibling_mut(), pair.sibling());
    }
}
