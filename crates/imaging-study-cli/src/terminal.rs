//! The terminal that people look at.

use std::io::{self, IsTerminal as _};

use anstream::AutoStream;

/// How wide stdout is, in columns; `None` where it is no terminal, and lines may have any length.
pub(crate) fn width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Stdout, in which colours stand only where somebody can see and wants them.
pub(crate) fn stdout() -> AutoStream<io::Stdout> {
    AutoStream::auto(io::stdout())
}
