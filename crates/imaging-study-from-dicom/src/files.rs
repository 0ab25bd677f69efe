//! DICOM files (PS3.10), read without their pixels.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use dicom_core::header::Header;
use dicom_core::value::PrimitiveValue;
use dicom_encoding::TransferSyntaxIndex;
use dicom_parser::StatefulDecode;
use dicom_parser::dataset::LazyDataToken;
use dicom_parser::dataset::lazy_read::LazyDataSetReader;
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

use crate::attribute::{self, Attribute, Kind};
use crate::gather::Values;
use crate::note::InputNotes;
use crate::{Attributes, NoteKind, Studies, Tag, Value};

/// Where reading ends: behind the last attribute that is needed, and before the functional groups of
/// each frame, overlays and pixels.
const END: dicom_core::Tag = dicom_core::Tag(0x5200, 0x9230);

const SPECIFIC_CHARACTER_SET: dicom_core::Tag = dicom_core::Tag(0x0008, 0x0005);

const EXPLICIT_VR_LITTLE_ENDIAN: &str = "1.2.840.10008.1.2.1";

/// The longest value that is read, in bytes.
const MAX_LENGTH: u32 = 64 * 1024;

/// Why a file gave no data set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The file could not be opened or read.
    #[error("the file could not be read")]
    Io(#[from] io::Error),
    /// The file does not begin as PS3.10 section 7 says: `DICM` behind a preamble, then the file meta
    /// information with a transfer syntax.
    #[error("the file is no DICOM file")]
    NotDicom,
    /// The data set is in a transfer syntax that cannot be read, such as the deflated one.
    #[error("the transfer syntax cannot be read")]
    TransferSyntax,
    /// The data set is broken before the pixels.
    #[error("the data set is broken")]
    DataSet(#[source] Box<dicom_parser::dataset::lazy_read::Error>),
}

impl Studies {
    /// Adds the data set of a DICOM file. Only what stands before the pixels is read, values that are
    /// not needed are skipped, and no more than one value is in memory at a time.
    ///
    /// # Errors
    ///
    /// The file cannot be read; nothing of it was added.
    pub fn add_file(&mut self, path: impl AsRef<Path>) -> Result<(), FileError> {
        self.add_dicom(BufReader::new(File::open(path)?))
    }

    /// Adds the data set of a DICOM file that is read from elsewhere; see
    /// [`add_file`](Self::add_file).
    ///
    /// # Errors
    ///
    /// The file cannot be read; nothing of it was added.
    pub fn add_dicom(&mut self, mut file: impl Read + Seek) -> Result<(), FileError> {
        let transfer_syntax = transfer_syntax(&mut file)?;
        // Pixels that are compressed in whatever way stand in Explicit VR Little Endian (PS3.5
        // section A.4), also those of a syntax that is newer than this program.
        let syntax = TransferSyntaxRegistry
            .get(&transfer_syntax)
            .or_else(|| {
                let compressed = transfer_syntax.starts_with("1.2.840.10008.1.2.4.");
                TransferSyntaxRegistry
                    .get(EXPLICIT_VR_LITTLE_ENDIAN)
                    .filter(|_| compressed)
            })
            .filter(|syntax| !matches!(syntax.codec(), dicom_encoding::Codec::Dataset(_)))
            .ok_or(FileError::TransferSyntax)?;
        let mut notes = InputNotes::new(self.data_sets());
        let attributes = {
            let reader = LazyDataSetReader::new_with_ts(file, syntax).map_err(data_set)?;
            read(reader, &mut notes)?
        };
        self.input_notes().append(notes);
        self.add(&attributes);
        Ok(())
    }
}

#[cold]
fn data_set(error: dicom_parser::dataset::lazy_read::Error) -> FileError {
    FileError::DataSet(Box::new(error))
}

/// The transfer syntax (0002,0010) of the file meta information, which is in Explicit VR Little
/// Endian always; the reader stands behind it then.
fn transfer_syntax(file: &mut (impl Read + Seek)) -> Result<String, FileError> {
    let mut start = [0; 132];
    let not_dicom = |error: io::Error| match error.kind() {
        io::ErrorKind::UnexpectedEof => FileError::NotDicom,
        _ => FileError::Io(error),
    };
    file.read_exact(&mut start[..4]).map_err(not_dicom)?;
    // Some writers leave the preamble out.
    if &start[..4] != b"DICM" {
        file.read_exact(&mut start[4..]).map_err(not_dicom)?;
        if &start[128..] != b"DICM" {
            return Err(FileError::NotDicom);
        }
    }
    let mut found = None;
    loop {
        let mut header = [0; 8];
        file.read_exact(&mut header).map_err(not_dicom)?;
        let [group, more, element @ .., v, r, low, high] = header;
        if (group, more) != (2, 0) {
            file.seek_relative(-8)?;
            return found.ok_or(FileError::NotDicom);
        }
        let length = match [v, r] {
            [b'O', _] | [b'S', b'Q'] | [b'U', b'C' | b'N' | b'R' | b'T'] => {
                let mut long = [0; 4];
                file.read_exact(&mut long).map_err(not_dicom)?;
                u32::from_le_bytes(long)
            }
            _ => u32::from(u16::from_le_bytes([low, high])),
        };
        if element == [0x10, 0] && length <= 64 {
            let mut text = Vec::new();
            file.by_ref()
                .take(u64::from(length))
                .read_to_end(&mut text)?;
            let text = String::from_utf8_lossy(&text);
            found = Some(text.trim_matches(['\0', ' ']).to_owned());
        } else {
            file.seek_relative(i64::from(length))?;
        }
    }
}

/// A needed sequence that is open.
struct Open {
    attribute: &'static Attribute,
    items: Vec<Attributes>,
    item: Attributes,
}

/// Reads what is needed of a data set.
fn read<S: StatefulDecode>(
    mut reader: LazyDataSetReader<S>,
    notes: &mut InputNotes,
) -> Result<Attributes, FileError> {
    let mut attributes = Attributes::default();
    let mut open: Vec<Open> = Vec::new();
    // How many sequences are open that are not needed.
    let mut skipped = 0_u64;
    while let Some(token) = reader.advance() {
        let token = token.map_err(data_set)?;
        let at_root = open.is_empty() && skipped == 0;
        match token {
            LazyDataToken::ElementHeader(header) if at_root && header.tag() >= END => break,
            LazyDataToken::PixelSequenceStart if at_root => break,
            LazyDataToken::SequenceStart { tag, .. } if at_root && tag >= END => break,
            LazyDataToken::SequenceStart { tag, .. } => {
                match needed(tag).filter(|one| one.kind() == Kind::Sequence) {
                    Some(attribute) if skipped == 0 => open.push(Open {
                        attribute,
                        items: Vec::new(),
                        item: Attributes::default(),
                    }),
                    _ => skipped += 1,
                }
            }
            LazyDataToken::PixelSequenceStart => skipped += 1,
            LazyDataToken::SequenceEnd if skipped > 0 => skipped -= 1,
            LazyDataToken::SequenceEnd => {
                if let Some(closed) = open.pop() {
                    let mut values = Values::new(closed.attribute, notes);
                    closed.items.into_iter().for_each(|item| values.item(item));
                    let value = values.finish();
                    let parent = open.last_mut().map_or(&mut attributes, |one| &mut one.item);
                    set(parent, closed.attribute, value, notes);
                }
            }
            LazyDataToken::ItemEnd if skipped == 0 => {
                if let Some(one) = open.last_mut() {
                    one.items.push(std::mem::take(&mut one.item));
                }
            }
            token @ LazyDataToken::LazyValue { .. } => {
                let LazyDataToken::LazyValue { header, .. } = &token else {
                    continue;
                };
                let (tag, length) = (header.tag(), header.len.0);
                let attribute =
                    needed(tag).filter(|one| skipped == 0 && one.kind() != Kind::Sequence);
                if let Some(attribute) = attribute
                    && length > MAX_LENGTH
                {
                    notes.add(NoteKind::TooLong, attribute.tag);
                }
                let read = attribute.is_some() || tag == SPECIFIC_CHARACTER_SET;
                if !read || length > MAX_LENGTH {
                    let skipping = token.skip();
                    if skipping.is_err() {
                        break;
                    }
                    continue;
                }
                let value = token.into_value();
                let Some(attribute) = attribute else { continue };
                let value = match value {
                    Ok(value) => gather(&value, attribute, notes),
                    Err(_) => {
                        notes.add(NoteKind::Malformed, attribute.tag);
                        None
                    }
                };
                let place = open.last_mut().map_or(&mut attributes, |one| &mut one.item);
                set(place, attribute, value, notes);
            }
            token => {
                // Only the values of items have anything to skip.
                if matches!(token, LazyDataToken::LazyItemValue { .. }) && token.skip().is_err() {
                    break;
                }
            }
        }
    }
    Ok(attributes)
}

fn needed(tag: dicom_core::Tag) -> Option<&'static Attribute> {
    attribute::by_tag(Tag::new(tag.group(), tag.element()))
}

