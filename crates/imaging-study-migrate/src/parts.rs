//! A folder of parts, converted to a folder of parts with the same names.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use imaging_study::core::Json;
use imaging_study::json::{Decoder, json_to_string};

use crate::compressed::{Compression, without_ending};
use crate::error::MigrateError;
use crate::input::is_stdin;
use crate::migration::{Migration, Watch};
use crate::output::{LockedOutput, Output, beside, sync_folder};
use crate::records::{of_number, seconds};
use crate::state::{remove, write_whole};
use crate::summary::Summary;

/// A file of a folder, and the one that it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub input: PathBuf,
    pub output: PathBuf,
}

/// What became of a folder of parts.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Parts {
    /// What was done in all parts, where all of them are done now.
    pub summary: Summary,
    /// How long it took, in seconds; of each part, where a run was cut off.
    pub seconds: f64,
    /// The parts that were converted by this run.
    pub converted: u64,
    /// Those that were there already.
    pub skipped: u64,
    /// Those that another process is writing.
    pub busy: u64,
}

/// Endings of files of lines and of documents, before the one of a compressed file.
const ENDINGS: [&str; 5] = ["ndjson", "jsonl", "json", "xml", "txt"];

/// Whether the readers of folders of parts pass a name over: `_SUCCESS`, `_temporary`, `.part-0.crc`.
pub(crate) fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    let is_sum = path.extension().is_some_and(|ending| ending == "crc");
    name.starts_with(b".") || name.starts_with(b"_") || is_sum
}

/// Whether a file can be a part, by its name: it has a known ending, or none, as Spark's parts have.
fn is_part(path: &Path) -> bool {
    let name = Path::new(without_ending(path));
    let ending = name.extension();
    !is_hidden(path)
        && match ending {
            None => name.as_os_str().as_encoded_bytes().starts_with(b"part-"),
            Some(ending) => ENDINGS
                .iter()
                .any(|known| ending.eq_ignore_ascii_case(known)),
        }
}

/// The greatest size of a manifest, in bytes.
const MANIFEST: u64 = 16 << 20;

/// Whether a file is the manifest of a bulk export
/// (<https://hl7.org/fhir/uv/bulkdata/export.html#response---complete-status>): it lists the others.
pub(crate) fn is_manifest(path: &Path) -> bool {
    let is_named = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    if !is_named || fs::metadata(path).map_or(u64::MAX, |found| found.len()) > MANIFEST {
        return false;
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MANIFEST).read_to_end(&mut bytes));
    if read.is_err() || memchr::memmem::find(&bytes, b"\"transactionTime\"").is_none() {
        return false;
    }
    let Ok(json) = Decoder::default().decode_json(&bytes) else {
        return false;
    };
    let has = |name| json.get(name).is_some();
    has("transactionTime")
        && !has("resourceType")
        && matches!(json.get("output"), Some(Json::Array(_)))
}

fn failed(path: &Path) -> impl Fn(io::Error) -> MigrateError {
    move |error| MigrateError::Input {
        name: path.display().to_string(),
        error,
    }
}

/// The parts that files and folders hold, folders in folders too, in the order of their names, and what
/// they become in a folder: each keeps its name, with the ending of the compression if one is given.
fn parts(
    named: &[PathBuf],
    folder: &Path,
    compression: Option<Compression>,
) -> Result<Vec<Part>, MigrateError> {
    let real = fs::canonicalize(folder).ok();
    let mut parts = Vec::new();
    for path in named {
        let inside = |real: &PathBuf| {
            fs::canonicalize(path).is_ok_and(|input| input.is_dir() && real.starts_with(input))
        };
        if real.as_ref().is_some_and(inside) {
            return Err(MigrateError::NotParts(
                "the output would be among the inputs",
            ));
        }
        if is_stdin(path) {
            return Err(MigrateError::NotParts("stdin has no name"));
        }
        let found = fs::metadata(path).map_err(failed(path))?;
        if found.is_dir() {
            let mut files = Vec::new();
            walk(path, path, &mut files)?;
            files.sort();
            for inside in files {
                parts.push((path.join(&inside), inside));
            }
        } else {
            parts.push((path.clone(), path.file_name().unwrap_or_default().into()));
        }
    }
    let parts = parts.into_iter().map(|(input, inside)| {
        let output = match compression {
            Some(compression) => {
                let mut name = without_ending(&inside).to_owned();
                name.push(".");
                name.push(compression.ending());
                folder.join(inside.with_file_name(name))
            }
            None => folder.join(inside),
        };
        Part { input, output }
    });
    let parts: Vec<Part> = parts.collect();
    let mut outputs: Vec<&Path> = parts.iter().map(|part| part.output.as_path()).collect();
    outputs.sort();
    if outputs.windows(2).any(|two| two[0] == two[1]) {
        return Err(MigrateError::NotParts("two parts have the same name"));
    }
    if parts.is_empty() {
        let path = named.first().map_or(Path::new("-"), PathBuf::as_path);
        let error = io::Error::new(io::ErrorKind::NotFound, "there are no parts in it");
        return Err(failed(path)(error));
    }
    Ok(parts)
}

