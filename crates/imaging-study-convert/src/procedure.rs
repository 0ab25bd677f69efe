//! `procedureReference` and `procedureCode` of R4, and `partOf` and `procedure` of R5.
//!
//! R4's `procedureReference` means the Procedure that the study was part of, which R5 calls
//! `partOf`. R5's `procedure` may point at a definition of what was done, and at no Procedure.

use crate::ProcedureReference;
use crate::carry;
use crate::concept::{of_concept, of_reference, read_codeable_reference};
use crate::context::Context;
use crate::hub::{
    CodeableConcept, CodeableReference, Extension, Procedure, Reference, Value, WithoutIds,
};

const PART_OF: &str = "ImagingStudy.partOf";
const PROCEDURE: &str = "ImagingStudy.procedure";

/// The one Procedure and the codes of R4.
pub(crate) fn split(
    procedure: Procedure,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> (Option<Reference>, Vec<CodeableConcept>) {
    let (reference, mut code) = match procedure {
        Procedure::Split { reference, code } => (reference, code),
        Procedure::Joined { part_of, procedure } => {
            split_joined(part_of, procedure, extension, context)
        }
    };
    code.extend(take_code(extension));
    (reference, code)
}

fn split_joined(
    part_of: Vec<Reference>,
    procedure: Vec<CodeableReference>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> (Option<Reference>, Vec<CodeableConcept>) {
    if context.options.procedure_reference == ProcedureReference::Procedure
        && part_of.is_empty()
        && let Some(native) = split_as_maps_do(&procedure, context)
    {
        return native;
    }
    let first = first_procedure(&procedure, context).cloned();
    // With the maps' reading, a native Procedure would come back in `procedure`.
    let as_maps_do = context.options.procedure_reference == ProcedureReference::Procedure;
    let carry_part_of =
        part_of.len() > 1 || (!part_of.is_empty() && (first.is_some() || as_maps_do));
    let carry_procedure = !only_concepts(&procedure);

    let reference = match part_of.first() {
        Some(reference) if carry_part_of => Some(reference.clone().without_ids()),
        Some(_) => part_of.first().cloned(),
        None => first.map(WithoutIds::without_ids),
    };
    if carry_part_of {
        let url = carry::url(context.from(), PART_OF);
        extension.extend(
            part_of
                .into_iter()
                .map(|item| Extension::with_value(&url, Value::Reference(Box::new(item)))),
        );
    }
    if !carry_procedure {
        return (reference, concepts(procedure));
    }
    let code = concepts(procedure.clone().without_ids());
    let url = carry::url(context.from(), PROCEDURE);
    extension.extend(
        procedure
            .into_iter()
            .map(|item| Extension::with_value(&url, Value::CodeableReference(Box::new(item)))),
    );
    (reference, code)
}

/// The larger events and the procedures of R5.
pub(crate) fn joined(
    procedure: Procedure,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> (Vec<Reference>, Vec<CodeableReference>) {
    let (part_of, mut procedure) = match procedure {
        Procedure::Joined { part_of, procedure } => (part_of, procedure),
        Procedure::Split { reference, code } => join_split(reference, code, extension, context),
    };
    procedure.extend(take_code(extension).into_iter().map(of_concept));
    (part_of, procedure)
}

fn join_split(
    mut reference: Option<Reference>,
    mut code: Vec<CodeableConcept>,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> (Vec<Reference>, Vec<CodeableReference>) {
    let mut carried_part_of = carry::take(extension, PART_OF);
    let mut carried_procedure = carry::take(extension, PROCEDURE);
    // HL7's first drafts put them on the codes and the reference.
    if let Some(list) = reference.as_mut().map(|reference| &mut reference.extension) {
        carried_part_of.append(&mut carry::take(list, PART_OF));
        carried_procedure.append(&mut carry::take(list, PROCEDURE));
    }
    for list in code.iter_mut().map(|code| &mut code.extension) {
        carried_procedure.append(&mut carry::take(list, PROCEDURE));
    }
    reference = reference.filter(|reference| *reference != Reference::default());
    code.retain(|code| *code != CodeableConcept::default());

    let original = carried_procedure
        .iter()
        .map(read_codeable_reference)
        .collect::<Option<Vec<_>>>()
        .filter(|list| {
            let written = || concepts(list.clone().without_ids());
            !list.is_empty() && (code.is_empty() || written() == code.clone().without_ids())
        });
    let from_procedure = match (&original, &reference) {
        (Some(list), Some(native)) if carried_part_of.is_empty() => {
            same(first_procedure(list, context), native)
        }
        _ => false,
    };
    let restored = read_references(&carried_part_of).filter(|list| {
        !list.is_empty()
            && reference
                .as_ref()
                .is_none_or(|native| same(list.first(), native))
    });
    // Of a native Procedure, what is still to be placed.
    let native = match restored {
        Some(_) => None,
        None => {
            carry::drop_or_keep(carried_part_of, extension, context, |carried| {
                matches!(carried.value, Some(Value::Reference(_)))
            });
            reference.filter(|_| !from_procedure)
        }
    };
    let mut part_of = restored.unwrap_or_default();
    let mut procedure = match original {
        Some(list) => list,
        None => {
            carry::drop_or_keep(carried_procedure, extension, context, |carried| {
                read_codeable_reference(carried).is_some()
            });
            code.into_iter().map(of_concept).collect()
        }
    };
    match context.options.procedure_reference {
        ProcedureReference::PartOf => part_of.extend(native),
        // HL7's maps and HAPI put the reference behind the codes.
        ProcedureReference::Procedure => procedure.extend(native.map(of_reference)),
    }
    (part_of, procedure)
}

/// What HL7's maps make of R4 is undone without a carry: codes, and one Procedure behind them.
fn split_as_maps_do(
    procedure: &[CodeableReference],
    context: &Context<'_>,
) -> Option<(Option<Reference>, Vec<CodeableConcept>)> {
    let (last, codes) = procedure.split_last()?;
    let plain = last.id.is_none() && last.extension.is_empty() && last.concept.is_none();
    let reference = last
        .reference
        .as_ref()
        .filter(|_| plain && only_concepts(codes))?;
    // A reference of another type would come back as one to a Procedure.
    if context
        .type_of(reference)
        .is_some_and(|named| named != "Procedure")
    {
        return None;
    }
    Some((Some(reference.clone()), concepts(codes.to_vec())))
}

/// Whether a native reference is a carried one, ids aside.
fn same(carried: Option<&Reference>, native: &Reference) -> bool {
    carried.is_some_and(|carried| carried.clone().without_ids() == native.clone().without_ids())
}

/// The first reference to a Procedure in a list that should have none.
fn first_procedure<'l>(
    list: &'l [CodeableReference],
    context: &Context<'_>,
) -> Option<&'l Reference> {
    list.iter()
        .filter_map(|item| item.reference.as_ref())
        .find(|reference| context.type_of(reference) == Some("Procedure"))
}

/// Whether a list comes back from its concepts alone.
fn only_concepts(list: &[CodeableReference]) -> bool {
    list.iter().all(|item| {
        item.id.is_none()
            && item.extension.is_empty()
            && item.reference.is_none()
            && item.concept.is_some()
    })
}

fn concepts(list: Vec<CodeableReference>) -> Vec<CodeableConcept> {
    list.into_iter().filter_map(|item| item.concept).collect()
}

fn read_references(carries: &[Extension]) -> Option<Vec<Reference>> {
    carries
        .iter()
        .map(|carried| match &carried.value {
            Some(Value::Reference(reference)) => Some((**reference).clone()),
            _ => None,
        })
        .collect()
}

/// Takes codes that stand in extensions although the version has an element for them.
fn take_code(extension: &mut Vec<Extension>) -> Vec<CodeableConcept> {
    carry::take_if(extension, "ImagingStudy.procedureCode", |value| {
        matches!(value, Value::CodeableConcept(_))
    })
    .into_iter()
    .filter_map(|carried| match carried.value {
        Some(Value::CodeableConcept(concept)) => Some(*concept),
        _ => None,
    })
    .collect()
}
