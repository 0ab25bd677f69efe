//! The text of an element that ought to be a UID.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Uid, UidError};

/// What stands where a DICOM UID belongs: a valid [`Uid`], or another text, kept as it was found.
///
/// Archives hold UIDs with prefixes, padding and leading zeros; refusing or repairing them while
/// reading would lose a study or its text.
///
/// ```
/// use imaging_study_dicom::RawUid;
///
/// assert!(RawUid::from("1.2.840.113619.2").uid().is_some());
/// assert!(RawUid::from("local-17").uid().is_none());
/// assert_eq!(RawUid::from("local-17").as_str(), "local-17");
/// ```
#[derive(Clone)]
pub struct RawUid(Repr);

/// A text that may be a UID is stored like one; whether it is one is asked when somebody wants to
/// know, and not for each of the thousands of UIDs of an archive.
#[derive(Clone)]
enum Repr {
    Short {
        length: u8,
        text: [u8; Uid::MAX_LENGTH],
    },
    Long(Box<str>),
}

impl RawUid {
    /// The valid UID, if it is one.
    #[must_use]
    pub fn uid(&self) -> Option<Uid> {
        Uid::parse(self.as_str()).ok()
    }

    /// The text as it was found.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // Only whole texts are ever stored, so that the conversion cannot fail.
            Repr::Short { length, text } => {
                str::from_utf8(&text[..usize::from(*length)]).unwrap_or_default()
            }
            Repr::Long(text) => text,
        }
    }
}

impl RawUid {
    /// The valid UID, or the rule that the text breaks, and where.
    ///
    /// # Errors
    ///
    /// As [`Uid::parse`].
    pub fn check(&self) -> Result<Uid, UidError> {
        Uid::parse(self.as_str())
    }
}

impl PartialEq for RawUid {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for RawUid {}

impl PartialOrd for RawUid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RawUid {
    /// The order of the texts, byte by byte.
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl AsRef<str> for RawUid {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for RawUid {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl Hash for RawUid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl From<Uid> for RawUid {
    fn from(uid: Uid) -> Self {
        Self::from(uid.as_str())
    }
}

impl From<&str> for RawUid {
    #[inline]
    fn from(text: &str) -> Self {
        let mut stored = [0; Uid::MAX_LENGTH];
        match stored.get_mut(..text.len()) {
            Some(place) => {
                place.copy_from_slice(text.as_bytes());
                Self(Repr::Short {
                    length: text.len() as u8,
                    text: stored,
                })
            }
            None => Self(Repr::Long(text.into())),
        }
    }
}

impl From<String> for RawUid {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl TryFrom<RawUid> for Uid {
    type Error = UidError;

    fn try_from(raw: RawUid) -> Result<Self, UidError> {
        Self::parse(raw.as_str())
    }
}

impl FromStr for RawUid {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(text))
    }
}

impl fmt::Debug for RawUid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RawUid({})", self.as_str())
    }
}

impl fmt::Display for RawUid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl Serialize for RawUid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RawUid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Ok(Self::from(text.as_ref()))
    }
}
