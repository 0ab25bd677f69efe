//! NDJSON of any length that is never held as a whole.

use std::io::{self, Read};

use crate::studies::MixedStudies;

/// NDJSON of generated studies, made while it is read and kept one line at a time.
///
/// ```
/// use std::io::Read;
///
/// use imaging_study_benches::StudyStream;
///
/// let mut text = String::new();
/// StudyStream::new(10_000).read_to_string(&mut text)?;
/// assert!(text.len() >= 10_000 && text.ends_with("}\n"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct StudyStream {
    studies: MixedStudies,
    remaining: u64,
    line: Vec<u8>,
    position: usize,
}

impl StudyStream {
    /// Whole lines with at least `length` bytes in all.
    #[must_use]
    pub fn new(length: u64) -> Self {
        Self {
            studies: MixedStudies::default(),
            remaining: length,
            line: Vec::new(),
            position: 0,
        }
    }
}

impl Read for StudyStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position == self.line.len() {
            if self.remaining == 0 {
                return Ok(0);
            }
            let Some(study) = self.studies.next() else {
                return Ok(0);
            };
            self.line = study.into_bytes();
            self.line.push(b'\n');
            self.position = 0;
            self.remaining = self.remaining.saturating_sub(self.line.len() as u64);
        }
        let read = (&self.line[self.position..]).read(buffer)?;
        self.position += read;
        Ok(read)
    }
}
