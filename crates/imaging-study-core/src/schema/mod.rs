//! JSON Schemas made from the element descriptions.
//!
//! The types of the version crates implement [`schemars::JsonSchema`] with the functions of this
//! module. A schema says of an element in JSON: which members there are and no others; the JSON
//! type, range and pattern of each value, as the version spells it; which elements must be there,
//! if only with extensions in place of a value; at most one type of a choice; no empty object or
//! array; and the codes of required bindings. It is stricter than the types, which keep codes
//! outside a binding and UIDs that are none.
//!
//! A schema does not say: that dates exist (29 February in any year), that an integer is written
//! without a point, that the digits of a decimal are few enough for R5, that `x` and `_x` have the
//! same length, and rules between elements other than those above. Contained resources may be
//! anything with a `resourceType`.
//!
//! Definitions are named after version and type, e.g. `R4.Coding`, so that schemas of several
//! versions can stand in one document.

mod pattern;

use std::borrow::Cow;

use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::{Element, FhirVersion, FieldInfo, FieldType, ScalarType, TypeInfo};

/// The name of the schema of a type: that of the type.
#[must_use]
pub fn name(info: &TypeInfo) -> Cow<'static, str> {
    Cow::Borrowed(info.name)
}

/// The identity of the schema of a type: its version and name.
#[must_use]
pub fn id<T: Element>() -> Cow<'static, str> {
    Cow::Owned(definition(T::VERSION, T::info().name))
}

/// The schema of a type. What it refers to becomes a definition of the generator.
pub fn of<T: Element>(generator: &mut SchemaGenerator) -> Schema {
    let mut writer = SchemaWriter {
        generator,
        version: T::VERSION,
    };
    writer.object(T::info()).into()
}

fn definition(version: FhirVersion, name: &str) -> String {
    // References to it are URIs, which have no space.
    let version = version.name().replace(' ', "-");
    format!("{version}.{name}")
}

/// Turns descriptions of one version into schemas.
struct SchemaWriter<'g> {
    generator: &'g mut SchemaGenerator,
    version: FhirVersion,
}

