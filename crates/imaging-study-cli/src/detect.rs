//! The command `detect`.

use std::io::{self, Write};
use std::path::Path;

use imaging_study::{Evidence, FhirVersion};

use crate::arguments::DetectArguments;
use crate::batch::BatchReader;
use crate::error::{MigrateError, RunError};
use crate::files::files;
use crate::finding::{Finding, Verdict};
use crate::format::Format;
use crate::input::Input;
use crate::migrate::Settings;
use crate::shown::shown;
use crate::work::{Done, Work};
use crate::worker::Worker;

/// Prints the version of every study in the files; tells whether one has none.
pub(crate) fn detect(arguments: &DetectArguments) -> Result<bool, RunError> {
    let files = files(&arguments.files)?;
    // What is found is what a conversion without --from would find: its engine looks.
    let settings = Settings::new(FhirVersion::R4);
    let mut report = Report {
        output: io::stdout().lock(),
        worker: Worker::new(&settings, false),
        settings: &settings,
        failed: false,
    };
    report.worker.looks_only = true;
    for path in &files {
        report.file(path)?;
    }
    Ok(report.failed)
}

struct Report<'s, W> {
    output: W,
    worker: Worker<'s>,
    settings: &'s Settings,
    /// Whether something has no version or cannot be read.
    failed: bool,
}

impl<W: Write> Report<'_, W> {
    fn file(&mut self, path: &Path) -> Result<(), MigrateError> {
        let input = Input::from_argument(path);
        let name = input.name().to_owned();
        let empty = input.format_of_nothing();
        let failed = |error| MigrateError::Input {
            name: name.clone(),
            error,
        };
        let reader = input.open().map_err(failed)?;
        let (target, limit) = (self.settings.batch_size, self.settings.limits.bytes);
        let source = name.as_str().into();
        let mut reader = BatchReader::new(reader, source, None, empty, target, limit);
        let mut work = Work {
            result: Done {
                findings: Some(Vec::new()),
                ..Done::default()
            },
            ..Work::default()
        };
        let shown = shown(&name);
        while reader.read(&mut work.batch).map_err(failed)? {
            work.format = reader.format().unwrap_or(Format::Ndjson);
            self.worker.process(&mut work);
            let findings = work.result.findings.iter().flatten();
            self.lines(&shown, findings).map_err(MigrateError::Output)?;
            work.release();
        }
        Ok(())
    }

    /// Prints a line for each resource.
    fn lines<'f>(
        &mut self,
        source: &str,
        findings: impl Iterator<Item = &'f Finding>,
    ) -> io::Result<()> {
        let mut text = Vec::new();
        for Finding {
            line,
            path,
            verdict,
        } in findings
        {
            let (word, reason) = match verdict {
                Verdict::Study(version, evidence) => {
                    let mut reasons: Vec<String> =
                        evidence.iter().map(Evidence::to_string).collect();
                    let draft = FhirVersion::R6Draft;
                    let fits_draft = evidence.iter().all(|found| found.versions.contains(&draft));
                    if *version == FhirVersion::R6 && fits_draft {
                        reasons.push(format!("{draft} fits too"));
                    }
                    (version.name(), reasons.join("; "))
                }
                Verdict::Undecided(reason) => ("undecided", reason.clone()),
                Verdict::Unreadable(reason) => ("unreadable", reason.clone()),
                Verdict::Other => ("other", "no ImagingStudy".to_owned()),
                Verdict::Left => {
                    let reason = "an ImagingStudy inside another resource, which is not converted";
                    ("other", reason.to_owned())
                }
            };
            self.failed |= matches!(verdict, Verdict::Undecided(_) | Verdict::Unreadable(_));
            let path = path
                .as_ref()
                .map_or(String::new(), |path| shown(path) + ": ");
            // Names of elements come from the input.
            let reason = shown(&reason);
            writeln!(text, "{source}:{line}\t{word}\t{path}{reason}")?;
        }
        self.output.write_all(&text)
    }
}
