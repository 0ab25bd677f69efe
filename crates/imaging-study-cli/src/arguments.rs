//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr as _;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use imaging_study::convert::{EpisodeOfCare, ProcedureReference, Unavailable};
use imaging_study::{FhirVersion, Limits, UnknownVersion};
use imaging_study_migrate::{Compression, MOST_JOBS};

use crate::format::Format;
pub use crate::uid_arguments::{
    CheckArguments, NewArguments, UidArguments, UidCommand, UidListArguments,
};
pub use crate::urls_arguments::{ConnectionTypeName, Level, UrlsArguments};

mod definitions;
mod diff;
mod from_dicom;
mod generate;
mod repair;
mod report;
mod schema;
mod search;
mod show;
mod stats;
mod validate;

pub use definitions::{DefinitionsArguments, DefinitionsFormat};
pub use diff::DiffArguments;
pub use generate::{GenerateArguments, StudyProfile};
pub use repair::RepairArguments;
pub use report::ReportArguments;
pub use schema::{SchemaArguments, SchemaLanguage};
pub use search::SearchArguments;
pub use show::ShowArguments;
pub use stats::StatsArguments;
pub use validate::{IssueLevel, OutcomeFormat, ValidateArguments};

pub use from_dicom::{AccessionElement, CountsPolicy, FromDicomArguments, NoModality};

const EXAMPLES: &str = "\
Examples:
  Migrate an NDJSON export of R4 studies to R5:
    imaging-study convert --from r4 --to r5 --output r5.ndjson r4.ndjson

  The same as part of a pipe, with a file for what could not be read:
    imaging-study convert --to r5 --quarantine bad.ndjson --compress gzip - < export.ndjson.gz > r5.ndjson.gz

  Convert one document and look at it:
    imaging-study convert --to r4 study.json

  XML to JSON, in the same version:
    imaging-study convert --from r4 --to r4 --output-format json study.xml

  Which version is it?
    imaging-study detect study.json study.xml

  Build the studies of DICOM files:
    imaging-study from-dicom --to r5 --output studies.ndjson dicom/

  Look at a study:
    imaging-study show export.ndjson:7

  Was anything lost?
    imaging-study diff r4.json r5.json

  What is in an archive?
    imaging-study stats studies/

  What is wrong with studies?
    imaging-study validate export.ndjson

  Which studies are CTs of this year?
    imaging-study search 'modality=CT&started=ge2026' export.ndjson

  Where are the images of a study?
    imaging-study urls study.json --endpoints endpoints.ndjson

  Is it a UID, and how is it written?
    imaging-study uid check urn:oid:1.2.840.10008.1.2";

const CONVERT_EXAMPLES: &str = "\
Examples:
  imaging-study convert --from r4 --to r5 --output r5.ndjson r4.ndjson
  imaging-study convert --to r5 --losses losses.ndjson --quarantine bad.ndjson - < r4.ndjson > r5.ndjson
  imaging-study convert --to r4 --strict --fail-on-quarantine study.json
  imaging-study convert --from r4 --to r4 --output-format xml study.json
  imaging-study convert --from r4 --to r5 --output-format xml --output studies/ r4.ndjson
  imaging-study convert --from r5 --to r5 --output r5.ndjson studies/
  imaging-study convert --from r4 --to r5 --output r5.ndjson.zst --resume --rejects bad.ndjson r4.ndjson.gz
  imaging-study convert --from r4 --to r5 --output-format ndjson --output r5/ --resume --summary sum.json r4/
  imaging-study convert --to r6 --validate --report invalid.ndjson --output r6.ndjson r5.ndjson

VERSION is dstu2, stu3, r4, r4b, r5, r6-draft (winter 2024/25) or r6; also r2, r3, and 1.0, 3.0, 4.0, 4.3, 5.0, 6.0.

