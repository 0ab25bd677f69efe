//! What ends a run.

use std::io;
use std::path::PathBuf;

use imaging_study::json::Position;
pub(crate) use imaging_study_migrate::MigrateError;

use crate::shown::{shown, shown_path};

/// Why the program ends without having done its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The migration ended early.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The output is left as it was, since some of what would stand in it went to the quarantine.
    #[error(
        "{} is left as it was: {} went to the quarantine, and nothing else is to be written or it is an input",
        shown_path(path),
        quarantined
    )]
    NotReplaced {
        /// The output.
        path: PathBuf,
        /// How many resources could not be read or converted.
        quarantined: u64,
    },
    /// Two of the files that are to be written, or one of them and an input, are the same.
    #[error("{} and {} are the same file: {}", first, second, shown_path(path))]
    SameFile {
        /// The role of one.
        first: &'static str,
        /// The role of the other.
        second: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// A report would stand among the documents.
    #[error(
        "{role} would be among the documents of --output: {}",
        shown_path(path)
    )]
    ReportInFolder {
        /// The option of the report.
        role: &'static str,
        /// Its file.
        path: PathBuf,
    },
    /// The study to merge into cannot be read.
    #[error("--merge {}: {}", shown_path(path), shown(reason))]
    NotMergeable {
        /// The file of the study.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// NDJSON has one file, and a folder was asked for.
    #[error(
        "--output-format ndjson needs a file, but --output is a folder: {}",
        shown_path(.0)
    )]
    NdjsonInFolder(PathBuf),
    /// A document cannot be read.
    #[error("{}: {} at {position}", shown(name), shown(error))]
    Document {
        /// The name of the file.
        name: String,
        /// Why, without what stands in the document.
        error: String,
        /// Where.
        position: Position,
    },
    /// A file holds more than the limit.
    #[error("{}: more than {limit} bytes", shown(name))]
    TooLarge {
        /// The name of the file.
        name: String,
        /// The greatest size, in bytes.
        limit: usize,
    },
    /// No UID can be made below the root.
    #[error("no UID of 64 characters can be made below the root")]
    RootTooLong,
    /// The query of a search is in error, or asks for what the program does not do.
    #[error("query: {}", shown(.0))]
    Query(String),
    /// A line was asked for, and the file has none of that number.
    #[error("{}: no line {line}", shown_path(path))]
    NoLine {
        /// The file.
        path: PathBuf,
        /// The number of the line, counted from 1.
        line: u64,
    },
    /// A file has no study in it.
    #[error("{}: no ImagingStudy", shown_path(.0))]
    NoStudy(PathBuf),
    /// Two files are to be read from stdin.
    #[error("stdin can be read only once")]
    StdinTwice,
}

impl RunError {
    /// The exit status of the program.
    #[must_use]
    pub const fn exit_status(&self) -> u8 {
        match self {
            Self::Migrate(error) if error.is_usage() => 2,
            Self::SameFile { .. } | Self::ReportInFolder { .. } | Self::NdjsonInFolder(_) => 2,
            Self::RootTooLong | Self::StdinTwice | Self::Query(_) => 2,
            Self::NotReplaced { .. } | Self::Migrate(MigrateError::TooManyRejects(_)) => 1,
            Self::Migrate(_) | Self::NotMergeable { .. } => 3,
            Self::Document { .. } | Self::TooLarge { .. } => 3,
            Self::NoLine { .. } | Self::NoStudy(_) => 3,
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
