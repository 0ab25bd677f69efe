//! Index values as rows.

use imaging_study_search::{IndexValue, Moment, Token};
use rusqlite::types::Value;

/// What a row holds, which decides what its columns mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A code, with its system.
    Token = 0,
    /// The same, in lower case.
    TokenAnyCase = 1,
    /// The value of an identifier in lower case, with system and code of its type.
    OfType = 2,
    /// A text for people, in lower case.
    Text = 3,
    /// A URI; of a profile without its version, which stands behind.
    Uri = 4,
    /// An id, with the type of the resource.
    Local = 5,
    /// A URL, without the scheme of the web.
    Url = 6,
    /// The identifier of a reference, as a token.
    Reference = 7,
    /// The same, in lower case.
    ReferenceAnyCase = 8,
    /// The start and the end of a span of time.
    Date = 9,
    /// That there is a value.
    Present = 10,
}

/// A value of a parameter: the columns `kind`, `a`, `b` and `c`. What is not there is an empty text, which
/// is no value of FHIR.
pub(crate) struct Row {
    pub(crate) kind: Kind,
    pub(crate) a: Value,
    pub(crate) b: Value,
    pub(crate) c: Value,
}

impl Row {
    fn new(kind: Kind, a: impl Into<Value>, b: impl Into<Value>, c: impl Into<Value>) -> Self {
        Self {
            kind,
            a: a.into(),
            b: b.into(),
            c: c.into(),
        }
    }

    /// The row of a value; `base` is the URL below which URLs are relative.
    pub(crate) fn of(parameter: &str, value: &IndexValue<'_>, base: Option<&str>) -> Self {
        let none = String::new;
        match value {
            IndexValue::Token(token) => Self::token(token, Kind::Token, Kind::TokenAnyCase),
            IndexValue::ReferenceIdentifier(token) => {
                Self::token(token, Kind::Reference, Kind::ReferenceAnyCase)
            }
            IndexValue::OfType(typed) => Self::new(
                Kind::OfType,
                typed.value.to_ascii_lowercase(),
                typed.system.to_owned(),
                typed.code.to_owned(),
            ),
            IndexValue::Text(text) => {
                // Letter by letter, as the search compares them.
                let lower: String = text.chars().flat_map(char::to_lowercase).collect();
                Self::new(Kind::Text, lower, none(), none())
            }
            IndexValue::Uri(uri) if parameter == "_profile" => {
                let (url, version) = uri.split_once('|').unwrap_or((uri, ""));
                let url = relative(url, base).to_owned();
                Self::new(Kind::Uri, url, version.to_owned(), none())
            }
            IndexValue::Uri(uri) => Self::new(Kind::Uri, (*uri).to_owned(), none(), none()),
            IndexValue::Local(reference) => Self::new(
                Kind::Local,
                reference.id.to_owned(),
                reference.resource_type.to_owned(),
                none(),
            ),
            IndexValue::Url(url) => {
                Self::new(Kind::Url, without_scheme(url).to_owned(), none(), none())
            }
            IndexValue::Date(span) => Self::new(Kind::Date, key(span.start), key(span.end), none()),
            _ => Self::new(Kind::Present, none(), none(), none()),
        }
    }

    fn token(token: &Token<'_>, exact: Kind, any_case: Kind) -> Self {
        let code = token.code.unwrap_or_default();
        let (kind, code) = match token.ignores_case {
            true => (any_case, code.to_ascii_lowercase()),
            false => (exact, code.to_owned()),
        };
        let system = token.system.unwrap_or_default();
        Self::new(kind, code, system.to_owned(), String::new())
    }
}

/// A moment as bytes that compare as moments do.
pub(crate) fn key(moment: Moment) -> Vec<u8> {
    moment.key().to_vec()
}

/// A URL of the web by what stands behind its scheme; any other as it is.
pub(crate) fn without_scheme(url: &str) -> &str {
    let rest = url
        .strip_prefix("http")
        .map(|rest| rest.strip_prefix('s').unwrap_or(rest));
    match rest {
        Some(rest) if rest.starts_with("://") => rest,
        _ => url,
    }
}

/// What stands behind the base in a URL that is below it.
pub(crate) fn relative<'u>(url: &'u str, base: Option<&str>) -> &'u str {
    let below = base.and_then(|base| {
        let base = without_scheme(base).trim_end_matches('/');
        without_scheme(url).strip_prefix(base)?.strip_prefix('/')
    });
    below.unwrap_or(url)
}
