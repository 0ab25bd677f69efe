//! The command `convert`.

use std::io::{self, IsTerminal as _, Write as _};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use imaging_study::convert::{Carry, Options};
use imaging_study::validate::{Severity, Validator};
use imaging_study_migrate::{
    Found, IssueFormat, MigrateError, Migration, Settings, Summary, Validation, Watch,
};

use crate::arguments::{ConvertArguments, SourceVersion};
use crate::error::RunError;
use crate::files::files;
use crate::folder::Folder;
use crate::format::Format;
use crate::input::is_stdin;
use crate::paths::{check_distinct, check_folder, place};
use crate::progress::{Progress, Wall};

/// Converts the files; tells whether the user wants to hear of a failure.
pub(crate) fn convert(arguments: &ConvertArguments) -> Result<bool, RunError> {
    let stdin = [PathBuf::from("-")];
    let named = if arguments.files.is_empty() {
        &stdin[..]
    } else {
        &arguments.files
    };
    let mut migration = Migration::new(settings(arguments, named));
    migration.output.clone_from(&arguments.output);
    migration.quarantine.clone_from(&arguments.quarantine);
    migration.issues.clone_from(&arguments.report);
    migration.losses.clone_from(&arguments.losses);
    migration.rejects.clone_from(&arguments.rejects);
    migration.summary.clone_from(&arguments.summary);
    migration.source.clone_from(&arguments.source);
    migration.compression = arguments.compress;
    migration.resume = arguments.resume;
    migration.checkpoint = arguments.checkpoint;
    let places = Places {
        named,
        records: "--losses",
        quiet: arguments.quiet,
        migration,
    };
    let summary = places.run(|summary| match arguments.validate {
        true => {
            let severity = Severity::Error;
            format!("{summary}\nerrors {}", Found { summary, severity })
        }
        false => summary.to_string(),
    })?;
    let nothing = summary.converted + summary.passed == 0;
    let failed = summary.quarantined > 0;
    // A document of one line is like a line, but for its name, or what it was to become.
    let is_document = summary.documents > 0
        || (summary.read == 1 && is_named_document(named))
        || matches!(arguments.output_format, Some(Format::Json | Format::Xml));
    // Files of lines of which not one is good are the wrong files. A pipe may have had bad lines alone.
    let is_wrong = summary.read > 1
        && !arguments.envelope
        && !arguments.resume
        && !named.iter().any(|path| is_stdin(path));
    Ok(
        (failed && (arguments.fail_on_quarantine || (nothing && (is_document || is_wrong))))
            || (arguments.fail_on_loss && summary.lost() > 0),
    )
}

/// Whether the input is one file whose name says that it is a document.
fn is_named_document(named: &[PathBuf]) -> bool {
    let [path] = named else {
        return false;
    };
    let ending = path.extension();
    path.is_file() && ending.is_some_and(|ending| ending == "json" || ending == "xml")
}

/// Where a run reads and writes.
pub(crate) struct Places<'a> {
    pub(crate) named: &'a [PathBuf],
    /// The option of the file of losses, or of what was repaired.
    pub(crate) records: &'static str,
    /// Whether stderr is for errors alone that end the run.
    pub(crate) quiet: bool,
    pub(crate) migration: Migration,
}

