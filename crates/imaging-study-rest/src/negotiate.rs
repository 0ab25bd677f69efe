//! In which form an answer is wanted, and in which a body came.

use imaging_study_core::{FhirVersion, MediaFormat, MediaRange, MediaType, MediaTypeError};
use imaging_study_search::decode;
use imaging_study_validate::IssueCode;

use crate::failure::Failure;
use crate::{Headers, Layout};

/// The form in which an answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) format: MediaFormat,
    /// The name of the media type, if it is not that of the version.
    name: Option<&'static str>,
    /// The version that was asked for.
    pub(crate) version: Option<FhirVersion>,
    pub(crate) pretty: bool,
}

impl Wanted {
    /// The form of an answer that nobody asked anything of.
    pub(crate) fn default_of(layout: Option<&Layout>) -> Self {
        let only_json = layout.is_some_and(|layout| layout.only_json);
        Self {
            format: MediaFormat::Json,
            name: only_json.then_some("application/json"),
            version: None,
            pretty: false,
        }
    }

    /// The form that a request asks for.
    pub(crate) fn of(
        headers: &Headers,
        query: Option<&str>,
        layout: &Layout,
    ) -> Result<Self, Failure> {
        let accept = headers.text("Accept")?;
        let ranges = MediaRange::list(accept.as_deref().unwrap_or_default());
        let format = parameter(query, "_format")?;
        let mut wanted = match &format {
            Some(format) => Self::named(&repaired(format), layout)?.ok_or_else(not_acceptable)?,
            None => Self::accepted(&ranges, layout)?,
        };
        if format.is_some() && wanted.version.is_none() {
            let accepted = Self::accepted(&ranges, layout);
            wanted.version = accepted.ok().and_then(|accepted| accepted.version);
        }
        wanted.pretty = parameter(query, "_pretty")?.as_deref() == Some("true");
        Ok(wanted)
    }

    /// The first range that there is a form for.
    fn accepted(ranges: &[MediaRange], layout: &Layout) -> Result<Self, Failure> {
        if ranges.is_empty() {
            return Ok(Self::default_of(Some(layout)));
        }
        let mut refused = None;
        for range in ranges.iter().filter(|range| range.quality > 0) {
            let essence = range.essence();
            if matches!(essence.as_str(), "*/*" | "application/*" | "text/*") {
                let is_refused = |name: &str| {
                    let mut ranges = ranges.iter();
                    ranges.any(|range| range.quality == 0 && range.essence() == name)
                };
                let wanted = Self::default_of(Some(layout));
                match essence.as_str() {
                    "text/*" => {
                        let name = Some("text/json");
                        return Ok(Self { name, ..wanted });
                    }
                    _ if !is_refused("application/fhir+json") => return Ok(wanted),
                    _ if !is_refused("application/fhir+xml") && !layout.only_json => {
                        let format = MediaFormat::Xml;
                        return Ok(Self { format, ..wanted });
                    }
                    _ => continue,
                }
            }
            match Self::named(&range.text, layout) {
                Ok(Some(wanted)) => return Ok(wanted),
                Ok(None) => {}
                Err(failure) => refused = refused.or(Some(failure)),
            }
        }
        Err(refused.unwrap_or_else(not_acceptable))
    }

    /// The form that a media type or a short name stands for; none where there is no such form.
    fn named(text: &str, layout: &Layout) -> Result<Option<Self>, Failure> {
        let version_of = |text: &str| match text.parse::<MediaType>() {
            Ok(media_type) => Ok(Some(media_type)),
            Err(MediaTypeError::UnknownVersion(_) | MediaTypeError::TwoVersions) => {
                Err(Failure::new(
                    406,
                    IssueCode::NotSupported,
                    "the FHIR version is not served",
                ))
            }
            Err(_) => Ok(None),
        };
        let media_type = match text.trim() {
            "json" => Some(MediaType {
                format: MediaFormat::Json,
                version: None,
            }),
            "xml" => Some(MediaType {
                format: MediaFormat::Xml,
                version: None,
            }),
            text => version_of(text)?,
        };
        let Some(media_type) = media_type else {
            return Ok(None);
        };
        let served = match media_type.format {
            MediaFormat::Json => true,
            MediaFormat::Xml => !layout.only_json,
            MediaFormat::Ndjson => false,
        };
        if !served {
            return Ok(None);
        }
        let essence = text.split(';').next().unwrap_or_default().trim();
        let names = [
            "application/json",
            "text/json",
            "application/json+fhir",
            "application/xml",
            "text/xml",
            "application/xml+fhir",
        ];
        let mut name = names
            .into_iter()
            .find(|name| name.eq_ignore_ascii_case(essence));
        if layout.only_json && matches!(essence, "json") {
            name = Some("application/json");
        }
        Ok(Some(Self {
            format: media_type.format,
            name,
            version: named_version(text, media_type, layout),
            pretty: false,
        }))
    }

