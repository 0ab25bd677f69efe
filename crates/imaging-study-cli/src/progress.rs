//! The progress bar.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::input::is_stdin;

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
                "{bar:30} {binary_bytes} of {binary_total_bytes}, {eta} left",
            ),
            None => (None, "{spinner} {binary_bytes}, {elapsed}"),
        };
        let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Counts bytes that are done.
    pub(crate) fn advance(&self, bytes: u64) {
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
