//! The command `repair`.

use std::num::NonZeroUsize;
use std::thread;

use imaging_study::FhirVersion;
use imaging_study_migrate::{Migration, Settings, Summary};

use crate::arguments::{RepairArguments, SourceVersion};
use crate::convert::{Places, write_to};
use crate::error::RunError;

/// Repairs the files; tells whether something could not be read.
pub(crate) fn repair(arguments: &RepairArguments) -> Result<bool, RunError> {
    let mut settings = Settings::new(FhirVersion::R4);
    settings.from = match arguments.version {
        SourceVersion::Auto => None,
        SourceVersion::Is(version) => Some(version),
    };
    settings.repairs = true;
    settings.output_format = write_to(&mut settings, arguments.output.as_ref(), &arguments.files);
    let processors = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    settings.jobs = arguments.jobs.unwrap_or_else(processors);
    let mut migration = Migration::new(settings);
    migration.output.clone_from(&arguments.output);
    migration.losses.clone_from(&arguments.report);
    let places = Places {
        named: &arguments.files,
        records: "--report",
        quiet: false,
        migration,
    };
    let summary = places.run(shown)?;
    Ok(summary.quarantined > 0)
}

/// What was read and changed, by the kind of repair.
fn shown(summary: &Summary) -> String {
    let sum: u64 = summary.repairs.values().sum();
    let kinds = summary.repairs.iter();
    let kinds: Vec<String> = kinds
        .map(|(kind, count)| format!("{} {count}", kind.name()))
        .collect();
    let colon = if kinds.is_empty() { "" } else { ": " };
    format!(
        "read {}, studies {}, other resources {}, not readable {}\nchanges {sum}{colon}{}",
        summary.read,
        summary.converted,
        summary.passed,
        summary.quarantined,
        kinds.join(", ")
    )
}
