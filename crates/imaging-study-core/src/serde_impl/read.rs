//! Elements, read.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::scalar::deserialize_into;
use crate::{
    Element, FhirVersion, FieldSet, ObjectElement, ObjectElements, ObjectPrimitive,
    ObjectPrimitives, PrimitiveRef, Reader, Resource, ScalarSlot, Slot, Target,
};

const AT_LEAST_ONE: &str = "a list with at least one entry";
const LENGTHS_DIFFER: &str = "the lists of values and of extensions differ in length";

/// Deserializes an element from a map.
///
/// # Errors
///
/// The input is not such an element: an unknown or doubled member, a value of another type, a
/// resource of another type.
pub fn deserialize<'de, T: Element, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut element = T::default();
    deserializer.deserialize_map(ElementVisitor(&mut element))?;
    Ok(element)
}

struct ElementVisitor<'a>(&'a mut dyn ObjectElement);

impl<'de> Visitor<'de> for ElementVisitor<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an object ({})", self.0.info().name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let info = self.0.info();
        let resource = info.resource.then_some(info.name);
        let mut seen = FieldSet::default();
        let mut typed = false;
        let mut commented = false;
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            if name == "resourceType"
                && let Some(expected) = resource
            {
                let found: Cow<'_, str> = map.next_value()?;
                if typed {
                    return Err(A::Error::duplicate_field("resourceType"));
                }
                if found != expected {
                    return Err(A::Error::custom(format_args!(
                        "expected a resource of type {expected}, found another type"
                    )));
                }
                typed = true;
                continue;
            }
            if name == "fhir_comments"
                && let Some(comments) = self.0.comments_mut()
            {
                if commented {
                    return Err(A::Error::duplicate_field("fhir_comments"));
                }
                commented = true;
                *comments = map.next_value()?;
                if comments.is_empty() {
                    return Err(A::Error::invalid_length(0, &AT_LEAST_ONE));
                }
                continue;
            }
            let (stem, sibling) = match name.strip_prefix('_') {
                Some(stem) => (stem, true),
                None => (&*name, false),
            };
            let Some(slot) = info.slot(stem) else {
                return Err(A::Error::custom(format_args!(
                    "{} has no element of this name in {}",
                    info.name,
                    ObjectElement::version(self.0)
                )));
            };
            if !seen.insert(slot.field, sibling) {
                let field = &info.fields[usize::from(slot.field)];
                return Err(A::Error::custom(format_args!(
                    "{} stands twice",
                    field.name
                )));
            }
            map.next_value_seed(FieldSeed {
                element: &mut *self.0,
                slot,
                sibling,
                seen: &mut seen,
            })?;
        }
        if resource.is_some() && !typed {
            return Err(A::Error::missing_field("resourceType"));
        }
        if let Some(field) = seen.open_hole() {
            return Err(A::Error::custom(format_args!(
                "{} has an empty entry",
                info.fields[usize::from(field)].name
            )));
        }
        if seen.is_empty() && !commented && resource.is_none() {
            return Err(A::Error::custom(format_args!("{} is empty", info.name)));
        }
        Ok(())
    }
}

struct FieldSeed<'a> {
    element: &'a mut dyn ObjectElement,
    slot: Slot,
    sibling: bool,
    seen: &'a mut FieldSet,
}

impl<'de> DeserializeSeed<'de> for FieldSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.element.fill(
            self.slot,
            SerdeReader {
                deserializer,
                sibling: self.sibling,
                field: self.slot.field,
                seen: self.seen,
                lifetime: PhantomData,
            },
        )
    }
}

struct SerdeReader<'a, 'de, D> {
    deserializer: D,
    sibling: bool,
    field: u8,
    seen: &'a mut FieldSet,
    lifetime: PhantomData<&'de ()>,
}

impl<'de, D: Deserializer<'de>> SerdeReader<'_, 'de, D> {
    fn no_sibling(&self) -> Result<(), D::Error> {
        if self.sibling {
            return Err(D::Error::custom(
                "only a primitive element has a sibling with an underscore",
            ));
        }
        Ok(())
    }
}

impl<'de, D: Deserializer<'de>> Reader for SerdeReader<'_, 'de, D> {
    type Error = D::Error;

    fn any_attribute(self, slot: &mut dyn ScalarSlot) -> Result<(), D::Error> {
        self.no_sibling()?;
        deserialize_into(self.deserializer, FhirVersion::R6, slot)
    }

