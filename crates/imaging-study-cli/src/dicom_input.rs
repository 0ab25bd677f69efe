//! Files of DICOM and of DICOM JSON.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use imaging_study_from_dicom::{FileError, JsonError, Studies};
use memchr::memmem;

use crate::dicom_failure::DicomFailure;
use crate::format::without_mark;
use crate::input::is_stdin;
use crate::progress::Progress;

/// The SOP class of a DICOMDIR, Media Storage Directory Storage (PS3.10 section 8.6).
const MEDIA_STORAGE_DIRECTORY: &[u8] = b"1.2.840.10008.1.3.10";

/// Media Storage SOP Class UID `(0002,0002)` in Explicit VR Little Endian, as far as its length.
const MEDIA_STORAGE_SOP_CLASS: &[u8] = b"\x02\x00\x02\x00UI";

/// How much of a file tells what it is, in bytes.
const START: usize = 8192;

/// What a file is, by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A DICOM file, perhaps a broken one.
    Dicom,
    /// A list of the DICOM files of a medium.
    DicomDir,
    /// Text that begins as DICOM JSON does.
    Json,
    /// Anything else.
    Other,
}

/// Tells what a file is from its beginning.
pub(crate) fn recognise(start: &[u8]) -> Kind {
    let meta = match start.strip_prefix(b"DICM") {
        None => start.get(128..).and_then(|rest| rest.strip_prefix(b"DICM")),
        meta => meta,
    };
    if let Some(meta) = meta {
        return match is_dicomdir(meta) {
            true => Kind::DicomDir,
            false => Kind::Dicom,
        };
    }
    // A data set without the header of a file begins with group 0002 or 0008, in either order of
    // bytes.
    if let [2 | 8, 0, _, 0, ..] | [0, 8, 0, _, b'A'..=b'Z', b'A'..=b'Z', ..] = start {
        return Kind::Dicom;
    }
    let mut text = without_mark(start)
        .iter()
        .filter(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x1E));
    match (text.next(), text.next()) {
        (Some(b'{'), None | Some(b'"' | b'}')) => Kind::Json,
        (Some(b'['), None | Some(b'{' | b'[' | b']')) => Kind::Json,
        (Some(b'['), _) if begins_list(without_mark(start)) => Kind::Json,
        _ => Kind::Other,
    }
}

/// Whether a text begins as a list of objects before which other values stand, such as `null`.
fn begins_list(text: &[u8]) -> bool {
    let mut rest = text
        .trim_ascii_start()
        .strip_prefix(b"[")
        .unwrap_or_default();
    loop {
        rest = rest.trim_ascii_start();
        if let [] | [b'{' | b'[', ..] = rest {
            return true;
        }
        let mut values =
            serde_json::Deserializer::from_slice(rest).into_iter::<serde_json::Value>();
        let Some(Ok(_)) = values.next() else {
            return false;
        };
        rest = rest
            .get(values.byte_offset()..)
            .unwrap_or_default()
            .trim_ascii_start();
        match rest.split_first() {
            Some((b',', behind)) => rest = behind,
            Some((b']', behind)) => return behind.trim_ascii().is_empty(),
            _ => return false,
        }
    }
}

fn is_dicomdir(meta: &[u8]) -> bool {
    let place = memmem::find(meta, MEDIA_STORAGE_SOP_CLASS);
    let value = place.and_then(|place| meta.get(place + MEDIA_STORAGE_SOP_CLASS.len()..));
    let Some([low, high, value @ ..]) = value else {
        return false;
    };
    let length = usize::from(u16::from_le_bytes([*low, *high]));
    let uid = value.get(..length).unwrap_or_default().trim_ascii_end();
    uid.strip_suffix(b"\0").unwrap_or(uid) == MEDIA_STORAGE_DIRECTORY
}