impl SchemaWriter<'_> {
    /// A reference to a definition, which is made unless it is there.
    fn refer(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        let name = definition(self.version, name);
        if !self.generator.definitions().contains_key(&name) {
            // A type can hold itself, so the name must stand before the definition is made.
            self.generator
                .definitions_mut()
                .insert(name.clone(), Value::Bool(true));
            let made = make(self);
            self.generator.definitions_mut().insert(name.clone(), made);
        }
        let path = &self.generator.settings().definitions_path;
        let path = path.trim_start_matches('#').trim_matches('/');
        json!({ "$ref": format!("#/{path}/{name}") })
    }

    /// The schema of an element or a resource.
    fn object(&mut self, info: &'static TypeInfo) -> Map<String, Value> {
        let mut object = ObjectSchema::default();
        if info.resource {
            object.require("resourceType", json!({ "const": info.name }));
        }
        let sibling = self.refer("Element", |writer| writer.sibling(info));
        for field in info.fields {
            match field.name.strip_suffix("[x]") {
                Some(stem) => self.choice(stem, field, &sibling, &mut object),
                None => self.field(field, &sibling, &mut object),
            }
        }
        self.comments(&mut object);
        object.finish()
    }

    /// The schema of the id and the extensions of a primitive.
    fn sibling(&mut self, owner: &'static TypeInfo) -> Value {
        let mut object = ObjectSchema::default();
        let own = owner
            .fields
            .iter()
            .filter(|field| matches!(field.name, "id" | "extension"));
        for field in own {
            // Neither of them has a sibling itself, except for the id of a resource.
            if field.name == "id" {
                let id = self.scalar(ScalarType::String);
                object.allow("id", id);
            } else {
                self.field(field, &Value::Bool(true), &mut object);
            }
        }
        self.comments(&mut object);
        object.finish().into()
    }

    /// The comments that every element of DSTU2 may have.
    fn comments(&mut self, object: &mut ObjectSchema) {
        if self.version == FhirVersion::Dstu2 {
            let text = self.scalar(ScalarType::String);
            object.allow("fhir_comments", list(&text));
        }
    }

    fn field(&mut self, field: &FieldInfo, sibling: &Value, object: &mut ObjectSchema) {
        let Some(field_type) = field.types.first() else {
            return;
        };
        let value = self.value(field_type);
        let name = field.name;
        match field_type {
            FieldType::Scalar(..) if !field.attribute => {
                let under = format!("_{name}");
                if field.many {
                    object.allow(name, list(&or_null(&value)));
                    object.allow(&under, list(&or_null(sibling)));
                    // An entry without a value has something in the sibling.
                    object.rules.push(json!({ "anyOf": [
                        { "required": [under] },
                        { "properties": { name: { "items": value } } },
                    ] }));
                } else {
                    object.allow(name, value);
                    object.allow(&under, sibling.clone());
                }
                if field.min > 0 {
                    object.rules.push(any_of(&[name.to_owned(), under]));
                }
            }
            _ => {
                object.allow(name, if field.many { list(&value) } else { value });
                if field.min > 0 {
                    object.required.push(name.into());
                }
            }
        }
    }

    /// A choice: at most one of its types, exactly one where it is required.
    fn choice(
        &mut self,
        stem: &str,
        field: &FieldInfo,
        sibling: &Value,
        object: &mut ObjectSchema,
    ) {
        let mut names = Vec::new();
        let mut choices = Vec::new();
        for field_type in field.types {
            let value = self.value(field_type);
            let mut suffix = field_type.name().to_owned();
            if let Some(first) = suffix.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            let name = format!("{stem}{suffix}");
            object.allow(&name, value);
            let mut members = vec![name];
            if matches!(field_type, FieldType::Scalar(..)) {
                members.push(format!("_{}", members[0]));
                object.allow(&members[1], sibling.clone());
            }
            choices.push(any_of(&members));
            names.extend(members);
        }
        if field.min == 0 {
            choices.push(json!({ "propertyNames": { "not": { "enum": names } } }));
        }
        object.rules.push(json!({ "oneOf": choices }));
    }

    /// The schema of one value.
    fn value(&mut self, field_type: &FieldType) -> Value {
        match *field_type {
            FieldType::Scalar(_, Some(codes)) => json!({ "enum": codes.codes }),
            FieldType::Scalar(scalar, None) => self.scalar(scalar),
            FieldType::Element(info) => {
                let info = info();
                self.refer(info.name, |writer| writer.object(info).into())
            }
            FieldType::Resource => self.refer("Resource", |_| {
                json!({
                    "type": "object",
                    "properties": { "resourceType": { "type": "string", "minLength": 1 } },
                    "required": ["resourceType"],
                })
            }),
        }
    }

    fn scalar(&mut self, scalar: ScalarType) -> Value {
        self.refer(scalar.name(), |writer| {
            pattern::scalar(scalar, writer.version)
        })
    }
}

/// What is known so far about an object.
#[derive(Default)]
struct ObjectSchema {
    properties: Map<String, Value>,
    required: Vec<Value>,
    rules: Vec<Value>,
}

impl ObjectSchema {
    fn allow(&mut self, name: &str, value: Value) {
        self.properties.insert(name.to_owned(), value);
    }

    fn require(&mut self, name: &str, value: Value) {
        self.allow(name, value);
        self.required.push(name.into());
    }

    fn finish(self) -> Map<String, Value> {
        let mut schema = Map::new();
        schema.insert("type".into(), "object".into());
        schema.insert("properties".into(), self.properties.into());
        schema.insert("additionalProperties".into(), false.into());
        schema.insert("minProperties".into(), 1.into());
        if !self.required.is_empty() {
            schema.insert("required".into(), self.required.into());
        }
        if !self.rules.is_empty() {
            schema.insert("allOf".into(), self.rules.into());
        }
        schema
    }
}

fn list(entry: &Value) -> Value {
    json!({ "type": "array", "items": entry, "minItems": 1 })
}

fn or_null(value: &Value) -> Value {
    json!({ "anyOf": [value, { "type": "null" }] })
}

/// That one of some members is there.
fn any_of(members: &[String]) -> Value {
    match members {
        [member] => json!({ "required": [member] }),
        _ => {
            let each = members.iter().map(|member| json!({ "required": [member] }));
            json!({ "anyOf": each.collect::<Vec<_>>() })
        }
    }
}
