//! Answering requests.

use std::borrow::Cow;
use std::fmt;

use imaging_study_json::json_to_string;
use imaging_study_validate::IssueCode;

use crate::exchange::{Exchange, object, render, string};
use crate::failure::{Failure, outcome};
use crate::layout::{Layout, Route, Unauthorized};
use crate::negotiate::Wanted;
use crate::prefer::Prefer;
use crate::settings::Settings;
use crate::store::{Store, StoreError, Transaction, Undo};
use crate::{Interaction, LogData, Request, Response};

/// Who sends a request, and to where.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Sender<'r> {
    /// The bearer token, if there is one. It belongs into no log.
    pub token: Option<&'r str>,
    /// The layout.
    pub layout: &'r Layout,
    /// The namespace, in the spelling of the store.
    pub namespace: &'r str,
    /// What is asked for, if the path has it.
    pub interaction: Option<Interaction>,
}

/// What a sender may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// What was asked for.
    Granted,
    /// Nothing before saying who it is.
    Unauthorized,
    /// Not this.
    Forbidden,
}

type Policy = dyn Fn(&Sender<'_>) -> Access + Send + Sync;

/// Answers requests over a store.
///
/// ```
/// use imaging_study_rest::{Layout, MemoryStore, Request, Service};
///
/// let service = Service::new(MemoryStore::default(), vec![Layout::standard("fhir")]);
/// let response = service.answer(&Request::get("/fhir/ImagingStudy/none"));
/// assert_eq!(response.status, 404);
/// assert_eq!(response.route.as_deref(), Some("/fhir/ImagingStudy/{id}"));
/// ```
pub struct Service<S> {
    pub(crate) store: S,
    layouts: Vec<Layout>,
    /// How it behaves.
    pub settings: Settings,
    policy: Box<Policy>,
    /// The time of its start, which capabilities are dated by.
    pub(crate) started: String,
}

impl<S: fmt::Debug> fmt::Debug for Service<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Service");
        debug.field("store", &self.store);
        debug.field("layouts", &self.layouts);
        debug
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// Why a write ends without having written.
pub(crate) enum Stop {
    Failure(Failure),
    Store(StoreError),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl<S: Store> Service<S> {
    /// A service that grants everything to everybody, also where a layout wants a token: before it is
    /// open to others, give it a [policy](Self::with_policy).
    #[must_use]
    pub fn new(store: S, layouts: Vec<Layout>) -> Self {
        Self {
            store,
            layouts,
            settings: Settings::default(),
            policy: Box::new(|_| Access::Granted),
            started: crate::Timestamp::now().to_instant(),
        }
    }

    /// The same service with a policy that decides who may do what.
    #[must_use]
    pub fn with_policy(
        mut self,
        policy: impl Fn(&Sender<'_>) -> Access + Send + Sync + 'static,
    ) -> Self {
        self.policy = Box::new(policy);
        self
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Answers a request.
    pub fn answer(&self, request: &Request) -> Response {
        let mut response = self.answer_route(request);
        if request.method == "HEAD" {
            response.body.clear();
        }
        response
    }

    fn answer_route(&self, request: &Request) -> Response {
        let mut routes = self.layouts.iter().filter_map(|layout| {
            let route = layout.route(&request.method, &request.path)?;
            Some((layout, route))
        });
        let Some((layout, route)) = routes.next() else {
            let failure = Failure::new(404, IssueCode::NotFound, "nothing is served here");
            let layout = self.layouts.first();
            let wanted = layout.and_then(|layout| {
                Wanted::of(&request.headers, request.query.as_deref(), layout).ok()
            });
            let wanted = wanted.unwrap_or_else(|| Wanted::default_of(None));
            return self.failed(failure, &wanted, None);
        };
        let mut response = self.answer_in(request, layout, &route);
        response.interaction = route.interaction.ok();
        response.route = Some(route.pattern);
        if layout.log_data {
            response.log_data = LogData::of(&request.headers);
        }
        response
    }

    fn answer_in(&self, request: &Request, layout: &Layout, route: &Route) -> Response {
        let query = asked(request, route);
        let wanted = Wanted::of(&request.headers, query.as_deref(), layout);
        let (wanted, unacceptable) = match wanted {
            Ok(wanted) => (wanted, None),
            Err(failure) => (Wanted::default_of(Some(layout)), Some(failure)),
        };
        let namespace = self.settings.namespace(&route.namespace).to_owned();
        let authorization = request.headers.text("Authorization").ok().flatten();
        let access = (self.policy)(&Sender {
            token: authorization.as_deref().and_then(bearer),
            layout,
            namespace: &namespace,
            interaction: route.interaction.as_ref().ok().copied(),
        });
        match access {
            Access::Granted => {}
            Access::Unauthorized => return self.unauthorized(&wanted, layout),
            Access::Forbidden => {
                let failure = Failure::new(403, IssueCode::Forbidden, "not allowed");
                return self.failed(failure, &wanted, Some(layout));
            }
        }
        let exchange = Exchange {
            settings: &self.settings,
            request,
            layout,
            route,
            namespace,
            wanted,
            prefer: Prefer::of(&request.headers),
        };
        let answer = match (&route.interaction, unacceptable) {
            (Err(methods), _) => Err(Failure::new(
                405,
                IssueCode::NotSupported,
                "the method is not supported here",
            )
            .header("Allow", methods.join(", "))),
            (Ok(_), Some(failure)) => Err(failure),
            (Ok(interaction), None) => self.dispatch(&exchange, *interaction),
        };
        answer.unwrap_or_else(|failure| self.failed(failure, &wanted, Some(layout)))
    }

    fn dispatch(
        &self,
        exchange: &Exchange<'_>,
        interaction: Interaction,
    ) -> Result<Response, Failure> {
        if exchange.request.body.len() > self.settings.body_bytes {
            let message = format!("the body is larger than {} bytes", self.settings.body_bytes);
            return Err(Failure::new(413, IssueCode::TooLong, message));
        }
        match interaction {
            Interaction::Read => self.read(exchange),
            Interaction::Vread => self.vread(exchange),
            Interaction::HistoryInstance | Interaction::HistoryType => self.history(exchange),
            Interaction::Create => self.create(exchange),
            Interaction::Update => self.update(exchange),
            Interaction::ConditionalUpdate => self.conditional_update(exchange),
            Interaction::Patch => self.patch(exchange),
            Interaction::Delete => self.delete(exchange),
            Interaction::ConditionalDelete => self.conditional_delete(exchange),
            Interaction::Search | Interaction::SearchPost | Interaction::SearchPatient => {
                self.search(exchange, interaction)
            }
            Interaction::Capabilities => self.capabilities(exchange),
            Interaction::Versions => self.versions(exchange),
            Interaction::Validate => self.validate(exchange),
            Interaction::Convert => self.convert(exchange),
        }
    }

    fn unauthorized(&self, wanted: &Wanted, layout: &Layout) -> Response {
        match layout.unauthorized {
            Unauthorized::Outcome => {
                let failure = Failure::new(401, IssueCode::Login, "a bearer token is needed");
                let failure = failure.header("WWW-Authenticate", "Bearer");
                self.failed(failure, wanted, Some(layout))
            }
            Unauthorized::Plain => {
                let status = imaging_study_core::Decimal::from(401);
                let body = json_to_string(&object([
                    ("message", string("Unauthorized")),
                    ("statusCode", imaging_study_core::Json::Number(status)),
                ]));
                Response {
                    status: 401,
                    headers: vec![
                        ("Content-Type", "application/json".to_owned()),
                        ("WWW-Authenticate", "Bearer".to_owned()),
                    ],
                    body: body.into_bytes(),
                    ..Response::default()
                }
            }
        }
    }

    /// The answer to a request that failed.
    fn failed(&self, failure: Failure, wanted: &Wanted, layout: Option<&Layout>) -> Response {
        let mut response = Response {
            status: failure.status,
            ..Response::default()
        };
        if !failure.bare {
            let asked = wanted.version.or(layout.and_then(|layout| layout.version));
            let version = asked.unwrap_or(self.settings.version);
            let json = json_to_string(&outcome(&failure.said, version).to_json());
            let fallback = json.clone();
            let (body, wanted) = match render(json, version, wanted) {
                Ok(body) => (body, *wanted),
                // Texts of a request may have characters that XML has not.
                Err(_) => (fallback.into_bytes(), Wanted::default_of(layout)),
            };
            response.body = body;
            let content_type = wanted.content_type(version);
            response.headers.push(("Content-Type", content_type));
        }
        response.headers.extend(failure.headers);
        response
    }

    /// Reads and writes as one.
    pub(crate) fn transact<T>(
        &self,
        namespace: &str,
        mut work: impl FnMut(&mut dyn Transaction) -> Result<T, Stop>,
    ) -> Result<T, Failure> {
        let mut result = None;
        self.store
            .write(namespace, &mut |transaction| match work(transaction) {
                Ok(value) => {
                    result = Some(Ok(value));
                    Ok(())
                }
                Err(Stop::Failure(failure)) => {
                    result = Some(Err(failure));
                    Err(Undo::Unwanted)
                }
                Err(Stop::Store(error)) => Err(Undo::Failed(error)),
            })?;
        let missing = || Err(StoreError::new("the store did not run what it was given").into());
        result.unwrap_or_else(missing)
    }
}

/// The query of a request; that of a form behind it, where the path takes one.
fn asked<'r>(request: &'r Request, route: &Route) -> Option<Cow<'r, str>> {
    let query = request.query.as_deref().map(Cow::Borrowed);
    let form = match route.interaction {
        Ok(Interaction::SearchPost) => std::str::from_utf8(&request.body).ok(),
        _ => None,
    };
    match (query, form) {
        (Some(query), Some(form)) => Some(format!("{query}&{form}").into()),
        (query, form) => query.or(form.map(Cow::Borrowed)),
    }
}

/// The token of an `Authorization` header, if its scheme is Bearer and it has one token.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim();
    let is_one = !token.is_empty() && !token.contains([' ', ',', '\t']);
    (scheme.eq_ignore_ascii_case("bearer") && is_one).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::bearer;

    #[test]
    fn tokens() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bEARER  abc "), Some("abc"));
        for header in [
            "",
            "abc",
            "Basic abc",
            "Bearer",
            "Bearer ",
            "Bearer a b",
            "Bearer a, Bearer b",
        ] {
            assert_eq!(bearer(header), None, "{header}");
        }
    }
}
