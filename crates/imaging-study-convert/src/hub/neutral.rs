//! Moving values out of the elements of any version into the hub, and back into elements.

use std::sync::OnceLock;

use imaging_study_core::{
    Content, ContentMut, Element, FhirString, FhirVersion, ObjectElement, ObjectPrimitive,
    PrimitiveElement, Scalar, ScalarSlot, Unshared, Uri,
};

use super::{Extension, Primitive};
use crate::context::Context;
use crate::{element_id, text, versions};

/// What a field can hold, independent of the version.
pub(crate) trait Neutral: Sized + Default {
    /// Moves what a field holds into the hub, as it is.
    fn lift(content: ContentMut<'_>) -> Self;

    /// Moves a value into a field and does to it what the target version asks for.
    fn lower(self, room: ContentMut<'_>, context: &mut Context<'_>);

    /// Whether there is nothing to move.
    fn is_nothing(&self) -> bool;
}

/// A complex type, independent of the version.
pub(crate) trait NeutralElement: Sized + Default {
    /// Moves an element into the hub, as it is.
    fn lift(element: &mut dyn ObjectElement) -> Self;

    /// Moves a value into an element and does to it what the target version asks for.
    fn lower(self, element: &mut dyn ObjectElement, context: &mut Context<'_>);
}

/// A field that holds something.
pub(crate) fn held<'e>(element: &'e mut dyn ObjectElement, name: &str) -> Option<ContentMut<'e>> {
    let fields = element.info().fields;
    let index = fields.iter().position(|field| field.name == name)?;
    held_at(element, index)
}

/// The field at an index, if it holds something; of a choice, the value that it holds.
pub(crate) fn held_at(element: &mut dyn ObjectElement, index: usize) -> Option<ContentMut<'_>> {
    let variant = match element.content(index) {
        (_, Content::Absent) => return None,
        (variant, _) => variant,
    };
    element.content_mut(index, variant)
}

/// A field to be filled.
pub(crate) fn room<'e>(element: &'e mut dyn ObjectElement, name: &str) -> Option<ContentMut<'e>> {
    let fields = element.info().fields;
    let index = fields.iter().position(|field| field.name == name)?;
    element.content_mut(index, 0)
}

/// Moves the value of a field into the hub.
pub(crate) fn lift_field<T: Neutral>(element: &mut dyn ObjectElement, name: &str) -> T {
    held(element, name).map(T::lift).unwrap_or_default()
}

/// Moves the value of the field at an index into the hub.
pub(crate) fn lift_at<T: Neutral>(element: &mut dyn ObjectElement, index: usize) -> T {
    held_at(element, index).map(T::lift).unwrap_or_default()
}

/// Moves the value of the field at an index, which is no choice, into the hub, if it is among those
/// that hold something.
#[inline]
pub(crate) fn lift_present<T: Neutral>(
    element: &mut dyn ObjectElement,
    present: u64,
    index: usize,
) -> T {
    if index >= 64 || present >> index & 1 == 0 {
        return T::default();
    }
    let content = element.content_mut(index, 0);
    content.map(T::lift).unwrap_or_default()
}

/// Moves a value into the field at an index. `place` is the name of the field in the source.
pub(crate) fn lower_at<T: Neutral>(
    value: T,
    element: &mut dyn ObjectElement,
    index: usize,
    place: &'static str,
    context: &mut Context<'_>,
) {
    if value.is_nothing() {
        return;
    }
    if let Some(room) = element.content_mut(index, 0) {
        context.at(place, |context| value.lower(room, context));
    }
}

/// Moves a value into the field of a name. `place` is the name of the field in the source.
pub(crate) fn lower_field<T: Neutral>(
    value: T,
    element: &mut dyn ObjectElement,
    name: &str,
    place: &'static str,
    context: &mut Context<'_>,
) {
    if value.is_nothing() {
        return;
    }
    if let Some(room) = room(element, name) {
        context.at(place, |context| value.lower(room, context));
    }
}

/// Where the fields of a struct of the hub stand in the type of each version, found once.
pub(crate) struct Places<const N: usize>([OnceLock<[usize; N]>; FhirVersion::ALL.len()]);

impl<const N: usize> Places<N> {
    /// Not found yet.
    pub(crate) const fn new() -> Self {
        Self([const { OnceLock::new() }; FhirVersion::ALL.len()])
    }

