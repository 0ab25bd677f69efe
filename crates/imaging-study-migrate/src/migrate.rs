//! The engine: reads batches, has them converted, and writes what comes of them in order.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::mem;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use imaging_study::convert::Options;
use imaging_study::{AnyImagingStudy, FhirVersion, Limits};

use crate::batch::{BatchReader, Place};
use crate::error::MigrateError;
use crate::folder::Folder;
use crate::format::Format;
use crate::input::Input;
use crate::searching::Search;
use crate::summary::Summary;
use crate::validation::{IssueFormat, Validation};
use crate::visiting::Visit;
use crate::work::Work;
use crate::worker::{Wants, Worker};

/// How a migration is done.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The version of every study; otherwise the evidence in each decides.
    pub from: Option<FhirVersion>,
    /// The version to convert to.
    pub to: FhirVersion,
    /// The choices of the conversion.
    pub conversion: Options,
    /// The format of the inputs; otherwise the content of each decides.
    pub input_format: Option<Format>,
    /// The format of the output; otherwise that of the first input.
    pub output_format: Option<Format>,
    /// An empty or missing folder that gets a file for each document, in place of the output; where
    /// the format would be NDJSON, the files are JSON.
    pub folder: Option<PathBuf>,
    /// The bounds for each line or document.
    pub limits: Limits,
    /// The greatest number of elements of a line or document, 5,000,000 by default.
    pub elements: usize,
    /// How many resources may go to the quarantine before the run ends with an error.
    pub max_rejects: Option<u64>,
    /// Whether the output has a row for each line or document that is read, in NDJSON: `source`, `line`,
    /// `status` (`converted`, `passed` or `rejected`), `version`, `value`, `losses` and `outcome`.
    pub envelope: bool,
    /// The form of the reports in the quarantine.
    pub report_format: IssueFormat,
    /// The number of threads that convert, 1,024 at most. With one, everything happens on the calling
    /// thread.
    pub jobs: NonZeroUsize,
    /// The size of the pieces that the threads work on, in bytes. The output does not depend on it.
    pub batch_size: usize,
    /// Sees each study before it is written, on the thread that converted it. If it panics, the study
    /// goes to the quarantine as for any other fault in the conversion of a record.
    pub inspect: Option<fn(&AnyImagingStudy)>,
    /// What studies are checked for, in place of converting them: the output holds the issues.
    pub validation: Option<Validation>,
    /// What converted studies are checked for, in the version that they have then.
    pub checks: Option<Validation>,
    /// What studies are asked, in place of converting them: the output holds those that match.
    pub search: Option<Search>,
    /// Whether studies are repaired in place of converting them; `losses` gets the changes.
    pub repairs: bool,
    /// Who sees studies in place of converting them: the output holds what that writes.
    pub visit: Option<Visit>,
}

impl Settings {
    /// Settings for a version: the evidence decides what is read, on one thread, in batches of
    /// 1 MiB.
    #[must_use]
    pub fn new(to: FhirVersion) -> Self {
        Self {
            from: None,
            to,
            conversion: Options::default(),
            input_format: None,
            output_format: None,
            folder: None,
            limits: Limits::default(),
            elements: 5_000_000,
            max_rejects: None,
            envelope: false,
            report_format: IssueFormat::Outcome,
            jobs: NonZeroUsize::MIN,
            batch_size: 1 << 20,
            inspect: None,
            validation: None,
            checks: None,
            search: None,
            repairs: false,
            visit: None,
        }
    }
}

/// Where a migration writes.
pub struct Outputs<'a> {
    /// The converted studies and what passes untouched.
    pub output: &'a mut dyn Write,
    /// An OperationOutcome for each resource that could not be read or converted, one a line.
    pub quarantine: &'a mut dyn Write,
    /// An object for each loss and note, one a line.
    pub losses: Option<&'a mut dyn Write>,
    /// What is wrong with converted studies, where they are checked; without it the quarantine gets
    /// that too.
    pub issues: Option<&'a mut dyn Write>,
    /// The lines and documents that were not converted, as they were and with a line feed behind each;
    /// where a part of a Bundle was not, all of it. One that is longer than the limit is not kept.
    pub rejects: Option<&'a mut dyn Write>,
    /// Hears how many more bytes of the inputs are done.
    pub progress: Option<&'a mut dyn FnMut(u64)>,
}

impl<'a> Outputs<'a> {
    /// Converted studies here and reports there, and nothing else.
    pub fn new(output: &'a mut dyn Write, quarantine: &'a mut dyn Write) -> Self {
        Self {
            output,
            quarantine,
            losses: None,
            issues: None,
            rejects: None,
            progress: None,
        }
    }
}

