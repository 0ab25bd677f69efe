//! One text wherever it can stand.

use std::convert::Infallible;

use super::text::simplest;
use crate::{
    Choice, Element, FieldInfo, FieldType, Json, Primitive, PrimitiveElement, Reader, Resource,
    Scalar, ScalarType, Slot, TypeInfo, Unshared,
};

/// How many elements below the resource are filled: enough for every type that an extension can
/// have, and for the types inside those.
const LEVELS: usize = 3;

/// An element that holds one text in every scalar whose reader takes it, as [`everywhere`] makes it.
#[derive(Clone, Debug)]
pub struct Everywhere<T> {
    /// The element.
    pub element: T,
    /// The texts of its scalars of all types, ids among them, in the order in which they were set:
    /// the text where the reader took it, else the simplest one of the type. The narratives and the
    /// type of the contained resource are not among them.
    pub texts: Vec<String>,
}

/// Makes an element that holds `text` in every scalar whose reader takes it: each element that the
/// type and the types in it define, with each type that a choice allows, and the ids of primitives.
/// Narratives are `xhtml`, or the simplest one where that is no legal text. Extensions stand on the
/// element itself alone. A resource contains a Patient whose texts are `text`.
#[must_use]
pub fn everywhere<T: Element>(text: &str, xhtml: &str) -> Everywhere<T> {
    let mut element = T::default();
    let mut texts = Vec::new();
    Place {
        text,
        xhtml,
        texts: &mut texts,
        levels: LEVELS,
        variant: 0,
        root: true,
    }
    .fill(&mut element);
    Everywhere { element, texts }
}

/// Where something is filled.
struct Place<'p> {
    text: &'p str,
    xhtml: &'p str,
    texts: &'p mut Vec<String>,
    /// How many more elements may be inside one another.
    levels: usize,
    /// Which type a choice gets.
    variant: usize,
    root: bool,
}

impl Place<'_> {
    fn inner(&mut self, variant: usize) -> Place<'_> {
        Place {
            text: self.text,
            xhtml: self.xhtml,
            texts: &mut *self.texts,
            levels: self.levels.saturating_sub(1),
            variant,
            root: false,
        }
    }

    fn fill<T: Element>(&mut self, element: &mut T) {
        for (index, field) in T::info().fields.iter().enumerate() {
            let variant = self.variant % field.types.len().max(1);
            if !self.wants(field, variant) {
                continue;
            }
            let slot = Slot {
                field: index as u8,
                variant: variant as u8,
            };
            let Ok(()) = element.read(slot, &mut *self);
        }
    }

    fn wants(&self, field: &FieldInfo, variant: usize) -> bool {
        match field.types.get(variant) {
            Some(FieldType::Scalar(..)) => true,
            Some(FieldType::Element(_)) => {
                self.levels > 0 && (self.root || !field.name.ends_with("xtension"))
            }
            Some(FieldType::Resource) => self.root,
            None => false,
        }
    }

    fn scalar<T: Scalar, E: Element>(&mut self) -> Option<T> {
        let text = match T::TYPE {
            ScalarType::Xhtml => self.xhtml,
            _ => self.text,
        };
        let read = |text: &str| T::read(text, E::VERSION, &mut Unshared).ok();
        let value = read(text).or_else(|| read(simplest(T::TYPE)));
        if let Some(value) = &value
            && T::TYPE != ScalarType::Xhtml
        {
            value.with_text(|text| self.texts.push(text.to_owned()));
        }
        value
    }

    fn primitive_with_id<T: Scalar, E: Element>(&mut self, slot: &mut Primitive<T, E>) {
        slot.value = self.scalar::<T, E>();
        // XML has no place for the id of a narrative.
        if T::TYPE != ScalarType::Xhtml {
            let element: &mut PrimitiveElement<E> = slot.element.get_or_insert_default();
            let Ok(()) = self.attribute(&mut element.id);
        }
    }
}

/// The greatest number of types that a choice in a type allows.
fn variants(info: &TypeInfo) -> usize {
    let counts = info.fields.iter().map(|field| field.types.len());
    counts.max().unwrap_or_default().max(1)
}

impl Reader for &mut Place<'_> {
    type Error = Infallible;

    fn attribute<T: Scalar>(self, slot: &mut Option<T>) -> Result<(), Infallible> {
        let read = |text: &str| T::read(text, crate::FhirVersion::R6, &mut Unshared).ok();
        *slot = read(self.text).or_else(|| read(simplest(T::TYPE)));
        if let Some(value) = slot {
            value.with_text(|text| self.texts.push(text.to_owned()));
        }
        Ok(())
    }

    fn primitive<T: Scalar, E: Element>(
        self,
        slot: &mut Primitive<T, E>,
    ) -> Result<(), Infallible> {
        self.primitive_with_id(slot);
        Ok(())
    }

    fn primitives<T: Scalar, E: Element>(
        self,
        slot: &mut Vec<Primitive<T, E>>,
    ) -> Result<(), Infallible> {
        let mut entry = Primitive::default();
        self.primitive_with_id(&mut entry);
        // One entry without id, so that both halves of the list have a hole.
        let value = self.scalar::<T, E>();
        slot.extend([
            entry,
            Primitive {
                value,
                element: None,
            },
        ]);
        Ok(())
    }

    fn element<T: Element>(self, slot: &mut T) -> Result<(), Infallible> {
        let variant = self.variant;
        self.inner(variant).fill(slot);
        Ok(())
    }

    fn elements<T: Element>(self, slot: &mut Vec<T>) -> Result<(), Infallible> {
        for variant in 0..variants(T::info()) {
            let mut entry = T::default();
            self.inner(variant).fill(&mut entry);
            slot.push(entry);
        }
        Ok(())
    }

    fn choice<C: Choice>(self, slot: &mut Option<C>, variant: u8) -> Result<(), Infallible> {
        slot.get_or_insert_with(|| C::new(variant)).read(self)
    }

    fn resources(self, slot: &mut Vec<Resource>) -> Result<(), Infallible> {
        let text = || Json::String(self.text.into());
        let mut members = vec![("resourceType".into(), Json::String("Patient".into()))];
        members.extend(["id", "language"].map(|name| (name.into(), text())));
        let name = Json::Object(vec![("text".into(), text())]);
        members.push(("name".into(), Json::Array(vec![name])));
        self.texts
            .extend(std::iter::repeat_n(self.text.to_owned(), 3));
        slot.extend(Resource::try_from(Json::Object(members)));
        Ok(())
    }
}
