//! Files that appear whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::compressed::Compression;
use crate::error::MigrateError;
use crate::packed::Packer;
use crate::temporary::TemporaryFile;

/// Something that a run writes to, and keeps or drops at its end.
#[derive(Debug)]
pub enum Output {
    Stdout,
    /// A pipe or device, which cannot be replaced.
    Direct(File),
    /// A file beside the one that it is going to replace.
    Whole {
        file: BufWriter<TemporaryFile>,
        path: PathBuf,
    },
    /// A file that stays if the run is cut off.
    Partial {
        file: BufWriter<File>,
        partial: PathBuf,
        path: PathBuf,
        size: u64,
    },
    /// Any of these, compressed.
    Packed(Packer),
}

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Whom the user's mask lets.
    Shared,
    /// Nobody but the user.
    Private,
}

impl Output {
    /// Opens a file for writing, in place of one that may already be there.
    pub fn create(path: &Path) -> Result<Self, MigrateError> {
        Self::open(path, Access::Shared).map_err(failed(path))
    }

    /// The same for a file of reports, which may hold what stood in the input.
    pub fn create_private(path: &Path) -> Result<Self, MigrateError> {
        Self::open(path, Access::Private).map_err(failed(path))
    }

    fn open(path: &Path, access: Access) -> io::Result<Self> {
        let existing = match fs::metadata(path) {
            Ok(existing) => Some(existing),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A link to nothing stays what it is.
                if fs::symlink_metadata(path).is_ok() {
                    return Err(error);
                }
                None
            }
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
        let file = TemporaryFile::create(folder_of(&path), access)?;
        if let Some(existing) = existing {
            file.as_file()?.set_permissions(existing.permissions())?;
        }
        let file = BufWriter::with_capacity(1 << 16, file);
        Ok(Self::Whole { file, path })
    }

    /// Opens a file that another run may have begun, and goes on behind its first `keep` bytes. `None`
    /// if another process is writing it.
    pub(crate) fn partial(path: &Path, access: Access, keep: u64) -> io::Result<Option<Self>> {
        let locked = LockedOutput::with_access(path, access)?;
        locked.map(|locked| locked.keep(keep)).transpose()
    }

    /// Compresses what is written from now on.
    pub fn packed(self, compression: Option<Compression>) -> Result<Self, MigrateError> {
        let Some(compression) = compression else {
            return Ok(self);
        };
        let continues = matches!(self, Self::Partial { size, .. } if size > 0);
        let packer = Packer::start(self, compression, continues);
        packer.map(Self::Packed).map_err(MigrateError::Threads)
    }

    /// Makes sure that what was written is there to stay; how many bytes the file has then.
    pub(crate) fn checkpoint(&mut self) -> io::Result<u64> {
        match self {
            Self::Packed(packer) => packer.checkpoint(),
            Self::Partial { file, size, .. } => {
                file.flush()?;
                file.get_ref().sync_data()?;
                Ok(*size)
            }
            other => other.flush().map(|()| 0),
        }
    }

    /// Puts the file in its place.
    pub fn commit(self) -> Result<(), MigrateError> {
        let (path, persisted) = match self {
            Self::Stdout | Self::Direct(_) => return Ok(()),
            Self::Packed(packer) => {
                return packer.finish().map_err(MigrateError::Output)?.commit();
            }
            Self::Whole { file, path } => {
                let persisted = file
                    .into_inner()
                    .map_err(|error| error.into_error())
                    .and_then(|file| {
                        // After a power cut too there is the whole file or the old one.
                        file.as_file()?.sync_all()?;
                        file.persist(&path)
                    });
                (path, persisted)
            }
            Self::Partial {
                mut file,
                partial,
                path,
                ..
            } => {
                let persisted = file
                    .flush()
                    .and_then(|()| file.get_ref().sync_all())
                    .and_then(|()| fs::rename(&partial, &path));
                (path, persisted)
            }
        };
        persisted
            .and_then(|()| sync_folder(folder_of(&path)))
            .map_err(failed(&path))
    }
}

/// A file that is going to be an output, and that no other process writes.
#[derive(Debug)]
pub(crate) struct LockedOutput {
    file: File,
    path: PathBuf,
    /// Whether it was not there before.
    pub(crate) is_new: bool,
}

impl LockedOutput {
    /// `None` if another process holds it.
    pub(crate) fn open(path: &Path) -> io::Result<Option<Self>> {
        Self::with_access(path, Access::Shared)
    }

    fn with_access(path: &Path, access: Access) -> io::Result<Option<Self>> {
        let partial = partial_path(path);
        let is_new = fs::symlink_metadata(&partial).is_err();
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(match access {
                Access::Shared => 0o666,
                Access::Private => 0o600,
            });
        }
        #[cfg(not(unix))]
        let _ = access;
        let file = options.open(&partial)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self {
                file,
                path: path.to_owned(),
                is_new,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Goes on behind the first bytes.
    pub(crate) fn keep(self, size: u64) -> io::Result<Output> {
        let mut file = self.file;
        if file.metadata()?.len() < size {
            let error = "what was written before is not there any more";
            return Err(io::Error::new(io::ErrorKind::InvalidData, error));
        }
        file.set_len(size)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Output::Partial {
            file: BufWriter::with_capacity(1 << 16, file),
            partial: partial_path(&self.path),
            path: self.path,
            size,
        })
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> MigrateError {
    move |error| MigrateError::File {
        path: path.to_owned(),
        error,
    }
}

/// The folder in which a file stands.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A hidden file beside another one: readers of folders pass it over.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(ending);
    path.with_file_name(name)
}

/// Where a file is written that is going to be this one.
pub(crate) fn partial_path(path: &Path) -> PathBuf {
    beside(path, ".partial")
}

/// Makes sure that the names in a folder are there to stay.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        return File::open(folder)?.sync_all();
    }
    Ok(())
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout => io::stdout().write(bytes),
            Self::Direct(file) => file.write(bytes),
            Self::Whole { file, .. } => file.write(bytes),
            Self::Partial { file, size, .. } => {
                let length = file.write(bytes)?;
                *size += length as u64;
                Ok(length)
            }
            Self::Packed(packer) => packer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout => io::stdout().flush(),
            Self::Direct(file) => file.flush(),
            Self::Whole { file, .. } => file.flush(),
            Self::Partial { file, .. } => file.flush(),
            Self::Packed(packer) => packer.flush(),
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
