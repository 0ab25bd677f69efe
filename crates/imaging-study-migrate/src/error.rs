//! What ends a run.

use std::io;
use std::path::PathBuf;

use crate::shown::{shown, shown_path};

/// Why a migration ended before its input did. Bad lines do not end one: they go to the quarantine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// An input could not be opened or read.
    #[error("{}: {error}", shown(name))]
    Input {
        /// The name of the input.
        name: String,
        /// What went wrong.
        error: io::Error,
    },
    /// The output could not take what was converted.
    #[error("output: {0}")]
    Output(io::Error),
    /// The quarantine could not take a report.
    #[error("quarantine: {0}")]
    Quarantine(io::Error),
    /// The file of issues could not take one.
    #[error("issues: {0}")]
    Issues(#[source] io::Error),
    /// The file of losses could not take a report.
    #[error("losses: {0}")]
    Losses(io::Error),
    /// The file of notes could not take one.
    #[error("notes: {0}")]
    Notes(io::Error),
    /// The file of rejected lines could not take one.
    #[error("rejects: {0}")]
    Rejects(#[source] io::Error),
    /// More went to the quarantine than was allowed.
    #[error("more than {0} resources went to the quarantine, as --max-rejects allows")]
    TooManyRejects(u64),
    /// Another process is writing the output.
    #[error("{}: another process is writing it", shown_path(.0))]
    Busy(PathBuf),
    /// A run with other settings or inputs was cut off here.
    #[error(
        "{}: the run that was cut off had other options or inputs; remove this file to begin anew",
        shown_path(.0)
    )]
    OtherRun(PathBuf),
    /// A folder of parts was asked for, and there are no names for them.
    #[error("a folder of parts: {0}")]
    NotParts(&'static str),
    /// A run that could not go on where it was cut off.
    #[error("--resume needs {0}")]
    NotResumable(&'static str),
    /// No thread could be started.
    #[error("threads: {0}")]
    Threads(io::Error),
    /// JSON and XML hold one document, and there is more than one.
    #[error(
        "the output holds one document in JSON or XML, but the input has more; \
         --output-format ndjson writes one a line, --output FOLDER/ one a file"
    )]
    SeveralDocuments,
    /// A file cannot be written or replaced.
    #[error("{}: {error}", shown_path(path))]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// The folder for the output cannot be created or looked at.
    #[error("{}: {error}", shown_path(path))]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// The folder for the output has something in it.
    #[error("{}: the folder is not empty", shown_path(.0))]
    FolderNotEmpty(PathBuf),
    /// The migration ended early, and some documents or parts are in the folder for the output.
    #[error(
        "{error}; what was written before stays in {}: {written} {what}",
        shown_path(path)
    )]
    Unfinished {
        /// The folder.
        path: PathBuf,
        /// What they are: documents or parts.
        what: &'static str,
        /// How many are in it.
        written: u64,
        /// What went wrong.
        error: Box<MigrateError>,
    },
}

impl MigrateError {
    /// Whether other arguments would have avoided it.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        match self {
            Self::SeveralDocuments
            | Self::FolderNotEmpty(_)
            | Self::OtherRun(_)
            | Self::NotParts(_)
            | Self::NotResumable(_) => true,
            Self::Unfinished { error, .. } => error.is_usage(),
            _ => false,
        }
    }
}
