//! Why a request is not answered as it was meant.

use imaging_study_core::FhirVersion;
use imaging_study_search::QueryError;
use imaging_study_validate::{Issue, IssueCode, OperationOutcome, OutcomeIssue, Severity};

use crate::headers::UnreadableHeader;
use crate::store::StoreError;

/// A status with what is to be said of it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    pub(crate) said: Vec<Said>,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Whether the answer has no body.
    pub(crate) bare: bool,
}

/// An issue, of a study or of the request.
#[derive(Debug)]
pub(crate) enum Said {
    Issue(Issue),
    Text(Severity, IssueCode, String),
}

impl Said {
    pub(crate) fn warning(code: IssueCode, text: impl Into<String>) -> Self {
        Self::Text(Severity::Warning, code, text.into())
    }

    pub(crate) fn information(text: impl Into<String>) -> Self {
        Self::Text(Severity::Information, IssueCode::Informational, text.into())
    }

    fn outcome(&self, version: FhirVersion) -> OutcomeIssue {
        let mut issue = match self {
            Self::Issue(issue) => {
                let mut outcome = OutcomeIssue::new(issue, version);
                if let (Some(line), Some(column)) = (issue.line, issue.column) {
                    let text = issue.text();
                    outcome.diagnostics = Some(format!("{text}, line {line}, column {column}"));
                }
                outcome
            }
            Self::Text(severity, code, text) => {
                let mut outcome = OutcomeIssue::error(*code, text);
                outcome.severity = *severity;
                outcome
            }
        };
        issue.code = match issue.code {
            IssueCode::MultipleMatches if version < FhirVersion::R4 => IssueCode::Duplicate,
            IssueCode::Deleted if version < FhirVersion::R4 => IssueCode::NotFound,
            code => code,
        };
        issue
    }
}

/// What is said as an OperationOutcome of a version.
pub(crate) fn outcome(said: &[Said], version: FhirVersion) -> OperationOutcome {
    OperationOutcome {
        issue: said.iter().map(|said| said.outcome(version)).collect(),
    }
}

impl Failure {
    pub(crate) fn new(status: u16, code: IssueCode, text: impl Into<String>) -> Self {
        Self {
            status,
            said: vec![Said::Text(Severity::Error, code, text.into())],
            headers: Vec::new(),
            bare: false,
        }
    }

    /// A failure that a study is the reason of.
    pub(crate) fn of_issues(status: u16, issues: Vec<Issue>) -> Self {
        Self {
            status,
            said: issues.into_iter().map(Said::Issue).collect(),
            headers: Vec::new(),
            bare: false,
        }
    }

    /// An answer without a body, e.g. that nothing has changed.
    pub(crate) fn bare(status: u16) -> Self {
        Self {
            status,
            said: Vec::new(),
            headers: Vec::new(),
            bare: true,
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Leaves out lines and columns, which are those of a text that the sender has not seen.
    pub(crate) fn forget_positions(&mut self) {
        for said in &mut self.said {
            if let Said::Issue(issue) = said {
                (issue.line, issue.column) = (None, None);
            }
        }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, IssueCode::NotFound, "no such study")
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        let code = match error.kind.issue_code() {
            "not-supported" => IssueCode::NotSupported,
            "value" => IssueCode::Value,
            "too-long" => IssueCode::TooLong,
            _ => IssueCode::Invalid,
        };
        Self::new(400, code, error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Cursor => Self::new(400, IssueCode::Value, "_cursor: no such page"),
            StoreError::Busy => Self::new(503, IssueCode::Transient, error.to_string()),
            // What the store says of it is for its own log.
            StoreError::Failed(_) => Self::new(500, IssueCode::Exception, error.to_string()),
        }
    }
}

impl From<UnreadableHeader> for Failure {
    fn from(error: UnreadableHeader) -> Self {
        Self::new(400, IssueCode::Invalid, error.to_string())
    }
}
