//! The command `detect`.

use std::io::{self, Write};
use std::path::Path;

use imaging_study::core::Json;
use imaging_study::json::Decoder;
use imaging_study::{Detection, Evidence, Limits, Undecided};

use crate::arguments::DetectArguments;
use crate::batch::{Batch, BatchReader, Kind};
use crate::bundle;
use crate::convert::check_inputs;
use crate::error::{MigrateError, RunError};
use crate::input::Input;

/// How much is read at once, in bytes.
const BATCH_SIZE: usize = 1 << 20;

/// Prints the version of every study in the files; tells whether one has none.
pub(crate) fn detect(arguments: &DetectArguments) -> Result<bool, RunError> {
    check_inputs(&arguments.files)?;
    let mut report = Report {
        output: io::stdout().lock(),
        undecided: false,
    };
    for path in &arguments.files {
        report.file(path)?;
    }
    Ok(report.undecided)
}

struct Report<W> {
    output: W,
    undecided: bool,
}

impl<W: Write> Report<W> {
    fn file(&mut self, path: &Path) -> Result<(), MigrateError> {
        let input = Input::from_argument(path);
        let name = input.name().to_owned();
        let failed = |error| MigrateError::Input {
            name: name.clone(),
            error,
        };
        let reader = input.open().map_err(failed)?;
        let limit = Limits::default().bytes;
        let mut reader = BatchReader::new(reader, name.as_str().into(), None, BATCH_SIZE, limit);
        let mut batch = Batch::default();
        while reader.read(&mut batch).map_err(failed)? {
            self.batch(&batch).map_err(MigrateError::Output)?;
        }
        Ok(())
    }

    fn batch(&mut self, batch: &Batch) -> io::Result<()> {
        let mut text = Vec::new();
        match batch.kind {
            Kind::Lines(first) => {
                for (number, line) in batch.lines(first) {
                    self.document(line, &format!("{}:{number}", batch.source), &mut text)?;
                }
            }
            Kind::Document => {
                self.document(&batch.bytes, &format!("{}:1", batch.source), &mut text)?;
            }
            Kind::TooLong(number) => {
                self.undecided = true;
                writeln!(
                    text,
                    "{}:{number}\tunreadable\tthe line is too long",
                    batch.source
                )?;
            }
        }
        self.output.write_all(&text)
    }

    /// Appends a line for a document, or for each study in a Bundle.
    fn document(&mut self, bytes: &[u8], place: &str, text: &mut Vec<u8>) -> io::Result<()> {
        match imaging_study::detect(bytes) {
            Ok(detection) => match detection.version() {
                Err(Undecided::NotAStudy) => self.other(bytes, place, text),
                _ => self.study(&detection, place, "", text),
            },
            Err(error) => self.unreadable(&error, place, text),
        }
    }

    fn study(
        &mut self,
        detection: &Detection,
        place: &str,
        entry: &str,
        text: &mut Vec<u8>,
    ) -> io::Result<()> {
        match detection.version() {
            Ok(version) => {
                let evidence = detection.decisive();
                let evidence: Vec<String> = evidence.iter().map(Evidence::to_string).collect();
                writeln!(text, "{place}\t{version}\t{entry}{}", evidence.join("; "))
            }
            Err(undecided) => {
                self.undecided = true;
                writeln!(text, "{place}\tundecided\t{entry}{undecided}")
            }
        }
    }

    fn unreadable(
        &mut self,
        error: &imaging_study::json::ReadError,
        place: &str,
        text: &mut Vec<u8>,
    ) -> io::Result<()> {
        self.undecided = true;
        let position = error.position();
        writeln!(
            text,
            "{place}\tunreadable\t{} at {position}",
            error.message()
        )
    }

    fn other(&mut self, bytes: &[u8], place: &str, text: &mut Vec<u8>) -> io::Result<()> {
        let tree = match Decoder::default().decode_json(bytes) {
            Ok(tree) => tree,
            Err(error) => return self.unreadable(&error, place, text),
        };
        if tree.get("resourceType").and_then(Json::as_str) != Some("Bundle") {
            return writeln!(text, "{place}\tother\tno ImagingStudy");
        }
        for found in bundle::resources(bytes, &tree) {
            let entry = format!("Bundle.entry[{}].resource: ", found.entry);
            if found.resource_type != "ImagingStudy" {
                continue;
            }
            match imaging_study::detect(&bytes[found.span]) {
                Ok(detection) => self.study(&detection, place, &entry, text)?,
                Err(error) => self.unreadable(&error, place, text)?,
            }
        }
        Ok(())
    }
}
