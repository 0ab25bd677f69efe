//! One text wherever it can stand.

use std::convert::Infallible;

use super::text::simplest;
use crate::{
    Element, FhirVersion, FieldInfo, FieldType, Json, ObjectElement, ObjectElements,
    ObjectPrimitive, ObjectPrimitives, Reader, Resource, ScalarSlot, ScalarType, Slot, Target,
    TypeInfo, Unshared,
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

    fn fill(&mut self, element: &mut dyn ObjectElement) {
        for (index, field) in element.info().fields.iter().enumerate() {
            let variant = self.variant % field.types.len().max(1);
            if !self.wants(field, variant) {
                continue;
            }
            let slot = Slot {
                field: index as u8,
                variant: variant as u8,
            };
            let Ok(()) = element.fill(slot, &mut *self);
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

    /// Gives a scalar the text, or the simplest one of its type.
    fn scalar(&mut self, version: FhirVersion, slot: &mut dyn ScalarSlot) {
        let scalar = slot.scalar_type();
        let text = match scalar {
            ScalarType::Xhtml => self.xhtml,
            _ => self.text,
        };
        if slot.read(text, version, &mut Unshared).is_err() {
            // The simplest text is one of the type.
            let _ = slot.read(simplest(scalar), version, &mut Unshared);
        }
        if let Some(value) = slot.get()
            && scalar != ScalarType::Xhtml
        {
            self.texts.push(value.text().into_owned());
        }
    }

    fn primitive_with_id(&mut self, slot: &mut dyn ObjectPrimitive) {
        self.scalar(slot.version(), slot.value_mut());
        // XML has no place for the id of a narrative.
        if slot.scalar_type() != ScalarType::Xhtml {
            let id = Slot {
                field: 0,
                variant: 0,
            };
            let Ok(()) = slot.sibling_mut().fill(id, &mut *self);
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

    fn any_attribute(self, slot: &mut dyn ScalarSlot) -> Result<(), Infallible> {
        self.scalar(FhirVersion::R6, slot);
        Ok(())
    }

    fn any_primitive(self, slot: &mut dyn ObjectPrimitive) -> Result<(), Infallible> {
        self.primitive_with_id(slot);
        Ok(())
    }

    fn any_primitives(self, slot: &mut dyn ObjectPrimitives) -> Result<(), Infallible> {
        let version = slot.version();
        self.primitive_with_id(slot.push());
        // One entry without id, so that both halves of the list have a hole.
        self.scalar(version, slot.push().value_mut());
        Ok(())
    }

    fn any_element(self, slot: &mut dyn ObjectElement) -> Result<(), Infallible> {
        let variant = self.variant;
        self.inner(variant).fill(slot);
        Ok(())
    }

    fn any_elements(self, slot: &mut dyn ObjectElements) -> Result<(), Infallible> {
        for variant in 0..variants(slot.info()) {
            self.inner(variant).fill(slot.push());
        }
        Ok(())
    }

    /// Each field is filled once.
    fn second_value(self) -> Infallible {
        unreachable!("a field that is filled twice")
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
