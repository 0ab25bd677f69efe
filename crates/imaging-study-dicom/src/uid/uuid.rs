//! UIDs that are made from UUIDs (DICOM PS3.5 annex B.2, ITU-T X.667).

use std::error::Error;
use std::fmt;

use super::components::decimal;
use super::{ParsedUid, Uid, UidError, UidForm, UidLint, UidLints};

/// Why a text is no UUID. The text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UuidError {
    /// The text is not 36 characters long.
    Length {
        /// The length found, in bytes, without `urn:uuid:`.
        length: usize,
    },
    /// A character is no hexadecimal digit, or no hyphen where one belongs.
    Character {
        /// Where the character stands, in bytes, with `urn:uuid:`.
        position: usize,
    },
}

const ROOT: &[u8; 5] = b"2.25.";
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

impl Uid {
    /// The UID below 2.25 of a UUID: its 128 bits as one decimal number, the first byte first.
    ///
    /// ```
    /// use imaging_study_dicom::Uid;
    ///
    /// let uid = Uid::from_uuid_u128(0xf81d4fae_7dec_11d0_a765_00a0c91e6bf6);
    /// assert_eq!(uid, "2.25.329800735698586629295641978511506172918");
    /// ```
    #[must_use]
    pub const fn from_uuid_u128(uuid: u128) -> Self {
        let mut buffer = [0; 39];
        let digits = decimal(uuid, &mut buffer);
        let mut text = [0; Self::MAX_LENGTH];
        let (root, rest) = text.split_at_mut(ROOT.len());
        root.copy_from_slice(ROOT);
        rest.split_at_mut(digits.len()).0.copy_from_slice(digits);
        Self {
            length: (ROOT.len() + digits.len()) as u8,
            text,
        }
    }

    /// The UID below 2.25 of a UUID given as its 16 bytes, in the order of RFC 9562. What
    /// `Guid.ToByteArray` of .NET returns is in another order.
    #[must_use]
    pub const fn from_uuid_bytes(uuid: [u8; 16]) -> Self {
        Self::from_uuid_u128(u128::from_be_bytes(uuid))
    }

    /// The UID below 2.25 of a UUID given as text, with hyphens, in lower or upper case, with or
    /// without `urn:uuid:`.
    ///
    /// ```
    /// use imaging_study_dicom::Uid;
    ///
    /// let uid = Uid::from_uuid_text("urn:uuid:00000000-0000-0000-0000-00000000000A")?;
    /// assert_eq!(uid, "2.25.10");
    /// # Ok::<(), imaging_study_dicom::UuidError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and where.
    pub fn from_uuid_text(text: &str) -> Result<Self, UuidError> {
        uuid_of(text).map(Self::from_uuid_u128)
    }

    /// The UUID that the UID was made from. A UID below 2.25 whose number has more than 128 bits,
    /// or that has further components, is legal and has none.
    #[must_use]
    pub fn as_uuid_u128(&self) -> Option<u128> {
        self.as_str().strip_prefix("2.25.")?.parse().ok()
    }

    /// The same as [`as_uuid_u128`](Self::as_uuid_u128), as 16 bytes in the order of RFC 9562.
    #[must_use]
    pub fn as_uuid_bytes(&self) -> Option<[u8; 16]> {
        self.as_uuid_u128().map(u128::to_be_bytes)
    }

    /// The same as [`as_uuid_u128`](Self::as_uuid_u128), as text with hyphens and in lower case.
    ///
    /// ```
    /// use imaging_study_dicom::Uid;
    ///
    /// assert_eq!(
    ///     Uid::from_static("2.25.1").as_uuid_text().as_deref(),
    ///     Some("00000000-0000-0000-0000-000000000001")
    /// );
    /// assert_eq!(Uid::DICOM.as_uuid_text(), None);
    /// ```
    #[must_use]
    pub fn as_uuid_text(&self) -> Option<String> {
        let digits = format!("{:032x}", self.as_uuid_u128()?);
        let groups = [
            &digits[..8],
            &digits[8..12],
            &digits[12..16],
            &digits[16..20],
        ];
        Some(groups.join("-") + "-" + &digits[20..])
    }

    /// The same as [`parse_any`](Self::parse_any), but that a UUID, `urn:uuid:...`, becomes the UID
    /// below 2.25 that is made from it.
    ///
    /// FHIR compares identifiers as text, so that the two are different identifiers to a server;
    /// [`same_uuid`](Self::same_uuid) says whether they mean the same.
    ///
    /// # Errors
    ///
    /// As [`parse_any`](Self::parse_any), and [`UidError::Uuid`] where the text behind the prefix
    /// is no UUID.
    pub fn parse_any_or_uuid(text: &str) -> Result<ParsedUid, UidError> {
        match Self::parse_any(text) {
            Err(UidError::Uuid) => {
                let bare = text.trim_matches(['\0', ' ']);
                let uid = Self::from_uuid_text(bare).map_err(|_| UidError::Uuid)?;
                Ok(ParsedUid {
                    uid,
                    form: UidForm::UrnUuid,
                    lints: UidLints::NONE.with(UidLint::FromUuid),
                })
            }
            result => result,
        }
    }

    /// Whether two texts, each a UID in any form or a UUID, mean the same UUID.
    ///
    /// ```
    /// use imaging_study_dicom::Uid;
    ///
    /// assert!(Uid::same_uuid(
    ///     "urn:oid:2.25.329800735698586629295641978511506172918",
    ///     "urn:uuid:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
    /// ));
    /// assert!(!Uid::same_uuid("1.2.3", "1.2.3"));
    /// ```
    #[must_use]
    pub fn same_uuid(one: &str, other: &str) -> bool {
        let uuid = |text: &str| match Self::parse_any_or_uuid(text) {
            Ok(parsed) => parsed.uid.as_uuid_u128(),
            Err(_) => uuid_of(text).ok(),
        };
        uuid(one).is_some_and(|one| uuid(other) == Some(one))
    }
}

fn uuid_of(text: &str) -> Result<u128, UuidError> {
    let prefix = "urn:uuid:";
    let offset = match text.get(..prefix.len()) {
        Some(start) if start.eq_ignore_ascii_case(prefix) => prefix.len(),
        _ => 0,
    };
    let digits = &text.as_bytes()[offset..];
    if digits.len() != 36 {
        return Err(UuidError::Length {
            length: digits.len(),
        });
    }
    let mut uuid = 0;
    for (position, byte) in digits.iter().enumerate() {
        let error = UuidError::Character {
            position: position + offset,
        };
        if HYPHENS.contains(&position) {
            if *byte != b'-' {
                return Err(error);
            }
        } else {
            let digit = crate::percent::hex(*byte).ok_or(error)?;
            uuid = uuid << 4 | u128::from(digit);
        }
    }
    Ok(uuid)
}

impl fmt::Display for UuidError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { length } => {
                write!(formatter, "a UUID has 36 characters, found {length}")
            }
            Self::Character { position } => write!(
                formatter,
                "a UUID has hexadecimal digits and four hyphens, \
                 found another character at position {position}"
            ),
        }
    }
}

impl Error for UuidError {}
