//! What is odd about a UID that could be read.

use std::fmt;

/// Something odd about the way in which a UID was written, or about its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum UidLint {
    /// NULs before or behind, as DICOM pads UIDs in a data set.
    NulPadding,
    /// Spaces before or behind.
    SpacePadding,
    /// A prefix that is not in lower case: `URN:OID:`.
    MixedCase,
    /// The prefix is `oid:` in place of `urn:oid:`.
    OidPrefix,
    /// The system of identifiers, `urn:dicom:uid`, stands as a prefix.
    SystemAsPrefix,
    /// Two prefixes, one after the other.
    DoublePrefix,
    /// Characters are percent-encoded, as in a URL.
    PercentEncoded,
    /// There is no prefix, where `urn:oid:` belongs.
    MissingPrefix,
    /// There is a prefix, where the bare UID belongs.
    ExtraPrefix,
    /// There is no system.
    MissingSystem,
    /// The system is one of UIDs, but not the one that belongs here.
    UnusualSystem,
    /// The UID stands in the value of an Identifier, where a Coding has its code.
    ValueForCode,
    /// The UID stands in a URL.
    InUrl,
    /// The UID was made from a UUID.
    FromUuid,
    /// A keyword or a name stands for the UID.
    Keyword,
    /// A study, series or instance has a UID below 1.2.840.10008, which is for the standard itself.
    DicomRoot,
    /// The type of the identifier says that it is the UID, not its system.
    FoundByType,
    /// Neither system nor type of the identifier say that it is the UID, only its value.
    FoundByValue,
    /// The identifier has the use `old`.
    OldUse,
    /// The same UID stands in several places.
    Duplicate,
    /// Another UID stands in a place that counts less.
    OtherUid,
    /// A place that counts more holds what is no UID.
    InvalidUid,
}

impl UidLint {
    const ALL: [Self; 22] = [
        Self::NulPadding,
        Self::SpacePadding,
        Self::MixedCase,
        Self::OidPrefix,
        Self::SystemAsPrefix,
        Self::DoublePrefix,
        Self::PercentEncoded,
        Self::MissingPrefix,
        Self::ExtraPrefix,
        Self::MissingSystem,
        Self::UnusualSystem,
        Self::ValueForCode,
        Self::InUrl,
        Self::FromUuid,
        Self::Keyword,
        Self::DicomRoot,
        Self::FoundByType,
        Self::FoundByValue,
        Self::OldUse,
        Self::Duplicate,
        Self::OtherUid,
        Self::InvalidUid,
    ];

    /// What to tell a reader, in lower case and without a full stop.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::NulPadding => "the UID is padded with NULs",
            Self::SpacePadding => "the UID is padded with spaces",
            Self::MixedCase => "the prefix of the UID is not in lower case",
            Self::OidPrefix => "the prefix of the UID is oid: in place of urn:oid:",
            Self::SystemAsPrefix => "the system urn:dicom:uid stands as a prefix of the UID",
            Self::DoublePrefix => "the UID has two prefixes",
            Self::PercentEncoded => "the UID is percent-encoded",
            Self::MissingPrefix => "the prefix urn:oid: is missing",
            Self::ExtraPrefix => "a prefix stands where the bare UID belongs",
            Self::MissingSystem => "the system is missing",
            Self::UnusualSystem => "the system is another one than the usual one",
            Self::ValueForCode => "the UID stands in a value where a code belongs",
            Self::InUrl => "the UID stands in a URL",
            Self::FromUuid => "the UID was made from a UUID",
            Self::Keyword => "a keyword or a name stands for the UID",
            Self::DicomRoot => "the UID is below 1.2.840.10008, the root of the standard itself",
            Self::FoundByType => "the identifier is known as the UID by its type, not its system",
            Self::FoundByValue => "the identifier is known as the UID by its value alone",
            Self::OldUse => "the identifier has the use old",
            Self::Duplicate => "the same UID stands in several places",
            Self::OtherUid => "another UID stands in a place that counts less",
            Self::InvalidUid => "a place that counts more holds what is no UID",
        }
    }
}

impl fmt::Display for UidLint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.message())
    }
}

/// A set of [`UidLint`]s.
///
/// ```
/// use imaging_study_dicom::{Uid, UidLint};
///
/// let parsed = Uid::parse_any("URN:OID:1.2.3 ")?;
/// assert!(parsed.lints.contains(UidLint::MixedCase));
/// assert_eq!(
///     parsed.lints.iter().collect::<Vec<_>>(),
///     [UidLint::SpacePadding, UidLint::MixedCase]
/// );
/// # Ok::<(), imaging_study_dicom::UidError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct UidLints(u32);

impl UidLints {
    /// No lint.
    pub const NONE: Self = Self(0);

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this one is among them.
    #[must_use]
    pub const fn contains(self, lint: UidLint) -> bool {
        self.0 & 1 << lint as u8 != 0
    }

    /// The set with one more.
    #[must_use]
    pub const fn with(self, lint: UidLint) -> Self {
        Self(self.0 | 1 << lint as u8)
    }

    /// The lints of both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The lints, in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = UidLint> {
        UidLint::ALL
            .into_iter()
            .filter(move |lint| self.contains(*lint))
    }

    pub(crate) fn add_if(&mut self, condition: bool, lint: UidLint) {
        if condition {
            *self = self.with(lint);
        }
    }
}

impl FromIterator<UidLint> for UidLints {
    fn from_iter<I: IntoIterator<Item = UidLint>>(lints: I) -> Self {
        lints.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for UidLints {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}