Every line or document that is converted is written in the order of the input. What cannot be read or
converted goes to the quarantine as an OperationOutcome, and the run goes on. Resources of other types
pass untouched; between JSON and XML they are rewritten by the definitions of the --from version, which
has to be given then. A summary stands on stderr at the end.

A file holds NDJSON, or one document in JSON or XML. A folder stands for its files that end in .json,
.ndjson or .xml, in the order of their names.

An --output that ends with a slash, or is a folder, gets a file for each document, in JSON or XML: a
number that keeps the order, and the id of the resource, as in 0000001-example.xml. The folder has to be
empty; a missing one is created in a folder that exists. If the run fails, the files that are there stay.

Ctrl-C and SIGTERM remove the temporary files.

Input that is compressed with gzip or zstandard is unpacked; an output that ends in .gz or .zst, or --compress,
is compressed. With --output-format ndjson and --output FOLDER/, each part of a folder becomes a part of the
same name. --resume goes on where a run was cut off, and leaves what is done alone.

Exit status: 0 done; 1 something went to the quarantine, or was lost, and --fail-on-quarantine or
--fail-on-loss was given, or more than --max-rejects, or a single document failed, or the output file would
have lost something and is left as it was; 2 usage; 3 input or output failed; 130 Ctrl-C; 143 SIGTERM.";

const DETECT_EXAMPLES: &str = "\
Prints a line for each resource: the file and line, the version, and the elements that decide, separated
by tabs. Where nothing decides or the evidence is split, `undecided` stands for the version, and the
reason behind it; `unreadable` where convert could not read it; `other` for a resource of another type.

Exit status: 0 every study has a version; 1 one or more have none or cannot be read; 2 usage; 3 input failed.

Example:
  imaging-study detect export.ndjson study.json study.xml studies/";

/// Migrates FHIR ImagingStudy between versions without losing anything, and builds it from DICOM.
#[derive(Clone, Debug, Parser)]
#[command(name = "imaging-study", version, about, after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program does.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Convert studies to another version
    Convert(ConvertArguments),
    /// Print definitions of the extensions that convert writes
    Definitions(DefinitionsArguments),
    /// Tell which version studies are written in, and by which elements
    Detect(DetectArguments),
    /// Say what differs between studies by meaning, across versions
    Diff(DiffArguments),
    /// Build studies from DICOM files and DICOM JSON
    FromDicom(FromDicomArguments),
    /// Print random studies for tests
    Generate(GenerateArguments),
    /// Mend what needs no judgement in studies
    Repair(RepairArguments),
    /// Write a page about studies
    Report(ReportArguments),
    /// Print a schema of studies
    Schema(SchemaArguments),
    /// Print the studies that match a FHIR search
    Search(SearchArguments),
    /// Show studies as trees for people
    Show(ShowArguments),
    /// Count what there is in an archive
    Stats(StatsArguments),
    /// Check, make and translate DICOM UIDs
    Uid(UidArguments),
    /// Print the URLs at which the images of a study are found
    Urls(UrlsArguments),
    /// Say what is wrong with studies
    Validate(ValidateArguments),
    /// Print a completion script for a shell
    Completions {
        /// The shell.
        shell: Shell,
    },
}

