//! One record whose conversion panics does not end a run.

use std::cell::{Cell, RefCell};
use std::io::{self, Write as _};
use std::mem;
use std::panic::{self, AssertUnwindSafe, Location, catch_unwind};

use crate::outcome::Failure;

thread_local! {
    /// Where this thread panicked last.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Whether a panic of this thread gets into a report.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Does some work; a panic becomes a failure. What the work was changing may be left half done.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let outer = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.unwrap_or_else(|payload| {
        // Dropping it could panic again.
        mem::forget(payload);
        Err(Failure::Internal(PLACE.take()))
    })
}

/// Keeps the messages of panics off stderr, for the whole process: they may repeat what stood in a
/// study. Where the panic happened is told in the report of the record, or else on stderr. The program
/// does this; a process that has a panic hook of its own should not print messages either.
pub fn hide_panic_messages() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(place);
        if GUARDED.get() {
            PLACE.set(place);
        } else {
            // Who has closed stderr does not want to read it.
            let place = place.unwrap_or_default();
            let _ = writeln!(io::stderr(), "internal error at {place}");
        }
    }));
}

/// The end of the path of a source file, and the line: `imaging-study-json/src/reader.rs:12`.
fn place(location: &Location<'_>) -> String {
    let parts: Vec<&str> = location.file().split(['/', '\\']).collect();
    let end = parts.get(parts.len().saturating_sub(3)..);
    format!("{}:{}", end.unwrap_or_default().join("/"), location.line())
}
