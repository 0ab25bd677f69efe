//! Scalars.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde::de::{Deserializer, Error as _, MapAccess, Unexpected, Visitor};
use serde::ser::{Error as _, Serializer};
use serde_json::value::RawValue;

use super::RAW_VALUE;
use crate::{FhirVersion, JsonType, Scalar, ScalarSlot, ScalarType, Unshared, json_number};

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

/// Serializes a scalar: numbers with their digits where the format is JSON, and what is no number or
/// boolean of JSON as a string.
///
/// # Errors
///
/// Those of the serializer.
pub fn serialize_scalar<T: Scalar, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.with_text(|text| serialize_text(T::TYPE, text, serializer))
}

/// Serializes the text of a scalar of a type.
pub(super) fn serialize_text<S: Serializer>(
    scalar: ScalarType,
    text: &str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match scalar.json() {
        JsonType::Boolean if matches!(text, "true" | "false") => {
            serializer.serialize_bool(text == "true")
        }
        JsonType::Boolean | JsonType::String => serializer.serialize_str(text),
        JsonType::Number => match (json_number(text), text.parse::<i64>()) {
            (None, _) => serializer.serialize_str(text),
            (_, Ok(number)) if text != "-0" => serializer.serialize_i64(number),
            (Some(number), _) => RawValue::from_string(number.to_owned())
                .map_err(S::Error::custom)?
                .serialize(serializer),
        },
    }
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
    let mut slot = None;
    deserialize_into(deserializer, version, &mut slot)?;
    slot.ok_or_else(|| D::Error::custom(T::TYPE.grammar()))
}

/// Deserializes a scalar of any type.
pub(super) fn deserialize_into<'de, D: Deserializer<'de>>(
    deserializer: D,
    version: FhirVersion,
    slot: &mut dyn ScalarSlot,
) -> Result<(), D::Error> {
    let json = slot.scalar_type().json();
    let visitor = ScalarVisitor { version, slot };
    match json {
        JsonType::Boolean => deserializer.deserialize_bool(visitor),
        JsonType::String => deserializer.deserialize_str(visitor),
        JsonType::Number => deserializer.deserialize_newtype_struct(RAW_VALUE, visitor),
    }
}

struct ScalarVisitor<'s> {
    version: FhirVersion,
    slot: &'s mut dyn ScalarSlot,
}

impl ScalarVisitor<'_> {
    fn read<E: serde::de::Error>(self, found: JsonType, text: &str) -> Result<(), E> {
        if self.slot.scalar_type().json() != found {
            let found = match found {
                JsonType::Boolean => Unexpected::Other("a boolean"),
                JsonType::Number => Unexpected::Other("a number"),
                JsonType::String => Unexpected::Other("a string"),
            };
            return Err(E::invalid_type(found, &self));
        }
        let read = self.slot.read(text, self.version, &mut Unshared);
        read.map_err(E::custom)
    }
}

impl<'de> Visitor<'de> for ScalarVisitor<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.slot.scalar_type().grammar())
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.read(JsonType::Boolean, if value { "true" } else { "false" })
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.read(JsonType::Number, itoa::Buffer::new().format(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.read(JsonType::Number, itoa::Buffer::new().format(value))
    }

    fn visit_f64<E: serde::de::Error>(self, _value: f64) -> Result<(), E> {
        Err(E::custom(
            "the digits of a decimal are lost in this deserializer; read it with serde_json \
             directly or with imaging-study-json",
        ))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.read(JsonType::String, value)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
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
