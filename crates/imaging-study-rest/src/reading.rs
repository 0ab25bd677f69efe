//! Reading a study.

use imaging_study_validate::IssueCode;

use crate::Response;
use crate::Timestamp;
use crate::etag::Tags;
use crate::exchange::{Exchange, version_headers};
use crate::failure::Failure;
use crate::service::Service;
use crate::store::{Store, Stored};

impl<S: Store> Service<S> {
    pub(crate) fn read(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        let stored = self.newest(exchange)?.ok_or_else(Failure::not_found)?;
        self.answer_stored(exchange, &stored)
    }

    pub(crate) fn vread(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        let id = exchange.id()?;
        let version = exchange.route.version_id.as_deref().unwrap_or_default();
        let none = || Failure::new(404, IssueCode::NotFound, "no such version");
        // A number has one spelling.
        let number: Option<u64> = version.parse().ok();
        let number = number.filter(|number| number.to_string() == version);
        let number = number.ok_or_else(none)?;
        let stored = self.store.read_version(&exchange.namespace, id, number)?;
        self.answer_stored(exchange, &stored.ok_or_else(none)?)
    }

    /// The newest version of the study that the path names.
    pub(crate) fn newest(&self, exchange: &Exchange<'_>) -> Result<Option<Stored>, Failure> {
        let id = exchange.id()?;
        let found = self.store.read(&exchange.namespace, id)?;
        if found.is_some() || !exchange.layout.ids_ignore_case {
            return Ok(found);
        }
        match self.store.spelling(&exchange.namespace, id)? {
            Some(spelling) => Ok(self.store.read(&exchange.namespace, &spelling)?),
            None => Ok(None),
        }
    }

    /// A version of a study, unless its sender has it already.
    pub(crate) fn answer_stored(
        &self,
        exchange: &Exchange<'_>,
        stored: &Stored,
    ) -> Result<Response, Failure> {
        let Some(body) = &stored.body else {
            return Err(deleted(stored));
        };
        let headers = &exchange.request.headers;
        let unchanged = match Tags::of(headers, "If-None-Match") {
            Some(tags) => tags.fit(Some(stored)),
            None => {
                let since = headers.text("If-Modified-Since").ok().flatten();
                let since = since.and_then(|since| Timestamp::from_http(&since));
                // The header has no fractions of a second.
                since.is_some_and(|since| stored.last_updated.0.div_euclid(1000) <= since.0 / 1000)
            }
        };
        if unchanged {
            let mut failure = Failure::bare(304);
            failure.headers.extend(version_headers(stored));
            return Err(failure);
        }
        let version = exchange.version_of(body.version);
        let subset = exchange.subset(version)?;
        let shown = exchange.show(stored, version, subset.as_ref())?;
        exchange.study(200, stored, shown)
    }
}

/// That a study was deleted.
pub(crate) fn deleted(stored: &Stored) -> Failure {
    let mut failure = Failure::new(410, IssueCode::Deleted, "the study was deleted");
    failure.headers.extend(version_headers(stored));
    failure
}
