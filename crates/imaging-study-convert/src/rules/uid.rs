//! UIDs of series and instances: an oid with its prefix in STU3, an id without it since R4.

use imaging_study_core::{
    FhirVersion, FieldInfo, FieldType, Id, Oid, Scalar, ScalarType, Unshared,
};
use imaging_study_dicom::{RawUid, RawUrnOid};

use crate::context::Context;
use crate::engine::{Part, Step};
use crate::hub::{Extension, Primitive, Uid, Value};
use crate::{absent, carry};

/// The path of the UID of a series.
pub(crate) const SERIES: &str = "ImagingStudy.series.uid";
/// The path of the UID of an instance.
pub(crate) const INSTANCE: &str = "ImagingStudy.series.instance.uid";

pub(crate) const PREFIX: &str = "urn:oid:";

/// A UID, in the form of the target.
pub(crate) fn convert(part: &mut Part<'_>, step: &Step, context: &mut Context<'_>) {
    let row = step.row;
    let place = "uid";
    let is_oid = |field: Option<&'static FieldInfo>| {
        field.is_some_and(|field| matches!(field.types, [FieldType::Scalar(ScalarType::Oid, _)]))
    };
    let path = if row.level == "ImagingStudy.series" {
        SERIES
    } else {
        INSTANCE
    };
    let mut uid = if is_oid(part.source_field(place)) {
        Uid::Oid(part.take(place))
    } else {
        Uid::Id(part.take(place))
    };
    gather(&mut uid, path, &mut part.extension, context);
    if is_oid(part.target_field(place)) {
        let oid = context.at(place, |context| oid(uid, path, context));
        part.put(place, place, oid, context);
    } else {
        let id = context.at(place, |context| id(uid, path, context));
        part.put(place, place, id, context);
    }
}

/// A UID as an id.
#[inline(always)]
pub(crate) fn id(uid: Uid, path: &str, context: &mut Context<'_>) -> Primitive<RawUid> {
    match uid {
        Uid::Id(id) => id,
        Uid::Oid(oid) => id_of(oid, path, context),
    }
}

/// A UID as an oid.
#[inline(always)]
pub(crate) fn oid(uid: Uid, path: &str, context: &mut Context<'_>) -> Primitive<RawUrnOid> {
    match uid {
        Uid::Oid(oid) => oid,
        Uid::Id(id) => oid_of(id, path, context),
    }
}

/// Brings the carries of a UID that stand on its parent to it, where this crate writes them.
pub(crate) fn gather(
    uid: &mut Uid,
    path: &str,
    parent: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    if parent.is_empty() {
        return;
    }
    let to = context.to();
    let restorable = |extension: &Extension| match text(extension) {
        Some(text) => to > FhirVersion::Stu3 || is_original(extension, &text, to),
        None => false,
    };
    let mut carries = match uid {
        Uid::Oid(_) if to > FhirVersion::Stu3 => carry::take_readable(parent, path, restorable),
        Uid::Id(_) if to <= FhirVersion::Stu3 => carry::take_readable(parent, path, restorable),
        _ => return,
    };
    if carries.is_empty() {
        return;
    }
    match uid {
        Uid::Oid(oid) => oid.extension_mut().append(&mut carries),
        Uid::Id(id) => id.extension_mut().append(&mut carries),
    }
}

/// A UID that is one, as an oid; nothing where the version has no such oid.
pub(crate) fn plain_oid(id: &RawUid, to: FhirVersion) -> Option<RawUrnOid> {
    let oid = RawUrnOid::with_prefix(id);
    ScalarType::Oid.allows(oid.as_str(), to).then_some(oid)
}

/// An oid that its version allows, as an id; nothing if it is too long for one.
pub(crate) fn plain_id(oid: &RawUrnOid) -> Option<RawUid> {
    let text = oid.without_prefix()?;
    ScalarType::Id
        .allows(text, FhirVersion::R4)
        .then(|| RawUid::from(text))
}

fn id_of(
    mut oid: Primitive<RawUrnOid>,
    path: &str,
    context: &mut Context<'_>,
) -> Primitive<RawUid> {
    let carried = take(&mut oid, path, |carried| {
        text(carried).map(|text| RawUid::from(text.as_str()))
    });
    let from = context.from();
    if let Some((value, carried)) = carried {
        if oid.value.is_none() || oid.value == native_oid(&value, from) {
            return restored(value, oid.value.is_none(), oid.element);
        }
        context.drop_stale(vec![carried]);
    }
    let Some(value) = oid.value else {
        return Primitive {
            value: None,
            element: oid.element,
        };
    };
    let native = native_id(&value);
    let mut id = Primitive {
        value: native,
        element: oid.element,
    };
    if id.value.as_ref().and_then(|id| native_oid(id, from)) != Some(value.clone()) {
        // A version whose oids are fewer carries the text, and so does a text that is none.
        let text = value.as_str();
        let original = if ScalarType::Oid.allows(text, context.to()) {
            let oid = Oid::read(text, context.to(), &mut Unshared).ok();
            oid.map(|oid| Value::Oid(Primitive::new(oid)))
        } else {
            let text = text.parse().ok();
            text.map(|text| Value::String(Primitive::new(text)))
        };
        set_aside(&mut id, original, path, context);
    }
    id
}

