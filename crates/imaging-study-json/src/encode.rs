//! Writing an element to text, bytes or a stream.

use std::io::Write;

use imaging_study_core::{Element, Json, WriteError};

use crate::writer::JsonWriter;

/// Room for a small study, so that most texts grow only a few times.
const CAPACITY: usize = 1024;

/// Writes an element as JSON without white space: `resourceType` first, then the elements in the
/// order of the definition, `_x` behind `x`.
///
/// # Errors
///
/// An element in it is empty.
pub fn to_string<T: Element>(element: &T) -> Result<String, WriteError> {
    encode(element, false)
}

/// Writes an element as JSON with a line for each member, indented by two spaces a level.
///
/// # Errors
///
/// An element in it is empty.
pub fn to_string_pretty<T: Element>(element: &T) -> Result<String, WriteError> {
    encode(element, true)
}

/// Writes an element as UTF-8 bytes of JSON without white space.
///
/// # Errors
///
/// An element in it is empty.
pub fn to_vec<T: Element>(element: &T) -> Result<Vec<u8>, WriteError> {
    to_string(element).map(String::into_bytes)
}

/// Writes an element to a stream, as JSON without white space. Nothing is written if the element
/// cannot be.
///
/// # Errors
///
/// An element in it is empty, or the stream fails.
pub fn to_writer<T: Element>(mut writer: impl Write, element: &T) -> Result<(), WriteError> {
    writer.write_all(to_string(element)?.as_bytes())?;
    Ok(())
}

/// Writes any JSON value without white space, members in their order and numbers with their
/// digits.
#[must_use]
pub fn json_to_string(value: &Json) -> String {
    encode_json(value, false)
}

/// Writes any JSON value with a line for each member and entry, indented by two spaces a level.
///
/// ```
/// use imaging_study_core::Json;
/// use imaging_study_json::json_to_string_pretty;
///
/// let value = Json::Object(vec![("a".into(), Json::Array(vec![Json::Null]))]);
/// assert_eq!(json_to_string_pretty(&value), "{\n  \"a\": [\n    null\n  ]\n}");
/// ```
#[must_use]
pub fn json_to_string_pretty(value: &Json) -> String {
    encode_json(value, true)
}

fn encode_json(value: &Json, pretty: bool) -> String {
    let mut writer = JsonWriter::new(pretty, CAPACITY);
    writer.json(value);
    writer.out
}

fn encode<T: Element>(element: &T, pretty: bool) -> Result<String, WriteError> {
    let mut writer = JsonWriter::new(pretty, CAPACITY);
    writer
        .object(element)
        .map_err(|error| error.within(T::info().name))?;
    Ok(writer.out)
}
