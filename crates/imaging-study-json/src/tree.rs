//! Reading any JSON value.

use std::collections::HashSet;

use imaging_study_core::{
    Decimal, FhirVersion, Json, ReadError, ReadErrorKind, Resource, Scalar, TextStore, safe_name,
};
use smol_str::SmolStr;

use crate::parser::Parser;
use crate::reader::not_a_number;

/// Objects up to this size are searched for duplicate names without a hash set.
const FEW: usize = 16;

impl Parser<'_> {
    /// Takes any value.
    pub(crate) fn json(&mut self) -> Result<Json, ReadError> {
        Ok(match self.peek() {
            Some(b'{') => Json::Object(self.json_object()?),
            Some(b'[') => self.json_array()?,
            Some(b'"') => {
                let text = self.string()?;
                Json::String(self.store.store(&text))
            }
            Some(b't') => {
                self.literal("true")?;
                Json::Boolean(true)
            }
            Some(b'f') => {
                self.literal("false")?;
                Json::Boolean(false)
            }
            Some(b'n') => {
                self.literal("null")?;
                Json::Null
            }
            Some(b'-' | b'0'..=b'9') => Json::Number(self.json_number()?),
            _ => return Err(self.syntax("a value")),
        })
    }

    fn json_number(&mut self) -> Result<Decimal, ReadError> {
        let offset = self.offset();
        let text = self.number();
        Decimal::read(text, FhirVersion::R4, &mut *self.store).map_err(|_| not_a_number(offset))
    }

    fn json_array(&mut self) -> Result<Json, ReadError> {
        self.enter()?;
        self.eat(b'[');
        let mut entries = Vec::new();
        if !self.eat(b']') {
            loop {
                // An array of objects is one level of elements, and the object counts itself.
                let nested = self.peek() == Some(b'{');
                if nested {
                    self.leave();
                }
                let entry = self.json().map_err(|error| error.at(entries.len()))?;
                if nested {
                    self.enter()?;
                }
                entries.push(entry);
                if !self.another(b']')? {
                    break;
                }
            }
        }
        self.leave();
        Ok(Json::Array(entries))
    }

    /// Takes an object; its names may be any, but none twice.
    pub(crate) fn json_object(&mut self) -> Result<Vec<(SmolStr, Json)>, ReadError> {
        self.enter()?;
        self.eat(b'{');
        let mut members: Vec<(SmolStr, Json)> = Vec::new();
        let mut names: HashSet<SmolStr> = HashSet::new();
        if !self.eat(b'}') {
            loop {
                let offset = self.offset();
                let name = self.member_name()?;
                let name = self.store.store(&name);
                let duplicate = if members.len() < FEW {
                    members.iter().any(|(other, _)| *other == name)
                } else {
                    if names.is_empty() {
                        names.extend(members.iter().map(|(name, _)| name.clone()));
                    }
                    !names.insert(name.clone())
                };
                if duplicate {
                    return Err(ReadError::new(ReadErrorKind::DuplicateMember, offset)
                        .within(safe_name(&name)));
                }
                let value = self
                    .json()
                    .map_err(|error| error.within(safe_name(&name)))?;
                members.push((name, value));
                if !self.another(b'}')? {
                    break;
                }
            }
        }
        self.leave();
        Ok(members)
    }

    /// Takes a resource of any type.
    pub(crate) fn resource(&mut self) -> Result<Resource, ReadError> {
        let offset = self.offset();
        if self.peek() != Some(b'{') {
            return Err(self.wrong_type("a resource"));
        }
        let json = Json::Object(self.json_object()?);
        match json.get("resourceType") {
            None | Some(Json::String(_)) => Resource::try_from(json)
                .map_err(|_| ReadError::new(ReadErrorKind::MissingResourceType, offset)),
            Some(other) => {
                let kind = ReadErrorKind::WrongType {
                    expected: "the type of a resource".into(),
                    found: other.kind(),
                };
                Err(ReadError::new(kind, offset).within("resourceType"))
            }
        }
    }
}
