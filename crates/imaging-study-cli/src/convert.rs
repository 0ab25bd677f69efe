//! The command `convert`.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
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
use crate::paths::{check_distinct, check_folder, place};
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
    let reports = [
        ("--losses", arguments.losses.as_deref()),
        ("--quarantine", arguments.quarantine.as_deref()),
    ];
    if let Some(folder) = &settings.folder {
        check_folder(folder, settings.output_format, &reports, named)?;
    }
    let files = files(named)?;
    check_distinct(arguments.output.as_deref(), &reports, &files)?;

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
    Ok((summary.quarantined > 0
        && (arguments.fail_on_quarantine || summary.converted + summary.passed == 0))
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