fn gather(
    value: &PrimitiveValue,
    attribute: &'static Attribute,
    notes: &mut InputNotes,
) -> Option<Value> {
    let mut values = Values::new(attribute, notes);
    let mut take = |text: &str| {
        // One NUL makes the length of a UID even, as it must be.
        let padded = attribute.kind() == Kind::Uid && text.len().is_multiple_of(2);
        let text = text.strip_suffix('\0').filter(|_| padded).unwrap_or(text);
        values.text(text);
    };
    match value {
        PrimitiveValue::Empty => {}
        PrimitiveValue::Str(text) => take(text),
        PrimitiveValue::Strs(texts) => texts.iter().for_each(|text| take(text)),
        // VR UN, or one that the attribute does not have.
        PrimitiveValue::U8(bytes) => take(&String::from_utf8_lossy(bytes)),
        other => other.to_multi_str().iter().for_each(|text| take(text)),
    }
    values.finish()
}

fn set(
    place: &mut Attributes,
    attribute: &'static Attribute,
    value: Option<Value>,
    notes: &mut InputNotes,
) {
    if let Some(value) = value
        && let Some(first) = place.set(attribute.tag, value)
    {
        place.set(attribute.tag, first);
        notes.add(NoteKind::Repeated, attribute.tag);
    }
}
