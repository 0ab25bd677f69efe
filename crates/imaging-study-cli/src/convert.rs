//! The command `convert`.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;

use imaging_study::convert::{Carry, Options};
use imaging_study::validate::{Severity, Validator};
use imaging_study_migrate::{Found, IssueFormat, Outputs, Settings, Summary, Validation, migrate};

use crate::arguments::{ConvertArguments, SourceVersion};
use crate::error::RunError;
use crate::files::files;
use crate::folder::Folder;
use crate::format::Format;
use crate::input::{Input, is_stdin};
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
    let places = Places {
        named,
        output: arguments.output.as_deref(),
        quarantine: arguments.quarantine.as_deref(),
        issues: arguments.report.as_deref(),
        records: ("--losses", arguments.losses.as_deref()),
    };
    let settings = settings(arguments, named);
    let summary = places.run(&settings, |summary| match arguments.validate {
        true => {
            let severity = Severity::Error;
            format!("{summary}\nerrors {}", Found { summary, severity })
        }
        false => summary.to_string(),
    })?;
    Ok((summary.quarantined > 0
        && (arguments.fail_on_quarantine || summary.converted + summary.passed == 0))
        || (arguments.fail_on_loss && summary.lost() > 0))
}

/// Where a run reads and writes.
pub(crate) struct Places<'a> {
    pub(crate) named: &'a [PathBuf],
    pub(crate) output: Option<&'a Path>,
    pub(crate) quarantine: Option<&'a Path>,
    /// The file of what is wrong with converted studies.
    pub(crate) issues: Option<&'a Path>,
    /// The file of losses, or of what was repaired, with the name of its option.
    pub(crate) records: (&'static str, Option<&'a Path>),
}

impl Places<'_> {
    /// Runs the engine; the summary is shown as `show` writes it. What is to be replaced is replaced if
    /// all went well.
    pub(crate) fn run(
        &self,
        settings: &Settings,
        show: impl Fn(&Summary) -> String,
    ) -> Result<Summary, RunError> {
        let reports = [
            self.records,
            ("--quarantine", self.quarantine),
            ("--report", self.issues),
        ];
        if let Some(folder) = &settings.folder {
            check_folder(folder, settings.output_format, &reports, self.named)?;
        }
        let files = files(self.named)?;
        check_distinct(self.output, &reports, &files)?;

        let mut progress = Progress::start(&files, self.output.is_none());
        let counted = progress.clone();
        let mut output = match self.output {
            Some(path) if settings.folder.is_none() => Output::create(path)?,
            _ => Output::Stdout,
        };
        let mut quarantine = self.quarantine.map(Output::create).transpose()?;
        let mut records = self.records.1.map(Output::create).transpose()?;
        let mut issues = self.issues.map(Output::create).transpose()?;
        let mut on_stderr = progress.clone();
        let result = migrate(
            files.iter().map(|path| Input::from_argument(path)),
            settings,
            &mut Outputs {
                output: &mut output,
                quarantine: match &mut quarantine {
                    Some(file) => file,
                    None => &mut progress,
                },
                losses: records.as_mut().map(|file| file as &mut dyn Write),
                issues: match &mut issues {
                    Some(file) => Some(file),
                    None => Some(&mut on_stderr),
                },
                progress: &mut |bytes| counted.advance(bytes),
            },
        );
        counted.end();
        let summary = result?;
        // The reports first: where there is an output, they are there too.
        for file in [records, quarantine, issues].into_iter().flatten() {
            file.commit()?;
        }
        // Who has closed stderr does not want to read it.
        let _ = writeln!(io::stderr(), "{}", show(&summary));
        if let (Some(path), None) = (self.output, &settings.folder) {
            let nothing = summary.converted + summary.passed == 0;
            // What was not converted stands nowhere else than in the input.
            let replaces = || {
                let inputs = files.iter().filter(|path| !is_stdin(path));
                let mut inputs = inputs.filter_map(|path| place(path));
                place(path).is_some_and(|path| inputs.any(|input| input == path))
            };
            if summary.quarantined > 0 && (nothing || replaces()) {
                return Err(RunError::NotReplaced {
                    path: path.to_owned(),
                    quarantined: summary.quarantined,
                });
            }
        }
        output.commit()?;
        Ok(summary)
    }
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
        episode_of_care: arguments.episode_of_care.into(),
        carry: if arguments.no_extensions {
            Carry::Nothing
        } else {
            Carry::Extension
        },
        strict: arguments.strict,
    };
    settings.input_format = arguments.input_format.given();
    let several = write_to(&mut settings, arguments.output.as_ref(), named);
    settings.output_format = arguments.output_format.or(several);
    let processors = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    settings.jobs = arguments.jobs.unwrap_or_else(processors);
    settings.checks = arguments.validate.then(|| Validation {
        validator: Validator::default(),
        format: IssueFormat::Outcome,
        level: Severity::Error,
    });
    settings
}

/// Writes to a file or folder; the format of the output if the inputs alone do not decide it.
pub(crate) fn write_to(
    settings: &mut Settings,
    output: Option<&PathBuf>,
    named: &[PathBuf],
) -> Option<Format> {
    settings.folder = output.filter(|path| Folder::is_named(path)).cloned();
    let several = named.len() > 1 || named.iter().any(|path| path.is_dir());
    (several && settings.folder.is_none()).then_some(Format::Ndjson)
}
