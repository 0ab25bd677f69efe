//! Evidence in JSON.

use std::ops::ControlFlow;

use imaging_study_core::{FhirVersion, Limits, ReadError};
use imaging_study_json::{JsonKind, Member, scan, scan_until};

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

/// What was found out about a study in JSON before all of it was looked at.
pub(crate) enum Early {
    /// One version is left, or R4 and R4B are: whatever stands behind has been seen by nobody.
    Left(&'static [FhirVersion]),
    /// All of it had to be looked at.
    Whole(Detection),
}

/// Looks at a study in JSON up to the first element after which one version is left, or R4 and R4B,
/// which only few elements tell apart.
pub(crate) fn detect_early(bytes: &[u8]) -> Result<Early, ReadError> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if !text.trim_ascii_start().starts_with(b"{") {
        return detect_json(bytes).map(Early::Whole);
    }
    let mut witness = Witness::default();
    let scanned = scan_until(bytes, Limits::default(), |member| {
        hear(&mut witness, &member);
        match witness.left() {
            Some(versions) => ControlFlow::Break(versions),
            None => ControlFlow::Continue(()),
        }
    })?;
    Ok(match scanned {
        ControlFlow::Break(versions) => Early::Left(versions),
        ControlFlow::Continue(()) => Early::Whole(witness.conclude()),
    })
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
        // What is no text names no type, nor do the texts in a list.
        (None, [], "resourceType") => witness.resource_type(""),
        (Some(text), parents, name) => witness.value(parents, name, text),
        (None, ..) => {}
    }
}
