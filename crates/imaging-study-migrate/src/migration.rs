//! A run over files: what it reads, what it writes, and how it goes on where it was cut off.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use imaging_study::json::json_to_string;

use crate::compressed::Compression;
use crate::error::MigrateError;
use crate::input::{Input, is_stdin};
use crate::migrate::{Position, Settings, Sinks, Stream, run};
use crate::output::{Access, LockedOutput, Output, partial_path};
use crate::state::{State, fingerprint, remove, state_path};
use crate::summary::Summary;
use crate::worker::Wants;

/// What a run over files reads and writes. Every file appears whole or not at all, and is synced before
/// the run says that it is done.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Migration {
    /// How the studies are converted.
    pub settings: Settings,
    /// The files to read, one after the other; `-` is stdin.
    pub inputs: Vec<PathBuf>,
    /// The name that reports give stdin.
    pub source: Option<String>,
    /// The file for the studies; without it they go to stdout, or to the folder of the settings.
    pub output: Option<PathBuf>,
    /// How the output is compressed.
    pub compression: Option<Compression>,
    /// The file for the reports.
    pub quarantine: Option<PathBuf>,
    /// The file for losses and notes, or for what was repaired.
    pub losses: Option<PathBuf>,
    /// The file for what is wrong with converted studies.
    pub issues: Option<PathBuf>,
    /// The file for the lines that were not converted.
    pub rejects: Option<PathBuf>,
    /// The file for the summary, in JSON.
    pub summary: Option<PathBuf>,
    /// Whether a run that is cut off can go on, and goes on here. What is needed for that stands in hidden
    /// files beside the output until all is done; where the output is there and they are not, nothing is
    /// left to do.
    pub resume: bool,
    /// How much of the inputs may have to be done again, in bytes of text: 16 MiB.
    pub checkpoint: u64,
}

/// Who looks on while a run goes on.
pub struct Watch<'a> {
    /// Gets the reports that have no file.
    pub reports: &'a mut dyn Write,
    /// Gets what is wrong with converted studies if that has no file.
    pub issues: &'a mut dyn Write,
    /// Hears how many more bytes of the inputs are done, and what was done so far.
    pub progress: &'a mut dyn FnMut(u64, &Summary),
}

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Watch").finish_non_exhaustive()
    }
}

/// A run that came to its end, and has written everything, but not put it in its place.
#[derive(Debug)]
pub struct Run {
    /// What it did.
    pub summary: Summary,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Whether all was done already, by a run before.
    pub was_done: bool,
    files: Option<Files>,
    state: Option<PathBuf>,
    summary_path: Option<PathBuf>,
}

/// What a run writes, in the order of [`Stream::ALL`].
#[derive(Debug, Default)]
struct Files([Option<Output>; 5]);

impl Files {
    fn get(&mut self, stream: Stream) -> Option<&mut Output> {
        let mut both = self.0.iter_mut().zip(Stream::ALL);
        both.find(|(_, found)| *found == stream)?.0.as_mut()
    }
}

