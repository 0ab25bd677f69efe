//! Elements as trees of JSON values, without a text between.
//!
//! The rules are those of `imaging-study-json`: what its text of an element says, the tree says, and
//! a tree is an element where the text of the tree is one.

mod reader;
mod writer;

#[cfg(feature = "generate")]
pub(crate) use writer::value;

use smol_str::SmolStr;

use crate::{Element, ElementRef, Json, ReadError, WriteError};

/// The members of a JSON object.
pub(crate) type Members = Vec<(SmolStr, Json)>;

/// Writes an element into a tree: `resourceType` first, then the elements in the order of the
/// definition, `_x` behind `x`, numbers with their digits.
///
/// # Errors
///
/// An element in it is empty, or a contained resource is kept as XML.
pub fn to_json<T: Element>(element: &T) -> Result<Json, WriteError> {
    writer::object(ElementRef::new(element)).map_err(|error| error.within(T::info().name))
}

/// Reads an element from a tree. Unknown members are refused, and so are more than
/// [`Limits::MAX_DEPTH`](crate::Limits::MAX_DEPTH) elements inside one another.
///
/// # Errors
///
/// The tree is no such element in FHIR JSON. The error has a path, but no position: a tree has no
/// lines.
pub fn from_json<T: Element>(json: &Json) -> Result<T, ReadError> {
    let mut element = T::default();
    reader::object(json, 0, &mut element).map_err(|error| error.within(T::info().name))?;
    Ok(element)
}
