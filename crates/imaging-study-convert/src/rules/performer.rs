//! Who made a series: bare references in STU3, and references with a function since R4.

use imaging_study_core::{FhirVersion, FieldInfo, FieldType};

use crate::carry;
use crate::context::Context;
use crate::engine::{Part, Step};
use crate::hub::{
    CodeableConcept, Extension, Performer, Performers, Primitive, Reference, Value, WithoutIds,
};
use crate::reference::{self, Targets};
use crate::version::VersionTargets;
use crate::versions;

const PATH: &str = "ImagingStudy.series.performer";

/// Who made a series, in the form of the target.
pub(crate) fn convert(part: &mut Part<'_>, step: &Step, context: &mut Context<'_>) {
    let row = step.row;
    let place = row.name(context.from());
    let is_reference =
        |field: &'static FieldInfo| field.types.first().map(FieldType::name) == Some("Reference");
    let own = match place {
        Some(name) if !part.source_field(name).is_some_and(is_reference) => {
            Performers::Actors(part.take(name))
        }
        Some(name) => Performers::References(part.take(name)),
        None => Performers::References(Vec::new()),
    };
    let place = place.unwrap_or("extension");
    let Some(name) = row.name(context.to()) else {
        carry_all(own, &mut part.extension, context);
        return;
    };
    if part.target_field(name).is_some_and(is_reference) {
        let list = references(own, &mut part.extension, context);
        part.put(name, place, list, context);
    } else {
        let list = actors(own, &mut part.extension, context);
        part.put(name, place, list, context);
    }
}

/// A performer in the target version.
pub(crate) fn fit(mut performer: Performer, context: &mut Context<'_>) -> Performer {
    let targets = context.targets(VersionTargets::actor);
    let (list, modifier) = (&mut performer.extension, &mut performer.modifier_extension);
    let lent = carry::lend(modifier, list, context);
    let path = "ImagingStudy.series.performer.actor";
    let actor = reference::take_carried(performer.actor, list, path, targets, context);
    carry::give_back(lent, list, modifier);
    performer.actor = actor.map(|actor| reference::fit(actor, targets, context));
    performer
}