/// Adds what a file holds, unless it is clearly no DICOM; returns what it is.
pub(crate) fn add(
    studies: &mut Studies,
    path: &Path,
    progress: &Progress,
) -> Result<Kind, DicomFailure> {
    if is_stdin(path) {
        return from_pipe(studies, io::stdin().lock(), progress);
    }
    let file = File::open(path).map_err(FileError::Io)?;
    let metadata = file.metadata().map_err(FileError::Io)?;
    if !metadata.is_file() {
        return from_pipe(studies, file, progress);
    }
    let mut file = BufReader::with_capacity(START, file);
    let kind = recognise(file.fill_buf().map_err(FileError::Io)?);
    match kind {
        Kind::Json => studies.add_json_reader(Counted { file, progress })?,
        Kind::Dicom => {
            progress.inc(metadata.len());
            studies.add_dicom(file)?;
        }
        Kind::DicomDir => progress.inc(metadata.len()),
        Kind::Other => {
            progress.inc(metadata.len());
            if is_named_dicom(path) {
                return Err(FileError::NotDicom.into());
            }
        }
    }
    Ok(kind)
}

/// Whether the name of a file says that it is DICOM (PS3.12 gives names without an ending to the
/// files of media).
fn is_named_dicom(path: &Path) -> bool {
    path.extension().is_some_and(|ending| {
        let mut endings = ["dcm", "dicom"].iter();
        endings.any(|known| ending.eq_ignore_ascii_case(known))
    })
}

/// Adds DICOM JSON that can be read only once.
fn from_pipe(
    studies: &mut Studies,
    pipe: impl Read,
    progress: &Progress,
) -> Result<Kind, DicomFailure> {
    let mut start = Vec::new();
    let mut file = Counted {
        file: pipe,
        progress,
    };
    let read = file.by_ref().take(START as u64).read_to_end(&mut start);
    read.map_err(JsonError::Io)?;
    if matches!(recognise(&start), Kind::Dicom | Kind::DicomDir) {
        return Err(DicomFailure::FromPipe);
    }
    studies.add_json_reader(start.as_slice().chain(file))?;
    Ok(Kind::Json)
}

/// A reader that tells how far it has come.
struct Counted<'a, R> {
    file: R,
    progress: &'a Progress,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.progress.inc(length as u64);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(preamble: usize, sop_class: &[u8]) -> Vec<u8> {
        let mut file = vec![0; preamble];
        file.extend(b"DICM\x02\x00\x00\x00UL\x04\x00\x40\x00\x00\x00");
        file.extend(MEDIA_STORAGE_SOP_CLASS);
        file.extend([sop_class.len() as u8, 0]);
        file.extend(sop_class);
        file.extend(b"\x02\x00\x03\x00UI\x04\x001.2\0");
        file
    }

    #[test]
    fn the_content_tells_what_a_file_is() {
        for preamble in [0, 128] {
            let ct = file(preamble, b"1.2.840.10008.5.1.4.1.1.2\0");
            assert_eq!(recognise(&ct), Kind::Dicom);
            let list = file(preamble, MEDIA_STORAGE_DIRECTORY);
            assert_eq!(recognise(&list), Kind::DicomDir);
            let longer = file(preamble, b"1.2.840.10008.1.3.100\0");
            assert_eq!(recognise(&longer), Kind::Dicom);
        }
        for (text, kind) in [
            (&b"\x08\x00\x05\x00CS\x0a\x00"[..], Kind::Dicom),
            (b"\x00\x08\x00\x05CS\x00\x0a", Kind::Dicom),
            (b"\x00\x08\x00\x05\x00\x00", Kind::Other),
            (b"\xEF\xBB\xBF \r\n[ {", Kind::Json),
            (b"[]", Kind::Json),
            (b"[null, {\"0020000D\"", Kind::Json),
            (b"[null]", Kind::Json),
            (b"[5, \"a,]\", true, [{", Kind::Json),
            (b"[2024-01-01] started", Kind::Other),
            (b"[1] a footnote", Kind::Other),
            (b"{\n  \"0020000D\"", Kind::Json),
            (b"{}\n{}", Kind::Json),
            (b"{", Kind::Json),
            (b"[section]\nkey=1", Kind::Other),
            (b"{{template}}", Kind::Other),
            (b"Readme", Kind::Other),
            (b"<html>", Kind::Other),
            (b"", Kind::Other),
            (&[0; 200], Kind::Other),
        ] {
            assert_eq!(recognise(text), kind, "{text:?}");
        }
    }
}
