//! Storing studies that come from elsewhere.

use imaging_study_any::AnyImagingStudy;
use imaging_study_core::ReadError;
use imaging_study_json::Decoder;
use imaging_study_search::{Index, is_subset};

use crate::body::detected;
use crate::exchange::is_id;
use crate::service::{Service, Stop};
use crate::store::{Change, Method, Store, StoreError, Stored, Transaction};
use crate::writing::stamped;

/// What became of a study that was to be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Imported {
    /// It is new.
    Created,
    /// It is a new version of a study.
    Updated,
    /// The same study was there, and nothing was written.
    Unchanged,
    /// It is a part of a study, and was not stored.
    Subset,
    /// It cannot be written as JSON, and was not stored.
    Unwritable,
}

impl<S: Store> Service<S> {
    /// Reads a study in JSON, of the version that its elements tell; where they leave it open, of the
    /// default of the service.
    ///
    /// # Errors
    ///
    /// The bytes are no study of the version.
    pub fn read_json(&self, bytes: &[u8]) -> Result<AnyImagingStudy, ReadError> {
        let version = detected(bytes, self.settings.version)?;
        let read = AnyImagingStudy::from_json(bytes, version, &mut Decoder::default());
        Ok(read?.value)
    }

    /// Stores studies below the path of an API, e.g. `/fhir`: all of them, or none where the store
    /// fails. Each keeps its id; one without an id has its Study Instance UID as its id, or a new one. It
    /// is not asked whether they keep to the rules of their versions.
    ///
    /// # Errors
    ///
    /// The store fails.
    pub fn import(
        &self,
        path: &str,
        namespace: &str,
        studies: &[AnyImagingStudy],
    ) -> Result<Vec<Imported>, StoreError> {
        let base = format!("{}{path}", self.settings.base.trim_end_matches('/'));
        let mut imported = Vec::new();
        let done = self.transact(namespace, |transaction| {
            imported.clear();
            for study in studies {
                imported.push(self.import_one(transaction, &base, study)?);
            }
            Ok(())
        });
        // All that is refused is told by what became of the study.
        done.map_err(|_| StoreError::new("the studies were not stored"))?;
        Ok(imported)
    }

    fn import_one(
        &self,
        transaction: &mut dyn Transaction,
        base: &str,
        study: &AnyImagingStudy,
    ) -> Result<Imported, Stop> {
        if is_subset(study) {
            return Ok(Imported::Subset);
        }
        let id = study.id().map(str::to_owned);
        let id = id.or_else(|| Some(study.study_uid().require().ok()?.to_string()));
        let id = id
            .filter(|id| is_id(id))
            .unwrap_or_else(|| (self.settings.new_id)());
        let newest = transaction.read(&id)?;
        let mut study = study.clone();
        let mut stamp = |number, time| stamped(&mut study, id.clone(), number, time, Method::Put);
        if let Some(newest) = &newest {
            // The same study would be the same text, were it stored as the newest version.
            match stamp(newest.number, newest.last_updated) {
                Ok(same) if same.body == newest.body => return Ok(Imported::Unchanged),
                Ok(_) => {}
                Err(_) => return Ok(Imported::Unwritable),
            }
        }
        let now = (self.settings.now)();
        let (number, time) = match &newest {
            Some(newest) => (newest.number + 1, now.max(newest.last_updated)),
            None => (1, now),
        };
        let Ok(stored) = stamp(number, time) else {
            return Ok(Imported::Unwritable);
        };
        let was_there = newest.is_some_and(|newest| newest.body.is_some());
        let stored = Stored {
            creates: !was_there,
            ..stored
        };
        let index = Index::of(&study, &self.settings.index_options(base));
        transaction.put(&Change {
            stored: &stored,
            study: Some((&study, &index)),
            base: Some(base),
        })?;
        Ok(match was_there {
            true => Imported::Updated,
            false => Imported::Created,
        })
    }
}
