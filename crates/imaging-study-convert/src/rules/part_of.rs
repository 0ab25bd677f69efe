//! `procedure` of R6: the Procedures that R5 has in `partOf`, under the name of another element of
//! R5, whose list travels through R6.
//!
//! The two are told apart by the type of the value: what carries a Reference is a Procedure, what
//! carries a CodeableReference is from the list of R5.

use imaging_study_core::FhirVersion;

use crate::carry;
use crate::context::Context;
use crate::hub::{CodeableReference, Extension, Procedure, Reference, Value, WithoutIds};
use crate::rules::concept::read_codeable_reference;
use crate::rules::procedure::{
    self, CODE, Lists, PART_OF, PROCEDURE, first_procedure, read_references, same,
};
use crate::rules::procedure_elsewhere::{add_missing, is_reference, with_carried};

/// Whether an extension carries a Procedure: as `partOf` of R5, or as `procedure` of R6. What is one
/// of DSTU2 stands behind the others and is no list of its own.
pub(crate) fn is_carried(extension: &Extension) -> bool {
    let of_list = || {
        is_of_procedures(extension)
            && extension
                .carried()
                .is_some_and(|(version, _)| version != FhirVersion::Dstu2)
    };
    extension.carries(PART_OF) || of_list()
}

/// Whether an extension carries a reference under the name of `procedure`.
fn is_of_procedures(extension: &Extension) -> bool {
    extension.carries(PROCEDURE) && matches!(extension.value, Some(Value::Reference(_)))
}

/// Whether an extension carries one of the procedures of R5.
pub(crate) fn is_procedure(extension: &Extension) -> bool {
    extension.carries(PROCEDURE) && !is_of_procedures(extension)
}

/// The URL that carries the Procedures of a version which has a list of them.
pub(crate) fn url(version: FhirVersion) -> String {
    match version {
        FhirVersion::R6 => carry::url(version, PROCEDURE),
        _ => carry::url(version, PART_OF),
    }
}

/// The lists of R5 that the Procedures of R6 and what travels beside them stand for.
pub(crate) fn lists(
    native: Vec<Reference>,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Procedure {
    let carried_part_of = carry::take(extension, PART_OF);
    let readable = |item: &Extension| read_codeable_reference(item).is_some();
    let carried = carry::take_readable(extension, PROCEDURE, readable);
    let version = carried.first().and_then(|item| Some(item.carried()?.0));
    let procedure: Vec<_> = carried.iter().filter_map(read_codeable_reference).collect();
    let from_procedure = match native.as_slice() {
        [only] => carried_part_of.is_empty() && same(first_procedure(&procedure, context), only),
        _ => false,
    };
    let agrees = |list: &Vec<Reference>| {
        native.is_empty() || list.clone().without_ids() == native.clone().without_ids()
    };
    let restored =
        read_references(&carried_part_of).filter(|list| !list.is_empty() && agrees(list));
    let mut part_of = match restored {
        Some(list) => list,
        None => {
            carry::drop_or_keep(carried_part_of, extension, context, |carried| {
                matches!(carried.value, Some(Value::Reference(_)))
            });
            match from_procedure {
                true => Vec::new(),
                false => native,
            }
        }
    };
    let others = |item: &Extension| is_reference(item) || is_of_procedures(item);
    add_missing(&mut part_of, carry::take_where(extension, others));
    Procedure::Joined {
        part_of,
        procedure,
        version: version.unwrap_or(context.from()),
    }
}

/// The Procedures of R6. The procedures of R5 travel, and so do the codes of older versions.
pub(crate) fn alone(
    procedure: Procedure,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Vec<Reference> {
    match with_carried(procedure, extension, context) {
        Procedure::Alone(list) => list,
        Procedure::Joined {
            part_of,
            procedure,
            version,
        } => native(part_of, procedure, version, extension, context),
        listed => {
            let lists = procedure::lists(listed, extension, context);
            let Lists {
                mut part_of,
                references,
                codes,
                procedure,
            } = lists;
            part_of.extend(references);
            let Some((version, procedure)) = procedure else {
                let url = carry::url(context.from(), CODE);
                let codes = codes
                    .into_iter()
                    .map(|code| Value::CodeableConcept(Box::new(code)));
                extension.extend(codes.map(|code| Extension::with_value(&url, code)));
                return part_of;
            };
            native(part_of, procedure, version, extension, context)
        }
    }
}

/// The Procedures of R6 for the two lists of R5. The first Procedure among the procedures stands for
/// them where there are no others; then those travel too, or they would be taken for it.
fn native(
    mut part_of: Vec<Reference>,
    procedure: Vec<CodeableReference>,
    version: FhirVersion,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> Vec<Reference> {
    let first = first_procedure(&procedure, context).cloned();
    if part_of.is_empty() {
        part_of.extend(first.map(WithoutIds::without_ids));
    } else if first.is_some() {
        carry_references(&part_of, &carry::url(version, PART_OF), extension);
        part_of.remove_ids();
    }
    carry_procedures(procedure, version, extension);
    part_of
}

/// Lets Procedures travel.
pub(crate) fn carry_references(list: &[Reference], url: &str, extension: &mut Vec<Extension>) {
    let list = list
        .iter()
        .map(|item| Value::Reference(Box::new(item.clone())));
    extension.extend(list.map(|item| Extension::with_value(url, item)));
}

/// Lets the procedures of R5 travel.
pub(crate) fn carry_procedures(
    list: Vec<CodeableReference>,
    version: FhirVersion,
    extension: &mut Vec<Extension>,
) {
    let url = carry::url(version, PROCEDURE);
    let list = list
        .into_iter()
        .map(|item| Value::CodeableReference(Box::new(item)));
    extension.extend(list.map(|item| Extension::with_value(&url, item)));
}
