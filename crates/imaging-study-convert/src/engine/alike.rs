//! Instances that two versions have alike, of which there may be thousands: looked at and moved
//! from one Rust type to the other in one pass.

use std::any::Any;
use std::convert::Infallible;

use imaging_study_core::{
    Content, ContentMut, Element, FhirString, FhirVersion, FieldType, Name, ObjectElement,
    Primitive, Resource, Scalar, ScalarType, TypeInfo, Writer,
};
use imaging_study_dicom::RawUid;

use super::{plain, table};
use crate::context::Context;
use crate::study::Study;
use crate::text;

/// How many fields [`move_fields`] moves.
const FIELDS: usize = 12;

/// Takes the instances out of each series that has none but those which stay as they are, and gives
/// them in the type of the target, series by series. Nothing is taken where a rule could have
/// anything to do.
pub(crate) fn take<A: Study, B: Study>(
    study: &mut A,
    context: &Context<'_>,
) -> Vec<Vec<B::Instance>> {
    let (from, to) = (
        <A::Instance as Element>::info(),
        <B::Instance as Element>::info(),
    );
    if !table::plan(from, context.from(), to, context.to()).alike {
        return Vec::new();
    }
    let required = |info: &'static TypeInfo| {
        let fields = info.fields.iter().enumerate();
        fields.filter(|(_, field)| field.min > 0).map(|(at, _)| at)
    };
    let required: Vec<usize> = required(from).collect();
    let (series, _) = study.parts_mut();
    let taken = series.iter_mut().map(|series| {
        // A series that has nothing else would be empty without them.
        let places = 0..<A::Series as Element>::info().fields.len();
        let is_held = |at: &usize| !plain::is_empty(Element::content(series, *at).1);
        if places.filter(is_held).nth(1).is_none() {
            return Vec::new();
        }
        let list = A::instances_mut(series);
        let plain = list.iter().all(|instance| {
            let complete =
                |at: &usize| !matches!(Element::content(instance, *at), (_, Content::Absent));
            Looker::finds_nothing(instance, context) && required.iter().all(complete)
        });
        if !plain {
            return Vec::new();
        }
        let list = std::mem::take(list).into_iter();
        list.map(|mut instance| {
            let mut moved = B::Instance::default();
            move_fields(&mut instance, &mut moved, |from, to| {
                if let (Some(from), Some(to)) = (
                    from.as_any_mut().downcast_mut::<A::Coding>(),
                    to.as_any_mut().downcast_mut::<B::Coding>(),
                ) {
                    move_fields(from, to, |_, _| {});
                }
            });
            moved
        })
        .collect()
    });
    taken.collect()
}

/// Gives the series of a converted study the instances that were taken out of it.
pub(crate) fn give_back<B: Study>(study: &mut B, taken: Vec<Vec<B::Instance>>) {
    let (series, _) = study.parts_mut();
    for (series, instances) in series.iter_mut().zip(taken) {
        if !instances.is_empty() {
            *B::instances_mut(series) = instances;
        }
    }
}

/// Whether two types have the same fields in the same places, primitives without codes and
/// Codings, of which nothing is required, so that [`move_fields`] moves all of them. Extensions are
/// not looked at.
pub(super) fn are_alike(from: &'static TypeInfo, to: &'static TypeInfo) -> bool {
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
            let optional = from.name != "Coding" || field.min == 0;
            inner && optional && field.name == there.name && plain::is_same(field, there)
        })
}

/// Moves the fields of an element that [`Looker`] found nothing in to one that is alike, and lets
/// `inner` move what is in an element. Each place is written out, so that the compiler sees the
/// fields behind it.
#[inline(always)]
fn move_fields<S: Element, T: Element>(
    source: &mut S,
    target: &mut T,
    inner: impl Fn(&mut dyn ObjectElement, &mut dyn ObjectElement),
) {
    macro_rules! fields {
        ($($at:literal)+) => {$(
            if $at < <S as Element>::info().fields.len()
                && let (Some(from), Some(to)) = (
                    Element::content_mut(source, $at, 0),
                    Element::content_mut(target, $at, 0),
                )
            {
                match (from, to) {
                    (ContentMut::Attribute(from), ContentMut::Attribute(to)) => {
                        to.take_from(from);
                    }
                    (ContentMut::Primitive(from), ContentMut::Primitive(to)) => {
                        to.value_mut().take_from(from.value_mut());
                    }
                    (ContentMut::Element(from), ContentMut::Element(to)) if from.get().is_some() => {
                        inner(from.get_or_insert(), to.get_or_insert());
                    }
                    _ => {}
                }
            }
        )+};
    }
    fields!(0 1 2 3 4 5 6 7 8 9 10 11);
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
            ScalarType::Id | ScalarType::Oid => value.with_text(|text| {
                T::TYPE.allows(text, from) && text::is_legal(T::TYPE, text, self.context)
            }),
            scalar if text::differs(scalar) => {
                value.with_text(|text| text::is_legal(scalar, text, self.context))
            }
            _ => true,
        }
    }
}

impl Writer for Looker<'_> {
    type Error = Infallible;

    fn attribute<T: Scalar>(&mut self, name: Name, _value: &T) -> Result<(), Infallible> {
        // DSTU2 wants ids otherwise.
        let old = FhirVersion::Dstu2;
        self.plain &= name.stem == "id" && self.context.from() != old && self.context.to() != old;
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

    fn primitives<T: Scalar, E: Element>(
        &mut self,
        _name: Name,
        _values: &[Primitive<T, E>],
    ) -> Result<(), Infallible> {
        self.plain = false;
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

    fn elements<T: Element>(&mut self, _name: Name, values: &[T]) -> Result<(), Infallible> {
        self.plain &= values.is_empty();
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
}
