//! Studies in one SQLite file.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use imaging_study_core::FhirVersion;
use imaging_study_rest::{
    Body, Change, History, Method, Page, Search, Store, StoreError, Stored, Timestamp, Transaction,
    Undo,
};
use imaging_study_search::Matcher;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row as SqlRow, params, params_from_iter};

use crate::rows::Row;
use crate::search::{Found, find};

/// Keeps studies, their versions and their index values in one file, which is made where it is not there.
///
/// One connection writes and several read. What was written is on the disk when [`Store::write`] returns:
/// the journal is a write-ahead log, synchronised with every transaction.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Readers>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct Readers {
    idle: Vec<Connection>,
    open: usize,
}

/// How many connections read at once.
const MOST_READERS: usize = 16;

/// What tells the file from those of other programs, and its form.
const APPLICATION: i64 = 0x494D_5354;
const FORM: i64 = 1;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS namespace (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS study (
    key INTEGER PRIMARY KEY,
    namespace INTEGER NOT NULL,
    id TEXT NOT NULL,
    -- The number of the newest version, and whether it is a deletion.
    number INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    -- The FHIR version of the newest version that is no deletion.
    fhir INTEGER NOT NULL,
    UNIQUE (namespace, id)
);
CREATE INDEX IF NOT EXISTS study_spelling ON study (namespace, id COLLATE NOCASE);
CREATE INDEX IF NOT EXISTS study_fhir ON study (namespace, deleted, fhir);
CREATE TABLE IF NOT EXISTS version (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace INTEGER NOT NULL,
    study INTEGER NOT NULL,
    number INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    method INTEGER NOT NULL,
    creates INTEGER NOT NULL,
    fhir INTEGER NOT NULL,
    json TEXT,
    UNIQUE (study, number)
);
CREATE INDEX IF NOT EXISTS version_namespace ON version (namespace, key);
CREATE TABLE IF NOT EXISTS entry (
    study INTEGER NOT NULL,
    parameter TEXT NOT NULL,
    kind INTEGER NOT NULL,
    a NOT NULL,
    b NOT NULL,
    c NOT NULL,
    namespace INTEGER NOT NULL,
    fhir INTEGER NOT NULL,
    PRIMARY KEY (study, parameter, kind, a, b, c)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entry_value ON entry (namespace, fhir, parameter, kind, a, b, c);
";

/// The columns of a version that [`stored`] reads.
pub(crate) const COLUMNS: &str = "study.id, version.number, version.updated, version.method, version.creates, version.fhir, version.json";

pub(crate) fn failed(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy) => StoreError::Busy,
        _ => StoreError::new(error),
    }
}

/// The number that stands for a FHIR version in the file.
pub(crate) const fn code(version: FhirVersion) -> i64 {
    match version {
        FhirVersion::Dstu2 => 10,
        FhirVersion::Stu3 => 30,
        FhirVersion::R4 => 40,
        FhirVersion::R4B => 43,
        FhirVersion::R5 => 50,
        FhirVersion::R6Draft => 59,
        FhirVersion::R6 => 60,
    }
}

fn version_of(number: i64) -> Option<FhirVersion> {
    FhirVersion::ALL
        .into_iter()
        .find(|version| code(*version) == number)
}

