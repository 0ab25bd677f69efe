//! The command `detect`.

use std::io::{self, Write};
use std::path::Path;

use imaging_study::core::{Json, ReadError};
use imaging_study::json::Decoder;
use imaging_study::{
    Detection, Evidence, Limits, Undecided, detect_json, detect_xml, detect_xml_bundle,
};

use crate::arguments::DetectArguments;
use crate::batch::{Batch, BatchReader, Kind};
use crate::bundle;
use crate::error::{MigrateError, RunError};
use crate::files::files;
use crate::format::Syntax;
use crate::input::Input;

/// How much is read at once, in bytes.
const BATCH_SIZE: usize = 1 << 20;

/// Prints the version of every study in the files; tells whether one has none.
pub(crate) fn detect(arguments: &DetectArguments) -> Result<bool, RunError> {
    let files = files(&arguments.files)?;
    let mut report = Report {
        output: io::stdout().lock(),
        undecided: false,
    };
    for path in &files {
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
                    let place = format!("{}:{number}", batch.source);
                    self.document(line, Syntax::Json, &place, &mut text)?;
                }
            }
            Kind::Document(syntax) => {
                let place = format!("{}:1", batch.source);
                self.document(&batch.bytes, syntax, &place, &mut text)?;
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
    fn document(
        &mut self,
        bytes: &[u8],
        syntax: Syntax,
        place: &str,
        text: &mut Vec<u8>,
    ) -> io::Result<()> {
        let detection = match syntax {
            Syntax::Json => detect_json(bytes),
            Syntax::Xml => detect_xml(bytes),
        };
        match detection {
            Ok(detection) => match detection.version() {
                Err(Undecided::NotAStudy) => self.other(bytes, syntax, place, text),
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

    fn unreadable(&mut self, error: &ReadError, place: &str, text: &mut Vec<u8>) -> io::Result<()> {
        self.undecided = true;
        let position = error.position();
        writeln!(
            text,
            "{place}\tunreadable\t{} at {position}",
            error.message()
        )
    }

    fn other(
        &mut self,
        bytes: &[u8],
        syntax: Syntax,
        place: &str,
        text: &mut Vec<u8>,
    ) -> io::Result<()> {
        let studies = match syntax {
            Syntax::Json => studies_in_json(bytes),
            Syntax::Xml => detect_xml_bundle(bytes).map(|studies| {
                let studies = studies.into_iter();
                studies.map(|(entry, found)| (entry, Ok(found))).collect()
            }),
        };
        let studies: Studies = match studies {
            Ok(studies) => studies,
            Err(error) => return self.unreadable(&error, place, text),
        };
        if studies.is_empty() {
            return writeln!(text, "{place}\tother\tno ImagingStudy");
        }
        for (entry, detection) in studies {
            let entry = format!("Bundle.entry[{entry}].resource: ");
            match detection {
                Ok(detection) => self.study(&detection, place, &entry, text)?,
                Err(error) => self.unreadable(&error, place, text)?,
            }
        }
        Ok(())
    }
}

/// The studies in the entries of a Bundle, and what was found out about them.
type Studies = Vec<(usize, Result<Detection, ReadError>)>;

fn studies_in_json(bytes: &[u8]) -> Result<Studies, ReadError> {
    let tree = Decoder::default().decode_json(bytes)?;
    if tree.get("resourceType").and_then(Json::as_str) != Some("Bundle") {
        return Ok(Vec::new());
    }
    let studies = bundle::resources(bytes, &tree).into_iter();
    let studies = studies.filter(|found| found.resource_type == "ImagingStudy");
    Ok(studies
        .map(|found| (found.entry, detect_json(&bytes[found.span])))
        .collect())
}
