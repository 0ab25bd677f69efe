//! The command `convert`.

use std::fs;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;

use imaging_study::convert::Options;

use crate::arguments::{ConvertArguments, SourceVersion};
use crate::error::{MigrateError, RunError};
use crate::format::Format;
use crate::input::{Input, is_stdin};
use crate::migrate::{Outputs, Settings, migrate};
use crate::output::Output;
use crate::progress::Progress;

/// Converts the files; tells whether the user wants to hear of a failure.
pub(crate) fn convert(arguments: &ConvertArguments) -> Result<bool, RunError> {
    let stdin = [PathBuf::from("-")];
    let files = if arguments.files.is_empty() {
        &stdin[..]
    } else {
        &arguments.files
    };
    check_inputs(files)?;
    check_distinct(arguments, files)?;

    let mut progress = Progress::start(files, arguments.output.is_none());
    let counted = progress.clone();
    let mut output = match &arguments.output {
        Some(path) => Output::create(path)?,
        None => Output::Stdout,
    };
    let mut quarantine = arguments
        .quarantine
        .as_deref()
        .map(Output::create)
        .transpose()?;
    let mut losses = arguments
        .losses
        .as_deref()
        .map(Output::create)
        .transpose()?;
    let result = migrate(
        files.iter().map(|path| Input::from_argument(path)),
        &settings(arguments, files),
        &mut Outputs {
            output: &mut output,
            quarantine: match &mut quarantine {
                Some(file) => file,
                None => &mut progress,
            },
            losses: losses.as_mut().map(|file| file as &mut dyn Write),
            progress: &mut |bytes| counted.advance(bytes),
        },
    );
    counted.end();
    let summary = result?;
    // The reports first: where there is an output, they are there too.
    for file in [losses, quarantine].into_iter().flatten() {
        file.commit()?;
    }
    output.commit()?;
    // Who has closed stderr does not want to read it.
    let _ = writeln!(io::stderr(), "{summary}");
    Ok((arguments.fail_on_quarantine && summary.quarantined > 0)
        || (arguments.fail_on_loss && summary.lost() > 0))
}

fn settings(arguments: &ConvertArguments, files: &[PathBuf]) -> Settings {
    let mut settings = Settings::new(arguments.to);
    settings.from = match arguments.from {
        SourceVersion::Auto => None,
        SourceVersion::Is(version) => Some(version),
    };
    settings.conversion = Options {
        procedure_reference: arguments.procedure_reference.into(),
        strict: arguments.strict,
    };
    settings.input_format = arguments.input_format.given();
    let several = (files.len() > 1).then_some(Format::Ndjson);
    settings.output_format = arguments.output_format.or(several);
    let processors = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    settings.jobs = arguments.jobs.unwrap_or_else(processors);
    settings
}

/// Checks that every file is there before anything is written.
pub(crate) fn check_inputs(files: &[PathBuf]) -> Result<(), MigrateError> {
    for path in files.iter().filter(|path| !is_stdin(path)) {
        let checked = fs::metadata(path).and_then(|metadata| match metadata.is_dir() {
            true => Err(io::ErrorKind::IsADirectory.into()),
            false => Ok(()),
        });
        checked.map_err(|error| MigrateError::Input {
            name: path.display().to_string(),
            error,
        })?;
    }
    Ok(())
}

/// Checks that no report overwrites an input or another output. The output itself may replace an
/// input, which is read to its end by then.
fn check_distinct(arguments: &ConvertArguments, files: &[PathBuf]) -> Result<(), RunError> {
    let written = [
        ("--output", &arguments.output),
        ("--losses", &arguments.losses),
        ("--quarantine", &arguments.quarantine),
    ];
    let mut known: Vec<(&'static str, PathBuf)> = Vec::new();
    for (role, path) in written {
        let Some(path) = path.as_deref().and_then(place) else {
            continue;
        };
        known.push((role, path));
    }
    let inputs = files.iter().filter(|path| !is_stdin(path));
    let reports = known.iter().filter(|(role, _)| *role != "--output");
    for (index, (first, path)) in known.iter().enumerate() {
        if let Some((second, _)) = known[..index].iter().find(|(_, other)| other == path) {
            return Err(same_file(second, first, path));
        }
    }
    let inputs: Vec<PathBuf> = inputs.filter_map(|path| place(path)).collect();
    for (role, path) in reports {
        if inputs.contains(path) {
            return Err(same_file("an input", role, path));
        }
    }
    Ok(())
}

fn same_file(first: &'static str, second: &'static str, path: &Path) -> RunError {
    RunError::SameFile {
        first,
        second,
        path: path.to_owned(),
    }
}

/// The one path of a file, whether it exists or not; none for pipes and devices.
fn place(path: &Path) -> Option<PathBuf> {
    if let Ok(metadata) = fs::metadata(path) {
        return fs::canonicalize(path).ok().filter(|_| metadata.is_file());
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Some(fs::canonicalize(folder).ok()?.join(path.file_name()?))
}
