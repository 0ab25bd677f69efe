//! Plain instances, of which there may be thousands: looked at and moved from one Rust type to the
//! other in one pass.

use std::any::Any;
use std::convert::Infallible;

use imaging_study_core::{
    Content, ContentMut, Element, ElementRef, FhirString, FhirVersion, FieldType, Name,
    ObjectElements, ObjectPrimitives, Primitive, PrimitiveRef, Resource, Scalar, ScalarRef,
    ScalarSlot, ScalarType, Segment, Shared, TypeInfo, Writer,
};
use imaging_study_dicom::{RawUid, RawUrnOid};

use super::table::Step;
use super::{plain, table};
use crate::context::Context;
use crate::rules::{sop_class, uid};
use crate::sound::is_sound;
use crate::study::Study;
use crate::{Loss, element_id, entries, text};

/// How many fields of an instance or of a Coding [`move_fields`] moves.
const FIELDS: usize = 12;

/// How plain instances are moved.
pub(crate) struct Moves {
    /// Whether the two types have the same fields in the same places.
    alike: bool,
    /// For each field of the source, where it goes; nothing may be in others.
    fields: Vec<Option<(usize, How)>>,
    required: Vec<usize>,
}

#[derive(Clone, Copy)]
enum How {
    Same,
    /// A Coding stays one.
    Coding,
    /// An oid stays one.
    Oid,
    Uid,
    SopClass,
}

impl Moves {
    pub(super) fn new(
        from: &'static TypeInfo,
        to: &'static TypeInfo,
        rows: &[Step],
        source: FhirVersion,
        target: FhirVersion,
    ) -> Self {
        let place = |(at, field): (usize, &imaging_study_core::FieldInfo)| {
            let step = rows
                .iter()
                .find(|step| step.row.names(source).contains(&field.name));
            let name = step.map_or(Some(field.name), |step| step.row.name(target))?;
            let there = to.fields.iter().position(|own| own.name == name)?;
            let how = match step.map(|step| step.row.how()) {
                _ if plain::is_same(field, &to.fields[there]) => match field.types {
                    [FieldType::Scalar(ScalarType::Oid, _)] => How::Oid,
                    [FieldType::Element(_)] => How::Coding,
                    _ => How::Same,
                },
                Some("uid") => How::Uid,
                Some("sopClass") => How::SopClass,
                _ => return None,
            };
            let is_known = match field.types {
                [FieldType::Scalar(_, codes)] => codes.is_none(),
                [FieldType::Element(info)] => info().name == "Coding",
                _ => false,
            };
            (is_known && at < FIELDS).then_some((there, how))
        };
        let required = from.fields.iter().enumerate();
        let required = required.filter(|(_, field)| field.min > 0);
        Self {
            alike: are_alike(from, to),
            fields: from.fields.iter().enumerate().map(place).collect(),
            required: required.map(|(at, _)| at).collect(),
        }
    }
}

/// The instances that were taken out of a series, in the type of the target, and where those stood
/// that were left.
pub(crate) struct Taken<T> {
    instances: Vec<T>,
    left: Vec<usize>,
}

/// Takes the instances out of each series in which no rule for data types could have anything to do,
/// and gives them in the type of the target, series by series.
pub(crate) fn take<A: Study, B: Study>(
    study: &mut A,
    context: &Context<'_>,
) -> Vec<Taken<B::Instance>> {
    let from = <A::Instance as Element>::info();
    let to = <B::Instance as Element>::info();
    let plan = table::plan(from, context.from(), to, context.to());
    let mut mover = Mover::<A, B> {
        moves: &plan.moves,
        context,
        coding: None,
        oid: None,
        shared: None,
    };
    let (series, _) = study.parts_mut();
    series.iter_mut().map(|series| mover.take(series)).collect()
}

/// Gives the series of a converted study the instances that were taken out of it.
pub(crate) fn give_back<B: Study>(study: &mut B, taken: &mut [Taken<B::Instance>]) {
    let (series, _) = study.parts_mut();
    for (series, taken) in series.iter_mut().zip(taken) {
        let instances = std::mem::take(&mut taken.instances);
        if instances.is_empty() {
            continue;
        }
        let list = B::instances_mut(series);
        if taken.left.is_empty() {
            *list = instances;
            continue;
        }
        let left = std::mem::take(list);
        list.reserve_exact(instances.len() + left.len());
        let mut instances = instances.into_iter();
        for (instance, at) in left.into_iter().zip(&taken.left) {
            list.extend(instances.by_ref().take(at - list.len()));
            list.push(instance);
        }
        list.extend(instances);
    }
}