impl Migration {
    /// A run without files: stdin is read, and stdout and `Watch` get everything.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            inputs: vec![PathBuf::from("-")],
            source: None,
            output: None,
            compression: None,
            quarantine: None,
            losses: None,
            issues: None,
            rejects: None,
            summary: None,
            resume: false,
            checkpoint: 16 << 20,
        }
    }

    /// The file of a stream.
    fn path(&self, stream: Stream) -> Option<&Path> {
        let path = match stream {
            Stream::Output => &self.output,
            Stream::Quarantine => &self.quarantine,
            Stream::Losses => &self.losses,
            Stream::Issues => &self.issues,
            Stream::Rejects => &self.rejects,
        };
        path.as_deref()
    }

    fn compression(&self, stream: Stream) -> Option<Compression> {
        match (stream, self.path(stream)) {
            (Stream::Output, path) => self
                .compression
                .or_else(|| path.and_then(Compression::of_name)),
            (_, path) => path.and_then(Compression::of_name),
        }
    }

    /// Reads and writes everything.
    ///
    /// # Errors
    ///
    /// Of [`migrate`](crate::migrate), or a file cannot be written. Where too much went to the
    /// quarantine, the reports are put in their place.
    pub fn run(&self, watch: &mut Watch<'_>) -> Result<Run, MigrateError> {
        match self.resume {
            // What a run was asked for does not depend on which of its files are there.
            true => self.resolved()?.go_on(watch, &self.others()),
            false => self.begin(watch),
        }
    }

    fn begin(&self, watch: &mut Watch<'_>) -> Result<Run, MigrateError> {
        let mut files = Files::default();
        for (file, stream) in files.0.iter_mut().zip(Stream::ALL) {
            let output = match (stream, self.path(stream)) {
                (Stream::Output, Some(path)) => Output::create(path)?,
                (Stream::Output, None) => Output::Stdout,
                (_, Some(path)) => Output::create_private(path)?,
                (_, None) => continue,
            };
            *file = Some(output.packed(self.compression(stream))?);
        }
        let start = Instant::now();
        let mut sinks = FileSinks {
            files: &mut files,
            watch,
            own_rows: self.settings.envelope,
            checkpoints: None,
        };
        let result = run(
            self.inputs(),
            &self.settings,
            &mut sinks,
            &Position::default(),
            Summary::default(),
        );
        let summary = match result {
            Ok(summary) => summary,
            Err(error @ MigrateError::TooManyRejects(_)) => {
                // The reports say why.
                let [losses, quarantine, issues, rejects, _] = files.0;
                for file in [losses, quarantine, issues, rejects].into_iter().flatten() {
                    file.commit()?;
                }
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        Ok(Run {
            summary,
            seconds: start.elapsed().as_secs_f64(),
            was_done: false,
            files: Some(files),
            state: None,
            summary_path: self.summary.clone(),
        })
    }

    fn inputs(&self) -> impl Iterator<Item = Input<'_>> {
        self.inputs.iter().map(|path| {
            let input = Input::from_argument(path);
            match &self.source {
                Some(name) if is_stdin(path) => input.named(name.as_str()),
                _ => input,
            }
        })
    }

    /// The same with every link to a file replaced by what it leads to, so that links stay links. What is
    /// neither a file nor nothing cannot be moved in its place.
    fn resolved(&self) -> Result<Self, MigrateError> {
        let mut resolved = self.clone();
        for path in [
            &mut resolved.output,
            &mut resolved.losses,
            &mut resolved.quarantine,
            &mut resolved.issues,
            &mut resolved.rejects,
        ] {
            let Some(path) = path else {
                continue;
            };
            match fs::metadata(&*path) {
                Ok(found) if found.is_file() => {
                    let real = fs::canonicalize(&*path);
                    *path = real.map_err(|error| MigrateError::File {
                        path: path.clone(),
                        error,
                    })?;
                }
                Ok(_) => {
                    return Err(MigrateError::NotResumable(
                        "files to write, not devices, pipes or folders",
                    ));
                }
                // A link to nothing stays what it is.
                Err(error) if fs::symlink_metadata(&*path).is_ok() => {
                    let path = path.clone();
                    return Err(MigrateError::File { path, error });
                }
                Err(_) => {}
            }
        }
        Ok(resolved)
    }

    /// Begins, or goes on where a run was cut off.
    fn go_on(&self, watch: &mut Watch<'_>, others: &str) -> Result<Run, MigrateError> {
        let output = self.output.as_deref();
        let output = output.ok_or(MigrateError::NotResumable("--output FILE or FOLDER/"))?;
        if self.inputs.iter().any(|path| is_stdin(path)) {
            return Err(MigrateError::NotResumable("files to read, not stdin"));
        }
        let failed = |error| MigrateError::File {
            path: output.to_owned(),
            error,
        };
        let state_path = state_path(output);
        // Who writes the output holds a lock on what is going to be it.
        let locked = LockedOutput::open(output).map_err(failed)?;
        let locked = locked.ok_or_else(|| MigrateError::Busy(output.to_owned()))?;
        let run_id = fingerprint(&self.settings, &self.inputs, others).map_err(failed)?;
        let found = State::read(&state_path).map_err(failed)?;
        if found.is_none() && fs::symlink_metadata(output).is_ok() {
            remove(&partial_path(output)).map_err(failed)?;
            drop(locked);
            return Ok(Run {
                summary: Summary::default(),
                seconds: 0.0,
                was_done: true,
                files: None,
                state: None,
                summary_path: None,
            });
        }
        if let Some(found) = &found
            && found.run != run_id
        {
            return Err(MigrateError::OtherRun(state_path));
        }
        if let Some(found) = found.as_ref().filter(|found| found.complete) {
            return self.end_run(found, locked, state_path);
        }
        // What was written behind the last state is written again.
        let mut state = found.filter(|found| self.is_there(found)).unwrap_or(State {
            run: run_id,
            complete: false,
            at: Position::default(),
            sizes: vec![0; Stream::ALL.len()],
            summary: Summary::default(),
            seconds: 0.0,
        });
        let mut locked = Some(locked);
        let mut files = Files::default();
        let places = files.0.iter_mut().zip(Stream::ALL).zip(&state.sizes);
        for ((file, stream), size) in places {
            let Some(path) = self.path(stream) else {
                continue;
            };
            let opened = match (stream, locked.take()) {
                (Stream::Output, Some(locked)) => locked.keep(*size).map(Some),
                (_, other) => {
                    locked = other;
                    Output::partial(path, Access::Private, *size)
                }
            };
            let opened = opened.map_err(|error| MigrateError::File {
                path: path.to_owned(),
                error,
            })?;
            let opened = opened.ok_or_else(|| MigrateError::Busy(path.to_owned()))?;
            *file = Some(opened.packed(self.compression(stream))?);
        }
        let start = Instant::now();
        let before = state.seconds;
        let (from, summary) = (state.at.clone(), state.summary.clone());
        let mut sinks = FileSinks {
            files: &mut files,
            watch,
            own_rows: self.settings.envelope,
            checkpoints: Some(Checkpoints {
                path: &state_path,
                state: &mut state,
                every: self.checkpoint,
                start,
                before,
            }),
        };
        let mut settings = self.settings.clone();
        let most = usize::try_from(self.checkpoint).unwrap_or(usize::MAX);
        settings.batch_size = settings.batch_size.min(most).max(1);
        let summary = run(self.inputs(), &settings, &mut sinks, &from, summary)?;
        // Everything is written: a run that is cut off from now on only has to move it.
        for (file, stream) in files.0.iter_mut().zip(Stream::ALL) {
            if let Some(file) = file {
                file.checkpoint().map_err(stream.failed())?;
            }
        }
        let files = files.finished()?;
        state.complete = true;
        state.summary = summary;
        state.seconds = before + start.elapsed().as_secs_f64();
        self.write_summary(&state)?;
        state.write(&state_path).map_err(failed)?;
        Ok(Run {
            summary: state.summary,
            seconds: state.seconds,
            was_done: false,
            files: Some(files),
            state: Some(state_path),
            summary_path: None,
        })
    }

    /// Whether what a state counts is there.
    fn is_there(&self, state: &State) -> bool {
        let mut sizes = Stream::ALL.into_iter().zip(&state.sizes);
        state.sizes.len() == Stream::ALL.len()
            && sizes.all(|(stream, size)| {
                self.path(stream).is_none_or(|path| {
                    fs::metadata(partial_path(path)).is_ok_and(|found| found.len() >= *size)
                })
            })
    }

    /// Puts in its place what a run had written that was cut off before that.
    fn end_run(
        &self,
        state: &State,
        locked: LockedOutput,
        state_path: PathBuf,
    ) -> Result<Run, MigrateError> {
        let mut files = Files::default();
        let mut locked = Some(locked);
        for (file, stream) in files.0.iter_mut().zip(Stream::ALL) {
            let Some(path) = self.path(stream) else {
                continue;
            };
            let failed = |error| MigrateError::File {
                path: path.to_owned(),
                error,
            };
            if stream == Stream::Output {
                let locked = locked.take();
                match locked.filter(|locked| !locked.is_new) {
                    Some(locked) => {
                        let size = fs::metadata(partial_path(path)).map_err(failed)?.len();
                        *file = Some(locked.keep(size).map_err(failed)?);
                    }
                    None => remove(&partial_path(path)).map_err(failed)?,
                }
            } else if fs::metadata(partial_path(path)).is_ok() {
                let size = fs::metadata(partial_path(path)).map_err(failed)?.len();
                *file = Output::partial(path, Access::Private, size).map_err(failed)?;
            }
        }
        Ok(Run {
            summary: state.summary.clone(),
            seconds: state.seconds,
            was_done: false,
            files: Some(files),
            state: Some(state_path),
            summary_path: None,
        })
    }

    fn write_summary(&self, state: &State) -> Result<(), MigrateError> {
        write_summary(self.summary.as_deref(), &state.summary, state.seconds)
    }

    /// What the output depends on beside the settings and the inputs.
    fn others(&self) -> String {
        let paths: Vec<_> = Stream::ALL.map(|stream| self.path(stream)).to_vec();
        format!("{:?} {paths:?} {:?}", self.compression, self.source)
    }
}

