//! Searching the index values.

use imaging_study_core::FhirVersion;
use imaging_study_rest::StoreError;
use imaging_study_search::{Criterion, Matcher, Modifier, Query};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, params_from_iter};

use crate::condition::{alternatives, rank};
use crate::store::{code, failed};

/// A study that was found.
pub(crate) struct Found {
    /// Its key.
    pub(crate) study: i64,
    /// What it is sorted by, and behind it its key: the cursor of its place.
    pub(crate) key: Vec<u8>,
}

/// The studies of a namespace that match, in their order.
pub(crate) fn find(
    connection: &Connection,
    namespace: i64,
    stored: &[FhirVersion],
    matcher: &Matcher,
) -> Result<Vec<Found>, StoreError> {
    let mut found = Vec::new();
    for version in stored {
        let asked = matcher.asked(*version);
        // What the version cannot be asked matches none of its studies.
        if asked.error().is_none() && asked.untranslatable().iter().all(|part| part.partly) {
            find_in(connection, namespace, *version, asked.query(), &mut found)?;
        }
    }
    found.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(found)
}

/// A statement as it grows.
#[derive(Default)]
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    fn push(&mut self, text: &str, values: impl IntoIterator<Item = Value>) {
        self.text.push_str(text);
        self.values.extend(values);
    }
}

fn find_in(
    connection: &Connection,
    namespace: i64,
    version: FhirVersion,
    query: &Query,
    found: &mut Vec<Found>,
) -> Result<(), StoreError> {
    let fhir = code(version);
    let mut sql = Sql::default();
    sql.push("SELECT study.key", []);
    for by in &query.result().sort {
        let which = if by.descending { "max" } else { "min" };
        sql.push(
            &format!(
                ", (SELECT {which}(CASE kind WHEN 5 THEN b || '/' || a ELSE a END) FROM entry
                 WHERE study = study.key AND parameter = ? AND kind NOT IN (2, 3, 7, 8, 10))"
            )
            .replace("study = study.key", "entry.study = study.key"),
            [Value::Text(by.parameter.name.to_owned())],
        );
    }
    sql.push(" FROM study WHERE ", []);
    let criteria = query.criteria();
    let ranked = criteria.iter().enumerate();
    let ranked = ranked.filter_map(|(index, criterion)| Some((rank(criterion)?, index, criterion)));
    let first = ranked.min_by_key(|(rank, ..)| *rank);
    match first {
        Some((_, _, criterion)) => {
            sql.push("study.key IN (", []);
            for (index, condition) in alternatives(criterion, query).into_iter().enumerate() {
                let union = if index == 0 { "" } else { " UNION ALL " };
                let text = format!(
                    "{union}SELECT study FROM entry
                     WHERE namespace = ? AND fhir = ? AND parameter = ? AND {}",
                    condition.sql
                );
                let name = Value::Text(criterion.parameter().name.to_owned());
                sql.push(
                    &text,
                    [Value::Integer(namespace), Value::Integer(fhir), name],
                );
                sql.push("", condition.values);
            }
            // The index of values comes first, and no other.
            sql.push(
                ") AND +study.namespace = ? AND +study.deleted = 0 AND +study.fhir = ?",
                [Value::Integer(namespace), Value::Integer(fhir)],
            );
        }
        None => sql.push(
            "study.namespace = ? AND study.deleted = 0 AND study.fhir = ?",
            [Value::Integer(namespace), Value::Integer(fhir)],
        ),
    }
    for (index, criterion) in criteria.iter().enumerate() {
        if first.is_none_or(|(_, first, _)| first != index) {
            ask(criterion, query, &mut sql);
        }
    }
    let mut statement = connection.prepare_cached(&sql.text).map_err(failed)?;
    let mut rows = statement
        .query(params_from_iter(&sql.values))
        .map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let study: i64 = row.get(0).map_err(failed)?;
        let mut key = Vec::new();
        for (index, by) in query.result().sort.iter().enumerate() {
            push_key(
                row.get_ref(index + 1).map_err(failed)?,
                by.descending,
                &mut key,
            );
        }
        key.extend(study.to_be_bytes());
        found.push(Found { study, key });
    }
    Ok(())
}

/// Asks a criterion of the studies that are found.
fn ask(criterion: &Criterion, query: &Query, sql: &mut Sql) {
    let exists = match criterion.modifier {
        Modifier::Missing(missing) => !missing,
        Modifier::Not => false,
        _ => true,
    };
    let not = if exists { "" } else { "NOT " };
    let name = Value::Text(criterion.parameter().name.to_owned());
    sql.push(
        &format!(
            " AND {not}EXISTS (SELECT 1 FROM entry WHERE entry.study = study.key AND parameter = ?"
        ),
        [name],
    );
    if !matches!(criterion.modifier, Modifier::Missing(_)) {
        sql.push(" AND (0", []);
        for condition in alternatives(criterion, query) {
            sql.push(&format!(" OR ({})", condition.sql), condition.values);
        }
        sql.push(")", []);
    }
    sql.push(")", []);
}

/// Adds a value that is sorted by: those without one come last, in either direction.
fn push_key(value: ValueRef<'_>, descending: bool, key: &mut Vec<u8>) {
    let bytes = match value {
        ValueRef::Text(bytes) => bytes,
        ValueRef::Blob(bytes) => bytes,
        _ => return key.push(u8::MAX),
    };
    key.push(0);
    let start = key.len();
    key.extend(bytes);
    if matches!(value, ValueRef::Text(_)) {
        // No text of FHIR has the character that ends it here.
        key.push(0);
    }
    if descending {
        key[start..].iter_mut().for_each(|byte| *byte = !*byte);
    }
}
