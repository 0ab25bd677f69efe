//! Writing elements into trees: the JSON rules for each shape of field.

use smol_str::{SmolStr, format_smolstr};

use super::Members;
use crate::{
    Decimal, Element, FhirString, FhirVersion, Json, JsonType, Name, Primitive, Resource, Scalar,
    ScalarType, Unshared, WriteError, Writer, json_number,
};

/// An element of any type.
pub(super) trait Source {
    fn resource_type(&self) -> Option<&'static str>;
    fn write(&self, tree: &mut Tree) -> Result<(), WriteError>;
}

impl<T: Element> Source for T {
    fn resource_type(&self) -> Option<&'static str> {
        T::RESOURCE
    }

    fn write(&self, tree: &mut Tree) -> Result<(), WriteError> {
        Element::write(self, tree)
    }
}

/// The entries of a complex element that repeats.
trait Sources {
    fn length(&self) -> usize;
    fn element(&self, index: usize) -> &dyn Source;
}

impl<T: Element> Sources for &[T] {
    fn length(&self) -> usize {
        self.len()
    }

    fn element(&self, index: usize) -> &dyn Source {
        &self[index]
    }
}

/// The entries of a primitive element that repeats.
trait Primitives {
    fn length(&self) -> usize;
    fn value(&self, index: usize) -> Option<Json>;
    fn element(&self, index: usize) -> Option<&dyn Source>;
}

impl<T: Scalar, E: Element> Primitives for &[Primitive<T, E>] {
    fn length(&self) -> usize {
        self.len()
    }

    fn value(&self, index: usize) -> Option<Json> {
        self[index].value.as_ref().map(scalar)
    }

    fn element(&self, index: usize) -> Option<&dyn Source> {
        sibling(&self[index])
    }
}

/// The id and the extensions of a primitive, if there are any.
fn sibling<T, E: Element>(primitive: &Primitive<T, E>) -> Option<&dyn Source> {
    match primitive.element.as_deref() {
        Some(element) if !element.is_empty() => Some(element),
        _ => None,
    }
}

/// The object that an element is written as.
pub(super) fn object(element: &dyn Source) -> Result<Json, WriteError> {
    let mut tree = Tree(Members::new());
    if let Some(resource_type) = element.resource_type() {
        tree.push(
            Name::plain("resourceType"),
            Json::String(SmolStr::new_static(resource_type)),
        );
    }
    element.write(&mut tree)?;
    if tree.0.is_empty() {
        return Err(WriteError::empty());
    }
    Ok(Json::Object(tree.0))
}

/// The JSON value that a text of a type stands for; a text that is none of that JSON type stays a
/// string.
pub(crate) fn value(scalar: ScalarType, text: &str) -> Json {
    match scalar.json() {
        JsonType::Boolean if matches!(text, "true" | "false") => Json::Boolean(text == "true"),
        JsonType::Boolean | JsonType::String => Json::String(text.into()),
        JsonType::Number => json_number(text)
            .and_then(|number| Decimal::read(number, FhirVersion::R4, &mut Unshared).ok())
            .map_or_else(|| Json::String(text.into()), Json::Number),
    }
}

fn scalar<T: Scalar>(scalar: &T) -> Json {
    scalar.with_text(|text| value(T::TYPE, text))
}

/// The members written so far.
pub(super) struct Tree(Members);

impl Tree {
    fn push(&mut self, name: Name, value: Json) {
        let name = if name.suffix.is_empty() {
            SmolStr::new_static(name.stem)
        } else {
            format_smolstr!("{name}")
        };
        self.0.push((name, value));
    }

    fn push_sibling(&mut self, name: Name, value: Json) {
        self.0.push((format_smolstr!("_{name}"), value));
    }

    fn push_object(&mut self, name: Name, element: &dyn Source) -> Result<(), WriteError> {
        let value = object(element).map_err(|error| error.within(name.to_string()))?;
        self.push(name, value);
        Ok(())
    }