/// The arguments of `convert`.
#[derive(Clone, Debug, Args)]
#[command(after_help = CONVERT_EXAMPLES)]
pub struct ConvertArguments {
    /// Version of the input; auto decides for each study by the elements that it has
    #[arg(long, value_name = "VERSION", default_value = "auto", value_parser = source_version)]
    pub from: SourceVersion,
    /// Version of the output
    #[arg(long, value_name = "VERSION", value_parser = FhirVersion::from_str)]
    pub to: FhirVersion,
    /// Format of the input; auto decides for each file by what it holds
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "auto")]
    pub input_format: InputFormat,
    /// Format of the output [default: that of the input, ndjson for several files or a folder]
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub output_format: Option<Format>,
    /// Write to a file, which appears whole or not at all, instead of stdout; to files in FOLDER/, or to
    /// parts of the same names with --output-format ndjson
    #[arg(long, short, value_name = "FILE|FOLDER/")]
    pub output: Option<PathBuf>,
    /// Write every loss and note to a file, as NDJSON; it holds the values that were lost
    #[arg(long, value_name = "FILE")]
    pub losses: Option<PathBuf>,
    /// Write an OperationOutcome for each bad line or document to a file, as NDJSON, instead of stderr
    #[arg(long, value_name = "FILE")]
    pub quarantine: Option<PathBuf>,
    /// Write the lines and documents that were not converted to a file, as they were
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Write a row for each line or document: source, line, status, version, value, losses, outcome
    #[arg(long)]
    pub envelope: bool,
    /// Name of stdin in reports and rows
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Write the summary to a file, as JSON
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Compress the output, whatever its name; else .gz and .zst of --output say so
    #[arg(long, value_name = "COMPRESSION", value_parser = compression_parser())]
    pub compress: Option<Compression>,
    /// Go on with a run that was cut off, or begin one that can go on
    #[arg(long, requires = "output")]
    pub resume: bool,
    /// With --resume, how many bytes of text may have to be done again
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20, value_parser = clap::value_parser!(u64).range(1..))]
    pub checkpoint: u64,
    /// End the run with 1 if more than N resources go to the quarantine
    #[arg(long, value_name = "N")]
    pub max_rejects: Option<u64>,
    /// Greatest size of a line or document, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().bytes)]
    pub max_bytes: usize,
    /// Greatest depth of elements in a study, 128 at most
    #[arg(long, value_name = "N", default_value_t = Limits::default().depth)]
    pub max_depth: usize,
    /// Greatest number of elements of a line or document
    #[arg(long, value_name = "N", default_value_t = 5_000_000)]
    pub max_elements: usize,
    /// Print nothing on stderr but an error that ends the run
    #[arg(long, short)]
    pub quiet: bool,
    /// Send a study to the quarantine if something would be lost or stay in a foreign form
    #[arg(long)]
    pub strict: bool,
    /// Check every converted study by the rules of its new version; errors go to --report
    #[arg(long)]
    pub validate: bool,
    /// Write an OperationOutcome for each converted study with errors to a file, as NDJSON, instead of stderr
    #[arg(long, value_name = "FILE", requires = "validate")]
    pub report: Option<PathBuf>,
    /// Exit with 1 if anything went to the quarantine
    #[arg(long)]
    pub fail_on_quarantine: bool,
    /// Exit with 1 if anything was lost; notes are no losses
    #[arg(long)]
    pub fail_on_loss: bool,
    /// Element of R5 for R4's procedureReference: partOf by its meaning, procedure as HL7's maps do
    #[arg(long, value_enum, value_name = "ELEMENT", default_value = "part-of")]
    pub procedure_reference: ProcedureElement,
    /// Status for the availability UNAVAILABLE of DSTU2 and STU3; HAPI says cancelled
    #[arg(long, value_enum, value_name = "STATUS", default_value = "registered")]
    pub unavailable: UnavailableStatus,
    /// Extension of R4 and later for an EpisodeOfCare in STU3's context: that of context, or HL7's workflow-episodeOfCare
    #[arg(long, value_enum, value_name = "EXTENSION", default_value = "context")]
    pub episode_of_care: EpisodeExtension,
    /// Leave out what the target has no element for, and report it, instead of writing extensions
    #[arg(long)]
    pub no_extensions: bool,
    /// Number of threads that convert, 1024 at most [default: one for each processor]
    #[arg(long, short, value_name = "N", value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,
    /// Files or folders to read, one after the other; - or none is stdin
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// The arguments of `detect`.
#[derive(Clone, Debug, Args)]
#[command(after_help = DETECT_EXAMPLES)]
pub struct DetectArguments {
    /// Files or folders to look at; - is stdin
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// Where the version of the input is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceVersion {
    /// From the evidence in each study.
    Auto,
    /// Every study is of this version.
    Is(FhirVersion),
}