/// A version as it is stored.
pub(crate) fn stored(row: &SqlRow<'_>) -> rusqlite::Result<Stored> {
    let json: Option<String> = row.get(6)?;
    let fhir: i64 = row.get(5)?;
    let version = version_of(fhir).ok_or(rusqlite::Error::IntegralValueOutOfRange(5, fhir))?;
    Ok(Stored {
        id: row.get(0)?,
        number: u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default(),
        last_updated: Timestamp(row.get(2)?),
        method: match row.get::<_, i64>(3)? {
            0 => Method::Post,
            1 => Method::Put,
            _ => Method::Delete,
        },
        creates: row.get(4)?,
        body: json.map(|json| Body {
            version,
            json: json.into(),
        }),
    })
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl SqliteStore {
    /// Opens a file, or makes it.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, or is that of another program.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let writer = Connection::open(path).map_err(failed)?;
        prepare(&writer).map_err(failed)?;
        let number = |name| writer.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let application = number("application_id").map_err(failed)?;
        let form = number("user_version").map_err(failed)?;
        match (application, form) {
            (0, 0) => {
                let tables = "SELECT count(*) FROM sqlite_master";
                let tables = writer.query_row(tables, [], |row| row.get::<_, i64>(0));
                if tables.map_err(failed)? > 0 {
                    return Err(StoreError::new("the file is a database of another program"));
                }
                let schema = format!(
                    "BEGIN IMMEDIATE; {SCHEMA} PRAGMA application_id = {APPLICATION};
                     PRAGMA user_version = {FORM}; COMMIT;"
                );
                writer.execute_batch(&schema).map_err(failed)?;
            }
            (APPLICATION, FORM) => {}
            (APPLICATION, _) => {
                return Err(StoreError::new(
                    "the file is that of another version of the server",
                ));
            }
            _ => return Err(StoreError::new("the file is a database of another program")),
        }
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            returned: Condvar::new(),
        })
    }

    /// Brings the write-ahead log into the file and empties it, for the end of a server.
    ///
    /// # Errors
    ///
    /// The store fails.
    pub fn close(&self) -> Result<(), StoreError> {
        let writer = lock(&self.writer);
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        writer.query_row(checkpoint, [], |_| Ok(())).map_err(failed)
    }

    /// Reads with a connection that is free, or a new one.
    fn reading<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut readers = lock(&self.readers);
        let connection = loop {
            if let Some(idle) = readers.idle.pop() {
                break Some(idle);
            }
            if readers.open < MOST_READERS {
                readers.open += 1;
                break None;
            }
            let waited = self.returned.wait(readers);
            readers = waited.unwrap_or_else(PoisonError::into_inner);
        };
        drop(readers);
        // Gives the place back also where reading panics.
        let mut place = Place {
            store: self,
            connection,
        };
        if place.connection.is_none() {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let opened = Connection::open_with_flags(&self.path, flags).map_err(failed)?;
            opened
                .busy_timeout(Duration::from_secs(10))
                .map_err(failed)?;
            opened.set_prepared_statement_cache_capacity(64);
            place.connection = Some(opened);
        }
        match &place.connection {
            Some(connection) => read(connection),
            None => Err(StoreError::Busy),
        }
    }
}

/// A place among the readers.
struct Place<'s> {
    store: &'s SqliteStore,
    connection: Option<Connection>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut readers = lock(&self.store.readers);
        match self.connection.take() {
            Some(connection) => readers.idle.push(connection),
            None => readers.open -= 1,
        }
        self.store.returned.notify_one();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn prepare(writer: &Connection) -> rusqlite::Result<()> {
    writer.busy_timeout(Duration::from_secs(10))?;
    writer.set_prepared_statement_cache_capacity(64);
    writer.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    writer.pragma_update(None, "synchronous", "FULL")?;
    writer.query_row("PRAGMA journal_size_limit = 67108864", [], |_| Ok(()))?;
    writer.pragma_update(None, "cache_size", -65536)
}

/// The key of a namespace, if it has studies.
fn namespace(connection: &Connection, name: &str) -> Result<Option<i64>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT key FROM namespace WHERE name = ?")
        .map_err(failed)?;
    statement
        .query_row([name], |row| row.get(0))
        .optional()
        .map_err(failed)
}

fn newest(connection: &Connection, namespace: i64, id: &str) -> Result<Option<Stored>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM study JOIN version
         ON version.study = study.key AND version.number = study.number
         WHERE study.namespace = ? AND study.id = ?"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
    statement
        .query_row(params![namespace, id], stored)
        .optional()
        .map_err(failed)
}

fn versions(connection: &Connection, namespace: i64) -> Result<Vec<FhirVersion>, StoreError> {
    let mut found = Vec::new();
    let mut statement = connection
        .prepare_cached(
            "SELECT 1 FROM study WHERE namespace = ? AND deleted = 0 AND fhir = ? LIMIT 1",
        )
        .map_err(failed)?;
    for version in FhirVersion::ALL {
        if statement
            .exists(params![namespace, code(version)])
            .map_err(failed)?
        {
            found.push(version);
        }
    }
    Ok(found)
}

/// The newest versions of studies by their keys, in the order of the keys.
fn read_keys(connection: &Connection, found: &[Found]) -> Result<Vec<Stored>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM study JOIN version
         ON version.study = study.key AND version.number = study.number WHERE study.key = ?"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
    let read = found
        .iter()
        .map(|found| statement.query_row([found.study], stored).map_err(failed));
    read.collect()
}

