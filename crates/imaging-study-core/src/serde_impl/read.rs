//! Elements, read.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::deserialize_scalar;
use crate::{
    Choice, Element, FhirVersion, FieldSet, Primitive, PrimitiveElement, Reader, Resource, Scalar,
    Slot,
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

struct ElementVisitor<'a, T>(&'a mut T);

impl<'de, T: Element> Visitor<'de> for ElementVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an object ({})", T::info().name)
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
        check_whole::<T, A::Error>(&found)
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
fn next_field<'de, T: Element, A: MapAccess<'de>>(
    element: &mut T,
    map: &mut A,
    found: &mut Found,
) -> Result<Option<(Slot, bool)>, A::Error> {
    while let Some(name) = map.next_key::<Cow<'_, str>>()? {
        if name == "resourceType"
            && let Some(expected) = T::RESOURCE
        {
            let stated: Cow<'_, str> = map.next_value()?;
            if found.typed {
                return Err(A::Error::duplicate_field("resourceType"));
            }
            if stated != expected {
                return Err(A::Error::custom(format_args!(
                    "expected a resource of type {expected}, found another type"
                )));
            }
            found.typed = true;
            continue;
        }
        if name == "fhir_comments"
            && let Some(comments) = element.comments_mut()
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
        let Some(slot) = T::slot(stem) else {
            return Err(A::Error::custom(format_args!(
                "{} has no element of this name in {}",
                T::info().name,
                T::VERSION
            )));
        };
        if !found.seen.insert(slot.field, sibling) {
            let field = &T::info().fields[usize::from(slot.field)];
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
fn check_whole<T: Element, E: serde::de::Error>(found: &Found) -> Result<(), E> {
    if T::RESOURCE.is_some() && !found.typed {
        return Err(E::missing_field("resourceType"));
    }
    if let Some(field) = found.seen.open_hole() {
        return Err(E::custom(format_args!(
            "{} has an empty entry",
            T::info().fields[usize::from(field)].name
        )));
    }
    if found.seen.is_empty() && !found.commented && T::RESOURCE.is_none() {
        return Err(E::custom(format_args!("{} is empty", T::info().name)));
    }
    Ok(())
}

struct FieldSeed<'a, T> {
    element: &'a mut T,
    slot: Slot,
    sibling: bool,
    seen: &'a mut FieldSet,
}

impl<'de, T: Element> DeserializeSeed<'de> for FieldSeed<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.element.read(
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

    fn attribute<T: Scalar>(self, slot: &mut Option<T>) -> Result<(), D::Error> {
        self.no_sibling()?;
        *slot = Some(deserialize_scalar(self.deserializer, FhirVersion::R6)?);
        Ok(())
    }

    fn primitive<T: Scalar, E: Element>(self, slot: &mut Primitive<T, E>) -> Result<(), D::Error> {
        if self.sibling {
            let element = slot.element.get_or_insert_default();
            return self
                .deserializer
                .deserialize_map(ElementVisitor(&mut **element));
        }
        slot.value = Some(deserialize_scalar(self.deserializer, E::VERSION)?);
        Ok(())
    }

    fn primitives<T: Scalar, E: Element>(
        self,
        slot: &mut Vec<Primitive<T, E>>,
    ) -> Result<(), D::Error> {
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

    fn element<T: Element>(self, slot: &mut T) -> Result<(), D::Error> {
        self.no_sibling()?;
        self.deserializer.deserialize_map(ElementVisitor(slot))
    }

    fn elements<T: Element>(self, slot: &mut Vec<T>) -> Result<(), D::Error> {
        self.no_sibling()?;
        self.deserializer.deserialize_seq(ElementsVisitor(slot))
    }

    fn choice<C: Choice>(self, slot: &mut Option<C>, variant: u8) -> Result<(), D::Error> {
        let value = slot.get_or_insert_with(|| C::new(variant));
        if value.variant() != variant {
            return Err(D::Error::custom(
                "the element already has a value of another type",
            ));
        }
        value.read(self)
    }

    fn resources(self, slot: &mut Vec<Resource>) -> Result<(), D::Error> {
        self.no_sibling()?;
        *slot = Vec::deserialize(self.deserializer)?;
        if slot.is_empty() {
            return Err(D::Error::invalid_length(0, &AT_LEAST_ONE));
        }
        Ok(())
    }
}

struct PrimitivesVisitor<'a, T, E> {
    slot: &'a mut Vec<Primitive<T, E>>,
    sibling: bool,
    second: bool,
}

impl<'de, T: Scalar, E: Element> Visitor<'de> for PrimitivesVisitor<'_, T, E> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an array of {}", T::TYPE)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        let mut hole = false;
        let mut index = 0;
        loop {
            let mut surplus = Primitive::default();
            let entry = self.slot.get_mut(index).unwrap_or(&mut surplus);
            let seed = EntrySeed {
                entry: &mut *entry,
                sibling: self.sibling,
            };
            if list.next_element_seed(seed)?.is_none() {
                break;
            }
            hole |= entry.is_absent();
            if index == self.slot.len() {
                if self.second {
                    return Err(A::Error::custom(LENGTHS_DIFFER));
                }
                self.slot.push(surplus);
            }
            index += 1;
        }
        if index < self.slot.len() {
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

struct EntrySeed<'a, T, E> {
    entry: &'a mut Primitive<T, E>,
    sibling: bool,
}

impl<'de, T: Scalar, E: Element> DeserializeSeed<'de> for EntrySeed<'_, T, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Scalar, E: Element> Visitor<'de> for EntrySeed<'_, T, E> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} or null", T::TYPE.grammar())
    }

    fn visit_none<X: serde::de::Error>(self) -> Result<(), X> {
        Ok(())
    }

    fn visit_unit<X: serde::de::Error>(self) -> Result<(), X> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.sibling {
            let element: &mut PrimitiveElement<E> = self.entry.element.get_or_insert_default();
            return deserializer.deserialize_map(ElementVisitor(element));
        }
        self.entry.value = Some(deserialize_scalar(deserializer, E::VERSION)?);
        Ok(())
    }
}

struct ElementsVisitor<'a, T>(&'a mut Vec<T>);

impl<'de, T: Element> Visitor<'de> for ElementsVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an array of {}", T::info().name)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        // Each is read where it stays: to hand elements out takes stack for each level.
        loop {
            self.0.push(T::default());
            let Some(last) = self.0.last_mut() else {
                break;
            };
            if list.next_element_seed(PlacedSeed(last))?.is_none() {
                self.0.pop();
                break;
            }
        }
        if self.0.is_empty() {
            return Err(A::Error::invalid_length(0, &AT_LEAST_ONE));
        }
        Ok(())
    }
}

struct PlacedSeed<'a, T>(&'a mut T);

impl<'de, T: Element> DeserializeSeed<'de> for PlacedSeed<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(ElementVisitor(self.0))
    }
}
