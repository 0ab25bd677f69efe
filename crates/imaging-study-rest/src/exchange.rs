//! A request that has found its route.

use std::borrow::Cow;

use imaging_study_any::AnyImagingStudy;
use imaging_study_convert::{Loss, convert_any};
use imaging_study_core::{FhirVersion, Json, Limits, MediaFormat, Resource};
use imaging_study_json::{Decoder, json_to_string, json_to_string_pretty};
use imaging_study_search::{Options, Query, Subset};
use imaging_study_validate::IssueCode;
use imaging_study_xml::Encoder;

use crate::etag::etag;
use crate::failure::{Failure, Said, outcome};
use crate::layout::{Layout, Route};
use crate::negotiate::Wanted;
use crate::prefer::Prefer;
use crate::settings::Settings;
use crate::store::{StoreError, Stored};
use crate::{Request, Response};

/// A request with all that is known of what its sender wants.
pub(crate) struct Exchange<'r> {
    pub(crate) settings: &'r Settings,
    pub(crate) request: &'r Request,
    pub(crate) layout: &'r Layout,
    pub(crate) route: &'r Route,
    /// The namespace of the store, whichever way it is spelled in the path.
    pub(crate) namespace: String,
    pub(crate) wanted: Wanted,
    pub(crate) prefer: Prefer,
}

/// The text of a study in the version that is wanted, and what was not kept on the way.
pub(crate) struct Shown {
    pub(crate) json: String,
    pub(crate) version: FhirVersion,
    pub(crate) losses: Vec<Loss>,
}

impl Exchange<'_> {
    /// The version of what holds several studies or none.
    pub(crate) fn version(&self) -> FhirVersion {
        let asked = self.wanted.version.or(self.layout.version);
        asked.unwrap_or(self.settings.version)
    }

    /// The version in which a study is answered that is stored in one.
    pub(crate) fn version_of(&self, stored: FhirVersion) -> FhirVersion {
        let asked = self.wanted.version.or(self.layout.version);
        asked.unwrap_or(stored)
    }

    /// The URL of the API.
    pub(crate) fn base(&self) -> String {
        format!(
            "{}{}",
            self.settings.base.trim_end_matches('/'),
            self.route.base
        )
    }

    /// The URL of the studies, or of one.
    pub(crate) fn url(&self, id: Option<&str>) -> String {
        let (base, resource) = (self.base(), self.layout.resource);
        match id {
            Some(id) => format!("{base}/{resource}/{id}"),
            None => format!("{base}/{resource}"),
        }
    }

    /// What a query means.
    pub(crate) fn options(&self) -> Options {
        let mut options = self.settings.index_options(&self.base());
        options.now = Some(self.settings.moment());
        options.strict = self.prefer.strict;
        options
    }

    /// The id of the path.
    pub(crate) fn id(&self) -> Result<&str, Failure> {
        let id = self.route.id.as_deref().unwrap_or_default();
        match is_id(id) {
            true => Ok(id),
            false => Err(Failure::new(
                400,
                IssueCode::Value,
                "an id has 1 to 64 letters, digits, hyphens and points",
            )),
        }
    }

    /// The part of each study that a query asks for, where it is not all.
    pub(crate) fn subset(&self, version: FhirVersion) -> Result<Option<Subset>, Failure> {
        let parts = self.request.query.as_deref().unwrap_or_default().split('&');
        let parts: Vec<&str> = parts
            .filter(|part| part.starts_with("_summary=") || part.starts_with("_elements="))
            .collect();
        if parts.is_empty() {
            return Ok(None);
        }
        let query = Query::parse(&parts.join("&"), version, &self.options())?;
        Ok(Subset::of(query.result()))
    }

    /// A study that is stored, in a version, or a part of it.
    pub(crate) fn show(
        &self,
        stored: &Stored,
        version: FhirVersion,
        subset: Option<&Subset>,
    ) -> Result<Shown, Failure> {
        let body = stored.body.as_ref();
        let body = body.ok_or_else(|| StoreError::new("a deletion has no study"))?;
        if body.version == version && subset.is_none() {
            return Ok(Shown {
                json: body.json.to_string(),
                version,
                losses: Vec::new(),
            });
        }
        self.show_study(body.study()?, version, subset)
    }

    /// A study in a version, or a part of it.
    pub(crate) fn show_study(
        &self,
        study: AnyImagingStudy,
        version: FhirVersion,
        subset: Option<&Subset>,
    ) -> Result<Shown, Failure> {
        let (mut study, losses) = converted(study, version)?;
        if let Some(subset) = subset {
            subset.apply(&mut study);
        }
        let json = study.to_json().map_err(|_| unwritable())?;
        Ok(Shown {
            json,
            version,
            losses,
        })
    }

    /// An answer with a resource.
    pub(crate) fn resource(
        &self,
        status: u16,
        json: String,
        version: FhirVersion,
    ) -> Result<Response, Failure> {
        let body = render(json, version, &self.wanted)?;
        Ok(Response {
            status,
            headers: vec![("Content-Type", self.wanted.content_type(version))],
            body,
            ..Response::default()
        })
    }

    /// An answer with a study, and its version in the headers.
    pub(crate) fn study(
        &self,
        status: u16,
        stored: &Stored,
        shown: Shown,
    ) -> Result<Response, Failure> {
        let losses = warning_of(&shown);
        let mut response = self.resource(status, shown.json, shown.version)?;
        response.headers.extend(version_headers(stored));
        response.headers.extend(losses);
        Ok(response)
    }

    /// An answer that says something.
    pub(crate) fn outcome(&self, status: u16, said: &[Said]) -> Result<Response, Failure> {
        let version = self.version();
        let json = json_to_string(&outcome(said, version).to_json());
        self.resource(status, json, version)
    }
}

