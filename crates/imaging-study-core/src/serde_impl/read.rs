//! Elements, read.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::scalar::deserialize_into;
use crate::{
    Element, FhirVersion, FieldSet, ObjectElement, ObjectElements, ObjectPrimitive,
    ObjectPrimitives, PrimitiveRef, Reader, Resource, ScalarSlot, Slot, Target, TypeInfo,
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

    // What is asked of each member stands in functions of its own: elements inside one another take
    // the stack of this one for each level.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut found = Found::default();
        while let Some((slot, sibling)) = next_field(&mut *self.0, &mut map, &mut found)? {
            map.next_value_seed(FieldSeed {
                element: &mut *self.0,
                slot,
                sibling,
                seen: &mut found.seen,
            })?;
        }
        check_whole(self.0.info(), &found)
    }
}

/// What has been met in an element.
#[derive(Default)]
struct Found {
    seen: FieldSet,
    typed: bool,
    commented: bool,
}

/// Takes the name of the next field of an element, and what stands before it and is none.
fn next_field<'de, A: MapAccess<'de>>(
    element: &mut dyn ObjectElement,
    map: &mut A,
    found: &mut Found,
) -> Result<Option<(Slot, bool)>, A::Error> {
    let info = element.info();
    while let Some(name) = map.next_key::<Cow<'_, str>>()? {
        if info.resource && name == "resourceType" {
            let stated: Cow<'_, str> = map.next_value()?;
            if found.typed {
                return Err(A::Error::duplicate_field("resourceType"));
            }
            if stated != info.name {
                return Err(A::Error::custom(format_args!(
                    "expected a resource of type {}, found another type",
                    info.name
                )));
            }
            found.typed = true;
            continue;
        }
        if name == "fhir_comments"
            && let Some(comments) = ObjectElement::comments_mut(element)
        {
            if found.commented {
                return Err(A::Error::duplicate_field("fhir_comments"));
            }
            found.commented = true;
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
                ObjectElement::version(element)
            )));
        };
        if !found.seen.insert(slot.field, sibling) {
            let field = &info.fields[usize::from(slot.field)];
            return Err(A::Error::custom(format_args!(
                "{} stands twice",
                field.name
            )));
        }
        return Ok(Some((slot, sibling)));
    }
    Ok(None)
}

/// Checks that an element has what every one has.
fn check_whole<E: serde::de::Error>(info: &TypeInfo, found: &Found) -> Result<(), E> {
    if info.resource && !found.typed {
        return Err(E::missing_field("resourceType"));
    }
    if let Some(field) = found.seen.open_hole() {
        return Err(E::custom(format_args!(
            "{} has an empty entry",
            info.fields[usize::from(field)].name
        )));
    }
    if found.seen.is_empty() && !found.commented && !info.resource {
        return Err(E::custom(format_args!("{} is empty", info.name)));
    }
    Ok(())
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
            let seed = ElementSeed(self.0.push());
            if list.next_element_seed(seed)?.is_none() {
                self.0.remove(self.0.count() - 1);
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