pub(crate) fn write_summary(
    path: Option<&Path>,
    summary: &Summary,
    took: f64,
) -> Result<(), MigrateError> {
    let Some(path) = path else {
        return Ok(());
    };
    let mut file = Output::create(path)?;
    let text = json_to_string(&summary.to_json(took)) + "\n";
    file.write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .map_err(|error| MigrateError::File {
            path: path.to_owned(),
            error,
        })?;
    file.commit()
}

impl Run {
    /// Puts everything in its place, the studies last.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn commit(self) -> Result<(), MigrateError> {
        write_summary(self.summary_path.as_deref(), &self.summary, self.seconds)?;
        for file in self.files.into_iter().flat_map(|files| files.0).flatten() {
            file.commit()?;
        }
        let Some(state) = self.state else {
            return Ok(());
        };
        remove(&state).map_err(|error| MigrateError::File { path: state, error })
    }

    /// Puts the reports in their place; the studies are not written.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn commit_reports(mut self) -> Result<(), MigrateError> {
        if let Some(Files([.., output])) = &mut self.files {
            *output = None;
        }
        self.commit()
    }
}

impl Files {
    /// Ends what is compressed, so that it can be moved by whoever comes.
    fn finished(self) -> Result<Self, MigrateError> {
        let mut finished = Self::default();
        let places = finished.0.iter_mut().zip(self.0).zip(Stream::ALL);
        for ((place, file), stream) in places {
            *place = match file {
                Some(Output::Packed(packer)) => Some(packer.finish().map_err(stream.failed())?),
                other => other,
            };
            if let Some(file) = place {
                file.checkpoint().map_err(stream.failed())?;
            }
        }
        Ok(finished)
    }
}

