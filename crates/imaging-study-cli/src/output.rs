//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::RunError;
use crate::temporary::TemporaryFile;

/// Something that a run writes to, and keeps or drops at its end.
#[derive(Debug)]
pub(crate) enum Output {
    Stdout,
    /// A pipe or device, which cannot be replaced.
    Direct(File),
    /// A file beside the one that it is going to replace.
    Whole {
        file: BufWriter<TemporaryFile>,
        path: PathBuf,
    },
}

impl Output {
    /// Opens a file for writing, in place of one that may already be there.
    pub(crate) fn create(path: &Path) -> Result<Self, RunError> {
        Self::open(path).map_err(|error| RunError::File {
            path: path.to_owned(),
            error,
        })
    }

    fn open(path: &Path) -> io::Result<Self> {
        let existing = match fs::metadata(path) {
            Ok(existing) => Some(existing),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if let Some(existing) = &existing {
            if existing.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            if !existing.is_file() {
                return File::options().write(true).open(path).map(Self::Direct);
            }
            if existing.permissions().readonly() {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
        }
        // A link stays a link: the file that it points to is replaced.
        let path = if existing.is_some() {
            fs::canonicalize(path)?
        } else {
            path.to_owned()
        };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let file = TemporaryFile::create(folder)?;
        if let Some(existing) = existing {
            file.as_file()?.set_permissions(existing.permissions())?;
        }
        let file = BufWriter::with_capacity(1 << 16, file);
        Ok(Self::Whole { file, path })
    }

    /// Puts the file in its place.
    pub(crate) fn commit(self) -> Result<(), RunError> {
        let Self::Whole { file, path } = self else {
            return Ok(());
        };
        let persisted = file
            .into_inner()
            .map_err(|error| error.into_error())
            .and_then(|file| {
                // After a power cut too there is the whole file or the old one.
                file.as_file()?.sync_all()?;
                file.persist(&path)
            });
        match persisted {
            Ok(()) => Ok(()),
            Err(error) => Err(RunError::File { path, error }),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout => io::stdout().write(bytes),
            Self::Direct(file) => file.write(bytes),
            Self::Whole { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout => io::stdout().flush(),
            Self::Direct(file) => file.flush(),
            Self::Whole { file, .. } => file.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_at_the_end_or_not_at_all() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("out");
        let mut output = Output::create(&path)?;
        output.write_all(b"new")?;
        assert!(!path.exists());
        output.commit()?;
        assert_eq!(fs::read(&path)?, b"new");

        let mut dropped = Output::create(&path)?;
        dropped.write_all(b"newer")?;
        drop(dropped);
        assert_eq!(fs::read(&path)?, b"new");
        assert_eq!(fs::read_dir(folder.path())?.count(), 1);

        assert!(Output::create(folder.path()).is_err());
        assert!(Output::create(&folder.path().join("missing").join("out")).is_err());
        Ok(())
    }
}