    /// The places in an element; beyond all fields where the version has no such field.
    pub(crate) fn of(&self, element: &dyn ObjectElement, names: [&str; N]) -> &[usize; N] {
        self.0[versions::index(element.version())].get_or_init(|| {
            let fields = element.info().fields;
            let place = |name| fields.iter().position(|field| field.name == name);
            names.map(|name| place(name).unwrap_or(usize::MAX))
        })
    }
}

/// Implements [`NeutralElement`] for a struct of the hub, whose fields have the names of the standard.
macro_rules! neutral {
    (
        $type:ty { $($field:ident: $element:literal),+ $(,)? }
        $(, restore $restore:path)?
        $(, fit $fit:path)?
    ) => {
        impl $type {
            const NAMES: &'static [&'static str] = &[$($element),+];

            fn places(
                element: &dyn imaging_study_core::ObjectElement,
            ) -> &'static [usize; Self::NAMES.len()] {
                static PLACES: $crate::hub::Places<{ <$type>::NAMES.len() }> =
                    $crate::hub::Places::new();
                PLACES.of(element, [$($element),+])
            }
        }

        impl $crate::hub::NeutralElement for $type {
            fn lift(element: &mut dyn imaging_study_core::ObjectElement) -> Self {
                let mut places = Self::places(element).iter();
                let mut next = || places.next().copied().unwrap_or(usize::MAX);
                let present = element.present();
                let mut lifted = Self {
                    $($field: $crate::hub::lift_present(element, present, next()),)+
                };
                let version = element.version();
                $crate::element_id::lift(
                    &mut lifted.id,
                    &mut lifted.extension,
                    version,
                    element.info().name,
                );
                $(if version == imaging_study_core::FhirVersion::Dstu2 {
                    lifted = $restore(lifted);
                })?
                lifted
            }

            fn lower(
                self,
                element: &mut dyn imaging_study_core::ObjectElement,
                context: &mut $crate::context::Context<'_>,
            ) {
                #[allow(unused_mut, reason = "most types have nothing to fit")]
                let mut value = self;
                $(value = $fit(value, context);)?
                $crate::element_id::lower(
                    &mut value.id,
                    &mut value.extension,
                    element.info().name,
                    context,
                );
                let mut places = Self::places(element).iter();
                let mut next = || places.next().copied().unwrap_or(usize::MAX);
                $($crate::hub::lower_at(value.$field, element, next(), $element, context);)+
            }
        }
    };
}
pub(crate) use neutral;

impl<T: NeutralElement> NeutralElement for Box<T> {
    fn lift(element: &mut dyn ObjectElement) -> Self {
        Self::new(T::lift(element))
    }

    fn lower(self, element: &mut dyn ObjectElement, context: &mut Context<'_>) {
        T::lower(*self, element, context);
    }
}

/// An element that is there at most once; of a list, the first.
impl<T: NeutralElement> Neutral for Option<T> {
    fn lift(content: ContentMut<'_>) -> Self {
        match content {
            ContentMut::Element(slot) => Some(T::lift(slot.get_or_insert())),
            ContentMut::Elements(list) => list.get_mut(0).map(T::lift),
            _ => None,
        }
    }

    fn lower(self, room: ContentMut<'_>, context: &mut Context<'_>) {
        Vec::from_iter(self).lower(room, context);
    }

    fn is_nothing(&self) -> bool {
        self.is_none()
    }
}

impl<T: NeutralElement> Neutral for Vec<T> {
    fn lift(content: ContentMut<'_>) -> Self {
        match content {
            ContentMut::Element(slot) => vec![T::lift(slot.get_or_insert())],
            ContentMut::Elements(list) => {
                let mut lifted = Self::with_capacity(list.count());
                for index in 0..list.count() {
                    lifted.extend(list.get_mut(index).map(T::lift));
                }
                lifted
            }
            _ => Self::new(),
        }
    }