/// The files of a run, and who looks on where there is none.
struct FileSinks<'f, 'w, 'c> {
    files: &'f mut Files,
    watch: &'f mut Watch<'w>,
    /// Whether the output says itself what is wrong.
    own_rows: bool,
    checkpoints: Option<Checkpoints<'c>>,
}

/// Writes down now and then how far a run is.
struct Checkpoints<'c> {
    path: &'c Path,
    state: &'c mut State,
    every: u64,
    start: Instant,
    before: f64,
}

impl Sinks for FileSinks<'_, '_, '_> {
    fn wants(&self) -> Wants {
        let [losses, _, _, rejects, _] = &self.files.0;
        Wants {
            losses: losses.is_some(),
            rejects: rejects.is_some(),
        }
    }

    fn stream(&mut self, stream: Stream) -> Option<&mut dyn Write> {
        match (self.files.get(stream), stream) {
            (Some(file), _) => Some(file),
            (None, Stream::Quarantine) if !self.own_rows => Some(self.watch.reports),
            (None, Stream::Issues) => Some(self.watch.issues),
            _ => None,
        }
    }

    fn written(
        &mut self,
        progress: u64,
        at: &Position,
        summary: &Summary,
    ) -> Result<(), MigrateError> {
        (self.watch.progress)(progress, summary);
        let Some(checkpoints) = &mut self.checkpoints else {
            return Ok(());
        };
        let done = at.done - checkpoints.state.at.done;
        // A single document is held until the end.
        let in_lines = at.format.is_none_or(|format| !format.is_one_document());
        if done < checkpoints.every || !in_lines {
            return Ok(());
        }
        let state = &mut *checkpoints.state;
        for ((file, stream), size) in self
            .files
            .0
            .iter_mut()
            .zip(Stream::ALL)
            .zip(&mut state.sizes)
        {
            if let Some(file) = file {
                *size = file.checkpoint().map_err(stream.failed())?;
            }
        }
        state.at = at.clone();
        state.summary = summary.clone();
        state.seconds = checkpoints.before + checkpoints.start.elapsed().as_secs_f64();
        let written = state.write(checkpoints.path);
        written.map_err(|error| MigrateError::File {
            path: checkpoints.path.to_owned(),
            error,
        })
    }
}
