//! `availability` of STU3 and the `status` that R4 has instead.
//!
//! The one says how soon images can be fetched, the other how far the record has come. What neither
//! can say for the other travels beside it; a withdrawn record so that nobody can overlook it.

use imaging_study_core::{Code, Json};

use crate::context::Context;
use crate::engine::{Part, Step};
use crate::hub::{Extension, Primitive, Status, Value};
use crate::{Carry, LossKind, Rule, Unavailable};
use crate::{carry, codes};

const AVAILABILITY: &str = "ImagingStudy.availability";
const STATUS: &str = "ImagingStudy.status";

const SERIES: &str = "ImagingStudy.series.availability";

const UNKNOWN: &str = "unknown";
const ENTERED_IN_ERROR: &str = "entered-in-error";
const OFFLINE: &str = "OFFLINE";

/// The status of a study, in the form of the target.
pub(crate) fn convert(part: &mut Part<'_>, step: &Step, context: &mut Context<'_>) {
    let row = step.row;
    let (Some(place), Some(name)) = (row.name(context.from()), row.name(context.to())) else {
        return;
    };
    let own = part.take(place);
    let own = match place {
        "status" => Status::Status(own),
        _ => Status::Availability(own),
    };
    let (list, modifier) = (&mut part.extension, &mut part.modifier_extension);
    let code = context.at(place, |context| match name {
        "status" => status(own, list, modifier, context),
        _ => availability(own, list, modifier, context),
    });
    part.put(name, place, code, context);
}

