//! The forms in which UIDs are met.

use std::fmt;

use super::{Uid, UidLints};

/// The form in which a UID was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UidForm {
    /// `1.2.3`: the form of DICOM, and of FHIR's `id`.
    Bare,
    /// `1.2.3\0`: as in a DICOM data set.
    NulPadded,
    /// `1.2.3 `.
    SpacePadded,
    /// `urn:oid:1.2.3`: the form of FHIR's `oid`.
    UrnOid,
    /// `URN:OID:1.2.3`: scheme and namespace of a URN may be in any case (RFC 8141), FHIR's `oid`
    /// has them in lower case.
    UrnOidMixedCase,
    /// `oid:1.2.3`.
    OidPrefix,
    /// `urn:dicom:uid:1.2.3`: the system of identifiers used as a prefix.
    UrnDicomUid,
    /// `urn:oid:urn:oid:1.2.3`, or any two of the prefixes.
    DoublePrefix,
    /// `urn%3Aoid%3A1.2.3`, or another form that is percent-encoded as a whole.
    PercentEncoded,
    /// `urn:dicom:uid|urn:oid:1.2.3`: a search parameter of the type token.
    Token,
    /// In a WADO-RS or WADO-URI URL; the UID is that of the lowest level that the URL names.
    WadoUrl(ResourceLevel),
    /// `urn:uuid:...`, made a UID below 2.25 because it was asked for.
    UrnUuid,
    /// `CTImageStorage` or `CT Image Storage`: a keyword or name of the standard.
    Name,
    /// The system and code of a Coding.
    Coding,
    /// The system and value of an Identifier.
    Identifier,
}

/// The levels of DICOM's information model that have a UID of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceLevel {
    /// A study: Study Instance UID (0020,000D).
    Study,
    /// A series: Series Instance UID (0020,000E).
    Series,
    /// An instance: SOP Instance UID (0008,0018).
    Instance,
}

/// A UID, and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParsedUid {
    /// The UID.
    pub uid: Uid,
    /// The form; where several are combined, the outermost but for padding.
    pub form: UidForm,
    /// What is odd about it.
    pub lints: UidLints,
}

impl ParsedUid {
    pub(crate) const fn bare(uid: Uid) -> Self {
        Self {
            uid,
            form: UidForm::Bare,
            lints: UidLints::NONE,
        }
    }
}

impl fmt::Display for UidForm {
    /// Writes a name in lower case with hyphens, such as `urn-oid`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Bare => "bare",
            Self::NulPadded => "nul-padded",
            Self::SpacePadded => "space-padded",
            Self::UrnOid => "urn-oid",
            Self::UrnOidMixedCase => "urn-oid-mixed-case",
            Self::OidPrefix => "oid-prefix",
            Self::UrnDicomUid => "urn-dicom-uid",
            Self::DoublePrefix => "double-prefix",
            Self::PercentEncoded => "percent-encoded",
            Self::Token => "token",
            Self::WadoUrl(ResourceLevel::Study) => "wado-url-of-study",
            Self::WadoUrl(ResourceLevel::Series) => "wado-url-of-series",
            Self::WadoUrl(ResourceLevel::Instance) => "wado-url-of-instance",
            Self::UrnUuid => "urn-uuid",
            Self::Name => "name",
            Self::Coding => "coding",
            Self::Identifier => "identifier",
        })
    }
}
