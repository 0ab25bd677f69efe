//! What ends a run.

use std::io;
use std::path::PathBuf;

/// Why a migration ended before its input did. Bad lines do not end one: they go to the quarantine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// An input could not be opened or read.
    #[error("{name}: {error}")]
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
    /// The file of losses could not take a report.
    #[error("losses: {0}")]
    Losses(io::Error),
    /// No thread could be started.
    #[error("threads: {0}")]
    Threads(io::Error),
    /// JSON holds one document, and there is more than one.
    #[error(
        "JSON output holds one document, but the input has more; --output-format ndjson writes one a line"
    )]
    SeveralDocuments,
}

/// Why the program ends without having done its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The migration ended early.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// A file cannot be written or replaced.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// Two of the files that are to be written, or one of them and an input, are the same.
    #[error("{} and {} are the same file: {}", first, second, path.display())]
    SameFile {
        /// The role of one.
        first: &'static str,
        /// The role of the other.
        second: &'static str,
        /// The file.
        path: PathBuf,
    },
}

impl RunError {
    /// The exit status of the program.
    #[must_use]
    pub const fn exit_status(&self) -> u8 {
        match self {
            Self::Migrate(MigrateError::SeveralDocuments) | Self::SameFile { .. } => 2,
            _ => 3,
        }
    }

    /// Whether the reader of stdout has left, as `head` does when it has enough.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        matches!(
            self,
            Self::Migrate(MigrateError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe
        )
    }
}
