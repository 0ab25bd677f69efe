//! A store in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{PoisonError, RwLock};

use imaging_study_any::AnyImagingStudy;
use imaging_study_core::FhirVersion;
use imaging_study_search::Matcher;

use crate::store::{Change, History, Page, Search, Store, StoreError, Stored, Transaction, Undo};

/// Keeps studies in memory, for tests and small uses: a search looks at every study.
///
/// ```
/// use imaging_study_rest::{Layout, MemoryStore, Request, Service};
///
/// let service = Service::new(MemoryStore::default(), vec![Layout::standard("fhir")]);
/// let study = r#"{"resourceType": "ImagingStudy", "status": "available", "subject": {"reference": "Patient/p"}}"#;
/// let request = Request::new("POST", "/fhir/ImagingStudy").body("application/fhir+json", study);
/// assert_eq!(service.answer(&request).status, 201);
/// let found = service.answer(&Request::get("/fhir/ImagingStudy?patient=p"));
/// assert!(found.text().contains(r#""total":1"#));
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore {
    namespaces: RwLock<HashMap<String, Namespace>>,
}

#[derive(Debug, Default)]
struct Namespace {
    /// Every version in the order in which they came.
    versions: Vec<Stored>,
    /// The places of the versions of a study.
    places: BTreeMap<String, Vec<usize>>,
    /// The studies that are there.
    studies: BTreeMap<String, AnyImagingStudy>,
}

impl Namespace {
    fn newest(&self, id: &str) -> Option<&Stored> {
        let place = self.places.get(id)?.last()?;
        self.versions.get(*place)
    }

    fn put(&mut self, stored: Stored, study: Option<AnyImagingStudy>) {
        let id = stored.id.clone();
        let places = self.places.entry(id.clone()).or_default();
        places.push(self.versions.len());
        self.versions.push(stored);
        match study {
            Some(study) => self.studies.insert(id, study),
            None => self.studies.remove(&id),
        };
    }

    fn history(&self, history: &History<'_>) -> Result<Page, StoreError> {
        let before = match history.after {
            None => self.versions.len(),
            Some(cursor) => {
                let bytes = cursor.try_into().map_err(|_| StoreError::Cursor)?;
                usize::try_from(u64::from_be_bytes(bytes)).map_err(|_| StoreError::Cursor)?
            }
        };
        let is_wanted = |stored: &Stored| {
            history.id.is_none_or(|id| id == stored.id)
                && history
                    .since
                    .is_none_or(|since| stored.last_updated >= since)
        };
        let mut page = Page::default();
        for (place, stored) in self.versions.iter().enumerate().rev() {
            if !is_wanted(stored) {
                continue;
            }
            page.total += 1;
            if place >= before {
                continue;
            }
            if page.entries.len() == history.limit {
                page.more = true;
                continue;
            }
            let cursor = (place as u64).to_be_bytes().to_vec();
            page.entries.push((stored.clone(), cursor));
        }
        Ok(page)
    }

    fn search(&self, search: &Search<'_>) -> Page {
        let mut found: Vec<(Vec<u8>, &str)> = Vec::new();
        for (id, study) in &self.studies {
            if search.matcher.matches(study) {
                let mut key = search.matcher.sort_key(study).as_bytes().to_vec();
                key.extend(id.bytes());
                found.push((key, id));
            }
        }
        found.sort();
        let mut page = Page {
            total: found.len() as u64,
            ..Page::default()
        };
        let is_behind = |key: &[u8]| search.after.is_none_or(|after| key > after);
        for (key, id) in found.into_iter().filter(|(key, _)| is_behind(key)) {
            if page.entries.len() == search.limit {
                page.more = true;
                break;
            }
            if let Some(stored) = self.newest(id) {
                page.entries.push((stored.clone(), key));
            }
        }
        page
    }
}

impl MemoryStore {
    fn with<T>(&self, namespace: &str, look: impl FnOnce(&Namespace) -> T) -> T {
        let namespaces = self.namespaces.read();
        let namespaces = namespaces.unwrap_or_else(PoisonError::into_inner);
        match namespaces.get(namespace) {
            Some(namespace) => look(namespace),
            None => look(&Namespace::default()),
        }
    }
}

