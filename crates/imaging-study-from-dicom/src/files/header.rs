//! What stands before the data set: preamble, file meta information, and the transfer syntax.

use std::io::{Read, Seek};

use super::FileError;
use super::source::{Encoding, Source, is_vr};
use crate::note::InputNotes;
use crate::{NoteKind, Tag};

/// Transfer Syntax UID.
const TRANSFER_SYNTAX_UID: Tag = Tag::new(0x0002, 0x0010);

/// The transfer syntaxes whose data set is deflated as a whole (PS3.5 sections A.5, A.7 and A.9).
const DEFLATED: &[&str] = &[
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.4.95",
    "1.2.840.10008.1.2.4.205",
];

/// Goes to the data set and tells how it is written.
pub(super) fn read<R: Read + Seek>(
    source: &mut Source<R>,
    notes: &mut InputNotes,
) -> Result<Encoding, FileError> {
    let start = source.position;
    let stated = if source.peek()? == Some(*b"DICM") {
        // Some writers leave the preamble out.
        source.go(start + 4)?;
        meta(source)?
    } else if let Some(preamble) = source.peek::<132>()?
        && preamble.ends_with(b"DICM")
    {
        source.go(start + 132)?;
        meta(source)?
    } else {
        match source.peek::<8>()? {
            Some([2, 0, _, 0, vr @ .., _, _]) if is_vr(&vr) => meta(source)?,
            Some([8, 0, ..] | [0, 8, ..]) => None,
            _ => return Err(FileError::NotDicom),
        }
    };
    let told = source.peek()?.and_then(|bytes| told(bytes, source.left()));
    let stated = match stated.as_deref() {
        None => None,
        Some(uid) if DEFLATED.contains(&uid) => return Err(FileError::Deflated),
        Some(uid) => of(uid),
    };
    match (stated, told) {
        (Some(stated), Some(told)) if stated == told => Ok(stated),
        (_, Some(told)) => {
            notes.add(NoteKind::TransferSyntax, TRANSFER_SYNTAX_UID);
            Ok(told)
        }
        (Some(stated), None) => Ok(stated),
        (None, None) => Err(FileError::TransferSyntax),
    }
}

/// How the data set of a transfer syntax is written.
fn of(uid: &str) -> Option<Encoding> {
    // Pixels that are compressed in whatever way stand in Explicit VR Little Endian (PS3.5
    // section A.4), also those of a syntax that is newer than this program.
    let rest = uid.strip_prefix("1.2.840.10008.1.2")?;
    match rest {
        "" => Some(Encoding::IMPLICIT),
        ".1" => Some(Encoding::EXPLICIT),
        ".2" => Some(Encoding::BIG_ENDIAN),
        _ => [".4.", ".5", ".6.", ".7.", ".8."]
            .iter()
            .any(|start| rest.starts_with(start))
            .then_some(Encoding::EXPLICIT),
    }
}

/// How a data set is written, by its first bytes.
fn told(bytes: [u8; 8], left: u64) -> Option<Encoding> {
    let [a, b, _, _, v, r, e, f] = bytes;
    // The group of the first element is a small number.
    let big = match (a, b) {
        (1.., 0) => false,
        (0, 1..) => true,
        _ => return None,
    };
    if is_vr(&[v, r]) {
        return Some(Encoding {
            explicit: true,
            big,
        });
    }
    let length = u32::from_le_bytes([v, r, e, f]);
    let fits = length == u32::MAX || u64::from(length) <= left - 8;
    (!big && fits).then_some(Encoding::IMPLICIT)
}

/// The transfer syntax of the file meta information, which is in Explicit VR Little Endian always,
/// or in the implicit one of writers that do not know that; the reader stands behind it then.
fn meta<R: Read + Seek>(source: &mut Source<R>) -> Result<Option<String>, FileError> {
    let mut found = None;
    loop {
        if source.left() == 0 && found.is_some() {
            return Ok(found);
        }
        let start = source.position;
        let mut header = [0; 8];
        if !source.exact(&mut header)? {
            return Err(FileError::Truncated);
        }
        let [group, more, element @ .., v, r, low, high] = header;
        if (group, more) != (2, 0) {
            source.go(start)?;
            return Ok(found);
        }
        let length = match [v, r] {
            [b'O', _] | [b'S', b'Q'] | [b'U', b'C' | b'N' | b'R' | b'T'] => {
                let mut long = [0; 4];
                if !source.exact(&mut long)? {
                    return Err(FileError::Truncated);
                }
                u32::from_le_bytes(long)
            }
            vr if is_vr(&vr) => u32::from(u16::from_le_bytes([low, high])),
            _ => u32::from_le_bytes([v, r, low, high]),
        };
        if source.left() < u64::from(length) {
            return Err(FileError::Truncated);
        }
        if element == [0x10, 0] && length <= 64 {
            let text = source.value(length)?.ok_or(FileError::Truncated)?;
            let text = String::from_utf8_lossy(&text);
            found = Some(text.trim_matches(['\0', ' ']).to_owned());
        } else {
            source.go(source.position + u64::from(length))?;
        }
    }
}
