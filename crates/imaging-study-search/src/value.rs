//! Reading the values of a query.

use crate::criterion::{Modifier, Wanted, lower, without_urn};
use crate::date_text::{DateForm, interval};
use crate::error::{HintKind, QueryErrorKind};
use crate::extract::{is_id, is_type, type_and_id, without_version};
use crate::moment::Prefix;
use crate::options::Options;
use crate::plan::{Leaf, Plan};
use crate::text::{split, unescape};

/// Reads a value of a list, which is still escaped.
pub(crate) struct ValueReader<'r> {
    pub(crate) plan: &'static Plan,
    pub(crate) modifier: Modifier,
    /// The type that references lead to, as a modifier says.
    pub(crate) resource_type: Option<&'r str>,
    pub(crate) options: &'r Options,
    pub(crate) hint: &'r mut dyn FnMut(HintKind),
}

type Read = Result<Wanted, QueryErrorKind>;

impl ValueReader<'_> {
    pub(crate) fn read(&mut self, text: &str) -> Read {
        match (self.modifier, self.plan.leaf()) {
            (Modifier::OfType, _) => of_type(text),
            (Modifier::Text, _) => Ok(Wanted::Text(lower(&unescape(text)?).collect())),
            (Modifier::Identifier, _) => self.token(text),
            (_, Leaf::Reference { .. }) => self.reference(&unescape(text)?),
            (_, Leaf::Date | Leaf::Instant) => self.date(&unescape(text)?),
            (_, Leaf::Canonical) => canonical(text),
            (_, Leaf::Uri) => {
                let uri = unescape(text)?;
                if self.plan.has_uids() && without_urn(&uri) == uri {
                    self.hint_prefix(HintKind::WithPrefix);
                }
                Ok(Wanted::Uri(uri))
            }
            _ => self.token(text),
        }
    }

    fn hint_prefix(&mut self, kind: HintKind) {
        if !self.options.lenient_uids {
            (self.hint)(kind);
        }
    }

    fn token(&mut self, text: &str) -> Read {
        let (system, code) = match split(text, '|').as_slice() {
            [code] => (None, unescape(code)?),
            [system, code] => (Some(unescape(system)?), unescape(code)?),
            _ => {
                let expected = "a code, system|code, system| or |code";
                return Err(QueryErrorKind::Value { expected });
            }
        };
        let wanted = match (system, code.is_empty()) {
            (None, _) => Wanted::Code(code),
            (Some(system), true) if system.is_empty() => {
                let expected = "a system or a code beside the bar";
                return Err(QueryErrorKind::Value { expected });
            }
            (Some(system), true) => Wanted::System(system),
            (Some(system), false) if system.is_empty() => Wanted::NoSystem(code),
            (Some(system), false) => Wanted::SystemCode(system, code),
        };
        if self.modifier == Modifier::Identifier {
            return Ok(wanted);
        }
        match self.plan.leaf() {
            Leaf::Plain => self.plain(wanted),
            leaf => {
                self.hint_token(&wanted, leaf);
                Ok(wanted)
            }
        }
    }

    /// A text that has no system.
    fn plain(&mut self, wanted: Wanted) -> Read {
        let code = match wanted {
            // A bar before the text says nothing more than its absence.
            Wanted::Code(code) | Wanted::NoSystem(code) => code,
            _ => {
                let expected = "a text without a system";
                return Err(QueryErrorKind::Value { expected });
            }
        };
        if self.plan.has_uids() && without_urn(&code) != code {
            self.hint_prefix(HintKind::WithoutPrefix);
        }
        Ok(Wanted::Code(code))
    }

    /// Looks for what is often meant otherwise.
    fn hint_token(&mut self, wanted: &Wanted, leaf: Leaf) {
        let is_urn = |code: &str| without_urn(code) != code;
        match wanted {
            Wanted::NoSystem(_) => (self.hint)(HintKind::NoSystem),
            Wanted::SystemCode(system, code) if matches!(leaf, Leaf::Identifier(_)) => {
                let study = system == "urn:dicom:uid" && !is_urn(code);
                let uri = system == "urn:ietf:rfc:3986" && is_urn(code);
                if study || uri {
                    self.hint_prefix(HintKind::StudyIdentifier);
                } else if !system.contains(':') {
                    (self.hint)(HintKind::NoUri);
                }
            }
            _ => {}
        }
    }

    fn date(&mut self, text: &str) -> Read {
        let mut letters = text.bytes();
        let prefixed = letters
            .by_ref()
            .take(2)
            .all(|byte| byte.is_ascii_lowercase());
        let (prefix, date) = match text.get(..2).filter(|_| prefixed) {
            Some(code) => {
                let mut prefixes = Prefix::ALL.into_iter();
                let prefix = prefixes.find(|prefix| prefix.code() == code);
                let prefix = prefix.ok_or(QueryErrorKind::Prefix)?;
                (prefix, text.get(2..).unwrap_or_default())
            }
            None => (Prefix::Eq, text),
        };
        let offset = self.options.offset_minutes();
        let Some(found) = interval(date, DateForm::Query, offset) else {
            return Err(match date.contains(' ') {
                true => QueryErrorKind::PlusIsSpace,
                false => QueryErrorKind::Date,
            });
        };
        if prefix == Prefix::Ap && self.options.now.is_none() {
            return Err(QueryErrorKind::NoPresent);
        }
        Ok(Wanted::Date(prefix, found))
    }

    fn reference(&mut self, text: &str) -> Read {
        let expected = "an id, a type and an id, or a URL";
        let wrong = QueryErrorKind::Value { expected };
        let targets = self.plan.parameter.targets;
        let is_target = |name: &str| match self.resource_type {
            Some(wanted) => wanted == name,
            None => targets.contains(&name),
        };
        let not_a_target = QueryErrorKind::NotATarget { targets };
        let literal = without_version(text);
        if literal != text {
            (self.hint)(HintKind::VersionSetAside);
        }
        if literal.contains(':') {
            let local = self.options.below_base(literal).and_then(type_and_id);
            return match local.filter(|(path, ..)| path.is_empty()) {
                Some((_, name, id)) if is_target(name) => {
                    Ok(Wanted::Local(name.to_owned(), id.to_owned()))
                }
                Some(_) => Err(not_a_target),
                // The type that a modifier says has to be that of the URL.
                None => match (self.resource_type, type_and_id(literal)) {
                    (Some(wanted), Some((_, name, _))) if wanted != name => Err(not_a_target),
                    _ => Ok(Wanted::Url(literal.to_owned())),
                },
            };
        }
        if let Some((name, id)) = literal.split_once('/') {
            return match (is_type(name), is_id(id), is_target(name)) {
                (true, true, true) => Ok(Wanted::Local(name.to_owned(), id.to_owned())),
                (true, true, false) => Err(not_a_target),
                _ => Err(wrong),
            };
        }
        if !is_id(literal) {
            return Err(wrong);
        }
        if let Some(name) = self.resource_type {
            return Ok(Wanted::Local(name.to_owned(), literal.to_owned()));
        }
        if targets.len() > 1 {
            (self.hint)(HintKind::Ambiguous);
        }
        Ok(Wanted::Id(literal.to_owned()))
    }
}

fn of_type(text: &str) -> Read {
    let parts = split(text, '|').into_iter().map(unescape);
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    match <[String; 3]>::try_from(parts) {
        Ok([system, code, value])
            if ![&system, &code, &value].iter().any(|part| part.is_empty()) =>
        {
            Ok(Wanted::OfType(system, code, value))
        }
        _ => Err(QueryErrorKind::Value {
            expected: "system|code|value",
        }),
    }
}

/// The URL of a definition, or its id, and the version behind a bar.
fn canonical(text: &str) -> Read {
    let pieces = split(text, '|');
    let (url, version) = match pieces.as_slice() {
        [url] => (unescape(url)?, None),
        [url, version] => (unescape(url)?, Some(unescape(version)?)),
        _ => {
            let expected = "a URL, and a version behind a bar";
            return Err(QueryErrorKind::Value { expected });
        }
    };
    let url = match url.contains(['/', ':']) {
        true => url,
        false => format!("StructureDefinition/{url}"),
    };
    Ok(Wanted::Canonical(
        url,
        version.filter(|version| !version.is_empty()),
    ))
}
