//! The history of studies.

use imaging_study_core::FhirVersion;
use imaging_study_search::decode;
use imaging_study_validate::IssueCode;

use crate::bundle::Bundle;
use crate::cursor;
use crate::etag::etag;
use crate::exchange::{Exchange, quoted};
use crate::failure::Failure;
use crate::service::Service;
use crate::store::{History, Method, Store, Stored};
use crate::{Response, Timestamp};

/// What a history is asked for.
#[derive(Default)]
struct Asked {
    count: Option<usize>,
    since: Option<Timestamp>,
    /// The parts of the query that were used, as they were sent.
    used: Vec<String>,
}

impl Asked {
    fn of(query: &str, strict: bool) -> Result<Self, Failure> {
        let bad = |text: String| Failure::new(400, IssueCode::Value, text);
        let mut asked = Self::default();
        let mut names: Vec<String> = Vec::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = decode(value).map_err(|error| bad(error.to_string()))?;
            let name = decode(name).map_err(|error| bad(error.to_string()))?;
            match name.as_str() {
                "_count" => {
                    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
                    let count: Option<u32> = value.parse().ok().filter(|_| digits);
                    let count = count
                        .ok_or_else(|| bad("_count: expected a number of versions".to_owned()))?;
                    asked.count = Some(usize::try_from(count).unwrap_or(usize::MAX));
                }
                "_since" => {
                    let since = Timestamp::from_instant(&value);
                    asked.since = Some(since.ok_or_else(|| {
                        bad(
                            "_since: expected an instant with its offset; a plus sign is %2B"
                                .to_owned(),
                        )
                    })?);
                }
                "_at" => {
                    let text = "_at: not supported";
                    return Err(Failure::new(400, IssueCode::NotSupported, text));
                }
                "_format" | "_pretty" | "_summary" | "_elements" => {}
                _ if strict => {
                    let text = "a history has _count, _since and the form of the answer";
                    return Err(Failure::new(400, IssueCode::NotSupported, text));
                }
                _ => continue,
            }
            if names.contains(&name) {
                return Err(bad(format!("{name}: given more than once")));
            }
            names.push(name);
            asked.used.push(part.to_owned());
        }
        Ok(asked)
    }
}

impl<S: Store> Service<S> {
    pub(crate) fn history(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        let id = match exchange.route.id {
            Some(_) => Some(exchange.id()?),
            None => None,
        };
        let query = exchange.request.query.as_deref().unwrap_or_default();
        let (after, query) = cursor::take(query)?;
        let asked = Asked::of(&query, exchange.prefer.strict)?;
        if let Some(id) = id
            && self.store.read(&exchange.namespace, id)?.is_none()
        {
            return Err(Failure::not_found());
        }
        let version = exchange.version();
        let limit = asked.count.unwrap_or(self.settings.page);
        let page = self.store.history(
            &exchange.namespace,
            &History {
                id,
                since: asked.since,
                limit: limit.min(self.settings.greatest_page),
                after: after.as_deref(),
            },
        )?;
        let mut bundle = Bundle {
            version,
            kind: "history",
            total: Some(page.total),
            time: (self.settings.now)(),
            links: Vec::new(),
            entries: Vec::new(),
        };
        let place = format!("{}/_history", exchange.url(id));
        let link = |cursor: Option<&[u8]>| cursor::link(&place, &asked.used, cursor);
        let subset = exchange.subset(version)?;
        let (mut size, mut last, mut more) = (0, None, page.more && limit > 0);
        for (stored, cursor) in &page.entries {
            let resource = match &stored.body {
                Some(_) => Some(exchange.show(stored, version, subset.as_ref())?.json),
                None => None,
            };
            size += resource.as_ref().map_or(0, String::len);
            if size > self.settings.page_bytes && last.is_some() {
                more = true;
                break;
            }
            bundle
                .entries
                .push(exchange.version_entry(stored, resource, version));
            last = Some(cursor.as_slice());
        }
        bundle.links.push(("self", link(after.as_deref())));
        if after.is_some() {
            bundle.links.push(("first", link(None)));
        }
        if let (Some(last), true) = (last, more) {
            bundle.links.push(("next", link(Some(last))));
        }
        exchange.resource(200, bundle.to_json(), version)
    }
}

impl Exchange<'_> {
    /// A version in a history.
    fn version_entry(
        &self,
        stored: &Stored,
        resource: Option<String>,
        version: FhirVersion,
    ) -> String {
        let since_r4 = version >= FhirVersion::R4;
        let url = self.url(Some(&stored.id));
        let mut members = Vec::new();
        // Older versions have the URL exactly where a resource is.
        if since_r4 || resource.is_some() {
            members.push(format!("\"fullUrl\":{}", quoted(&url)));
        }
        members.extend(resource.map(|resource| format!("\"resource\":{resource}")));
        let target = match stored.method {
            Method::Post => "ImagingStudy".to_owned(),
            Method::Put | Method::Delete => format!("ImagingStudy/{}", stored.id),
        };
        let (method, target) = (stored.method.name(), quoted(&target));
        members.push(format!(
            "\"request\":{{\"method\":\"{method}\",\"url\":{target}}}"
        ));
        if since_r4 {
            let status = match (stored.method, stored.creates) {
                (Method::Delete, _) => "204",
                (_, true) => "201",
                (_, false) => "200",
            };
            let location = quoted(&format!("{url}/_history/{}", stored.number));
            let tag = quoted(&etag(stored.number));
            let time = stored.last_updated.to_instant();
            members.push(format!(
                "\"response\":{{\"status\":\"{status}\",\"location\":{location},\"etag\":{tag},\
                 \"lastModified\":\"{time}\"}}"
            ));
        }
        format!("{{{}}}", members.join(","))
    }
}
