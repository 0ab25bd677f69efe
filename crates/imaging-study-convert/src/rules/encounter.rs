//! The `encounter` of R4, which STU3 calls `context` and lets be an episode of care.

use imaging_study_core::FhirVersion;

use crate::context::Context;
use crate::engine::{Part, Step};
use crate::hub::{Extension, Reference, Value, WithoutIds};
use crate::reference::Targets;
use crate::{EpisodeOfCare, absent, carried_references, carry, versions};

const ENCOUNTER: &str = "ImagingStudy.encounter";
const ORDER: &str = "ImagingStudy.order";
const CONTEXT: &str = "ImagingStudy.context";

/// HL7's extension for the episode of care that a study is part of, which R4 and later have no element
/// for.
const WORKFLOW: &str = "http://hl7.org/fhir/StructureDefinition/workflow-episodeOfCare";

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
    let before_r4 = context.from() <= FhirVersion::Stu3;
    let had_context = reference.is_some();
    let own = match reference {
        Some(own) if before_r4 && said_by_workflow(&own, extension, context) => None,
        Some(own) if before_r4 => wrapped(own, context.from(), context),
        own => own,
    };
    let mut encounter = carry::own_or_carried(own, extension, ENCOUNTER, context);
    let mut carries = carry::take_if(extension, CONTEXT, is_reference);
    let said = carries.len();
    if before_r4 && encounter.is_none() {
        carries.retain(|carried| match &carried.value {
            Some(Value::Reference(original)) => !is_episode(original, extension, context),
            _ => true,
        });
    }
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
    if before_r4 && !had_context && said == 0 && encounter.is_none() {
        encounter = no_context(extension, context);
    }
    let orders = carry::take_if(extension, ORDER, is_reference);
    if !orders.is_empty() {
        encounter.get_or_insert_default().extension.extend(orders);
    }
    encounter
}

/// The reference of the only extension that says which episode of care a study is part of.
fn episode<'e>(extension: &'e [Extension], context: &Context<'_>) -> Option<&'e Reference> {
    let mut all = extension.iter().filter(|extension| extension.is(WORKFLOW));
    let (Some(only), None) = (all.next(), all.next()) else {
        return None;
    };
    let Some(Value::Reference(reference)) = &only.value else {
        return None;
    };
    let named = context.type_of(reference);
    named
        .is_none_or(|named| named == "EpisodeOfCare")
        .then_some(reference)
}

/// Whether a context is what that extension says.
fn is_episode(own: &Reference, extension: &[Extension], context: &Context<'_>) -> bool {
    episode(extension, context).is_some_and(|episode| *own == episode.clone().without_ids())
}

/// Whether R4 and later need nothing else than that extension for a context; it is added if the
/// options ask for it.
fn said_by_workflow(
    own: &Reference,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> bool {
    if is_episode(own, extension, context) {
        return true;
    }
    let wanted = context.options.episode_of_care == EpisodeOfCare::Workflow
        && context.type_of(own) == Some("EpisodeOfCare")
        && *own == own.clone().without_ids()
        && !extension.iter().any(|extension| extension.is(WORKFLOW));
    if wanted {
        let value = Value::Reference(Box::new(own.clone()));
        extension.push(Extension::with_value(WORKFLOW, value));
    }
    wanted
}

/// What keeps a study that has that extension and no context from getting one on the way back.
fn no_context(extension: &[Extension], context: &Context<'_>) -> Option<Reference> {
    episode(extension, context)?;
    let value = Value::Reference(Box::new(only_marker()));
    let url = carry::url(context.from(), CONTEXT);
    Some(Reference {
        extension: vec![Extension::with_value(&url, value)],
        ..Reference::default()
    })
}

fn only_marker() -> Reference {
    Reference {
        extension: vec![absent::marker()],
        ..Reference::default()
    }
}

/// Whether an extension says that there was no context.
fn says_none(extension: &Extension) -> bool {
    matches!(&extension.value, Some(Value::Reference(value)) if **value == only_marker())
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
        return match native {
            None => episode(extension, context).cloned().without_ids(),
            native => native,
        };
    }
    if let (Some(native), [only]) = (&native, carries.as_slice())
        && *native == Reference::default()
        && says_none(only)
    {
        return None;
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
        if let Some(episode) = episode(extension, context) {
            let value = Value::Reference(Box::new(episode.clone().without_ids()));
            let url = carry::url(FhirVersion::Stu3, CONTEXT);
            extension.push(Extension::with_value(&url, value));
        }
        return;
    };
    // An episode of care of STU3 goes back to the study.
    let mut contexts = carry::take_if(&mut encounter.extension, CONTEXT, is_reference);
    if encounter == Reference::default() && matches!(contexts.as_slice(), [only] if says_none(only))
    {
        return;
    }
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
