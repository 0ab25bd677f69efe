//! Searching.

use imaging_study_search::{Query, Subset, Total};
use imaging_study_validate::IssueCode;

use crate::bundle::Bundle;
use crate::cursor;
use crate::exchange::{Exchange, is_id, lost, quoted};
use crate::failure::{Failure, Said};
use crate::negotiate::Sent;
use crate::service::Service;
use crate::store::{Search, Store};
use crate::writing::matcher_of;
use crate::{Interaction, Response};

impl<S: Store> Service<S> {
    pub(crate) fn search(
        &self,
        exchange: &Exchange<'_>,
        interaction: Interaction,
    ) -> Result<Response, Failure> {
        let (after, text) = cursor::take(&exchange.search_text(interaction)?)?;
        let version = exchange.version();
        // The patient of the path is one more parameter; the links have it in the path.
        let patient = (interaction == Interaction::SearchPatient).then(|| exchange.id());
        let whole = match patient.transpose()? {
            Some(id) if text.is_empty() => format!("patient=Patient/{id}"),
            Some(id) => format!("{text}&patient=Patient/{id}"),
            None => text,
        };
        let query = Query::parse(&whole, version, &exchange.options())?;
        let matcher = matcher_of(&query)?;
        let mut used = query.report().used.as_slice();
        let place = match (interaction, exchange.route.id.as_deref()) {
            (Interaction::SearchPatient, Some(id)) if is_id(id) => {
                used = used.split_last().map_or(used, |(_, rest)| rest);
                format!("{}/Patient/{id}/ImagingStudy", exchange.base())
            }
            _ => exchange.url(None),
        };
        let mut said = exchange.reported(&query)?;
        for stored in self.store.versions(&exchange.namespace)? {
            for part in matcher.asked(stored).untranslatable() {
                let text = format!("studies of {stored} are not found by {part}");
                if exchange.prefer.strict {
                    return Err(Failure::new(400, IssueCode::NotSupported, text));
                }
                said.push(Said::warning(IssueCode::NotSupported, text));
            }
        }
        let result = query.result();
        let only_count = result.only_count();
        let limit = match (only_count, result.count) {
            (true, _) => 0,
            (false, Some(count)) => usize::try_from(count).unwrap_or(usize::MAX),
            (false, None) => self.settings.page,
        };
        let search = Search {
            matcher: &matcher,
            limit: limit.min(self.settings.greatest_page),
            after: after.as_deref().filter(|_| !only_count),
        };
        let page = self.store.search(&exchange.namespace, &search)?;
        let subset = Subset::of(result);
        let mut bundle = Bundle {
            version,
            kind: "searchset",
            total: (result.total != Some(Total::None) || only_count).then_some(page.total),
            time: (self.settings.now)(),
            links: Vec::new(),
            entries: Vec::new(),
        };
        let link = |cursor: Option<&[u8]>| cursor::link(&place, used, cursor);
        let (mut size, mut last, mut more) = (0, None, page.more && !only_count);
        for (stored, cursor) in &page.entries {
            let shown = exchange.show(stored, version, subset.as_ref())?;
            size += shown.json.len();
            if size > self.settings.page_bytes && last.is_some() {
                more = true;
                break;
            }
            let url = quoted(&exchange.url(Some(&stored.id)));
            let losses = lost(&shown.losses).into_iter();
            said.extend(losses.map(|text| {
                let text = format!("ImagingStudy/{}: {text}", stored.id);
                Said::warning(IssueCode::Informational, text)
            }));
            bundle.entries.push(format!(
                "{{\"fullUrl\":{url},\"resource\":{},\"search\":{{\"mode\":\"match\"}}}}",
                shown.json
            ));
            last = Some(cursor.as_slice());
        }
        bundle.links.push(("self", link(after.as_deref())));
        if after.is_some() {
            bundle.links.push(("first", link(None)));
        }
        if let (Some(last), true) = (last, more) {
            bundle.links.push(("next", link(Some(last))));
        }
        if !only_count {
            bundle.say(&said);
        }
        exchange.resource(200, bundle.to_json(), version)
    }
}

impl Exchange<'_> {
    /// The query of a search: that of the URL, and that of a form behind it.
    fn search_text(&self, interaction: Interaction) -> Result<String, Failure> {
        let mut text = self.request.query.clone().unwrap_or_default();
        if interaction == Interaction::SearchPost
            && !(self.request.body.is_empty()
                && self.request.headers.all("Content-Type").next().is_none())
        {
            if Sent::of(&self.request.headers, self.layout)? != Sent::Form {
                let message = "a search has the media type application/x-www-form-urlencoded";
                return Err(Failure::new(415, IssueCode::NotSupported, message));
            }
            let form = std::str::from_utf8(&self.request.body);
            let form = form.map_err(|_| {
                Failure::new(400, IssueCode::Invalid, "the form is no text in UTF-8")
            })?;
            if !text.is_empty() && !form.is_empty() {
                text.push('&');
            }
            text.push_str(form.trim_end_matches(['\r', '\n']));
        }
        Ok(text)
    }

    /// What is to be said of a query that was understood.
    fn reported(&self, query: &Query) -> Result<Vec<Said>, Failure> {
        let report = query.report();
        let ignored = report.ignored.iter();
        let mut said: Vec<Said> = ignored
            .map(|part| Said::warning(IssueCode::NotSupported, part.to_string()))
            .collect();
        let hints = report.hints.iter();
        said.extend(hints.map(|hint| Said::information(hint.to_string())));
        if !query.result().include.is_empty() {
            let text = "_include and _revinclude: not supported, ignored";
            if self.prefer.strict {
                return Err(Failure::new(400, IssueCode::NotSupported, text));
            }
            said.push(Said::warning(IssueCode::NotSupported, text));
        }
        Ok(said)
    }
}