/// Links to folders are not followed: they may lead in a circle.
fn walk(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), MigrateError> {
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let entry = entry.map_err(failed(folder))?;
        let path = entry.path();
        let kind = entry.file_type().map_err(failed(&path))?;
        if is_hidden(&path) {
            continue;
        }
        if kind.is_dir() {
            walk(root, &path, files)?;
        } else if is_part(&path) {
            // A link to nothing is an error before anything is written.
            let found = fs::metadata(&path).map_err(failed(&path))?;
            if found.is_file() && !is_manifest(&path) {
                files.extend(path.strip_prefix(root).ok().map(Path::to_owned));
            }
        }
    }
    Ok(())
}

/// The reports of a part, hidden beside it until all parts are done.
const REPORTS: [&str; 4] = [".losses", ".quarantine", ".issues", ".rejects"];

/// The summary of a part.
const SUMMARY: &str = ".summary";

impl Migration {
    /// Converts each part of the inputs to one of the same name in a folder, which is empty, or holds
    /// what a run with `resume` left. The reports of all parts are joined at the end, in the order of
    /// the parts; a process that finds parts that another one is writing leaves that to the last one.
    ///
    /// # Errors
    ///
    /// Of [`run`](Self::run), or the folder has something else in it.
    pub fn run_parts(&self, folder: &Path, watch: &mut Watch<'_>) -> Result<Parts, MigrateError> {
        let parts = parts(&self.inputs, folder, self.compression)?;
        let failed = |error| MigrateError::Folder {
            path: folder.to_owned(),
            error,
        };
        match fs::read_dir(folder) {
            Ok(mut entries) => {
                if !self.resume && entries.next().transpose().map_err(failed)?.is_some() {
                    return Err(MigrateError::FolderNotEmpty(folder.to_owned()));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Of two processes, one is the first.
                match fs::create_dir(folder) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                        return Err(failed(error));
                    }
                    _ => {}
                }
            }
            Err(error) => return Err(failed(error)),
        }
        let mut done = Parts::default();
        let start = Instant::now();
        let mut busy = Vec::new();
        for part in &parts {
            let run = self.run_part(part, folder, &mut done, watch);
            if run.map_err(|error| unfinished(folder, done.converted, error))? {
                busy.push(part);
            }
        }
        // Of several processes, the last one finds that all is done.
        for part in busy {
            done.busy += u64::from(self.run_part(part, folder, &mut done, watch)?);
        }
        sync_folder(folder).map_err(failed)?;
        if done.busy == 0 {
            self.join(&parts, folder, &mut done)?;
        }
        if !self.resume {
            done.seconds = start.elapsed().as_secs_f64();
        }
        Ok(done)
    }

    /// Converts a part; tells whether another process is writing it.
    fn run_part(
        &self,
        part: &Part,
        folder: &Path,
        done: &mut Parts,
        watch: &mut Watch<'_>,
    ) -> Result<bool, MigrateError> {
        let parent = part.output.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|error| MigrateError::Folder {
            path: parent.to_owned(),
            error,
        })?;
        let run = match self.of_part(part).run(watch) {
            Ok(run) => run,
            Err(MigrateError::Busy(_)) => return Ok(true),
            Err(error) => return Err(error),
        };
        if run.was_done {
            done.skipped += 1;
            return Ok(false);
        }
        // Before the part itself is there: what is there is not looked at again.
        let record = Json::Object(vec![
            ("summary".into(), run.summary.record()),
            ("seconds".into(), seconds(run.seconds)),
        ]);
        let path = beside(&part.output, SUMMARY);
        let record = json_to_string(&record);
        write_whole(&path, record.as_bytes())
            .map_err(|error| MigrateError::File { path, error })?;
        done.summary.add(&run.summary);
        done.seconds += run.seconds;
        run.commit()?;
        done.converted += 1;
        Ok(false)
    }

    fn of_part(&self, part: &Part) -> Self {
        let report = |wanted: &Option<PathBuf>, ending| {
            wanted.as_ref().map(|_| beside(&part.output, ending))
        };
        let [losses, quarantine, issues, rejects] = REPORTS;
        let mut settings = self.settings.clone();
        settings.folder = None;
        Self {
            settings,
            inputs: vec![part.input.clone()],
            source: None,
            output: Some(part.output.clone()),
            compression: self.compression,
            losses: report(&self.losses, losses),
            quarantine: report(&self.quarantine, quarantine),
            issues: report(&self.issues, issues),
            rejects: report(&self.rejects, rejects),
            summary: None,
            resume: self.resume,
            checkpoint: self.checkpoint,
        }
    }

    /// Joins the reports of the parts, if no other process does.
    fn join(&self, parts: &[Part], folder: &Path, done: &mut Parts) -> Result<(), MigrateError> {
        let marker = folder.join("joining");
        let failed = |error| MigrateError::Folder {
            path: folder.to_owned(),
            error,
        };
        let Some(locked) = LockedOutput::open(&marker).map_err(failed)? else {
            return Ok(());
        };
        let summaries = parts.iter().map(|part| beside(&part.output, SUMMARY));
        let summaries: Vec<PathBuf> = summaries.collect();
        let joined = beside(&marker, ".done");
        if !joined.exists() && summaries.iter().any(|path| path.exists()) {
            (done.summary, done.seconds) = (Summary::default(), 0.0);
            for path in &summaries {
                let (summary, took) = read_summary(path)?;
                done.summary.add(&summary);
                done.seconds += took;
            }
            let [losses, quarantine, issues, rejects] = REPORTS;
            for (wanted, ending) in [
                (&self.losses, losses),
                (&self.quarantine, quarantine),
                (&self.issues, issues),
                (&self.rejects, rejects),
            ] {
                if let Some(path) = wanted {
                    join_reports(path, ending, parts)?;
                }
            }
            crate::migration::write_summary(self.summary.as_deref(), &done.summary, done.seconds)?;
            write_whole(&joined, b"").map_err(failed)?;
        }
        for part in parts {
            for ending in REPORTS.into_iter().chain([SUMMARY]) {
                remove(&beside(&part.output, ending)).map_err(failed)?;
            }
        }
        remove(&joined).map_err(failed)?;
        remove(&crate::output::partial_path(&marker)).map_err(failed)?;
        drop(locked);
        Ok(())
    }
}