/// A study in a version, and what was not kept.
pub(crate) fn converted(
    study: AnyImagingStudy,
    version: FhirVersion,
) -> Result<(AnyImagingStudy, Vec<Loss>), Failure> {
    let converted = convert_any(study, version, &imaging_study_convert::Options::default());
    let converted = converted.map_err(|_| unwritable())?;
    let mut losses = converted.losses;
    losses.retain(|loss| loss.kind.is_loss());
    Ok((converted.value, losses))
}

fn unwritable() -> Failure {
    let message = "the study cannot be written in this form";
    Failure::new(406, IssueCode::NotSupported, message)
}

/// What was lost, in words.
pub(crate) fn lost(losses: &[Loss]) -> Vec<String> {
    let texts = losses.iter();
    texts
        .map(|loss| {
            format!(
                "not kept in this version: {} ({})",
                loss.path,
                loss.kind.name()
            )
        })
        .collect()
}

/// A header that names what a conversion did not keep.
pub(crate) fn warning_of(shown: &Shown) -> Option<(&'static str, String)> {
    let first = lost(&shown.losses);
    let first = first.first()?;
    let quoted = first.replace(['"', '\\'], "'");
    let count = shown.losses.len();
    let visible = quoted.chars().all(|letter| matches!(letter, ' '..='~'));
    let text = match visible {
        true => format!("199 - \"{count} values, the first: {quoted}\""),
        false => format!("199 - \"{count} values are not kept in this version\""),
    };
    Some(("Warning", text))
}

/// The headers that tell the version of a study.
pub(crate) fn version_headers(stored: &Stored) -> [(&'static str, String); 2] {
    [
        ("ETag", etag(stored.number)),
        ("Last-Modified", stored.last_updated.to_http()),
    ]
}

/// Whether a text has the form of an id.
pub(crate) fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    (1..=64).contains(&text.len()) && text.bytes().all(allowed)
}

/// Puts a resource into the format that is wanted.
pub(crate) fn render(
    json: String,
    version: FhirVersion,
    wanted: &Wanted,
) -> Result<Vec<u8>, Failure> {
    if wanted.format == MediaFormat::Json && !wanted.pretty {
        return Ok(json.into_bytes());
    }
    let mut decoder = Decoder::default();
    // A Bundle is deeper than the study in it, and larger.
    decoder.limits = Limits {
        depth: Limits::MAX_DEPTH,
        bytes: usize::MAX,
        ..Limits::default()
    };
    let tree = decoder.decode_json(json.as_bytes());
    let tree = tree.map_err(|_| unwritable())?;
    let text = match wanted.format {
        MediaFormat::Xml => {
            let resource = Resource::try_from(tree).map_err(|_| unwritable())?;
            let definitions = AnyImagingStudy::definitions(version).ok_or_else(unwritable)?;
            let encoder = Encoder {
                pretty: wanted.pretty,
                declaration: true,
            };
            let text = encoder.encode_resource(&resource, definitions);
            text.map_err(|_| unwritable())?
        }
        _ => json_to_string_pretty(&tree),
    };
    Ok(text.into_bytes())
}

/// A text as JSON has it, with its quotes.
pub(crate) fn quoted(text: &str) -> String {
    json_to_string(&Json::String(text.into()))
}

/// An object of JSON.
pub(crate) fn object<const N: usize>(members: [(&'static str, Json); N]) -> Json {
    let members = members.into_iter();
    Json::Object(members.map(|(name, value)| (name.into(), value)).collect())
}

/// A text of JSON.
pub(crate) fn string<'t>(text: impl Into<Cow<'t, str>>) -> Json {
    Json::String((&*text.into()).into())
}
