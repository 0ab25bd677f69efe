//! The data set of a file, read element by element.

use std::io::{Read, Seek};

use super::FileError;
use super::character_set::CharacterSet;
use super::source::{Encoding, Fault, Header, Source, is_vr};
use crate::attribute::{self, Attribute, Kind};
use crate::attributes::MAX_DEPTH;
use crate::gather::Values;
use crate::note::InputNotes;
use crate::{Attributes, NoteKind, Tag, Value};

/// Where reading ends: behind the last attribute that is needed, and before the functional groups of
/// each frame, overlays and pixels.
const END: Tag = Tag::new(0x5200, 0x9230);

const SPECIFIC_CHARACTER_SET: Tag = Tag::new(0x0008, 0x0005);
const ITEM: Tag = Tag::new(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag::new(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag::new(0xFFFE, 0xE0DD);
const PIXEL_DATA: Tag = Tag::new(0x7FE0, 0x0010);

/// The longest value that is read, in bytes.
const MAX_LENGTH: u32 = 64 * 1024;

/// A sequence that is open.
struct Open {
    tag: Tag,
    /// None if it is not needed.
    attribute: Option<&'static Attribute>,
    encoding: Encoding,
    /// The items are bytes, such as those of compressed pixels.
    bytes: bool,
    /// Where it ends, if its length is stated.
    end: Option<u64>,
    items: Vec<Attributes>,
    item: Option<Item>,
}

/// The item of a sequence that is open.
struct Item {
    end: Option<u64>,
    attributes: Attributes,
    character_set: CharacterSet,
}

struct Reader<'a, R> {
    source: Source<R>,
    encoding: Encoding,
    notes: &'a mut InputNotes,
    attributes: Attributes,
    character_set: CharacterSet,
    open: Vec<Open>,
}

/// Reads what is needed of a data set, and tells at which element it breaks off, if it does.
pub(super) fn read<R: Read + Seek>(
    source: Source<R>,
    encoding: Encoding,
    notes: &mut InputNotes,
) -> Result<(Attributes, Option<Tag>), FileError> {
    let mut reader = Reader {
        source,
        encoding,
        notes,
        attributes: Attributes::default(),
        character_set: CharacterSet::default(),
        open: Vec::new(),
    };
    loop {
        let step = reader.close_ended();
        let fault = match step.map_or_else(|| reader.step(), |()| Ok(true)) {
            Ok(true) => continue,
            Ok(false) => return Ok((reader.attributes, None)),
            Err(fault) => fault,
        };
        let tag = match fault {
            Stop::Fault(Fault::Io(error)) => return Err(error.into()),
            Stop::TooDeep(tag) => return Err(FileError::TooDeep { tag }),
            Stop::Fault(Fault::Broken(tag)) => tag,
        };
        if !reader.recover()? {
            let tag = reader.open.first().map_or(tag, |open| open.tag);
            while !reader.open.is_empty() {
                reader.close_item();
                reader.close_sequence();
            }
            reader.notes.add(NoteKind::BrokenOff, tag);
            return Ok((reader.attributes, Some(tag)));
        }
    }
}

/// Why the next element was not read.
enum Stop {
    Fault(Fault),
    TooDeep(Tag),
}

impl<E: Into<Fault>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

impl<R: Read + Seek> Reader<'_, R> {
    /// Closes one item or sequence that ends here by its length.
    fn close_ended(&mut self) -> Option<()> {
        let position = self.source.position;
        let open = self.open.last()?;
        match &open.item {
            Some(item) if item.end == Some(position) => self.close_item(),
            None if open.end == Some(position) => self.close_sequence(),
            _ => return None,
        }
        Some(())
    }

    /// Reads the next element; whether there is more to read.
    fn step(&mut self) -> Result<bool, Stop> {
        let encoding = self.open.last().map_or(self.encoding, |open| open.encoding);
        let Some(header) = self.source.header(encoding)? else {
            return match self.open.first() {
                Some(open) => Err(Fault::Broken(open.tag).into()),
                None => Ok(false),
            };
        };
        let broken = Err(Stop::Fault(Fault::Broken(header.tag)));
        let inside = self.open.last().map(|open| open.item.is_some());
        match (header.tag, inside) {
            (ITEM, Some(false)) => self.begin_item(header)?,
            (ITEM_END, Some(true)) => self.close_item(),
            (SEQUENCE_END, Some(false)) => self.close_sequence(),
            // Where an item has lost its end.
            (SEQUENCE_END, Some(true)) => return broken,
            (_, Some(false)) => return broken,
            // The groups of commands and of the file have no place in a data set; many zeros do.
            (tag, _) if matches!(tag.group(), 0 | 2 | 0xFFFE) => return broken,
            (tag, None) if tag >= END => {
                return if is_behind(header) { Ok(false) } else { broken };
            }
            _ => self.element(header, encoding)?,
        }
        Ok(true)
    }

    /// The end that the innermost stated length gives, and the end of the file.
    fn limits(&self) -> (u64, u64) {
        let ends = self.open.iter().rev().find_map(|open| {
            let item = open.item.as_ref().and_then(|item| item.end);
            item.or(open.end)
        });
        (ends.unwrap_or(u64::MAX), self.source.end)
    }

    /// Where a sequence or an item of a length ends, which must not be behind what it stands in.
    fn end(&self, header: Header) -> Result<Option<u64>, Stop> {
        let end = header
            .length
            .map(|length| self.source.position + u64::from(length));
        match end {
            Some(end) if end > self.limits().0 => Err(Fault::Broken(header.tag).into()),
            end => Ok(end),
        }
    }

    fn begin_item(&mut self, header: Header) -> Result<(), Stop> {
        let end = self.end(header)?;
        let character_set = self.character_set().clone();
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        if open.bytes {
            return self.skip(header);
        }
        open.item = Some(Item {
            end,
            attributes: Attributes::default(),
            character_set,
        });
        Ok(())
    }

    fn close_item(&mut self) {
        if let Some(open) = self.open.last_mut()
            && let Some(item) = open.item.take()
            && open.attribute.is_some()
        {
            open.items.push(item.attributes);
        }
    }

    fn close_sequence(&mut self) {
        if let Some(closed) = self.open.pop()
            && let Some(attribute) = closed.attribute
        {
            let mut values = Values::new(attribute, self.notes);
            closed.items.into_iter().for_each(|item| values.item(item));
            let value = values.finish();
            self.set(attribute, value);
        }
    }

    /// The character set that holds here: that of the item, or of what it stands in.
    fn character_set(&mut self) -> &mut CharacterSet {
        let items = self.open.iter_mut().rev();
        let innermost = items.filter_map(|open| open.item.as_mut()).next();
        match innermost {
            Some(item) => &mut item.character_set,
            None => &mut self.character_set,
        }
    }

    /// Whether everything is needed that this place stands in.
    fn is_needed(&self) -> bool {
        self.open.last().is_none_or(|open| open.attribute.is_some())
    }

    fn element(&mut self, header: Header, encoding: Encoding) -> Result<(), Stop> {
        let Header { tag, vr, length } = header;
        let attribute = attribute::by_tag(tag).filter(|_| self.is_needed());
        let is_sequence = match vr {
            Some(vr) => &vr == b"SQ" || (&vr == b"UN" && length.is_none()),
            None => length.is_none(),
        };
        let sequence = attribute.filter(|one| one.kind() == Kind::Sequence);
        // One of unknown value representation is implicit within (PS3.5 section 6.2.2).
        let within = match vr {
            Some(vr) if &vr == b"UN" => Encoding::IMPLICIT,
            _ => encoding,
        };
        if let Some(attribute) = sequence
            && (is_sequence || vr.is_none_or(|vr| &vr == b"UN"))
        {
            return self.begin(header, Some(attribute), within, false);
        }
        if is_sequence || length.is_none() {
            if let Some(attribute) = attribute {
                self.notes.add(NoteKind::Malformed, attribute.tag);
            }
            return match length {
                Some(_) => self.skip(header),
                None => self.begin(header, None, within, !is_sequence || tag == PIXEL_DATA),
            };
        }
        if attribute.is_none() && (tag != SPECIFIC_CHARACTER_SET || !self.is_needed()) {
            return self.skip(header);
        }
        let length = length.unwrap_or_default();
        if length > MAX_LENGTH {
            self.notes.add(NoteKind::TooLong, tag);
            return self.skip(header);
        }
        let (limit, _) = self.limits();
        let fits = self.source.position + u64::from(length) <= limit;
        let bytes = if fits {
            self.source.value(length)?
        } else {
            None
        };
        let bytes = bytes.ok_or(Fault::Broken(tag))?;
        match attribute {
            None => *self.character_set() = CharacterSet::of(&bytes),
            Some(attribute) => {
                let value = self.gather(&bytes, attribute, vr, encoding);
                self.set(attribute, value);
            }
        }
        Ok(())
    }

    /// Opens a sequence.
    fn begin(
        &mut self,
        header: Header,
        attribute: Option<&'static Attribute>,
        encoding: Encoding,
        bytes: bool,
    ) -> Result<(), Stop> {
        let end = self.end(header)?;
        if self.open.len() >= MAX_DEPTH {
            let outermost = self.open.first().map_or(header.tag, |open| open.tag);
            return Err(Stop::TooDeep(outermost));
        }
        self.open.push(Open {
            tag: header.tag,
            attribute,
            encoding,
            bytes,
            end,
            items: Vec::new(),
            item: None,
        });
        Ok(())
    }

    /// Goes to the end of a value.
    fn skip(&mut self, header: Header) -> Result<(), Stop> {
        let length = header.length.ok_or(Fault::Broken(header.tag))?;
        let end = self.source.position + u64::from(length);
        let (limit, file) = self.limits();
        if end > limit.min(file) {
            return Err(Fault::Broken(header.tag).into());
        }
        self.source.go(end)?;
        Ok(())
    }

    /// Goes behind the innermost item or sequence whose stated end is ahead, and leaves that out;
    /// whether there is one.
    fn recover(&mut self) -> Result<bool, FileError> {
        let (position, file) = (self.source.position, self.source.end);
        let ahead = |end: Option<u64>| end.filter(|end| (position..=file).contains(end));
        let Some((index, in_item)) =
            self.open
                .iter()
                .enumerate()
                .rev()
                .find_map(|(index, open)| {
                    let item = open.item.as_ref().and_then(|item| ahead(item.end));
                    item.map(|_| (index, true))
                        .or_else(|| ahead(open.end).map(|_| (index, false)))
                })
        else {
            return Ok(false);
        };
        self.open.truncate(index + 1);
        let Some(open) = self.open.last_mut() else {
            return Ok(false);
        };
        let end = match in_item {
            true => open.item.take().and_then(|item| item.end),
            false => open.end,
        };
        if let Some(attribute) = open.attribute {
            self.notes.add(NoteKind::Malformed, attribute.tag);
        }
        if !in_item {
            self.open.pop();
        }
        self.source.go(end.unwrap_or(position))?;
        Ok(true)
    }

    /// The values of an attribute.
    fn gather(
        &mut self,
        bytes: &[u8],
        attribute: &'static Attribute,
        vr: Option<[u8; 2]>,
        encoding: Encoding,
    ) -> Option<Value> {
        let kind = attribute.kind();
        let decoded = match vr.as_ref().and_then(|vr| numbers(bytes, vr, encoding)) {
            Some(numbers) => (numbers, false),
            None => self.character_set().decode(bytes, kind),
        };
        let mut values = Values::new(attribute, self.notes);
        if let Some(vr) = vr
            && &vr != b"UN"
            && let Ok(vr) = str::from_utf8(&vr)
        {
            values.vr(vr);
        }
        let (text, guessed) = decoded;
        if guessed {
            values.note(NoteKind::CharacterSetGuessed);
        }
        // One NUL makes the length of a UID even, as it must be.
        let padded = kind == Kind::Uid && text.len().is_multiple_of(2);
        let text = text.strip_suffix('\0').filter(|_| padded).unwrap_or(&text);
        values.text(text);
        values.finish()
    }

    fn set(&mut self, attribute: &'static Attribute, value: Option<Value>) {
        let Some(value) = value else { return };
        let item = self.open.last_mut().and_then(|open| open.item.as_mut());
        let place = item.map_or(&mut self.attributes, |item| &mut item.attributes);
        if let Some(first) = place.set(attribute.tag, value) {
            place.set(attribute.tag, first);
            self.notes.add(NoteKind::Repeated, attribute.tag);
        }
    }
}

