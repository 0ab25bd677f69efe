//! The spelling of a query: percent-encoding, escapes, lists.

use std::fmt::Write as _;

use crate::error::QueryErrorKind;

/// Decodes a name or a value of a query: `+` is a blank, and `%XX` a byte of UTF-8.
///
/// ```
/// assert_eq!(imaging_study_search::decode("a%20b+c").as_deref(), Ok("a b c"));
/// assert!(imaging_study_search::decode("%f").is_err());
/// ```
///
/// # Errors
///
/// [`QueryErrorKind::Encoding`]: a `%` without two hexadecimal digits behind it, or no UTF-8.
pub fn decode(text: &str) -> Result<String, QueryErrorKind> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || {
                    let digit = char::from(bytes.next()?).to_digit(16)?;
                    u8::try_from(digit).ok()
                };
                match (digit(), digit()) {
                    (Some(high), Some(low)) => high << 4 | low,
                    _ => return Err(QueryErrorKind::Encoding),
                }
            }
            byte => byte,
        });
    }
    String::from_utf8(decoded).map_err(|_| QueryErrorKind::Encoding)
}

/// Encodes what would end a name or a value of a query, or is no character of one that people
/// type.
pub(crate) fn encode(text: &str, out: &mut String) {
    for letter in text.chars() {
        let plain = letter.is_ascii_alphanumeric() || "-._~!$'()*,;:@/?|=\\[]".contains(letter);
        if plain {
            out.push(letter);
            continue;
        }
        let mut bytes = [0; 4];
        for byte in letter.encode_utf8(&mut bytes).bytes() {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// A text with the characters escaped that mean something in a value.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, ',' | '|' | '$' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// Undoes the escapes of a text.
pub(crate) fn unescape(text: &str) -> Result<String, QueryErrorKind> {
    if !text.contains('\\') {
        return Ok(text.to_owned());
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some(escaped @ (',' | '|' | '$' | '\\')) => out.push(escaped),
            _ => return Err(QueryErrorKind::Escape),
        }
    }
    Ok(out)
}

/// The pieces of a text between separators that no backslash stands before; still escaped.
pub(crate) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, letter) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if letter == '\\' {
            escaped = true;
        } else if letter == separator {
            pieces.extend(text.get(start..at));
            start = at + letter.len_utf8();
        }
    }
    pieces.extend(text.get(start..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_decodes() {
        let text = "a+b c%|d&e=f\\,ü\u{0}";
        let mut encoded = String::new();
        encode(text, &mut encoded);
        assert_eq!(encoded, "a%2Bb%20c%25|d%26e=f\\,%C3%BC%00");
        assert_eq!(decode(&encoded).as_deref(), Ok(text));
        assert_eq!(decode("a+b%2Bc").as_deref(), Ok("a b+c"));
        for wrong in ["%", "%4", "%4x", "%ff", "%+1"] {
            assert_eq!(decode(wrong), Err(QueryErrorKind::Encoding), "{wrong}");
        }
    }

    #[test]
    fn escapes_keep_separators_from_separating() {
        assert_eq!(split(r"a\,b,c\\,d", ','), [r"a\,b", r"c\\", "d"]);
        assert_eq!(split("", ','), [""]);
        assert_eq!(unescape(r"a\,b\|c\$d\\e").as_deref(), Ok(r"a,b|c$d\e"));
        for wrong in [r"a\b", "a\\", r"\,\"] {
            assert_eq!(unescape(wrong), Err(QueryErrorKind::Escape), "{wrong}");
        }
        let text = r"A,1|$\";
        assert_eq!(unescape(&escape(text)).as_deref(), Ok(text));
    }
}