fn oid_of(
    mut id: Primitive<RawUid>,
    path: &str,
    context: &mut Context<'_>,
) -> Primitive<RawUrnOid> {
    let to = context.to();
    let carried = take(&mut id, path, |carried| {
        let text = text(carried).filter(|text| is_original(carried, text, to))?;
        Some(RawUrnOid::from(text.as_str()))
    });
    if let Some((value, carried)) = carried {
        if id.value.is_none() || id.value == native_id(&value) {
            return restored(value, id.value.is_none(), id.element);
        }
        context.drop_stale(vec![carried]);
    }
    let Some(value) = id.value else {
        return Primitive {
            value: None,
            element: id.element,
        };
    };
    let native = native_oid(&value, to);
    let mut oid = Primitive {
        value: native,
        element: id.element,
    };
    if oid.value.as_ref().and_then(native_id) != Some(value.clone()) {
        let original = match Id::read(value.as_str(), to, &mut Unshared) {
            Ok(id) => Some(Value::Id(Primitive::new(id))),
            Err(_) => value
                .as_str()
                .parse()
                .ok()
                .map(|text| Value::String(Primitive::new(text))),
        };
        set_aside(&mut oid, original, path, context);
    }
    oid
}

/// Whether a carried text was the UID of an old version: an oid, or what stood in its place.
fn is_original(extension: &Extension, text: &str, to: FhirVersion) -> bool {
    let was_old = |(version, _)| version <= FhirVersion::Stu3;
    ScalarType::Oid.allows(text, to) || extension.carried().is_some_and(was_old)
}

/// The id that is an oid without its prefix, if it has one.
fn native_id(oid: &RawUrnOid) -> Option<RawUid> {
    let text = oid.without_prefix().unwrap_or(oid.as_str());
    ScalarType::Id
        .check(text, FhirVersion::R4)
        .is_ok()
        .then(|| RawUid::from(text))
}

/// The oid that is an id with the prefix. Some converters leave the prefix on the id, where it is not
/// legal; then it is not put there twice.
fn native_oid(id: &RawUid, version: FhirVersion) -> Option<RawUrnOid> {
    let oid = if id.as_str().starts_with(PREFIX) {
        RawUrnOid::from(id.as_str())
    } else {
        RawUrnOid::with_prefix(id)
    };
    let legal = ScalarType::Oid.check(oid.as_str(), version).is_ok();
    legal.then_some(oid)
}

/// Carries the original of a UID, and marks one without a value as absent.
#[cold]
fn set_aside<T: Scalar>(
    uid: &mut Primitive<T>,
    original: Option<Value>,
    path: &str,
    context: &Context<'_>,
) {
    let is_absent = uid.value.is_none();
    let list = uid.extension_mut();
    if is_absent {
        list.push(absent::marker());
    }
    if let Some(original) = original {
        let url = carry::url(context.from(), path);
        list.push(Extension::with_value(&url, original));
    }
}

/// A UID that was carried, with what else stands on the native one.
fn restored<T: Scalar>(
    value: T,
    was_absent: bool,
    element: Option<Box<imaging_study_core::PrimitiveElement<Extension>>>,
) -> Primitive<T> {
    let mut uid = Primitive {
        value: Some(value),
        element,
    };
    if let Some(element) = uid.element.as_mut().filter(|_| was_absent) {
        absent::take_marker(&mut element.extension);
    }
    uid.element = uid.element.filter(|element| !element.is_empty());
    uid
}

/// Takes the carried original off a UID.
fn take<T: Scalar, U>(
    uid: &mut Primitive<T>,
    path: &str,
    read: impl Fn(&Extension) -> Option<U>,
) -> Option<(U, Extension)> {
    let element = uid.element.as_mut()?;
    let position = element
        .extension
        .iter()
        .position(|extension| extension.carries(path) && read(extension).is_some())?;
    let carried = element.extension.remove(position);
    let value = read(&carried)?;
    uid.element = uid.element.take().filter(|element| !element.is_empty());
    Some((value, carried))
}

fn text(extension: &Extension) -> Option<String> {
    match extension.value.as_ref()? {
        Value::Id(id) => id.value.as_ref().map(ToString::to_string),
        Value::Oid(oid) => oid.value.as_ref().map(ToString::to_string),
        Value::String(text) => text.value.as_ref().map(ToString::to_string),
        _ => None,
    }
}
