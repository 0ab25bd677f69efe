//! Migrating NDJSON as the program does it.

use std::io::{Read, Write};
use std::num::NonZeroUsize;

use imaging_study::FhirVersion;
use imaging_study_migrate::{Format, Input, Outputs, Settings, Summary};

/// How NDJSON is migrated from R4 to R5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The number of threads that convert.
    pub threads: NonZeroUsize,
    /// Whether the version of each study is detected instead of given.
    pub detect: bool,
}

impl Migration {
    /// Migrates with the engine of the program.
    ///
    /// # Panics
    ///
    /// The input or the output fails, or a line is no study: only generated studies are migrated
    /// here.
    pub fn migrate(self, input: impl Read, output: &mut impl Write) -> Summary {
        let settings = Settings {
            from: (!self.detect).then_some(FhirVersion::R4),
            input_format: Some(Format::Ndjson),
            jobs: self.threads,
            ..Settings::new(FhirVersion::R5)
        };
        let mut quarantine = Vec::new();
        let mut outputs = Outputs::new(output, &mut quarantine);
        let summary =
            imaging_study_migrate::migrate([Input::new("bench", input)], &settings, &mut outputs)
                .expect("memory does not fail");
        assert!(quarantine.is_empty(), "a generated study was refused");
        assert_eq!(summary.read, summary.converted);
        summary
    }
}
