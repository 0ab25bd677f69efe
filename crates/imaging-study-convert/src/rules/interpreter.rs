//! Who read the images: an element up to R4B, extensions since.

use imaging_study_core::FhirVersion;

use crate::context::Context;
use crate::engine::{Part, Step};
use crate::hub::{Extension, Reference, Value};
use crate::reference::{self, Targets};
use crate::version::VersionTargets;
use crate::versions;
use crate::{carried_references, carry};

const PATH: &str = "ImagingStudy.interpreter";

/// The interpreters, in the form of the target.
pub(crate) fn convert(part: &mut Part<'_>, step: &Step, context: &mut Context<'_>) {
    let row = step.row;
    let mut own: Vec<Reference> = Vec::new();
    let place = row.name(context.from());
    if let (Some(name), None) = (place, row.name(context.to()))
        && part.carry_plain(step, name, &carry::url(context.from(), PATH), context)
    {
        return;
    }
    if let Some(name) = place {
        own = part.take(name);
    }
    let place = place.unwrap_or("extension");
    let Some(name) = row.name(context.to()) else {
        carry_all(own, &mut part.extension, context);
        return;
    };
    if part.target_field(name).is_some_and(|field| field.many) {
        let list = native(own, &mut part.extension, context);
        part.put(name, place, list, context);
    } else {
        let first = first(own, &mut part.extension, context);
        part.put(name, place, first, context);
    }
}

/// The interpreters of a version that has the element: its own, and behind them those in extensions.
pub(crate) fn native(
    own: Vec<Reference>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> Vec<Reference> {
    let targets = context.targets(VersionTargets::interpreter);
    let mut list: Vec<_> = own
        .into_iter()
        .map(|reference| reference::fit(reference, targets, context))
        .collect();
    if context.from() == context.to() {
        return list;
    }
    let carried = carried_references::take(extension, PATH);
    list.extend(carried.into_iter().map(|(version, reference)| {
        // The version that an interpreter comes from may allow other types than this one.
        let targets = Targets {
            from: versions::table(version).targets().interpreter(),
            to: targets.to,
        };
        reference::fit(reference, targets, context)
    }));
    list
}

/// The one interpreter of DSTU2; the others travel.
pub(crate) fn first(
    own: Vec<Reference>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> Option<Reference> {
    let mut list: Vec<_> = own.into_iter().map(|item| (context.from(), item)).collect();
    list.extend(carried_references::take(extension, PATH));
    let mut list = list.into_iter();
    let (version, first) = list.next()?;
    extension.extend(list.map(carried));
    let targets = Targets {
        from: versions::table(version).targets().interpreter(),
        to: context.target.targets().interpreter(),
    };
    Some(reference::fit(first, targets, context))
}

/// Lets every interpreter travel, for whom R5 has no element: those of the study, and behind them
/// those that travel already.
pub(crate) fn carry_all(
    own: Vec<Reference>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    if own.is_empty() {
        return;
    }
    let mut list: Vec<_> = own.into_iter().map(|item| (context.from(), item)).collect();
    list.extend(carried_references::take(extension, PATH));
    extension.extend(list.into_iter().map(carried));
}

/// An interpreter of a version as an extension.
fn carried((version, reference): (FhirVersion, Reference)) -> Extension {
    let url = carry::url(version, PATH);
    Extension::with_value(&url, Value::Reference(Box::new(reference)))
}
