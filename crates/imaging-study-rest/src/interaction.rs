//! What can be asked of a service.

/// An interaction of FHIR's REST, or an operation (<https://hl7.org/fhir/R5/http.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Interaction {
    /// The newest version of a study.
    Read,
    /// One version of a study.
    Vread,
    /// All versions of a study.
    HistoryInstance,
    /// All versions of all studies.
    HistoryType,
    /// A new study; with `If-None-Exist` or criteria only if there is none.
    Create,
    /// A new version of a study.
    Update,
    /// A new version of the study that is found.
    ConditionalUpdate,
    /// A new version of a study by a JSON Patch.
    Patch,
    /// The end of a study; its versions stay.
    Delete,
    /// The end of the study that is found.
    ConditionalDelete,
    /// A search by the query of a URL.
    Search,
    /// A search by a form.
    SearchPost,
    /// A search among the studies of a patient.
    SearchPatient,
    /// What the service can do.
    Capabilities,
    /// `$versions`: the versions that are served.
    Versions,
    /// `$validate`: what is wrong with a study.
    Validate,
    /// `$convert`: a study in another version.
    Convert,
}

impl Interaction {
    /// Whether it may change what is stored.
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(
            self,
            Self::Create
                | Self::Update
                | Self::ConditionalUpdate
                | Self::Patch
                | Self::Delete
                | Self::ConditionalDelete
        )
    }

    /// FHIR's code in a CapabilityStatement; `None` for what has none there.
    #[must_use]
    pub const fn code(self) -> Option<&'static str> {
        Some(match self {
            Self::Read => "read",
            Self::Vread => "vread",
            Self::HistoryInstance => "history-instance",
            Self::HistoryType => "history-type",
            Self::Create => "create",
            Self::Update => "update",
            Self::Patch => "patch",
            Self::Delete => "delete",
            Self::Search => "search-type",
            _ => return None,
        })
    }
}
