//! Filling one field.

use std::convert::Infallible;

use super::Profile;
use super::choices::Part;
use super::fill::{Generator, MAX_EXTENSIONS};
use super::plan::Plan;
use crate::{
    Choice, Element, FieldInfo, Primitive, PrimitiveElement, Reader, Resource, Scalar, ScalarType,
    TypeInfo, Unshared,
};

/// The greatest number of entries of a list that are decided one by one.
const MAX_ENTRIES: usize = 40;

/// Stands before one field, as the reader of a format stands before its content.
pub(super) struct FieldGenerator<'g, 'c, 'p> {
    pub(super) generator: &'g mut Generator<'c>,
    /// The type that has the field.
    pub(super) info: &'static TypeInfo,
    pub(super) field: &'static FieldInfo,
    /// The text that the field gets, if it is decided.
    pub(super) text: Option<&'p str>,
}

/// What a primitive element consists of.
#[derive(Clone, Copy)]
struct Shape {
    value: bool,
    id: bool,
    extension: bool,
}

impl FieldGenerator<'_, '_, '_> {
    /// A value of a scalar type.
    fn scalar<T: Scalar>(&mut self) -> Option<T> {
        let version = self.generator.version;
        if self.text.is_none()
            && let Some(text) = self.generator.stray(T::TYPE, T::CODES, self.field.name)
            && let Ok(value) = T::read(text, version, &mut Unshared)
        {
            return Some(value);
        }
        if let Some(value) = self.any_text() {
            return Some(value);
        }
        let planned = self.text.map(str::to_owned);
        let text = planned.unwrap_or_else(|| {
            self.generator
                .text(T::TYPE, T::CODES, self.info.name, self.field.name)
        });
        if T::TYPE.allows(&text, version)
            && let Ok(value) = T::read(&text, version, &mut Unshared)
        {
            return Some(value);
        }
        T::read(super::text::simplest(T::TYPE), version, &mut Unshared).ok()
    }

    /// A hostile text, now and then, for a scalar whose reader takes any text, whatever its type.
    fn any_text<T: Scalar>(&mut self) -> Option<T> {
        const PROBE: &str = "\"";
        let version = self.generator.version;
        let read = |text: &str| T::read(text, version, &mut Unshared).ok();
        // A code outside a required binding is a matter of its own.
        if self.text.is_some()
            || T::CODES.is_some()
            || !self.generator.hostile()
            || T::TYPE.allows(PROBE, version)
            || read(PROBE).is_none()
            || !self.generator.odd()
        {
            return None;
        }
        read(&self.generator.hostile_text())
    }

    /// Decides what a primitive element consists of.
    fn shape(&mut self, scalar: ScalarType) -> Shape {
        let plain = Shape {
            value: true,
            id: false,
            extension: false,
        };
        let generator = &mut *self.generator;
        if generator.lean || generator.temper.decoration == 0 {
            return plain;
        }
        // XML has no place for what a div has beside its markup.
        if generator.profile != Profile::Hostile && scalar == ScalarType::Xhtml {
            return plain;
        }
        let start = generator.choices.position();
        if !generator.choices.chance(generator.temper.decoration) {
            return plain;
        }
        let extensible = generator.extensions < MAX_EXTENSIONS;
        if generator.partial() && self.text.is_none() && generator.choices.chance(200) {
            generator.choices.close(start, Part::Optional);
            return Shape {
                value: false,
                id: true,
                extension: false,
            };
        }
        let shape = match generator.choices.below(5) {
            0 if generator.hostile() => Shape { id: true, ..plain },
            1 => Shape {
                extension: extensible,
                ..plain
            },
            2 if generator.hostile() => Shape {
                id: true,
                extension: extensible,
                ..plain
            },
            _ if !extensible || self.text.is_some() => plain,
            _ if self.field.min > 0 && !generator.hostile() => plain,
            3 if generator.hostile() => Shape {
                value: false,
                id: true,
                extension: true,
            },
            _ => Shape {
                value: false,
                id: false,
                extension: true,
            },
        };
        generator.choices.close(start, Part::Optional);
        shape
    }

    /// Fills a primitive element.
    fn one<T: Scalar, E: Element>(&mut self, slot: &mut Primitive<T, E>) {
        let shape = self.shape(T::TYPE);
        if shape.value {
            slot.value = self.scalar();
        }
        if shape.id || shape.extension {
            let mut plan = Plan::default();
            plan = if shape.id {
                plan.with("id")
            } else {
                plan.without("id")
            };
            plan = if shape.extension {
                plan.with("extension")
            } else {
                plan.without("extension")
            };
            let element: &mut PrimitiveElement<E> = slot.element.get_or_insert_default();
            self.generator.fill_planned(element, &plan);
        }
    }

    /// Calls `add` for each entry of a list.
    fn list(&mut self, mut add: impl FnMut(&mut Self)) {
        add(self);
        let chances = self.generator.repetition(self.info, self.field);
        if chances == 0 {
            return;
        }
        for _ in 1..MAX_ENTRIES {
            let start = self.generator.choices.position();
            if !self.generator.choices.chance(chances) {
                break;
            }
            add(self);
            self.generator.choices.close(start, Part::Entry);
        }
    }

    /// Rarely, several hundred entries that have only what is required.
    fn many(&mut self, mut add: impl FnMut(&mut Self)) {
        if self.field.name != "instance" || self.generator.lean || self.generator.inside {
            return;
        }
        let start = self.generator.choices.position();
        let chances = if self.generator.hostile() { 20 } else { 4 };
        if !self.generator.choices.chance(chances) {
            return;
        }
        let count = self.generator.choices.between(1, 499);
        self.generator.lean = true;
        for _ in 0..count {
            add(self);
        }
        self.generator.lean = false;
        self.generator.choices.close(start, Part::Optional);
    }
}

impl Reader for FieldGenerator<'_, '_, '_> {
    type Error = Infallible;

    fn attribute<T: Scalar>(mut self, slot: &mut Option<T>) -> Result<(), Infallible> {
        *slot = self.scalar();
        Ok(())
    }

    fn primitive<T: Scalar, E: Element>(
        mut self,
        slot: &mut Primitive<T, E>,
    ) -> Result<(), Infallible> {
        self.one(slot);
        Ok(())
    }

    fn primitives<T: Scalar, E: Element>(
        mut self,
        slot: &mut Vec<Primitive<T, E>>,
    ) -> Result<(), Infallible> {
        self.list(|field| {
            let mut entry = Primitive::default();
            field.one(&mut entry);
            slot.push(entry);
        });
        Ok(())
    }

    fn element<T: Element>(self, slot: &mut T) -> Result<(), Infallible> {
        self.generator.fill(slot);
        Ok(())
    }

    fn elements<T: Element>(mut self, slot: &mut Vec<T>) -> Result<(), Infallible> {
        let mut add = |field: &mut Self| {
            let mut entry = T::default();
            field.generator.fill(&mut entry);
            slot.push(entry);
        };
        self.list(&mut add);
        self.many(&mut add);
        Ok(())
    }

    fn choice<C: Choice>(self, slot: &mut Option<C>, variant: u8) -> Result<(), Infallible> {
        slot.get_or_insert_with(|| C::new(variant)).read(self)
    }

    fn resources(mut self, slot: &mut Vec<Resource>) -> Result<(), Infallible> {
        self.list(|field| slot.extend(field.generator.contained_resource()));
        Ok(())
    }
}
