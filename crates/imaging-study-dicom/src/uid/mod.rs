//! A valid DICOM unique identifier.

mod components;
mod error;
mod form;
#[cfg(feature = "uuid")]
mod generate;
mod inline_text;
#[cfg(feature = "keyed")]
mod keyed;
mod lint;
#[cfg(feature = "names")]
mod names;
mod parse_any;
mod raw_uid;
mod raw_urn_oid;
mod repair;
#[cfg(feature = "schemars")]
mod schema;
#[cfg(feature = "proptest")]
pub mod strategy;
mod uuid;

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use error::UidError;
pub use form::{ParsedUid, ResourceLevel, UidForm};
#[cfg(feature = "keyed")]
pub use keyed::{UidKey, UidKeyError};
pub use lint::{UidLint, UidLints};
#[cfg(feature = "names")]
pub use names::{KnownUid, UidKind};
pub use parse_any::{URN_DICOM_UID, URN_IETF_RFC_3986};
pub use raw_uid::RawUid;
pub use raw_urn_oid::RawUrnOid;
pub use repair::{LeadingZeros, RepairError, RepairedUid};
pub use uuid::UuidError;

/// A valid DICOM unique identifier: at most 64 characters, two or more numeric components joined by
/// dots, no component with a leading zero, as DICOM PS3.5 section 9.1 defines it; and the first two
/// components as ITU-T X.660 registers them, 0, 1 or 2 and, below 0 and 1, at most 39.
///
/// The text is stored inline, so that the type is `Copy` and never allocates. Equality, order and
/// hash are those of the text, so that a map with UIDs as keys can be asked with a `&str`;
/// [`cmp_components`](Self::cmp_components) is the order of the numbers.
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

impl Uid {
    /// The greatest length of a UID, in characters (DICOM PS3.5 section 9.1).
    pub const MAX_LENGTH: usize = 64;

    /// The root of the UIDs that the DICOM standard itself defines (PS3.5 section 9.2).
    pub const DICOM: Self = Self::from_static("1.2.840.10008");

    /// Checks a text against the UID grammar of DICOM PS3.5 section 9.1. Nothing is trimmed:
    /// [`parse_any`](Self::parse_any) reads what is padded or prefixed.
    ///
    /// # Errors
    ///
    /// The first rule that the text breaks, and where.
    pub const fn parse(text: &str) -> Result<Self, UidError> {
        Self::parse_bytes(text.as_bytes())
    }

    /// The same as [`parse`](Self::parse), of bytes that need not be text.
    ///
    /// # Errors
    ///
    /// The first rule that the text breaks, and where.
    #[inline]
    pub const fn parse_bytes(bytes: &[u8]) -> Result<Self, UidError> {
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
        if let Err(error) = check_arcs(&stored) {
            return Err(error);
        }
        Ok(Self {
            length: bytes.len() as u8,
            text: stored,
        })
    }

    /// A UID that is written in the program, checked when the program is compiled if it is the
    /// value of a constant.
    ///
    /// ```
    /// use imaging_study_dicom::Uid;
    ///
    /// const CT_IMAGE_STORAGE: Uid = Uid::from_static("1.2.840.10008.5.1.4.1.1.2");
    /// assert!(CT_IMAGE_STORAGE.starts_with(&Uid::DICOM));
    /// ```
    ///
    /// # Panics
    ///
    /// If the text is no UID: [`parse`](Self::parse) is for texts from elsewhere.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        match Self::parse(text) {
            Ok(uid) => uid,
            Err(_) => panic!("the text is no UID"),
        }
    }

    /// Reads a value of a DICOM data set (VR UI): padding with NULs and spaces at either end is
    /// taken off, although the standard pads with one NUL at the end (PS3.5 section 9.1).
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), with positions in what was given, and [`UidError::MultiValue`]
    /// where there are several values.
    pub fn from_dicom(bytes: &[u8]) -> Result<Self, UidError> {
        let (start, bare) = trim_padding(bytes);
        if let Some(position) = bare.iter().position(|byte| *byte == b'\\') {
            return Err(UidError::MultiValue { position }.shifted(start));
        }
        Self::parse_bytes(bare).map_err(|error| error.shifted(start))
    }

    /// The text as the id of a FHIR resource, which may have any 64 letters, digits, hyphens and
    /// dots: a study that is written again then replaces what was written before.
    ///
    /// An id is seen in URLs and logs, so that it should be made of a UID that may be seen there.
    #[must_use]
    pub fn resource_id(&self) -> &str {
        self.as_str()
    }

    /// The text of the UID.
    #[must_use]
    #[inline]
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

/// Checks the first two components of a text that is well formed otherwise. Behind the text stand
/// NULs.
const fn check_arcs(text: &[u8; Uid::MAX_LENGTH]) -> Result<(), UidError> {
    if text[1] != b'.' {
        let mut position = 1;
        while position < text.len() {
            if text[position] == b'.' {
                return Err(UidError::BadRoot);
            }
            position += 1;
        }
        return Err(UidError::SingleComponent);
    }
    if text[0] > b'2' {
        return Err(UidError::BadRoot);
    }
    let two_digits = text[3].is_ascii_digit();
    let three_digits = two_digits && text[4].is_ascii_digit();
    if text[0] < b'2' && two_digits && (three_digits || text[2] > b'3') {
        return Err(UidError::BadSecondArc { position: 2 });
    }
    Ok(())
}

/// What stands between padding of NULs and spaces, and where it begins.
pub(crate) fn trim_padding(bytes: &[u8]) -> (usize, &[u8]) {
    let padding = |byte: &u8| matches!(*byte, 0 | b' ');
    let start = bytes.iter().take_while(|byte| padding(byte)).count();
    let bare = &bytes[start..];
    let end = bare.len() - bare.iter().rev().take_while(|byte| padding(byte)).count();
    (start, &bare[..end])
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

impl PartialOrd for Uid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Uid {
    /// The order of the texts, byte by byte.
    fn cmp(&self, other: &Self) -> Ordering {
        // NULs behind the text are less than all that may stand in it.
        self.text.cmp(&other.text)
    }
}

impl AsRef<str> for Uid {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Uid {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Uid {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Uid {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl TryFrom<&str> for Uid {
    type Error = UidError;

    fn try_from(text: &str) -> Result<Self, UidError> {
        Self::parse(text)
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
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
