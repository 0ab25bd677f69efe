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

/// The statement that finds the keys of the studies of a version, with what they are sorted by.
fn statement(namespace: i64, version: FhirVersion, query: &Query) -> Sql {
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
    sql
}

fn find_in(
    connection: &Connection,
    namespace: i64,
    version: FhirVersion,
    query: &Query,
    found: &mut Vec<Found>,
) -> Result<(), StoreError> {
    let sql = statement(namespace, version, query);
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

#[cfg(test)]
mod tests {
    use imaging_study_search::Options;

    use super::*;
    use crate::store::SqliteStore;

    #[test]
    fn every_query_goes_by_an_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("studies.db");
        let _store = SqliteStore::open(&path).expect("a store");
        let connection = Connection::open(&path).expect("a connection");
        for text in [
            "",
            "_id=a",
            "identifier=urn:dicom:uid|urn:oid:1.2.3",
            "patient=p",
            "patient=Patient/p,Patient/q",
            "modality=CT&started=ge2026-03&started=lt2026-04",
            "modality=CT,MR&_sort=-started",
            "started=2026-03",
            "status:not=cancelled",
            "endpoint:missing=true",
            "identifier=http://h.example/ids|",
            "identifier:of-type=http://h.example/types|ACSN|1",
            "basedon:identifier=7",
            "bodysite:text=che",
            "_profile=http://h.example/profile",
            "_lastUpdated=gt2026-01-01",
            "subject=https://elsewhere.example/Patient/p",
        ] {
            let options = Options::default();
            let query = Query::parse(text, FhirVersion::R4, &options).expect("a query");
            let sql = statement(1, FhirVersion::R4, &query);
            let plan = format!("EXPLAIN QUERY PLAN {}", sql.text);
            let mut plan = connection.prepare(&plan).expect("a plan");
            let steps = plan.query_map(params_from_iter(&sql.values), |row| row.get(3));
            let steps: Vec<String> = steps
                .expect("steps")
                .map(|step| step.expect("a step"))
                .collect();
            let searches = |step: &String| !step.starts_with("SCAN");
            assert!(steps.iter().all(searches), "{text}: {steps:#?}");
            if rank_of(&query) {
                let by_value = |step: &String| step.contains("entry_value");
                assert!(steps.iter().any(by_value), "{text}: {steps:#?}");
            }
        }
    }

    fn rank_of(query: &Query) -> bool {
        query
            .criteria()
            .iter()
            .any(|criterion| rank(criterion).is_some())
    }
}
