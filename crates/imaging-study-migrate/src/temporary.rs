//! Files that are going to be other ones, and are gone if they do not, whatever ends the run.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use crate::output::Access;

/// The temporary files of the process. Who creates, moves or removes one holds the lock, so that a
/// signal finds all of them.
static FILES: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn files() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file in the folder of the one that it is going to be.
#[derive(Debug)]
pub struct TemporaryFile {
    /// There until it is dropped or in its place.
    file: Option<NamedTempFile>,
    path: PathBuf,
}

impl TemporaryFile {
    pub fn create(folder: &Path, access: Access) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".imaging-study-").suffix(".tmp");
        // By default nobody else may read a temporary file.
        if let (Access::Shared, Some(permissions)) = (access, new_file_permissions()) {
            builder.permissions(permissions);
        }
        let mut files = files();
        let file = builder.tempfile_in(folder)?;
        let path = file.path().to_owned();
        files.insert(path.clone());
        Ok(Self {
            file: Some(file),
            path,
        })
    }

    pub fn as_file(&self) -> io::Result<&File> {
        let file = self.file.as_ref().map(NamedTempFile::as_file);
        file.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Puts the file in its place, of one that may already be there.
    pub fn persist(self, path: &Path) -> io::Result<()> {
        self.end(|file| file.persist(path).map(drop).map_err(|error| error.error))
    }

    /// Puts the file in a place where there is none.
    pub fn persist_noclobber(self, path: &Path) -> io::Result<()> {
        self.end(|file| {
            let persisted = file.persist_noclobber(path).map(drop);
            persisted.map_err(|error| error.error)
        })
    }

    fn end(mut self, end: impl FnOnce(NamedTempFile) -> io::Result<()>) -> io::Result<()> {
        let mut files = files();
        let ended = self.file.take().map_or(Ok(()), end);
        files.remove(&self.path);
        ended
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            let mut files = files();
            drop(file);
            files.remove(&self.path);
        }
    }
}

impl Write for TemporaryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.as_file()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.as_file()?.flush()
    }
}

/// What a new file may be used for, less what the user's mask takes away.
#[cfg(unix)]
fn new_file_permissions() -> Option<std::fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> Option<std::fs::Permissions> {
    None
}

/// Removes the temporary files and ends the process. Whoever wants to create or move another one
/// waits until it is gone.
pub fn remove_all_and_exit(status: i32) -> ! {
    let files = files();
    for path in files.iter() {
        // There is nobody left to hear of it.
        let _ = std::fs::remove_file(path);
    }
    process::exit(status)
}
