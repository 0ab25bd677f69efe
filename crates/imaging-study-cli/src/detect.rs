//! The command `detect`.

use std::io::{self, Write};

use imaging_study::{Evidence, FhirVersion};
use imaging_study_migrate::Settings;

use crate::arguments::DetectArguments;
use crate::error::{MigrateError, RunError};
use crate::files::files;
use crate::finding::{Finding, Verdict};
use crate::input::Input;
use crate::shown::shown;

/// Prints the version of every study in the files; tells whether one has none.
pub(crate) fn detect(arguments: &DetectArguments) -> Result<bool, RunError> {
    let files = files(&arguments.files)?;
    // What is found is what a conversion without --from would find: its engine looks.
    let settings = Settings::new(FhirVersion::R4);
    let mut report = Report {
        output: io::stdout().lock(),
        failed: false,
    };
    for path in &files {
        let input = Input::from_argument(path);
        let shown = shown(input.name());
        imaging_study_migrate::detect(input, &settings, |findings| {
            let printed = report.lines(&shown, findings);
            printed.map_err(MigrateError::Output)
        })?;
    }
    Ok(report.failed)
}

struct Report<W> {
    output: W,
    /// Whether something has no version or cannot be read.
    failed: bool,
}

impl<W: Write> Report<W> {
    /// Prints a line for each resource.
    fn lines(&mut self, source: &str, findings: &[Finding]) -> io::Result<()> {
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
