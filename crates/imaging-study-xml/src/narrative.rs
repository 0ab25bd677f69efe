//! Narrative: the XHTML of a `div`, a string in JSON and markup in XML.
//!
//! The markup is the string, but XML cannot hold every string that JSON holds. A `div` without a
//! namespace gets its declaration; white space around it and carriage returns are lost to any
//! reader of XML. Where that happens, a comment before the `div` says so in a few words, and the
//! reader here takes it back: `<!--json-div no-xmlns after=n-->`.

use std::borrow::Cow;
use std::fmt::Write as _;

use imaging_study_core::{Limits, ReadErrorKind};

use crate::events::Events;
use crate::namespaces::Namespace;

/// What the comment begins with.
pub(crate) const MARK: &str = "json-div";

/// The declaration that a `div` without one gets, behind its name.
const DECLARATION: &str = " xmlns=\"http://www.w3.org/1999/xhtml\"";
const START: &str = "<div";

/// The markup of a narrative, and the comment that goes before it.
pub(crate) struct Markup<'a> {
    pub(crate) note: Option<String>,
    pub(crate) text: Cow<'a, str>,
}

/// The markup for the string of a `div`.
///
/// # Errors
///
/// The reason why XML cannot hold it.
pub(crate) fn to_markup(div: &str) -> Result<Markup<'_>, Cow<'static, str>> {
    let white = |character: char| matches!(character, ' ' | '\t' | '\n' | '\r');
    let trimmed = div.trim_matches(white);
    let start = div.len() - div.trim_start_matches(white).len();
    let (before, after) = (&div[..start], &div[start + trimmed.len()..]);
    let (mut text, returns) = without_returns(trimmed);
    let (namespace, prefixed) = check(&text)?;
    let mut note = String::new();
    if namespace == Namespace::None {
        note.push_str(" no-xmlns");
    }
    if prefixed {
        note.push_str(" as-is");
    }
    for (name, white) in [("before", before), ("after", after)] {
        if !white.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(note, " {name}={}", letters(white));
        }
    }
    if let Some(returns) = returns {
        let _ = write!(note, " cr={returns}");
    }
    if namespace == Namespace::None {
        text = Cow::Owned(format!("{START}{DECLARATION}{}", &text[START.len()..]));
    }
    Ok(Markup {
        note: (!note.is_empty()).then(|| format!("{MARK}{note}")),
        text,
    })
}

/// The string for the markup of a `div`, if the comment before it is a note about that string.
pub(crate) fn from_noted_markup(markup: &str, note: &str) -> Option<String> {
    let mut text = Cow::Borrowed(markup);
    let (mut before, mut after) = (String::new(), String::new());
    let mut returns = None;
    for word in note.strip_prefix(MARK)?.split_ascii_whitespace() {
        match word.split_once('=') {
            None if word == "no-xmlns" => {
                let rest = markup.strip_prefix(START)?.strip_prefix(DECLARATION)?;
                text = Cow::Owned(format!("{START}{rest}"));
            }
            None if word == "as-is" => {}
            Some(("before", letters)) => before = white_space(letters)?,
            Some(("after", letters)) => after = white_space(letters)?,
            Some(("cr", places)) => returns = Some(places),
            _ => return None,
        }
    }
    let text = match returns {
        Some(places) => Cow::Owned(with_returns(&text, places)?),
        None => text,
    };
    Some(format!("{before}{text}{after}"))
}

/// Checks that a text is one `div` in the namespace of XHTML, or in none; tells which, and whether
/// it has a prefix.
fn check(text: &str) -> Result<(Namespace, bool), Cow<'static, str>> {
    let mut events = Events::new(text, false, Limits::default());
    let checked = events.root(&mut Vec::new()).and_then(|root| {
        let fragment = events.fragment(root)?;
        events.finish()?;
        Ok((root, fragment.raw(&events).len()))
    });
    let (root, length) = checked.map_err(|error| {
        let reason: Cow<'static, str> = match error.kind() {
            ReadErrorKind::TrailingData => "the narrative is more than one div".into(),
            kind => format!("the narrative is no well-formed XHTML: {kind}").into(),
        };
        reason
    })?;
    if length != text.len() {
        return Err("the narrative is more than one div".into());
    }
    let declares = || {
        let mut attributes = root.attributes;
        while let Ok(Some(attribute)) = attributes.next() {
            if attribute.declared_prefix() == Some("") {
                return true;
            }
        }
        false
    };
    match (root.name, root.namespace) {
        ("div", Namespace::None) if declares() => Err("the narrative is in no namespace".into()),
        ("div", Namespace::Xhtml | Namespace::None) => {
            Ok((root.namespace, !root.prefix.is_empty()))
        }
        ("div", _) => Err("the narrative is in another namespace than XHTML".into()),
        _ => Err("the narrative is no div".into()),
    }
}

