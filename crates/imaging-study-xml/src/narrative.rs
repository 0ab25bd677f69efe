//! Narrative: the XHTML of a `div`, a string in JSON and markup in XML.
//!
//! The markup is the string, but XML cannot hold every string that JSON holds. A `div` without a
//! namespace gets its declaration; white space around it and carriage returns are lost to any
//! reader of XML. Where that happens, a comment before the `div` says so in a few words, and the
//! reader here takes it back: `<!--json-div no-xmlns after=n-->`.

use std::borrow::Cow;
use std::fmt::Write as _;

use imaging_study_core::Position;

use crate::fragment::{NotSingle, declared_prefixes, single};
use crate::namespaces::Namespace;

/// What the comment begins with.
pub(crate) const MARK: &str = "json-div";

/// The declaration that a `div` with a prefix gets, behind its name, for names without one in it.
const NO_DECLARATION: &str = " xmlns=\"\"";

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
    let spelling = check(&text, before)?;
    let mut note = String::new();
    note.push_str(match spelling {
        Spelling::Plain => "",
        Spelling::NoNamespace => " no-xmlns",
        Spelling::Prefixed { bare: false, .. } => " as-is",
        Spelling::Prefixed { bare: true, .. } => " none-xmlns",
    });
    for (name, white) in [("before", before), ("after", after)] {
        if !white.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(note, " {name}={}", letters(white));
        }
    }
    if let Some(returns) = returns {
        let _ = write!(note, " cr={returns}");
    }
    let added = match spelling {
        Spelling::NoNamespace => Some((START.len(), DECLARATION)),
        Spelling::Prefixed { name, bare: true } => Some((name, NO_DECLARATION)),
        Spelling::Plain | Spelling::Prefixed { .. } => None,
    };
    if let Some((at, declaration)) = added {
        text = Cow::Owned(format!("{}{declaration}{}", &text[..at], &text[at..]));
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
            None if word == "none-xmlns" => {
                let (start, rest) = markup.split_once(NO_DECLARATION)?;
                if start.contains(char::is_whitespace) {
                    return None;
                }
                text = Cow::Owned(format!("{start}{rest}"));
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

/// How the `div` of a string names its namespace.
#[derive(Clone, Copy, Debug)]
enum Spelling {
    /// It declares that of XHTML as the default.
    Plain,
    /// It declares none.
    NoNamespace,
    /// It has a prefix.
    Prefixed {
        /// Where its name ends.
        name: usize,
        /// Whether names in it have none, and no default is declared.
        bare: bool,
    },
}

/// Checks that a text is one `div` in the namespace of XHTML, or in none.
fn check(text: &str, before: &str) -> Result<Spelling, Cow<'static, str>> {
    let (root, bare) = single(text).map_err(|error| reason(&error, before, text))?;
    let declares = || declared_prefixes(&root).is_ok_and(|prefixes| prefixes.contains(&""));
    match (root.name, root.namespace) {
        ("div", Namespace::None) if declares() => Err("the narrative is in no namespace".into()),
        ("div", Namespace::None) => Ok(Spelling::NoNamespace),
        ("div", Namespace::Xhtml) if root.prefix.is_empty() => Ok(Spelling::Plain),
        ("div", Namespace::Xhtml) => Ok(Spelling::Prefixed {
            name: root.attributes.position(),
            bare,
        }),
        ("div", _) => Err("the narrative is in another namespace than XHTML".into()),
        _ => Err("the narrative is no div".into()),
    }
}

/// Why a text is not one `div`, and where in it, behind the white space before it.
#[cold]
fn reason(error: &NotSingle, before: &str, text: &str) -> Cow<'static, str> {
    let place = |offset: usize| {
        let before = normalise_line_ends(before);
        let whole = format!("{before}{text}");
        let place = Position::of(whole.as_bytes(), before.len() + offset, 1);
        format!("{place} of its text")
    };
    match error {
        NotSingle::Surplus { what, offset: 0 } => {
            format!("the narrative has {what} before its div")
        }
        NotSingle::Surplus { what, offset } => {
            format!(
                "the narrative has {what} behind its div, at {}",
                place(*offset)
            )
        }
        NotSingle::IllFormed(error) => format!(
            "the narrative is no well-formed XHTML: {}, at {}",
            error.message(),
            place(error.position().offset)
        ),
    }
    .into()
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
            "<h:div xmlns:h=\"http://www.w3.org/1999/xhtml\">a<br/> xmlns=\"\"</h:div>",
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
    fn reasons_say_what_it_is_and_where() {
        for (string, expected) in [
            (
                "<!-- a --><div/>",
                "the narrative has a comment before its div",
            ),
            (
                "<?xml version=\"1.0\"?><div/>",
                "the narrative has an XML declaration before its div",
            ),
            (
                "<div/><!-- a -->",
                "the narrative has a comment behind its div, at line 1, column 7 of its text",
            ),
            (
                "<div>\n</div>\n<div/>",
                "the narrative has text behind its div, at line 2, column 7 of its text",
            ),
            (
                "<div/><div/>",
                "the narrative has a second element behind its div, at line 1, column 7 of its text",
            ),
            (
                " <div>\u{e9}\n a&nbsp;b</div>",
                "the narrative is no well-formed XHTML: expected a reference to a character, or to \
                 amp, lt, gt, quot or apos, found another reference, at line 2, column 3 of its text",
            ),
            (
                "<div><?a b?></div>",
                "the narrative is no well-formed XHTML: a processing instruction, which FHIR does \
                 not allow, at line 1, column 6 of its text",
            ),
            ("<p/>", "the narrative is no div"),
        ] {
            assert_eq!(
                to_markup(string).err().as_deref(),
                Some(expected),
                "{string}"
            );
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
