//! Elements that came with STU3 and travel in extensions through DSTU2: orders, endpoints.

use imaging_study_core::FhirVersion;

use crate::carry;
use crate::context::Context;
use crate::hub::{Extension, Reference, Value};
use crate::reference::{self, Targets};
use crate::version::VersionTargets;
use crate::versions;

pub(crate) const BASED_ON: &str = "ImagingStudy.basedOn";
pub(crate) const ENDPOINT: &str = "ImagingStudy.endpoint";
pub(crate) const SERIES_ENDPOINT: &str = "ImagingStudy.series.endpoint";

/// Lets references travel.
pub(crate) fn carry(
    list: Vec<Reference>,
    path: &str,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    if list.is_empty() {
        return;
    }
    let url = carry::url(context.from(), path);
    extension.extend(
        list.into_iter()
            .map(|item| Extension::with_value(&url, Value::Reference(Box::new(item)))),
    );
}

/// The references of the draft of R6 in the form that R6 has: the URL of the extension that carries
/// them is the same, and means R6.
pub(crate) fn as_named(
    list: Vec<Reference>,
    of: impl Fn(&'static VersionTargets) -> &'static [&'static str],
    context: &Context<'_>,
) -> Vec<Reference> {
    if context.from() != FhirVersion::R6Draft {
        return list;
    }
    let targets = Targets {
        from: of((context.source.targets)()),
        to: of((versions::R6.targets)()),
    };
    list.into_iter()
        .map(|item| reference::fit(item, targets, context))
        .collect()
}

/// Takes the references that extensions carry, each with the version it comes from.
pub(crate) fn take(extension: &mut Vec<Extension>, path: &str) -> Vec<(FhirVersion, Reference)> {
    let is_reference = |value: &Value| matches!(value, Value::Reference(_));
    carry::take_if(extension, path, is_reference)
        .into_iter()
        .filter_map(|carried| {
            let version = carried.carried()?.0;
            match carried.value {
                Some(Value::Reference(reference)) => Some((version, *reference)),
                _ => None,
            }
        })
        .collect()
}

/// The references of an element, and behind them those that extensions carry.
pub(crate) fn references(
    own: Vec<Reference>,
    path: &str,
    of: impl Fn(&'static VersionTargets) -> &'static [&'static str],
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> Vec<Reference> {
    if context.from() == context.to() {
        return own;
    }
    let mut list = own;
    for (version, item) in take(extension, path) {
        // The version that it comes from may allow other types than this one.
        let targets = Targets {
            from: versions::table(version).map_or(&[], |table| of((table.targets)())),
            to: of((context.target.targets)()),
        };
        list.push(reference::fit(item, targets, context));
    }
    list
}
