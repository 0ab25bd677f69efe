//! A piece of work, and what came of it.

use smol_str::SmolStr;

use crate::batch::Batch;
use crate::format::Format;
use crate::outcome::{Failure, Place};
use crate::summary::Summary;

/// A batch and what became of it; its memory is used again.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) batch: Batch,
    /// The format of the output.
    pub(crate) format: Format,
    pub(crate) result: Done,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            batch: Batch::default(),
            format: Format::Ndjson,
            result: Done::default(),
        }
    }
}

/// What came of a batch, ready to be written.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) output: Vec<u8>,
    pub(crate) quarantine: Vec<u8>,
    pub(crate) losses: Vec<u8>,
    /// The lines or documents in the output.
    pub(crate) documents: Vec<Document>,
    pub(crate) summary: Summary,
}

/// A line or document in an output.
#[derive(Debug)]
pub(crate) struct Document {
    /// Where it ends.
    end: usize,
    /// The id of the resource, if somebody asked for it.
    id: Option<SmolStr>,
}

impl Done {
    pub(crate) fn clear(&mut self) {
        self.output.clear();
        self.quarantine.clear();
        self.losses.clear();
        self.documents.clear();
        self.summary = Summary::default();
    }

    /// Appends a document to the output, with the end of its line or as it is.
    pub(crate) fn document(&mut self, text: &[u8], end_line: bool, id: Option<SmolStr>) {
        self.output.extend_from_slice(text);
        if end_line {
            self.output.push(b'\n');
        }
        self.documents.push(Document {
            end: self.output.len(),
            id,
        });
    }

    /// Appends a report on something that could not be read or converted.
    pub(crate) fn quarantine(&mut self, failure: &Failure, place: &Place<'_>) {
        self.summary.quarantined += 1;
        failure.report(place, &mut self.quarantine);
    }

    /// The documents in the output, with their ids.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (&[u8], Option<&str>)> {
        let mut start = 0;
        self.documents.iter().map(move |document| {
            let text = self.output.get(start..document.end).unwrap_or_default();
            start = document.end;
            (text, document.id.as_deref())
        })
    }
}
