//! Cutting an input into pieces of work.

use std::io::{self, Read};
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::compressed::Opened;
use crate::foreign;
use crate::format::{Format, Syntax, is_blank, recognise, without_mark};

/// A piece of an input.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The name of the input.
    pub(crate) source: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) bytes: Vec<u8>,
    /// How many bytes of the text stand before it.
    pub(crate) begin: u64,
    /// How many bytes of the text it covers.
    pub(crate) size: u64,
    /// Where the next one begins.
    pub(crate) end: Place,
    /// How many bytes of the input, which may be compressed, were read for it.
    pub(crate) progress: u64,
}

/// A place in an input, between two batches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// How many bytes of the text stand before it, without a byte order mark.
    pub(crate) offset: u64,
    /// The number of the line that begins here.
    pub(crate) line: u64,
    /// The format of the input, if it is known.
    pub(crate) format: Option<Format>,
}

/// What the bytes of a batch are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whole lines; the number of the first one, counted from 1.
    Lines(u64),
    /// A whole document.
    Document(Syntax),
    /// A line that is longer than the limit, and was skipped.
    TooLong(LongLine),
}

/// A line that was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LongLine {
    pub(crate) number: u64,
    /// Its size, and how many bytes stand before it.
    pub(crate) size: u64,
    pub(crate) begin: u64,
}

impl Default for Kind {
    fn default() -> Self {
        Self::Lines(1)
    }
}

impl Batch {
    /// The lines that are not blank, without the line feed: their numbers, and how many bytes of the
    /// text stand before each.
    pub(crate) fn lines(&self, first: u64) -> impl Iterator<Item = (u64, u64, &[u8])> {
        let mut begins = self.begin;
        let mut rest = self.bytes.as_slice();
        let lines = std::iter::from_fn(move || {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..end).filter(|_| !rest.is_empty())?;
            rest = rest.get(end + 1..).unwrap_or_default();
            let begin = begins;
            begins += line.len() as u64 + 1;
            Some((begin, line))
        });
        (first..)
            .zip(lines)
            .map(|(number, (begin, line))| (number, begin, without_mark(line)))
            .filter(|(.., line)| !is_blank(line))
    }
}

/// Reads an input in batches of whole lines, or whole if it is one document.
pub(crate) struct BatchReader<'a> {
    input: Box<dyn Read + 'a>,
    /// How much was read of a compressed input, and how much of that batches cover.
    packed: Option<(Arc<AtomicU64>, u64)>,
    source: Arc<str>,
    format: Option<Format>,
    /// The format of an input with nothing in it.
    format_of_nothing: Format,
    /// The least size of a batch, in bytes, unless the input ends.
    target: usize,
    /// The greatest size of a line or document, in bytes.
    limit: usize,
    /// What was read behind the last line of the batch before.
    rest: Vec<u8>,
    /// Where in it the next batch begins.
    rest_start: usize,
    next_line: u64,
    /// How many bytes of the text the batches cover.
    position: u64,
    started: bool,
    ended: bool,
}

/// What a recycled buffer may keep, in multiples of the size of a batch: one long line should not
/// hold its memory for the rest of the run.
const KEEP: usize = 8;

/// The greatest number of lines of a batch: what comes of a line may be many times as large.
const LINES: usize = 1024;

/// The end of the lines that one batch takes, if there is a whole line.
fn end_of_lines(bytes: &[u8]) -> Option<usize> {
    let end = memchr::memchr_iter(b'\n', bytes).take(LINES).last()?;
    Some(end + 1)
}

/// The least number of bytes that the beginning of an input is told by.
const START: usize = 16;

impl<'a> BatchReader<'a> {
    pub(crate) fn new(
        input: Opened<'a>,
        source: Arc<str>,
        format: Option<Format>,
        format_of_nothing: Format,
        target: usize,
        limit: usize,
    ) -> Self {
        Self {
            input: input.reader,
            packed: input.packed.map(|count| (count, 0)),
            source,
            format,
            format_of_nothing,
            target: target.max(1),
            limit,
            rest: Vec::new(),
            rest_start: 0,
            next_line: 1,
            position: 0,
            started: false,
            ended: false,
        }
    }