/// Gives the paths of losses the indexes of the instances before any was taken.
pub(crate) fn place_losses<T>(losses: &mut [Loss], taken: &[Taken<T>]) {
    let place = |series: usize, instance: usize| taken.get(series)?.left.get(instance).copied();
    for loss in losses {
        let mut path: Vec<Segment> = loss.path.segments().cloned().collect();
        if let [
            Segment::Name(list),
            Segment::Index(series),
            Segment::Name(inner),
            Segment::Index(instance),
            ..,
        ] = path.as_mut_slice()
            && list == "series"
            && inner == "instance"
            && let Some(at) = place(*series, *instance)
        {
            *instance = at;
            loss.path = path.into_iter().collect();
        }
    }
}

struct Mover<'m, A: Study, B: Study> {
    moves: &'m Moves,
    context: &'m Context<'m>,
    /// The SOP class that was written last, in both forms: most instances have that of the one
    /// before.
    coding: Option<(A::Coding, RawUrnOid)>,
    oid: Option<(RawUrnOid, Shared<B::Coding>)>,
    shared: Option<Pair<A::Coding, B::Coding>>,
}

/// An element that is shared, in both forms.
struct Pair<A, B> {
    own: Shared<A>,
    moved: Shared<B>,
}

impl<A: Study, B: Study> Mover<'_, A, B> {
    fn take(&mut self, series: &mut A::Series) -> Taken<B::Instance> {
        let none = Taken {
            instances: Vec::new(),
            left: Vec::new(),
        };
        // A series that has nothing else would be empty without them, and one with one thing else would
        // seem to have had only that.
        let places = 0..<A::Series as Element>::info().fields.len();
        let is_held = |at: &usize| !Element::content(series, *at).1.is_empty();
        if places.filter(is_held).nth(2).is_none() {
            return none;
        }
        let list = A::instances_mut(series);
        let mut odd = Vec::new();
        for (index, instance) in list.iter().enumerate() {
            if !self.is_plain(instance) {
                // What is wrong is tried with everything beside it.
                if !is_sound::<A, _>(instance, self.context) {
                    return none;
                }
                odd.push(index);
            }
        }
        if odd.len() == list.len() {
            return none;
        }
        let mut odd = odd.into_iter().peekable();
        let mut taken = Taken {
            instances: Vec::with_capacity(list.len() - odd.len()),
            left: Vec::new(),
        };
        let mut left = Vec::new();
        let mut index = 0;
        entries::consume(std::mem::take(list), |mut instance| {
            let is_odd = odd.next_if_eq(&index).is_some();
            match (!is_odd).then(|| self.moved(&mut instance)).flatten() {
                Some(moved) => taken.instances.push(moved),
                None => {
                    taken.left.push(index);
                    left.push(instance);
                }
            }
            index += 1;
        });
        *list = left;
        taken
    }

    #[inline(always)]
    fn is_plain(&self, instance: &A::Instance) -> bool {
        let holds = |at: usize| !Element::content(instance, at).1.is_empty();
        let mut fields = self.moves.fields.iter().enumerate();
        Looker::finds_nothing(instance, self.context)
            && self.moves.required.iter().all(|at| holds(*at))
            && (self.moves.alike || fields.all(|(at, to)| to.is_some() || !holds(at)))
    }

    /// An instance that is plain, in the type of the target; nothing if its UID or SOP class is more
    /// than the other form can say.
    #[inline(always)]
    fn moved(&mut self, instance: &mut A::Instance) -> Option<B::Instance> {
        let mut moved = B::Instance::default();
        if self.moves.alike {
            self.share(instance, &mut moved);
            move_fields(instance, &mut moved);
            return Some(moved);
        }
        for (at, to) in self.moves.fields.iter().enumerate() {
            match *to {
                Some((to, How::Oid)) => self.oid(instance, at, &mut moved, to)?,
                Some((to, How::Uid)) => self.uid(instance, at, &mut moved, to)?,
                Some((to, How::SopClass)) => self.sop_class(instance, at, &mut moved, to)?,
                _ => {}
            }
        }
        for (at, to) in self.moves.fields.iter().enumerate() {
            let to = match *to {
                Some((to, How::Same)) => to,
                Some((_, How::Coding)) => {
                    self.share(instance, &mut moved);
                    continue;
                }
                _ => continue,
            };
            if Element::content(instance, at).1.is_empty() {
                continue;
            }
            if let (Some(from), Some(to)) = (
                Element::content_mut(instance, at, 0),
                Element::content_mut(&mut moved, to, 0),
            ) {
                move_content(from, to);
            }
        }
        Some(moved)
    }

    /// Moves a SOP class that is a Coding in both versions; instances with the same one share it.
    #[inline(always)]
    fn share(&mut self, from: &mut A::Instance, to: &mut B::Instance) {
        let (Some(from), Some(to)) = (A::sop_class(from), B::sop_class(to)) else {
            return;
        };
        let Some(coding) = from.take() else { return };
        if let Some(last) = &self.shared
            && (last.own.is_same(&coding) || last.own == coding)
        {
            *to = Some(last.moved.clone());
            return;
        }
        let (mut own, mut moved) = (A::Coding::clone(&coding), B::Coding::default());
        move_fields(&mut own, &mut moved);
        let moved = Shared::new(moved);
        self.shared = Some(Pair {
            own: coding,
            moved: moved.clone(),
        });
        *to = Some(moved);
    }

    fn oid(&self, from: &A::Instance, at: usize, to: &mut B::Instance, there: usize) -> Option<()> {
        let Content::Primitive(oid) = Element::content(from, at).1 else {
            return None;
        };
        let oid: &RawUrnOid = oid.value()?.downcast()?;
        let legal = ScalarType::Oid.allows(oid.as_str(), self.context.to());
        put(to, there, legal.then(|| oid.clone()))
    }

    fn uid(&self, from: &A::Instance, at: usize, to: &mut B::Instance, there: usize) -> Option<()> {
        let Content::Primitive(uid) = Element::content(from, at).1 else {
            return None;
        };
        let value = uid.value()?;
        match (value.downcast::<RawUid>(), value.downcast::<RawUrnOid>()) {
            (Some(id), _) => put(to, there, uid::plain_oid(id, self.context.to())),
            (_, Some(oid)) => put(to, there, uid::plain_id(oid)),
            _ => None,
        }
    }

    fn sop_class(
        &mut self,
        from: &A::Instance,
        at: usize,
        to: &mut B::Instance,
        there: usize,
    ) -> Option<()> {
        match Element::content(from, at).1 {
            Content::Primitive(oid) => {
                let oid: &RawUrnOid = oid.value()?.downcast()?;
                let slot = B::sop_class(to)?;
                *slot = Some(match &self.oid {
                    Some((last, known)) if last == oid => known.clone(),
                    _ => {
                        let mut coding = B::Coding::default();
                        sop_class::plain_coding(oid, &mut coding, self.context)?;
                        let coding = Shared::new(coding);
                        self.oid = Some((oid.clone(), coding.clone()));
                        coding
                    }
                });
                Some(())
            }
            Content::Element(coding) => {
                let coding: &A::Coding = coding.downcast()?;
                match &self.coding {
                    Some((last, oid)) if last == coding => put(to, there, Some(oid.clone())),
                    _ => {
                        let oid = sop_class::plain_oid(coding, self.context)?;
                        self.coding = Some((coding.clone(), oid.clone()));
                        put(to, there, Some(oid))
                    }
                }
            }
            _ => None,
        }
    }
}