/// Runs a read in a transaction, so that all of it is of one moment.
fn at_once<T>(
    connection: &Connection,
    read: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = connection.unchecked_transaction().map_err(failed)?;
    let result = read();
    drop(transaction);
    result
}

impl Store for SqliteStore {
    fn read(&self, name: &str, id: &str) -> Result<Option<Stored>, StoreError> {
        self.reading(|connection| match namespace(connection, name)? {
            Some(namespace) => newest(connection, namespace, id),
            None => Ok(None),
        })
    }

    fn read_version(
        &self,
        name: &str,
        id: &str,
        number: u64,
    ) -> Result<Option<Stored>, StoreError> {
        self.reading(|connection| {
            let Some(namespace) = namespace(connection, name)? else {
                return Ok(None);
            };
            let sql = format!(
                "SELECT {COLUMNS} FROM study JOIN version ON version.study = study.key
                 WHERE study.namespace = ? AND study.id = ? AND version.number = ?"
            );
            let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
            statement
                .query_row(params![namespace, id, signed(number)], stored)
                .optional()
                .map_err(failed)
        })
    }

    fn spelling(&self, name: &str, id: &str) -> Result<Option<String>, StoreError> {
        self.reading(|connection| {
            let Some(namespace) = namespace(connection, name)? else {
                return Ok(None);
            };
            let sql = "SELECT id FROM study WHERE namespace = ? AND id = ? COLLATE NOCASE LIMIT 1";
            let mut statement = connection.prepare_cached(sql).map_err(failed)?;
            statement
                .query_row(params![namespace, id], |row| row.get(0))
                .optional()
                .map_err(failed)
        })
    }

    fn history(&self, name: &str, history: &History<'_>) -> Result<Page, StoreError> {
        let before = match history.after {
            None => i64::MAX,
            Some(cursor) => i64::from_be_bytes(cursor.try_into().map_err(|_| StoreError::Cursor)?),
        };
        self.reading(|connection| {
            let Some(namespace) = namespace(connection, name)? else {
                return Ok(Page::default());
            };
            let since = history.since.map_or(i64::MIN, |since| since.0);
            let mut wanted = String::from("version.namespace = ?1 AND version.updated >= ?2");
            let mut values = vec![Value::Integer(namespace), Value::Integer(since)];
            if let Some(id) = history.id {
                wanted.push_str(
                    " AND version.study = (SELECT key FROM study WHERE namespace = ?1 AND id = ?3)",
                );
                values.push(Value::Text(id.to_owned()));
            }
            at_once(connection, || {
                let count = format!("SELECT count(*) FROM version WHERE {wanted}");
                let mut statement = connection.prepare_cached(&count).map_err(failed)?;
                let total = statement.query_row(params_from_iter(&values), |row| row.get::<_, i64>(0));
                let mut page = Page {
                    total: u64::try_from(total.map_err(failed)?).unwrap_or_default(),
                    ..Page::default()
                };
                let (one, two) = (values.len() + 1, values.len() + 2);
                let sql = format!(
                    "SELECT {COLUMNS}, version.key FROM version JOIN study ON study.key = version.study
                     WHERE {wanted} AND version.key < ?{one} ORDER BY version.key DESC LIMIT ?{two}"
                );
                let limit = i64::try_from(history.limit).unwrap_or(i64::MAX - 1);
                let mut values = values.clone();
                values.extend([Value::Integer(before), Value::Integer(limit + 1)]);
                let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
                let rows = statement
                    .query_map(params_from_iter(&values), |row| {
                        Ok((stored(row)?, row.get::<_, i64>(7)?))
                    })
                    .map_err(failed)?;
                for row in rows {
                    let (stored, key) = row.map_err(failed)?;
                    if page.entries.len() == history.limit {
                        page.more = true;
                        break;
                    }
                    page.entries.push((stored, key.to_be_bytes().to_vec()));
                }
                Ok(page)
            })
        })
    }

    fn search(&self, name: &str, search: &Search<'_>) -> Result<Page, StoreError> {
        self.reading(|connection| {
            let Some(namespace) = namespace(connection, name)? else {
                return Ok(Page::default());
            };
            at_once(connection, || {
                let stored = versions(connection, namespace)?;
                let mut found = find(connection, namespace, &stored, search.matcher)?;
                let mut page = Page {
                    total: found.len() as u64,
                    ..Page::default()
                };
                if let Some(after) = search.after {
                    found.retain(|found| found.key.as_slice() > after);
                }
                page.more = found.len() > search.limit;
                found.truncate(search.limit);
                let stored = read_keys(connection, &found)?;
                let keys = found.into_iter().map(|found| found.key);
                page.entries = stored.into_iter().zip(keys).collect();
                Ok(page)
            })
        })
    }

