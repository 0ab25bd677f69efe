//! Reports on what went to the quarantine: an OperationOutcome for each.

use std::fmt;

use imaging_study::convert::{Loss, Refused};
use imaging_study::core::{Json, NotAResource, ReadError, ReadErrorKind, Segment, WriteError};
use imaging_study::json::{Position, json_to_string};
use imaging_study::validate::{IssueCode, OperationOutcome, OutcomeIssue};
use imaging_study::{ElementPath, FhirVersion, Undecided};
use smol_str::SmolStr;

use crate::finding::Verdict;
use crate::shown::{changes_terminals, shown};

/// Why a resource went to the quarantine.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{}", .0.message())]
    Read(#[from] ReadError),
    /// A study that was read from a Bundle in XML: where in the input is not known.
    #[error("{}", .0.message())]
    ReadFromTree(ReadError),
    #[error("{0}; --from says which version to read")]
    Undecided(Undecided),
    #[error("strict: {}", Named(.0))]
    Refused(Vec<Loss>),
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The element stands at this position of the JSON that was read.
    #[error("{0}")]
    WriteAt(WriteError, Position),
    #[error("more than {limit} bytes: {size} from byte {begin} of the input on")]
    TooLong {
        /// The greatest size of a line, in bytes.
        limit: usize,
        /// Its size, in bytes.
        size: u64,
        /// How many bytes stand before it.
        begin: u64,
    },
    #[error("more than {0} elements")]
    TooMany(usize),
    #[error("missing resourceType")]
    NoResourceType,
    /// What stands in its place.
    #[error("expected the type of a resource as resourceType, found {0}")]
    ResourceType(&'static str),
    #[error("{}", unknown_type(*.0))]
    UnknownType(Option<FhirVersion>),
    #[error("strict: an ImagingStudy inside another resource is not converted")]
    Left,
    #[error("internal error{}, which is a fault of this program", at(.0.as_deref()))]
    Internal(Option<String>),
    #[error("expected a resource, found {0}")]
    NoResource(&'static str),
    #[error(
        "only the definitions of its version say how the resource is written in another format; \
         --from says which version it is"
    )]
    NoVersion,
    #[error(
        "the Bundle holds studies of {0} and of {1}, but only the definitions of one version can \
         say how it is written in XML"
    )]
    SeveralVersions(FhirVersion, FhirVersion),
    /// What another reader says.
    #[error("{message}")]
    Other {
        /// The kind of problem.
        code: IssueCode,
        /// What is wrong, without what stands in the input.
        message: String,
    },
}

fn unknown_type(version: Option<FhirVersion>) -> String {
    match version {
        Some(version) => format!("{version} has no such resource type"),
        None => "no version of FHIR has such a resource type".to_owned(),
    }
}

fn at(place: Option<&str>) -> String {
    place.map_or_else(String::new, |place| format!(" at {place}"))
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused.losses)
    }
}

impl From<NotAResource> for Failure {
    fn from(error: NotAResource) -> Self {
        Self::NoResource(error.found)
    }
}

impl From<Undecided> for Failure {
    fn from(undecided: Undecided) -> Self {
        Self::Undecided(undecided)
    }
}

/// Where a resource stands.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The name of the input.
    pub source: &'a str,
    /// The line on which it begins, counted from 1; 0 for what has no lines.
    pub line: u64,
    /// The characters before it on that line.
    pub column: u64,
    /// Its path from the outermost resource on, if it stands inside one.
    pub entry: Option<&'a str>,
}

impl Place<'_> {
    /// The path of an element of it, from the outermost resource on.
    pub fn path(&self, path: &ElementPath) -> String {
        let path = path.to_string();
        let Some(entry) = self.entry else {
            return path;
        };
        let inside = path.strip_prefix("ImagingStudy").unwrap_or_default();
        format!("{entry}{inside}")
    }
}

/// How many of the values that strict mode does not let go a report names.
const NAMED: usize = 10;

fn reasons(losses: &[Loss]) -> impl Iterator<Item = &Loss> {
    losses
        .iter()
        .filter(|loss| loss.kind.is_refused_by_strict())
}

/// `stale-carry at ImagingStudy.modality[0] and 2 more`.
struct Named<'a>(&'a [Loss]);

impl fmt::Display for Named<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, loss) in reasons(self.0).take(NAMED).enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(
                formatter,
                "{separator}{} at {}",
                loss.kind.name(),
                loss.path
            )?;
        }
        match reasons(self.0).count().saturating_sub(NAMED) {
            0 => Ok(()),
            more => write!(formatter, " and {more} more"),
        }
    }
}

impl Failure {
    /// What is wrong with an object that does not say of which type it is.
    pub fn without_type(object: &Json) -> Self {
        match object.get("resourceType") {
            None | Some(Json::String(_)) => Self::NoResourceType,
            Some(other) => Self::ResourceType(other.kind()),
        }
    }

