//! The files that the command line names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::MigrateError;
use crate::foreign;
use crate::input::is_stdin;
use crate::parts::{is_hidden, is_manifest};

/// The endings of the files that are read from a folder.
const ENDINGS: [&str; 3] = ["json", "ndjson", "xml"];

/// The files that arguments stand for: a folder for those in it, in the order of their names.
/// Checks that every file is there, before anything is written.
pub fn files(arguments: &[PathBuf]) -> Result<Vec<PathBuf>, MigrateError> {
    let mut files = Vec::with_capacity(arguments.len());
    for path in arguments {
        if !is_stdin(path) && is_folder(path)? {
            files.extend(files_in(path)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// The files in a folder, but not in the folders in it.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, MigrateError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        // One that is compressed is an input too, and an error when its turn comes.
        let is_known = match ends_in(&path, &foreign::ENDINGS) {
            true => ends_in(Path::new(path.file_stem().unwrap_or_default()), &ENDINGS),
            false => ends_in(&path, &ENDINGS),
        };
        if is_known && !is_hidden(&path) && !is_folder(&path)? && !is_manifest(&path) {
            files.push(path);
        }
    }
    if files.is_empty() {
        let error = "no file in it ends in .json, .ndjson or .xml";
        let error = io::Error::new(io::ErrorKind::NotFound, error);
        return Err(failed(folder)(error));
    }
    files.sort();
    Ok(files)
}

fn ends_in(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|extension| {
        let mut endings = endings.iter();
        endings.any(|ending| extension.eq_ignore_ascii_case(ending))
    })
}

fn is_folder(path: &Path) -> Result<bool, MigrateError> {
    let metadata = fs::metadata(path).map_err(failed(path))?;
    Ok(metadata.is_dir())
}

fn failed(path: &Path) -> impl Fn(io::Error) -> MigrateError {
    move |error| MigrateError::Input {
        name: path.display().to_string(),
        error,
    }
}
