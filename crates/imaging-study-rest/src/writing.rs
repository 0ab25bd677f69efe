//! Creating, changing and deleting studies.

use imaging_study_any::AnyImagingStudy;
use imaging_study_json::json_to_string;
use imaging_study_search::{Index, Matcher, Query};
use imaging_study_validate::IssueCode;

use crate::etag::Tags;
use crate::exchange::{Exchange, is_id, version_headers};
use crate::failure::{Failure, Said, outcome};
use crate::prefer::Return;
use crate::service::{Service, Stop};
use crate::store::{Body, Change, Method, Store, Stored, Transaction};
use crate::{Response, Timestamp};

impl<S: Store> Service<S> {
    pub(crate) fn create(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        let study = exchange.sent_study()?;
        exchange.check(&study)?;
        let criteria = exchange.none_exist()?;
        let (status, stored) = self.transact(&exchange.namespace, |transaction| {
            if let Some(criteria) = &criteria
                && let Some(found) = the_one(transaction, criteria)?
            {
                return Ok((200, found));
            }
            let id = unused_id(exchange, transaction)?;
            let stored = exchange.put(transaction, &study, id, None, Method::Post)?;
            Ok((201, stored))
        })?;
        exchange.written(status, &stored, true)
    }

    pub(crate) fn update(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        let id = exchange.id()?;
        let study = exchange.sent_study()?;
        match study.id() {
            Some(sent) if sent == id => {}
            None if exchange.layout.update_without_id => {}
            None => {
                let message = "the study has no id, which is to be that of the URL";
                return Err(Failure::new(400, IssueCode::Required, message));
            }
            Some(_) => {
                let message = "the id of the study is not that of the URL";
                return Err(Failure::new(400, IssueCode::Invalid, message));
            }
        }
        exchange.check(&study)?;
        let preconditions = exchange.preconditions()?;
        let (status, stored) = self.transact(&exchange.namespace, |transaction| {
            let newest = transaction.read(id)?;
            preconditions.hold(newest.as_ref())?;
            if newest.is_none() && !exchange.settings.update_creates {
                let message = "ids are chosen by the server";
                return Err(Failure::new(405, IssueCode::NotSupported, message)
                    .header("Allow", "GET, HEAD, DELETE")
                    .into());
            }
            let is_there = newest.as_ref().is_some_and(|newest| newest.body.is_some());
            let id = id.to_owned();
            let stored = exchange.put(transaction, &study, id, newest.as_ref(), Method::Put)?;
            Ok((if is_there { 200 } else { 201 }, stored))
        })?;
        exchange.written(status, &stored, status == 201)
    }

    pub(crate) fn conditional_update(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        let study = exchange.sent_study()?;
        exchange.check(&study)?;
        let criteria = exchange.criteria(exchange.request.query.as_deref().unwrap_or_default())?;
        let preconditions = exchange.preconditions()?;
        let (status, stored) = self.transact(&exchange.namespace, |transaction| {
            let found = the_one(transaction, &criteria)?;
            preconditions.hold(found.as_ref())?;
            if let Some(found) = found {
                if study.id().is_some_and(|id| id != found.id) {
                    let message = "the id of the study is not that of the one that was found";
                    return Err(Failure::new(400, IssueCode::Invalid, message).into());
                }
                let id = found.id.clone();
                let stored = exchange.put(transaction, &study, id, Some(&found), Method::Put)?;
                return Ok((200, stored));
            }
            let id = match study.id() {
                Some(id) if exchange.settings.update_creates => {
                    let newest = transaction.read(id)?;
                    if newest.is_some_and(|newest| newest.body.is_some()) {
                        let message =
                            "a study with this id is there, and is not what is looked for";
                        return Err(Failure::new(409, IssueCode::Conflict, message).into());
                    }
                    id.to_owned()
                }
                Some(_) => {
                    let message = "ids are chosen by the server";
                    return Err(Failure::new(405, IssueCode::NotSupported, message)
                        .header("Allow", "GET, HEAD, POST")
                        .into());
                }
                None => unused_id(exchange, transaction)?,
            };
            let newest = transaction.read(&id)?;
            let stored = exchange.put(transaction, &study, id, newest.as_ref(), Method::Put)?;
            Ok((201, stored))
        })?;
        exchange.written(status, &stored, status == 201)
    }

    pub(crate) fn delete(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        let id = exchange.id()?;
        let preconditions = exchange.preconditions()?;
        let deletion = self.transact(&exchange.namespace, |transaction| {
            let newest = transaction.read(id)?;
            preconditions.hold(newest.as_ref())?;
            exchange.end(transaction, newest)
        })?;
        Ok(gone(deletion.as_ref()))
    }