    /// The value of `Content-Type` for an answer in a version.
    pub(crate) fn content_type(&self, version: FhirVersion) -> String {
        let media_type = MediaType {
            format: self.format,
            version: Some(version),
        };
        let whole = media_type.to_string();
        match (self.name, self.version) {
            (None, _) => whole,
            (Some(name), Some(_)) if !name.ends_with("+fhir") => {
                let parameters = whole.split_once(';').map_or("", |(_, rest)| rest);
                match parameters {
                    "" => format!("{name}; fhirVersion={}", version.number()),
                    parameters => format!("{name};{parameters}"),
                }
            }
            (Some(name), _) => name.to_owned(),
        }
    }
}

/// The version that a media type names. In a layout of one version the name that DSTU2 gave a format is
/// only a name.
fn named_version(text: &str, media_type: MediaType, layout: &Layout) -> Option<FhirVersion> {
    let is_said = text.to_ascii_lowercase().contains("fhirversion");
    let counts = is_said || layout.version.is_none();
    media_type.version.filter(|_| counts)
}

fn not_acceptable() -> Failure {
    let message = "no such format; there are application/fhir+json and application/fhir+xml";
    Failure::new(406, IssueCode::NotSupported, message)
}

/// The plus of a media type arrives as a blank where it was not encoded.
fn repaired(format: &str) -> String {
    let (essence, rest) = match format.split_once(';') {
        Some((essence, rest)) => (essence, format!(";{rest}")),
        None => (format, String::new()),
    };
    format!("{}{rest}", essence.trim().replace(' ', "+"))
}

/// The value of the first parameter of a name in a query, decoded.
pub(crate) fn parameter(query: Option<&str>, name: &str) -> Result<Option<String>, Failure> {
    for part in query.unwrap_or_default().split('&') {
        let (known, value) = part.split_once('=').unwrap_or((part, ""));
        if decode(known).is_ok_and(|known| known == name) {
            let value = decode(value).map_err(|error| {
                Failure::new(400, IssueCode::Invalid, format!("{name}: {error}"))
            })?;
            return Ok((!value.is_empty()).then_some(value));
        }
    }
    Ok(None)
}

/// The form in which a body came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// A resource, in a version if that was said.
    Resource(MediaFormat, Option<FhirVersion>),
    JsonPatch,
    Form,
}

impl Sent {
    pub(crate) fn of(headers: &Headers, layout: &Layout) -> Result<Self, Failure> {
        let unsupported = |message: &str| Failure::new(415, IssueCode::NotSupported, message);
        let encoding = headers.text("Content-Encoding").ok().flatten();
        if headers.all("Content-Encoding").next().is_some()
            && !encoding.is_some_and(|encoding| encoding.trim().eq_ignore_ascii_case("identity"))
        {
            return Err(unsupported("the encoding of the body is not supported"));
        }
        let text = headers.text("Content-Type").ok().flatten();
        let text = text.ok_or_else(|| unsupported("the body has no readable media type"))?;
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim().trim_matches('"');
            let is_utf8 = ["utf-8", "utf8"]
                .iter()
                .any(|name| value.eq_ignore_ascii_case(name));
            if name.trim().eq_ignore_ascii_case("charset") && !is_utf8 {
                return Err(unsupported("the characters of the body are not in UTF-8"));
            }
        }
        match essence.as_str() {
            "application/json-patch+json" => return Ok(Self::JsonPatch),
            "application/x-www-form-urlencoded" => return Ok(Self::Form),
            _ => {}
        }
        let media_type: MediaType = text.parse().map_err(|error| match error {
            MediaTypeError::UnknownVersion(_) => unsupported("the FHIR version is not served"),
            MediaTypeError::TwoVersions => unsupported("the media type names two FHIR versions"),
            _ => unsupported("the media type of the body is not supported"),
        })?;
        let version = named_version(&text, media_type, layout);
        match media_type.format {
            MediaFormat::Json => Ok(Self::Resource(MediaFormat::Json, version)),
            MediaFormat::Xml if !layout.only_json => Ok(Self::Resource(MediaFormat::Xml, version)),
            _ => Err(unsupported("the media type of the body is not supported")),
        }
    }
}
