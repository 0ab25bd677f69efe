//! The implementations of serde's traits, through the same description that the codecs use.
//!
//! With these, `serde_json::from_str` and `serde_json::to_string` work on every type. Numbers keep
//! their digits, duplicate members, unknown elements and lists `x` and `_x` of different length are
//! refused; nesting limits, size limits and element paths in errors are the business of the reader
//! of `imaging-study-json`. A deserializer that buffers its input (`#[serde(flatten)]`,
//! `#[serde(untagged)]`) turns decimals into floating point numbers before they arrive here; that
//! is an error and not a silent loss.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde::ser::{Error as _, SerializeMap, SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use smol_str::SmolStr;

use crate::{
    Choice, Decimal, Element, FhirVersion, FieldSet, Json, JsonType, Name, Primitive,
    PrimitiveElement, Reader, Resource, Scalar, Slot, Unshared, Writer,
};

/// The name by which serde_json's `RawValue` asks for the text of a value.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

const LENGTHS_DIFFER: &str = "the lists of values and of extensions differ in length";

/// How deeply a contained resource may nest.
const MAX_DEPTH: usize = 2 * crate::Limits::MAX_DEPTH;

/// Implements `Serialize` and `Deserialize` for a scalar.
#[doc(hidden)]
#[macro_export]
macro_rules! serde_scalar {
    ($name:ident) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::serde_impl::serialize_scalar(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::serde_impl::deserialize_scalar(deserializer, $crate::FhirVersion::R6)
            }
        }
    };
}

/// Serializes a scalar: numbers with their digits where the format is JSON.
///
/// # Errors
///
/// Those of the serializer.
pub fn serialize_scalar<T: Scalar, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.with_text(|text| match T::TYPE.json() {
        JsonType::Boolean => serializer.serialize_bool(text == "true"),
        JsonType::String => serializer.serialize_str(text),
        JsonType::Number => match text.parse::<i64>() {
            Ok(number) if text != "-0" => serializer.serialize_i64(number),
            _ => RawValue::from_string(text.to_owned())
                .map_err(S::Error::custom)?
                .serialize(serializer),
        },
    })
}

/// Deserializes a scalar as `version` spells it.
///
/// # Errors
///
/// The value has another type or is no value of the scalar.
pub fn deserialize_scalar<'de, T: Scalar, D: Deserializer<'de>>(
    deserializer: D,
    version: FhirVersion,
) -> Result<T, D::Error> {
    let visitor = ScalarVisitor {
        version,
        scalar: PhantomData,
    };
    match T::TYPE.json() {
        JsonType::Boolean => deserializer.deserialize_bool(visitor),
        JsonType::String => deserializer.deserialize_str(visitor),
        JsonType::Number => deserializer.deserialize_newtype_struct(RAW_VALUE, visitor),
    }
}

struct ScalarVisitor<T> {
    version: FhirVersion,
    scalar: PhantomData<T>,
}

impl<T: Scalar> ScalarVisitor<T> {
    fn read<E: serde::de::Error>(&self, found: JsonType, text: &str) -> Result<T, E> {
        if T::TYPE.json() != found {
            let found = match found {
                JsonType::Boolean => Unexpected::Other("a boolean"),
                JsonType::Number => Unexpected::Other("a number"),
                JsonType::String => Unexpected::Other("a string"),
            };
            return Err(E::invalid_type(found, self));
        }
        T::read(text, self.version, &mut Unshared).map_err(E::custom)
    }
}

impl<'de, T: Scalar> Visitor<'de> for ScalarVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(T::TYPE.grammar())
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<T, E> {
        self.read(JsonType::Boolean, if value { "true" } else { "false" })
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<T, E> {
        self.read(JsonType::Number, itoa::Buffer::new().format(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<T, E> {
        self.read(JsonType::Number, itoa::Buffer::new().format(value))
    }

    fn visit_f64<E: serde::de::Error>(self, _value: f64) -> Result<T, E> {
        Err(E::custom(
            "the digits of a decimal are lost in this deserializer; read it with serde_json \
             directly or with imaging-study-json",
        ))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<T, E> {
        self.read(JsonType::String, value)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let raw =
            raw_text(&mut map)?.ok_or_else(|| A::Error::invalid_type(Unexpected::Map, &self))?;
        let found = match raw.as_bytes().first() {
            Some(b'-' | b'0'..=b'9') => JsonType::Number,
            Some(b't' | b'f') => JsonType::Boolean,
            Some(b'"') => JsonType::String,
            _ => {
                return Err(A::Error::invalid_type(
                    Unexpected::Other("another value"),
                    &self,
                ));
            }
        };
        self.read(found, &raw)
    }
}

/// The text that serde_json hands to a visitor that asked for a raw value.
fn raw_text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Box<str>>, A::Error> {
    match map.next_key::<Cow<'_, str>>()? {
        Some(key) if key == RAW_VALUE => map.next_value::<Box<str>>().map(Some),
        _ => Ok(None),
    }
}

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
        if values.iter().any(|value| value.value.is_some()) {
            let values: Vec<_> = values
                .iter()
                .map(|value| value.value.as_ref().map(ScalarRef))
                .collect();
            self.entry(name, &values)?;
        }
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

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = FieldSet::default();
        let mut typed = false;
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            if name == "resourceType"
                && let Some(expected) = T::RESOURCE
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
            if !seen.insert(slot.field, sibling) {
                let field = &T::info().fields[usize::from(slot.field)];
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
        if T::RESOURCE.is_some() && !typed {
            return Err(A::Error::missing_field("resourceType"));
        }
        if let Some(field) = seen.open_hole() {
            return Err(A::Error::custom(format_args!(
                "{} has an empty entry",
                T::info().fields[usize::from(field)].name
            )));
        }
        if seen.is_empty() && T::RESOURCE.is_none() {
            return Err(A::Error::custom(format_args!(
                "{} is empty",
                T::info().name
            )));
        }
        Ok(())
    }
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
            return Err(D::Error::invalid_length(
                0,
                &"a list with at least one entry",
            ));
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
            return Err(A::Error::invalid_length(
                0,
                &"a list with at least one entry",
            ));
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
        while let Some(element) = list.next_element_seed(OwnedSeed(PhantomData))? {
            self.0.push(element);
        }
        if self.0.is_empty() {
            return Err(A::Error::invalid_length(
                0,
                &"a list with at least one entry",
            ));
        }
        Ok(())
    }
}

struct OwnedSeed<T>(PhantomData<T>);

impl<'de, T: Element> DeserializeSeed<'de> for OwnedSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserialize(deserializer)
    }
}

