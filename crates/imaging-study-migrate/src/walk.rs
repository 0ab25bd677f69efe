//! Everything in folders and in the folders in them.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::MigrateError;
use crate::input::is_stdin;

/// What was found in the paths of a command line.
#[derive(Debug, Default)]
pub struct Found {
    /// The files, of each path in the order of their names.
    pub files: Vec<PathBuf>,
    /// The folders and links that could not be looked at.
    pub unreadable: Vec<(PathBuf, io::Error)>,
    /// What is neither a file nor a folder: in a folder, a pipe would be waited on for ever.
    pub special: Vec<PathBuf>,
}

/// The files that paths stand for: a folder for everything in it, at any depth. Links are followed,
/// but no folder is entered twice, so that circles end. Checks that every path is there.
pub fn walk(paths: &[PathBuf]) -> Result<Found, MigrateError> {
    let mut found = Found::default();
    let mut entered = HashSet::new();
    for path in paths {
        let metadata = |path: &Path| fs::metadata(path).map(|found| found.is_dir());
        let is_folder = !is_stdin(path)
            && metadata(path).map_err(|error| MigrateError::Input {
                name: path.display().to_string(),
                error,
            })?;
        if is_folder {
            let start = found.files.len();
            found.enter(path, &mut entered);
            found.files[start..].sort();
        } else {
            found.files.push(path.clone());
        }
    }
    found
        .unreadable
        .sort_by(|(one, _), (next, _)| one.cmp(next));
    found.special.sort();
    Ok(found)
}

impl Found {
    fn enter(&mut self, folder: &Path, entered: &mut HashSet<PathBuf>) {
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let inside = fs::canonicalize(&folder).and_then(|real| {
                if entered.insert(real) {
                    fs::read_dir(&folder)?.collect()
                } else {
                    Ok(Vec::new())
                }
            });
            let entries = match inside {
                Ok(entries) => entries,
                Err(error) => {
                    self.unreadable.push((folder, error));
                    continue;
                }
            };
            let first = folders.len();
            for entry in entries {
                let path = entry.path();
                let kind = entry.file_type().and_then(|kind| match kind.is_symlink() {
                    true => fs::metadata(&path).map(|target| target.file_type()),
                    false => Ok(kind),
                });
                match kind {
                    Ok(kind) if kind.is_dir() => folders.push(path),
                    Ok(kind) if kind.is_file() => self.files.push(path),
                    Ok(_) => self.special.push(path),
                    Err(error) => self.unreadable.push((path, error)),
                }
            }
            // Of two ways to one folder the first by name is taken, whatever order the disk has.
            folders[first..].sort_by(|one, next| next.cmp(one));
        }
    }
}
