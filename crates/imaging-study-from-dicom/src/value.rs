//! The value of an attribute.

use smol_str::SmolStr;

use crate::{Attributes, PersonName};

/// The value of one attribute. Padding and control characters have been taken off its texts; an
/// attribute without a value is not there at all.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Value {
    /// A single text, of any value representation that is written as text.
    Text(SmolStr),
    /// Several texts.
    Texts(Vec<SmolStr>),
    /// Persons' names, at least one.
    Names(Vec<PersonName>),
    /// The items of a sequence, at least one.
    Items(Vec<Attributes>),
}
