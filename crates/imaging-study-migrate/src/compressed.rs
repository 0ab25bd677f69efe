//! Inputs that are compressed with gzip or zstandard.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

use flate2::bufread::GzDecoder;

/// How bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// gzip (RFC 1952), one or more members.
    Gzip,
    /// Zstandard (RFC 8878), one or more frames.
    Zstd,
}

/// The greatest window of a frame that is read, as a power of two: 128 MiB.
const WINDOW: u32 = 27;

/// How many of the first bytes tell how an input is compressed.
const MAGIC: u64 = 4;

/// The size of the pieces in which one thread hands bytes to another, and how many wait.
const PIECE: usize = 1 << 18;
pub(crate) const WAITING: usize = 4;

impl Compression {
    /// What the ending of a name says: `.gz` or `.zst`.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        let ending = path.extension()?;
        [Self::Gzip, Self::Zstd]
            .into_iter()
            .find(|kind| ending.eq_ignore_ascii_case(kind.ending()))
    }

    /// The ending of names, without the dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Zstd => "zst",
        }
    }

    /// The name of the format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// What the first bytes say. A frame that is skipped may be the first one (RFC 8878, 3.1.2).
    #[must_use]
    pub fn of_start(start: &[u8]) -> Option<Self> {
        match start {
            [0x1F, 0x8B, ..] => Some(Self::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// The name of a file without the ending of a compressed one.
pub(crate) fn without_ending(path: &Path) -> &OsStr {
    match Compression::of_name(path) {
        Some(_) => path.file_stem().unwrap_or_default(),
        None => path.file_name().unwrap_or_default(),
    }
}

/// What can be read of an input.
pub struct Opened<'a> {
    pub reader: Box<dyn Read + 'a>,
    /// How many bytes of the compressed input were read, if it is one.
    pub packed: Option<Arc<AtomicU64>>,
}

/// Reads an input on a thread of its own if it is compressed: by its first bytes, or by its name if
/// there is nothing in it.
pub(crate) fn open_apart(
    input: impl Read + Send + 'static,
    named: Option<Compression>,
) -> io::Result<Opened<'static>> {
    open(input, named, |reader, compression| {
        let reader: Box<dyn Read + Send> = match compression {
            Compression::Gzip => Box::new(Gunzip::new(reader)),
            Compression::Zstd => Box::new(unzstd(reader)?),
        };
        Ok(Box::new(Pieces::start(reader)?))
    })
}

/// The same on the thread that reads, for what cannot go to another one.
pub(crate) fn open_here<'a>(input: impl Read + 'a) -> io::Result<Opened<'a>> {
    open(input, None, |reader, compression| {
        Ok(match compression {
            Compression::Gzip => Box::new(Gunzip::new(reader)),
            Compression::Zstd => Box::new(unzstd(reader)?),
        })
    })
}

fn open<'a, R: Read + 'a>(
    mut input: R,
    named: Option<Compression>,
    unpack: impl FnOnce(Counted<R>, Compression) -> io::Result<Box<dyn Read + 'a>>,
) -> io::Result<Opened<'a>> {
    let start = start(&mut input, named)?;
    let Some(compression) = Compression::of_start(&start) else {
        return Ok(Opened {
            reader: Box::new(Cursor::new(start).chain(input)),
            packed: None,
        });
    };
    let (reader, packed) = counted(start, input);
    Ok(Opened {
        reader: unpack(reader, compression)?,
        packed: Some(packed),
    })
}

fn start(input: &mut impl Read, named: Option<Compression>) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    input.take(MAGIC).read_to_end(&mut start)?;
    match named {
        // Text that kept its old name can be read; but nothing is no compressed nothing.
        Some(compression) if start.is_empty() => {
            Err(broken(compression, &"there is nothing in it"))
        }
        _ => Ok(start),
    }
}

type Counted<R> = BufReader<Counter<io::Chain<Cursor<Vec<u8>>, R>>>;

fn counted<R: Read>(start: Vec<u8>, input: R) -> (Counted<R>, Arc<AtomicU64>) {
    let count = Arc::new(AtomicU64::new(0));
    let counter = Counter {
        inner: Cursor::new(start).chain(input),
        count: Arc::clone(&count),
    };
    (BufReader::with_capacity(1 << 16, counter), count)
}

fn unzstd<R: BufRead>(reader: R) -> io::Result<Unzstd<R>> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(reader)?;
    decoder.window_log_max(WINDOW)?;
    Ok(Unzstd(decoder))
}

fn broken(compression: Compression, error: &dyn std::fmt::Display) -> io::Error {
    let name = compression.name();
    let error = format!("the input is compressed with {name}, but broken: {error}");
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// An error of a device stays what it is.
fn named(compression: Compression, error: io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(_) => error,
        None => broken(compression, &error),
    }
}

/// Counts the bytes that are read.
struct Counter<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.count.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

struct Unzstd<R: BufRead>(zstd::stream::read::Decoder<'static, R>);

impl<R: BufRead> Read for Unzstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer);
        read.map_err(|error| named(Compression::Zstd, error))
    }
}

