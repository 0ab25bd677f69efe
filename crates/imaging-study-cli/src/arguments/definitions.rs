//! The arguments of `definitions`.

use std::path::PathBuf;
use std::str::FromStr as _;

use clap::{Args, ValueEnum};
use imaging_study::FhirVersion;

const DEFINITIONS_EXAMPLES: &str = "\
Prints a StructureDefinition for every extension that convert may write into studies of a version, in the form
of that version: what it stands on, what it holds, and whether a package of HL7's defines it too. With them
validators and servers check these extensions in place of refusing them.

With --format package they are a FHIR package, to be loaded by its file.

Exit status: 0 done; 2 usage; 3 output failed.

Examples:
  imaging-study definitions --version r4 > extensions.ndjson
  imaging-study definitions --version r4 --format package --output extensions.tgz";

/// The arguments of `definitions`.
#[derive(Clone, Debug, Args)]
#[command(after_help = DEFINITIONS_EXAMPLES)]
pub struct DefinitionsArguments {
    /// Version of the studies that the extensions stand in
    #[arg(long, value_name = "VERSION", value_parser = FhirVersion::from_str)]
    pub version: FhirVersion,
    /// Form of the definitions
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "ndjson")]
    pub format: DefinitionsFormat,
    /// Write to a file, which appears whole or not at all, instead of stdout
    #[arg(long, short, value_name = "FILE", required_if_eq("format", "package"))]
    pub output: Option<PathBuf>,
}

/// The form in which definitions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DefinitionsFormat {
    /// A StructureDefinition a line
    Ndjson,
    /// A FHIR package, a compressed archive
    Package,
}
