//! The text of an element that ought to be a UID.

use super::inline_text::{InlineText, like_text};
use super::{Uid, UidError};

/// What stands where a DICOM UID belongs: a valid [`Uid`], or another text, kept as it was found.
///
/// Archives hold UIDs with prefixes, padding and leading zeros; refusing or repairing them while
/// reading would lose a study or its text. A text that may be a UID is stored like one, without
/// allocating; whether it is one is asked when somebody wants to know, and not for each of the
/// thousands of UIDs of an archive.
///
/// ```
/// use imaging_study_dicom::RawUid;
///
/// assert!(RawUid::from("1.2.840.113619.2").uid().is_some());
/// assert!(RawUid::from("local-17").uid().is_none());
/// assert_eq!(RawUid::from("local-17").as_str(), "local-17");
/// ```
#[derive(Clone)]
pub struct RawUid(InlineText<{ Uid::MAX_LENGTH }>);

like_text!(RawUid);

impl RawUid {
    /// The valid UID, if it is one.
    #[must_use]
    pub fn uid(&self) -> Option<Uid> {
        self.check().ok()
    }

    /// The valid UID, or the rule that the text breaks, and where.
    ///
    /// # Errors
    ///
    /// As [`Uid::parse`].
    pub fn check(&self) -> Result<Uid, UidError> {
        Uid::parse(self.as_str())
    }
}

impl From<Uid> for RawUid {
    fn from(uid: Uid) -> Self {
        Self::from(uid.as_str())
    }
}

impl TryFrom<RawUid> for Uid {
    type Error = UidError;

    fn try_from(raw: RawUid) -> Result<Self, UidError> {
        raw.check()
    }
}
