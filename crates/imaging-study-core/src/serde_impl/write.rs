//! Elements, written.

use serde::Serialize;
use serde::ser::{Error as _, SerializeMap, SerializeSeq, Serializer};

use super::serialize_scalar;
use crate::{Element, FhirString, Name, Primitive, PrimitiveElement, Resource, Scalar, Writer};

/// Serializes an element as a map in the order of its definition, `resourceType` first.
///
/// # Errors
///
/// An element is empty, or the serializer fails.
pub fn serialize<T: Element, S: Serializer>(element: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut writer = MapWriter {
        map: serializer.serialize_map(None)?,
        empty: true,
    };
    if let Some(resource_type) = T::RESOURCE {
        writer.map.serialize_entry("resourceType", resource_type)?;
        writer.empty = false;
    }
    element.write(&mut writer)?;
    if writer.empty {
        return Err(S::Error::custom(format_args!(
            "{} is empty",
            T::info().name
        )));
    }
    writer.map.end()
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

    fn attribute<T: Scalar>(&mut self, name: Name, value: &T) -> Result<(), M::Error> {
        self.entry(name, &ScalarRef(value))
    }

    fn primitive<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        value: &Primitive<T, E>,
    ) -> Result<(), M::Error> {
        if let Some(value) = &value.value {
            self.entry(name, &ScalarRef(value))?;
        }
        match &value.element {
            Some(element) if !element.is_empty() => self.sibling(name, &ElementRef(&**element)),
            _ => Ok(()),
        }
    }

    fn primitives<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        values: &[Primitive<T, E>],
    ) -> Result<(), M::Error> {
        if values.iter().any(Primitive::is_absent) {
            return Err(M::Error::custom(format_args!("{name} has an empty entry")));
        }
        let scalars: Vec<_> = values
            .iter()
            .map(|value| value.value.as_ref().map(ScalarRef))
            .collect();
        self.entry(name, &scalars)?;
        let element = |value: &Primitive<T, E>| {
            value
                .element
                .as_ref()
                .is_some_and(|element| !element.is_empty())
        };
        if values.iter().any(element) {
            let elements: Vec<_> = values
                .iter()
                .map(|value| {
                    value
                        .element
                        .as_deref()
                        .filter(|element| !element.is_empty())
                        .map(ElementRef)
                })
                .collect();
            self.sibling(name, &elements)?;
        }
        Ok(())
    }

    fn element<T: Element>(&mut self, name: Name, value: &T) -> Result<(), M::Error> {
        self.entry(name, &ElementRef(value))
    }

    fn elements<T: Element>(&mut self, name: Name, values: &[T]) -> Result<(), M::Error> {
        self.entry(name, &ElementsRef(values))
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

struct ScalarRef<'a, T>(&'a T);

impl<T: Scalar> Serialize for ScalarRef<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_scalar(self.0, serializer)
    }
}

struct ElementRef<'a, T>(&'a T);

impl<T: Element> Serialize for ElementRef<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self.0, serializer)
    }
}

struct ElementsRef<'a, T>(&'a [T]);

impl<T: Element> Serialize for ElementsRef<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for element in self.0 {
            list.serialize_element(&ElementRef(element))?;
        }
        list.end()
    }
}

impl<E: Element> Serialize for PrimitiveElement<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self, serializer)
    }
}