    /// The kind of problem (<https://hl7.org/fhir/R5/valueset-issue-type.html>).
    pub fn code(&self) -> IssueCode {
        match self {
            Self::Read(error) | Self::ReadFromTree(error) => match error.kind() {
                ReadErrorKind::InvalidValue { .. } => IssueCode::Value,
                ReadErrorKind::DuplicateMember
                | ReadErrorKind::DuplicateElement
                | ReadErrorKind::SecondValue => IssueCode::Duplicate,
                ReadErrorKind::TooDeep { .. }
                | ReadErrorKind::TooLarge { .. }
                | ReadErrorKind::TooManyAttributes { .. }
                | ReadErrorKind::TooManyNamespaces { .. } => IssueCode::TooLong,
                ReadErrorKind::UnsupportedEncoding => IssueCode::NotSupported,
                ReadErrorKind::MissingResourceType => IssueCode::Required,
                _ => IssueCode::Structure,
            },
            Self::TooLong { .. } | Self::TooMany(_) => IssueCode::TooLong,
            Self::NoResourceType => IssueCode::Required,
            Self::ResourceType(_) | Self::NoResource(_) | Self::Write(_) | Self::WriteAt(..) => {
                IssueCode::Structure
            }
            Self::Undecided(_) | Self::NoVersion | Self::SeveralVersions(..) => IssueCode::Invalid,
            Self::UnknownType(_) => IssueCode::NotSupported,
            Self::Internal(_) => IssueCode::Exception,
            Self::Refused(_) | Self::Left => IssueCode::BusinessRule,
            Self::Other { code, .. } => *code,
        }
    }

    fn expressions(&self, place: &Place<'_>) -> Vec<String> {
        let paths: Vec<&ElementPath> = match self {
            Self::Read(error) | Self::ReadFromTree(error) => vec![error.path()],
            Self::Write(error) | Self::WriteAt(error, _) => error.path().into_iter().collect(),
            Self::Refused(losses) => reasons(losses).map(|loss| &loss.path).take(NAMED).collect(),
            _ => Vec::new(),
        };
        if paths.is_empty() && place.entry.is_some() {
            return vec![place.path(&ElementPath::default())];
        }
        let paths = paths
            .into_iter()
            .filter(|path| !path.is_empty() || place.entry.is_some());
        paths.map(|path| place.path(path)).collect()
    }

    /// Line and column of the problem; where the whole resource is one, of its beginning.
    pub fn position(&self, place: &Place<'_>) -> (u64, u64) {
        let position = match self {
            Self::Read(error) => error.position(),
            Self::WriteAt(_, position) => *position,
            _ => return (place.line, place.column + 1),
        };
        let before = if position.line == 1 { place.column } else { 0 };
        (
            place.line + position.line.saturating_sub(1),
            before + position.column,
        )
    }

    /// Appends the report, in a line of its own.
    #[cold]
    pub fn report(&self, place: &Place<'_>, out: &mut Vec<u8>) {
        let (line, column) = self.position(place);
        let mut issue = OutcomeIssue::error(self.code(), self.to_string());
        if line > 0 {
            issue.set_position(line, column);
        }
        issue.set_source(place.source);
        issue.expression = self.expressions(place);
        let outcome = OperationOutcome { issue: vec![issue] }.to_json();
        push_escaped(&json_to_string(&outcome), out);
        out.push(b'\n');
    }

    /// What is wrong, without where it stands: the path has no indexes, and there is no number of a
    /// line or size.
    pub fn kind(&self) -> String {
        let path = match self {
            Self::Read(error) | Self::ReadFromTree(error) => Some(error.path()),
            Self::Write(error) | Self::WriteAt(error, _) => error.path(),
            Self::TooLong { limit, .. } => return format!("more than {limit} bytes"),
            _ => None,
        };
        let message = self.to_string();
        let Some(path) = path.filter(|path| !path.is_empty()) else {
            return message;
        };
        let names = path.segments().filter_map(|segment| match segment {
            Segment::Name(name) => Some(name.to_string()),
            Segment::Index(_) => None,
        });
        format!("{}: {message}", names.collect::<Vec<_>>().join("."))
    }

    /// Appends the report as a line for people: `file:line:column: path: message`.
    #[cold]
    pub fn report_text(&self, place: &Place<'_>, out: &mut Vec<u8>) {
        let (line, column) = self.position(place);
        let paths = self.expressions(place);
        let path = paths
            .first()
            .map_or(String::new(), |path| format!("{path}: "));
        let source = place.source;
        let text = format!("{source}:{line}:{column}: {path}{self}");
        out.extend_from_slice(shown(&text).as_bytes());
        out.push(b'\n');
    }

    /// What a reader is told who only wants to know whether the resource can be read.
    pub fn verdict(&self, place: &Place<'_>) -> Verdict {
        match self {
            Self::Undecided(undecided) => Verdict::Undecided(undecided.to_string()),
            Self::Read(error) => {
                let (line, column) = self.position(place);
                let path = place.path(error.path());
                let path = if path.is_empty() { path } else { path + ": " };
                let message = error.message();
                Verdict::Unreadable(format!("{path}{message} at line {line}, column {column}"))
            }
            Self::ReadFromTree(error) => {
                Verdict::Unreadable(format!("{}: {}", place.path(error.path()), error.message()))
            }
            _ => Verdict::Unreadable(self.to_string()),
        }
    }
}

/// Appends JSON; characters that JSON allows, but a terminal would act on, are escaped.
pub fn push_escaped(json: &str, out: &mut Vec<u8>) {
    let mut copied = 0;
    for (place, character) in json.char_indices() {
        if changes_terminals(character) {
            out.extend_from_slice(&json.as_bytes()[copied..place]);
            out.extend_from_slice(format!("\\u{:04x}", u32::from(character)).as_bytes());
            copied = place + character.len_utf8();
        }
    }
    out.extend_from_slice(&json.as_bytes()[copied..]);
}

pub fn member(name: &'static str, value: Json) -> (SmolStr, Json) {
    (SmolStr::new_static(name), value)
}

pub fn string(text: &str) -> Json {
    Json::String(text.into())
}

pub fn number(number: u64) -> Json {
    Json::Number(i64::try_from(number).unwrap_or(i64::MAX).into())
}
