//! `procedureReference` and `procedureCode` of STU3 and R4, and `partOf` and `procedure` of R5.
//!
//! R4's `procedureReference` means the Procedure that the study was part of, which R5 calls
//! `partOf`. R5's `procedure` may point at a definition of what was done, and at no Procedure.

use imaging_study_core::FhirVersion;

use crate::ProcedureReference;
use crate::carry;
use crate::context::Context;
use crate::engine::{Part, Step};
use crate::hub::{
    CodeableConcept, CodeableReference, Extension, Procedure, Reference, Value, WithoutIds,
};
use crate::rules::concept::{of_concept, of_reference, read_codeable_reference};
use crate::rules::part_of;
use crate::rules::procedure_elsewhere::with_carried;

pub(crate) const REFERENCE: &str = "ImagingStudy.procedureReference";
pub(crate) const CODE: &str = "ImagingStudy.procedureCode";
pub(crate) const PART_OF: &str = "ImagingStudy.partOf";
pub(crate) const PROCEDURE: &str = "ImagingStudy.procedure";

/// What was done, in the form of the target.
pub(crate) fn convert(part: &mut Part<'_>, step: &Step, context: &mut Context<'_>) {
    let row = step.row;
    let names = row.names(context.from());
    let usual = context.options.procedure_reference == ProcedureReference::PartOf;
    if let ([first, second], [to_first, to_second]) = (names, row.names(context.to()))
        && usual
        && part.rewrap(step, &[(*second, *to_second), (*first, *to_first)], context)
    {
        return;
    }
    let own = match names {
        [_, "procedure"] => Procedure::Joined {
            part_of: part.take("partOf"),
            procedure: part.take("procedure"),
            version: context.from(),
        },
        [reference, code] => {
            let many = part.source_field(reference).is_some_and(|field| field.many);
            let code = part.take(code);
            if many {
                Procedure::List {
                    reference: part.take(reference),
                    code,
                }
            } else {
                Procedure::Split {
                    reference: part.take(reference),
                    code,
                }
            }
        }
        _ if context.from() == FhirVersion::R6 => Procedure::Alone(part.take("procedure")),
        // Codes are in an extension.
        _ => Procedure::List {
            reference: part.take("procedure"),
            code: Vec::new(),
        },
    };
    let (first, second) = match names {
        [first, second] => (*first, *second),
        _ => ("procedure", "procedure"),
    };
    let to = row.names(context.to());
    let one = |name: &&str| part.target_field(name).is_some_and(|field| !field.many);
    let to_one = to.first().is_some_and(one);
    let list = &mut part.extension;
    match to {
        [_, "procedure"] => {
            let (part_of, procedure) = joined(own, list, context);
            part.put("partOf", first, part_of, context);
            part.put("procedure", second, procedure, context);
        }
        [reference, code] => {
            let (references, codes) = if to_one {
                let (reference, codes) = split(own, list, context);
                (Vec::from_iter(reference), codes)
            } else {
                listed(own, list, context)
            };
            part.put(reference, first, references, context);
            part.put(code, second, codes, context);
        }
        _ if context.to() == FhirVersion::R6 => {
            let list = part_of::alone(own, list, context);
            part.put("procedure", first, list, context);
        }
        _ => {
            let references = references(own, list, context);
            part.put("procedure", first, references, context);
        }
    }
}