impl fmt::Debug for Outputs<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Outputs").finish_non_exhaustive()
    }
}

/// Converts every study of the inputs, one after the other and in their order.
///
/// The memory needed does not depend on the size of NDJSON inputs: the size of a batch and of the
/// longest line count, for each thread.
///
/// ```
/// use imaging_study::FhirVersion;
/// use imaging_study_migrate::{Input, Outputs, Settings, migrate};
///
/// let input = "{\"resourceType\":\"ImagingStudy\",\"id\":\"a\",\"interpreter\":[{\"display\":\"x\"}],\
///              \"status\":\"available\"}\n\
///              not json\n";
/// let (mut output, mut quarantine) = (Vec::new(), Vec::new());
/// let summary = migrate(
///     [Input::new("example", input.as_bytes())],
///     &Settings::new(FhirVersion::R5),
///     &mut Outputs::new(&mut output, &mut quarantine),
/// )?;
/// assert_eq!((summary.read, summary.converted, summary.quarantined), (2, 1, 1));
/// # Ok::<(), imaging_study_migrate::MigrateError>(())
/// ```
///
/// # Errors
///
/// An input cannot be read, an output cannot be written, or JSON or XML would have to hold several
/// documents. An input that is compressed cannot be read. What cannot be read or converted is no
/// error: it goes to the quarantine, and so does a record whose conversion panics.
pub fn migrate<'a>(
    inputs: impl IntoIterator<Item = Input<'a>>,
    settings: &Settings,
    outputs: &mut Outputs<'_>,
) -> Result<Summary, MigrateError> {
    run(
        inputs,
        settings,
        outputs,
        &Position::default(),
        Summary::default(),
    )
}

/// Where a run is: between two batches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// How many inputs were read to their end.
    pub(crate) inputs: u64,
    /// Where in the next one.
    pub(crate) place: Place,
    /// The format of the output, once it is known.
    pub(crate) format: Option<Format>,
    /// How many bytes of text were done in all.
    pub(crate) done: u64,
}

/// One of the streams that a run writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Output,
    Quarantine,
    Losses,
    Issues,
    Rejects,
}

impl Stream {
    /// The reports before the output: where there is an output, they are there too.
    pub(crate) const ALL: [Self; 5] = [
        Self::Losses,
        Self::Quarantine,
        Self::Issues,
        Self::Rejects,
        Self::Output,
    ];

    pub(crate) const fn failed(self) -> fn(io::Error) -> MigrateError {
        match self {
            Self::Output => MigrateError::Output,
            Self::Quarantine => MigrateError::Quarantine,
            Self::Losses => MigrateError::Losses,
            Self::Issues => MigrateError::Issues,
            Self::Rejects => MigrateError::Rejects,
        }
    }
}

/// What takes the streams of a run.
pub(crate) trait Sinks {
    /// What somebody reads.
    fn wants(&self) -> Wants;

    /// What a stream is written to; `None` if nobody wants it.
    fn stream(&mut self, stream: Stream) -> Option<&mut dyn Write>;

    /// Hears of a batch that was written: of how many more bytes of the inputs, where the run is now
    /// and what it did so far.
    fn written(
        &mut self,
        progress: u64,
        at: &Position,
        summary: &Summary,
    ) -> Result<(), MigrateError>;
}

impl Sinks for Outputs<'_> {
    fn wants(&self) -> Wants {
        Wants {
            losses: self.losses.is_some(),
            rejects: self.rejects.is_some(),
        }
    }

    fn stream(&mut self, stream: Stream) -> Option<&mut dyn Write> {
        match stream {
            Stream::Output => Some(self.output),
            Stream::Quarantine => Some(self.quarantine),
            Stream::Losses => reborrow(&mut self.losses),
            Stream::Issues if self.issues.is_none() => Some(self.quarantine),
            Stream::Issues => reborrow(&mut self.issues),
            Stream::Rejects => reborrow(&mut self.rejects),
        }
    }

    fn written(&mut self, progress: u64, _: &Position, _: &Summary) -> Result<(), MigrateError> {
        if let Some(hear) = &mut self.progress {
            hear(progress);
        }
        Ok(())
    }
}

/// The same writer for a shorter time.
pub(crate) fn reborrow<'s>(writer: &'s mut Option<&mut dyn Write>) -> Option<&'s mut dyn Write> {
    match writer {
        Some(writer) => Some(*writer),
        None => None,
    }
}

