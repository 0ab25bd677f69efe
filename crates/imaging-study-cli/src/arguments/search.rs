//! The arguments of `search`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr as _;

use clap::Args;
use clap::builder::PossibleValuesParser;
use imaging_study::FhirVersion;

use super::jobs;

const SEARCH_EXAMPLES: &str = "\
QUERY is what stands behind the question mark of a FHIR search. Studies that match are printed as NDJSON, in the
order of the input and as they are: a line of NDJSON stays byte for byte, documents and entries of Bundles are
brought into one line. With _sort and _count they are sorted, and the first ones printed.

Without --from the query is in the version of each study. With it, studies of other versions are asked the
translated query; what cannot be translated matches none of them and is named on stderr, and so is a parameter
that is ignored. What cannot be read goes to stderr as an OperationOutcome, and the run goes on.

Exit status: 0 studies were found; 1 none was, or with --translate a part of the query has no translation;
2 usage, or the query is in error; 3 input or output failed.

Examples:
  imaging-study search 'modality=CT&started=ge2025-01' export.ndjson
  imaging-study search --from r4 'patient=Patient/p&_sort=-started&_count=1' studies/
  imaging-study search --summary count 'modality:not=CT' - < export.ndjson
  imaging-study search --from stu3 --translate r5 'study=urn:oid:1.2.3&context=Encounter/e'";

/// The arguments of `search`.
#[derive(Clone, Debug, Args)]
#[command(after_help = SEARCH_EXAMPLES)]
pub struct SearchArguments {
    /// Version of the query [default: that of each study]
    #[arg(long, value_name = "VERSION", value_parser = FhirVersion::from_str)]
    pub from: Option<FhirVersion>,
    /// Refuse a query with parameters that would be ignored, or cannot be asked of the studies
    #[arg(long)]
    pub strict: bool,
    /// Compare UIDs with and without urn:oid:, whatever the version
    #[arg(long)]
    pub lenient_uids: bool,
    /// Base URL of the server: references below it are the same as relative ones
    #[arg(long, value_name = "URL")]
    pub base: Option<String>,
    /// Offset from UTC of dates, and of times without one: Z, or -14:00 to +14:00 [default: Z]
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    pub offset: Option<String>,
    /// Print a part of each study; count prints how many match
    #[arg(long, value_name = "PART",
        value_parser = PossibleValuesParser::new(["true", "text", "data", "count", "false"]))]
    pub summary: Option<String>,
    /// Print these elements of each study, and those that are required
    #[arg(long, value_name = "A,B")]
    pub elements: Option<String>,
    /// Print the query in the parameters of another version, and search nothing
    #[arg(long, value_name = "VERSION", requires = "from", value_parser = FhirVersion::from_str)]
    pub translate: Option<FhirVersion>,
    /// Number of threads that search, 1024 at most [default: one for each processor]
    #[arg(long, short, value_name = "N", value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// The query, e.g. 'modality=CT&started=ge2025-01'
    #[arg(value_name = "QUERY")]
    pub query: String,
    /// Files or folders to search, one after the other; - is stdin
    #[arg(value_name = "FILE|FOLDER", required_unless_present = "translate")]
    pub files: Vec<PathBuf>,
}
