//! Evidence in JSON.

use imaging_study_core::{Limits, ReadError};
use imaging_study_json::{JsonKind, Member, scan};

use super::Detection;
use super::table::Shape;
use super::witness::Witness;

/// [`detect`](super::detect) for bytes that are JSON.
///
/// # Errors
///
/// The bytes are no JSON, or exceed the default limits.
pub fn detect_json(bytes: &[u8]) -> Result<Detection, ReadError> {
    let mut witness = Witness::default();
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // In a list of studies, their elements would be heard as those of one.
    let is_object = text.trim_ascii_start().starts_with(b"{");
    scan(bytes, Limits::default(), |member| {
        if is_object {
            hear(&mut witness, &member);
        }
    })?;
    Ok(witness.conclude())
}

const PRIMITIVE: &[Shape] = &[Shape::Any, Shape::Primitive];
const OBJECT: &[Shape] = &[Shape::Any, Shape::Single, Shape::Complex];
const LIST: &[Shape] = &[Shape::Any, Shape::List];

fn hear(witness: &mut Witness, member: &Member<'_>) {
    let (name, shapes) = match (member.name.strip_prefix('_'), member.kind) {
        (Some(stem), _) => (stem, PRIMITIVE),
        (None, JsonKind::Object) => (member.name, OBJECT),
        (None, JsonKind::Array) => (member.name, LIST),
        (None, _) => (member.name, PRIMITIVE),
    };
    witness.element(member.parents, name, shapes);
    match (member.text, member.parents, member.name) {
        (Some(text), [], "resourceType") => witness.resource_type(text),
        (Some(text), parents, name) => witness.value(parents, name, text),
        (None, ..) => {}
    }
}
