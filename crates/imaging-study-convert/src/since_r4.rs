//! Elements of the study that came with R4 and travel in extensions through versions before it:
//! location, notes, specimens.

use crate::carry;
use crate::context::Context;
use crate::hub::{Annotation, Extension, Reference, Value};

const LOCATION: &str = "ImagingStudy.location";
const NOTE: &str = "ImagingStudy.note";
const SPECIMEN: &str = "ImagingStudy.series.specimen";

/// Lets the location travel.
pub(crate) fn carry_location(
    location: Option<Reference>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    carry_references(location, LOCATION, extension, context);
}

/// Lets the specimens of a series travel.
pub(crate) fn carry_specimens(
    specimen: Vec<Reference>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    carry_references(specimen, SPECIMEN, extension, context);
}

/// Lets the notes travel.
pub(crate) fn carry_notes(
    note: Vec<Annotation>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    let url = carry::url(context.from(), NOTE);
    let notes = note
        .into_iter()
        .map(|note| Value::Annotation(Box::new(note)));
    extension.extend(notes.map(|note| Extension::with_value(&url, note)));
}

/// The location, the study's own or one that extensions carry.
pub(crate) fn location(
    own: Option<Reference>,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Option<Reference> {
    if context.from() == context.to() {
        return own;
    }
    carry::own_or_carried(own, extension, LOCATION, context)
}

/// The specimens of a series.
pub(crate) fn specimens(
    mut own: Vec<Reference>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> Vec<Reference> {
    if context.from() != context.to() {
        let carried = carry::take_if(extension, SPECIMEN, |value| {
            matches!(value, Value::Reference(_))
        });
        own.extend(carried.into_iter().filter_map(reference));
    }
    own
}

/// The notes.
pub(crate) fn notes(
    mut own: Vec<Annotation>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> Vec<Annotation> {
    if context.from() != context.to() {
        let carried = carry::take_if(extension, NOTE, |value| {
            matches!(value, Value::Annotation(_))
        });
        own.extend(
            carried
                .into_iter()
                .filter_map(|carried| match carried.value {
                    Some(Value::Annotation(note)) => Some(*note),
                    _ => None,
                }),
        );
    }
    own
}

fn reference(carried: Extension) -> Option<Reference> {
    match carried.value {
        Some(Value::Reference(reference)) => Some(*reference),
        _ => None,
    }
}

fn carry_references(
    list: impl IntoIterator<Item = Reference>,
    path: &str,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    let mut list = list.into_iter().peekable();
    if list.peek().is_none() {
        return;
    }
    let url = carry::url(context.from(), path);
    extension.extend(
        list.map(|reference| Extension::with_value(&url, Value::Reference(Box::new(reference)))),
    );
}
