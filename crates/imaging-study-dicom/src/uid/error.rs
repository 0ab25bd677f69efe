//! Why a text is no UID.

use std::error::Error;
use std::fmt;

/// Why a text is no DICOM UID.
///
/// Positions are byte offsets into the text that was given, or into what it decodes to where it is
/// percent-encoded. The text itself is not repeated, since it may identify a patient's study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UidError {
    /// The text is empty, or holds nothing but padding or a prefix.
    Empty,
    /// The text has more than 64 characters (DICOM PS3.5 section 9.1).
    TooLong {
        /// The length found, in bytes.
        length: usize,
    },
    /// A character is neither a digit nor a dot.
    Character {
        /// Where the character stands.
        position: usize,
    },
    /// A component between two dots, or at either end, has no digit.
    EmptyComponent {
        /// Where the digit is missing.
        position: usize,
    },
    /// A component of several digits begins with zero. [`Uid::repair`](crate::Uid::repair) takes
    /// such zeros away.
    LeadingZero {
        /// Where the zero stands.
        position: usize,
    },
    /// There is only one component, where a UID has an organisation's root and a suffix.
    SingleComponent,
    /// The first component is not 0, 1 or 2 (ITU-T X.660).
    BadRoot,
    /// The second component is above 39, where the first is 0 or 1 (ITU-T X.660).
    BadSecondArc {
        /// Where the second component begins.
        position: usize,
    },
    /// There are several values, joined by backslashes as DICOM does it.
    MultiValue {
        /// Where the first backslash stands.
        position: usize,
    },
    /// The text is a UUID, `urn:uuid:...`, which is another identifier than the UID below 2.25 that
    /// can be made from it.
    Uuid,
    /// The text is a URL in which no study is named.
    Url,
    /// The system of a token, a Coding or an Identifier is not one of UIDs.
    System,
}

impl UidError {
    /// The same error in a text in which the one that was checked begins at `offset`.
    pub(crate) fn shifted(mut self, offset: usize) -> Self {
        match &mut self {
            Self::Character { position }
            | Self::EmptyComponent { position }
            | Self::LeadingZero { position }
            | Self::BadSecondArc { position }
            | Self::MultiValue { position } => *position += offset,
            _ => {}
        }
        self
    }
}

impl fmt::Display for UidError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("a UID has at least one character"),
            Self::TooLong { length } => {
                write!(formatter, "a UID has at most 64 characters, found {length}")
            }
            Self::Character { position } => write!(
                formatter,
                "a UID has only digits and dots, found another character at position {position}"
            ),
            Self::EmptyComponent { position } => write!(
                formatter,
                "a UID component has at least one digit, found none at position {position}"
            ),
            Self::LeadingZero { position } => write!(
                formatter,
                "a UID component has no leading zero, found one at position {position}"
            ),
            Self::SingleComponent => {
                formatter.write_str("a UID has at least two components, found one")
            }
            Self::BadRoot => formatter.write_str("the first component of a UID is 0, 1 or 2"),
            Self::BadSecondArc { position } => write!(
                formatter,
                "the second component of a UID that begins with 0 or 1 is at most 39, \
                 found another at position {position}"
            ),
            Self::MultiValue { position } => write!(
                formatter,
                "expected one UID, found several values, parted at position {position}"
            ),
            Self::Uuid => formatter.write_str("expected a UID, found a UUID"),
            Self::Url => formatter.write_str("expected a UID, found a URL without a study"),
            Self::System => formatter.write_str("expected a UID, found a value of another system"),
        }
    }
}

impl Error for UidError {}
