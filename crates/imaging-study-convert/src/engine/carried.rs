//! Elements that some version does not have, and that travel through it in the extension of their
//! name.

use imaging_study_core::FhirVersion;

use super::{Part, Step};
use crate::context::Context;
use crate::hub::{Extension, Reference, Value, native_value};
use crate::reference::{self, Targets};
use crate::{carry, versions};

/// Where HL7's maps put the URLs of DSTU2.
const URL_OF_MAPS: &str = "http://hl7.org/fhir/ImagingStudy-r2-url";

/// The same element under another name.
pub(super) fn renamed(part: &mut Part<'_>, step: &Step, context: &mut Context<'_>) {
    for (from, place) in &step.same {
        part.move_one(*from, place, step.row.level, context);
    }
}

/// Lets an element travel that the target does not have, and brings one back that the source did not
/// have.
pub(super) fn carried(part: &mut Part<'_>, step: &Step, context: &mut Context<'_>) {
    let row = step.row;
    let (source, target) = (row.name(context.from()), row.name(context.to()));
    let (Some(name), Some(path)) = (
        source.or(target),
        row.path(context.from()).or(row.path(context.to())),
    ) else {
        return;
    };
    // The draft of R6 has some references otherwise than the URL says.
    if target.is_none()
        && context.from() != FhirVersion::R6Draft
        && part.carry_plain(step, name, &carry::url(context.from(), path), context)
    {
        return;
    }
    let own = source
        .map(|name| part.take_values(name))
        .unwrap_or_default();
    let Some(there) = target.and_then(|name| part.target_field(name)) else {
        if !own.is_empty() {
            let url = carry::url(context.from(), path);
            let own = own.into_iter().map(|value| as_named(value, path, context));
            part.extension
                .extend(own.map(|value| Extension::with_value(&url, value)));
        }
        return;
    };
    let place = source.unwrap_or("extension");
    let type_name = there
        .types
        .first()
        .map_or("", |field_type| field_type.name());
    let carries = |extension: &Extension| {
        let named = extension.carries(path)
            || (name == "url" && extension.id.is_none() && extension.is(URL_OF_MAPS));
        named
            && extension
                .value
                .as_ref()
                .is_some_and(|value| value.type_name() == type_name)
    };
    if type_name == "Reference" {
        let own = own.into_iter().filter_map(reference_of).collect();
        let targets = part.targets(source.unwrap_or_default(), there.name);
        let mut list = reference::fit_list(own, path, targets, context);
        if !there.many {
            let own = list.pop();
            let own = carry::own_or_carried(own, &mut part.extension, path, context);
            part.put(there.name, place, own, context);
            return;
        }
        for carried in carry::take_where(&mut part.extension, carries) {
            let version = carried.carried().map(|(version, _)| version);
            let (Some(version), Some(item)) = (version, carried.value.and_then(reference_of))
            else {
                continue;
            };
            // The version that it comes from may allow other types than this one.
            let field = versions::table(version).field(path);
            let targets = Targets {
                from: field.map_or(&[], |field| field.targets),
                to: there.targets,
            };
            list.push(reference::fit(item, targets, context));
        }
        part.put(there.name, place, list, context);
        return;
    }
    let mut values = own;
    if there.many || values.is_empty() {
        let mut carried = carry::take_where(&mut part.extension, carries);
        if !there.many {
            let others = carried.split_off(carried.len().min(1));
            part.extension.extend(others);
        }
        for carried in carried {
            match carried.value {
                Some(Value::Other(_)) => {
                    let native = context.at("extension", |context| {
                        native_value(carried.clone(), type_name, context)
                    });
                    match native {
                        Some(native) => part.put_native(there.name, native),
                        None => part.extension.push(carried),
                    }
                }
                value => values.extend(value),
            }
        }
    }
    part.put_values(there.name, place, values, context);
}

/// A reference of the draft of R6 in the form that R6 has: the URL of the extension that carries it is
/// the same, and means R6.
fn as_named(value: Value, path: &str, context: &Context<'_>) -> Value {
    let targets = |version| {
        let field = versions::table(version).field(path);
        field.map_or(&[][..], |field| field.targets)
    };
    match value {
        Value::Reference(reference) if context.from() == FhirVersion::R6Draft => {
            let targets = Targets {
                from: targets(FhirVersion::R6Draft),
                to: targets(FhirVersion::R6),
            };
            Value::Reference(Box::new(reference::fit(*reference, targets, context)))
        }
        value => value,
    }
}

fn reference_of(value: Value) -> Option<Reference> {
    match value {
        Value::Reference(reference) => Some(*reference),
        _ => None,
    }
}
