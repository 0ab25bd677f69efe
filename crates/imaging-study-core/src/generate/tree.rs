//! Writing an element into a JSON tree, to be contained in another.

use std::convert::Infallible;

use smol_str::SmolStr;

use super::fill::Generator;
use crate::{
    Decimal, Element, FhirVersion, Json, JsonType, Name, Primitive, Resource, Scalar, ScalarType,
    Unshared, Writer,
};

/// The members of a JSON object.
pub(super) type Members = Vec<(SmolStr, Json)>;

/// Generates a resource, as the members of its JSON object.
pub(super) fn resource<T: Element>(generator: &mut Generator<'_>) -> Members {
    let mut element = T::default();
    generator.fill(&mut element);
    members(&element)
}

/// The members of the JSON object that an element is written as.
fn members<T: Element>(element: &T) -> Members {
    let mut tree = Tree(Vec::new());
    if let Some(resource_type) = T::RESOURCE {
        tree.0
            .push(("resourceType".into(), Json::String(resource_type.into())));
    }
    let Ok(()) = element.write(&mut tree);
    tree.0
}

/// The JSON value that a text of a type stands for.
pub(super) fn value(scalar: ScalarType, text: &str) -> Json {
    match scalar.json() {
        JsonType::Boolean => Json::Boolean(text == "true"),
        JsonType::String => Json::String(text.into()),
        JsonType::Number => Decimal::read(text, FhirVersion::R4, &mut Unshared)
            .map_or_else(|_| Json::String(text.into()), Json::Number),
    }
}

fn scalar<T: Scalar>(scalar: &T) -> Json {
    scalar.with_text(|text| value(T::TYPE, text))
}

/// The members written so far.
struct Tree(Members);

impl Tree {
    fn push(&mut self, name: Name, value: Json) {
        self.0.push((format!("{name}").into(), value));
    }

    fn push_sibling(&mut self, name: Name, value: Json) {
        self.0.push((format!("_{name}").into(), value));
    }
}

impl Writer for Tree {
    type Error = Infallible;

    fn attribute<T: Scalar>(&mut self, name: Name, value: &T) -> Result<(), Infallible> {
        self.push(name, scalar(value));
        Ok(())
    }

    fn primitive<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        value: &Primitive<T, E>,
    ) -> Result<(), Infallible> {
        if let Some(value) = &value.value {
            self.push(name, scalar(value));
        }
        if let Some(element) = &value.element {
            self.push_sibling(name, Json::Object(members(&**element)));
        }
        Ok(())
    }

    fn primitives<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        values: &[Primitive<T, E>],
    ) -> Result<(), Infallible> {
        let texts = values
            .iter()
            .map(|entry| entry.value.as_ref().map_or(Json::Null, scalar));
        let elements = values.iter().map(|entry| {
            let element = entry.element.as_ref();
            element.map_or(Json::Null, |element| Json::Object(members(&**element)))
        });
        if values.iter().any(|entry| entry.value.is_some()) {
            self.push(name, Json::Array(texts.collect()));
        }
        if values.iter().any(|entry| entry.element.is_some()) {
            self.push_sibling(name, Json::Array(elements.collect()));
        }
        Ok(())
    }

    fn element<T: Element>(&mut self, name: Name, value: &T) -> Result<(), Infallible> {
        self.push(name, Json::Object(members(value)));
        Ok(())
    }

    fn elements<T: Element>(&mut self, name: Name, values: &[T]) -> Result<(), Infallible> {
        let entries = values.iter().map(|entry| Json::Object(members(entry)));
        self.push(name, Json::Array(entries.collect()));
        Ok(())
    }

    fn resources(&mut self, name: Name, values: &[Resource]) -> Result<(), Infallible> {
        let entries = values.iter().cloned().filter_map(Resource::into_json);
        self.push(name, Json::Array(entries.collect()));
        Ok(())
    }
}