/// Converts what comes behind a position; the summary is what came before it.
pub(crate) fn run<'a>(
    inputs: impl IntoIterator<Item = Input<'a>>,
    settings: &Settings,
    sinks: &mut dyn Sinks,
    from: &Position,
    summary: Summary,
) -> Result<Summary, MigrateError> {
    let wants = sinks.wants();
    let wants = Wants {
        losses: wants.losses || settings.envelope,
        ..wants
    };
    let folder = settings.folder.as_deref().map(Folder::create);
    let feed = Feed {
        inputs: inputs
            .into_iter()
            .skip(usize::try_from(from.inputs).unwrap_or(usize::MAX)),
        settings,
        current: None,
        at: from.clone(),
        begins: Some(from.place),
        format: from.format.or(settings.output_format),
    };
    let mut sink = Sink {
        sinks,
        max_rejects: settings.max_rejects,
        folder: folder.transpose()?,
        summary,
        documents: 0,
        held: Vec::new(),
    };
    let run = if settings.jobs == NonZeroUsize::MIN {
        on_one_thread(feed, Worker::new(settings, wants), &mut sink)
    } else {
        on_many_threads(feed, settings, wants, &mut sink)
    };
    match (run.and_then(|()| sink.finish()), sink.folder) {
        (Ok(()), _) => Ok(sink.summary),
        (Err(error), Some(folder)) => Err(folder.unfinished(error)),
        (Err(error), None) => Err(error),
    }
}

fn on_one_thread<'a>(
    mut feed: Feed<'_, 'a, impl Iterator<Item = Input<'a>>>,
    mut worker: Worker<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), MigrateError> {
    let mut work = Work::default();
    while feed.next(&mut work)? {
        worker.process(&mut work);
        sink.write(&mut work)?;
    }
    Ok(())
}

/// The stack of a thread, in bytes: as much as the main thread usually has.
const STACK: usize = 8 << 20;

/// The greatest number of threads: more would exhaust the memory or the system's tables before they
/// did any work.
pub const MOST_JOBS: usize = 1024;

/// A batch that was worked on, or what a thread panicked with.
type Answer = Result<Work, Box<dyn Any + Send>>;

/// The calling thread reads and writes while the others convert.
fn on_many_threads<'a>(
    mut feed: Feed<'_, 'a, impl Iterator<Item = Input<'a>>>,
    settings: &Settings,
    wants: Wants,
    sink: &mut Sink<'_>,
) -> Result<(), MigrateError> {
    let jobs = settings.jobs.get().min(MOST_JOBS);
    let (to_do, queue) = mpsc::channel::<(u64, Work)>();
    let (answer, answers) = mpsc::channel::<(u64, Answer)>();
    let queue = Mutex::new(queue);
    thread::scope(|scope| {
        // Moved in here so that they are gone, and the threads end, when this closure ends.
        let (to_do, answers) = (to_do, answers);
        let mut threads = 0;
        for _ in 0..jobs {
            let (queue, answer) = (&queue, answer.clone());
            let run = move || work_off(queue, &answer, Worker::new(settings, wants));
            match thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, run)
            {
                Ok(_) => threads += 1,
                Err(error) if threads == 0 => return Err(MigrateError::Threads(error)),
                // As many as there are do the work too.
                Err(_) => break,
            }
        }
        drop(answer);
        let ahead = 2 * threads;
        let mut idle: Vec<Work> = Vec::new();
        let mut waiting: BTreeMap<u64, Work> = BTreeMap::new();
        let (mut sent, mut written) = (0, 0);
        let mut more = true;
        loop {
            while more && sent - written < ahead {
                let mut work = idle.pop().unwrap_or_default();
                more = feed.next(&mut work)? && to_do.send((sent, work)).is_ok();
                sent += u64::from(more);
            }
            if written == sent {
                return Ok(());
            }
            let Ok((number, answer)) = answers.recv() else {
                return Ok(());
            };
            match answer {
                Ok(work) => waiting.insert(number, work),
                Err(panic) => {
                    drop(to_do);
                    resume_unwind(panic)
                }
            };
            while let Some(mut work) = waiting.remove(&written) {
                sink.write(&mut work)?;
                idle.push(work);
                written += 1;
            }
        }
    })
}

/// Works on batches until there are no more.
fn work_off(
    queue: &Mutex<mpsc::Receiver<(u64, Work)>>,
    answer: &mpsc::Sender<(u64, Answer)>,
    mut worker: Worker<'_>,
) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, mut work)) = next else {
            return;
        };
        // One of a record is caught where it happens. The calling thread must not wait for ever for
        // any other.
        let result = catch_unwind(AssertUnwindSafe(|| {
            worker.process(&mut work);
            work
        }));
        if answer.send((number, result)).is_err() {
            return;
        }
    }
}

