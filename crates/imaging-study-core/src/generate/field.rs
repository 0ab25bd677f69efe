//! Filling one field.

use std::convert::Infallible;

use super::Profile;
use super::choices::Part;
use super::fill::{Generator, MAX_EXTENSIONS};
use super::plan::Plan;
use crate::{
    CodeSet, FieldInfo, ObjectElement, ObjectElements, ObjectPrimitive, ObjectPrimitives, Reader,
    Resource, ScalarSlot, ScalarType, TypeInfo, Unshared,
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
    /// Gives a scalar a value.
    fn scalar(&mut self, slot: &mut dyn ScalarSlot) {
        let (version, scalar, codes) = (self.generator.version, slot.scalar_type(), slot.codes());
        let mut read = |text: &str| slot.read(text, version, &mut Unshared).is_ok();
        if self.text.is_none()
            && let Some(text) = self.generator.stray(scalar, codes, self.field.name)
            && read(text)
        {
            return;
        }
        if let Some(text) = self.any_text(scalar, codes, &mut read)
            && read(&text)
        {
            return;
        }
        let planned = self.text.map(str::to_owned);
        let text = planned.unwrap_or_else(|| {
            self.generator
                .text(scalar, codes, self.info.name, self.field.name)
        });
        if !(scalar.allows(&text, version) && read(&text)) {
            read(super::text::simplest(scalar));
        }
    }

    /// A hostile text, now and then, for a scalar whose reader takes any text, whatever its type.
    fn any_text(
        &mut self,
        scalar: ScalarType,
        codes: Option<&'static CodeSet>,
        read: &mut impl FnMut(&str) -> bool,
    ) -> Option<String> {
        const PROBE: &str = "\"";
        // A code outside a required binding is a matter of its own.
        if self.text.is_some()
            || codes.is_some()
            || !self.generator.hostile()
            || scalar.allows(PROBE, self.generator.version)
            || !read(PROBE)
            || !self.generator.odd()
        {
            return None;
        }
        Some(self.generator.hostile_text())
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
    fn one(&mut self, slot: &mut dyn ObjectPrimitive) {
        let shape = self.shape(slot.scalar_type());
        if shape.value {
            self.scalar(slot.value_mut());
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
            self.generator.fill_planned(slot.sibling_mut(), &plan);
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

    fn any_attribute(mut self, slot: &mut dyn ScalarSlot) -> Result<(), Infallible> {
        self.scalar(slot);
        Ok(())
    }

    fn any_primitive(mut self, slot: &mut dyn ObjectPrimitive) -> Result<(), Infallible> {
        self.one(slot);
        Ok(())
    }

    fn any_primitives(mut self, slot: &mut dyn ObjectPrimitives) -> Result<(), Infallible> {
        self.list(|field| {
            field.one(slot.push());
        });
        Ok(())
    }

    fn any_element(self, slot: &mut dyn ObjectElement) -> Result<(), Infallible> {
        self.generator.fill(slot);
        Ok(())
    }

    fn any_elements(mut self, slot: &mut dyn ObjectElements) -> Result<(), Infallible> {
        let mut add = |field: &mut Self| {
            field.generator.fill(slot.push());
        };
        self.list(&mut add);
        self.many(&mut add);
        Ok(())
    }

    fn resources(mut self, slot: &mut Vec<Resource>) -> Result<(), Infallible> {
        self.list(|field| slot.extend(field.generator.contained_resource()));
        Ok(())
    }

    /// Each field is filled once.
    fn second_value(self) -> Infallible {
        unreachable!("a field that is filled twice")
    }
}
