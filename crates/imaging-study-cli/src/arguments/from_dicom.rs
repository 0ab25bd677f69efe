//! The command line of `from-dicom`.

use std::path::PathBuf;
use std::str::FromStr as _;

use chrono::FixedOffset;
use clap::{Args, ValueEnum};
use imaging_study::FhirVersion;
use imaging_study_from_dicom::{AccessionPlace, Counts, MissingModality, Options, TimeZone};

use crate::arguments::format_parser;
use crate::format::Format;

const EXAMPLES: &str = "\
Examples:
  imaging-study from-dicom --to r5 --output studies.ndjson dicom/
  imaging-study from-dicom --to r4 --output-format json image1.dcm image2.dcm
  imaging-study from-dicom --to r5 --output-format xml --output studies/ --quarantine bad.ndjson dicom/
  curl -H 'Accept: application/dicom+json' $SERVER/studies/$UID/metadata | imaging-study from-dicom --to r5
  imaging-study from-dicom --to r5 --merge study.json --output study.json new/

PATH is a DICOM file, a file of DICOM JSON (an array, an object, or NDJSON), or a folder, which stands for
everything in it and in the folders in it. The content of a file tells what it is; one that is neither is
passed over and counted, as a DICOMDIR is. - or no path is DICOM JSON on stdin.

VERSION is dstu2, stu3, r4, r4b, r5, r6-draft (winter 2024/25) or r6; also r2, r3, and 1.0, 3.0, 4.0, 4.3, 5.0, 6.0.

There is one study for each Study Instance UID, in the order of the UIDs as text; the order of the files
does not matter. What cannot be read goes to the quarantine as an OperationOutcome, and the run goes on. A
summary stands on stderr at the end.

An --output that ends with a slash, or is a folder, gets a file for each study, in JSON or XML, named by a
number. The folder has to be empty; a missing one is created in a folder that exists.

Exit status: 0 done; 1 something went to the quarantine, and --fail-on-quarantine was given, or nothing
else is to be written to the output file, which is left as it was; 2 usage; 3 input or output failed.";

/// The arguments of `from-dicom`.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FromDicomArguments {
    /// Version of the studies
    #[arg(long, value_name = "VERSION", value_parser = FhirVersion::from_str)]
    pub to: FhirVersion,
    /// Format of the output [default: ndjson; json for FOLDER/; that of the file with --merge]
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub output_format: Option<Format>,
    /// Write to a file, which appears whole or not at all, instead of stdout; to files in FOLDER/
    #[arg(long, short, value_name = "FILE|FOLDER/")]
    pub output: Option<PathBuf>,
    /// Write an OperationOutcome for each file that cannot be read to a file, as NDJSON, instead of
    /// stderr
    #[arg(long, value_name = "FILE")]
    pub quarantine: Option<PathBuf>,
    /// Write what is missing, contradicts itself or was left out to a file, as NDJSON; it holds no
    /// values
    #[arg(long, value_name = "FILE")]
    pub notes: Option<PathBuf>,
    /// Exit with 1 if anything went to the quarantine
    #[arg(long)]
    pub fail_on_quarantine: bool,
    /// Merge into the study in a file, of the same version, and write the result; what it has stays
    #[arg(long, value_name = "FILE")]
    pub merge: Option<PathBuf>,
    /// Offset from UTC of times without one, such as +01:00 or Z [default: only their date is written]
    #[arg(long, value_name = "OFFSET", value_parser = utc_offset, allow_hyphen_values = true)]
    pub utc_offset: Option<FixedOffset>,
    /// Counts of series and instances: archive takes those of QIDO-RS rows where they are larger
    #[arg(long, value_enum, value_name = "COUNTS", default_value = "archive")]
    pub counts: CountsPolicy,
    /// Element of the accession number: by default basedOn in R5 and identifier in R4, R4B and R6
    #[arg(long, value_enum, value_name = "ELEMENT", default_value = "as-version")]
    pub accession: AccessionElement,
    /// What a series without a modality gets: the extension data-absent-reason, or the code OT
    #[arg(long, value_enum, value_name = "MODALITY", default_value = "absent")]
    pub missing_modality: NoModality,
    /// Only count the instances of each series
    #[arg(long)]
    pub no_instances: bool,
    /// Leave out the names of patients, physicians and operators
    #[arg(long)]
    pub no_names: bool,
    /// Leave out the patient's id
    #[arg(long)]
    pub no_patient_id: bool,
    /// Leave out the accession number, the study id, and the numbers of orders, admissions and specimens
    #[arg(long)]
    pub no_order_numbers: bool,
    /// Leave out texts that somebody typed: descriptions, reasons and titles
    #[arg(long)]
    pub no_descriptions: bool,
    /// Files or folders to read; - or none is DICOM JSON on stdin
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

