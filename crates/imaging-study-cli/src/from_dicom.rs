//! The command `from-dicom`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use imaging_study::{AnyImagingStudy, FhirVersion};
use imaging_study_from_dicom::{FileError, Options, Place as NotePlace, Studies};
use smol_str::SmolStr;

use crate::arguments::FromDicomArguments;
use crate::dicom_failure::DicomFailure;
use crate::dicom_input::{self, Kind};
use crate::dicom_notes::{self, About};
use crate::dicom_study;
use crate::dicom_summary::{DicomSummary, Merged};
use crate::error::{MigrateError, RunError};
use crate::folder::Folder;
use crate::format::Format;
use crate::outcome::{Failure, Place};
use crate::output::Output;
use crate::paths::{check_distinct, check_folder, check_replaces_none};
use crate::progress::Progress;
use crate::walk::walk;

/// Builds the studies of the files; tells whether the user wants to hear of a failure.
pub(crate) fn from_dicom(arguments: &FromDicomArguments) -> Result<bool, RunError> {
    let stdin = [PathBuf::from("-")];
    let named = if arguments.paths.is_empty() {
        &stdin[..]
    } else {
        &arguments.paths
    };
    let output = arguments.output.as_deref();
    let folder = output.filter(|path| Folder::is_named(path));
    let reports = [
        ("--quarantine", arguments.quarantine.as_deref()),
        ("--notes", arguments.notes.as_deref()),
    ];
    if let Some(folder) = folder {
        check_folder(folder, arguments.output_format, &reports, named)?;
    }
    let found = walk(named)?;
    check_distinct(output, &reports, &found.files)?;
    check_replaces_none("--output", output, &found.files)?;
    let merge = arguments.merge.as_deref();
    check_distinct(None, &reports, arguments.merge.as_slice())?;
    let base = merge
        .map(|path| dicom_study::read(path, arguments.to))
        .transpose()?;
    let format = match (arguments.output_format, &base, folder) {
        (Some(format), _, _) => format,
        (None, Some((_, Format::Ndjson)), Some(_)) | (None, None, Some(_)) => Format::Json,
        (None, Some((_, format)), _) => *format,
        (None, None, None) => Format::Ndjson,
    };

    let mut progress = Progress::start(&found.files, output.is_none());
    let counted = progress.clone();
    let mut whole = match output {
        Some(path) if folder.is_none() => Output::create(path)?,
        _ => Output::Stdout,
    };
    let mut quarantine = create(arguments.quarantine.as_deref())?;
    let mut notes = create(arguments.notes.as_deref())?;
    let documents = folder.map(Folder::create).transpose()?;
    let mut run = Run {
        quarantine: match &mut quarantine {
            Some(file) => file,
            None => &mut progress,
        },
        notes: notes.as_mut().map(|file| file as &mut dyn Write),
        summary: DicomSummary::default(),
    };
    let mut studies = Studies::default();
    let sources = run.read(&mut studies, found, &counted);
    counted.end();
    let sources = sources?;
    run.input_notes(&studies, &sources)?;
    let mut writer = Writer {
        output: &mut whole,
        folder: documents,
        format,
        documents: 0,
    };
    let wanted = (arguments.to, &arguments.options());
    let written = match (base, merge) {
        (Some((base, _)), Some(path)) => run.merge(studies, base, path, wanted, &mut writer),
        _ => run.build(studies, wanted, &mut writer),
    };
    let documents = writer.documents;
    written.map_err(|error| match writer.folder {
        Some(folder) => folder.unfinished(error),
        None => error,
    })?;
    run.quarantine.flush().map_err(MigrateError::Quarantine)?;
    let summary = run.summary;

    // The reports first: where there is an output, they are there too.
    for file in [notes, quarantine].into_iter().flatten() {
        file.commit()?;
    }
    // Who has closed stderr does not want to read it.
    let _ = writeln!(io::stderr(), "{summary}");
    let quarantined = summary.quarantined();
    if let (Some(path), None) = (output, folder)
        && quarantined > 0
        && documents == 0
    {
        return Err(RunError::NotReplaced {
            path: path.to_owned(),
            quarantined,
        });
    }
    whole.commit()?;
    Ok(arguments.fail_on_quarantine && quarantined > 0)
}

