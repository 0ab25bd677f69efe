//! What a study can be found by.

use smol_str::SmolStr;

use crate::moment::Interval;

/// A value that a study is found by, borrowed from the study: a row of an index.
///
/// An element may give several, e.g. a concept one for each of its codings and one for its text.
/// Every element with a value gives at least one, so that a parameter without any is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IndexValue<'a> {
    /// A code, an identifier, or the text of an id or a UID.
    Token(Token<'a>),
    /// A type and a value of an identifier, which `:of-type` looks for.
    OfType(TypedIdentifier<'a>),
    /// A text for people, which `:text` looks for.
    Text(&'a str),
    /// A URI.
    Uri(&'a str),
    /// A reference within the server: relative, or below its base.
    Local(LocalReference<'a>),
    /// A reference to anything else, without the version of the resource.
    Url(&'a str),
    /// The identifier of a reference, which `:identifier` looks for.
    ReferenceIdentifier(Token<'a>),
    /// A date or a time, or what it leaves open.
    Date(Interval),
    /// A value is there, and no query finds it by what it is: a reference to a contained resource,
    /// an identifier without a value.
    Present,
}

/// A value of the type token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token<'a> {
    /// The system, if there is one; that of a code with a fixed list is implied.
    pub system: Option<&'a str>,
    /// The code, or the value of an identifier.
    pub code: Option<&'a str>,
    /// Whether it is compared without regard to ASCII case: the values of identifiers are.
    pub ignores_case: bool,
}

/// A type of an identifier, with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypedIdentifier<'a> {
    /// The system of the type.
    pub system: &'a str,
    /// The code of the type.
    pub code: &'a str,
    /// The value of the identifier, compared without regard to ASCII case.
    pub value: &'a str,
}

/// A reference by type and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LocalReference<'a> {
    /// The type of the resource.
    pub resource_type: &'a str,
    /// Its id.
    pub id: &'a str,
}

impl IndexValue<'_> {
    /// The text that the value is sorted by, e.g. a code or an id.
    pub(crate) fn sort_text(&self) -> Option<SmolStr> {
        match self {
            Self::Token(token) => token.code.map(SmolStr::from),
            Self::Uri(text) | Self::Url(text) => Some((*text).into()),
            Self::Local(reference) => {
                let LocalReference { resource_type, id } = reference;
                Some(format!("{resource_type}/{id}").into())
            }
            _ => None,
        }
    }
}
