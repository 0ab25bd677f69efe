//! The arguments of `generate`.

use std::str::FromStr as _;

use clap::{Args, ValueEnum};
use imaging_study::FhirVersion;
use imaging_study::core::generate::Profile;

const GENERATE_EXAMPLES: &str = "\
Prints random studies as NDJSON, for tests. Every one is valid: validate finds no error in it. The same seed gives
the same bytes with the same version of the program, and a smaller count the first lines of them.

Exit status: 0 done; 2 usage; 3 output failed.

Examples:
  imaging-study generate --version r4 --count 1000 --seed 1 > r4.ndjson
  imaging-study generate --version r6 --count 100 --seed 7 --profile hostile";

/// The arguments of `generate`.
#[derive(Clone, Debug, Args)]
#[command(after_help = GENERATE_EXAMPLES)]
pub struct GenerateArguments {
    /// Version of the studies; r6 is R6 as it is now
    #[arg(long, value_name = "VERSION", value_parser = FhirVersion::from_str)]
    pub version: FhirVersion,
    /// How many studies
    #[arg(long, value_name = "N")]
    pub count: u64,
    /// The number that they follow from
    #[arg(long, value_name = "S")]
    pub seed: u64,
    /// What kind of studies
    #[arg(long, value_enum, value_name = "PROFILE", default_value = "typical")]
    pub profile: StudyProfile,
}

/// What kind of studies to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StudyProfile {
    /// Only what is required
    Minimal,
    /// What hospitals write: a few series and instances
    Typical,
    /// Whatever the version allows: extensions everywhere, contained resources, any Unicode text
    Hostile,
}

impl From<StudyProfile> for Profile {
    fn from(profile: StudyProfile) -> Self {
        match profile {
            StudyProfile::Minimal => Self::Minimal,
            StudyProfile::Typical => Self::Typical,
            StudyProfile::Hostile => Self::Hostile,
        }
    }
}
