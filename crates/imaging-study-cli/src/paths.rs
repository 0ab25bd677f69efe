//! Files and folders that must not be one and the same.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::RunError;
use crate::format::Format;
use crate::input::is_stdin;

/// An option that names a file for reports, and the file.
pub(crate) type Report<'a> = (&'static str, Option<&'a Path>);

/// Checks that a folder for the output is none that is read, and gets nothing but documents.
pub(crate) fn check_folder(
    folder: &Path,
    format: Option<Format>,
    reports: &[Report<'_>],
    named: &[PathBuf],
) -> Result<(), RunError> {
    if format == Some(Format::Ndjson) {
        return Err(RunError::NdjsonInFolder(folder.to_owned()));
    }
    let Some(real) = real_path(folder) else {
        return Ok(());
    };
    let inputs = named.iter().filter(|path| path.is_dir());
    for input in inputs {
        if fs::canonicalize(input).is_ok_and(|path| path == real) {
            return Err(same_file("an input", "--output", &real));
        }
    }
    for &(role, report) in reports {
        let Some(path) = report else {
            continue;
        };
        if real_path(path).is_some_and(|path| path == real) {
            return Err(same_file("--output", role, &real));
        }
        if real_path(folder_of(path)).is_some_and(|path| path == real) {
            let path = path.to_owned();
            return Err(RunError::ReportInFolder { role, path });
        }
    }
    Ok(())
}

/// Checks that no report overwrites an input or another output. The output itself may replace an
/// input, which is read to its end by then, if all of it could be converted.
pub(crate) fn check_distinct(
    output: Option<&Path>,
    reports: &[Report<'_>],
    files: &[PathBuf],
) -> Result<(), RunError> {
    let written = [("--output", output)]
        .into_iter()
        .chain(reports.iter().copied());
    let mut known: Vec<(&'static str, PathBuf)> = Vec::new();
    for (role, path) in written {
        let Some(path) = path.and_then(place) else {
            continue;
        };
        known.push((role, path));
    }
    for (index, (first, path)) in known.iter().enumerate() {
        if let Some((second, _)) = known[..index].iter().find(|(_, other)| other == path) {
            return Err(same_file(second, first, path));
        }
    }
    known.retain(|(role, _)| *role != "--output");
    check_inputs(known, files)
}

/// Checks that a file that is written is none that is read.
pub(crate) fn check_replaces_none(
    role: &'static str,
    output: Option<&Path>,
    files: &[PathBuf],
) -> Result<(), RunError> {
    let written = output.and_then(place).map(|path| (role, path));
    check_inputs(written.into_iter().collect(), files)
}

/// There may be many inputs, but what is written is rarely there already.
fn check_inputs(
    mut written: Vec<(&'static str, PathBuf)>,
    files: &[PathBuf],
) -> Result<(), RunError> {
    written.retain(|(_, path)| path.exists());
    let inputs = files
        .iter()
        .filter(|path| !written.is_empty() && !is_stdin(path));
    for input in inputs.filter_map(|path| place(path)) {
        if let Some((role, path)) = written.iter().find(|(_, path)| *path == input) {
            return Err(same_file("an input", role, path));
        }
    }
    Ok(())
}

fn same_file(first: &'static str, second: &'static str, path: &Path) -> RunError {
    RunError::SameFile {
        first,
        second,
        path: path.to_owned(),
    }
}

/// The one path of a file, whether it exists or not; none for pipes and devices.
pub(crate) fn place(path: &Path) -> Option<PathBuf> {
    let other = fs::metadata(path).is_ok_and(|found| !found.is_file());
    real_path(path).filter(|_| !other)
}

/// The one path of a file or folder, whether it exists or not; none without a folder around it.
fn real_path(path: &Path) -> Option<PathBuf> {
    if let Ok(real) = fs::canonicalize(path) {
        return Some(real);
    }
    Some(
        fs::canonicalize(folder_of(path))
            .ok()?
            .join(path.file_name()?),
    )
}

/// The folder in which a file stands.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
