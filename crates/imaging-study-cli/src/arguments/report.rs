//! The arguments of `report`.

use std::path::PathBuf;
use std::str::FromStr as _;

use clap::Args;
use imaging_study::FhirVersion;

use super::{SourceVersion, source_version};

const REPORT_EXAMPLES: &str = "\
Writes one HTML page that needs nothing else: no network, and no script but to search its table. It has what
stats counts, as charts; a table of the studies; and a section for each study, with its series and links to their
thumbnails, of up to 1,000 studies. It shows who the patients are: treat it like the studies.

Exit status: 0 done; 1 there is no study; 2 usage; 3 input or output failed.

Examples:
  imaging-study report --output report.html studies/
  imaging-study report --to r5 --endpoints endpoints.ndjson --output report.html export.ndjson";

/// The arguments of `report`.
#[derive(Clone, Debug, Args)]
#[command(after_help = REPORT_EXAMPLES)]
pub struct ReportArguments {
    /// Write the page to a file, which appears whole or not at all
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// Convert every study to a version too, and show what would be lost
    #[arg(long, value_name = "VERSION", value_parser = FhirVersion::from_str)]
    pub to: Option<FhirVersion>,
    /// Files with Endpoint resources, for the links to thumbnails; those inside the studies are known
    #[arg(long, value_name = "FILE")]
    pub endpoints: Vec<PathBuf>,
    /// Version of the studies; auto decides for each by the elements that it has
    #[arg(long, value_name = "VERSION", default_value = "auto", value_parser = source_version)]
    pub from: SourceVersion,
    /// Files or folders to read, one after the other; - is stdin
    #[arg(value_name = "FILE|FOLDER", required = true)]
    pub files: Vec<PathBuf>,
}
