//! The arguments of `validate`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr as _;

use clap::{Args, ValueEnum};
use imaging_study::FhirVersion;
use imaging_study::validate::{Profile, Severity, profile_named};

use super::{SourceVersion, jobs, source_version};

const VALIDATE_EXAMPLES: &str = "\
What cannot be read is an issue too: an unknown element, null, a value of a wrong type, no JSON. Studies in
Bundles are checked; other resources are passed over, but with --version they are errors. Every issue has the
key of a rule; docs/validation.md of the project says what each means. No value of a study is repeated.

With --format ndjson there is an OperationOutcome a line for each resource with issues, with --format json an
array of them. A summary by rule stands at the end, on stderr unless the format is text.

Exit status: 0 no errors; 1 errors, whatever --level shows; 2 usage; 3 input or output failed.

Examples:
  imaging-study validate export.ndjson
  imaging-study validate --version r4 --format ndjson --level error studies/ > outcomes.ndjson
  imaging-study validate --also r6 study.json";

/// The arguments of `validate`.
#[derive(Clone, Debug, Args)]
#[command(after_help = VALIDATE_EXAMPLES)]
pub struct ValidateArguments {
    /// Version of the studies; auto decides for each study by the elements that it has
    #[arg(long, value_name = "VERSION", default_value = "auto", value_parser = source_version)]
    pub version: SourceVersion,
    /// Check the rules of a profile too: mado, imaging manifests of IHE
    #[arg(long, value_name = "NAME", value_parser = profile)]
    pub profile: Vec<Profile>,
    /// Form of the issues
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub format: OutcomeFormat,
    /// Print only issues that are as bad as this, or worse
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "information")]
    pub level: IssueLevel,
    /// Check codes of extensible bindings too, where their list is known
    #[arg(long)]
    pub extensible: bool,
    /// Ask the rules of a later version too, as warnings: r6
    #[arg(long, value_name = "VERSION", value_parser = later_version)]
    pub also: Option<FhirVersion>,
    /// Number of threads that check, 1024 at most [default: one for each processor]
    #[arg(long, short, value_name = "N", value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Files or folders to check, one after the other; - is stdin
    #[arg(value_name = "FILE|FOLDER", required = true)]
    pub files: Vec<PathBuf>,
}

/// The form in which issues are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutcomeFormat {
    /// A line for each issue
    Text,
    /// An array of OperationOutcomes
    Json,
    /// An OperationOutcome a line
    Ndjson,
}

/// How bad an issue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IssueLevel {
    /// Rules of the version that are broken
    Error,
    /// Also what the standard recommends
    Warning,
    /// Also what is only worth knowing
    Information,
}

impl From<IssueLevel> for Severity {
    fn from(level: IssueLevel) -> Self {
        match level {
            IssueLevel::Error => Self::Error,
            IssueLevel::Warning => Self::Warning,
            IssueLevel::Information => Self::Information,
        }
    }
}

fn profile(name: &str) -> Result<Profile, String> {
    profile_named(name).ok_or_else(|| "no such profile; known is mado".to_owned())
}

fn later_version(text: &str) -> Result<FhirVersion, String> {
    match FhirVersion::from_str(text) {
        Ok(FhirVersion::R6) => Ok(FhirVersion::R6),
        Ok(_) => Err("only r6 has such rules".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