    fn push_primitive(
        &mut self,
        name: Name,
        value: Option<Json>,
        element: Option<&dyn Source>,
    ) -> Result<(), WriteError> {
        if let Some(value) = value {
            self.push(name, value);
        }
        if let Some(element) = element {
            let value = object(element).map_err(|error| error.within(name.to_string()))?;
            self.push_sibling(name, value);
        }
        Ok(())
    }

    fn push_primitives(&mut self, name: Name, list: &dyn Primitives) -> Result<(), WriteError> {
        let length = list.length();
        let (mut values, mut elements) = (Vec::with_capacity(length), Vec::new());
        for index in 0..length {
            let value = list.value(index);
            let element = list.element(index);
            if value.is_none() && element.is_none() {
                return Err(WriteError::empty().at(index).within(name.to_string()));
            }
            values.push(value.unwrap_or(Json::Null));
            elements.push(element);
        }
        self.push(name, Json::Array(values));
        if elements.iter().any(Option::is_some) {
            let elements = array(elements.len(), |index| {
                elements[index].map_or(Ok(Json::Null), object)
            })
            .map_err(|error| error.within(name.to_string()))?;
            self.push_sibling(name, elements);
        }
        Ok(())
    }

    fn push_objects(&mut self, name: Name, list: &dyn Sources) -> Result<(), WriteError> {
        let value = array(list.length(), |index| object(list.element(index)))
            .map_err(|error| error.within(name.to_string()))?;
        self.push(name, value);
        Ok(())
    }
}

fn array(
    length: usize,
    entry: impl Fn(usize) -> Result<Json, WriteError>,
) -> Result<Json, WriteError> {
    // A loop takes less stack than iterators do.
    let mut entries = Vec::with_capacity(length);
    for index in 0..length {
        entries.push(entry(index).map_err(|error| error.at(index))?);
    }
    Ok(Json::Array(entries))
}

/// The object of a contained resource.
fn resource(resource: &Resource) -> Result<Json, WriteError> {
    if resource.xml().is_some() {
        return Err(WriteError::not_expressible(format!(
            "a resource of the unknown type {}, read from XML, cannot be written as JSON",
            resource.resource_type()
        )));
    }
    Ok(Json::Object(resource.members().to_vec()))
}

// Each method is a function of its own: what is wanted here is small code.
impl Writer for Tree {
    type Error = WriteError;

    #[inline(never)]
    fn attribute<T: Scalar>(&mut self, name: Name, value: &T) -> Result<(), WriteError> {
        self.push(name, scalar(value));
        Ok(())
    }

    #[inline(never)]
    fn primitive<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        value: &Primitive<T, E>,
    ) -> Result<(), WriteError> {
        self.push_primitive(name, value.value.as_ref().map(scalar), sibling(value))
    }

    #[inline(never)]
    fn primitives<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        values: &[Primitive<T, E>],
    ) -> Result<(), WriteError> {
        self.push_primitives(name, &values)
    }

    #[inline(never)]
    fn element<T: Element>(&mut self, name: Name, value: &T) -> Result<(), WriteError> {
        self.push_object(name, value)
    }

    #[inline(never)]
    fn elements<T: Element>(&mut self, name: Name, values: &[T]) -> Result<(), WriteError> {
        self.push_objects(name, &values)
    }

    fn resources(&mut self, name: Name, values: &[Resource]) -> Result<(), WriteError> {
        let value = array(values.len(), |index| resource(&values[index]))
            .map_err(|error| error.within(name.to_string()))?;
        self.push(name, value);
        Ok(())
    }

    fn comments(&mut self, comments: &[FhirString]) -> Result<(), WriteError> {
        if !comments.is_empty() {
            let texts = comments
                .iter()
                .map(|comment| Json::String(comment.as_str().into()));
            self.push(Name::plain("fhir_comments"), Json::Array(texts.collect()));
        }
        Ok(())
    }
}