/// The inputs, one after the other, in batches.
struct Feed<'s, 'a, I> {
    inputs: I,
    settings: &'s Settings,
    current: Option<BatchReader<'a>>,
    at: Position,
    /// Where the first input begins.
    begins: Option<Place>,
    /// The format of the output, once it is known.
    format: Option<Format>,
}

impl<'a, I: Iterator<Item = Input<'a>>> Feed<'_, 'a, I> {
    /// Reads the next batch; `false` at the end of the last input.
    fn next(&mut self, work: &mut Work) -> Result<bool, MigrateError> {
        loop {
            let reader = match &mut self.current {
                Some(reader) => reader,
                None => match self.inputs.next() {
                    Some(input) => {
                        let begins = self.begins.take().unwrap_or_default();
                        self.current.insert(open(input, self.settings, &begins)?)
                    }
                    None => return Ok(false),
                },
            };
            match reader.read(&mut work.batch) {
                Ok(true) => {
                    let format = self.format.or(reader.format());
                    let format = match (format, &self.settings.folder) {
                        (Some(Format::Ndjson), Some(_)) => Some(Format::Json),
                        (format, _) => format,
                    };
                    self.format = format;
                    work.format = format.unwrap_or(Format::Ndjson);
                    self.at.place = work.batch.end;
                    self.at.format = format;
                    self.at.done += work.batch.size;
                    work.at = self.at.clone();
                    return Ok(true);
                }
                Ok(false) => {
                    self.current = None;
                    self.at.inputs += 1;
                }
                Err(error) => {
                    let name = reader.source().to_owned();
                    return Err(MigrateError::Input { name, error });
                }
            }
        }
    }
}

fn open<'a>(
    input: Input<'a>,
    settings: &Settings,
    begins: &Place,
) -> Result<BatchReader<'a>, MigrateError> {
    let name = input.name().to_owned();
    let failed = |error| MigrateError::Input {
        name: name.clone(),
        error,
    };
    let source = name.as_str().into();
    let empty = input.format_of_nothing();
    let opened = input.open().map_err(failed)?;
    let mut reader = BatchReader::new(
        opened,
        source,
        settings.input_format,
        empty,
        settings.batch_size,
        settings.limits.bytes,
    );
    reader.go_on(begins).map_err(failed)?;
    Ok(reader)
}

/// Writes what came of the batches.
struct Sink<'o> {
    sinks: &'o mut dyn Sinks,
    max_rejects: Option<u64>,
    /// What takes the documents in place of the output.
    folder: Option<Folder>,
    summary: Summary,
    /// How many lines or documents there are in the output.
    documents: u64,
    /// One document waits for the end, where it is known that there is no second one.
    held: Vec<u8>,
}

impl Sink<'_> {
    fn write(&mut self, work: &mut Work) -> Result<(), MigrateError> {
        let done = &mut work.result;
        self.documents += done.documents.len() as u64;
        if let Some(folder) = &mut self.folder {
            for (document, id) in done.documents() {
                folder.put(document, id, work.format.syntax())?;
            }
        } else if work.format.is_one_document() {
            if self.documents > 1 {
                return Err(MigrateError::SeveralDocuments);
            }
            if !done.output.is_empty() {
                self.held = mem::take(&mut done.output);
            }
        } else {
            self.stream(Stream::Output, &done.output)?;
        }
        self.stream(Stream::Quarantine, &done.quarantine)?;
        self.stream(Stream::Losses, &done.losses)?;
        self.stream(Stream::Issues, &done.issues)?;
        self.stream(Stream::Rejects, &done.rejects)?;
        self.summary.add(&done.summary);
        self.sinks
            .written(work.batch.progress, &work.at, &self.summary)?;
        match self.max_rejects {
            Some(most) if self.summary.quarantined > most => {
                return Err(MigrateError::TooManyRejects(most));
            }
            _ => {}
        }
        work.release();
        Ok(())
    }

    fn finish(&mut self) -> Result<(), MigrateError> {
        let held = mem::take(&mut self.held);
        self.stream(Stream::Output, &held)?;
        for stream in Stream::ALL {
            if let Some(writer) = self.sinks.stream(stream) {
                writer.flush().map_err(stream.failed())?;
            }
        }
        Ok(())
    }

    /// Writes, unless there is nothing to be written.
    fn stream(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), MigrateError> {
        match self.sinks.stream(stream) {
            Some(writer) if !bytes.is_empty() => writer.write_all(bytes).map_err(stream.failed()),
            _ => Ok(()),
        }
    }
}