    /// Goes on at a place where another reader of the same input has been.
    pub(crate) fn go_on(&mut self, place: &Place) -> io::Result<()> {
        if place.offset == 0 {
            return Ok(());
        }
        let mut start = Vec::new();
        self.fill(&mut start, 3)?;
        let start = without_mark(&start);
        let offset = usize::try_from(place.offset).unwrap_or(usize::MAX);
        match start.get(offset..) {
            Some(rest) => self.rest = rest.to_vec(),
            None => {
                let missing = place.offset - start.len() as u64;
                let skipped = io::copy(&mut (&mut self.input).take(missing), &mut io::sink())?;
                if skipped < missing {
                    let error = "the input is shorter than it was";
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, error));
                }
            }
        }
        self.started = true;
        self.next_line = place.line;
        self.position = place.offset;
        self.format = place.format;
        Ok(())
    }

    /// The name of the input.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The format of the input; known once the first batch is there.
    pub(crate) fn format(&self) -> Option<Format> {
        self.format
    }

    /// Reads the next batch into `batch`, whose memory is used again; `false` at the end.
    pub(crate) fn read(&mut self, batch: &mut Batch) -> io::Result<bool> {
        let more = self.read_unpacked(batch)?;
        batch.begin = self.position;
        self.position += if more { batch.size } else { 0 };
        batch.end = Place {
            offset: self.position,
            line: self.next_line,
            format: self.format,
        };
        batch.progress = match &mut self.packed {
            Some((count, covered)) => {
                let now = count.load(Ordering::Relaxed);
                now - mem::replace(covered, now)
            }
            None => batch.size,
        };
        Ok(more)
    }

    fn read_unpacked(&mut self, batch: &mut Batch) -> io::Result<bool> {
        batch.bytes.clear();
        batch.bytes.shrink_to(KEEP * self.target);
        batch.source = Arc::clone(&self.source);
        let rest = self.rest.get(self.rest_start..).unwrap_or_default();
        if let Some(end) = end_of_lines(rest) {
            batch.bytes.extend_from_slice(&rest[..end]);
            self.rest_start += end;
            self.count_lines(batch);
            return Ok(true);
        }
        batch.bytes.extend_from_slice(rest);
        self.rest.clear();
        self.rest_start = 0;
        let least = if self.started {
            self.target
        } else {
            self.target.max(START)
        };
        self.fill(&mut batch.bytes, least)?;
        batch.size = batch.bytes.len() as u64;
        let first = !self.started;
        if first {
            self.start(&mut batch.bytes)?;
        }
        let is_document = self.format.is_some_and(Format::is_one_document);
        if batch.bytes.is_empty() && !(first && is_document) {
            return Ok(false);
        }
        if let Some(format) = self.format.filter(|format| format.is_one_document()) {
            // One byte more than the limit tells a document of that size from a larger one.
            self.fill(&mut batch.bytes, self.limit.saturating_add(1))?;
            self.ended = true;
            batch.kind = Kind::Document(format.syntax());
            batch.size = batch.bytes.len() as u64;
            return Ok(true);
        }
        self.cut(batch)?;
        Ok(true)
    }

    /// Looks at the beginning of the input.
    fn start(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        self.started = true;
        if let Some(problem) = foreign::problem(bytes) {
            return Err(io::Error::new(io::ErrorKind::Unsupported, problem));
        }
        let mark = bytes.len() - without_mark(bytes).len();
        bytes.drain(..mark);
        let nothing = self.ended && is_blank(bytes);
        self.format.get_or_insert_with(|| match nothing {
            true => self.format_of_nothing,
            false => recognise(bytes, self.ended),
        });
        Ok(())
    }

    /// Ends a batch behind its last whole line.
    fn cut(&mut self, batch: &mut Batch) -> io::Result<()> {
        let bytes = &mut batch.bytes;
        let mut searched = 0;
        loop {
            if let Some(end) = memchr::memrchr(b'\n', &bytes[searched..]) {
                let end = end_of_lines(bytes).unwrap_or(searched + end + 1);
                self.rest.extend_from_slice(&bytes[end..]);
                bytes.truncate(end);
                break;
            }
            if self.ended {
                break;
            }
            // The carriage return of a line end does not count towards the limit.
            if bytes.len() > self.limit.saturating_add(1) {
                let number = self.next_line;
                self.next_line += 1;
                let (begin, all) = (self.position, self.skip_line(bytes)?);
                batch.size = all.0;
                let size = all.0 - u64::from(all.1);
                batch.kind = Kind::TooLong(LongLine {
                    number,
                    size,
                    begin,
                });
                return Ok(());
            }
            searched = bytes.len();
            let more = self
                .target
                .min((self.limit - bytes.len().min(self.limit)).saturating_add(2));
            self.fill(bytes, searched + more)?;
        }
        self.count_lines(batch);
        Ok(())
    }

    fn count_lines(&mut self, batch: &mut Batch) {
        batch.kind = Kind::Lines(self.next_line);
        batch.size = batch.bytes.len() as u64;
        self.next_line += memchr::memchr_iter(b'\n', &batch.bytes).count() as u64;
    }

    /// Reads over the rest of a line; returns the length of all of it, and whether it had an end.
    fn skip_line(&mut self, bytes: &mut Vec<u8>) -> io::Result<(u64, bool)> {
        let (mut size, mut ended) = (0, false);
        loop {
            if let Some(end) = memchr::memchr(b'\n', bytes) {
                self.rest.extend_from_slice(&bytes[end + 1..]);
                size += end as u64 + 1;
                ended = true;
                break;
            }
            size += bytes.len() as u64;
            bytes.clear();
            if self.ended {
                break;
            }
            self.fill(bytes, self.target)?;
        }
        bytes.clear();
        Ok((size, ended))
    }

    /// Reads until there are `size` bytes or the input ends.
    fn fill(&mut self, bytes: &mut Vec<u8>, size: usize) -> io::Result<()> {
        let Some(missing) = size.checked_sub(bytes.len()).filter(|&missing| missing > 0) else {
            return Ok(());
        };
        if self.ended {
            return Ok(());
        }
        bytes.reserve(missing.min(KEEP * self.target));
        let read = (&mut self.input).take(missing as u64).read_to_end(bytes)?;
        self.ended = read < missing;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compressed::open_here;

    fn lines(input: &[u8], target: usize, limit: usize) -> Vec<(u64, String)> {
        let ndjson = Format::Ndjson;
        let mut reader = BatchReader::new(
            open_here(input).expect("memory"),
            "x".into(),
            Some(ndjson),
            ndjson,
            target,
            limit,
        );
        let mut batch = Batch::default();
        let mut found = Vec::new();
        let mut size = 0;
        while reader.read(&mut batch).expect("memory can be read") {
            size += batch.size;
            match batch.kind {
                Kind::Lines(first) => {
                    assert!(memchr::memchr_iter(b'\n', &batch.bytes).count() <= LINES);
                    let lines = batch.lines(first);
                    found.extend(lines.map(|(number, _, line)| {
                        let line = line.strip_suffix(b"\r").unwrap_or(line);
                        (number, String::from_utf8_lossy(line).into_owned())
                    }));
                }
                Kind::TooLong(line) => found.push((line.number, "too long".to_owned())),
                Kind::Document(_) => found.push((0, "document".to_owned())),
            }
        }
        assert_eq!(size, without_mark(input).len() as u64);
        found
    }

    #[test]
    fn the_size_of_batches_does_not_change_the_lines() {
        let input = b"\xEF\xBB\xBFa\n\r\n bcd \r\n\nefghijklmnopq\nr\ns";
        let expected = [
            (1, "a"),
            (3, " bcd "),
            (5, "efghijklmnopq"),
            (6, "r"),
            (7, "s"),
        ]
        .map(|(number, line)| (number, line.to_owned()));
        for target in 1..40 {
            assert_eq!(lines(input, target, 13), expected, "{target}");
        }
        for target in [4, 5, 9, 100] {
            let limited = lines(b"abcd\r\nabcdefgh\nx\nabcdefg", target, 4);
            let numbers: Vec<u64> = limited.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, [1, 2, 3, 4], "{target}");
            assert_eq!(limited[0].1, "abcd");
            assert_eq!(limited[2].1, "x");
        }
    }

    #[test]
    fn a_batch_has_no_more_lines_than_a_few() {
        let input: String = (1..=5 * LINES)
            .map(|number| format!("{number}\n"))
            .collect();
        for target in [1, 1_000, 6_000, 1 << 20] {
            let found = lines(input.as_bytes(), target, 100);
            assert_eq!(found.len(), 5 * LINES, "{target}");
            for (number, text) in found {
                assert_eq!(number.to_string(), text);
            }
        }
    }

    #[test]
    fn nothing_has_no_batch() {
        assert!(lines(b"", 10, 10).is_empty());
        assert!(lines(b"\n\n", 1, 10).is_empty());
    }
}
