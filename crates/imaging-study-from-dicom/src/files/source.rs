//! A file that knows its end, and the headers of its elements.

use std::io::{self, Read, Seek, SeekFrom};

use crate::Tag;

/// How the elements of a data set are written (PS3.5 section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Encoding {
    /// Each element states its value representation.
    pub(super) explicit: bool,
    /// Numbers have their greatest byte first.
    pub(super) big: bool,
}

impl Encoding {
    pub(super) const EXPLICIT: Self = Self {
        explicit: true,
        big: false,
    };
    pub(super) const IMPLICIT: Self = Self {
        explicit: false,
        big: false,
    };
    pub(super) const BIG_ENDIAN: Self = Self {
        explicit: true,
        big: true,
    };

    pub(super) fn u16(self, bytes: [u8; 2]) -> u16 {
        match self.big {
            true => u16::from_be_bytes(bytes),
            false => u16::from_le_bytes(bytes),
        }
    }

    pub(super) fn u32(self, bytes: [u8; 4]) -> u32 {
        match self.big {
            true => u32::from_be_bytes(bytes),
            false => u32::from_le_bytes(bytes),
        }
    }
}

/// The value representations whose length has 16 bits (PS3.5 section 7.1.2).
const SHORT: &[&[u8; 2]] = &[
    b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN",
    b"SH", b"SL", b"SS", b"ST", b"TM", b"UI", b"UL", b"US",
];

/// The others, whose length has 32 bits.
const LONG: &[&[u8; 2]] = &[
    b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV",
];

/// Whether two bytes are a value representation.
pub(super) fn is_vr(bytes: &[u8]) -> bool {
    SHORT.iter().chain(LONG).any(|vr| *vr == bytes)
}

/// What stands before the value of an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) tag: Tag,
    /// The value representation, where elements state theirs.
    pub(super) vr: Option<[u8; 2]>,
    /// In bytes; none if it is undefined.
    pub(super) length: Option<u32>,
}

/// The end of the file stands within an element, or no element stands here.
#[derive(Debug)]
pub(super) enum Fault {
    Io(io::Error),
    Broken(Tag),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A file that knows where it ends, so that no length is believed that goes beyond.
pub(super) struct Source<R> {
    file: R,
    pub(super) position: u64,
    pub(super) end: u64,
}

impl<R: Read + Seek> Source<R> {
    pub(super) fn new(mut file: R) -> io::Result<Self> {
        let position = file.stream_position()?;
        let end = file.seek(SeekFrom::End(0))?;
        if end != position {
            file.seek(SeekFrom::Start(position))?;
        }
        Ok(Self {
            file,
            position,
            end,
        })
    }

    pub(super) fn left(&self) -> u64 {
        self.end.saturating_sub(self.position)
    }

    /// Reads so many bytes; false if the file ends before.
    pub(super) fn exact(&mut self, bytes: &mut [u8]) -> io::Result<bool> {
        if self.left() < bytes.len() as u64 {
            return Ok(false);
        }
        match self.file.read_exact(bytes) {
            Ok(()) => {
                self.position += bytes.len() as u64;
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                self.end = self.position;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Goes to a place that is not beyond the end.
    pub(super) fn go(&mut self, position: u64) -> io::Result<()> {
        let by = i128::from(position) - i128::from(self.position);
        match i64::try_from(by) {
            Ok(by) => self.file.seek_relative(by)?,
            Err(_) => {
                self.file.seek(SeekFrom::Start(position))?;
            }
        }
        self.position = position;
        Ok(())
    }

    /// The first bytes that follow, without going on.
    pub(super) fn peek<const N: usize>(&mut self) -> io::Result<Option<[u8; N]>> {
        let place = self.position;
        let mut bytes = [0; N];
        let there = self.exact(&mut bytes)?;
        if self.position != place {
            self.go(place)?;
        }
        Ok(there.then_some(bytes))
    }

    /// The value of an element, which the file has in full.
    pub(super) fn value(&mut self, length: u32) -> io::Result<Option<Vec<u8>>> {
        if self.left() < u64::from(length) {
            return Ok(None);
        }
        let mut bytes = vec![0; length as usize];
        Ok(self.exact(&mut bytes)?.then_some(bytes))
    }

    /// The next header; none at the end of the file.
    pub(super) fn header(&mut self, encoding: Encoding) -> Result<Option<Header>, Fault> {
        if self.left() == 0 {
            return Ok(None);
        }
        let unknown = Tag::new(0, 0);
        let mut bytes = [0; 8];
        if !self.exact(&mut bytes)? {
            return Err(Fault::Broken(unknown));
        }
        let [a, b, c, d, v, r, e, f] = bytes;
        let tag = Tag::new(encoding.u16([a, b]), encoding.u16([c, d]));
        // Items and what ends them have no value representation.
        if !encoding.explicit || tag.group() == 0xFFFE {
            return Ok(Some(Header {
                tag,
                vr: None,
                length: defined(encoding.u32([v, r, e, f])),
            }));
        }
        let vr = [v, r];
        let length = if SHORT.contains(&&vr) {
            Some(u32::from(encoding.u16([e, f])))
        } else if vr.iter().all(u8::is_ascii_uppercase) {
            // Value representations that are added later have 32 bits.
            let mut long = [0; 4];
            if !self.exact(&mut long)? {
                return Err(Fault::Broken(tag));
            }
            defined(encoding.u32(long))
        } else {
            return Err(Fault::Broken(tag));
        };
        Ok(Some(Header {
            tag,
            vr: Some(vr),
            length,
        }))
    }
}

fn defined(length: u32) -> Option<u32> {
    Some(length).filter(|length| *length != u32::MAX)
}