/// Reads the members of a gzip file, and zeros behind the last one, which tapes need.
struct Gunzip<R> {
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Gunzip<R> {
    fn new(reader: R) -> Self {
        Self {
            member: Some(GzDecoder::new(reader)),
        }
    }

    /// The reader at the beginning of the next member, if there is one.
    fn next(mut rest: R) -> io::Result<Option<R>> {
        let mut padded = false;
        loop {
            let bytes = match rest.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            match bytes {
                [] => return Ok(None),
                [0, ..] => {
                    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
                    padded = true;
                    rest.consume(zeros);
                }
                [0x1F, ..] if !padded => return Ok(Some(rest)),
                _ => {
                    let error = "something else stands behind its end";
                    return Err(broken(Compression::Gzip, &error));
                }
            }
        }
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(member) = &mut self.member {
            let length = member
                .read(buffer)
                .map_err(|error| named(Compression::Gzip, error))?;
            if length > 0 {
                return Ok(length);
            }
            if let Some(ended) = self.member.take() {
                self.member = Self::next(ended.into_inner())?.map(GzDecoder::new);
            }
        }
        Ok(0)
    }
}

/// What one thread unpacked, read by another.
struct Pieces {
    pieces: mpsc::Receiver<io::Result<Vec<u8>>>,
    /// Gives pieces back that were read.
    done: mpsc::Sender<Vec<u8>>,
    piece: Vec<u8>,
    read: usize,
    ended: bool,
}

impl Pieces {
    fn start(mut reader: Box<dyn Read + Send>) -> io::Result<Self> {
        let (full, pieces) = mpsc::sync_channel(WAITING);
        let (done, empty) = mpsc::channel::<Vec<u8>>();
        let unpack = move || {
            // Who reads may be gone: then nobody wants the rest.
            while let Ok(false) = Self::send(&mut reader, &empty, &full) {}
        };
        thread::Builder::new().name("unpack".into()).spawn(unpack)?;
        Ok(Self {
            pieces,
            done,
            piece: Vec::new(),
            read: 0,
            ended: false,
        })
    }

    /// Unpacks a piece; tells whether it was the last one.
    fn send(
        reader: &mut impl Read,
        empty: &mpsc::Receiver<Vec<u8>>,
        full: &mpsc::SyncSender<io::Result<Vec<u8>>>,
    ) -> Result<bool, mpsc::SendError<io::Result<Vec<u8>>>> {
        let mut piece = empty.try_recv().unwrap_or_default();
        piece.clear();
        piece.reserve(PIECE);
        let read = reader.take(PIECE as u64).read_to_end(&mut piece);
        // What came before an error is good.
        if !piece.is_empty() {
            full.send(Ok(piece))?;
        }
        match read {
            Ok(1..) => return Ok(false),
            // An empty piece is the end, so that a thread that died is none.
            Ok(0) => full.send(Ok(Vec::new()))?,
            Err(error) => full.send(Err(error))?,
        }
        Ok(true)
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.read == self.piece.len() && !self.ended {
            let piece = self.pieces.recv();
            let piece = piece.unwrap_or_else(|_| Err(io::Error::other("unpacking ended early")));
            self.ended = !matches!(&piece, Ok(piece) if !piece.is_empty());
            let old = std::mem::replace(&mut self.piece, piece?);
            self.read = 0;
            // The thread may have ended.
            let _ = self.done.send(old);
        }
        let rest = self.piece.get(self.read..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.read += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).expect("memory");
        encoder.include_checksum(true).expect("an encoder");
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    /// What is read on this thread; another one reads the same.
    fn read(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let read = |opened: io::Result<Opened<'_>>| {
            let mut text = Vec::new();
            opened?.reader.read_to_end(&mut text).map(|_| text)
        };
        let here = read(open_here(bytes));
        let apart = read(open_apart(Cursor::new(bytes.to_vec()), None));
        match (&here, &apart) {
            (Ok(here), Ok(apart)) => assert_eq!(here, apart),
            (here, apart) => {
                let text = |read: &io::Result<Vec<u8>>| read.as_ref().err().map(|e| e.to_string());
                assert_eq!(text(here), text(apart));
            }
        }
        here
    }

    fn sample() -> Vec<u8> {
        let lines =
            (0..40_000).map(|number: u32| format!("{number} {}\n", number.wrapping_mul(77_777)));
        lines.collect::<String>().into_bytes()
    }

    #[test]
    fn members_and_what_stands_between_them_are_read() {
        let text = sample();
        let skipped = b"\x5A\x2A\x4D\x18\x03\0\0\0abc";
        for packed in [
            text.clone(),
            gzip(&text),
            [gzip(&text[..70]), gzip(b""), gzip(&text[70..])].concat(),
            [gzip(&text), vec![0; 100_000]].concat(),
            zstd(&text),
            [zstd(&text[..70]), zstd(b""), zstd(&text[70..])].concat(),
            [skipped.to_vec(), zstd(&text), skipped.to_vec()].concat(),
        ] {
            assert!(read(&packed).expect("whole") == text);
        }
        assert_eq!(read(b"").expect("nothing"), b"");
        assert_eq!(read(&gzip(b"")).expect("nothing"), b"");
    }

    /// Wherever it breaks off and whatever bit changes, it is an error and not another text.
    #[test]
    fn what_is_broken_is_an_error() {
        let text = &sample()[..900];
        for packed in [gzip(text), zstd(text), [zstd(text), zstd(text)].concat()] {
            for end in 4..packed.len() {
                if let Ok(found) = read(&packed[..end]) {
                    assert_eq!((found.as_slice(), end), (text, packed.len() / 2), "{end}");
                }
            }
            for place in 10..packed.len() {
                let mut changed = packed.clone();
                changed[place] ^= 0x10;
                if let Ok(found) = read(&changed) {
                    // Some bits mean nothing, such as the name of the system.
                    assert!(found == text || found == [text, text].concat(), "{place}");
                }
            }
        }
        let behind = [gzip(text), b"rest".to_vec()].concat();
        assert!(read(&behind).is_err());
        let hidden = [gzip(text), vec![0; 512], gzip(text)].concat();
        assert!(read(&hidden).is_err());
        assert!(open_apart(io::empty(), Some(Compression::Gzip)).is_err());
    }
}
