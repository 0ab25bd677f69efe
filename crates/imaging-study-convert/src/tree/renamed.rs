//! Elements that have another name, or another shape, in some versions.
//!
//! The reason of a dose as needed is `asNeededCodeableConcept` up to R4B and the list `asNeededFor`
//! since; the milliseconds between two samples are `period` up to R4B, and since then an `interval`
//! of whatever `intervalUnit`.

use std::borrow::Cow;

use imaging_study_core::{FhirVersion, FieldInfo, FieldType, Json, TypeInfo};

use super::json::{Members, Present, object, string};
use crate::carry;

const DOSAGE: &str = "Dosage";
const SAMPLED_DATA: &str = "SampledData";
const AS_NEEDED: &str = "asNeeded";
const AS_NEEDED_CONCEPT: &str = "asNeededCodeableConcept";
const AS_NEEDED_FOR: &str = "asNeededFor";
const PERIOD: &str = "period";
const INTERVAL: &str = "interval";
const INTERVAL_UNIT: &str = "intervalUnit";
const MILLISECONDS: &str = "ms";
/// What carries a unit for its id, beside the period that means it.
const UNIT: &str = "SampledData.intervalUnit";

/// What an element of a value becomes.
pub(super) enum Renamed {
    /// An element of the target with another name.
    Element(&'static FieldInfo, &'static FieldType),
    /// Nothing, since the target means it by the element that it has.
    Meant,
}

