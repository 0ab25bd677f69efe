//! The arguments of `repair`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::{SourceVersion, jobs, source_version};

const REPAIR_EXAMPLES: &str = "\
Mends UIDs that are spelled as another version does it, old systems of modalities, counts that contradict what
is listed, the missing namespace of narrative, empty texts, lists and objects, null, and codes in the wrong case;
docs/validation.md of the project has the table. What is right stays byte for byte, and so does everything that
is no study; a second repair changes nothing. Documents in JSON that convert refuses for one of these reasons are
taken; of XML only what can be read.

What cannot be read goes to stderr as an OperationOutcome.

Exit status: 0 done; 1 something could not be read; 2 usage; 3 input or output failed; 130 Ctrl-C; 143 SIGTERM.

Examples:
  imaging-study repair --output repaired.ndjson export.ndjson
  imaging-study repair --version r4 --report changes.ndjson study.json";

/// The arguments of `repair`.
#[derive(Clone, Debug, Args)]
#[command(after_help = REPAIR_EXAMPLES)]
pub struct RepairArguments {
    /// Version of the studies; auto decides for each study by the elements that it has
    #[arg(long, value_name = "VERSION", default_value = "auto", value_parser = source_version)]
    pub version: SourceVersion,
    /// Write an OperationOutcome for each change to a file, as NDJSON; it holds the values before and after
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Write to a file, which appears whole or not at all, instead of stdout; to files in FOLDER/
    #[arg(long, short, value_name = "FILE|FOLDER/")]
    pub output: Option<PathBuf>,
    /// Number of threads that repair, 1024 at most [default: one for each processor]
    #[arg(long, short, value_name = "N", value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Files or folders to repair, one after the other; - is stdin
    #[arg(value_name = "FILE|FOLDER", required = true)]
    pub files: Vec<PathBuf>,
}
