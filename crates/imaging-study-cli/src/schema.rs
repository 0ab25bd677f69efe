//! The command `schema`.

use std::io::{self, Write as _};

use imaging_study::with_types;
use schemars::generate::SchemaSettings;

use crate::arguments::{SchemaArguments, SchemaLanguage};
use crate::error::{MigrateError, RunError};

/// Prints the schema of a study.
pub(crate) fn schema(arguments: &SchemaArguments) -> Result<(), RunError> {
    let schema = match arguments.language {
        SchemaLanguage::JsonSchema => with_types!(arguments.version, types => {
            SchemaSettings::draft2020_12()
                .into_generator()
                .into_root_schema_for::<types::ImagingStudy>()
        }),
    };
    let written = serde_json::to_string_pretty(&schema)
        .map_err(io::Error::from)
        .and_then(|text| writeln!(io::stdout(), "{text}"));
    Ok(written.map_err(MigrateError::Output)?)
}