impl Places<'_> {
    /// Runs the engine; the summary is shown as `show` writes it. What is to be replaced is replaced if
    /// all went well.
    pub(crate) fn run(mut self, show: impl Fn(&Summary) -> String) -> Result<Summary, RunError> {
        let migration = &mut self.migration;
        let settings = &mut migration.settings;
        let parts = settings.folder.clone();
        let parts = parts.filter(|_| settings.output_format == Some(Format::Ndjson));
        let reports = [
            (self.records, migration.losses.as_deref()),
            ("--quarantine", migration.quarantine.as_deref()),
            ("--report", migration.issues.as_deref()),
            ("--rejects", migration.rejects.as_deref()),
            ("--summary", migration.summary.as_deref()),
        ];
        if let Some(folder) = &settings.folder {
            let format = settings.output_format.filter(|_| parts.is_none());
            check_folder(folder, format, &reports, self.named)?;
        }
        if parts.is_some() {
            migration.inputs = self.named.to_vec();
        } else {
            migration.inputs = files(self.named)?;
            check_distinct(migration.output.as_deref(), &reports, &migration.inputs)?;
        }
        if settings.folder.is_some() && parts.is_none() {
            if migration.resume {
                let needed = "--output-format ndjson, where the output is a folder";
                return Err(MigrateError::NotResumable(needed).into());
            }
            migration.output = None;
        }
        let on_stdout = migration.output.is_none() && settings.folder.is_none();
        let progress = match self.quiet {
            true => Progress::hidden(),
            false => Progress::start(&migration.inputs, on_stdout),
        };
        let for_people = io::stderr().is_terminal() && migration.quarantine.is_none();
        if for_people {
            settings.report_format = IssueFormat::Text;
        }
        let mut wall = Wall::new(progress.clone(), for_people);
        let mut on_stderr = progress.clone();
        let (mut nowhere, mut nowhere_else) = (io::sink(), io::sink());
        let counted = progress.clone();
        let mut watch = Watch {
            reports: match self.quiet {
                true => &mut nowhere,
                false => &mut wall,
            },
            issues: match self.quiet {
                true => &mut nowhere_else,
                false => &mut on_stderr,
            },
            progress: &mut |bytes, summary| counted.advance(bytes, summary),
        };
        let migration = &self.migration;
        if let Some(folder) = parts {
            let result = migration.run_parts(&folder, &mut watch);
            progress.end();
            let done = result?;
            self.say(&wall, &done.summary, || {
                let (converted, skipped) = (done.converted, done.skipped);
                let mut text = format!("parts converted {converted}, there already {skipped}");
                if done.busy > 0 {
                    text.push_str(&format!(", written by other processes {}", done.busy));
                }
                format!("{text}\n{}", show(&done.summary))
            });
            return Ok(done.summary);
        }
        let result = migration.run(&mut watch);
        progress.end();
        let run = result?;
        if run.was_done {
            self.say(&wall, &run.summary, || {
                "the output is there already".to_owned()
            });
            return Ok(run.summary);
        }
        let summary = run.summary.clone();
        let left = self.left(&summary);
        if left.is_some() {
            run.commit_reports()?;
        } else {
            run.commit()?;
        }
        self.say(&wall, &summary, || show(&summary));
        match left {
            Some(error) => Err(error),
            None => Ok(summary),
        }
    }

    /// Why the output is left as it was, if it is.
    fn left(&self, summary: &Summary) -> Option<RunError> {
        let migration = &self.migration;
        let path = migration.output.as_deref()?;
        let nothing = summary.converted + summary.passed == 0 && !migration.settings.envelope;
        // What was not converted stands nowhere else than in the input.
        let replaces = || {
            let inputs = migration.inputs.iter().filter(|path| !is_stdin(path));
            let mut inputs = inputs.filter_map(|path| place(path));
            place(path).is_some_and(|path| inputs.any(|input| input == path))
        };
        let left = summary.quarantined > 0 && (nothing || replaces());
        left.then(|| RunError::NotReplaced {
            path: path.to_owned(),
            quarantined: summary.quarantined,
        })
    }

    fn say(&self, wall: &Wall, summary: &Summary, text: impl FnOnce() -> String) {
        if !self.quiet {
            // Who has closed stderr does not want to read it.
            let _ = writeln!(io::stderr(), "{}{}", wall.rest(summary), text());
        }
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
    settings.envelope = arguments.envelope;
    if arguments.envelope {
        settings.output_format = Some(Format::Ndjson);
    }
    settings.max_rejects = arguments.max_rejects;
    settings.limits.bytes = arguments.max_bytes;
    settings.limits.depth = arguments.max_depth;
    settings.elements = arguments.max_elements;
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