impl<E: Element> Serialize for PrimitiveElement<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self, serializer)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(entries) => serializer.collect_seq(entries),
            Self::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name.as_str(), value)))
            }
        }
    }
}

impl Serialize for Resource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.members()
                .iter()
                .map(|(name, value)| (name.as_str(), value)),
        )
    }
}

impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Json::deserialize(deserializer)?;
        Self::try_from(value).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Json {
    /// Reads any value; with serde_json numbers keep their digits, in other formats only whole
    /// numbers are read.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        JsonSeed { depth: 0 }.deserialize(deserializer)
    }
}

#[derive(Clone, Copy)]
struct JsonSeed {
    depth: usize,
}

impl JsonSeed {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom("a contained resource nests too deeply"));
        }
        Ok(Self {
            depth: self.depth + 1,
        })
    }

    /// Reads the text of a value, which serde_json has found to be well-formed.
    fn read_raw(self, raw: &str) -> Result<Json, serde_json::Error> {
        Ok(match raw.as_bytes().first() {
            Some(b'{') => {
                let mut members = Vec::new();
                serde_json::Deserializer::from_str(raw).deserialize_map(MembersVisitor {
                    seed: self.deeper()?,
                    members: &mut members,
                })?;
                Json::Object(members)
            }
            Some(b'[') => {
                let inner = self.deeper()?;
                let entries: Vec<&RawValue> = serde_json::from_str(raw)?;
                Json::Array(
                    entries
                        .into_iter()
                        .map(|entry| inner.read_raw(entry.get()))
                        .collect::<Result<_, _>>()?,
                )
            }
            Some(b'"') => Json::String(serde_json::from_str::<Cow<'_, str>>(raw)?.into()),
            Some(b'n') => Json::Null,
            Some(b't') => Json::Boolean(true),
            Some(b'f') => Json::Boolean(false),
            _ => Json::Number(
                raw.parse()
                    .map_err(<serde_json::Error as serde::de::Error>::custom)?,
            ),
        })
    }
}

struct MembersVisitor<'a> {
    seed: JsonSeed,
    members: &'a mut Vec<(SmolStr, Json)>,
}

impl<'de> Visitor<'de> for MembersVisitor<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut names = std::collections::HashSet::new();
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            let name = SmolStr::from(name);
            if !names.insert(name.clone()) {
                return Err(A::Error::custom("a member stands twice"));
            }
            let raw: &RawValue = map.next_value()?;
            let value = self.seed.read_raw(raw.get()).map_err(A::Error::custom)?;
            self.members.push((name, value));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for JsonSeed {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_VALUE, self)
    }
}

impl<'de> Visitor<'de> for JsonSeed {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Boolean(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(Decimal::from(value)))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Json, E> {
        value
            .to_string()
            .parse()
            .map(Json::Number)
            .map_err(E::custom)
    }

    fn visit_f64<E: serde::de::Error>(self, _value: f64) -> Result<Json, E> {
        Err(E::custom(
            "the digits of a decimal are lost in this deserializer",
        ))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let seed = self.deeper()?;
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element_seed(seed)? {
            entries.push(entry);
        }
        Ok(Json::Array(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members: Vec<(SmolStr, Json)> = Vec::new();
        let mut names = std::collections::HashSet::new();
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            if members.is_empty() && name == RAW_VALUE {
                let raw: Box<str> = map.next_value()?;
                return self.read_raw(&raw).map_err(A::Error::custom);
            }
            let name = SmolStr::from(name);
            if !names.insert(name.clone()) {
                map.next_value::<IgnoredAny>()?;
                return Err(A::Error::custom("a member stands twice"));
            }
            members.push((name, map.next_value_seed(self.deeper()?)?));
        }
        Ok(Json::Object(members))
    }
}
