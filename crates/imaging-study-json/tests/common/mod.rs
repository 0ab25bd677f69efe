//! Where the tests find their files.

#![allow(
    dead_code,
    reason = "every test file compiles this one and uses a part of it"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// A folder below `fixtures/`.
pub(crate) fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures")
        .join(folder)
}

/// A folder of files that are not part of the repository: official examples, test suites. They lie
/// beside the checkout, or where `IMAGING_STUDY_SHARED` says. Without them the caller has nothing
/// to test, which is said aloud and is an error where `CI` is `true`.
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("IMAGING_STUDY_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "no folder {folder}: set IMAGING_STUDY_SHARED"
    );
    eprintln!("SKIPPED: no folder {folder} beside the checkout; set IMAGING_STUDY_SHARED");
    None
}

/// The files of a folder whose names begin and end so, in alphabetical order.
pub(crate) fn files(folder: &Path, start: &str, end: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot list {}: {error}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("a readable folder"))
        .map(|entry| {
            (
                entry.file_name().into_string().expect("a name in Unicode"),
                entry.path(),
            )
        })
        .filter(|(name, _)| name.starts_with(start) && name.ends_with(end))
        .map(|(name, path)| (name, fs::read(path).expect("a readable file")))
        .collect();
    files.sort();
    files
}

/// The folders in a folder, in alphabetical order.
pub(crate) fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot list {}: {error}", folder.display()));
    let mut folders: Vec<_> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}