impl FromDicomArguments {
    /// How the studies are built.
    #[must_use]
    pub fn options(&self) -> Options {
        let mut options = Options::default();
        if let Some(offset) = self.utc_offset {
            options.time_zone = TimeZone::Fixed(offset);
        }
        options.counts = match self.counts {
            CountsPolicy::Archive => Counts::Archive,
            CountsPolicy::Contained => Counts::Contained,
        };
        options.accession = match self.accession {
            AccessionElement::AsVersion => AccessionPlace::AsTheVersion,
            AccessionElement::Identifier => AccessionPlace::Identifier,
            AccessionElement::BasedOn => AccessionPlace::BasedOn,
        };
        options.missing_modality = match self.missing_modality {
            NoModality::Absent => MissingModality::Absent,
            NoModality::Ot => MissingModality::Other,
        };
        options.instances = !self.no_instances;
        options.names = !self.no_names;
        options.patient_id = !self.no_patient_id;
        options.order_numbers = !self.no_order_numbers;
        options.descriptions = !self.no_descriptions;
        options
    }
}

/// Which counts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CountsPolicy {
    /// Those that QIDO-RS rows state, where they are larger than what is known
    Archive,
    /// Those of the series and instances that are known
    Contained,
}

/// The element that takes the accession number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AccessionElement {
    /// Where the pages of the version put it
    AsVersion,
    /// identifier
    Identifier,
    /// basedOn, as the identifier of a ServiceRequest
    BasedOn,
}

/// What a series without a modality gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NoModality {
    /// The extension data-absent-reason
    Absent,
    /// The code OT, other
    Ot,
}

/// An offset from UTC, within the bounds that DICOM has for one: `(0008,0201)` goes from -12:00 to
/// +14:00.
fn utc_offset(text: &str) -> Result<FixedOffset, &'static str> {
    const HOUR: i32 = 3600;
    let explanation = "expected Z, or an offset between -12:00 and +14:00 such as +01:00";
    let text = if text.eq_ignore_ascii_case("z") {
        "+00:00"
    } else {
        text
    };
    // chrono takes more forms, with other signs and white space.
    let is_plain = matches!(
        text.as_bytes(),
        [b'+' | b'-', a, b, b':', c, d] if [a, b, c, d].into_iter().all(u8::is_ascii_digit)
    );
    let offset: Option<FixedOffset> = text.parse().ok().filter(|_| is_plain);
    offset
        .filter(|offset| (-12 * HOUR..=14 * HOUR).contains(&offset.local_minus_utc()))
        .ok_or(explanation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_those_of_dicom() {
        let seconds = |text| utc_offset(text).map(|offset| offset.local_minus_utc());
        for (text, expected) in [
            ("+01:00", 3600),
            ("-05:30", -19800),
            ("+14:00", 50400),
            ("-12:00", -43200),
            ("Z", 0),
            ("z", 0),
        ] {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for text in [
            "", "1", "+1", "+0100", "01:00", "+14:01", "-12:01", "+01:60", "+ 1:00", "UTC",
            "+01:00 ",
        ] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
