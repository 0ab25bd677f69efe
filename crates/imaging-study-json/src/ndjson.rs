//! One resource a line.

use std::io::{self, BufRead, Write};

use imaging_study_core::{Decoded, Element, Json, ReadError, ReadErrorKind, WriteError};

use crate::decoder::Decoder;
use crate::encode::{json_to_string, to_string};

/// Reads NDJSON: one resource a line, in constant memory. Blank lines are skipped; lines may end
/// in CRLF and the last one without a line end. A line that cannot be read is reported with its
/// number, and the next one is read as if nothing had happened.
///
/// ```
/// use imaging_study_json::NdjsonReader;
/// use imaging_study_r4::ImagingStudy;
///
/// let input = "{\"resourceType\":\"ImagingStudy\",\"id\":\"a\"}\n\
///              not json\n\
///              {\"resourceType\":\"ImagingStudy\",\"id\":\"b\"}";
/// let mut reader = NdjsonReader::new(input.as_bytes());
/// let mut read = Vec::new();
/// let mut bad = Vec::new();
/// while let Some(line) = reader.read::<ImagingStudy>() {
///     match line {
///         Ok(study) => read.push(study.id.value.map(|id| id.to_string())),
///         Err(error) => bad.push(error.position().line),
///     }
/// }
/// assert_eq!((read.len(), bad), (2, vec![2]));
/// ```
#[derive(Debug)]
pub struct NdjsonReader<R> {
    input: R,
    decoder: Decoder,
    line: Vec<u8>,
    number: u64,
    failed: bool,
}

/// A line that is not blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NdjsonLine<'a> {
    /// The number of the line, counted from 1.
    pub number: u64,
    /// The line without its end.
    pub bytes: &'a [u8],
}

impl<R: BufRead> NdjsonReader<R> {
    /// Reads lines with the default options.
    pub fn new(input: R) -> Self {
        Self::with_decoder(input, Decoder::default())
    }

    /// Reads lines with the options of a decoder; its size limit holds for each line.
    pub fn with_decoder(input: R, decoder: Decoder) -> Self {
        Self {
            input,
            decoder,
            line: Vec::new(),
            number: 0,
            failed: false,
        }
    }

    /// Reads the next resource; `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// The line is no such resource, or too long; further lines can still be read. Or the input
    /// fails, which ends it.
    pub fn read<T: Element>(&mut self) -> Option<Result<T, ReadError>> {
        self.decode()
            .map(|decoded| decoded.map(|decoded| decoded.value))
    }

    /// Reads the next resource and reports what is unknown in it; `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// Those of [`NdjsonReader::read`].
    pub fn decode<T: Element>(&mut self) -> Option<Result<Decoded<T>, ReadError>> {
        match self.fill_line() {
            Ok(true) => Some(self.decoder.decode_line(&self.line, self.number)),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }

    /// Reads the next line as a tree that keeps digits and the order of members, whatever JSON it
    /// is; `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// The line is no JSON, or too long; further lines can still be read. Or the input fails, which
    /// ends it.
    pub fn read_json(&mut self) -> Option<Result<Json, ReadError>> {
        match self.fill_line() {
            Ok(true) => Some(self.decoder.decode_json_line(&self.line, self.number)),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }

    /// The next line as it stands; `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// The line is too long; further lines can still be read. Or the input fails, which ends it.
    pub fn next_line(&mut self) -> Option<Result<NdjsonLine<'_>, ReadError>> {
        match self.fill_line() {
            Ok(true) => Some(Ok(NdjsonLine {
                number: self.number,
                bytes: &self.line,
            })),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }

    /// Fetches the next line that is not blank.
    fn fill_line(&mut self) -> Result<bool, ReadError> {
        while !self.failed {
            self.number += 1;
            self.line.clear();
            let limit = self.decoder.limits.bytes;
            let (found, whole) =
                read_line(&mut self.input, &mut self.line, limit).map_err(|error| {
                    self.failed = true;
                    ReadError::new(error.into(), self.line.len()).locate(&self.line, self.number)
                })?;
            if !found {
                return Ok(false);
            }
            if !whole {
                return Err(ReadError::new(ReadErrorKind::TooLarge { limit }, limit)
                    .locate(&[], self.number));
            }
            if !self.line.iter().all(u8::is_ascii_whitespace) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Appends a line without its end, at most `limit` bytes of it; tells whether there was a line and
/// whether it fit.
fn read_line(
    input: &mut impl BufRead,
    line: &mut Vec<u8>,
    limit: usize,
) -> io::Result<(bool, bool)> {
    let mut found = false;
    let mut whole = true;
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            break;
        }
        found = true;
        let end = memchr::memchr(b'\n', available);
        let part = &available[..end.unwrap_or(available.len())];
        // The carriage return of a line end does not count towards the limit.
        whole &= line.len() + part.len() <= limit.saturating_add(1);
        if whole {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            break;
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok((found, whole && line.len() <= limit))
}

/// Writes NDJSON: one resource a line, each ended by a newline.
#[derive(Debug)]
pub struct NdjsonWriter<W> {
    output: W,
}

impl<W: Write> NdjsonWriter<W> {
    /// Writes lines to `output`, which is best buffered.
    pub const fn new(output: W) -> Self {
        Self { output }
    }

    /// Writes a resource.
    ///
    /// # Errors
    ///
    /// An element in it is empty, and nothing is written; or the output fails.
    pub fn write<T: Element>(&mut self, element: &T) -> Result<(), WriteError> {
        self.write_text(to_string(element)?)
    }

    /// Writes any JSON value.
    ///
    /// # Errors
    ///
    /// The output fails.
    pub fn write_json(&mut self, value: &Json) -> Result<(), WriteError> {
        self.write_text(json_to_string(value))
    }

    fn write_text(&mut self, mut text: String) -> Result<(), WriteError> {
        text.push('\n');
        self.output.write_all(text.as_bytes())?;
        Ok(())
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    ///
    /// The output fails.
    pub fn flush(&mut self) -> Result<(), WriteError> {
        self.output.flush()?;
        Ok(())
    }

    /// The output.
    pub fn into_inner(self) -> W {
        self.output
    }
}
