//! What a query asks of a study.

use std::ops::ControlFlow;

use crate::index_value::{IndexValue, Token};
use crate::moment::{Interval, Prefix};
use crate::options::{Options, without_scheme};
use crate::parameter::Parameter;
use crate::plan::Plan;

/// A parameter of a query with its values: one of them has to match.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Criterion {
    pub(crate) plan: &'static Plan,
    /// How the values are asked for.
    pub modifier: Modifier,
    /// The values; none with [`Modifier::Missing`].
    pub values: Vec<Wanted>,
    /// Where in the query it stands, in bytes from its start, counted from 0.
    pub position: usize,
    /// The value as the query has it, decoded.
    pub(crate) raw: String,
}

/// How the values of a criterion are asked for. A type of a reference is in its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Modifier {
    /// As the type of the parameter does.
    None,
    /// `:missing`: whether there is no value.
    Missing(bool),
    /// `:not`: no value of the study matches any of those asked for.
    Not,
    /// `:of-type`: identifiers by their type.
    OfType,
    /// `:identifier`: references by their identifier.
    Identifier,
    /// `:text`: by texts for people.
    Text,
}

impl Modifier {
    /// The modifier in a query, with its colon.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Missing(_) => ":missing",
            Self::Not => ":not",
            Self::OfType => ":of-type",
            Self::Identifier => ":identifier",
            Self::Text => ":text",
        }
    }
}

/// A value that a criterion asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wanted {
    /// A code of any system: `code`.
    Code(String),
    /// Any code of a system: `system|`.
    System(String),
    /// A code of a system: `system|code`.
    SystemCode(String, String),
    /// A code without a system: `|code`.
    NoSystem(String),
    /// An identifier by its type: system and code of the type, and the value.
    OfType(String, String, String),
    /// The beginning of a text, in lower case.
    Text(String),
    /// A URI.
    Uri(String),
    /// The URL of a definition, of any version where none is said.
    Canonical(String, Option<String>),
    /// A reference to a resource of any target type: its id.
    Id(String),
    /// A reference by type and id.
    Local(String, String),
    /// A reference by URL.
    Url(String),
    /// A date or time.
    Date(Prefix, Interval),
}

impl Criterion {
    /// The parameter.
    #[must_use]
    pub fn parameter(&self) -> &'static Parameter {
        self.plan.parameter
    }

    /// Whether a study matches whose values of the parameter `visit` hands over until it is told to
    /// stop.
    pub(crate) fn matches<'a>(
        &self,
        options: &Options,
        visit: impl FnOnce(&mut dyn FnMut(IndexValue<'a>) -> ControlFlow<()>) -> ControlFlow<()>,
    ) -> bool {
        let mut finds = |value: IndexValue<'a>| match self.finds(&value, options) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let mut any = |_: IndexValue<'a>| ControlFlow::Break(());
        match self.modifier {
            Modifier::Missing(missing) => visit(&mut any).is_continue() == missing,
            Modifier::Not => visit(&mut finds).is_continue(),
            _ => visit(&mut finds).is_break(),
        }
    }

    fn finds(&self, value: &IndexValue<'_>, options: &Options) -> bool {
        let mut values = self.values.iter();
        values.any(|wanted| self.is(wanted, value, options))
    }

    fn is(&self, wanted: &Wanted, value: &IndexValue<'_>, options: &Options) -> bool {
        let lenient = options.lenient_uids && self.plan.has_uids();
        let text_is = |one: &str, other: &str| match lenient {
            true => without_urn(one) == without_urn(other),
            false => one == other,
        };
        match (wanted, *value) {
            (
                Wanted::Code(_) | Wanted::System(_) | Wanted::SystemCode(..) | Wanted::NoSystem(_),
                IndexValue::Token(token),
            ) => {
                self.modifier != Modifier::Identifier && token_is(wanted, &token, lenient, options)
            }
            (
                Wanted::Code(_) | Wanted::System(_) | Wanted::SystemCode(..) | Wanted::NoSystem(_),
                IndexValue::ReferenceIdentifier(token),
            ) => token_is(wanted, &token, lenient, options),
            (Wanted::OfType(system, code, text), IndexValue::OfType(typed)) => {
                system == typed.system
                    && same_code(code, typed.code, options.ignore_case)
                    && text.eq_ignore_ascii_case(typed.value)
            }
            (Wanted::Text(begin), IndexValue::Text(text)) => begins(text, begin),
            (Wanted::Uri(uri), IndexValue::Uri(found)) => text_is(uri, found),
            (Wanted::Canonical(url, version), IndexValue::Uri(found)) => {
                canonical_is(url, version.as_deref(), found, options)
            }
            (Wanted::Id(id), IndexValue::Local(found)) => {
                id == found.id && self.parameter().targets.contains(&found.resource_type)
            }
            (Wanted::Local(resource_type, id), IndexValue::Local(found)) => {
                resource_type == found.resource_type && id == found.id
            }
            (Wanted::Url(url), IndexValue::Url(found)) => same_url(url, found),
            (Wanted::Date(prefix, interval), IndexValue::Date(found)) => {
                prefix.holds(&found, interval, options.now)
            }
            _ => false,
        }
    }
}

fn token_is(wanted: &Wanted, token: &Token<'_>, lenient: bool, options: &Options) -> bool {
    let ignores_case = token.ignores_case || options.ignore_case;
    let code_is = |code: &str| {
        token.code.is_some_and(|found| match lenient {
            true => same_code(without_urn(code), without_urn(found), ignores_case),
            false => same_code(code, found, ignores_case),
        })
    };
    match wanted {
        Wanted::Code(code) => code_is(code),
        Wanted::System(system) => token.system == Some(system),
        Wanted::SystemCode(system, code) => token.system == Some(system) && code_is(code),
        Wanted::NoSystem(code) => token.system.is_none() && code_is(code),
        _ => false,
    }
}

fn same_code(one: &str, other: &str, ignores_case: bool) -> bool {
    match ignores_case {
        true => one.eq_ignore_ascii_case(other),
        false => one == other,
    }
}

/// A UID without the prefix that some versions write.
pub(crate) fn without_urn(uid: &str) -> &str {
    uid.strip_prefix("urn:oid:").unwrap_or(uid)
}

/// The letters of a text in lower case, each for itself.
pub(crate) fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// Whether a text begins with one in lower case, without regard to case.
fn begins(text: &str, begin: &str) -> bool {
    let mut letters = lower(text);
    begin
        .chars()
        .all(|expected| letters.next() == Some(expected))
}

/// Whether two URLs are the same; `http` and `https` are.
fn same_url(one: &str, other: &str) -> bool {
    one == other
        || match (without_scheme(one), without_scheme(other)) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        }
}

/// Whether a canonical URL is the one that is asked for, in its version if that was asked for too.
fn canonical_is(url: &str, version: Option<&str>, found: &str, options: &Options) -> bool {
    let (found, found_version) = match found.split_once('|') {
        Some((found, version)) => (found, Some(version)),
        None => (found, None),
    };
    if version.is_some() && version != found_version {
        return false;
    }
    let local = |text| match options.below_base(text) {
        Some(relative) => relative,
        None => text,
    };
    found == url || local(found) == local(url)
}