    fn versions(&self, name: &str) -> Result<Vec<FhirVersion>, StoreError> {
        self.reading(|connection| match namespace(connection, name)? {
            Some(namespace) => versions(connection, namespace),
            None => Ok(Vec::new()),
        })
    }

    fn write(
        &self,
        name: &str,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Undo>,
    ) -> Result<(), StoreError> {
        let mut writer = lock(&self.writer);
        let behavior = rusqlite::TransactionBehavior::Immediate;
        // Dropped without a commit, it undoes what was done, also where the work panics.
        let transaction = writer.transaction_with_behavior(behavior).map_err(failed)?;
        let namespace = match namespace(&transaction, name)? {
            Some(namespace) => namespace,
            None => {
                let sql = "INSERT INTO namespace (name) VALUES (?)";
                transaction.execute(sql, [name]).map_err(failed)?;
                transaction.last_insert_rowid()
            }
        };
        let mut writing = Writing {
            connection: &transaction,
            namespace,
        };
        match work(&mut writing) {
            Ok(()) => transaction.commit().map_err(failed),
            Err(Undo::Unwanted) => transaction.rollback().map_err(failed),
            Err(Undo::Failed(error)) => Err(error),
        }
    }
}

/// A write that is under way.
struct Writing<'c> {
    connection: &'c Connection,
    namespace: i64,
}

impl Transaction for Writing<'_> {
    fn read(&mut self, id: &str) -> Result<Option<Stored>, StoreError> {
        newest(self.connection, self.namespace, id)
    }

    fn find(&mut self, matcher: &Matcher, limit: usize) -> Result<Vec<Stored>, StoreError> {
        let stored = versions(self.connection, self.namespace)?;
        let mut found = find(self.connection, self.namespace, &stored, matcher)?;
        found.truncate(limit);
        read_keys(self.connection, &found)
    }

    fn put(&mut self, change: &Change<'_>) -> Result<(), StoreError> {
        let (connection, stored) = (self.connection, change.stored);
        let number = signed(stored.number);
        let fhir = stored.body.as_ref().map(|body| code(body.version));
        let sql =
            "INSERT INTO study (namespace, id, number, deleted, fhir) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (namespace, id) DO UPDATE
             SET number = ?3, deleted = ?4, fhir = coalesce(?6, fhir) RETURNING key, fhir";
        let mut statement = connection.prepare_cached(sql).map_err(failed)?;
        let values = params![
            self.namespace,
            stored.id,
            number,
            stored.body.is_none(),
            fhir.unwrap_or_default(),
            fhir
        ];
        let (study, fhir): (i64, i64) = statement
            .query_row(values, |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(failed)?;
        let sql =
            "INSERT INTO version (namespace, study, number, updated, method, creates, fhir, json)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let mut statement = connection.prepare_cached(sql).map_err(failed)?;
        let method = match stored.method {
            Method::Post => 0,
            Method::Put => 1,
            Method::Delete => 2,
        };
        let json = stored.body.as_ref().map(|body| &*body.json);
        statement
            .execute(params![
                self.namespace,
                study,
                number,
                stored.last_updated.0,
                method,
                stored.creates,
                fhir,
                json
            ])
            .map_err(failed)?;
        if stored.number > 1 {
            let sql = "DELETE FROM entry WHERE study = ?";
            let mut statement = connection.prepare_cached(sql).map_err(failed)?;
            statement.execute([study]).map_err(failed)?;
        }
        let Some((_, index)) = change.study else {
            return Ok(());
        };
        let sql = "INSERT OR IGNORE INTO entry (study, parameter, kind, a, b, c, namespace, fhir)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let mut statement = connection.prepare_cached(sql).map_err(failed)?;
        for entry in &index.entries {
            let parameter = entry.parameter.name;
            let row = Row::of(parameter, &entry.value, change.base);
            statement
                .execute(params![
                    study,
                    parameter,
                    row.kind as i64,
                    row.a,
                    row.b,
                    row.c,
                    self.namespace,
                    fhir
                ])
                .map_err(failed)?;
        }
        Ok(())
    }
}
