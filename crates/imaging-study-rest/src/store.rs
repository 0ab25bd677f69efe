//! What keeps the studies.

use std::sync::Arc;

use imaging_study_any::AnyImagingStudy;
use imaging_study_core::FhirVersion;
use imaging_study_json::Decoder;
use imaging_study_search::{Index, Matcher};

use crate::Timestamp;

/// A version of a study as it is stored, or the deletion of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The id of the study.
    pub id: String,
    /// The number of the version: 1 for the first, and one more for each that follows.
    pub number: u64,
    /// When it was stored.
    pub last_updated: Timestamp,
    /// How it came about.
    pub method: Method,
    /// Whether there was no study with the id before, or only a deleted one.
    pub creates: bool,
    /// What is stored; nothing of a deletion.
    pub body: Option<Body>,
}

/// How a version came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// The study was created, and the server chose its id.
    Post,
    /// The study was created with an id, or changed.
    Put,
    /// The study was deleted.
    Delete,
}

impl Method {
    /// The name in HTTP.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// A study as it is stored: with its id, the id of its version and the time in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The version of FHIR that it is in.
    pub version: FhirVersion,
    /// FHIR JSON without white space.
    pub json: Arc<str>,
}

impl Body {
    /// The study.
    ///
    /// # Errors
    ///
    /// The text is no study of the version, so that the store has not kept what it was given.
    pub fn study(&self) -> Result<AnyImagingStudy, StoreError> {
        let mut decoder = Decoder::default();
        let read = AnyImagingStudy::from_json(self.json.as_bytes(), self.version, &mut decoder);
        Ok(read.map_err(StoreError::new)?.value)
    }
}

/// A new version for a store to keep.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// What is to be stored.
    pub stored: &'a Stored,
    /// The same study, and what it is found by; nothing for a deletion.
    pub study: Option<(&'a AnyImagingStudy, &'a Index<'a>)>,
    /// The URL of the API: URLs below it are the same as relative ones.
    pub base: Option<&'a str>,
}

/// What a search wants of a store.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// What is asked, of each version in its own parameters, and how the answer is sorted: each query
    /// of the matcher has the sort keys.
    pub matcher: &'a Matcher,
    /// The greatest number of studies, which may be 0.
    pub limit: usize,
    /// The cursor of the entry behind which the page begins.
    pub after: Option<&'a [u8]>,
}

/// What a history wants of a store.
#[derive(Clone, Copy, Debug)]
pub struct History<'a> {
    /// The study; all without one.
    pub id: Option<&'a str>,
    /// Only versions that were stored then or later.
    pub since: Option<Timestamp>,
    /// The greatest number of versions, which may be 0.
    pub limit: usize,
    /// The cursor of the entry behind which the page begins.
    pub after: Option<&'a [u8]>,
}

/// A part of an answer of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many there are, on all pages together.
    pub total: u64,
    /// Those of this page, each with a cursor: bytes by which the store finds the place again.
    pub entries: Vec<(Stored, Vec<u8>)>,
    /// Whether others follow.
    pub more: bool,
}

/// A store cannot answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A cursor is none that it gave.
    #[error("no such page")]
    Cursor,
    /// It has to do too much; later it may do.
    #[error("the store is busy")]
    Busy,
    /// It fails.
    #[error("the store fails")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// A failure for a reason.
    #[must_use]
    pub fn new(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Failed(source.into())
    }
}

/// What is to be undone, and nothing of it kept.
#[derive(Debug)]
pub enum Undo {
    /// Whoever writes does not want it.
    Unwanted,
    /// The store failed.
    Failed(StoreError),
}

impl From<StoreError> for Undo {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// Keeps studies with all of their versions, in namespaces that know nothing of one another.
///
/// What it gives is what it was given. An id belongs to one study of its namespace also after the study
/// was deleted.
pub trait Store: Send + Sync {
    /// The newest version of a study, which may be its deletion.
    ///
    /// # Errors
    ///
    /// The store fails.
    fn read(&self, namespace: &str, id: &str) -> Result<Option<Stored>, StoreError>;

    /// One version of a study.
    ///
    /// # Errors
    ///
    /// The store fails.
    fn read_version(
        &self,
        namespace: &str,
        id: &str,
        number: u64,
    ) -> Result<Option<Stored>, StoreError>;

    /// The spelling of an id that is the same but for the case of its ASCII letters.
    ///
    /// # Errors
    ///
    /// The store fails.
    fn spelling(&self, namespace: &str, id: &str) -> Result<Option<String>, StoreError>;

    /// Versions, the newest first.
    ///
    /// # Errors
    ///
    /// The store fails, or a cursor is none of its own.
    fn history(&self, namespace: &str, history: &History<'_>) -> Result<Page, StoreError>;

    /// Studies that match and are not deleted, sorted as the query wants it, else in an order that
    /// stays.
    ///
    /// # Errors
    ///
    /// The store fails, or a cursor is none of its own.
    fn search(&self, namespace: &str, search: &Search<'_>) -> Result<Page, StoreError>;

    /// The versions of FHIR in which a namespace has studies.
    ///
    /// # Errors
    ///
    /// The store fails.
    fn versions(&self, namespace: &str) -> Result<Vec<FhirVersion>, StoreError>;

    /// Reads and writes as one: nobody else writes to the namespace meanwhile, and either all that the
    /// work puts is kept or, where it wants to undo, nothing. What is kept when this returns stays.
    ///
    /// # Errors
    ///
    /// The store fails; nothing is kept then.
    fn write(
        &self,
        namespace: &str,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Undo>,
    ) -> Result<(), StoreError>;
}

/// A store during [`Store::write`].
pub trait Transaction {
    /// The newest version of a study, which may be its deletion.
    ///
    /// # Errors
    ///
    /// The store fails.
    fn read(&mut self, id: &str) -> Result<Option<Stored>, StoreError>;

    /// Studies that match and are not deleted, at most so many.
    ///
    /// # Errors
    ///
    /// The store fails.
    fn find(&mut self, matcher: &Matcher, limit: usize) -> Result<Vec<Stored>, StoreError>;

    /// Keeps a version. Its number is one more than that of the newest version of its study.
    ///
    /// # Errors
    ///
    /// The store fails.
    fn put(&mut self, change: &Change<'_>) -> Result<(), StoreError>;
}
