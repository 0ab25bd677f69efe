//! Elements of data types that travel as a list of extensions on the value: such whose own elements
//! stand in the extensions, and such of which the other version has only the first.

use imaging_study_core::{FieldInfo, FieldType, Json, TypeInfo};

use super::carried::{self, Place};
use super::json::{Entry, Members, capitalised, push};
use super::native::is_native;
use super::whole::{assemble, is_inner};
use crate::carry;
use crate::context::Context;
use crate::hub::WithoutIds;

/// What became of extensions that carry a list.
#[derive(Default)]
pub(super) struct Lists {
    /// Those that became native although this crate would write them in another form.
    pub(super) older: Vec<Json>,
    /// Those that do not agree with the native element.
    pub(super) stale: Vec<Json>,
}

/// Takes lists home from the extensions of a value, which is in the form of the target but for them.
/// One that does not agree with the native element is dropped, or stays.
pub(super) fn take_home(
    members: &mut Members,
    info: &'static TypeInfo,
    drop_stale: bool,
    context: &Context<'_>,
) -> Lists {
    let mut lists = Lists::default();
    let rows = info
        .fields
        .iter()
        .filter_map(|field| Some((field, carried::row(info.name, field.stem())?)));
    for (field, row) in rows {
        let Some(at) = members.iter().position(|(name, _)| name == "extension") else {
            break;
        };
        let Json::Array(list) = &members[at].1 else {
            break;
        };
        let path = carried::path(info.name, field.stem());
        let is_carry = |json: &Json| {
            let url = json.get("url").and_then(Json::as_str);
            let carried = url.and_then(carry::parse);
            carried.is_some_and(|(_, carried)| carried == path)
        };
        if !list.iter().any(is_carry) {
            continue;
        }
        let own = context
            .source
            .type_info(info.name)
            .and_then(|info| info.field(field.name));
        let mut carries: Vec<Json> = list.iter().filter(|json| is_carry(json)).cloned().collect();
        let found = match row.place {
            Place::List if own.is_none_or(|own| !own.many) && field.many => {
                listed(&mut carries, members, field, &mut lists)
            }
            Place::Parent => parts(&carries, members, field, own, context),
            _ => None,
        };
        let Some(entries) = found else {
            continue;
        };
        if entries.is_empty() && !drop_stale {
            continue;
        }
        if let Json::Array(list) = &mut members[at].1 {
            list.retain(|json| !carries.contains(json));
        }
        members.retain(|(name, value)| {
            let empty = value.as_array().is_some_and(<[Json]>::is_empty);
            !(name == "extension" && empty) && (name != field.name || entries.is_empty())
        });
        push(members, field.name, field.many, entries);
    }
    lists
}

/// The entries of a list that stands whole in extensions and of which the first is native.
///
/// Nothing if none of them is such an extension; no entries if the native one was edited.
fn listed(
    carries: &mut Vec<Json>,
    members: &Members,
    field: &'static FieldInfo,
    lists: &mut Lists,
) -> Option<Vec<Entry>> {
    let name = format!("value{}", capitalised(field.types.first()?.name()));
    let is_value = |json: &Json| {
        json.as_object().is_some_and(|all| all.len() == 2) && json.get(&name).is_some()
    };
    carries.retain(is_value);
    let values: Vec<Json> = carries
        .iter()
        .filter_map(|json| json.get(&name).cloned())
        .collect();
    let carried = values.first()?;
    let native = members.iter().find(|(name, _)| name == field.name);
    let native = native.and_then(|(_, value)| value.as_array()?.first());
    let first = carried.clone().without_ids();
    if native.is_some_and(|native| native.clone().without_ids() != first) {
        lists.stale.append(&mut carries.clone());
        return Some(Vec::new());
    }
    if (native.is_none() && !is_empty(&first)) || values.len() == 1 {
        lists.older.append(&mut carries.clone());
    }
    let entry = |value| Entry {
        value: Some(value),
        element: None,
    };
    Some(values.into_iter().map(entry).collect())
}

/// Whether nothing is left of an object.
pub(super) fn is_empty(json: &Json) -> bool {
    json.as_object().is_some_and(<[_]>::is_empty)
}

/// The entries whose elements stand in extensions, if all of them are such and only the target can
/// hold them.
fn parts(
    carries: &[Json],
    members: &Members,
    field: &'static FieldInfo,
    own: Option<&'static FieldInfo>,
    context: &Context<'_>,
) -> Option<Vec<Entry>> {
    let inner = |field: &'static FieldInfo| match field.types.first() {
        Some(FieldType::Element(inner)) => Some(inner()),
        _ => None,
    };
    let info = inner(field).filter(|info| is_inner(info, context.target))?;
    if members.iter().any(|(name, _)| name == field.name) {
        return None;
    }
    let mut values = Vec::with_capacity(carries.len());
    for json in carries {
        if json.as_object()?.len() != 2 {
            return None;
        }
        let (version, _) = carry::parse(json.get("url")?.as_str()?)?;
        let partial = carry::names(version, context.to());
        let list = json.get("extension")?.as_array()?;
        values.push(assemble(list, info, partial, context)?);
    }
    if let Some(own) = own.and_then(inner) {
        let back = context.back();
        if values
            .iter()
            .all(|value| is_native(value, info, own, false, &back))
        {
            return None;
        }
    }
    let entry = |value| Entry {
        value: Some(value),
        element: None,
    };
    Some(values.into_iter().map(entry).collect())
}
