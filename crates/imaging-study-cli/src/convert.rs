//! The command `convert`.

use std::fs;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;

use imaging_study::convert::{Carry, Options};

use crate::arguments::{ConvertArguments, SourceVersion};
use crate::error::RunError;
use crate::files::files;
use crate::folder::Folder;
use crate::format::Format;
use crate::input::{Input, is_stdin};
use crate::migrate::{Outputs, Settings, migrate};
use crate::output::Output;
use crate::progress::Progress;

/// Converts the files; tells whether the user wants to hear of a failure.
pub(crate) fn convert(arguments: &ConvertArguments) -> Result<bool, RunError> {
    let stdin = [PathBuf::from("-")];
    let named = if arguments.files.is_empty() {
        &stdin[..]
    } else {
        &arguments.files
    };
    let settings = settings(arguments, named);
    check_folder(arguments, &settings, named)?;
    let files = files(named)?;
    check_distinct(arguments, &files)?;

    let mut progress = Progress::start(&files, arguments.output.is_none());
    let counted = progress.clone();
    let mut output = match &arguments.output {
        Some(path) if settings.folder.is_none() => Output::create(path)?,
        _ => Output::Stdout,
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
        &settings,
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
    // Who has closed stderr does not want to read it.
    let _ = writeln!(io::stderr(), "{summary}");
    if let (Some(path), None) = (&arguments.output, &settings.folder) {
        let nothing = summary.converted + summary.passed == 0;
        // What was not converted stands nowhere else than in the input.
        let replaces = || {
            let inputs = files.iter().filter(|path| !is_stdin(path));
            let mut inputs = inputs.filter_map(|path| place(path));
            place(path).is_some_and(|path| inputs.any(|input| input == path))
        };
        if summary.quarantined > 0 && (nothing || replaces()) {
            return Err(RunError::NotReplaced {
                path: path.clone(),
                quarantined: summary.quarantined,
            });
        }
    }
    output.commit()?;
    Ok((arguments.fail_on_quarantine && summary.quarantined > 0)
        || (arguments.fail_on_loss && summary.lost() > 0))
}

fn settings(arguments: &ConvertArguments, named: &[PathBuf]) -> Settings {
    let mut settings = Settings::new(arguments.to);
    settings.from = match arguments.from {
        SourceVersion::Auto => None,
        SourceVersion::Is(version) => Some(version),
    };
    settings.conversion = Options {
        procedure_reference: arguments.procedure_reference.into(),
        unavailable: arguments.unavailable.into(),
        carry: if arguments.no_extensions {
            Carry::Nothing
        } else {
            Carry::Extension
        },
        strict: arguments.strict,
    };
    settings.input_format = arguments.input_format.given();
    let folder = arguments.output.as_ref();
    settings.folder = folder.filter(|path| Folder::is_named(path)).cloned();
    let several = named.len() > 1 || named.iter().any(|path| path.is_dir());
    let several = (several && settings.folder.is_none()).then_some(Format::Ndjson);
    settings.output_format = arguments.output_format.or(several);
    let processors = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    settings.jobs = arguments.jobs.unwrap_or_else(processors);
    settings
}

/// Checks that a folder for the output is none that is read, and gets nothing but documents.
fn check_folder(
    arguments: &ConvertArguments,
    settings: &Settings,
    named: &[PathBuf],
) -> Result<(), RunError> {
    let Some(folder) = &settings.folder else {
        return Ok(());
    };
    if settings.output_format == Some(Format::Ndjson) {
        return Err(RunError::NdjsonInFolder(folder.clone()));
    }
    let Some(real) = real_path(folder) else {
        return Ok(());
    };
    let inputs = named.iter().filter(|path| path.is_dir());
    for input in inputs {
        if fs::canonicalize(input).is_ok_and(|path| path == real) {
            return Err(same_file("an input", "--output", &real));
        }
    }
    let reports = [
        ("--losses", &arguments.losses),
        ("--quarantine", &arguments.quarantine),
    ];
    for (role, report) in reports {
        let Some(path) = report else {
            continue;
        };
        if real_path(path).is_some_and(|path| path == real) {
            return Err(same_file("--output", role, &real));
        }
        if real_path(folder_of(path)).is_some_and(|path| path == real) {
            let path = path.clone();
            return Err(RunError::ReportInFolder { role, path });
        }
    }
    Ok(())
}

/// Checks that no report overwrites an input or another output. The output itself may replace an
/// input, which is read to its end by then, if all of it could be converted.
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
    for (index, (first, path)) in known.iter().enumerate() {
        if let Some((second, _)) = known[..index].iter().find(|(_, other)| other == path) {
            return Err(same_file(second, first, path));
        }
    }
    known.retain(|(role, _)| *role != "--output");
    // There may be many inputs, but rarely a report.
    let inputs = files
        .iter()
        .filter(|path| !known.is_empty() && !is_stdin(path));
    for input in inputs.filter_map(|path| place(path)) {
        if let Some((role, path)) = known.iter().find(|(_, path)| *path == input) {
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
    let other = fs::metadata(path).is_ok_and(|found| !found.is_file());
    real_path(path).filter(|_| !other)
}

/// The one path of a file or folder, whether it exists or not; none without a folder around it.
fn real_path(path: &Path) -> Option<PathBuf> {
    if let Ok(real) = fs::canonicalize(path) {
        return Some(real);
    }
    Some(
        fs::canonicalize(folder_of(path))
            .ok()?
            .join(path.file_name()?),
    )
}

/// The folder in which a file stands.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
