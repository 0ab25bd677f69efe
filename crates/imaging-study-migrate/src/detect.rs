//! Which versions studies are written in.

use crate::batch::BatchReader;
use crate::error::MigrateError;
use crate::finding::Finding;
use crate::format::Format;
use crate::input::Input;
use crate::migrate::Settings;
use crate::work::{Done, Work};
use crate::worker::{Wants, Worker};

/// Tells what a conversion with these settings would find: `say` hears of each resource.
///
/// # Errors
///
/// The input cannot be read, or what `say` returns.
pub fn detect(
    input: Input<'_>,
    settings: &Settings,
    mut say: impl FnMut(&[Finding]) -> Result<(), MigrateError>,
) -> Result<(), MigrateError> {
    let mut worker = Worker::new(settings, Wants::default());
    worker.looks_only = true;
    let name = input.name().to_owned();
    let empty = input.format_of_nothing();
    let failed = |error| MigrateError::Input {
        name: name.clone(),
        error,
    };
    let opened = input.open().map_err(failed)?;
    let (target, limit) = (settings.batch_size, settings.limits.bytes);
    let source = name.as_str().into();
    let mut reader = BatchReader::new(opened, source, None, empty, target, limit);
    let mut work = Work {
        result: Done {
            findings: Some(Vec::new()),
            ..Done::default()
        },
        ..Work::default()
    };
    while reader.read(&mut work.batch).map_err(failed)? {
        work.format = reader.format().unwrap_or(Format::Ndjson);
        worker.process(&mut work);
        say(work.result.findings.as_deref().unwrap_or_default())?;
        work.release();
    }
    Ok(())
}