    fn any_primitive(self, slot: &mut dyn ObjectPrimitive) -> Result<(), D::Error> {
        if self.sibling {
            let visitor = ElementVisitor(slot.sibling_mut());
            return self.deserializer.deserialize_map(visitor);
        }
        let version = slot.version();
        deserialize_into(self.deserializer, version, slot.value_mut())
    }

    fn any_primitives(self, slot: &mut dyn ObjectPrimitives) -> Result<(), D::Error> {
        let second = self.seen.has_both(self.field);
        let hole = self.deserializer.deserialize_seq(PrimitivesVisitor {
            slot,
            sibling: self.sibling,
            second,
        })?;
        if hole {
            self.seen.set_hole(self.field);
        }
        Ok(())
    }

    fn any_element(self, slot: &mut dyn ObjectElement) -> Result<(), D::Error> {
        self.no_sibling()?;
        self.deserializer.deserialize_map(ElementVisitor(slot))
    }

    fn any_elements(self, slot: &mut dyn ObjectElements) -> Result<(), D::Error> {
        self.no_sibling()?;
        self.deserializer.deserialize_seq(ElementsVisitor(slot))
    }

    fn resources(self, slot: &mut Vec<Resource>) -> Result<(), D::Error> {
        self.no_sibling()?;
        *slot = Vec::deserialize(self.deserializer)?;
        if slot.is_empty() {
            return Err(D::Error::invalid_length(0, &AT_LEAST_ONE));
        }
        Ok(())
    }

    fn second_value(self) -> D::Error {
        D::Error::custom("the element already has a value of another type")
    }
}

struct PrimitivesVisitor<'a> {
    slot: &'a mut dyn ObjectPrimitives,
    sibling: bool,
    second: bool,
}

impl<'de> Visitor<'de> for PrimitivesVisitor<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an array of {}", self.slot.scalar_type())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        let mut hole = false;
        let mut index = 0;
        loop {
            let surplus = index == self.slot.count();
            if surplus {
                self.slot.push();
            }
            let Some(entry) = self.slot.get_mut(index) else {
                break;
            };
            let seed = EntrySeed {
                entry: &mut *entry,
                sibling: self.sibling,
            };
            if list.next_element_seed(seed)?.is_none() {
                if surplus {
                    self.slot.remove(index);
                }
                break;
            }
            hole |= PrimitiveRef::of(entry).is_absent();
            if surplus && self.second {
                return Err(A::Error::custom(LENGTHS_DIFFER));
            }
            index += 1;
        }
        if index < self.slot.count() {
            return Err(A::Error::custom(LENGTHS_DIFFER));
        }
        if index == 0 {
            return Err(A::Error::invalid_length(0, &AT_LEAST_ONE));
        }
        if self.second && hole {
            return Err(A::Error::custom(
                "an entry has neither a value nor extensions",
            ));
        }
        Ok(hole)
    }
}

struct EntrySeed<'a> {
    entry: &'a mut dyn ObjectPrimitive,
    sibling: bool,
}

impl<'de> DeserializeSeed<'de> for EntrySeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for EntrySeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} or null", self.entry.scalar_type().grammar())
    }

    fn visit_none<X: serde::de::Error>(self) -> Result<(), X> {
        Ok(())
    }

    fn visit_unit<X: serde::de::Error>(self) -> Result<(), X> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.sibling {
            return deserializer.deserialize_map(ElementVisitor(self.entry.sibling_mut()));
        }
        let version = self.entry.version();
        deserialize_into(deserializer, version, self.entry.value_mut())
    }
}

struct ElementsVisitor<'a>(&'a mut dyn ObjectElements);

impl<'de> Visitor<'de> for ElementsVisitor<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an array of {}", self.0.info().name)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        loop {
            self.0.push();
            let last = self.0.count() - 1;
            let Some(element) = self.0.get_mut(last) else {
                return Ok(());
            };
            if list.next_element_seed(ElementSeed(element))?.is_none() {
                self.0.remove(last);
                break;
            }
        }
        if self.0.count() == 0 {
            return Err(A::Error::invalid_length(0, &AT_LEAST_ONE));
        }
        Ok(())
    }
}

struct ElementSeed<'a>(&'a mut dyn ObjectElement);

impl<'de> DeserializeSeed<'de> for ElementSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(ElementVisitor(self.0))
    }
}
