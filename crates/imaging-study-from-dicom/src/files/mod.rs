//! DICOM files (PS3.10), read without their pixels.

mod character_set;
mod data_set;
mod header;
mod source;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use crate::note::InputNotes;
use crate::{Studies, Tag, tags};
use source::Source;

/// Why a file gave no data set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The file could not be opened or read.
    #[error("the file could not be read")]
    Io(#[from] io::Error),
    /// The file begins neither as PS3.10 section 7 says (`DICM` behind a preamble) nor with a data
    /// set.
    #[error("the file is no DICOM file")]
    NotDicom,
    /// The file ends within the file meta information.
    #[error("the file ends within its header")]
    Truncated,
    /// The data set is compressed as a whole.
    #[error("a deflated data set cannot be read")]
    Deflated,
    /// The transfer syntax is unknown or not stated, and the data set does not tell it.
    #[error("the transfer syntax is not known and cannot be told from the data set")]
    TransferSyntax,
    /// The data set breaks off before it says of which study and series it is.
    #[error("the data set breaks off at {tag}, before the UIDs of its study and its series")]
    BrokenOff {
        /// The element at which it breaks off.
        tag: Tag,
    },
    /// Sequences stand in sequences deeper than 64 levels.
    #[error("the sequences in {tag} are nested too deep")]
    TooDeep {
        /// The outermost of the sequences.
        tag: Tag,
    },
}

impl Studies {
    /// Adds the data set of a DICOM file. Only what stands before the pixels is read, values that are
    /// not needed are skipped, and no more than one value is in memory at a time.
    ///
    /// A file without preamble or file meta information is read if its data set tells the transfer
    /// syntax. Of one that breaks off or is damaged, what stands before the fault is used, with the
    /// note [`BrokenOff`](crate::NoteKind::BrokenOff).
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
    pub fn add_dicom(&mut self, file: impl Read + Seek) -> Result<(), FileError> {
        let mut source = Source::new(file)?;
        let mut notes = InputNotes::new(self.data_sets());
        let encoding = header::read(&mut source, &mut notes)?;
        let (attributes, broken) = data_set::read(source, encoding, &mut notes)?;
        let lacks = |tag| attributes.get(tag).is_none();
        if let Some(tag) = broken
            && (lacks(tags::STUDY_INSTANCE_UID)
                || (lacks(tags::SERIES_INSTANCE_UID) && !lacks(tags::SOP_INSTANCE_UID)))
        {
            return Err(FileError::BrokenOff { tag });
        }
        self.input_notes().append(notes);
        self.add(&attributes);
        Ok(())
    }
}
