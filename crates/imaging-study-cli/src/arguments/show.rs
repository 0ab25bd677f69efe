//! The arguments of `show`.

use std::path::PathBuf;

use clap::Args;

use super::{SourceVersion, source_version};

const SHOW_EXAMPLES: &str = "\
A study is a header line and a tree: what it says of itself, and a line for each series. On a terminal, lines
are as long as it is wide, and the middle of a UID may be left out; in a pipe and a file everything stands
whole, without colours. Control characters, and those that change the direction of a text, are escaped.

FILE:LINE is one line of NDJSON. Of a file with several studies, each is shown, one after the other. Where the
elements of a study fit two versions, both are named: `R4 or R4B`.

Exit status: 0 every study was shown; 1 there is none, or something cannot be read, which is told on stderr;
2 usage; 3 input or output failed.

Examples:
  imaging-study show study.json
  imaging-study show --instances export.ndjson:7
  imaging-study show --all study.xml | less
  imaging-study show --json --no-values export.ndjson";

/// The arguments of `show`.
#[derive(Clone, Debug, Args)]
#[command(after_help = SHOW_EXAMPLES)]
pub struct ShowArguments {
    /// Show a line for each instance too
    #[arg(long)]
    pub instances: bool,
    /// Show every element, with ids, extensions and contained resources
    #[arg(long)]
    pub all: bool,
    /// Print an object for each study, one a line
    #[arg(long)]
    pub json: bool,
    /// Leave out the texts that may tell whose images they are: all but codes, counts and versions
    #[arg(long)]
    pub no_values: bool,
    /// Version of the studies; auto decides for each by the elements that it has
    #[arg(long, value_name = "VERSION", default_value = "auto", value_parser = source_version)]
    pub from: SourceVersion,
    /// File or folder to read, or FILE:LINE for one line of a file; - is stdin
    #[arg(value_name = "FILE[:LINE]")]
    pub file: PathBuf,
}