/// The performers of R4.
pub(crate) fn actors(
    performers: Performers,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Vec<Performer> {
    let mut references = match performers {
        Performers::Actors(actors) => return with_carried(actors, extension, context),
        Performers::References(references) => references,
    };
    references.extend(take_references(extension));
    let carries = carry::take_readable(extension, PATH, has_actor);
    if carries.is_empty() {
        return references.into_iter().map(of_reference).collect();
    }
    let (here, there) = (context.from(), context.to());
    let list: Vec<(FhirVersion, Performer)> = carries
        .iter()
        .filter_map(|carried| Some((carried.carried()?.0, read(carried)?)))
        .collect();
    let written: Vec<Reference> = list
        .iter()
        .filter_map(|(version, performer)| {
            native(performer, versions_targets(*version, here), context)
        })
        .collect();
    if !references.is_empty() && written.without_ids() != references.clone().without_ids() {
        context.drop_stale(carries);
        return references.into_iter().map(of_reference).collect();
    }
    list.into_iter()
        .map(|(version, mut performer)| {
            let targets = versions_targets(version, there);
            performer.actor = performer
                .actor
                .map(|actor| reference::fit(actor, targets, context));
            performer
        })
        .collect()
}

/// Performers, and behind them those that extensions carry although the source has an element for
/// them.
fn with_carried(
    mut actors: Vec<Performer>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> Vec<Performer> {
    if extension.is_empty() || context.from() == context.to() {
        return actors;
    }
    let any = |extension: &Extension| match &extension.value {
        Some(Value::Reference(actor)) => Some(of_reference(Reference::clone(actor))),
        _ => read(extension).filter(|performer| performer.actor.is_some()),
    };
    let carries = carry::take_readable(extension, PATH, |extension| any(extension).is_some());
    let performers = carries.iter().filter_map(|carried| {
        let (version, _) = carried.carried()?;
        let mut performer = any(carried)?;
        let targets = versions_targets(version, context.to());
        let fit = |actor| reference::fit(actor, targets, context);
        performer.actor = performer.actor.map(fit);
        Some(performer)
    });
    carry::add_missing(&mut actors, performers.collect());
    actors
}

/// The performers of STU3. A list that is not just these references travels whole on the series.
pub(crate) fn references(
    performers: Performers,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Vec<Reference> {
    let actors = match performers {
        Performers::References(references) if context.from() == context.to() => {
            return references;
        }
        Performers::References(mut references) => {
            references.extend(take_references(extension));
            if references.is_empty() {
                references = carried_references(extension, context);
            }
            return references;
        }
        Performers::Actors(actors) => actors,
    };
    let actors: Vec<_> = actors
        .into_iter()
        .map(|performer| with_own_reference(performer, context))
        .collect();
    // References of STU3, in a version that has an element for them.
    let is_reference = |value: &Value| matches!(value, Value::Reference(_));
    let carried = carry::take_if(extension, PATH, is_reference);
    let carried = carried
        .into_iter()
        .filter_map(|carried| match carried.value {
            Some(Value::Reference(reference)) => Some(*reference),
            _ => None,
        });
    let carried: Vec<Reference> = carried.collect();

    let targets = context.targets(VersionTargets::actor);
    let (mut list, comes_back) = written(&actors, targets, context);
    if !comes_back {
        list.remove_ids();
        let url = carry::url(context.from(), PATH);
        extension.extend(actors.into_iter().filter_map(|actor| write(actor, &url)));
    }
    list.extend(carried);
    list
}

/// A performer, or the reference of STU3 that HL7's guides carry on it, if nothing else stands there
/// or it is what the reference is written as.
fn with_own_reference(mut performer: Performer, context: &mut Context<'_>) -> Performer {
    let is_reference = |value: &Value| matches!(value, Value::Reference(_));
    let carries = carry::take_if(&mut performer.extension, PATH, is_reference);
    let Some(Value::Reference(original)) = carries.first().and_then(|item| item.value.clone())
    else {
        return performer;
    };
    let original = of_reference(*original);
    if performer == Performer::default()
        || performer.clone().without_ids() == original.clone().without_ids()
    {
        return original;
    }
    context.drop_stale(carries);
    performer
}

/// The references of STU3 for performers of R4 that DSTU2 had to carry, with what they cannot say
/// still in the extensions.
fn carried_references(extension: &mut Vec<Extension>, context: &Context<'_>) -> Vec<Reference> {
    let carries = carry::take_readable(extension, PATH, |extension| read(extension).is_some());
    let Some((version, _)) = carries.first().and_then(Extension::carried) else {
        return Vec::new();
    };
    let actors: Vec<Performer> = carries.iter().filter_map(read).collect();
    let targets = versions_targets(version, context.to());
    let (mut list, comes_back) = written(&actors, targets, context);
    if !comes_back {
        list.remove_ids();
        extension.extend(carries);
    }
    list
}

/// What performers are written as in STU3, and whether they come back from that.
fn written(
    actors: &[Performer],
    targets: Targets,
    context: &Context<'_>,
) -> (Vec<Reference>, bool) {
    let way_back = Targets {
        from: targets.to,
        to: targets.from,
    };
    let list: Vec<Reference> = actors
        .iter()
        .filter_map(|performer| native(performer, targets, context))
        .collect();
    let comes_back = list.len() == actors.len()
        && list.iter().zip(actors).all(|(written, original)| {
            of_reference(reference::fit(written.clone(), way_back, context)) == *original
        });
    (list, comes_back)
}

/// Lets every performer travel, for which DSTU2 has no element.
pub(crate) fn carry_all(
    performers: Performers,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    let url = carry::url(context.from(), PATH);
    match performers {
        Performers::References(list) => extension.extend(
            list.into_iter()
                .map(|item| Extension::with_value(&url, Value::Reference(Box::new(item)))),
        ),
        Performers::Actors(list) => {
            extension.extend(list.into_iter().filter_map(|actor| write(actor, &url)));
        }
    }
}

/// The references of STU3 that extensions carry.
fn take_references(extension: &mut Vec<Extension>) -> Vec<Reference> {
    let taken = crate::carried_references::take(extension, PATH).into_iter();
    taken.map(|(_, reference)| reference).collect()
}

/// What a performer is written as in STU3.
fn native(performer: &Performer, targets: Targets, context: &Context<'_>) -> Option<Reference> {
    let actor = performer.actor.as_ref()?;
    let foreign = context
        .type_of(actor)
        .is_some_and(|named| targets.only_from(named));
    (!foreign).then(|| actor.clone())
}

fn of_reference(reference: Reference) -> Performer {
    Performer {
        actor: Some(reference),
        ..Performer::default()
    }
}

/// The targets of an actor in two versions.
fn versions_targets(from: FhirVersion, to: FhirVersion) -> Targets {
    let actor = |version| versions::table(version).targets().actor();
    Targets {
        from: actor(from),
        to: actor(to),
    }
}

/// A performer as an extension with a child for each of its parts.
fn write(performer: Performer, url: &str) -> Option<Extension> {
    let mut children = Vec::new();
    if let Some(id) = performer.id {
        children.push(Extension::with_value(
            "id",
            Value::String(Primitive::new(id)),
        ));
    }
    children.extend(performer.extension);
    if !performer.modifier_extension.is_empty() {
        children.push(Extension {
            url: "modifierExtension".parse().ok(),
            extension: performer.modifier_extension,
            ..Extension::default()
        });
    }
    if let Some(function) = performer.function {
        let function = Value::CodeableConcept(Box::new(function));
        children.push(Extension::with_value("function", function));
    }
    if let Some(actor) = performer.actor {
        children.push(Extension::with_value(
            "actor",
            Value::Reference(Box::new(actor)),
        ));
    }
    (!children.is_empty()).then(|| Extension {
        url: url.parse().ok(),
        extension: children,
        ..Extension::default()
    })
}

/// Whether an extension is a performer with an actor. Without one it is none that a version allows,
/// and stays where it is.
fn has_actor(extension: &Extension) -> bool {
    read(extension).is_some_and(|performer| performer.actor.is_some())
}

/// The performer of such an extension.
fn read(extension: &Extension) -> Option<Performer> {
    if extension.value.is_some() || extension.extension.is_empty() {
        return None;
    }
    let mut performer = Performer::default();
    for child in &extension.extension {
        let Some(url) = child.url.as_ref().map(|url| url.as_str()) else {
            performer.extension.push(child.clone());
            continue;
        };
        // The children of early drafts have full URLs that end in the path of the element.
        let name = match carry::parse(url) {
            Some((_, path)) if path.starts_with(PATH) => path.rsplit('.').next()?,
            _ => url,
        };
        match (name, &child.value) {
            ("id", Some(Value::String(id))) if performer.id.is_none() => {
                performer.id.clone_from(&id.value);
            }
            ("function", Some(Value::CodeableConcept(function))) => {
                set(&mut performer.function, CodeableConcept::clone(function))?;
            }
            ("actor", Some(Value::Reference(actor))) => {
                set(&mut performer.actor, Reference::clone(actor))?;
            }
            ("modifierExtension", None) => {
                performer.modifier_extension.clone_from(&child.extension);
            }
            (carry::DATATYPE, _) => {}
            ("id" | "function" | "actor" | "modifierExtension", _) => return None,
            _ => performer.extension.push(child.clone()),
        }
    }
    Some(performer)
}

/// Sets what must not be set yet.
fn set<T>(place: &mut Option<T>, value: T) -> Option<()> {
    if place.is_some() {
        return None;
    }
    *place = Some(value);
    Some(())
}