impl Store for MemoryStore {
    fn read(&self, namespace: &str, id: &str) -> Result<Option<Stored>, StoreError> {
        Ok(self.with(namespace, |namespace| namespace.newest(id).cloned()))
    }

    fn read_version(
        &self,
        namespace: &str,
        id: &str,
        number: u64,
    ) -> Result<Option<Stored>, StoreError> {
        Ok(self.with(namespace, |namespace| {
            let mut places = namespace.places.get(id)?.iter();
            places.find_map(|place| {
                let stored = namespace.versions.get(*place)?;
                (stored.number == number).then(|| stored.clone())
            })
        }))
    }

    fn spelling(&self, namespace: &str, id: &str) -> Result<Option<String>, StoreError> {
        Ok(self.with(namespace, |namespace| {
            let mut ids = namespace.places.keys();
            ids.find(|known| known.eq_ignore_ascii_case(id)).cloned()
        }))
    }

    fn history(&self, namespace: &str, history: &History<'_>) -> Result<Page, StoreError> {
        self.with(namespace, |namespace| namespace.history(history))
    }

    fn search(&self, namespace: &str, search: &Search<'_>) -> Result<Page, StoreError> {
        Ok(self.with(namespace, |namespace| namespace.search(search)))
    }

    fn versions(&self, namespace: &str) -> Result<Vec<FhirVersion>, StoreError> {
        let mut versions = self.with(namespace, |namespace| {
            let studies = namespace.studies.values();
            studies.map(AnyImagingStudy::version).collect::<Vec<_>>()
        });
        versions.sort_unstable();
        versions.dedup();
        Ok(versions)
    }

    fn write(
        &self,
        namespace: &str,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Undo>,
    ) -> Result<(), StoreError> {
        let namespaces = self.namespaces.write();
        let mut namespaces = namespaces.unwrap_or_else(PoisonError::into_inner);
        let mut writing = Writing {
            namespace: namespaces.entry(namespace.to_owned()).or_default(),
            puts: Vec::new(),
        };
        match work(&mut writing) {
            Ok(()) => {
                let Writing { namespace, puts } = writing;
                for (stored, study) in puts {
                    namespace.put(stored, study);
                }
                Ok(())
            }
            Err(Undo::Unwanted) => Ok(()),
            Err(Undo::Failed(error)) => Err(error),
        }
    }
}

/// A write that is under way: what was put is kept at its end.
struct Writing<'n> {
    namespace: &'n mut Namespace,
    puts: Vec<(Stored, Option<AnyImagingStudy>)>,
}

impl Writing<'_> {
    fn newest_put(&self, id: &str) -> Option<&(Stored, Option<AnyImagingStudy>)> {
        self.puts.iter().rev().find(|(stored, _)| stored.id == id)
    }
}

impl Transaction for Writing<'_> {
    fn read(&mut self, id: &str) -> Result<Option<Stored>, StoreError> {
        let put = self.newest_put(id).map(|(stored, _)| stored);
        Ok(put.or_else(|| self.namespace.newest(id)).cloned())
    }

    fn find(&mut self, matcher: &Matcher, limit: usize) -> Result<Vec<Stored>, StoreError> {
        let mut found = Vec::new();
        for (id, study) in &self.namespace.studies {
            if found.len() < limit && self.newest_put(id).is_none() && matcher.matches(study) {
                found.extend(self.namespace.newest(id).cloned());
            }
        }
        for (stored, study) in &self.puts {
            let is_newest = self.newest_put(&stored.id).map(|(newest, _)| newest) == Some(stored);
            let matches = study.as_ref().is_some_and(|study| matcher.matches(study));
            if found.len() < limit && is_newest && matches {
                found.push(stored.clone());
            }
        }
        Ok(found)
    }

    fn put(&mut self, change: &Change<'_>) -> Result<(), StoreError> {
        let study = change.study.map(|(study, _)| study.clone());
        self.puts.push((change.stored.clone(), study));
        Ok(())
    }
}
