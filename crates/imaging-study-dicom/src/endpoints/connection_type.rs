//! What an endpoint is for.

use std::fmt;

/// What an endpoint is for (`Endpoint.connectionType`,
/// <https://terminology.hl7.org/CodeSystem-endpoint-connection-type.html>), as far as images go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum ConnectionType {
    /// `dicom-wado-rs`: retrieving with WADO-RS (DICOM PS3.18 section 10.4).
    WadoRs,
    /// `dicom-wado-uri`: retrieving instances with WADO-URI (PS3.18 section 9).
    WadoUri,
    /// `dicom-qido-rs`: searching with QIDO-RS (PS3.18 section 10.6).
    QidoRs,
    /// `dicom-stow-rs`: storing with STOW-RS (PS3.18 section 10.5), for which no URL is made here.
    StowRs,
    /// `ihe-iid`: showing a study in a viewer (IHE Radiology, Invoke Image Display).
    IheIid,
}

const SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/endpoint-connection-type";
/// Before R4.
const OLD_SYSTEM: &str = "http://hl7.org/fhir/endpoint-connection-type";

impl ConnectionType {
    /// Every type, in the order of declaration.
    pub const ALL: [Self; 5] = [
        Self::WadoRs,
        Self::WadoUri,
        Self::QidoRs,
        Self::StowRs,
        Self::IheIid,
    ];

    /// The code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::WadoRs => "dicom-wado-rs",
            Self::WadoUri => "dicom-wado-uri",
            Self::QidoRs => "dicom-qido-rs",
            Self::StowRs => "dicom-stow-rs",
            Self::IheIid => "ihe-iid",
        }
    }

    /// The type with this code in the code system of connection types, of STU3 or of R4 and later.
    /// A missing system and the codes without `dicom-`, as an IHE draft has them, are read with a
    /// lint.
    #[must_use]
    pub fn from_coding(system: Option<&str>, code: &str) -> Option<(Self, Option<ConnectionLint>)> {
        if !matches!(system, None | Some(SYSTEM | OLD_SYSTEM)) {
            return None;
        }
        let known = |code: &str| Self::ALL.into_iter().find(|known| known.code() == code);
        let missing = system.is_none().then_some(ConnectionLint::MissingSystem);
        match known(code) {
            Some(found) => Some((found, missing)),
            None => {
                known(&format!("dicom-{code}")).map(|found| (found, Some(ConnectionLint::Alias)))
            }
        }
    }
}

/// Something odd about a connection type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConnectionLint {
    /// The coding has no system.
    MissingSystem,
    /// The code lacks `dicom-`.
    Alias,
}

impl fmt::Display for ConnectionType {
    /// Writes the code.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.code())
    }
}

impl fmt::Display for ConnectionLint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::MissingSystem => "the connection type has no system",
            Self::Alias => "the code of the connection type lacks dicom-",
        })
    }
}

/// The connection types of an endpoint: one before R5, any number since.
///
/// ```
/// use imaging_study_dicom::{ConnectionType, ConnectionTypes};
///
/// let types = ConnectionTypes::from_codings([(
///     Some("http://terminology.hl7.org/CodeSystem/endpoint-connection-type"),
///     Some("dicom-wado-rs"),
/// )]);
/// assert!(types.contains(ConnectionType::WadoRs));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ConnectionTypes {
    types: u8,
    lint: Option<ConnectionLint>,
}

impl ConnectionTypes {
    /// The types that these codings, each a system and a code, say. Others are passed over.
    #[must_use]
    pub fn from_codings<'a>(
        codings: impl IntoIterator<Item = (Option<&'a str>, Option<&'a str>)>,
    ) -> Self {
        let mut result = Self::default();
        for (system, code) in codings {
            let found = code.and_then(|code| ConnectionType::from_coding(system, code));
            if let Some((found, lint)) = found {
                result.types |= 1 << found as u8;
                result.lint = result.lint.or(lint);
            }
        }
        result
    }

    /// Whether this type is among them.
    #[must_use]
    pub const fn contains(self, connection_type: ConnectionType) -> bool {
        self.types & 1 << connection_type as u8 != 0
    }

    /// The types of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self {
            types: self.types | other.types,
            lint: match self.lint {
                Some(lint) => Some(lint),
                None => other.lint,
            },
        }
    }

    /// The types, in the order of declaration.
    pub fn iter(self) -> impl Iterator<Item = ConnectionType> {
        let all = ConnectionType::ALL.into_iter();
        all.filter(move |connection_type| self.contains(*connection_type))
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.types == 0
    }

    /// What is odd about the first coding that is odd.
    #[must_use]
    pub const fn lint(self) -> Option<ConnectionLint> {
        self.lint
    }
}

impl FromIterator<ConnectionType> for ConnectionTypes {
    fn from_iter<I: IntoIterator<Item = ConnectionType>>(types: I) -> Self {
        Self {
            types: types.into_iter().fold(0, |set, next| set | 1 << next as u8),
            lint: None,
        }
    }
}