    fn lower(self, room: ContentMut<'_>, context: &mut Context<'_>) {
        match room {
            ContentMut::Element(slot) => {
                if let Some(value) = self.into_iter().next() {
                    value.lower(slot.get_or_insert(), context);
                }
            }
            ContentMut::Elements(list) => {
                // An iterator would take the stack of several values for each level.
                let mut values = self;
                for (index, value) in values.iter_mut().enumerate() {
                    let before = context.losses.len();
                    std::mem::take(value).lower(list.push(), context);
                    if context.losses.len() > before {
                        context.place_index(before, index);
                    }
                }
            }
            _ => {}
        }
    }

    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

/// The id of an element, and the url of an extension.
macro_rules! attribute {
    ($($scalar:ident),+) => {$(
        impl Neutral for Option<$scalar> {
            fn lift(content: ContentMut<'_>) -> Self {
                match content {
                    ContentMut::Attribute(slot) => take_value(slot),
                    _ => None,
                }
            }

            fn lower(mut self, room: ContentMut<'_>, _context: &mut Context<'_>) {
                if let ContentMut::Attribute(slot) = room {
                    slot.take_from(&mut self);
                }
            }

            fn is_nothing(&self) -> bool {
                self.is_none()
            }
        }
    )+};
}
attribute!(FhirString, Uri);

impl<T: Scalar> Neutral for Primitive<T> {
    fn lift(content: ContentMut<'_>) -> Self {
        match content {
            ContentMut::Primitive(primitive) => lift_primitive(primitive),
            _ => Self::default(),
        }
    }

    fn lower(self, room: ContentMut<'_>, context: &mut Context<'_>) {
        if let ContentMut::Primitive(primitive) = room {
            lower_primitive(self, primitive, context);
        }
    }

    fn is_nothing(&self) -> bool {
        self.value.is_none() && self.element.is_none()
    }
}

impl<T: Scalar> Neutral for Vec<Primitive<T>> {
    fn lift(content: ContentMut<'_>) -> Self {
        let ContentMut::Primitives(list) = content else {
            return Self::new();
        };
        let mut lifted = Self::with_capacity(list.count());
        for index in 0..list.count() {
            lifted.extend(list.get_mut(index).map(lift_primitive));
        }
        lifted
    }

    fn lower(self, room: ContentMut<'_>, context: &mut Context<'_>) {
        let ContentMut::Primitives(list) = room else {
            return;
        };
        for (index, value) in self.into_iter().enumerate() {
            let primitive = list.push();
            context.entry(index, |context| lower_primitive(value, primitive, context));
        }
    }

    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

/// Takes a scalar, under the type that the hub has for it: `Code` for the codes of a version.
fn take_value<T: Scalar>(slot: &mut dyn ScalarSlot) -> Option<T> {
    if let Some(value) = slot.as_any_mut().downcast_mut::<Option<T>>() {
        return value.take();
    }
    let text = slot.get()?.text();
    T::read(&text, FhirVersion::R6, &mut Unshared).ok()
}

fn lift_primitive<T: Scalar>(primitive: &mut dyn ObjectPrimitive) -> Primitive<T> {
    let element = match primitive.sibling() {
        Some(_) => lift_sibling(primitive.sibling_mut()),
        None => None,
    };
    Primitive {
        value: take_value(primitive.value_mut()),
        element,
    }
}

#[cold]
fn lift_sibling(element: &mut dyn ObjectElement) -> Option<Box<PrimitiveElement<Extension>>> {
    let mut lifted = PrimitiveElement {
        id: lift_field(element, "id"),
        // Comments are no data, and stay behind.
        fhir_comments: Vec::new(),
        extension: lift_field(element, "extension"),
    };
    let (version, name) = (element.version(), element.info().name);
    element_id::lift(&mut lifted.id, &mut lifted.extension, version, name);
    (!lifted.is_empty()).then(|| Box::new(lifted))
}

fn lower_primitive<T: Scalar>(
    value: Primitive<T>,
    primitive: &mut dyn ObjectPrimitive,
    context: &mut Context<'_>,
) {
    let Primitive { mut value, element } = text::fit(value, context);
    let slot = primitive.value_mut();
    if value.is_some() && !slot.take_from(&mut value) {
        let text = value.as_ref().map(Scalar::text).unwrap_or_default();
        // A text that the type refuses has been set aside before.
        let _ = slot.read(&text, FhirVersion::R6, &mut Unshared);
    }
    if let Some(mut element) = element.filter(|element| !element.is_empty()) {
        let sibling = primitive.sibling_mut();
        element_id::lower(
            &mut element.id,
            &mut element.extension,
            sibling.info().name,
            context,
        );
        lower_field(element.id, sibling, "id", "id", context);
        lower_field(
            element.extension,
            sibling,
            "extension",
            "extension",
            context,
        );
    }
}

/// An empty element of a type, to be filled.
pub(crate) fn empty<T: Element>() -> Box<dyn ObjectElement> {
    Box::<T>::default()
}
