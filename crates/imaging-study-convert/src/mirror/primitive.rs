//! Primitive elements: a value with an id and extensions.

use imaging_study_core::{Element, FhirVersion, Primitive, PrimitiveElement};

use super::{Mirror, MirrorScalar};
use crate::context::Context;
use crate::{element_id, hub, text};

impl<T: MirrorScalar, E: Element + Mirror<Hub = hub::Extension>> Mirror for Primitive<T, E> {
    type Hub = hub::Primitive<T::Hub>;

    #[inline(always)]
    fn lift(self) -> Self::Hub {
        Primitive {
            value: T::lift(self.value),
            element: self.element.and_then(|element| lift_element(*element)),
        }
    }

    #[inline(always)]
    fn lower(hub: Self::Hub, context: &mut Context<'_>) -> Self {
        let hub = text::fit(hub, context);
        Self {
            value: T::lower(hub.value),
            element: hub
                .element
                .map(|element| Box::new(lower_element(*element, context))),
        }
    }
}

#[cold]
fn lift_element<E: Element + Mirror<Hub = hub::Extension>>(
    element: PrimitiveElement<E>,
) -> Option<Box<PrimitiveElement<hub::Extension>>> {
    let mut lifted = PrimitiveElement {
        id: element.id,
        // Comments are no data, and stay behind.
        fhir_comments: Vec::new(),
        extension: element.extension.lift(),
    };
    if E::VERSION == FhirVersion::Dstu2 {
        element_id::restore(&mut lifted.id, &mut lifted.extension);
        if lifted.is_empty() {
            return None;
        }
    }
    Some(Box::new(lifted))
}

#[cold]
fn lower_element<E: Element + Mirror<Hub = hub::Extension>>(
    element: PrimitiveElement<hub::Extension>,
    context: &mut Context<'_>,
) -> PrimitiveElement<E> {
    let PrimitiveElement {
        mut id,
        mut extension,
        ..
    } = element;
    if E::VERSION == FhirVersion::Dstu2 {
        element_id::carry(&mut id, &mut extension, context);
    }
    PrimitiveElement {
        id,
        fhir_comments: Vec::new(),
        extension: context.at("extension", |context| Mirror::lower(extension, context)),
    }
}
