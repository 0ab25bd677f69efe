//! Elements, written.

use serde::Serialize;
use serde::ser::{Error as _, SerializeMap, SerializeSeq, Serializer};

use super::scalar::serialize_text;
use crate::{
    Element, ElementRef, FhirString, Name, ObjectElements, ObjectPrimitives, PrimitiveElement,
    PrimitiveRef, Resource, ScalarRef, Writer,
};

/// Serializes an element as a map in the order of its definition, `resourceType` first.
///
/// # Errors
///
/// An element is empty, or the serializer fails.
pub fn serialize<T: Element, S: Serializer>(element: &T, serializer: S) -> Result<S::Ok, S::Error> {
    ElementRef::new(element).serialize(serializer)
}

impl Serialize for ElementRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let info = self.info();
        let mut writer = MapWriter {
            map: serializer.serialize_map(None)?,
            empty: true,
        };
        if info.resource {
            writer.map.serialize_entry("resourceType", info.name)?;
            writer.empty = false;
        }
        self.write(&mut writer)?;
        if writer.empty {
            return Err(S::Error::custom(format_args!("{} is empty", info.name)));
        }
        writer.map.end()
    }
}

struct MapWriter<M> {
    map: M,
    empty: bool,
}

impl<M: SerializeMap> MapWriter<M> {
    fn entry<V: Serialize>(&mut self, name: Name, value: &V) -> Result<(), M::Error> {
        self.empty = false;
        if name.suffix.is_empty() {
            self.map.serialize_entry(name.stem, value)
        } else {
            self.map.serialize_entry(&name.to_string(), value)
        }
    }

    fn sibling<V: Serialize>(&mut self, name: Name, value: &V) -> Result<(), M::Error> {
        self.empty = false;
        self.map.serialize_entry(&format!("_{name}"), value)
    }
}

impl<M: SerializeMap> Writer for MapWriter<M> {
    type Error = M::Error;

    fn any_attribute(&mut self, name: Name, value: ScalarRef<'_>) -> Result<(), M::Error> {
        self.entry(name, &value)
    }

    fn any_primitive(&mut self, name: Name, value: PrimitiveRef<'_>) -> Result<(), M::Error> {
        if let Some(value) = value.value() {
            self.entry(name, &value)?;
        }
        match value.element() {
            Some(element) => self.sibling(name, &element),
            None => Ok(()),
        }
    }

    fn any_primitives(
        &mut self,
        name: Name,
        values: &dyn ObjectPrimitives,
    ) -> Result<(), M::Error> {
        let entries: Vec<_> = values.entries().collect();
        if entries.iter().any(|entry| entry.is_absent()) {
            return Err(M::Error::custom(format_args!("{name} has an empty entry")));
        }
        let scalars: Vec<_> = entries.iter().map(|entry| entry.value()).collect();
        self.entry(name, &scalars)?;
        let elements: Vec<_> = entries.iter().map(|entry| entry.element()).collect();
        if elements.iter().any(Option::is_some) {
            self.sibling(name, &elements)?;
        }
        Ok(())
    }

    fn any_element(&mut self, name: Name, value: ElementRef<'_>) -> Result<(), M::Error> {
        self.entry(name, &value)
    }

    fn any_elements(&mut self, name: Name, values: &dyn ObjectElements) -> Result<(), M::Error> {
        self.entry(name, &List(values))
    }

    fn resources(&mut self, name: Name, values: &[Resource]) -> Result<(), M::Error> {
        self.entry(name, &values)
    }

    fn comments(&mut self, comments: &[FhirString]) -> Result<(), M::Error> {
        if comments.is_empty() {
            return Ok(());
        }
        self.entry(Name::plain("fhir_comments"), &comments)
    }
}

impl Serialize for ScalarRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_text(self.scalar_type(), &self.text(), serializer)
    }
}

struct List<'a>(&'a dyn ObjectElements);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.count()))?;
        for element in self.0.entries() {
            list.serialize_element(&element)?;
        }
        list.end()
    }
}

impl<E: Element> Serialize for PrimitiveElement<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self, serializer)
    }
}
