//! The text of an `oid` that ought to be a UID.

use super::inline_text::{InlineText, like_text};
use super::{RawUid, Uid};

const PREFIX: &str = "urn:oid:";

/// What stands where DSTU2 and STU3 have a DICOM UID as an `oid`: a valid [`Uid`] behind `urn:oid:`,
/// or another text, kept as it was found and stored like [`RawUid`].
///
/// ```
/// use imaging_study_dicom::RawUrnOid;
///
/// assert!(RawUrnOid::from("urn:oid:1.2.840.113619.2").uid().is_some());
/// assert!(RawUrnOid::from("1.2.840.113619.2").uid().is_none());
/// assert_eq!(RawUrnOid::from("urn:oid:7").as_str(), "urn:oid:7");
/// ```
#[derive(Clone)]
pub struct RawUrnOid(InlineText<{ PREFIX.len() + Uid::MAX_LENGTH }>);

like_text!(RawUrnOid);

impl RawUrnOid {
    /// The text behind the prefix, if that is there.
    #[must_use]
    pub fn without_prefix(&self) -> Option<&str> {
        self.as_str().strip_prefix(PREFIX)
    }

    /// The valid UID behind the prefix, if there is one.
    #[must_use]
    pub fn uid(&self) -> Option<Uid> {
        Uid::parse(self.without_prefix()?).ok()
    }

    /// A text with the prefix before it.
    #[must_use]
    pub fn with_prefix(text: &RawUid) -> Self {
        Self(InlineText::joined(PREFIX, text.as_str()))
    }
}

impl From<Uid> for RawUrnOid {
    fn from(uid: Uid) -> Self {
        Self(InlineText::joined(PREFIX, uid.as_str()))
    }
}
