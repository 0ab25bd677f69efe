//! The arguments of `schema`.

use std::str::FromStr as _;

use clap::{Args, ValueEnum};
use imaging_study::FhirVersion;

const SCHEMA_EXAMPLES: &str = "\
Prints the JSON Schema (2020-12) of a study of the version: members, types, patterns, required elements and codes.
It does not say the rules between elements; validate checks those.

Exit status: 0 done; 2 usage; 3 output failed.

Example:
  imaging-study schema --version r5 > r5.schema.json";

/// The arguments of `schema`.
#[derive(Clone, Debug, Args)]
#[command(after_help = SCHEMA_EXAMPLES)]
pub struct SchemaArguments {
    /// Version of the studies
    #[arg(long, value_name = "VERSION", value_parser = FhirVersion::from_str)]
    pub version: FhirVersion,
    /// The language of the schema
    #[arg(
        long = "as",
        value_enum,
        value_name = "LANGUAGE",
        default_value = "json-schema"
    )]
    pub language: SchemaLanguage,
}

/// A language for schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaLanguage {
    /// JSON Schema 2020-12
    JsonSchema,
}
