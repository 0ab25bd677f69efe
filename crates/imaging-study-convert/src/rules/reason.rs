//! `reason` of STU3, `reasonCode` and `reasonReference` of R4, and the `reason` of R5 that joins both.

use crate::carry;
use crate::context::Context;
use crate::engine::{Part, Step};
use crate::hub::{
    CodeableConcept, CodeableReference, Extension, Reason, Reference, Value, WithoutIds,
};
use crate::reference::{self, Targets};
use crate::rules::concept::{of_concept, of_reference, read_codeable_reference, with_own_parts};
use crate::version::VersionTargets;
use crate::versions;

const REASON: &str = "ImagingStudy.reason";
const CODE: &str = "ImagingStudy.reasonCode";
const REFERENCE: &str = "ImagingStudy.reasonReference";

/// Why the study was made, in the form of the target.
pub(crate) fn convert(part: &mut Part<'_>, step: &Step, context: &mut Context<'_>) {
    let row = step.row;
    let names = row.names(context.from());
    let is_moved = match (names, row.names(context.to())) {
        // Codes, and references behind them.
        ([code, reference], [name]) if part.target_field(name).is_some_and(|field| field.many) => {
            part.rewrap(step, &[(code, name), (reference, name)], context)
        }
        ([code, reference], [name]) if !part.holds(reference) => {
            part.rewrap(step, &[(code, name)], context)
        }
        // Of the one list the references may stand between the codes.
        ([name], [code, _]) => part.rewrap(step, &[(name, code)], context),
        _ => false,
    };
    if is_moved {
        return;
    }
    let own = match names {
        [code, reference] => Reason::Split {
            code: part.take(code),
            reference: part.take(reference),
        },
        [name] if part.source_field(name).is_some_and(|field| field.many) => {
            Reason::Joined(part.take(name))
        }
        [name] => Reason::Single(part.take(name)),
        // The one of STU3, in an extension.
        _ => Reason::Single(take_single(&mut part.extension)),
    };
    let (first, second) = match names {
        [first, second] => (*first, *second),
        [name] => (*name, *name),
        _ => ("extension", "extension"),
    };
    let targets = context.targets(VersionTargets::reason);
    let to = row.names(context.to());
    let many = |name: &&str| part.target_field(name).is_some_and(|field| field.many);
    let to_many = to.first().is_some_and(many);
    let list = &mut part.extension;
    match to {
        [code, reference] => {
            let (codes, references) = split(own, list, targets, context);
            part.put(code, first, codes, context);
            part.put(reference, second, references, context);
        }
        [name] if to_many => {
            let joined = joined(own, list, targets, context);
            part.put(name, first, joined, context);
        }
        [name] => {
            let single = single(own, list, context);
            part.put(name, first, single, context);
        }
        _ => carry_all(own, list, context),
    }
}

