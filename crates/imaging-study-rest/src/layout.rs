//! Where the routes of an API lie, and what is particular to it.

use imaging_study_core::FhirVersion;
use imaging_study_search::decode;

use crate::Interaction;

/// The routes of an API as data.
///
/// ```
/// use imaging_study_rest::{Interaction, Layout};
///
/// let layout = Layout::organizations("a");
/// let route = layout.route("GET", "/a/st-marys/ImagingStudy/s1/_history/2").expect("a route");
/// assert_eq!(route.namespace, "st-marys");
/// assert_eq!(route.interaction, Ok(Interaction::Vread));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Layout {
    /// A name for it.
    pub name: &'static str,
    /// The segments before the resource.
    pub prefix: Vec<Segment>,
    /// The segment of the resource, `ImagingStudy` by the standard.
    pub resource: &'static str,
    /// What it offers.
    pub interactions: &'static [Interaction],
    /// The version of bodies, answers and queries that name none; where it is not said, a body is
    /// looked at, an answer is in the version that is stored, and the rest in the default of the service.
    pub version: Option<FhirVersion>,
    /// Whether it knows no format but JSON, and names it `application/json`.
    pub only_json: bool,
    /// Whether every request needs a bearer token.
    pub bearer: bool,
    /// How it says that a request has no token, or a wrong one.
    pub unauthorized: Unauthorized,
    /// Whether the body of an update may lack its id, which is that of the URL then.
    pub update_without_id: bool,
    /// Whether a creation may have criteria in its query, which are those of `If-None-Exist`.
    pub create_by_query: bool,
    /// Whether a study may lack the UID that its version requires.
    pub without_uid: bool,
    /// Whether ids are compared without ASCII case.
    pub ids_ignore_case: bool,
    /// Whether `log-cdata` is read.
    pub log_data: bool,
}

/// A segment of the path before the resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Text that stands there.
    Text(String),
    /// Any text, which names the namespace of the store; the name is for people.
    Namespace(&'static str),
}

/// How a layout answers a request that is not authorized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unauthorized {
    /// By an OperationOutcome.
    Outcome,
    /// By `{"message": "Unauthorized", "statusCode": 401}`.
    Plain,
}

/// A request that fits a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// The namespace of the store; empty in a layout without one.
    pub namespace: String,
    /// What is asked for, or the methods that the path has where the one asked for is none of them.
    pub interaction: Result<Interaction, Vec<&'static str>>,
    /// The id of the study, or of the patient.
    pub id: Option<String>,
    /// The id of the version.
    pub version_id: Option<String>,
    /// The path before the resource as it was sent, with its leading slash.
    pub base: String,
    /// The pattern, e.g. `/fhir/ImagingStudy/{id}`.
    pub pattern: String,
}

use Interaction as I;

const STANDARD: &[Interaction] = &[
    I::Read,
    I::Vread,
    I::HistoryInstance,
    I::HistoryType,
    I::Create,
    I::Update,
    I::ConditionalUpdate,
    I::Patch,
    I::Delete,
    I::ConditionalDelete,
    I::Search,
    I::SearchPost,
    I::SearchPatient,
    I::Capabilities,
    I::Versions,
    I::Validate,
    I::Convert,
];

const ORGANIZATIONS: &[Interaction] = &[
    I::Read,
    I::Vread,
    I::HistoryInstance,
    I::HistoryType,
    I::Create,
    I::Update,
    I::ConditionalUpdate,
    I::Patch,
    I::Delete,
    I::Search,
    I::SearchPost,
    I::Validate,
];

impl Layout {
    /// The layout of the standard below a path, e.g. `fhir` (<https://hl7.org/fhir/R5/http.html>).
    #[must_use]
    pub fn standard(path: &str) -> Self {
        Self {
            name: "standard",
            prefix: texts(path),
            resource: "ImagingStudy",
            interactions: STANDARD,
            version: None,
            only_json: false,
            bearer: false,
            unauthorized: Unauthorized::Outcome,
            update_without_id: false,
            create_by_query: false,
            without_uid: false,
            ids_ignore_case: false,
            log_data: false,
        }
    }

