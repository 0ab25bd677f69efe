//! The arguments of `diff`.

use std::path::PathBuf;

use clap::Args;

use super::{SourceVersion, source_version};

const DIFF_EXAMPLES: &str = "\
The first study is converted to the version of the second, and both are compared there: an element under another
name, in another form, or in an extension because its version has none, is no difference. What differs is
`lost`, `added`, `changed` or `reordered`; the rule of the conversion is named where one applies. The order of
members, meta.versionId and meta.lastUpdated say nothing.

A study that fits several versions is taken for one of them in which nothing differs, if there is such a version.

Files of several studies are paired by Study Instance UID; one that has no partner is a difference.

Exit status: 0 nothing lost, both say the same; 1 they differ, or something cannot be read; 2 usage; 3 input or
output failed, or a file holds no study.

Examples:
  imaging-study diff r4.json r5.json
  imaging-study diff --json before.ndjson after.ndjson";

/// The arguments of `diff`.
#[derive(Clone, Debug, Args)]
#[command(after_help = DIFF_EXAMPLES)]
pub struct DiffArguments {
    /// Print an object for each pair of studies, one a line
    #[arg(long)]
    pub json: bool,
    /// Leave out the values, and name only where they stand
    #[arg(long)]
    pub no_values: bool,
    /// Version of the first file; auto decides for each study by the elements that it has
    #[arg(long, value_name = "VERSION", default_value = "auto", value_parser = source_version)]
    pub from: SourceVersion,
    /// Version of the second file
    #[arg(long, value_name = "VERSION", default_value = "auto", value_parser = source_version)]
    pub to: SourceVersion,
    /// The first file; - is stdin
    #[arg(value_name = "A")]
    pub before: PathBuf,
    /// The second file
    #[arg(value_name = "B")]
    pub after: PathBuf,
}