/// The text with line ends as XML reads them, and where carriage returns stood: `all` before every
/// line feed, or a list of line ends, those with `r` instead of the line feed.
fn without_returns(text: &str) -> (Cow<'_, str>, Option<String>) {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return (Cow::Borrowed(text), None);
    }
    let normalised = normalise_line_ends(text);
    if normalised.replace('\n', "\r\n") == text {
        return (Cow::Owned(normalised), Some("all".to_owned()));
    }
    let mut places = Vec::new();
    let bytes = text.as_bytes();
    let mut pairs = 0;
    for at in memchr::memchr_iter(b'\r', bytes) {
        let pair = bytes.get(at + 1) == Some(&b'\n');
        let kind = if pair { "" } else { "r" };
        places.push(format!("{}{kind}", at - pairs));
        pairs += usize::from(pair);
    }
    (Cow::Owned(normalised), Some(places.join(",")))
}

/// The text with the carriage returns where they stood.
fn with_returns(text: &str, places: &str) -> Option<String> {
    if places == "all" {
        return Some(text.replace('\n', "\r\n"));
    }
    let mut out = String::with_capacity(text.len() + places.len());
    let mut from = 0;
    for place in places.split(',') {
        let (place, alone) = match place.strip_suffix('r') {
            Some(place) => (place, true),
            None => (place, false),
        };
        let at: usize = place.parse().ok()?;
        let before = text.get(from..at)?;
        if text.as_bytes().get(at) != Some(&b'\n') {
            return None;
        }
        out.push_str(before);
        out.push_str(if alone { "\r" } else { "\r\n" });
        from = at + 1;
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

/// The text with line ends as XML reads them (XML 1.0, section 2.11).
pub(crate) fn normalise_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn letters(white: &str) -> String {
    let letter = |character| match character {
        '\t' => 't',
        '\n' => 'n',
        '\r' => 'r',
        _ => 's',
    };
    white.chars().map(letter).collect()
}

fn white_space(letters: &str) -> Option<String> {
    let white = |letter| {
        Some(match letter {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            's' => ' ',
            _ => return None,
        })
    };
    letters.chars().map(white).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_comes_back() {
        let strings = [
            "<div/>",
            "<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>",
            "<div  xmlns = 'http://www.w3.org/1999/xhtml' class='b'>a &amp; &#13; <![CDATA[<]]></div >",
            " \t<div>a</div>\r\n",
            "<div\r\n>a\r\nb\r\n</div>",
            "<div>\ra\r\n\r\rb\n</div>\n",
            "<h:div xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:p/></h:div>",
        ];
        for string in strings {
            let markup = to_markup(string).expect("XML can hold it");
            assert!(!markup.text.contains('\r'), "{string}");
            let back = match &markup.note {
                Some(note) => from_noted_markup(&markup.text, note),
                None => Some(markup.text.to_string()),
            };
            assert_eq!(back.as_deref(), Some(string));
        }
    }

    #[test]
    fn what_is_no_div_has_a_reason() {
        let strings = [
            "",
            "text",
            "<p/>",
            "<div>",
            "<div/><div/>",
            "<div/>text",
            "<!-- a --><div/>",
            "<div/><!-- a -->",
            "<?xml version=\"1.0\"?><div/>",
            "<!DOCTYPE div><div/>",
            "<div>&nbsp;</div>",
            "<div>a<br>b</div>",
            "<div><?a b?></div>",
            "<div><o:p/></div>",
            "<div>]]></div>",
            "<div a='1' a='2'/>",
            "<div xmlns=\"http://hl7.org/fhir\"/>",
            "<div>\u{FFFF}</div>",
            "<div xmlns=\"\"/>",
        ];
        for string in strings {
            assert!(to_markup(string).is_err(), "{string}");
        }
    }

    #[test]
    fn a_note_that_does_not_fit_is_none() {
        let markup = "<div>\n</div>";
        for note in [
            "json-div no-xmlns",
            "json-div cr=4",
            "json-div cr=99999999999999999999",
            "json-div cr=6,5",
            "json-div before=x",
            "json-div other",
            "other",
        ] {
            assert_eq!(from_noted_markup(markup, note), None, "{note}");
        }
        assert_eq!(
            from_noted_markup(markup, "json-div cr=5r").as_deref(),
            Some("<div>\r</div>")
        );
    }
}
