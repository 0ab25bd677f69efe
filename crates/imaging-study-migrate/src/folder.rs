//! A folder that gets a file for each document.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf, is_separator};

use crate::error::MigrateError;
use crate::format::Syntax;
use crate::output::Access;
use crate::temporary::TemporaryFile;

/// The greatest number of documents: more digits would not sort behind the others.
const MOST: u64 = 9_999_999;

/// A folder and the number of documents in it.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    written: u64,
}

impl Folder {
    /// Whether an argument names a folder: it ends with a separator, or is one.
    pub fn is_named(path: &Path) -> bool {
        let text = path.as_os_str().to_string_lossy();
        text.ends_with(is_separator) || path.is_dir()
    }

    /// An empty folder, which is created where there is none; its parent has to exist.
    pub fn create(path: &Path) -> Result<Self, MigrateError> {
        let failed = |error| MigrateError::Folder {
            path: path.to_owned(),
            error,
        };
        match fs::read_dir(path) {
            Ok(mut entries) => {
                if entries.next().transpose().map_err(failed)?.is_some() {
                    return Err(MigrateError::FolderNotEmpty(path.to_owned()));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir(path).map_err(failed)?;
            }
            Err(error) => return Err(failed(error)),
        }
        Ok(Self {
            path: path.to_owned(),
            written: 0,
        })
    }

    /// Writes a document; its file appears whole or not at all.
    pub fn put(
        &mut self,
        document: &[u8],
        id: Option<&str>,
        syntax: Syntax,
    ) -> Result<(), MigrateError> {
        let number = self.written + 1;
        if number > MOST {
            let error = format!("a folder takes no more than {MOST} documents");
            return Err(MigrateError::Output(io::Error::other(error)));
        }
        let path = self.path.join(file_name(number, id, syntax));
        self.write(document, &path)
            .map_err(|error| MigrateError::Folder { path, error })?;
        self.written = number;
        Ok(())
    }

    fn write(&self, document: &[u8], path: &Path) -> io::Result<()> {
        let mut file = TemporaryFile::create(&self.path, Access::Shared)?;
        file.write_all(document)?;
        // Syncing each file would take most of the time of a large archive: a file is whole or not
        // there whatever ends this program, but not after a power cut.
        // The folder was empty: a file of this name is somebody else's.
        file.persist_noclobber(path)
    }

    /// An error, and what is in the folder by now.
    pub fn unfinished(self, error: MigrateError) -> MigrateError {
        if self.written == 0 {
            return error;
        }
        MigrateError::Unfinished {
            path: self.path,
            what: "documents",
            written: self.written,
            error: Box::new(error),
        }
    }
}

/// The name of a file: the place of the document among the others, its id if that is one in FHIR,
/// and an ending.
fn file_name(number: u64, id: Option<&str>, syntax: Syntax) -> String {
    let ending = match syntax {
        Syntax::Json => "json",
        Syntax::Xml => "xml",
    };
    match id.filter(|id| is_safe(id)) {
        Some(id) => format!("{number:07}-{id}.{ending}"),
        None => format!("{number:07}.{ending}"),
    }
}

/// Whether an id is one by FHIR's rules, and more than dots.
fn is_safe(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    (1..=64).contains(&id.len()) && id.bytes().all(allowed) && id.bytes().any(|byte| byte != b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_number_and_a_safe_id() {
        let name = |id| file_name(12, id, Syntax::Xml);
        assert_eq!(name(Some("example")), "0000012-example.xml");
        assert_eq!(name(Some("A.1-b")), "0000012-A.1-b.xml");
        let long = "a".repeat(64);
        assert_eq!(name(Some(&long)), format!("0000012-{long}.xml"));
        let longer = "a".repeat(65);
        for id in [
            "", ".", "..", "a/b", "../a", "a b", "a_b", "ä", "a\0", &longer,
        ] {
            assert_eq!(name(Some(id)), "0000012.xml", "{id}");
        }
        assert_eq!(name(None), "0000012.xml");
        assert_eq!(file_name(MOST, None, Syntax::Json), "9999999.json");
    }

    #[test]
    fn a_file_of_somebody_else_stays() -> Result<(), Box<dyn std::error::Error>> {
        let parent = tempfile::tempdir()?;
        let path = parent.path().join("out");
        let mut folder = Folder::create(&path)?;
        folder.put(b"one", Some("a"), Syntax::Json)?;
        fs::write(path.join("0000002.json"), "other")?;
        assert!(folder.put(b"two", None, Syntax::Json).is_err());
        assert_eq!(fs::read(path.join("0000002.json"))?, b"other");
        assert_eq!(fs::read_dir(&path)?.count(), 2);
        assert!(matches!(
            Folder::create(&path),
            Err(MigrateError::FolderNotEmpty(_))
        ));
        assert!(Folder::create(&parent.path().join("no").join("out")).is_err());
        assert!(Folder::create(&path.join("0000002.json")).is_err());
        Ok(())
    }
}