fn unfinished(folder: &Path, written: u64, error: MigrateError) -> MigrateError {
    if written == 0 {
        return error;
    }
    MigrateError::Unfinished {
        path: folder.to_owned(),
        what: "parts",
        written,
        error: Box::new(error),
    }
}

fn read_summary(path: &Path) -> Result<(Summary, f64), MigrateError> {
    let failed = |error| MigrateError::File {
        path: path.to_owned(),
        error,
    };
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        // The part was done by a run that is over.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok((Summary::default(), 0.0));
        }
        Err(error) => return Err(failed(error)),
    };
    let json = Decoder::default().decode_json(&bytes).ok();
    let summary = json
        .as_ref()
        .and_then(|json| Summary::of_record(json.get("summary")?));
    let took = json.as_ref();
    let took = took.and_then(|json| of_number(json.get("seconds")?));
    match (summary, took) {
        (Some(summary), Some(took)) => Ok((summary, took)),
        _ => Err(failed(io::ErrorKind::InvalidData.into())),
    }
}

fn join_reports(path: &Path, ending: &str, parts: &[Part]) -> Result<(), MigrateError> {
    let failed = |error| MigrateError::File {
        path: path.to_owned(),
        error,
    };
    let mut joined = Output::create_private(path)?.packed(Compression::of_name(path))?;
    for part in parts {
        match File::open(beside(&part.output, ending)) {
            Ok(mut file) => {
                io::copy(&mut file, &mut joined).map_err(failed)?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
    }
    joined.flush().map_err(failed)?;
    joined.commit()
}