fn field(info: &'static TypeInfo, stem: &str) -> Option<&'static FieldInfo> {
    info.fields.iter().find(|field| field.stem() == stem)
}

/// The type of an element that is a concept.
fn concept(field: &'static FieldInfo) -> Option<&'static FieldType> {
    let mut types = field.types.iter();
    types.find(|field_type| field_type.name() == "CodeableConcept")
}

fn first(field: &'static FieldInfo) -> Option<Renamed> {
    Some(Renamed::Element(field, field.types.first()?))
}

/// What an element becomes that the target does not have by that name.
pub(super) fn counterpart(
    present: &Present,
    source: &Json,
    from: &TypeInfo,
    to: &'static TypeInfo,
) -> Option<Renamed> {
    match (from.name, present.field.stem()) {
        (DOSAGE, AS_NEEDED) if present.field_type.name() == "CodeableConcept" => {
            first(field(to, AS_NEEDED_FOR)?)
        }
        (DOSAGE, AS_NEEDED_FOR) => {
            let field = field(to, AS_NEEDED)?;
            let alone = present.entries.len() == 1 && !has(source, AS_NEEDED);
            Some(Renamed::Element(field, concept(field)?)).filter(|_| alone)
        }
        (SAMPLED_DATA, PERIOD) if field(to, INTERVAL_UNIT).is_some() => first(field(to, INTERVAL)?),
        (SAMPLED_DATA, INTERVAL) if in_milliseconds(source) => first(field(to, PERIOD)?),
        (SAMPLED_DATA, INTERVAL_UNIT) if in_milliseconds(source) => {
            (field(to, PERIOD).is_some() && has(source, INTERVAL)).then_some(Renamed::Meant)
        }
        _ => None,
    }
}

/// Whether an object has an element, or its id or extensions.
fn has(json: &Json, name: &str) -> bool {
    json.get(name).is_some() || json.get(&format!("_{name}")).is_some()
}

/// An id of the unit travels beside what means it, see [`is_meant`].
fn in_milliseconds(source: &Json) -> bool {
    let element = source.get(&format!("_{INTERVAL_UNIT}"));
    source.get(INTERVAL_UNIT).and_then(Json::as_str) == Some(MILLISECONDS)
        && element.is_none_or(is_id)
}

/// Whether a child holds milliseconds, with nothing but an id beside them.
fn is_unit(child: &Json) -> bool {
    let members = child.as_object().unwrap_or_default();
    let only = members.iter().all(|(name, value)| match name.as_str() {
        "url" => true,
        "valueCode" => value.as_str() == Some(MILLISECONDS),
        "_valueCode" => is_id(value),
        _ => false,
    });
    only && child.get("valueCode").is_some()
}

/// Whether beside the value of a primitive stands an id alone.
fn is_id(element: &Json) -> bool {
    matches!(element.as_object(), Some([(name, _)]) if name == "id")
}

/// Whether an element that an extension carries says no more than what stands beside it: the unit of
/// a period is milliseconds. It travels for its id.
pub(crate) fn is_meant(path: &str, code: &str) -> bool {
    path == UNIT && code == MILLISECONDS
}

/// Adds what the source meant by the element that it has.
pub(super) fn complete(members: &mut Members, from: &'static TypeInfo, to: &'static TypeInfo) {
    let has = |wanted: &str| {
        let mut names = members.iter().map(|(name, _)| name.as_str());
        names.any(|name| name.strip_prefix('_').unwrap_or(name) == wanted)
    };
    if to.name == SAMPLED_DATA
        && field(from, INTERVAL_UNIT).is_none()
        && field(to, INTERVAL_UNIT).is_some()
        && has(INTERVAL)
        && !has(INTERVAL_UNIT)
    {
        members.push((INTERVAL_UNIT.into(), string(MILLISECONDS)));
    }
}

/// Whether an object has an element under the name that it has in the source.
pub(super) fn beside(source: &Json, info: &TypeInfo, name: &str) -> bool {
    has(source, name)
        || (info.name == DOSAGE && name == AS_NEEDED_FOR && has(source, AS_NEEDED_CONCEPT))
}

/// Whether what stands in extensions would be native in the source by another name, which is the
/// newer form.
pub(super) fn is_older(source: &Json, info: &TypeInfo, name: &str, count: usize) -> bool {
    info.name == DOSAGE && name == AS_NEEDED_FOR && count == 1 && !has(source, "asNeededBoolean")
}

/// The children of a value that stands in extensions, under the names of the target.
pub(super) fn children<'c>(list: &'c [Json], info: &'static TypeInfo) -> Cow<'c, [Json]> {
    let named = |child: &Json, wanted: &str| name(child, info) == Some(wanted);
    let count = |wanted: &str| list.iter().filter(|child| named(child, wanted)).count();
    let has = |stem| field(info, stem).is_some();
    let with_url = |child: &Json, url: &str| {
        let mut child = child.clone();
        if let Json::Object(members) = &mut child {
            for (_, value) in members.iter_mut().filter(|(name, _)| name == "url") {
                *value = string(url);
            }
        }
        child
    };
    let renamed = |from: &str, to: &str| {
        let list = list.iter().map(|child| match named(child, from) {
            true => with_url(child, to),
            false => child.clone(),
        });
        list.collect::<Vec<_>>()
    };
    match info.name {
        DOSAGE if has(AS_NEEDED_FOR) => {
            let concept = |child: &Json| {
                named(child, AS_NEEDED) && child.get("valueCodeableConcept").is_some()
            };
            if count(AS_NEEDED) == 1 && count(AS_NEEDED_FOR) == 0 && list.iter().any(concept) {
                return Cow::Owned(renamed(AS_NEEDED, AS_NEEDED_FOR));
            }
        }
        DOSAGE if has(AS_NEEDED) && count(AS_NEEDED_FOR) == 1 && count(AS_NEEDED) == 0 => {
            return Cow::Owned(renamed(AS_NEEDED_FOR, AS_NEEDED));
        }
        SAMPLED_DATA if has(INTERVAL_UNIT) && count(PERIOD) == 1 && count(INTERVAL) == 0 => {
            let mut units = list.iter().filter(|child| named(child, INTERVAL_UNIT));
            let mut renamed = renamed(PERIOD, INTERVAL);
            match (units.next(), units.next()) {
                (None, _) => renamed.push(object([
                    ("url", string(INTERVAL_UNIT)),
                    ("valueCode", string(MILLISECONDS)),
                ])),
                // It is there for its id.
                (Some(unit), None) if is_unit(unit) => {}
                _ => return Cow::Borrowed(list),
            }
            return Cow::Owned(renamed);
        }
        SAMPLED_DATA if has(PERIOD) => {
            let all = count(INTERVAL) == 1 && count(INTERVAL_UNIT) == 1 && count(PERIOD) == 0;
            let unit = list.iter().find(|child| named(child, INTERVAL_UNIT));
            if let Some(unit) = unit.filter(|unit| all && is_unit(unit)) {
                let mut list = renamed(INTERVAL, PERIOD);
                list.retain(|child| !named(child, INTERVAL_UNIT));
                if unit.get("_valueCode").is_some() {
                    list.push(with_url(unit, &carry::url(FhirVersion::R5, UNIT)));
                }
                return Cow::Owned(list);
            }
        }
        _ => {}
    }
    Cow::Borrowed(list)
}

/// The name of the element that a child holds, which drafts gave a full URL.
fn name<'c>(child: &'c Json, info: &TypeInfo) -> Option<&'c str> {
    let url = child.get("url")?.as_str()?;
    match carry::parse(url) {
        Some((_, path)) => path.strip_prefix(info.name)?.strip_prefix('.'),
        None => Some(url),
    }
}
