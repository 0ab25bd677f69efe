//! Procedures in extensions that stand elsewhere than this crate writes them.

use imaging_study_core::FhirVersion;

use crate::carry;
use crate::context::Context;
use crate::hub::{CodeableReference, Extension, Procedure, Reference, Value};
use crate::rules::concept::{read_codeable_reference, with_own_parts};
use crate::rules::part_of;
use crate::rules::procedure::{CODE, PROCEDURE, REFERENCE, same, take_code};

/// Procedures, and behind them those that extensions carry although the source has an element for
/// them: under their name in any version, on the study or on an item of R5.
pub(crate) fn with_carried(
    procedure: Procedure,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Procedure {
    if context.from() == context.to() {
        return procedure;
    }
    match procedure {
        Procedure::List {
            mut reference,
            mut code,
        } => {
            // DSTU2 has no codes, and carries those of other versions. R6 has none either.
            if context.from() == FhirVersion::Dstu2 && context.to() != FhirVersion::R6 {
                code = take_code(extension);
            }
            add_missing(&mut reference, carry::take_where(extension, is_reference));
            Procedure::List { reference, code }
        }
        Procedure::Split {
            mut reference,
            code,
        } => {
            let mut list = Vec::from_iter(reference.take());
            let own = list.len();
            add_missing(&mut list, carry::take_where(extension, is_reference));
            if list.len() == own {
                reference = list.pop();
            } else {
                let mut items = list.into_iter();
                let mut first = items.next().unwrap_or_default();
                // Behind the one are others in the form that those of STU3 have here.
                let url = carry::url(FhirVersion::Stu3, REFERENCE);
                first.extension.extend(
                    items.map(|item| Extension::with_value(&url, Value::Reference(Box::new(item)))),
                );
                reference = Some(first);
            }
            Procedure::Split { reference, code }
        }
        Procedure::Alone(list) => part_of::lists(list, extension, context),
        Procedure::Joined {
            mut part_of,
            procedure,
            version,
        } => {
            let is_part_of = |item: &Extension| {
                is_reference(item)
                    || (part_of::is_carried(item)
                        && matches!(item.value, Some(Value::Reference(_))))
            };
            add_missing(&mut part_of, carry::take_where(extension, is_part_of));
            let mut items = Vec::with_capacity(procedure.len());
            for mut item in procedure {
                let carries = carry::take_where(&mut item.extension, is_reference);
                let native = |carried: &Extension| match &carried.value {
                    Some(Value::Reference(reference)) => {
                        same(item.reference.as_ref(), reference) && item.concept.is_none()
                    }
                    _ => false,
                };
                if carries.is_empty() {
                    items.push(item);
                } else if item == CodeableReference::default() || carries.iter().all(native) {
                    add_missing(&mut part_of, carries);
                } else {
                    items.push(item);
                    context.drop_stale(carries);
                }
            }
            let mut procedure = with_own_parts(items, &[CODE], &[], context);
            let readable = |item: &Extension| read_codeable_reference(item).is_some();
            let carries = carry::take_readable(extension, PROCEDURE, readable);
            let items = carries.iter().filter_map(read_codeable_reference);
            carry::add_missing(&mut procedure, items.collect());
            Procedure::Joined {
                part_of,
                procedure,
                version,
            }
        }
    }
}

/// Whether an extension carries a Procedure of a version before R5.
pub(crate) fn is_reference(extension: &Extension) -> bool {
    // What is a reference to a Procedure in DSTU2 is a CodeableReference in R5.
    let of_dstu2 = || {
        extension.carries(PROCEDURE)
            && extension
                .carried()
                .is_some_and(|(version, _)| version == FhirVersion::Dstu2)
    };
    matches!(extension.value, Some(Value::Reference(_)))
        && (extension.carries(REFERENCE) || of_dstu2())
}

/// Adds carried references to those of a list, unless they are there.
pub(crate) fn add_missing(list: &mut Vec<Reference>, carries: Vec<Extension>) {
    let references = carries
        .into_iter()
        .filter_map(|carried| match carried.value {
            Some(Value::Reference(reference)) => Some(*reference),
            _ => None,
        });
    carry::add_missing(list, references.collect());
}
