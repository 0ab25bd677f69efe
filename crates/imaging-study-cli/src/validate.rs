//! The command `validate`.

use std::fmt;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::thread;

use imaging_study::FhirVersion;
use imaging_study::validate::{Severity, Validator};
use imaging_study_migrate::{Found, IssueFormat, Outputs, Settings, Summary, Validation, migrate};

use crate::arguments::{OutcomeFormat, SourceVersion, ValidateArguments};
use crate::error::{MigrateError, RunError};
use crate::files::files;
use crate::format::Format;
use crate::input::Input;

/// Checks the files; tells whether there are errors.
pub(crate) fn validate(arguments: &ValidateArguments) -> Result<bool, RunError> {
    let files = files(&arguments.files)?;
    let settings = settings(arguments);
    let mut output = Lines {
        output: io::BufWriter::new(io::stdout().lock()),
        array: arguments.format == OutcomeFormat::Json,
        begun: false,
        line_ended: false,
    };
    let summary = migrate(
        files.iter().map(|path| Input::from_argument(path)),
        &settings,
        &mut Outputs::new(&mut output, &mut io::sink()),
    )?;
    let text = Counts(&summary);
    let written = output.finish().and_then(|()| match arguments.format {
        OutcomeFormat::Text => writeln!(output.output, "{text}"),
        OutcomeFormat::Json | OutcomeFormat::Ndjson => {
            // Who has closed stderr does not want to read it.
            let _ = writeln!(io::stderr(), "{text}");
            Ok(())
        }
    });
    written
        .and_then(|()| output.output.flush())
        .map_err(MigrateError::Output)?;
    Ok(summary.issues_of(Severity::Error) > 0)
}

fn settings(arguments: &ValidateArguments) -> Settings {
    let mut validator = Validator::default();
    validator.extensible = arguments.extensible;
    validator.later_rules = arguments.also.is_some();
    validator.profiles.clone_from(&arguments.profile);
    let mut settings = Settings::new(FhirVersion::R4);
    settings.from = match arguments.version {
        SourceVersion::Auto => None,
        SourceVersion::Is(version) => Some(version),
    };
    // Issues are written in lines, whatever the input is.
    settings.output_format = Some(Format::Ndjson);
    let processors = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    settings.jobs = arguments.jobs.unwrap_or_else(processors);
    settings.validation = Some(Validation {
        validator,
        format: match arguments.format {
            OutcomeFormat::Text => IssueFormat::Text,
            OutcomeFormat::Json | OutcomeFormat::Ndjson => IssueFormat::Outcome,
        },
        level: arguments.level.into(),
    });
    settings
}

/// Lines as they are, or as the entries of an array.
struct Lines<W> {
    output: W,
    array: bool,
    begun: bool,
    /// Whether an entry was written whole, so that a comma stands before the next one.
    line_ended: bool,
}

impl<W: Write> Lines<W> {
    fn finish(&mut self) -> io::Result<()> {
        match (self.array, self.begun) {
            (false, _) => Ok(()),
            (true, false) => self.output.write_all(b"[]\n"),
            (true, true) => self.output.write_all(b"\n]\n"),
        }
    }
}

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.array {
            return self.output.write(bytes);
        }
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (content, ended) = match line.strip_suffix(b"\n") {
                Some(content) => (content, true),
                None => (line, false),
            };
            if !self.begun {
                self.output.write_all(b"[\n")?;
                self.begun = true;
            } else if self.line_ended {
                self.output.write_all(b",\n")?;
            }
            self.output.write_all(content)?;
            self.line_ended = ended;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// What was checked and found, by severity and rule.
struct Counts<'s>(&'s Summary);

impl fmt::Display for Counts<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = self.0;
        write!(
            formatter,
            "read {}, studies {}, other resources {}",
            summary.read, summary.converted, summary.passed
        )?;
        for (name, severity) in [
            ("errors", Severity::Error),
            ("warnings", Severity::Warning),
            ("information", Severity::Information),
        ] {
            let found = Found { summary, severity };
            write!(formatter, "\n{name} {found}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pieces: &[&str], array: bool) -> String {
        let mut lines = Lines {
            output: Vec::new(),
            array,
            begun: false,
            line_ended: false,
        };
        for piece in pieces {
            lines.write_all(piece.as_bytes()).expect("memory");
        }
        lines.finish().expect("memory");
        String::from_utf8(lines.output).expect("text")
    }

    #[test]
    fn lines_become_an_array_wherever_they_are_cut() {
        assert_eq!(written(&[], true), "[]\n");
        assert_eq!(written(&["1\n"], true), "[\n1\n]\n");
        for pieces in [
            &["12\n34\n"][..],
            &["1", "2\n3", "4\n"],
            &["12", "\n", "34", "\n"],
        ] {
            assert_eq!(written(pieces, true), "[\n12,\n34\n]\n");
            assert_eq!(written(pieces, false), "12\n34\n");
        }
    }
}
