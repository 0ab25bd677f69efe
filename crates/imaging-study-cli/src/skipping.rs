//! Files that are passed over where the run is to go on.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::foreign;
use crate::input::is_stdin;
use crate::shown::{shown, shown_path};

/// The files that can be read, and how many cannot; of these stderr tells why.
pub(crate) fn readable(files: Vec<PathBuf>) -> (Vec<PathBuf>, u64) {
    let mut skipped = 0;
    let keep = |path: &PathBuf| match check(path) {
        Ok(()) => true,
        Err(error) => {
            skipped += 1;
            let message = format!("{}: {}", shown_path(path), shown(&error.to_string()));
            // Who has closed stderr does not want to read it.
            let _ = writeln!(io::stderr(), "{message}");
            false
        }
    };
    let files = files.into_iter().filter(keep).collect();
    (files, skipped)
}

/// Whether a file can be opened, and begins like text.
fn check(path: &Path) -> io::Result<()> {
    // What is no file can be read only once.
    if is_stdin(path) || path.metadata().is_ok_and(|found| !found.is_file()) {
        return Ok(());
    }
    let mut start = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut start)?;
    match foreign::problem(&start) {
        Some(problem) => Err(io::Error::new(io::ErrorKind::Unsupported, problem)),
        None => Ok(()),
    }
}