/// A format of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// Decided by the content
    Auto,
    /// One document: an ImagingStudy, a Bundle or another resource
    Json,
    /// One resource a line
    Ndjson,
    /// One document in XML
    Xml,
}

/// The element of R5 that takes R4's `procedureReference`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProcedureElement {
    /// partOf, which has the same meaning
    PartOf,
    /// procedure.reference, as in HL7's maps; R5 does not allow the target
    Procedure,
}

impl From<ProcedureElement> for ProcedureReference {
    fn from(element: ProcedureElement) -> Self {
        match element {
            ProcedureElement::PartOf => Self::PartOf,
            ProcedureElement::Procedure => Self::Procedure,
        }
    }
}

/// The status of a study whose images are `UNAVAILABLE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum UnavailableStatus {
    /// The record is there, its images are not
    Registered,
    /// The study was not made
    Cancelled,
}

impl From<UnavailableStatus> for Unavailable {
    fn from(status: UnavailableStatus) -> Self {
        match status {
            UnavailableStatus::Registered => Self::Registered,
            UnavailableStatus::Cancelled => Self::Cancelled,
        }
    }
}

/// The extension of R4 and later for the episode of care that STU3 has in `context`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EpisodeExtension {
    /// The cross-version extension of context, on encounter
    Context,
    /// HL7's workflow-episodeOfCare, on the study
    Workflow,
}

impl From<EpisodeExtension> for EpisodeOfCare {
    fn from(extension: EpisodeExtension) -> Self {
        match extension {
            EpisodeExtension::Context => Self::Context,
            EpisodeExtension::Workflow => Self::Workflow,
        }
    }
}

impl InputFormat {
    /// The format, unless the content decides.
    #[must_use]
    pub const fn given(self) -> Option<Format> {
        match self {
            Self::Auto => None,
            Self::Json => Some(Format::Json),
            Self::Ndjson => Some(Format::Ndjson),
            Self::Xml => Some(Format::Xml),
        }
    }
}

/// Takes the name of a format.
pub(crate) fn format_parser() -> impl TypedValueParser<Value = Format> {
    let names = [
        ("json", "One document, in lines of its own"),
        ("ndjson", "One resource a line"),
        ("xml", "One document in XML"),
    ];
    let values = names.map(|(name, help)| PossibleValue::new(name).help(help));
    PossibleValuesParser::new(values).map(|name| match name.as_str() {
        "json" => Format::Json,
        "xml" => Format::Xml,
        _ => Format::Ndjson,
    })
}

/// Takes the name of a compression.
fn compression_parser() -> impl TypedValueParser<Value = Compression> {
    PossibleValuesParser::new([Compression::Gzip.name(), Compression::Zstd.name()]).map(|name| {
        match name == Compression::Gzip.name() {
            true => Compression::Gzip,
            false => Compression::Zstd,
        }
    })
}

pub(crate) fn source_version(text: &str) -> Result<SourceVersion, UnknownVersion> {
    if text.eq_ignore_ascii_case("auto") {
        return Ok(SourceVersion::Auto);
    }
    text.parse().map(SourceVersion::Is)
}

pub(crate) fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    let jobs: NonZeroUsize = text.parse().map_err(|error| format!("{error}"))?;
    match jobs.get() <= MOST_JOBS {
        true => Ok(jobs),
        false => Err(format!("more than {MOST_JOBS} threads")),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn versions_have_several_names() {
        for (text, version) in [
            ("r2", FhirVersion::Dstu2),
            ("r3", FhirVersion::Stu3),
            ("4.0", FhirVersion::R4),
            ("R4B", FhirVersion::R4B),
            ("6.0", FhirVersion::R6),
        ] {
            assert_eq!(source_version(text), Ok(SourceVersion::Is(version)));
        }
        assert_eq!(source_version("AUTO"), Ok(SourceVersion::Auto));
    }
}
