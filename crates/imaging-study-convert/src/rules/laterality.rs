//! `laterality` of a series, which R6 has no more: a side is part of the body site there. It
//! travels as what it was where it was an element last, and never becomes part of a body site.

use crate::carry;
use crate::context::Context;
use crate::hub::{CodeableConcept, Concept, Extension, Value};
use crate::rules::concept::{self, first_coding};

const PATH: &str = "ImagingStudy.series.laterality";

/// Lets the laterality travel.
pub(crate) fn carry(
    own: Option<Concept>,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) {
    if own.is_none() {
        // One that travels already goes on.
        return;
    }
    let Some(own) = concept::with_original(own, PATH, extension, context) else {
        return;
    };
    let from = context.from();
    let (version, value) = match own {
        Concept::CodeableConcept(concept) => (from, Value::CodeableConcept(Box::new(concept))),
        Concept::CodeableReference(concept) => (from, Value::CodeableReference(Box::new(concept))),
        Concept::Coding(mut coding) => {
            let original = concept::restored(&mut coding, PATH, context, |carried| {
                let Some(Value::CodeableConcept(original)) = &carried.value else {
                    return None;
                };
                let version = carried.carried()?.0;
                let original = CodeableConcept::clone(original);
                let written = first_coding(&original);
                Some(((version, original), written))
            });
            match original {
                Some((version, concept)) => (version, Value::CodeableConcept(Box::new(concept))),
                None => (from, Value::Coding(Box::new(coding))),
            }
        }
    };
    extension.push(Extension::with_value(&carry::url(version, PATH), value));
}
