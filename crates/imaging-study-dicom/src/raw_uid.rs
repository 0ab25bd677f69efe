//! The text of an element that ought to be a UID.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Uid, UidError};

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
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawUid(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Uid(Uid),
    // Only ever a text that is no valid UID, so that equal texts are equal values.
    Other(Box<str>),
}

impl RawUid {
    /// The valid UID, if it is one.
    #[must_use]
    pub fn uid(&self) -> Option<Uid> {
        match &self.0 {
            Repr::Uid(uid) => Some(*uid),
            Repr::Other(_) => None,
        }
    }

    /// The text as it was found.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Uid(uid) => uid.as_str(),
            Repr::Other(text) => text,
        }
    }
}

impl From<Uid> for RawUid {
    fn from(uid: Uid) -> Self {
        Self(Repr::Uid(uid))
    }
}

impl From<&str> for RawUid {
    fn from(text: &str) -> Self {
        Self(match Uid::parse(text) {
            Ok(uid) => Repr::Uid(uid),
            Err(_) => Repr::Other(text.into()),
        })
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
        match raw.0 {
            Repr::Uid(uid) => Ok(uid),
            Repr::Other(text) => Self::parse(&text),
        }
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
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Ok(Self::from(text.as_ref()))
    }
}
