//! From bytes to text: byte order marks, UTF-8 and UTF-16.

use std::borrow::Cow;

use imaging_study_core::{ReadError, ReadErrorKind};

/// How an input was encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16,
    /// It came as text; what its declaration says is about a file that it was read from.
    Text,
}

impl Encoding {
    /// Whether a declaration may name an encoding.
    pub(crate) fn is_called(self, name: &str) -> bool {
        let is = |one: &str| name.eq_ignore_ascii_case(one);
        match self {
            Self::Utf8 => is("utf-8"),
            Self::Utf16 => is("utf-16"),
            Self::Text => is("utf-8") || is("utf-16"),
        }
    }
}

/// A document as text.
pub(crate) struct Input<'a> {
    /// The text, without a byte order mark.
    pub(crate) text: Cow<'a, str>,
    pub(crate) encoding: Encoding,
    /// Where errors are located: the input, but for UTF-16 the text.
    bytes: &'a [u8],
    /// The length of the mark before the text.
    mark: usize,
}

const MARK: &str = "\u{FEFF}";

impl<'a> Input<'a> {
    /// A document that came as text.
    pub(crate) fn of_text(text: &'a str) -> Self {
        let unmarked = text.strip_prefix(MARK).unwrap_or(text);
        Self {
            text: Cow::Borrowed(unmarked),
            encoding: Encoding::Text,
            bytes: text.as_bytes(),
            mark: text.len() - unmarked.len(),
        }
    }

    /// A document that came as bytes. UTF-16 is read by its mark alone, since the declaration
    /// cannot be read before the encoding is known.
    pub(crate) fn of_bytes(bytes: &'a [u8]) -> Result<Self, ReadError> {
        match bytes {
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Err(unsupported()),
            [0xFF, 0xFE, units @ ..] => utf16(units, u16::from_le_bytes),
            [0xFE, 0xFF, units @ ..] => utf16(units, u16::from_be_bytes),
            // No XML begins with a null: this is UTF-16 or UTF-32 without a mark.
            [0, ..] | [_, 0, ..] => Err(unsupported()),
            _ => Ok(Self {
                encoding: Encoding::Utf8,
                ..Self::of_text(utf8(bytes)?)
            }),
        }
    }

    /// Counts the lines and columns up to each of several errors in the text.
    pub(crate) fn locate_all(&self, errors: &mut Vec<ReadError>) {
        let bytes = match self.encoding {
            Encoding::Utf16 => self.text.as_bytes(),
            _ => {
                let found = std::mem::take(errors);
                errors.extend(found.into_iter().map(|error| error.behind(self.mark)));
                self.bytes
            }
        };
        ReadError::locate_all(errors, bytes, 1);
    }

    /// Counts the lines and columns up to an error in the text.
    #[cold]
    pub(crate) fn locate(&self, error: ReadError) -> ReadError {
        match self.encoding {
            Encoding::Utf16 => error.locate(self.text.as_bytes(), 1),
            _ => error.behind(self.mark).locate(self.bytes, 1),
        }
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

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Input<'_>, ReadError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(invalid_utf16(&text)),
        }
    }
    if !rest.is_empty() {
        return Err(invalid_utf16(&text));
    }
    Ok(Input {
        text: Cow::Owned(text),
        encoding: Encoding::Utf16,
        bytes,
        mark: 0,
    })
}

#[cold]
fn invalid_utf16(before: &str) -> ReadError {
    ReadError::new(ReadErrorKind::InvalidUtf16, before.len()).locate(before.as_bytes(), 1)
}

#[cold]
fn unsupported() -> ReadError {
    ReadError::new(ReadErrorKind::UnsupportedEncoding, 0).locate(&[], 1)
}