/// The codes and the references of R4. A list that cannot be put together again from the two
/// travels whole on the study.
pub(crate) fn split(
    reason: Reason,
    extension: &mut Vec<Extension>,
    targets: Targets,
    context: &mut Context<'_>,
) -> (Vec<CodeableConcept>, Vec<Reference>) {
    let reason = match with_carried(reason, extension, context) {
        // A list beside nothing else is read from wherever it is.
        Reason::Split { code, reference } if code.is_empty() && reference.is_empty() => {
            Reason::Single(None)
        }
        reason => reason,
    };
    let (mut code, reference) = match reason {
        Reason::Split { code, reference } => (code, reference),
        Reason::Single(single) => match restored_behind(&single, extension, context) {
            Some((list, _)) if rejoins(&list) => parts(list),
            Some((list, carries)) => {
                extension.extend(carries);
                parts(list.without_ids())
            }
            None => (Vec::from_iter(single), Vec::new()),
        },
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
    let mut reference: Vec<_> = reference
        .into_iter()
        .map(|reference| reference::fit(reference, targets, context))
        .collect();
    take_split(extension, &mut code, &mut reference, targets, context);
    (code, reference)
}

/// The one concept of STU3; what it cannot say travels on the study.
pub(crate) fn single(
    reason: Reason,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Option<CodeableConcept> {
    match with_carried(reason, extension, context) {
        Reason::Single(single) if context.from() == context.to() => single,
        Reason::Single(None) => carried_single(extension, context),
        Reason::Joined(list) if list.is_empty() => carried_single(extension, context),
        Reason::Single(single) => single,
        Reason::Joined(list) => {
            if is_single(&list) {
                return first_concept(list);
            }
            let native = first_concept(list.clone().without_ids());
            let url = carry::url(context.from(), REASON);
            extension.extend(
                list.into_iter().map(|item| {
                    Extension::with_value(&url, Value::CodeableReference(Box::new(item)))
                }),
            );
            native
        }
        Reason::Split { code, reference } => {
            let carries = carry::take(extension, REASON);
            if let Some(list) = restored(&carries, &code, &reference) {
                extension.extend(carries);
                return first_concept(list.without_ids());
            }
            carry::drop_or_keep(carries, extension, context, |carried| {
                read(carried).is_some()
            });
            let mut code = code.into_iter();
            let first = code.next();
            let url = carry::url(context.from(), CODE);
            let others = code.map(|code| Value::CodeableConcept(Box::new(code)));
            extension.extend(others.map(|code| Extension::with_value(&url, code)));
            let url = carry::url(context.from(), REFERENCE);
            let references = reference
                .into_iter()
                .map(|reference| Value::Reference(Box::new(reference)));
            extension.extend(references.map(|target| Extension::with_value(&url, target)));
            first
        }
    }
}

/// Lets every reason travel, for which DSTU2 has no element.
pub(crate) fn carry_all(reason: Reason, extension: &mut Vec<Extension>, context: &mut Context<'_>) {
    match reason {
        Reason::Single(single) => {
            // A list of R5 behind it says it all.
            if let Some((_, carries)) = restored_behind(&single, extension, context) {
                extension.extend(carries);
            } else {
                push_concepts(single, REASON, extension, context);
            }
        }
        Reason::Joined(list) => {
            let url = carry::url(context.from(), REASON);
            extension.extend(
                list.into_iter().map(|item| {
                    Extension::with_value(&url, Value::CodeableReference(Box::new(item)))
                }),
            );
        }
        Reason::Split { code, reference } => {
            let carries = carry::take(extension, REASON);
            if restored(&carries, &code, &reference).is_some() {
                extension.extend(carries);
                return;
            }
            carry::drop_or_keep(carries, extension, context, |carried| {
                read(carried).is_some()
            });
            push_concepts(code, CODE, extension, context);
            let url = carry::url(context.from(), REFERENCE);
            extension.extend(
                reference
                    .into_iter()
                    .map(|item| Extension::with_value(&url, Value::Reference(Box::new(item)))),
            );
        }
    }
}

fn push_concepts(
    list: impl IntoIterator<Item = CodeableConcept>,
    path: &str,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    let url = carry::url(context.from(), path);
    extension.extend(
        list.into_iter()
            .map(|item| Extension::with_value(&url, Value::CodeableConcept(Box::new(item)))),
    );
}

/// The reason of STU3 that DSTU2 had to carry.
pub(crate) fn take_single(extension: &mut Vec<Extension>) -> Option<CodeableConcept> {
    take_concept(extension, REASON)
}

fn take_concept(extension: &mut Vec<Extension>, path: &str) -> Option<CodeableConcept> {
    let position = extension.iter().position(|extension| {
        extension.carries(path) && matches!(extension.value, Some(Value::CodeableConcept(_)))
    })?;
    match extension.remove(position).value {
        Some(Value::CodeableConcept(concept)) => Some(*concept),
        _ => None,
    }
}

/// The one concept of STU3 for reasons of later versions that DSTU2 had to carry, with what it cannot
/// say still in the extensions.
fn carried_single(
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Option<CodeableConcept> {
    if let Some((list, carries)) = restored_behind(&None, extension, context) {
        if is_single(&list) {
            return first_concept(list);
        }
        extension.extend(carries);
        return first_concept(list.without_ids());
    }
    take_concept(extension, CODE)
}

/// Whether a list of R5 is what one concept of STU3 says.
fn is_single(list: &[CodeableReference]) -> bool {
    list.len() <= 1 && rejoins(list) && list.iter().all(|item| item.concept.is_some())
}

/// The one list of R5.
pub(crate) fn joined(
    reason: Reason,
    extension: &mut Vec<Extension>,
    targets: Targets,
    context: &mut Context<'_>,
) -> Vec<CodeableReference> {
    let mut list = match with_carried(reason, extension, context) {
        Reason::Joined(list) => list,
        Reason::Single(single) => match restored_behind(&single, extension, context) {
            Some((list, _)) => list,
            None => single.into_iter().map(of_concept).collect(),
        },
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
                        read(carried).is_some()
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
    take_split(extension, &mut code, &mut reference, targets, context);
    list.extend(code.into_iter().map(of_concept));
    list.extend(reference.into_iter().map(of_reference));
    list
}

/// The reasons, and behind them those that extensions carry although the source has an element for
/// them.
fn with_carried(
    reason: Reason,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Reason {
    if context.from() == context.to() {
        return reason;
    }
    match reason {
        Reason::Joined(list) => {
            let mut list = with_own_parts(list, &[CODE, REASON], &[REFERENCE], context);
            let carries = carry::take_readable(extension, REASON, |item| read(item).is_some());
            carry::add_missing(&mut list, carries.iter().filter_map(read).collect());
            Reason::Joined(list)
        }
        Reason::Split {
            mut code,
            mut reference,
        } => {
            let targets = context.targets(VersionTargets::reason);
            let own = Targets {
                from: targets.from,
                to: targets.from,
            };
            take_split(extension, &mut code, &mut reference, own, context);
            Reason::Split { code, reference }
        }
        single => single,
    }
}

/// A reason that an extension carries: a CodeableReference, or the concept of STU3.
fn read(extension: &Extension) -> Option<CodeableReference> {
    match &extension.value {
        Some(Value::CodeableConcept(concept)) => Some(of_concept(CodeableConcept::clone(concept))),
        _ => read_codeable_reference(extension),
    }
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
    let list: Vec<_> = carries.iter().map(read).collect::<Option<_>>()?;
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

/// The list of R5 that a study of STU3 carries behind its one concept, if it agrees with that, and
/// the carries.
fn restored_behind(
    single: &Option<CodeableConcept>,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Option<(Vec<CodeableReference>, Vec<Extension>)> {
    let carries = carry::take(extension, REASON);
    if carries.is_empty() {
        return None;
    }
    let list = carries
        .iter()
        .map(read)
        .collect::<Option<Vec<_>>>()
        .filter(|list| {
            let written = || first_concept(list.clone().without_ids());
            single.is_none() || written() == single.clone().without_ids()
        });
    match list {
        Some(list) => Some((list, carries)),
        None => {
            carry::drop_or_keep(carries, extension, context, |carried| {
                read(carried).is_some()
            });
            None
        }
    }
}

fn first_concept(list: Vec<CodeableReference>) -> Option<CodeableConcept> {
    list.into_iter().find_map(|item| item.concept)
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

/// Takes items that stand in extensions although the version has an element for them. The version
/// that a reference comes from may allow other types than this one.
fn take_split(
    extension: &mut Vec<Extension>,
    code: &mut Vec<CodeableConcept>,
    reference: &mut Vec<Reference>,
    targets: Targets,
    context: &Context<'_>,
) {
    for carried in carry::take_if(extension, CODE, |value| {
        matches!(value, Value::CodeableConcept(_))
    }) {
        if let Some(Value::CodeableConcept(concept)) = carried.value {
            code.push(*concept);
        }
    }
    for carried in carry::take_if(extension, REFERENCE, |value| {
        matches!(value, Value::Reference(_))
    }) {
        let version = carried.carried().map(|(version, _)| version);
        if let (Some(version), Some(Value::Reference(target))) = (version, carried.value) {
            let targets = Targets {
                from: versions::table(version).targets().reason(),
                to: targets.to,
            };
            reference.push(reference::fit(*target, targets, context));
        }
    }
}