/// Gives a primitive a value.
fn put<T: Scalar, E: Element>(element: &mut E, at: usize, mut value: Option<T>) -> Option<()> {
    value.as_ref()?;
    match Element::content_mut(element, at, 0)? {
        ContentMut::Primitive(primitive) => {
            let value: &mut dyn ScalarSlot = &mut value;
            primitive.value_mut().take_from(value).then_some(())
        }
        _ => None,
    }
}

/// Lets instances whose SOP class is that of the one before share its memory.
pub(crate) fn share<B: Study>(instances: &mut [B::Instance]) {
    let mut last: Option<Shared<B::Coding>> = None;
    for instance in instances {
        let Some(Some(coding)) = B::sop_class(instance) else {
            continue;
        };
        match &last {
            Some(last) if last == coding => *coding = last.clone(),
            _ => last = Some(coding.clone()),
        }
    }
}

/// Whether two types have the same fields in the same places, primitives without codes and
/// Codings, so that [`move_fields`] moves all of them. Extensions are not looked at.
fn are_alike(from: &'static TypeInfo, to: &'static TypeInfo) -> bool {
    let fields = from.fields.iter().zip(to.fields);
    from.fields.len() == to.fields.len()
        && from.fields.len() <= FIELDS
        && fields.into_iter().all(|(field, there)| {
            let inner = match (field.types, there.types) {
                ([FieldType::Scalar(_, None)], [FieldType::Scalar(_, None)]) => true,
                ([FieldType::Element(inner)], [FieldType::Element(others)]) => match inner().name {
                    "Extension" => true,
                    "Coding" => {
                        from.name != "Coding" && !field.many && are_alike(inner(), others())
                    }
                    _ => false,
                },
                _ => false,
            };
            inner && field.name == there.name && plain::is_same(field, there)
        })
}