    /// A layout of STU3 with an organization before the resource, `/{organizationId}/ImagingStudy`, below
    /// a path.
    #[must_use]
    pub fn organizations(path: &str) -> Self {
        let mut prefix = texts(path);
        prefix.push(Segment::Namespace("organizationId"));
        Self {
            name: "organizations",
            prefix,
            interactions: ORGANIZATIONS,
            version: Some(FhirVersion::Stu3),
            only_json: true,
            bearer: true,
            update_without_id: true,
            create_by_query: true,
            without_uid: true,
            log_data: true,
            ..Self::standard("")
        }
    }

    /// A layout of R4 that only reads, `/site/{siteId}/fhir/imaging-study/{id}`.
    #[must_use]
    pub fn sites() -> Self {
        Self {
            name: "sites",
            prefix: vec![
                Segment::Text("site".to_owned()),
                Segment::Namespace("siteId"),
                Segment::Text("fhir".to_owned()),
            ],
            resource: "imaging-study",
            interactions: &[I::Read],
            version: Some(FhirVersion::R4),
            only_json: true,
            bearer: true,
            unauthorized: Unauthorized::Plain,
            ids_ignore_case: true,
            ..Self::standard("")
        }
    }

    /// Whether the layout offers something.
    #[must_use]
    pub fn offers(&self, interaction: Interaction) -> bool {
        self.interactions.contains(&interaction)
    }

    /// The route of a request, if its path is one of the layout.
    #[must_use]
    pub fn route(&self, method: &str, path: &str) -> Option<Route> {
        let path = path.strip_prefix('/')?;
        let segments: Vec<&str> = path.split('/').collect();
        if segments.len() > self.prefix.len() + 4 {
            return None;
        }
        let (before, rest) = segments.split_at_checked(self.prefix.len())?;
        let (mut namespace, mut base, mut pattern) = (String::new(), String::new(), String::new());
        for (expected, sent) in self.prefix.iter().zip(before) {
            match expected {
                Segment::Text(text) => {
                    if decode_segment(sent)? != *text {
                        return None;
                    }
                    pattern.push('/');
                    pattern.push_str(text);
                }
                Segment::Namespace(name) => {
                    namespace = decode_segment(sent).filter(|name| !name.is_empty())?;
                    pattern.push_str(&format!("/{{{name}}}"));
                }
            }
            base.push('/');
            base.push_str(sent);
        }
        let rest: Option<Vec<String>> = rest.iter().map(|part| decode_segment(part)).collect();
        let rest = rest?;
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        let (place, ids) = Place::of(&rest, self.resource)?;
        let offered = place.offered();
        let offered: Vec<_> = offered
            .iter()
            .filter(|(_, interaction)| self.offers(*interaction))
            .collect();
        if offered.is_empty() {
            return None;
        }
        let asked = if method == "HEAD" { "GET" } else { method };
        let found = offered.iter().find(|(known, _)| *known == asked);
        let interaction = match found {
            Some((_, interaction)) => Ok(*interaction),
            None => {
                let mut methods: Vec<&'static str> = Vec::new();
                for (method, _) in offered {
                    methods.push(method);
                    if *method == "GET" {
                        methods.push("HEAD");
                    }
                }
                Err(methods)
            }
        };
        pattern.push_str(&place.pattern().replace("ImagingStudy", self.resource));
        let mut ids = ids.into_iter().map(str::to_owned);
        Some(Route {
            namespace,
            interaction,
            id: ids.next(),
            version_id: ids.next(),
            base,
            pattern,
        })
    }
}

/// A path behind the prefix.
#[derive(Clone, Copy)]
enum Place {
    Metadata,
    Versions,
    Convert,
    Type,
    TypeHistory,
    TypeSearch,
    TypeValidate,
    TypeConvert,
    Instance,
    InstanceHistory,
    InstanceValidate,
    InstanceConvert,
    Version,
    Patient,
}

