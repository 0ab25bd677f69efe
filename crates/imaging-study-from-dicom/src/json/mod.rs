//! DICOM JSON (PS3.18 Annex F), read leniently.

mod data_set;
mod framer;

pub use framer::JsonError;

use std::io::Read;

use crate::gather::UNDECODED;
use crate::note::InputNotes;
use crate::{Attributes, NoteKind, Studies, Tag};
use framer::Framer;

/// How much of a reader is taken at once, in bytes.
const CHUNK: usize = 64 * 1024;

impl Studies {
    /// Adds every data set of a DICOM JSON text: an array of them, as WADO-RS metadata and QIDO-RS
    /// answers are, a single one, or any number one after another, as in NDJSON.
    ///
    /// ```
    /// use imaging_study_from_dicom::Studies;
    ///
    /// let mut studies = Studies::default();
    /// studies.add_json(br#"[{
    ///     "0020000D": {"vr": "UI", "Value": ["1.2.3"]},
    ///     "0020000E": {"vr": "UI", "Value": ["1.2.3.1"]},
    ///     "00080018": {"vr": "UI", "Value": ["1.2.3.1.1"]}
    /// }]"#)?;
    /// assert!(studies.get("1.2.3").is_some());
    /// # Ok::<(), imaging_study_from_dicom::JsonError>(())
    /// ```
    ///
    /// What is wrong within a data set does not lose the others; it is one of the
    /// [`notes`](Self::notes).
    ///
    /// # Errors
    ///
    /// The text is not a list of objects, or ends within one. The data sets before that place have
    /// been added.
    pub fn add_json(&mut self, text: &[u8]) -> Result<(), JsonError> {
        let mut reading = Reading::new(self);
        reading.push(text)?;
        reading.end()
    }

    /// Adds every data set of a DICOM JSON stream; see [`add_json`](Self::add_json). No more than
    /// one data set is in memory at a time.
    ///
    /// # Errors
    ///
    /// As [`add_json`](Self::add_json), and those of the reader.
    pub fn add_json_reader(&mut self, mut reader: impl Read) -> Result<(), JsonError> {
        let mut reading = Reading::new(self);
        let mut chunk = vec![0; CHUNK];
        loop {
            match reader.read(&mut chunk) {
                Ok(0) => return reading.end(),
                Ok(length) => reading.push(&chunk[..length])?,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(JsonError::Io(error)),
            }
        }
    }
}

struct Reading<'a> {
    studies: &'a mut Studies,
    framer: Framer,
    /// Used again and again.
    attributes: Attributes,
}

impl<'a> Reading<'a> {
    fn new(studies: &'a mut Studies) -> Self {
        Self {
            studies,
            framer: Framer::default(),
            attributes: Attributes::default(),
        }
    }

    fn push(&mut self, chunk: &[u8]) -> Result<(), JsonError> {
        let (studies, attributes) = (&mut *self.studies, &mut self.attributes);
        self.framer.push(chunk, |object| {
            attributes.clear();
            match object.map(|object| read(object, attributes, studies.input_notes())) {
                Some(true) => studies.add(attributes),
                read => {
                    let kind = match read {
                        None => NoteKind::TooLong,
                        _ => NoteKind::Unreadable,
                    };
                    studies.skip(kind, Tag::new(0, 0));
                }
            }
        })
    }

    fn end(self) -> Result<(), JsonError> {
        self.framer.end()
    }
}

/// The text of bytes of which some are no UTF-8; what those said is not known.
fn decoded(object: &[u8]) -> String {
    let mut text = String::with_capacity(object.len());
    for chunk in object.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(UNDECODED);
        }
    }
    text
}

/// Reads the text of one object; whether it is JSON.
///
/// Nearly every data set is read in one go. In others a number is beyond all bounds, half of a
/// surrogate pair is missing, or a text is not UTF-8, and each attribute is read by itself.
fn read(object: &[u8], attributes: &mut Attributes, notes: &mut InputNotes) -> bool {
    let mut found = InputNotes::new(notes.index);
    let mut done = data_set::read(object, attributes, &mut found);
    if !done {
        attributes.clear();
        found = InputNotes::new(notes.index);
        let object = decoded(object);
        done = data_set::read_each(&object, attributes, &mut found);
    }
    if done {
        notes.append(found);
    }
    done
}
