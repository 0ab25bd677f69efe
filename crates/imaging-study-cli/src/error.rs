//! What ends a run.

use std::io;
use std::path::PathBuf;

use imaging_study::json::Position;

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
    /// No thread could be started.
    #[error("threads: {0}")]
    Threads(io::Error),
    /// JSON and XML hold one document, and there is more than one.
    #[error(
        "the output holds one document in JSON or XML, but the input has more; \
         --output-format ndjson writes one a line, --output FOLDER/ one a file"
    )]
    SeveralDocuments,
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
    /// The migration ended early, and some documents are in the folder for the output.
    #[error(
        "{error}; what was written before stays in {}: {written} documents",
        shown_path(path)
    )]
    Unfinished {
        /// The folder.
        path: PathBuf,
        /// How many documents are in it.
        written: u64,
        /// What went wrong.
        error: Box<MigrateError>,
    },
}

impl MigrateError {
    /// Whether other arguments would have avoided it.
    const fn is_usage(&self) -> bool {
        match self {
            Self::SeveralDocuments | Self::FolderNotEmpty(_) => true,
            Self::Unfinished { error, .. } => error.is_usage(),
            _ => false,
        }
    }
}

/// Why the program ends without having done its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The migration ended early.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// A file cannot be written or replaced.
    #[error("{}: {error}", shown_path(path))]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
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
            Self::NotReplaced { .. } => 1,
            Self::Migrate(_) | Self::File { .. } | Self::NotMergeable { .. } => 3,
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
