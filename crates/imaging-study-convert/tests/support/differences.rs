//! Where two documents differ, and which reports speak of it.

use imaging_study_convert::Loss;
use imaging_study_core::{Json, Segment};

/// A step of a path: a name or an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Name(String),
    Index(usize),
}

/// The places of values that are in one document and not in the other; of what only the other has,
/// the element that it was added to.
pub(crate) fn differences(before: &Json, after: &Json) -> Vec<Vec<Step>> {
    let mut found = Vec::new();
    walk(
        before,
        after,
        &mut vec![Step::Name("ImagingStudy".to_owned())],
        &mut found,
    );
    found
}

fn walk(before: &Json, after: &Json, path: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    match (before, after) {
        _ if before == after => {}
        (Json::Object(old), Json::Object(new)) => {
            let count = found.len();
            for (name, value) in old {
                let stem = name.strip_prefix('_').unwrap_or(name);
                path.push(Step::Name(stem.to_owned()));
                match after.get(name) {
                    Some(other) => walk(value, other, path, found),
                    None => found.push(path.clone()),
                }
                path.pop();
            }
            let added = new.iter().any(|(name, _)| before.get(name).is_none());
            if added || found.len() == count {
                found.push(path.clone());
            }
        }
        (Json::Array(old), Json::Array(new)) if old.len() == new.len() => {
            for (index, (value, other)) in old.iter().zip(new).enumerate() {
                path.push(Step::Index(index));
                walk(value, other, path, found);
                path.pop();
            }
        }
        (Json::Array(old), Json::Array(new)) => {
            let count = found.len();
            let mut rest: Vec<_> = new.iter().collect();
            for (index, value) in old.iter().enumerate() {
                match rest.iter().position(|other| *other == value) {
                    Some(position) => {
                        rest.remove(position);
                    }
                    None => {
                        path.push(Step::Index(index));
                        found.push(path.clone());
                        path.pop();
                    }
                }
            }
            if found.len() == count {
                found.push(path[..path.len() - 1].to_vec());
            }
        }
        _ => found.push(path.clone()),
    }
}

/// Whether a report speaks of a place: of it, of what is in it, or of what it is in.
pub(crate) fn is_reported(place: &[Step], losses: &[Loss]) -> bool {
    losses.iter().any(|loss| {
        let named = loss.path.segments();
        named.zip(place).all(|(segment, step)| same(segment, step))
    })
}

fn same(segment: &Segment, step: &Step) -> bool {
    match (segment, step) {
        (Segment::Index(segment), Step::Index(step)) => segment == step,
        // A path has the name of a choice without the type.
        (Segment::Name(segment), Step::Name(step)) => {
            step.strip_prefix(segment.as_ref()).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with(|first: char| first.is_ascii_uppercase())
            })
        }
        _ => false,
    }
}