/// Whether an element is one of those that stand behind all that is needed, and no chance bytes.
fn is_behind(header: Header) -> bool {
    match header.vr {
        Some(vr) => is_vr(&vr),
        None => {
            matches!(header.tag.group(), 0x5200..=0x56FF | 0x6000..=0x60FF | 0x7F00..=0x7FFF)
                || header.tag.group() >= 0xFFF0
        }
    }
}

/// The numbers of a binary value representation as a text.
fn numbers(bytes: &[u8], vr: &[u8; 2], encoding: Encoding) -> Option<String> {
    fn join<const N: usize>(
        bytes: &[u8],
        big: bool,
        text: impl Fn([u8; N]) -> String,
    ) -> Option<String> {
        let (values, rest) = bytes.as_chunks::<N>();
        let texts = values.iter().map(|value| {
            let mut value = *value;
            if big {
                value.reverse();
            }
            text(value)
        });
        let texts: Vec<String> = texts.collect();
        rest.is_empty().then(|| texts.join("\\"))
    }
    let big = encoding.big;
    match vr {
        b"US" => join(bytes, big, |value| u16::from_le_bytes(value).to_string()),
        b"SS" => join(bytes, big, |value| i16::from_le_bytes(value).to_string()),
        b"UL" => join(bytes, big, |value| u32::from_le_bytes(value).to_string()),
        b"SL" => join(bytes, big, |value| i32::from_le_bytes(value).to_string()),
        b"UV" => join(bytes, big, |value| u64::from_le_bytes(value).to_string()),
        b"SV" => join(bytes, big, |value| i64::from_le_bytes(value).to_string()),
        b"FL" => join(bytes, big, |value| f32::from_le_bytes(value).to_string()),
        b"FD" => join(bytes, big, |value| f64::from_le_bytes(value).to_string()),
        _ => None,
    }
}