fn create(path: Option<&Path>) -> Result<Option<Output>, RunError> {
    Ok(path.map(Output::create).transpose()?)
}

/// Where the data sets come from: the name of each file that has any, and the index of the first.
type Sources = Vec<(u64, String)>;

struct Run<'a> {
    quarantine: &'a mut dyn Write,
    notes: Option<&'a mut dyn Write>,
    summary: DicomSummary,
}

impl Run<'_> {
    /// Reads everything that was found.
    fn read(
        &mut self,
        studies: &mut Studies,
        found: crate::walk::Found,
        progress: &Progress,
    ) -> Result<Sources, MigrateError> {
        let mut sources = Sources::new();
        for (path, error) in found.unreadable {
            self.summary.files += 1;
            self.summary.quarantined_files += 1;
            self.report(
                &DicomFailure::from(FileError::Io(error)).into(),
                &path.display().to_string(),
            )?;
        }
        for path in found.special {
            self.summary.files += 1;
            self.summary.others += 1;
            self.passed_over(&path, "neither a file nor a folder")?;
        }
        for path in found.files {
            let first = studies.data_sets();
            self.file(studies, &path, progress)?;
            if studies.data_sets() > first {
                sources.push((first, path.display().to_string()));
            }
        }
        Ok(sources)
    }

    fn file(
        &mut self,
        studies: &mut Studies,
        path: &Path,
        progress: &Progress,
    ) -> Result<(), MigrateError> {
        self.summary.files += 1;
        let rejected = studies.rejected();
        let added = dicom_input::add(studies, path, progress);
        let left_out = studies.rejected() - rejected;
        self.summary.left_out += left_out;
        let source = || path.display().to_string();
        if left_out > 0 {
            self.report(&DicomFailure::DataSets(left_out).into(), &source())?;
        }
        match added {
            Err(failure) => {
                self.summary.quarantined_files += 1;
                self.report(&failure.into(), &source())
            }
            Ok(_) if left_out > 0 => {
                self.summary.quarantined_files += 1;
                Ok(())
            }
            Ok(Kind::Dicom | Kind::Json) => {
                self.summary.read += 1;
                Ok(())
            }
            Ok(Kind::DicomDir) => {
                self.summary.dicomdirs += 1;
                self.passed_over(path, "a DICOMDIR lists files, which are read themselves")
            }
            Ok(Kind::Other) => {
                self.summary.others += 1;
                self.passed_over(path, "neither DICOM nor DICOM JSON")
            }
        }
    }

    #[cold]
    fn report(&mut self, failure: &Failure, source: &str) -> Result<(), MigrateError> {
        let place = Place {
            source,
            line: 0,
            column: 0,
            entry: None,
        };
        let mut text = Vec::new();
        failure.report(&place, &mut text);
        let written = self.quarantine.write_all(&text);
        written.map_err(MigrateError::Quarantine)
    }

    fn passed_over(&mut self, path: &Path, why: &str) -> Result<(), MigrateError> {
        self.note(|out| dicom_notes::passed_over(&path.display().to_string(), why, out))
    }

    /// Writes a note, if somebody wants to read it.
    fn note(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), MigrateError> {
        let Some(notes) = &mut self.notes else {
            return Ok(());
        };
        let mut text = Vec::new();
        write(&mut text);
        notes.write_all(&text).map_err(MigrateError::Notes)
    }

    /// What was wrong within data sets.
    fn input_notes(&mut self, studies: &Studies, sources: &Sources) -> Result<(), MigrateError> {
        for note in studies.notes() {
            self.summary.count(&note);
            let NotePlace::Input { index } = note.place else {
                continue;
            };
            let before = sources.partition_point(|(first, _)| *first <= index);
            let source = before.checked_sub(1).and_then(|last| sources.get(last));
            let (first, source) = source.map_or((0, "-"), |(first, name)| (*first, name.as_str()));
            let number = index - first + 1;
            let about = About::DataSet { source, number };
            self.note(|out| dicom_notes::note(&note, about, out))?;
        }
        Ok(())
    }

    /// Writes every study, and frees its memory.
    fn build(
        &mut self,
        mut studies: Studies,
        (version, options): (FhirVersion, &Options),
        writer: &mut Writer<'_>,
    ) -> Result<(), MigrateError> {
        let uids: Vec<SmolStr> = studies.iter().map(|study| study.uid().into()).collect();
        if !writer.takes(uids.len()) {
            return Err(MigrateError::SeveralDocuments);
        }
        for uid in uids {
            let Some(study) = studies.remove(&uid) else {
                continue;
            };
            let (built, notes) = dicom_study::build(&study, version, options);
            let number = writer.documents + 1;
            for note in &notes {
                self.summary.count(note);
                let about = About::Study { number };
                self.note(|out| dicom_notes::note(note, about, out))?;
            }
            if self.write(&built, "the studies that were built", writer)? {
                self.summary.studies += 1;
                self.summary.series += study.number_of_series() as u64;
                self.summary.instances += study.number_of_instances() as u64;
            }
        }
        writer.output.flush().map_err(MigrateError::Output)
    }

    /// Merges what is known into a study, and writes that.
    fn merge(
        &mut self,
        studies: Studies,
        mut into: AnyImagingStudy,
        path: &Path,
        (_, options): (FhirVersion, &Options),
        writer: &mut Writer<'_>,
    ) -> Result<(), MigrateError> {
        let source = path.display().to_string();
        let about = About::Study { number: 1 };
        let mut merged = Merged::default();
        for study in studies.iter() {
            let changes = match dicom_study::merge(study, &mut into, options) {
                Ok(changes) => changes,
                Err(error) => {
                    self.summary.quarantined_studies += 1;
                    self.report(&DicomFailure::from(error).into(), &source)?;
                    continue;
                }
            };
            merged.add(&changes);
            for note in &changes.notes {
                self.summary.count(note);
                self.note(|out| dicom_notes::note(note, about, out))?;
            }
            for element in &changes.conflicts {
                self.note(|out| dicom_notes::kept(element, about, out))?;
            }
            self.summary.studies += 1;
            self.summary.series += study.number_of_series() as u64;
            self.summary.instances += study.number_of_instances() as u64;
        }
        self.summary.merged = Some(merged);
        self.write(&into, &source, writer)?;
        writer.output.flush().map_err(MigrateError::Output)
    }

    /// Writes a study; whether it could be.
    fn write(
        &mut self,
        study: &AnyImagingStudy,
        source: &str,
        writer: &mut Writer<'_>,
    ) -> Result<bool, MigrateError> {
        match dicom_study::text(study, writer.format) {
            Ok(text) => {
                writer.put(&text, study.id())?;
                Ok(true)
            }
            Err(error) => {
                self.summary.quarantined_studies += 1;
                self.report(&Failure::from(error), source)?;
                Ok(false)
            }
        }
    }
}

/// Writes documents to a file, or each to its own file in a folder.
struct Writer<'a> {
    output: &'a mut Output,
    folder: Option<Folder>,
    format: Format,
    /// How many there are by now.
    documents: u64,
}

impl Writer<'_> {
    /// Whether so many documents have a place.
    fn takes(&self, documents: usize) -> bool {
        documents < 2 || self.folder.is_some() || !self.format.is_one_document()
    }

    fn put(&mut self, text: &str, id: Option<&str>) -> Result<(), MigrateError> {
        match &mut self.folder {
            Some(folder) => folder.put(text.as_bytes(), id, self.format.syntax())?,
            None => self
                .output
                .write_all(text.as_bytes())
                .map_err(MigrateError::Output)?,
        }
        self.documents += 1;
        Ok(())
    }
}
