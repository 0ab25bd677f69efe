//! The versions that a request is about.

use crate::Headers;
use crate::store::Stored;

/// The tag of a version, e.g. `W/"3"`.
pub(crate) fn etag(number: u64) -> String {
    format!("W/\"{number}\"")
}

/// What `If-Match` or `If-None-Match` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tags {
    /// `*`: any version, but one has to be there.
    Any,
    /// Versions, as they stand between quotes.
    These(Vec<String>),
    /// What cannot be read.
    Unreadable,
}

impl Tags {
    /// The tags of a header; nothing without one.
    pub(crate) fn of(headers: &Headers, name: &'static str) -> Option<Self> {
        match headers.text(name) {
            Ok(text) => text.map(|text| Self::read(&text)),
            Err(_) => Some(Self::Unreadable),
        }
    }

    fn read(text: &str) -> Self {
        let mut rest = text.trim();
        if rest == "*" {
            return Self::Any;
        }
        let mut tags = Vec::new();
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            if rest.is_empty() {
                break;
            }
            let opaque = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"');
            let Some((tag, behind)) = opaque.and_then(|opaque| opaque.split_once('"')) else {
                return Self::Unreadable;
            };
            tags.push(tag.to_owned());
            rest = behind.trim_start();
            if !rest.is_empty() && !rest.starts_with(',') {
                return Self::Unreadable;
            }
        }
        match tags.is_empty() {
            true => Self::Unreadable,
            false => Self::These(tags),
        }
    }

    /// Whether the newest version is among them. A study that is not there, or was deleted, is not.
    pub(crate) fn fit(&self, newest: Option<&Stored>) -> bool {
        let Some(newest) = newest.filter(|newest| newest.body.is_some()) else {
            return false;
        };
        match self {
            Self::Any => true,
            Self::These(tags) => tags.iter().any(|tag| *tag == newest.number.to_string()),
            Self::Unreadable => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_what_is_none() {
        let these = |tags: &[&str]| Tags::These(tags.iter().map(|tag| (*tag).to_owned()).collect());
        for (text, expected) in [
            ("*", Tags::Any),
            ("W/\"2\"", these(&["2"])),
            ("\"2\"", these(&["2"])),
            ("W/\"1\", \"a,b\" ,W/\"\"", these(&["1", "a,b", ""])),
            ("2", Tags::Unreadable),
            ("W/\"2", Tags::Unreadable),
            ("\"1\" \"2\"", Tags::Unreadable),
            ("*, \"1\"", Tags::Unreadable),
            ("", Tags::Unreadable),
            (" ,", Tags::Unreadable),
        ] {
            assert_eq!(Tags::read(text), expected, "{text}");
        }
    }
}