impl Place {
    fn of<'p>(path: &[&'p str], resource: &str) -> Option<(Self, Vec<&'p str>)> {
        Some(match path {
            ["metadata"] => (Self::Metadata, vec![]),
            ["$versions"] => (Self::Versions, vec![]),
            ["$convert"] => (Self::Convert, vec![]),
            ["Patient", id, "ImagingStudy"] => (Self::Patient, vec![id]),
            [name, rest @ ..] if *name == resource => match rest {
                [] | [""] => (Self::Type, vec![]),
                ["_history"] => (Self::TypeHistory, vec![]),
                ["_search"] => (Self::TypeSearch, vec![]),
                ["$validate"] => (Self::TypeValidate, vec![]),
                ["$convert"] => (Self::TypeConvert, vec![]),
                [id] => (Self::Instance, vec![id]),
                [id, "_history"] => (Self::InstanceHistory, vec![id]),
                [id, "$validate"] => (Self::InstanceValidate, vec![id]),
                [id, "$convert"] => (Self::InstanceConvert, vec![id]),
                [id, "_history", version] => (Self::Version, vec![id, version]),
                _ => return None,
            },
            _ => return None,
        })
    }

    const fn offered(self) -> &'static [(&'static str, Interaction)] {
        match self {
            Self::Metadata => &[("GET", I::Capabilities)],
            Self::Versions => &[("GET", I::Versions)],
            Self::Convert | Self::TypeConvert => &[("POST", I::Convert)],
            Self::Type => &[
                ("GET", I::Search),
                ("POST", I::Create),
                ("PUT", I::ConditionalUpdate),
                ("DELETE", I::ConditionalDelete),
            ],
            Self::TypeHistory => &[("GET", I::HistoryType)],
            Self::TypeSearch => &[("POST", I::SearchPost)],
            Self::TypeValidate => &[("POST", I::Validate)],
            Self::Instance => &[
                ("GET", I::Read),
                ("PUT", I::Update),
                ("PATCH", I::Patch),
                ("DELETE", I::Delete),
            ],
            Self::InstanceHistory => &[("GET", I::HistoryInstance)],
            Self::InstanceValidate => &[("GET", I::Validate), ("POST", I::Validate)],
            Self::InstanceConvert => &[("GET", I::Convert)],
            Self::Version => &[("GET", I::Vread)],
            Self::Patient => &[("GET", I::SearchPatient)],
        }
    }

    const fn pattern(self) -> &'static str {
        match self {
            Self::Metadata => "/metadata",
            Self::Versions => "/$versions",
            Self::Convert => "/$convert",
            Self::Type => "/ImagingStudy",
            Self::TypeHistory => "/ImagingStudy/_history",
            Self::TypeSearch => "/ImagingStudy/_search",
            Self::TypeValidate => "/ImagingStudy/$validate",
            Self::TypeConvert => "/ImagingStudy/$convert",
            Self::Instance => "/ImagingStudy/{id}",
            Self::InstanceHistory => "/ImagingStudy/{id}/_history",
            Self::InstanceValidate => "/ImagingStudy/{id}/$validate",
            Self::InstanceConvert => "/ImagingStudy/{id}/$convert",
            Self::Version => "/ImagingStudy/{id}/_history/{version}",
            Self::Patient => "/Patient/{id}/ImagingStudy",
        }
    }
}

fn texts(path: &str) -> Vec<Segment> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments
        .map(|segment| Segment::Text(segment.to_owned()))
        .collect()
}

/// A segment of a path; `None` where it is no text, or hides a slash or a control character.
fn decode_segment(segment: &str) -> Option<String> {
    let text = decode(&segment.replace('+', "%2B")).ok()?;
    let hides = text.contains(|letter: char| letter == '/' || letter.is_control());
    (!hides && text != "." && text != "..").then_some(text)
}