/// Moves the fields of an element that [`Looker`] found nothing in to one that is alike. Each place is
/// written out, so that the compiler sees the fields behind it.
#[inline(always)]
fn move_fields<S: Element, T: Element>(source: &mut S, target: &mut T) {
    macro_rules! fields {
        ($($at:literal)+) => {$(
            if $at < <S as Element>::info().fields.len()
                && let (Some(from), Some(to)) = (
                    Element::content_mut(source, $at, 0),
                    Element::content_mut(target, $at, 0),
                )
            {
                move_content(from, to);
            }
        )+};
    }
    fields!(0 1 2 3 4 5 6 7 8 9 10 11);
}

#[inline(always)]
fn move_content(from: ContentMut<'_>, to: ContentMut<'_>) {
    match (from, to) {
        (ContentMut::Attribute(from), ContentMut::Attribute(to)) => {
            to.take_from(from);
        }
        (ContentMut::Primitive(from), ContentMut::Primitive(to)) => {
            to.value_mut().take_from(from.value_mut());
        }
        _ => {}
    }
}

/// Looks for anything in an element that a rule could ask about, or that its version does not
/// allow.
struct Looker<'c> {
    plain: bool,
    /// Whether there is anything in the element.
    content: bool,
    context: &'c Context<'c>,
}

impl<'c> Looker<'c> {
    #[inline(always)]
    fn finds_nothing<T: Element>(element: &T, context: &'c Context<'c>) -> bool {
        let mut looker = Self {
            plain: true,
            content: false,
            context,
        };
        let Ok(()) = element.write(&mut looker);
        looker.plain && looker.content
    }

    #[inline(always)]
    fn is_plain<T: Scalar>(&self, value: &T) -> bool {
        if T::CODES.is_some() {
            return false;
        }
        if let Some(uid) = (value as &dyn Any).downcast_ref::<RawUid>() {
            return uid.uid().is_some();
        }
        let from = self.context.from();
        match T::TYPE {
            ScalarType::Id | ScalarType::Oid => value.with_text(|text| T::TYPE.allows(text, from)),
            scalar if text::differs(scalar) => {
                value.with_text(|text| text::is_legal(scalar, text, self.context))
            }
            _ => true,
        }
    }
}

impl Writer for Looker<'_> {
    type Error = Infallible;

    fn any_attribute(&mut self, name: Name, value: ScalarRef<'_>) -> Result<(), Infallible> {
        self.plain &= name.stem == "id" && element_id::stays(&value.text(), self.context);
        Ok(())
    }

    fn any_primitive(&mut self, _name: Name, _value: PrimitiveRef<'_>) -> Result<(), Infallible> {
        self.plain = false;
        Ok(())
    }

    fn any_primitives(
        &mut self,
        _name: Name,
        _values: &dyn ObjectPrimitives,
    ) -> Result<(), Infallible> {
        self.plain = false;
        Ok(())
    }

    fn any_element(&mut self, _name: Name, _value: ElementRef<'_>) -> Result<(), Infallible> {
        self.plain = false;
        Ok(())
    }

    fn any_elements(
        &mut self,
        _name: Name,
        _values: &dyn ObjectElements,
    ) -> Result<(), Infallible> {
        self.plain = false;
        Ok(())
    }

    fn resources(&mut self, _name: Name, values: &[Resource]) -> Result<(), Infallible> {
        self.plain &= values.is_empty();
        Ok(())
    }

    fn comments(&mut self, comments: &[FhirString]) -> Result<(), Infallible> {
        self.plain &= comments.is_empty();
        Ok(())
    }

    #[inline(always)]
    fn primitive<T: Scalar, E: Element>(
        &mut self,
        _name: Name,
        value: &Primitive<T, E>,
    ) -> Result<(), Infallible> {
        self.content = true;
        let plain = value.element.is_none()
            && value
                .value
                .as_ref()
                .is_some_and(|value| self.is_plain(value));
        self.plain &= plain;
        Ok(())
    }

    #[inline(always)]
    fn element<T: Element>(&mut self, _name: Name, value: &T) -> Result<(), Infallible> {
        self.content = true;
        // What a reference points at is asked by others.
        self.plain &=
            <T as Element>::info().name != "Reference" && Self::finds_nothing(value, self.context);
        Ok(())
    }
}