    pub(crate) fn conditional_delete(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        let criteria = exchange.criteria(exchange.request.query.as_deref().unwrap_or_default())?;
        let preconditions = exchange.preconditions()?;
        let deletion = self.transact(&exchange.namespace, |transaction| {
            let found = the_one(transaction, &criteria)?;
            // Later versions of the standard say that it is an error; the older ones do not.
            if found.is_none() && exchange.version() > imaging_study_core::FhirVersion::R4B {
                return Err(Failure::not_found().into());
            }
            preconditions.hold(found.as_ref())?;
            exchange.end(transaction, found)
        })?;
        Ok(gone(deletion.as_ref()))
    }
}

/// The answer to a deletion.
fn gone(deletion: Option<&Stored>) -> Response {
    let headers = deletion.map(version_headers);
    Response {
        status: 204,
        headers: headers.into_iter().flatten().collect(),
        ..Response::default()
    }
}

/// The study that criteria find; an error where they find several.
fn the_one(transaction: &mut dyn Transaction, criteria: &Matcher) -> Result<Option<Stored>, Stop> {
    let mut found = transaction.find(criteria, 2)?;
    if found.len() > 1 {
        let message = "the criteria find several studies";
        return Err(Failure::new(412, IssueCode::MultipleMatches, message).into());
    }
    Ok(found.pop())
}

/// An id that no study has, nor had.
fn unused_id(exchange: &Exchange<'_>, transaction: &mut dyn Transaction) -> Result<String, Stop> {
    for _ in 0..8 {
        let id = (exchange.settings.new_id)();
        if is_id(&id) && transaction.read(&id)?.is_none() {
            return Ok(id);
        }
    }
    let message = "no new id was found";
    Err(Failure::new(500, IssueCode::Exception, message).into())
}

/// Under which circumstances a study is to be changed.
#[derive(Debug)]
pub(crate) struct Preconditions {
    matches: Option<Tags>,
    matches_not: Option<Tags>,
}

impl Preconditions {
    pub(crate) fn hold(&self, newest: Option<&Stored>) -> Result<(), Failure> {
        let stale = |message: &str| Err(Failure::new(412, IssueCode::Conflict, message));
        if self.matches.as_ref().is_some_and(|tags| !tags.fit(newest)) {
            return stale("If-Match does not name the newest version of the study");
        }
        match &self.matches_not {
            Some(Tags::Unreadable) => stale("If-None-Match is not readable"),
            Some(tags) if tags.fit(newest) => stale("the study is there"),
            _ => Ok(()),
        }
    }
}

