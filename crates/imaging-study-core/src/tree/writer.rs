//! Writing elements into trees: the JSON rules for each shape of field.

use smol_str::{SmolStr, format_smolstr};

use super::Members;
use crate::{
    Decimal, ElementRef, FhirString, FhirVersion, Json, JsonType, Name, ObjectElements,
    ObjectPrimitives, PrimitiveRef, Resource, Scalar, ScalarRef, ScalarType, Unshared, WriteError,
    Writer, json_number,
};

/// The object that an element is written as.
pub(super) fn object(element: ElementRef<'_>) -> Result<Json, WriteError> {
    let mut tree = Tree(Members::new());
    let info = element.info();
    if info.resource {
        tree.push(
            Name::plain("resourceType"),
            Json::String(SmolStr::new_static(info.name)),
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

fn scalar(scalar: ScalarRef<'_>) -> Json {
    value(scalar.scalar_type(), &scalar.text())
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
}

fn array<T>(
    entries: impl Iterator<Item = T>,
    write: impl Fn(T) -> Result<Json, WriteError>,
) -> Result<Json, WriteError> {
    // A loop takes less stack than iterators do.
    let mut list = Vec::with_capacity(entries.size_hint().1.unwrap_or_default());
    for (index, entry) in entries.enumerate() {
        list.push(write(entry).map_err(|error| error.at(index))?);
    }
    Ok(Json::Array(list))
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

impl Writer for Tree {
    type Error = WriteError;

    fn any_attribute(&mut self, name: Name, value: ScalarRef<'_>) -> Result<(), WriteError> {
        self.push(name, scalar(value));
        Ok(())
    }

    fn any_primitive(&mut self, name: Name, value: PrimitiveRef<'_>) -> Result<(), WriteError> {
        if let Some(value) = value.value() {
            self.push(name, scalar(value));
        }
        if let Some(element) = value.element() {
            let value = object(element).map_err(|error| error.within(name.to_string()))?;
            self.push_sibling(name, value);
        }
        Ok(())
    }

    fn any_primitives(
        &mut self,
        name: Name,
        list: &dyn ObjectPrimitives,
    ) -> Result<(), WriteError> {
        let length = list.count();
        let (mut values, mut elements) = (Vec::with_capacity(length), Vec::new());
        for (index, entry) in list.entries().enumerate() {
            if entry.is_absent() {
                return Err(WriteError::empty().at(index).within(name.to_string()));
            }
            values.push(entry.value().map_or(Json::Null, scalar));
            elements.push(entry.element());
        }
        self.push(name, Json::Array(values));
        if elements.iter().any(Option::is_some) {
            let write = |element: Option<_>| element.map_or(Ok(Json::Null), object);
            let elements = array(elements.into_iter(), write)
                .map_err(|error| error.within(name.to_string()))?;
            self.push_sibling(name, elements);
        }
        Ok(())
    }

    fn any_element(&mut self, name: Name, value: ElementRef<'_>) -> Result<(), WriteError> {
        let value = object(value).map_err(|error| error.within(name.to_string()))?;
        self.push(name, value);
        Ok(())
    }

    fn any_elements(&mut self, name: Name, list: &dyn ObjectElements) -> Result<(), WriteError> {
        let value =
            array(list.entries(), object).map_err(|error| error.within(name.to_string()))?;
        self.push(name, value);
        Ok(())
    }

    fn resources(&mut self, name: Name, values: &[Resource]) -> Result<(), WriteError> {
        let value =
            array(values.iter(), resource).map_err(|error| error.within(name.to_string()))?;
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
