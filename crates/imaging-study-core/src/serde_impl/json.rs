//! JSON values and resources of any type.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use smol_str::SmolStr;

use super::RAW_VALUE;
use crate::{Decimal, Json, Resource};

/// How deeply a contained resource may nest.
const MAX_DEPTH: usize = 2 * crate::Limits::MAX_DEPTH;

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
        if self.xml().is_some() {
            return Err(S::Error::custom(
                "a resource of an unknown type, read from XML, cannot be serialized",
            ));
        }
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
        match raw.as_bytes().first() {
            Some(b'{') => self.read_object(raw),
            Some(b'[') => self.read_list(raw),
            _ => Self::read_leaf(raw),
        }
    }

    // Functions of their own, since what stands inside others takes stack for each level.

    fn read_object(self, raw: &str) -> Result<Json, serde_json::Error> {
        let inner = self.deeper()?;
        let texts = Self::texts_of_members(raw)?;
        let mut members = Vec::with_capacity(texts.len());
        for (name, text) in texts {
            members.push((name, inner.read_raw(text.get())?));
        }
        Ok(Json::Object(members))
    }

    #[inline(never)]
    fn texts_of_members(raw: &str) -> Result<Vec<(SmolStr, &RawValue)>, serde_json::Error> {
        let mut texts = Vec::new();
        serde_json::Deserializer::from_str(raw).deserialize_map(MembersVisitor(&mut texts))?;
        Ok(texts)
    }

    fn read_list(self, raw: &str) -> Result<Json, serde_json::Error> {
        let inner = self.deeper()?;
        let texts: Vec<&RawValue> = serde_json::from_str(raw)?;
        let mut entries = Vec::with_capacity(texts.len());
        for text in texts {
            entries.push(inner.read_raw(text.get())?);
        }
        Ok(Json::Array(entries))
    }

    fn read_leaf(raw: &str) -> Result<Json, serde_json::Error> {
        Ok(match raw.as_bytes().first() {
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

struct MembersVisitor<'a, 'de>(&'a mut Vec<(SmolStr, &'de RawValue)>);

impl<'de> Visitor<'de> for MembersVisitor<'_, 'de> {
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
            self.0.push((name, map.next_value()?));
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
