//! Asking studies of any version.

use std::ops::ControlFlow;

use imaging_study_any::AnyImagingStudy;
use imaging_study_core::FhirVersion;

use crate::criterion::Criterion;
use crate::error::{NotSupported, QueryError, QueryErrorKind};
use crate::extract::Index;
use crate::options::Options;
use crate::query::Query;
use crate::sort_key::SortKey;
use crate::translate::{Translation, TranslationNote, Untranslatable};

/// A query that studies of every version can be asked: each the query in the parameters of its own
/// version.
///
/// ```
/// use imaging_study_any::AnyImagingStudy;
/// use imaging_study_core::FhirVersion;
/// use imaging_study_search::{Matcher, Options, Query};
///
/// let query = Query::parse("based-on=ServiceRequest/1", FhirVersion::R5, &Options::default())?;
/// let matcher = Matcher::new(&query)?;
/// let stu3 = AnyImagingStudy::read(
///     br#"{"resourceType": "ImagingStudy", "uid": "urn:oid:1.2.3", "patient": {"reference": "Patient/p"},
///         "basedOn": [{"reference": "ProcedureRequest/1"}], "context": {"reference": "Encounter/e"}}"#,
/// )?;
/// assert!(matcher.matches(&stu3));
/// assert_eq!(matcher.asked(FhirVersion::Stu3).query().to_string(), "basedon=ProcedureRequest/1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Matcher {
    /// One for each version, in their order.
    asked: Vec<Asked>,
}

/// What studies of one version are asked.
#[derive(Clone, Debug)]
pub struct Asked {
    query: Query,
    untranslatable: Vec<Untranslatable>,
    notes: Vec<TranslationNote>,
    error: Option<QueryError>,
}

impl Asked {
    /// The query in the parameters of the version.
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// What the version cannot be asked. Its studies do not match, unless all of it is
    /// [`partly`](Untranslatable::partly) or about the answer.
    #[must_use]
    pub fn untranslatable(&self) -> &[Untranslatable] {
        &self.untranslatable
    }

    /// Where the translation finds more or less than the query did.
    #[must_use]
    pub fn notes(&self) -> &[TranslationNote] {
        &self.notes
    }

    /// What is wrong with the query in the version, if it was read in each version for itself; no
    /// study of the version matches then.
    #[must_use]
    pub fn error(&self) -> Option<&QueryError> {
        self.error.as_ref()
    }

    fn is_asked(&self) -> bool {
        self.error.is_none() && self.untranslatable.iter().all(|part| part.partly)
    }
}

impl From<Translation> for Asked {
    fn from(translation: Translation) -> Self {
        Self {
            query: translation.query,
            untranslatable: translation.untranslatable,
            notes: translation.notes,
            error: None,
        }
    }
}

impl Matcher {
    /// A query of one version: studies of the others are asked its translation.
    ///
    /// # Errors
    ///
    /// The query asks about other resources.
    pub fn new(query: &Query) -> Result<Self, NotSupported> {
        if let Some(part) = query.handed_over().first() {
            return Err(part.not_supported());
        }
        let asked = FhirVersion::ALL.map(|version| query.translate(version).into());
        Ok(Self {
            asked: asked.into(),
        })
    }

    /// A query that is of each study's own version.
    ///
    /// # Errors
    ///
    /// The query cannot be understood in any version; or it asks about other resources, which is
    /// the error [`OtherResources`](QueryErrorKind::OtherResources).
    pub fn in_each_version(query: &str, options: &Options) -> Result<Self, QueryError> {
        let mut asked = Vec::with_capacity(FhirVersion::ALL.len());
        for version in FhirVersion::ALL {
            let (query, error) = match Query::parse(query, version, options).and_then(supported) {
                Ok(query) => (query, None),
                Err(error) => (Query::empty(version, options), Some(error)),
            };
            asked.push(Asked {
                query,
                untranslatable: Vec::new(),
                notes: Vec::new(),
                error,
            });
        }
        let in_none = asked.iter().all(|asked| asked.error.is_some());
        // That of the newest version is the one to be told.
        match asked.last().and_then(|newest| newest.error.clone()) {
            Some(error) if in_none => Err(error),
            _ => Ok(Self { asked }),
        }
    }

    /// What studies of a version are asked.
    #[must_use]
    pub fn asked(&self, version: FhirVersion) -> &Asked {
        &self.asked[version as usize]
    }

    /// Whether a study matches.
    #[must_use]
    pub fn matches(&self, study: &AnyImagingStudy) -> bool {
        let (asked, element) = (self.asked(study.version()), study.element());
        let options = &asked.query.options;
        let matches = |criterion: &Criterion| {
            criterion.matches(options, |visit| {
                criterion
                    .plan
                    .visit(element, options, &mut |value| visit(value))
            })
        };
        asked.is_asked() && asked.query.criteria.iter().all(matches)
    }

    /// Whether a study matches of which only the index values are at hand. They come from
    /// [`Index::of`] with the same options.
    #[must_use]
    pub fn matches_index(&self, index: &Index<'_>) -> bool {
        let asked = self.asked(index.version);
        let options = &asked.query.options;
        let matches = |criterion: &Criterion| {
            criterion.matches(options, |visit| {
                let name = criterion.parameter().name;
                let mut entries = index.entries.iter();
                entries.try_for_each(|entry| match entry.parameter.name == name {
                    true => visit(entry.value),
                    false => ControlFlow::Continue(()),
                })
            })
        };
        asked.is_asked() && asked.query.criteria.iter().all(matches)
    }

    /// What a study is sorted by among those of the query.
    #[must_use]
    pub fn sort_key(&self, study: &AnyImagingStudy) -> SortKey {
        SortKey::of(&self.asked(study.version()).query, study)
    }
}

/// A query without parts that ask about other resources.
fn supported(query: Query) -> Result<Query, QueryError> {
    match query.handed_over().first() {
        None => Ok(query),
        Some(part) => {
            let part = part.not_supported();
            Err(QueryError {
                parameter: part.parameter,
                position: part.position,
                kind: QueryErrorKind::OtherResources,
            })
        }
    }
}
