//! From bytes to text: byte order marks, UTF-8 and UTF-16.

use std::borrow::Cow;

use imaging_study_core::{ReadError, ReadErrorKind};

/// The text of an input without its byte order mark. UTF-16 is read by its mark alone, since the
/// declaration cannot be read before the encoding is known.
pub(crate) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Err(unsupported()),
        [0xFF, 0xFE, units @ ..] => utf16(units, u16::from_le_bytes).map(Cow::Owned),
        [0xFE, 0xFF, units @ ..] => utf16(units, u16::from_be_bytes).map(Cow::Owned),
        [0xEF, 0xBB, 0xBF, text @ ..] => utf8(text).map(Cow::Borrowed),
        // No XML begins with a null: this is UTF-16 or UTF-32 without a mark.
        [0, ..] | [_, 0, ..] => Err(unsupported()),
        text => utf8(text).map(Cow::Borrowed),
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, ReadError> {
    simdutf8::basic::from_utf8(bytes).map_err(|_| {
        let valid = str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        // Where an encoding is declared, that is the better explanation.
        let declared = bytes.starts_with(b"<?xml") && !declares_utf8(bytes);
        let kind = if declared {
            ReadErrorKind::UnsupportedEncoding
        } else {
            ReadErrorKind::InvalidUtf8
        };
        ReadError::new(kind, valid).locate(bytes, 1)
    })
}

fn declares_utf8(bytes: &[u8]) -> bool {
    let end = memchr::memchr(b'>', bytes).unwrap_or(bytes.len());
    let declaration = bytes[..end].to_ascii_lowercase();
    let encoding = memchr::memmem::find(&declaration, b"encoding");
    encoding.is_none_or(|at| memchr::memmem::find(&declaration[at..], b"utf-8").is_some())
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ReadError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(invalid_utf16(&text)),
        }
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        Err(invalid_utf16(&text))
    }
}

#[cold]
fn invalid_utf16(before: &str) -> ReadError {
    ReadError::new(ReadErrorKind::InvalidUtf16, before.len()).locate(before.as_bytes(), 1)
}

#[cold]
fn unsupported() -> ReadError {
    ReadError::new(ReadErrorKind::UnsupportedEncoding, 0).locate(&[], 1)
}
