//! The progress bar.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::input::is_stdin;
use crate::shown::shown;
use imaging_study_migrate::Summary;

/// Shows how far a run has come, on stderr if that is a terminal.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Begins to show the progress through files; nothing is shown if what the run writes goes to
    /// a terminal too.
    pub(crate) fn start(files: &[PathBuf], output_on_stdout: bool) -> Self {
        if !io::stderr().is_terminal() || (output_on_stdout && io::stdout().is_terminal()) {
            return Self {
                bar: ProgressBar::hidden(),
            };
        }
        let (size, template) = match total(files) {
            Some(size) => (
                Some(size),
                "{bar:30} {binary_bytes} of {binary_total_bytes}, {eta} left{msg}",
            ),
            None => (None, "{spinner} {binary_bytes}, {elapsed}{msg}"),
        };
        let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Shows nothing.
    pub(crate) fn hidden() -> Self {
        Self {
            bar: ProgressBar::hidden(),
        }
    }

    /// Counts bytes that are done, and says what was done so far.
    pub(crate) fn advance(&self, bytes: u64, summary: &Summary) {
        self.inc(bytes);
        if self.bar.is_hidden() {
            return;
        }
        let took = self.bar.elapsed().as_secs_f64().max(0.001);
        let (read, rejected) = (summary.read, summary.quarantined);
        let rate = read as f64 / took;
        self.bar.set_message(format!(
            "; {read} records, {rate:.0}/s, {rejected} rejected"
        ));
    }

    /// Counts bytes that are done.
    pub(crate) fn inc(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Writes to stderr, above the bar.
impl Write for Progress {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bar
            .suspend(|| io::stderr().write_all(bytes))
            .map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// How many kinds of rejections are named.
const KINDS: usize = 10;

/// What was wrong with how many, the most frequent first.
fn kinds(summary: &Summary) -> String {
    let mut kinds: Vec<(&String, &u64)> = summary.rejections.iter().collect();
    kinds.sort_by(|(_, one), (_, other)| other.cmp(one));
    let shown_kinds = kinds.iter().take(KINDS);
    let mut text: String = shown_kinds
        .map(|(kind, count)| format!("{count:>8}  {}\n", shown(kind)))
        .collect();
    if kinds.len() > KINDS {
        text.push_str("          and others\n");
    }
    text
}

/// How many reports a terminal gets: more would only push the first ones away.
const SHOWN: u64 = 20;

/// Reports on stderr; of many, a person gets the first ones, and the kinds of all in the summary.
#[derive(Debug)]
pub(crate) struct Wall {
    progress: Progress,
    for_people: bool,
    lines: u64,
}

impl Wall {
    pub(crate) fn new(progress: Progress, for_people: bool) -> Self {
        Self {
            progress,
            for_people,
            lines: 0,
        }
    }

    /// What is to be said of the others.
    pub(crate) fn rest(&self, summary: &Summary) -> String {
        if !self.for_people {
            return String::new();
        }
        let kinds = kinds(summary);
        match self.lines.saturating_sub(SHOWN) {
            more @ 1.. => {
                format!("and {more} more; --quarantine FILE keeps all of them\n{kinds}")
            }
            _ => kinds,
        }
    }
}

impl Write for Wall {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.for_people {
            return self.progress.write(bytes);
        }
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.lines < SHOWN {
                self.progress.write_all(line)?;
            }
            self.lines += u64::from(line.ends_with(b"\n"));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.progress.flush()
    }
}

/// The size of the files together, if all of them have one.
fn total(files: &[PathBuf]) -> Option<u64> {
    let size = |path: &PathBuf| {
        let metadata = fs::metadata(path).ok().filter(|_| !is_stdin(path))?;
        metadata.is_file().then_some(metadata.len())
    };
    let sizes: Option<Vec<u64>> = files.iter().map(size).collect();
    sizes
        .filter(|sizes| !sizes.is_empty())
        .map(|sizes| sizes.iter().sum())
}
