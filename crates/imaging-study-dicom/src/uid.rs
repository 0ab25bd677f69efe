//! A valid DICOM unique identifier.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A valid DICOM unique identifier: 1 to 64 characters, numeric components joined by dots, no
/// component with a leading zero, as DICOM PS3.5 section 9.1 defines it.
///
/// The text is stored inline, so that the type is `Copy` and never allocates.
///
/// ```
/// use imaging_study_dicom::{Uid, UidError};
///
/// let uid: Uid = "2.16.124.113543.6003".parse()?;
/// assert_eq!(uid.as_str(), "2.16.124.113543.6003");
/// assert!(matches!("1.02".parse::<Uid>(), Err(UidError::LeadingZero { position: 2 })));
/// # Ok::<(), UidError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Uid {
    length: u8,
    text: [u8; Uid::MAX_LENGTH],
}

/// Why a text is no DICOM UID. Positions are byte offsets into the text; the text itself is not
/// repeated, since it may identify a patient's study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UidError {
    /// The text is empty.
    #[error("a UID has at least one character")]
    Empty,
    /// The text has more than 64 characters.
    #[error("a UID has at most 64 characters, found {length}")]
    TooLong {
        /// The length found, in bytes.
        length: usize,
    },
    /// A character is neither a digit nor a dot.
    #[error("a UID has only digits and dots, found another character at position {position}")]
    Character {
        /// Where the character stands.
        position: usize,
    },
    /// A component between two dots, or at either end, has no digit.
    #[error("a UID component has at least one digit, found none at position {position}")]
    EmptyComponent {
        /// Where the digit is missing.
        position: usize,
    },
    /// A component of several digits begins with zero.
    #[error("a UID component has no leading zero, found one at position {position}")]
    LeadingZero {
        /// Where the zero stands.
        position: usize,
    },
}

impl Uid {
    /// The greatest length of a UID, in characters (DICOM PS3.5 section 9.1).
    pub const MAX_LENGTH: usize = 64;

    /// Checks a text against the UID grammar of DICOM PS3.5 section 9.1.
    ///
    /// # Errors
    ///
    /// The first rule that the text breaks, and where.
    pub const fn parse(text: &str) -> Result<Self, UidError> {
        let bytes = text.as_bytes();
        if bytes.is_empty() {
            return Err(UidError::Empty);
        }
        if bytes.len() > Self::MAX_LENGTH {
            return Err(UidError::TooLong {
                length: bytes.len(),
            });
        }
        let mut stored = [0; Self::MAX_LENGTH];
        stored.split_at_mut(bytes.len()).0.copy_from_slice(bytes);
        if !well_formed(&stored, bytes.len()) {
            return Err(broken_rule(bytes));
        }
        Ok(Self {
            length: bytes.len() as u8,
            text: stored,
        })
    }

    /// The text of the UID.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only digits and dots are ever stored, so that the conversion cannot fail.
        str::from_utf8(&self.text[..usize::from(self.length)]).unwrap_or_default()
    }
}

/// Whether the first `length` bytes keep to the grammar.
///
/// Each rule looks at a byte and at the two before it, so that the loop runs over all of the array
/// without a branch and the compiler turns it into vector code.
const fn well_formed(text: &[u8; Uid::MAX_LENGTH], length: usize) -> bool {
    let mut wrong = text[length - 1] == b'.';
    // The text stands as if it followed a dot.
    let mut padded = [b'.'; Uid::MAX_LENGTH + 2];
    padded.split_at_mut(2).1.copy_from_slice(text);
    let mut position = 0;
    while position < Uid::MAX_LENGTH {
        let (byte, before, first) = (padded[position + 2], padded[position + 1], padded[position]);
        let digit = byte.wrapping_sub(b'0') < 10;
        let dot = byte == b'.';
        let bad = !(digit | dot)
            | (dot & (before == b'.'))
            | (digit & (before == b'0') & (first == b'.'));
        wrong |= bad & ((position as u8) < length as u8);
        position += 1;
    }
    !wrong
}

/// The first rule that a text of legal length breaks.
const fn broken_rule(bytes: &[u8]) -> UidError {
    let mut component = 0;
    let mut position = 0;
    while position < bytes.len() {
        let byte = bytes[position];
        if byte == b'.' {
            if position == component {
                return UidError::EmptyComponent { position };
            }
            component = position + 1;
        } else if !byte.is_ascii_digit() {
            return UidError::Character { position };
        } else if position > component && bytes[component] == b'0' {
            return UidError::LeadingZero {
                position: component,
            };
        }
        position += 1;
    }
    UidError::EmptyComponent {
        position: component,
    }
}

impl fmt::Debug for Uid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Uid({})", self.as_str())
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl PartialEq for Uid {
    fn eq(&self, other: &Self) -> bool {
        self.length == other.length && self.text == other.text
    }
}

impl Eq for Uid {}

impl Hash for Uid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl FromStr for Uid {
    type Err = UidError;

    fn from_str(text: &str) -> Result<Self, UidError> {
        Self::parse(text)
    }
}

impl Serialize for Uid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Uid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_of_the_grammar_has_its_own_error() {
        let longest = format!("1.{}", "9".repeat(62));
        assert_eq!(Uid::parse(&longest).map(|uid| uid.to_string()), Ok(longest));
        for (text, error) in [
            ("", UidError::Empty),
            ("1.2a", UidError::Character { position: 3 }),
            (".1", UidError::EmptyComponent { position: 0 }),
            ("1..2", UidError::EmptyComponent { position: 2 }),
            ("1.", UidError::EmptyComponent { position: 2 }),
            ("1.00", UidError::LeadingZero { position: 2 }),
        ] {
            assert_eq!(Uid::parse(text), Err(error));
        }
        assert_eq!(
            Uid::parse(&"1".repeat(65)),
            Err(UidError::TooLong { length: 65 })
        );
        assert!(Uid::parse("0.0").is_ok());
    }

    #[test]
    fn a_constant_uid_is_checked_when_it_is_compiled() {
        const CT: Result<Uid, UidError> = Uid::parse("1.2.840.10008.5.1.4.1.1.2");
        assert_eq!(
            CT.map(|uid| uid.to_string()),
            Ok("1.2.840.10008.5.1.4.1.1.2".to_owned())
        );
    }
}
