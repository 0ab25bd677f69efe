//! Leaving out what is empty.

use imaging_study_core::{Json, Limits};

use super::{Changes, Members, RepairKind};

/// Leaves out every empty text, list and object of a study, and `null` that fills no place.
pub(super) fn clean(study: &mut Json, changes: &mut Changes) {
    if let Json::Object(members) = study {
        object(members, changes, 0);
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(entries) => entries.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::Boolean(_) | Json::Number(_) => false,
    }
}

fn step(name: &str) -> String {
    format!(".{}", name.strip_prefix('_').unwrap_or(name))
}

fn object(members: &mut Members, changes: &mut Changes, depth: usize) {
    if depth > Limits::MAX_DEPTH {
        return;
    }
    for index in 0..members.len() {
        let (name, _) = &members[index];
        let name = name.clone();
        let (before, rest) = members.split_at_mut(index);
        let Some(((_, value), after)) = rest.split_first_mut() else {
            break;
        };
        changes.within(step(&name), |changes| match value {
            Json::Object(members) => object(members, changes, depth + 1),
            Json::Array(entries) => {
                // The other list of a pair `x` and `_x`, in which holes have their places.
                let other = match name.strip_prefix('_') {
                    Some(bare) => bare.to_owned(),
                    None => format!("_{name}"),
                };
                let mut others = before.iter_mut().chain(after.iter_mut());
                let other = others.find(|(name, _)| *name == other);
                let other = other.and_then(|(_, value)| match value {
                    Json::Array(entries) => Some(entries),
                    _ => None,
                });
                array(entries, other, changes, depth + 1);
            }
            _ => {}
        });
    }
    members.retain(|(name, value)| {
        let empty = is_empty(value);
        if empty {
            changes.within(step(name), |changes| {
                changes.add(RepairKind::Empty, value.clone(), None);
            });
        }
        !empty
    });
}

fn array(
    entries: &mut Vec<Json>,
    mut other: Option<&mut Vec<Json>>,
    changes: &mut Changes,
    depth: usize,
) {
    if depth > Limits::MAX_DEPTH {
        return;
    }
    for (index, entry) in entries.iter_mut().enumerate() {
        changes.within(format!("[{index}]"), |changes| match entry {
            Json::Object(members) => object(members, changes, depth + 1),
            Json::Array(entries) => array(entries, None, changes, depth + 1),
            _ => {}
        });
    }
    let mut kept = Vec::with_capacity(entries.len());
    let mut left_out = Vec::new();
    for (index, entry) in std::mem::take(entries).into_iter().enumerate() {
        let filled = other
            .as_ref()
            .and_then(|other| other.get(index))
            .is_some_and(|other| !is_empty(other));
        match (is_empty(&entry), filled) {
            (false, _) => kept.push(entry),
            (true, true) => {
                if entry != Json::Null {
                    changes.within(format!("[{index}]"), |changes| {
                        changes.add(RepairKind::Empty, entry, Some(Json::Null));
                    });
                }
                kept.push(Json::Null);
            }
            (true, false) => {
                changes.within(format!("[{index}]"), |changes| {
                    changes.add(RepairKind::Empty, entry, None);
                });
                left_out.push(index);
            }
        }
    }
    *entries = kept;
    if let Some(other) = &mut other {
        let mut index = 0;
        other.retain(|_| {
            let keeps = left_out.binary_search(&index).is_err();
            index += 1;
            keeps
        });
    }
}