/// The status of R4.
pub(crate) fn status(
    status: Status,
    extension: &mut Vec<Extension>,
    modifier_extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Primitive<Code> {
    let mut availability = match status {
        Status::Status(mut status) => {
            let mut carries = take_lacking(extension, STATUS, context);
            carries.append(&mut take_lacking(modifier_extension, STATUS, context));
            if let Some(element) = &mut status.element {
                carries.append(&mut take_lacking(&mut element.extension, STATUS, context));
            }
            return moved(status, carries, STATUS, context);
        }
        Status::Availability(availability) => availability,
    };
    let mut carries = take(extension, STATUS, context);
    carries.append(&mut take(modifier_extension, STATUS, context));
    if let Some(element) = &mut availability.element {
        carries.append(&mut take(&mut element.extension, STATUS, context));
    }
    availability.element = availability.element.filter(|element| !element.is_empty());
    if let Some(original) = carries.first().and_then(code) {
        let native = availability.value.as_ref().map(Code::as_str);
        let written = original
            .value
            .as_ref()
            .and_then(|code| availability_of(code.as_str()));
        if native.is_none() || native == written {
            return merged(original.clone(), availability);
        }
    }
    context.drop_stale(carries);

    if availability.is_absent() {
        return unknown(extension);
    }
    let Some(value) = availability.value else {
        return availability;
    };
    let native = status_of(value.as_str(), context.options.unavailable);
    if value == OFFLINE {
        // Something may well have been made available, which is more than `registered` says.
        let value = Json::String(OFFLINE.into());
        context.report(LossKind::ApproximateCode, Rule::Availability, value);
    }
    let mut status = Primitive {
        value: native.parse().ok(),
        element: availability.element,
    };
    let usual = status_of(value.as_str(), Unavailable::default());
    // The way back may be asked for without the choice that was made here.
    let chosen = native != usual && context.options.carry == Carry::Extension;
    if chosen || availability_of(native) != Some(value.as_str()) {
        let url = carry::url(context.from(), AVAILABILITY);
        status.extension_mut().push(Extension::with_value(
            &url,
            Value::Code(Primitive::new(value)),
        ));
    }
    status
}

/// The status of a study without availability. A status that the target lacks goes on beside it, and
/// what stands on that stands on the status.
fn unknown(extension: &mut Vec<Extension>) -> Primitive<Code> {
    let mut status = Primitive {
        value: UNKNOWN.parse().ok(),
        element: None,
    };
    for mut carried in carry::take_readable(extension, STATUS, |item| code(item).is_some()) {
        if let Some(Value::Code(code)) = &mut carried.value
            && status.element.is_none()
            && code.value.is_some()
        {
            status.element = code.element.take();
        }
        status.extension_mut().push(carried);
    }
    status
}

/// A status that travels on one which says nothing, since the source has no such code.
fn take_travelling(status: &mut Primitive<Code>, context: &Context<'_>) -> Option<Extension> {
    if status.value.as_ref().is_some_and(|code| code != UNKNOWN) {
        return None;
    }
    let list = &mut status.element.as_mut()?.extension;
    let lacks = |item: &Extension| {
        item.carries(STATUS)
            && code(item)
                .and_then(|code| code.value.as_ref())
                .is_some_and(|code| !codes::allows(context.source, STATUS, code.as_str()))
    };
    let position = list.iter().position(lacks)?;
    let mut carried = list.remove(position);
    status.element = status.element.take().filter(|element| !element.is_empty());
    if let Some(Value::Code(code)) = &mut carried.value {
        *code = merged(code.clone(), std::mem::take(status));
    }
    Some(carried)
}

/// The availability of STU3.
pub(crate) fn availability(
    status: Status,
    extension: &mut Vec<Extension>,
    modifier_extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Primitive<Code> {
    let mut status = match status {
        Status::Availability(availability) => {
            return same_availability(availability, extension, AVAILABILITY, context);
        }
        Status::Status(status) => status,
    };
    let mut carries = take(extension, AVAILABILITY, context);
    if let Some(element) = &mut status.element {
        carries.append(&mut take(&mut element.extension, AVAILABILITY, context));
    }
    status.element = status.element.filter(|element| !element.is_empty());
    if let Some(original) = carries.first().and_then(code) {
        let native = status.value.as_ref().map(Code::as_str);
        // Somebody may have chosen the other status for an unavailable study at the time.
        let written = |native: &str| {
            let unavailable = [Unavailable::Registered, Unavailable::Cancelled];
            original.value.as_ref().is_some_and(|code| {
                unavailable
                    .iter()
                    .any(|choice| status_of(code.as_str(), *choice) == native)
            })
        };
        if native.is_none_or(written) {
            return merged(original.clone(), status);
        }
    }
    context.drop_stale(carries);
    if let Some(carried) = take_travelling(&mut status, context) {
        extension.push(carried);
        return Primitive::default();
    }

    let Some(value) = &status.value else {
        return status;
    };
    let native = availability_of(value.as_str());
    let comes_back = match native {
        Some(native) => status_of(native, Unavailable::default()) == value.as_str(),
        None => value == UNKNOWN && status.element.is_none(),
    };
    let url = carry::url(context.from(), STATUS);
    let Some(native) = native else {
        if !comes_back {
            let withdrawn = value == ENTERED_IN_ERROR;
            let carried = Extension::with_value(&url, Value::Code(status));
            if withdrawn {
                modifier_extension.push(carried);
            } else {
                extension.push(carried);
            }
        }
        return Primitive::default();
    };
    if !comes_back {
        let original = Value::Code(Primitive::new(value.clone()));
        extension.push(Extension::with_value(&url, original));
    }
    Primitive {
        value: native.parse().ok(),
        element: status.element,
    }
}

/// The availability of a series, in the form of the target.
pub(crate) fn convert_series(part: &mut Part<'_>, step: &Step, context: &mut Context<'_>) {
    let row = step.row;
    let place = row.name(context.from());
    let own = place.map(|name| part.take(name)).unwrap_or_default();
    match row.name(context.to()) {
        Some(name) => {
            let code = series(own, &mut part.extension, context);
            part.put(name, place.unwrap_or("extension"), code, context);
        }
        None => carry_series(own, &mut part.extension, context),
    }
}

/// Lets the availability of a series travel, which R4 has no element for.
pub(crate) fn carry_series(
    availability: Primitive<Code>,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    if !availability.is_absent() {
        let url = carry::url(context.from(), SERIES);
        extension.push(Extension::with_value(&url, Value::Code(availability)));
    }
}

/// The availability of a series of STU3.
pub(crate) fn series(
    own: Primitive<Code>,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Primitive<Code> {
    if !own.is_absent() || context.from() == context.to() {
        return same_availability(own, extension, SERIES, context);
    }
    let carried = extension
        .iter()
        .position(|extension| extension.carries(SERIES) && is_written(extension, context));
    let carried = carried.map(|position| extension.remove(position));
    carried.as_ref().and_then(code).cloned().unwrap_or(own)
}

/// The status that is true of a study with an availability. `cancelled` would say that the study
/// was not made, which `UNAVAILABLE` does not by itself.
fn status_of(availability: &str, unavailable: Unavailable) -> &'static str {
    match availability {
        "ONLINE" | "NEARLINE" => "available",
        "UNAVAILABLE" if unavailable == Unavailable::Cancelled => "cancelled",
        OFFLINE | "UNAVAILABLE" => "registered",
        _ => UNKNOWN,
    }
}

/// The availability that is true of a study with a status, if there is one.
fn availability_of(status: &str) -> Option<&'static str> {
    match status {
        "available" => Some("ONLINE"),
        "registered" => Some(OFFLINE),
        "cancelled" => Some("UNAVAILABLE"),
        _ => None,
    }
}

/// An availability of a version that calls it so too.
fn same_availability(
    mut availability: Primitive<Code>,
    extension: &mut Vec<Extension>,
    path: &str,
    context: &mut Context<'_>,
) -> Primitive<Code> {
    let mut carries = take_lacking(extension, path, context);
    if let Some(element) = &mut availability.element {
        carries.append(&mut take_lacking(&mut element.extension, path, context));
    }
    moved(availability, carries, path, context)
}

/// A code of an element that both versions have: its own, or a carried one that the source could
/// not have. One that the target lacks travels on it.
fn moved(
    mut code: Primitive<Code>,
    carries: Vec<Extension>,
    path: &str,
    context: &mut Context<'_>,
) -> Primitive<Code> {
    if context.from() == context.to() {
        return code;
    }
    code.element = code.element.filter(|element| !element.is_empty());
    if let Some(original) = carries.first().and_then(self::code) {
        let same = code.value == original.value;
        if same || code.value.as_ref().is_none_or(|code| code == UNKNOWN) {
            return merged(original.clone(), code);
        }
        context.drop_stale(carries);
    }
    if let Some(stray) = code
        .value
        .clone()
        .filter(|code| is_stray(code, path, context))
    {
        let url = carry::url(context.from(), path);
        let mark = Extension::with_value(&url, Value::Code(Primitive::new(stray)));
        code.extension_mut().push(mark);
        return code;
    }
    let lacks = |code: &Code| !codes::allows(context.target, path, code.as_str());
    let Some(original) = code.value.take_if(|code| lacks(code)) else {
        return code;
    };
    if path == STATUS {
        code.value = UNKNOWN.parse().ok();
    }
    let url = carry::url(context.from(), path);
    let original = Value::Code(Primitive::new(original));
    code.extension_mut()
        .push(Extension::with_value(&url, original));
    code
}

/// Whether the target has a code that the source has not: marked, it is known on the way back from
/// one that was written there. What the draft of R6 has in common with R6 needs no mark.
fn is_stray(code: &Code, path: &str, context: &Context<'_>) -> bool {
    !carry::names(context.from(), context.to())
        && !codes::allows(context.source, path, code.as_str())
        && codes::allows(context.target, path, code.as_str())
}

/// A carried code with the id and the extensions of the native one.
fn merged(mut original: Primitive<Code>, native: Primitive<Code>) -> Primitive<Code> {
    if let Some(native) = native.element {
        let element = original.element.get_or_insert_default();
        element.id = element.id.take().or(native.id);
        let carried = std::mem::replace(&mut element.extension, native.extension);
        element.extension.extend(carried);
    }
    original
}

/// Takes the carries whose code the target may have.
fn take(list: &mut Vec<Extension>, path: &str, context: &Context<'_>) -> Vec<Extension> {
    carry::take_readable(list, path, |extension| is_written(extension, context))
}

/// Takes the carries whose code the target may have and the source has not, or that mark a code which
/// the target had although it is none of its own.
fn take_lacking(list: &mut Vec<Extension>, path: &str, context: &Context<'_>) -> Vec<Extension> {
    if context.from() == context.to() {
        return Vec::new();
    }
    carry::take_readable(list, path, |extension| {
        let own = code(extension).and_then(|code| code.value.as_ref());
        let lacks = |version, code: &Code| !codes::allows(version, path, code.as_str());
        is_written(extension, context)
            && own.is_some_and(|code| lacks(context.source, code) || lacks(context.target, code))
    })
}

/// Whether a conversion writes the code that an extension carries.
fn is_written(extension: &Extension, context: &Context<'_>) -> bool {
    let Some((version, path)) = extension.carried() else {
        return false;
    };
    code(extension).is_some_and(|code| match &code.value {
        Some(code) => codes::may_write(code.as_str(), path, version, context.target),
        None => true,
    })
}

fn code(extension: &Extension) -> Option<&Primitive<Code>> {
    match &extension.value {
        Some(Value::Code(code)) => Some(code),
        _ => None,
    }
}
