//! The `encounter` of R4, which STU3 calls `context` and lets be an episode of care.

use imaging_study_core::FhirVersion;

use crate::carry;
use crate::context::Context;
use crate::engine::{Part, Step};
use crate::hub::{Extension, Reference, Value, WithoutIds};
use crate::reference::Targets;
use crate::{carried_references, versions};

const ENCOUNTER: &str = "ImagingStudy.encounter";
const ORDER: &str = "ImagingStudy.order";
const CONTEXT: &str = "ImagingStudy.context";

/// The encounter or the context, in the form of the target. Instead of one DSTU2 has orders, which
/// travel on the encounter.
pub(crate) fn convert(part: &mut Part<'_>, step: &Step, context: &mut Context<'_>) {
    let row = step.row;
    let (Some(place), Some(name)) = (row.name(context.from()), row.name(context.to())) else {
        return;
    };
    let mut own: Option<Reference> = None;
    if place != "order" {
        own = part.take(place);
    } else {
        let orders: Vec<Reference> = part.take(place);
        carried_references::carry(orders, ORDER, &mut part.extension, context);
    }
    let list = &mut part.extension;
    match name {
        "encounter" => own = encounter(own, list, context),
        "context" => own = context.at(place, |context| context_of(own, list, context)),
        _ => {
            carry_all(own, list, context);
            let orders = carried_references::take(list, ORDER);
            let orders: Vec<_> = orders.into_iter().map(|(_, order)| order).collect();
            part.put(name, "extension", orders, context);
            return;
        }
    }
    part.put(name, place, own, context);
}

/// The encounter of R4. An episode of care travels on an otherwise empty one.
/// There too are the orders of DSTU2.
pub(crate) fn encounter(
    reference: Option<Reference>,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Option<Reference> {
    if context.from() == context.to() {
        return reference;
    }
    let own = match context.from() {
        FhirVersion::Dstu2 | FhirVersion::Stu3 => {
            let version = context.from();
            reference.and_then(|reference| wrapped(reference, version, context))
        }
        _ => reference,
    };
    let mut encounter = carry::own_or_carried(own, extension, ENCOUNTER, context);
    let carries = carry::take_if(extension, CONTEXT, is_reference);
    let mut native = match carries.is_empty() {
        true => None,
        false => encounter.clone().without_ids(),
    };
    let mut stale = Vec::new();
    for carried in carries {
        let original = match (carried.carried(), &carried.value) {
            (Some((version, _)), Some(Value::Reference(original))) => {
                wrapped((**original).clone(), version, context)
            }
            _ => None,
        };
        if encounter.is_none() {
            native = original.clone().without_ids();
            encounter = original;
        } else if native != original.without_ids() {
            stale.push(carried);
        }
    }
    context.drop_stale(stale);
    let orders = carry::take_if(extension, ORDER, is_reference);
    if !orders.is_empty() {
        encounter.get_or_insert_default().extension.extend(orders);
    }
    encounter
}

fn is_reference(value: &Value) -> bool {
    matches!(value, Value::Reference(_))
}

/// The context of a version as an encounter.
fn wrapped(reference: Reference, version: FhirVersion, context: &Context<'_>) -> Option<Reference> {
    let targets = Targets {
        from: versions::table(version).targets().encounter(),
        to: context.target.targets().encounter(),
    };
    let fits = context
        .type_of(&reference)
        .is_none_or(|named| !targets.only_from(named));
    if fits {
        return Some(reference);
    }
    let url = carry::url(version, CONTEXT);
    Some(Reference {
        extension: vec![Extension::with_value(
            &url,
            Value::Reference(Box::new(reference)),
        )],
        ..Reference::default()
    })
}

/// The context of STU3.
pub(crate) fn context_of(
    reference: Option<Reference>,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Option<Reference> {
    if context.from() == FhirVersion::Dstu2 {
        let mut carried = carried_references::take(extension, CONTEXT);
        if carried.is_empty() {
            carried = carried_references::take(extension, ENCOUNTER);
        }
        return carried.into_iter().next().map(|(_, carried)| carried);
    }
    if context.from() <= FhirVersion::Stu3 {
        return reference;
    }
    let reference = without_orders(reference, extension);
    let mut carries = carry::take_if(extension, CONTEXT, is_reference);
    carries.append(&mut carry::take_if(extension, ENCOUNTER, is_reference));
    let mut native = reference;
    if let Some(reference) = &mut native {
        carries.append(&mut carry::take_if(
            &mut reference.extension,
            CONTEXT,
            is_reference,
        ));
    }
    if carries.is_empty() {
        return native;
    }
    let alone = native
        .as_ref()
        .is_none_or(|native| native.clone().without_ids() == Reference::default());
    if !alone {
        let own = native.clone().without_ids();
        carries.retain(|carried| match &carried.value {
            Some(Value::Reference(original)) => Some((**original).clone()).without_ids() != own,
            _ => true,
        });
        context.drop_stale(carries);
        return native;
    }
    carries.into_iter().find_map(|carried| match carried.value {
        Some(Value::Reference(original)) => Some(*original),
        _ => None,
    })
}

/// Lets the encounter or context travel, for which DSTU2 has no element.
pub(crate) fn carry_all(
    reference: Option<Reference>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    if context.from() <= FhirVersion::Stu3 {
        carried_references::carry(Vec::from_iter(reference), CONTEXT, extension, context);
        return;
    }
    let Some(mut encounter) = without_orders(reference, extension) else {
        return;
    };
    // An episode of care of STU3 goes back to the study.
    let mut contexts = carry::take_if(&mut encounter.extension, CONTEXT, is_reference);
    if contexts.len() == 1 && encounter == Reference::default() {
        extension.append(&mut contexts);
        return;
    }
    encounter.extension.append(&mut contexts);
    carried_references::carry(vec![encounter], ENCOUNTER, extension, context);
}

/// An encounter without the orders of DSTU2, which go back to the study.
fn without_orders(
    encounter: Option<Reference>,
    extension: &mut Vec<Extension>,
) -> Option<Reference> {
    let mut encounter = encounter?;
    let mut orders = carry::take_if(&mut encounter.extension, ORDER, is_reference);
    if orders.is_empty() {
        return Some(encounter);
    }
    extension.append(&mut orders);
    (encounter != Reference::default()).then_some(encounter)
}