impl Exchange<'_> {
    pub(crate) fn preconditions(&self) -> Result<Preconditions, Failure> {
        let headers = &self.request.headers;
        let matches = Tags::of(headers, "If-Match");
        if matches.is_none() && self.settings.needs_if_match && self.route.id.is_some() {
            let message = "If-Match is needed";
            return Err(Failure::new(400, IssueCode::Required, message));
        }
        Ok(Preconditions {
            matches,
            matches_not: Tags::of(headers, "If-None-Match"),
        })
    }

    /// The criteria under which nothing is created.
    fn none_exist(&self) -> Result<Option<Matcher>, Failure> {
        if let Some(header) = self.request.headers.text("If-None-Exist")? {
            return self.criteria(&header).map(Some);
        }
        let query = self.request.query.as_deref().unwrap_or_default();
        match self.layout.create_by_query && has_criteria(query) {
            true => self.criteria(query).map(Some),
            false => Ok(None),
        }
    }

    /// The criteria of a conditional write. What is not known would find studies that are not meant, and
    /// is an error.
    pub(crate) fn criteria(&self, text: &str) -> Result<Matcher, Failure> {
        let text = text.trim();
        let text = text.strip_prefix("ImagingStudy").unwrap_or(text);
        let text = text.strip_prefix('?').unwrap_or(text);
        let mut options = self.options();
        options.strict = true;
        let query = Query::parse(text, self.version(), &options)?;
        if query.criteria().is_empty() && query.handed_over().is_empty() {
            let message = "a conditional write needs criteria";
            return Err(Failure::new(400, IssueCode::Required, message));
        }
        matcher_of(&query)
    }

    /// Stores a study.
    pub(crate) fn put(
        &self,
        transaction: &mut dyn Transaction,
        study: &AnyImagingStudy,
        id: String,
        newest: Option<&Stored>,
        method: Method,
    ) -> Result<Stored, Stop> {
        let mut study = study.clone();
        let (number, last_updated) = self.next(newest);
        let mut stored = stamped(&mut study, id, number, last_updated, method)?;
        stored.creates = newest.is_none_or(|newest| newest.body.is_none());
        let options = self.settings.index_options(&self.base());
        let index = Index::of(&study, &options);
        transaction.put(&Change {
            stored: &stored,
            study: Some((&study, &index)),
            base: options.base.as_deref(),
        })?;
        Ok(stored)
    }

    /// Stores the deletion of a study; of one that is not there, that which there is.
    fn end(
        &self,
        transaction: &mut dyn Transaction,
        newest: Option<Stored>,
    ) -> Result<Option<Stored>, Stop> {
        let Some(newest) = newest.filter(|newest| newest.body.is_some()) else {
            return Ok(None);
        };
        let (number, last_updated) = self.next(Some(&newest));
        let stored = Stored {
            id: newest.id,
            number,
            last_updated,
            method: Method::Delete,
            creates: false,
            body: None,
        };
        let change = Change {
            stored: &stored,
            study: None,
            base: None,
        };
        transaction.put(&change)?;
        Ok(Some(stored))
    }

    /// The number and the time of the version that follows: time does not run backwards.
    fn next(&self, newest: Option<&Stored>) -> (u64, Timestamp) {
        let now = (self.settings.now)();
        match newest {
            Some(newest) => (newest.number + 1, now.max(newest.last_updated)),
            None => (1, now),
        }
    }

    /// The answer to a write.
    pub(crate) fn written(
        &self,
        status: u16,
        stored: &Stored,
        located: bool,
    ) -> Result<Response, Failure> {
        let mut response = match self.prefer.returns.unwrap_or_default() {
            Return::Minimal => Response {
                status,
                headers: version_headers(stored).into(),
                ..Response::default()
            },
            Return::OperationOutcome => {
                let said = match status {
                    201 => "the study was created",
                    _ => "the study is stored",
                };
                let version = self.version();
                let outcome = outcome(&[Said::information(said)], version);
                let json = json_to_string(&outcome.to_json());
                let mut response = self.resource(status, json, version)?;
                response.headers.extend(version_headers(stored));
                response
            }
            Return::Representation => {
                let body = stored.body.as_ref().map(|body| body.version);
                let version = self.version_of(body.unwrap_or(self.settings.version));
                let shown = self.show(stored, version, None)?;
                self.study(status, stored, shown)?
            }
        };
        if located {
            let url = self.url(Some(&stored.id));
            let location = format!("{url}/_history/{}", stored.number);
            response.headers.push(("Location", location));
        }
        if let Some(applied) = self.prefer.applied() {
            response.headers.push(("Preference-Applied", applied));
        }
        Ok(response)
    }
}

/// Puts the id, the version and the time into a study: as it is stored.
///
/// # Errors
///
/// The study cannot be written.
pub(crate) fn stamped(
    study: &mut AnyImagingStudy,
    id: String,
    number: u64,
    last_updated: Timestamp,
    method: Method,
) -> Result<Stored, Failure> {
    let unwritable = || {
        let message = "the study cannot be written: something in it is empty";
        Failure::new(422, IssueCode::Structure, message)
    };
    let mut element = study.element_mut();
    element.set_text("id", &id).map_err(|_| unwritable())?;
    if let Some(mut meta) = element.into_element("meta") {
        let texts = [
            ("versionId", number.to_string()),
            ("lastUpdated", last_updated.to_instant()),
        ];
        for (name, text) in texts {
            meta.set_text(name, &text).map_err(|_| unwritable())?;
        }
    }
    let json = study.to_json().map_err(|_| unwritable())?;
    Ok(Stored {
        id,
        number,
        last_updated,
        method,
        creates: number == 1,
        body: Some(Body {
            version: study.version(),
            json: json.into(),
        }),
    })
}

/// Whether a query asks for more than a form of the answer.
fn has_criteria(query: &str) -> bool {
    let is_form = |part: &str| {
        let name = part.split('=').next().unwrap_or_default();
        matches!(name, "" | "_format" | "_pretty" | "_summary" | "_elements")
    };
    query.split('&').any(|part| !is_form(part))
}

/// What studies of every version are asked; chains and `_has` are not answered.
pub(crate) fn matcher_of(query: &Query) -> Result<Matcher, Failure> {
    Matcher::new(query)
        .map_err(|error| Failure::new(400, IssueCode::NotSupported, error.to_string()))
}
