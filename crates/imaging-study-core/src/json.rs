//! A small ordered tree of JSON values.

use smol_str::SmolStr;

use crate::Decimal;

/// A JSON value as it was read: members keep their order, numbers their digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, in the spelling of the input.
    Number(Decimal),
    /// A string.
    String(SmolStr),
    /// An array.
    Array(Vec<Json>),
    /// An object; no two members have the same name.
    Object(Vec<(SmolStr, Json)>),
}

impl Json {
    /// The members of an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&[(SmolStr, Json)]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The entries of an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Json]> {
        match self {
            Self::Array(entries) => Some(entries),
            _ => None,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The member of an object with a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.as_object()?
            .iter()
            .find_map(|(member, value)| (member == name).then_some(value))
    }

    /// What kind of value it is, for error messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}
