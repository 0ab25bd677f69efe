//! How FHIR spells UIDs.

use std::fmt;

use crate::{ParsedUid, URN_DICOM_UID, URN_IETF_RFC_3986, Uid, UidError, UidForm, UidLint};

/// An element that holds a UID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The study: Study Instance UID (0020,000D).
    Study,
    /// `series.uid`: Series Instance UID (0020,000E).
    Series,
    /// `series.instance.uid`: SOP Instance UID (0008,0018).
    Instance,
    /// `series.instance.sopClass`: SOP Class UID (0008,0016).
    SopClass,
}

impl Slot {
    /// Every slot.
    pub const ALL: [Self; 4] = [Self::Study, Self::Series, Self::Instance, Self::SopClass];
}

/// How a version of FHIR spells a UID in a slot:
///
/// | slot | DSTU2, STU3 | R4, R4B, R5 | R6 |
/// |---|---|---|---|
/// | study | `Oid` | `Identifier` | `Identifier` |
/// | series, instance | `Oid` | `Id` | `Id` |
/// | SOP class | `Oid` | `Coding` | `Oid` |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spelling {
    /// An `oid`: `urn:oid:1.2.3`.
    Oid,
    /// An `id`: `1.2.3`.
    Id,
    /// An Identifier with the system `urn:dicom:uid` and the value `urn:oid:1.2.3`.
    Identifier,
    /// A Coding with the system `urn:ietf:rfc:3986` and the code `urn:oid:1.2.3`.
    Coding,
}

impl Spelling {
    /// Every spelling.
    pub const ALL: [Self; 4] = [Self::Oid, Self::Id, Self::Identifier, Self::Coding];

    /// Spells a UID.
    ///
    /// ```
    /// use imaging_study_dicom::{Spelling, Uid};
    ///
    /// let spelled = Spelling::Identifier.write(Uid::from_static("1.2.3"));
    /// assert_eq!(spelled.system(), Some("urn:dicom:uid"));
    /// assert_eq!(spelled.as_str(), "urn:oid:1.2.3");
    /// ```
    #[must_use]
    pub fn write(self, uid: Uid) -> SpelledUid {
        match self {
            Self::Oid => SpelledUid::Oid(uid.into()),
            Self::Id => SpelledUid::Id(uid),
            Self::Identifier => SpelledUid::Identifier {
                system: URN_DICOM_UID,
                value: uid.into(),
            },
            Self::Coding => SpelledUid::Coding {
                system: URN_IETF_RFC_3986,
                code: uid.into(),
            },
        }
    }

    /// Reads what stands where a UID is spelled like this, in this spelling or another one, with a
    /// lint for what differs. `system` is that of an Identifier or Coding; an `oid` and an `id`
    /// have none.
    ///
    /// # Errors
    ///
    /// As [`Uid::parse_identifier`] and [`Uid::parse_any`].
    pub fn read(self, system: Option<&str>, text: &str) -> Result<ParsedUid, UidError> {
        match self {
            Self::Identifier => Uid::parse_identifier(system, text),
            Self::Coding => Uid::parse_coding(system, text),
            Self::Oid | Self::Id => {
                let mut parsed = Uid::parse_plain(text)?;
                let bare = matches!(
                    parsed.form,
                    UidForm::Bare | UidForm::NulPadded | UidForm::SpacePadded
                );
                let (oid, id) = (self == Self::Oid, self == Self::Id);
                parsed.lints.add_if(oid && bare, UidLint::MissingPrefix);
                parsed.lints.add_if(id && !bare, UidLint::ExtraPrefix);
                Ok(parsed)
            }
        }
    }
}

/// A UID as FHIR spells it somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpelledUid {
    /// An `oid`.
    Oid(UrnOid),
    /// An `id`.
    Id(Uid),
    /// An Identifier.
    Identifier {
        /// `Identifier.system`.
        system: &'static str,
        /// `Identifier.value`.
        value: UrnOid,
    },
    /// A Coding.
    Coding {
        /// `Coding.system`.
        system: &'static str,
        /// `Coding.code`.
        code: UrnOid,
    },
}

impl SpelledUid {
    /// The system, of an Identifier or Coding.
    #[must_use]
    pub const fn system(&self) -> Option<&'static str> {
        match self {
            Self::Oid(_) | Self::Id(_) => None,
            Self::Identifier { system, .. } | Self::Coding { system, .. } => Some(system),
        }
    }

    /// The text: an `oid` or `id`, the value of an Identifier, the code of a Coding.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Id(uid) => uid.as_str(),
            Self::Oid(urn)
            | Self::Identifier { value: urn, .. }
            | Self::Coding { code: urn, .. } => urn.as_str(),
        }
    }
}

/// A UID with the prefix `urn:oid:` (RFC 3061), stored inline.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrnOid {
    text: [u8; UrnOid::MAX_LENGTH],
    length: u8,
}

impl UrnOid {
    const PREFIX: &str = "urn:oid:";
    const MAX_LENGTH: usize = Self::PREFIX.len() + Uid::MAX_LENGTH;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII is ever stored, so that the conversion cannot fail.
        str::from_utf8(&self.text[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl From<Uid> for UrnOid {
    fn from(uid: Uid) -> Self {
        let mut text = [0; Self::MAX_LENGTH];
        let length = Self::PREFIX.len() + uid.as_str().len();
        text[..Self::PREFIX.len()].copy_from_slice(Self::PREFIX.as_bytes());
        text[Self::PREFIX.len()..length].copy_from_slice(uid.as_str().as_bytes());
        Self {
            text,
            length: length as u8,
        }
    }
}

impl AsRef<str> for UrnOid {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for UrnOid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for UrnOid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "UrnOid({})", self.as_str())
    }
}
