//! `reasonCode` and `reasonReference`, and the `reason` that replaced both in R5.

use crate::carry;
use crate::concept::{of_concept, of_reference, read_codeable_reference};
use crate::context::Context;
use crate::hub::{
    CodeableConcept, CodeableReference, Extension, Reason, Reference, Value, WithoutIds,
};
use crate::reference::{self, Targets};

const REASON: &str = "ImagingStudy.reason";

/// The codes and the references of R4. A list that cannot be put together again from the two
/// travels whole on the study.
pub(crate) fn split(
    reason: Reason,
    extension: &mut Vec<Extension>,
    targets: Targets,
    context: &Context<'_>,
) -> (Vec<CodeableConcept>, Vec<Reference>) {
    let (mut code, mut reference) = match reason {
        Reason::Split { code, reference } => (code, reference),
        Reason::Joined(list) => {
            if rejoins(&list) {
                parts(list)
            } else {
                let native = parts(list.clone().without_ids());
                let url = carry::url(context.from(), REASON);
                extension.extend(list.into_iter().map(|item| {
                    Extension::with_value(&url, Value::CodeableReference(Box::new(item)))
                }));
                native
            }
        }
    };
    take_split(extension, &mut code, &mut reference);
    let reference = reference
        .into_iter()
        .map(|reference| reference::fit(reference, targets, context))
        .collect();
    (code, reference)
}

/// The one list of R5.
pub(crate) fn joined(
    reason: Reason,
    extension: &mut Vec<Extension>,
    targets: Targets,
    context: &mut Context<'_>,
) -> Vec<CodeableReference> {
    let mut list = match reason {
        Reason::Joined(list) => list,
        Reason::Split {
            mut code,
            mut reference,
        } => {
            let mut carries = carry::take(extension, REASON);
            // HL7's first drafts put them on the codes and references.
            for list in code.iter_mut().map(|code| &mut code.extension) {
                carries.append(&mut carry::take(list, REASON));
            }
            for list in reference
                .iter_mut()
                .map(|reference| &mut reference.extension)
            {
                carries.append(&mut carry::take(list, REASON));
            }
            code.retain(|code| *code != CodeableConcept::default());
            reference.retain(|reference| *reference != Reference::default());
            match restored(&carries, &code, &reference) {
                Some(list) => list,
                None => {
                    carry::drop_or_keep(carries, extension, context, |carried| {
                        read_codeable_reference(carried).is_some()
                    });
                    let reference = reference
                        .into_iter()
                        .map(|reference| reference::fit(reference, targets, context));
                    code.into_iter()
                        .map(of_concept)
                        .chain(reference.map(of_reference))
                        .collect()
                }
            }
        }
    };
    let (mut code, mut reference) = (Vec::new(), Vec::new());
    take_split(extension, &mut code, &mut reference);
    list.extend(code.into_iter().map(of_concept));
    list.extend(reference.into_iter().map(of_reference));
    list
}

/// The carried list, if it agrees with the native elements.
fn restored(
    carries: &[Extension],
    code: &[CodeableConcept],
    reference: &[Reference],
) -> Option<Vec<CodeableReference>> {
    if carries.is_empty() {
        return None;
    }
    let list: Vec<_> = carries
        .iter()
        .map(read_codeable_reference)
        .collect::<Option<_>>()?;
    let absent = code.is_empty() && reference.is_empty();
    let written = || parts(list.clone().without_ids());
    let native = || {
        (
            code.to_vec().without_ids(),
            reference.to_vec().without_ids(),
        )
    };
    (absent || written() == native()).then_some(list)
}

/// The concepts and the references of a list, each in order.
fn parts(list: Vec<CodeableReference>) -> (Vec<CodeableConcept>, Vec<Reference>) {
    let (mut code, mut reference) = (Vec::new(), Vec::new());
    for item in list {
        code.extend(item.concept);
        reference.extend(item.reference);
    }
    (code, reference)
}

/// Whether a list is what comes of its parts: concepts alone, and then references alone.
fn rejoins(list: &[CodeableReference]) -> bool {
    list.iter().all(|item| {
        item.id.is_none()
            && item.extension.is_empty()
            && item.concept.is_some() != item.reference.is_some()
    }) && list.is_sorted_by_key(|item| item.reference.is_some())
}

/// Takes items that stand in extensions although the version has an element for them.
fn take_split(
    extension: &mut Vec<Extension>,
    code: &mut Vec<CodeableConcept>,
    reference: &mut Vec<Reference>,
) {
    for carried in carry::take_if(extension, "ImagingStudy.reasonCode", |value| {
        matches!(value, Value::CodeableConcept(_))
    }) {
        if let Some(Value::CodeableConcept(concept)) = carried.value {
            code.push(*concept);
        }
    }
    for carried in carry::take_if(extension, "ImagingStudy.reasonReference", |value| {
        matches!(value, Value::Reference(_))
    }) {
        if let Some(Value::Reference(target)) = carried.value {
            reference.push(*target);
        }
    }
}
