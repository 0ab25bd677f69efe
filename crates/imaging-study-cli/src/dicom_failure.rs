//! What can be wrong with DICOM, as the quarantine is told of it.

use std::error::Error;
use std::io;

use imaging_study::validate::IssueCode;
use imaging_study_from_dicom::{FileError, JsonError, MergeError};

use crate::outcome::Failure;

/// Why something of DICOM was not read or not used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DicomFailure {
    #[error("{}", reason(.0))]
    File(#[from] FileError),
    #[error("DICOM JSON: {}", reason(.0))]
    Json(#[from] JsonError),
    #[error("a DICOM file is read by its name, but not from stdin or a pipe")]
    FromPipe,
    #[error("data sets that were left out, since they have no usable UID or are no JSON: {0}")]
    DataSets(u64),
    #[error("data sets were not merged: {0}")]
    NotMerged(#[from] MergeError),
}

/// An error with the one that caused it, if that comes from the system.
fn reason(error: &(dyn Error + 'static)) -> String {
    let cause = error.source().and_then(|cause| cause.downcast_ref());
    cause.map_or_else(
        || error.to_string(),
        |cause: &io::Error| format!("{error}: {cause}"),
    )
}

impl From<DicomFailure> for Failure {
    fn from(failure: DicomFailure) -> Self {
        let code = match &failure {
            DicomFailure::File(FileError::Io(_)) | DicomFailure::Json(JsonError::Io(_)) => {
                IssueCode::Exception
            }
            DicomFailure::File(FileError::TransferSyntax | FileError::Deflated)
            | DicomFailure::FromPipe => IssueCode::NotSupported,
            DicomFailure::File(_) | DicomFailure::Json(_) => IssueCode::Structure,
            DicomFailure::DataSets(_) => IssueCode::Required,
            DicomFailure::NotMerged(_) => IssueCode::BusinessRule,
        };
        Self::Other {
            code,
            message: failure.to_string(),
        }
    }
}
