//! The arguments of `stats`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr as _;

use clap::Args;
use imaging_study::FhirVersion;

use super::{SourceVersion, jobs, source_version};

const STATS_EXAMPLES: &str = "\
Reads everything once, in memory that does not grow with it. What cannot be read is counted by the rule that it
breaks, and the run goes on; validate says where. Modalities count series by the first code of their modality, body
sites by what a series calls its first one, or else its code; a series without one has no row. Years are those in
which studies began. A study that fits R4 and R4B counts as R4; one of which the version stays open counts for all
that it fits, `R5 or R6`.

Exit status: 0 done; 1 there is no study; 2 usage; 3 input or output failed.

Examples:
  imaging-study stats export.ndjson
  imaging-study stats --json studies/ | jq .modalities
  imaging-study stats --to r5 export.ndjson";

/// The arguments of `stats`.
#[derive(Clone, Debug, Args)]
#[command(after_help = STATS_EXAMPLES)]
pub struct StatsArguments {
    /// Print one object in JSON
    #[arg(long)]
    pub json: bool,
    /// Leave out what studies say in words: body sites without a code
    #[arg(long)]
    pub no_values: bool,
    /// Convert every study to a version too, and count what would be lost, by rule
    #[arg(long, value_name = "VERSION", value_parser = FhirVersion::from_str)]
    pub to: Option<FhirVersion>,
    /// Version of the studies; auto decides for each by the elements that it has
    #[arg(long, value_name = "VERSION", default_value = "auto", value_parser = source_version)]
    pub from: SourceVersion,
    /// Number of threads that read, 1024 at most [default: one for each processor]
    #[arg(long, short, value_name = "N", value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Files or folders to read, one after the other; - is stdin
    #[arg(value_name = "FILE|FOLDER", required = true)]
    pub files: Vec<PathBuf>,
}