/// The one Procedure and the codes of R4.
pub(crate) fn split(
    procedure: Procedure,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> (Option<Reference>, Vec<CodeableConcept>) {
    let (reference, mut code) = match with_carried(procedure, extension, context) {
        Procedure::Split { reference, code } => (reference, code),
        Procedure::List { reference, code } => {
            let code = with_carried_codes(code, extension, context);
            (with_overflow(reference, context), code)
        }
        joined => {
            let (reference, code) = apart(joined, Slots::One, extension, context);
            (reference.into_iter().next(), code)
        }
    };
    code.extend(take_code(extension));
    (reference, code)
}

/// The Procedures and the codes of STU3.
pub(crate) fn listed(
    procedure: Procedure,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> (Vec<Reference>, Vec<CodeableConcept>) {
    let (reference, mut code) = match with_carried(procedure, extension, context) {
        Procedure::List { reference, code } => {
            let mut code = with_carried_codes(code, extension, context);
            code.extend(take_code(extension));
            return (reference, code);
        }
        Procedure::Split { reference, code } => (with_part_of(reference, extension, context), code),
        joined => apart(joined, Slots::Many, extension, context),
    };
    code.extend(take_code(extension));
    (reference, code)
}

/// The Procedures of DSTU2, which has no codes.
pub(crate) fn references(
    procedure: Procedure,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Vec<Reference> {
    let (reference, code) = match with_carried(procedure, extension, context) {
        Procedure::List { reference, code } => (reference, code),
        Procedure::Split { reference, code } => {
            let reference = without_overflow(reference);
            (with_carried_list(reference, extension), code)
        }
        joined => return apart(joined, Slots::NoCodes, extension, context).0,
    };
    let url = carry::url(context.from(), CODE);
    extension.extend(
        code.into_iter()
            .map(|code| Extension::with_value(&url, Value::CodeableConcept(Box::new(code)))),
    );
    reference
}

/// The codes of R5 that DSTU2 had to carry. A list that has more goes on behind them.
fn with_carried_codes(
    code: Vec<CodeableConcept>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> Vec<CodeableConcept> {
    if context.from() != FhirVersion::Dstu2 || !code.is_empty() {
        return code;
    }
    let carries = extension.iter().filter(|item| part_of::is_procedure(item));
    let list = carries
        .map(read_codeable_reference)
        .collect::<Option<Vec<_>>>();
    match list {
        Some(list) if only_concepts(&list) => {
            carry::take_where(extension, part_of::is_procedure);
            concepts(list)
        }
        Some(list) => concepts(list.without_ids()),
        None => code,
    }
}

/// The larger events of R5 that R4 had to carry behind the first, where nothing else needs them.
fn with_carried_list(native: Vec<Reference>, extension: &mut Vec<Extension>) -> Vec<Reference> {
    if extension.iter().any(part_of::is_procedure) {
        return native;
    }
    let carries: Vec<_> = extension
        .iter()
        .filter(|item| part_of::is_carried(item))
        .cloned()
        .collect();
    let list = read_references(&carries).filter(|list| {
        !list.is_empty()
            && match native.as_slice() {
                [] => true,
                [native] => same(first_of(list), native),
                _ => false,
            }
    });
    match list {
        Some(list) => {
            carry::take_where(extension, part_of::is_carried);
            list
        }
        None => native,
    }
}

/// How many references to Procedures a version with codes beside them has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slots {
    One,
    Many,
    /// Any number, and no codes.
    NoCodes,
}

/// The references and the codes that stand for the two lists of R5.
fn apart(
    joined: Procedure,
    slots: Slots,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> (Vec<Reference>, Vec<CodeableConcept>) {
    let Procedure::Joined {
        mut part_of,
        procedure,
        version,
    } = joined
    else {
        return (Vec::new(), Vec::new());
    };
    // With the maps' reading, a native Procedure would come back in `procedure`.
    // Those of R6 are never taken for procedures.
    let as_maps_do = context.options.procedure_reference == ProcedureReference::Procedure
        && context.from() != FhirVersion::R6;
    if as_maps_do
        && part_of.is_empty()
        && let Some(native) = apart_as_maps_do(&procedure, slots, context)
    {
        return native;
    }
    let first = first_procedure(&procedure, context).cloned();
    let too_many = slots == Slots::One && part_of.len() > 1;
    let carry_part_of = too_many || (!part_of.is_empty() && (first.is_some() || as_maps_do));
    let carry_procedure = match slots {
        Slots::NoCodes => !procedure.is_empty(),
        Slots::One | Slots::Many => !only_concepts(&procedure),
    };

    if carry_part_of {
        part_of::carry_references(&part_of, &part_of::url(context.from()), extension);
        part_of.remove_ids();
    }
    if slots == Slots::One {
        part_of.truncate(1);
    }
    if part_of.is_empty() {
        part_of.extend(first.map(WithoutIds::without_ids));
    }
    if !carry_procedure {
        return (part_of, concepts(procedure));
    }
    let code = concepts(procedure.clone().without_ids());
    part_of::carry_procedures(procedure, version, extension);
    (part_of, code)
}

/// The larger events and the procedures of R5.
pub(crate) fn joined(
    procedure: Procedure,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> (Vec<Reference>, Vec<CodeableReference>) {
    let (part_of, mut procedure) = match with_carried(procedure, extension, context) {
        Procedure::Joined {
            part_of, procedure, ..
        } => (part_of, procedure),
        listed => join(lists(listed, extension, context), context),
    };
    procedure.extend(take_code(extension).into_iter().map(of_concept));
    (part_of, procedure)
}

fn join(lists: Lists, context: &Context<'_>) -> (Vec<Reference>, Vec<CodeableReference>) {
    let mut part_of = lists.part_of;
    let mut procedure = match lists.procedure {
        Some((_, list)) => list,
        None => lists.codes.into_iter().map(of_concept).collect(),
    };
    match context.options.procedure_reference {
        ProcedureReference::PartOf => part_of.extend(lists.references),
        // HL7's maps and HAPI put the references behind the codes.
        ProcedureReference::Procedure => {
            procedure.extend(lists.references.into_iter().map(of_reference));
        }
    }
    (part_of, procedure)
}

/// What the Procedures and the codes of a version before R5 stand for.
pub(crate) struct Lists {
    /// The larger events that travelled.
    pub(crate) part_of: Vec<Reference>,
    /// Native Procedures that are to be placed.
    pub(crate) references: Vec<Reference>,
    /// Native codes, which are those of the procedures that travelled.
    pub(crate) codes: Vec<CodeableConcept>,
    /// The procedures that travelled, and the version that had them.
    pub(crate) procedure: Option<(FhirVersion, Vec<CodeableReference>)>,
}

/// Reads the Procedures and the codes of a version before R5, and what travels with them.
pub(crate) fn lists(
    listed: Procedure,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Lists {
    let (mut reference, mut code) = match listed {
        Procedure::List { reference, code } => (reference, code),
        Procedure::Split { reference, code } => (without_overflow(reference), code),
        Procedure::Joined { .. } | Procedure::Alone(_) => (Vec::new(), Vec::new()),
    };
    let mut carried_part_of = carry::take_where(extension, part_of::is_carried);
    let mut carried_procedure = carry::take_where(extension, part_of::is_procedure);
    // HL7's first drafts put them on the codes and the reference.
    for list in reference
        .iter_mut()
        .map(|reference| &mut reference.extension)
    {
        carried_part_of.append(&mut carry::take_where(list, part_of::is_carried));
        carried_procedure.append(&mut carry::take_where(list, part_of::is_procedure));
    }
    for list in code.iter_mut().map(|code| &mut code.extension) {
        carried_procedure.append(&mut carry::take_where(list, part_of::is_procedure));
    }
    reference.retain(|reference| *reference != Reference::default());
    code.retain(|code| *code != CodeableConcept::default());

    let original = carried_procedure
        .iter()
        .map(read_codeable_reference)
        .collect::<Option<Vec<_>>>()
        .filter(|list| {
            let written = || concepts(list.clone().without_ids());
            !list.is_empty() && (code.is_empty() || written() == code.clone().without_ids())
        });
    let from_procedure = match (&original, reference.as_slice()) {
        (Some(list), [native]) if carried_part_of.is_empty() => {
            same(first_procedure(list, context), native)
        }
        _ => false,
    };
    let restored = read_references(&carried_part_of).filter(|list| {
        !list.is_empty()
            && match reference.as_slice() {
                [] => true,
                [native] => same(first_of(list), native),
                native => list.clone().without_ids() == native.to_vec().without_ids(),
            }
    });
    // Of native Procedures, what is still to be placed.
    let references = match restored {
        Some(_) => Vec::new(),
        None => {
            carry::drop_or_keep(carried_part_of, extension, context, |carried| {
                matches!(carried.value, Some(Value::Reference(_)))
            });
            if from_procedure {
                reference.clear();
            }
            reference
        }
    };
    let version = carried_procedure.first().and_then(|item| item.carried());
    let version = version.map_or(context.from(), |(version, _)| version);
    if original.is_none() {
        carry::drop_or_keep(carried_procedure, extension, context, |carried| {
            read_codeable_reference(carried).is_some()
        });
    }
    Lists {
        part_of: restored.unwrap_or_default(),
        references,
        codes: code,
        procedure: original.map(|list| (version, list)),
    }
}

/// What HL7's maps make of R4 and STU3 is undone without a carry: codes, and Procedures behind them.
fn apart_as_maps_do(
    procedure: &[CodeableReference],
    slots: Slots,
    context: &Context<'_>,
) -> Option<(Vec<Reference>, Vec<CodeableConcept>)> {
    let count = procedure
        .iter()
        .rev()
        .take_while(|item| item.reference.is_some())
        .count();
    if count == 0 || (slots == Slots::One && count > 1) {
        return None;
    }
    let (codes, references) = procedure.split_at(procedure.len() - count);
    if !only_concepts(codes) || (slots == Slots::NoCodes && !codes.is_empty()) {
        return None;
    }
    // A reference of another type would come back as one to a Procedure.
    let native = |item: &CodeableReference| {
        let plain = item.id.is_none() && item.extension.is_empty() && item.concept.is_none();
        let reference = item.reference.clone().filter(|_| plain)?;
        let named = context.type_of(&reference);
        named
            .is_none_or(|named| named == "Procedure")
            .then_some(reference)
    };
    let references = references.iter().map(native).collect::<Option<_>>()?;
    Some((references, concepts(codes.to_vec())))
}

/// The first Procedure of STU3, with the others in extensions on it.
fn with_overflow(list: Vec<Reference>, context: &Context<'_>) -> Option<Reference> {
    let mut list = list.into_iter();
    let mut first = list.next()?;
    let path = match context.from() {
        FhirVersion::Dstu2 => PROCEDURE,
        _ => REFERENCE,
    };
    let url = carry::url(context.from(), path);
    let others = list.map(|other| Value::Reference(Box::new(other)));
    first
        .extension
        .extend(others.map(|other| Extension::with_value(&url, other)));
    Some(first)
}

/// The Procedures of STU3, of which R4 has the first.
fn without_overflow(first: Option<Reference>) -> Vec<Reference> {
    let Some(mut first) = first else {
        return Vec::new();
    };
    let of = |extension: &Extension, last: FhirVersion| {
        matches!(extension.value, Some(Value::Reference(_)))
            && extension
                .carried()
                .is_some_and(|(version, _)| version <= last)
    };
    let list = &mut first.extension;
    let mut others = carry::take_readable(list, REFERENCE, |item| of(item, FhirVersion::Stu3));
    // What is a reference to a Procedure in DSTU2 is a CodeableReference in R5.
    others.append(&mut carry::take_readable(list, PROCEDURE, |item| {
        of(item, FhirVersion::Dstu2)
    }));
    let mut list = vec![first];
    list.retain(|first| *first != Reference::default());
    list.extend(others.into_iter().filter_map(|other| match other.value {
        Some(Value::Reference(other)) => Some(*other),
        _ => None,
    }));
    list
}

/// The first reference that is more than an id.
fn first_of(list: &[Reference]) -> Option<&Reference> {
    let mut list = list.iter();
    list.find(|item| !(*item).clone().without_ids().is_nothing())
}

/// Whether a native reference is a carried one, ids aside.
pub(crate) fn same(carried: Option<&Reference>, native: &Reference) -> bool {
    carried.is_some_and(|carried| carried.clone().without_ids() == native.clone().without_ids())
}

/// The first reference to a Procedure in a list that should have none.
pub(crate) fn first_procedure<'l>(
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

/// The Procedures of R4 as STU3 has them: all that R5 had in `partOf`, if they are still in R4's
/// extensions, which R5 needs again only where it had Procedures in `procedure` too.
fn with_part_of(
    first: Option<Reference>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> Vec<Reference> {
    let native = without_overflow(first);
    let carries = carry::take_where(extension, |item| {
        part_of::is_carried(item) && matches!(item.value, Some(Value::Reference(_)))
    });
    let agrees = |list: &Vec<Reference>| match native.as_slice() {
        [] => true,
        [native] => same(first_of(list), native),
        native => list.clone().without_ids() == native.to_vec().without_ids(),
    };
    let list = read_references(&carries).filter(|list| !list.is_empty() && agrees(list));
    let has_procedures = extension
        .iter()
        .filter(|extension| extension.carries(PROCEDURE))
        .filter_map(read_codeable_reference)
        .any(|item| first_procedure(&[item], context).is_some());
    let as_maps_do = context.options.procedure_reference == ProcedureReference::Procedure;
    match list {
        Some(list) if !has_procedures && !as_maps_do => list,
        Some(list) => {
            extension.extend(carries);
            list.without_ids()
        }
        None => {
            extension.extend(carries);
            native
        }
    }
}

pub(crate) fn read_references(carries: &[Extension]) -> Option<Vec<Reference>> {
    carries
        .iter()
        .map(|carried| match &carried.value {
            Some(Value::Reference(reference)) => Some((**reference).clone()),
            _ => None,
        })
        .collect()
}

/// Takes codes that stand in extensions although the version has an element for them.
pub(crate) fn take_code(extension: &mut Vec<Extension>) -> Vec<CodeableConcept> {
    carry::take_if(extension, CODE, |value| {
        matches!(value, Value::CodeableConcept(_))
    })
    .into_iter()
    .filter_map(|carried| match carried.value {
        Some(Value::CodeableConcept(concept)) => Some(*concept),
        _ => None,
    })
    .collect()
}
