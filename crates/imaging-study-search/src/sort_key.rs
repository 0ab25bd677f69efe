//! The order of the studies that match.

use std::ops::ControlFlow;

use imaging_study_any::AnyImagingStudy;
use smol_str::SmolStr;

use crate::index_value::IndexValue;
use crate::moment::Moment;
use crate::plan::Plan;
use crate::query::Query;
use crate::result::SortBy;

/// What a study is sorted by: keys compare as `_sort` wants the studies to stand. A study without a
/// value stands behind those that have one, in either direction.
///
/// The key is bytes, so that an index can keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortKey(Vec<u8>);

impl SortKey {
    /// The key of a study among those of a query of its version.
    #[must_use]
    pub fn of(query: &Query, study: &AnyImagingStudy) -> Self {
        let mut key = Vec::new();
        for by in &query.result.sort {
            push(by, query, study, &mut key);
        }
        Self(key)
    }

    /// The bytes, which compare as the keys do.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A value that is sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Date(Moment),
    Text(SmolStr),
}

fn push(by: &SortBy, query: &Query, study: &AnyImagingStudy, key: &mut Vec<u8>) {
    let Some(plan) = Plan::named(study.version(), by.parameter.name) else {
        return key.push(u8::MAX);
    };
    let mut chosen: Option<Value> = None;
    let _ = plan.visit(study.element(), &query.options, &mut |value| {
        let value = match value {
            IndexValue::Date(interval) => Some(Value::Date(interval.start)),
            other => other.sort_text().map(Value::Text),
        };
        // Of several, the one that comes first in the order.
        let comes_first = match (&value, &chosen) {
            (None, _) => false,
            (_, None) => true,
            (Some(value), Some(before)) => (value < before) != by.descending,
        };
        if comes_first {
            chosen = value;
        }
        ControlFlow::<()>::Continue(())
    });
    let Some(value) = chosen else {
        return key.push(u8::MAX);
    };
    key.push(0);
    let start = key.len();
    match value {
        Value::Date(moment) => key.extend(moment.key()),
        Value::Text(text) => {
            // No text of FHIR has the character that ends it here.
            key.extend(text.bytes());
            key.push(0);
        }
    }
    if by.descending {
        key[start..].iter_mut().for_each(|byte| *byte = !*byte);
    }
}
