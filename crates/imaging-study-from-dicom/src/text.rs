//! Texts as DICOM writes them, made fit for FHIR.

use std::borrow::Cow;

use smol_str::SmolStr;

/// The longest text that is kept, in bytes; the longest that DICOM allows for an attribute that is
/// needed here has 1,024 characters, which are at most 4,096 bytes.
pub(crate) const MAX_LENGTH: usize = 4096;

/// What had to be done to a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cleaned {
    /// Control characters were taken out, which neither FHIR nor XML can hold.
    pub(crate) controls: bool,
}

/// Whether a text needs nothing done.
fn is_clean(text: &str) -> bool {
    let bytes = text.as_bytes();
    let edge = |byte: Option<&u8>| byte.is_none_or(|byte| (b'!'..0x7F).contains(byte));
    edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|byte| (b' '..0x7F).contains(byte))
}

fn is_illegal(character: char) -> bool {
    (character.is_control() && !matches!(character, '\t' | '\n' | '\r'))
        || matches!(character, '\u{FFFE}' | '\u{FFFF}')
}

/// A text without its padding (spaces and NULs at both ends) and without control characters.
pub(crate) fn clean<'a>(text: &'a str, cleaned: &mut Cleaned) -> Cow<'a, str> {
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let padding = |character: char| character == '\0' || character.is_whitespace();
    let trimmed = text.trim_matches(padding);
    if !trimmed.contains(is_illegal) {
        return Cow::Borrowed(trimmed);
    }
    cleaned.controls = true;
    let kept: String = trimmed.chars().filter(|one| !is_illegal(*one)).collect();
    Cow::Owned(kept.trim_matches(padding).to_owned())
}

/// The whole number of an IS: spaces, sign, leading zeros and an empty fraction are allowed
/// (PS3.5 section 6.2).
pub(crate) fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let whole = match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    whole.parse().ok()
}

/// A number for an element of FHIR's type `unsignedInt`: 0 to 2,147,483,647.
pub(crate) fn unsigned(text: &str) -> Option<u32> {
    let number = integer(text)?;
    u32::try_from(number)
        .ok()
        .filter(|number| *number <= i32::MAX as u32)
}

/// The text of a UID without padding and without a prefix.
pub(crate) fn bare(text: &str) -> &str {
    let padding = |character: char| character == '\0' || character.is_whitespace();
    let mut bare = text.trim_matches(padding);
    for prefix in ["urn:oid:", "oid:"] {
        if let Some((start, rest)) = bare.split_at_checked(prefix.len())
            && start.eq_ignore_ascii_case(prefix)
        {
            bare = rest;
        }
    }
    bare
}

/// The UID of a text with padding or with a prefix, and whether it is a UID by the letter.
///
/// Other digits and dots, such as components with a leading zero, stay as they are, since a UID is
/// its text; anything else is none.
pub(crate) fn uid(text: &str) -> Option<(SmolStr, UidForm)> {
    let bare = bare(text);
    if imaging_study_dicom::Uid::parse(bare).is_ok() {
        let form = if bare.len() == text.len() {
            UidForm::Exact
        } else {
            UidForm::Padded
        };
        return Some((bare.into(), form));
    }
    let plausible = (1..=64).contains(&bare.len())
        && bare
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    plausible.then(|| (bare.into(), UidForm::Malformed))
}

/// How a UID was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UidForm {
    /// By the letter of PS3.5 section 9.1.
    Exact,
    /// With padding or a prefix.
    Padded,
    /// With digits and dots that break a rule.
    Malformed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lose_padding_and_control_characters() {
        for (text, expected, controls) in [
            ("CT", "CT", false),
            (" CT \0", "CT", false),
            ("a\u{1b}$Bb", "a$Bb", true),
            ("\u{3000}山田\u{3000}", "山田", false),
            ("\u{1}\u{2}", "", true),
            ("a\nb", "a\nb", false),
        ] {
            let mut cleaned = Cleaned::default();
            assert_eq!(clean(text, &mut cleaned), expected, "{text:?}");
            assert_eq!(cleaned.controls, controls, "{text:?}");
        }
    }

    #[test]
    fn numbers_are_never_guessed() {
        for (text, number) in [
            ("007", Some(7)),
            (" +3 ", Some(3)),
            ("1.0", Some(1)),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("2147483648", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(unsigned(text), number, "{text:?}");
        }
    }

    #[test]
    fn uids_keep_their_text() {
        for (text, expected) in [
            ("1.2.3", Some(("1.2.3", UidForm::Exact))),
            ("1.2.3\0", Some(("1.2.3", UidForm::Padded))),
            ("URN:OID:1.2.3 ", Some(("1.2.3", UidForm::Padded))),
            ("1.2.03", Some(("1.2.03", UidForm::Malformed))),
            ("1.2.x", None),
            ("", None),
        ] {
            let found = uid(text);
            let found = found.as_ref().map(|(uid, form)| (uid.as_str(), *form));
            assert_eq!(found, expected, "{text:?}");
        }
        assert!(uid(&"1".repeat(65)).is_none());
    }
}
