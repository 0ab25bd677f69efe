//! A piece of work, and what came of it.

use std::mem;

use smol_str::SmolStr;

use crate::batch::Batch;
use crate::finding::{Finding, Verdict};
use crate::format::Format;
use crate::migrate::Position;
use crate::outcome::{Failure, Place};
use crate::summary::Summary;

/// A batch and what became of it; its memory is used again.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) batch: Batch,
    /// The format of the output.
    pub(crate) format: Format,
    pub(crate) result: Done,
    /// Where the run is behind it.
    pub(crate) at: Position,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            batch: Batch::default(),
            format: Format::Ndjson,
            result: Done::default(),
            at: Position::default(),
        }
    }
}

/// What a buffer may keep for the next batch, in bytes: one large document should not hold its
/// memory for the rest of the run.
const KEEP: usize = 8 << 20;

/// A text of this size is taken over, in bytes: copying it would need the memory twice.
const LARGE: usize = 1 << 20;

impl Work {
    /// Gives back what large documents needed.
    pub(crate) fn release(&mut self) {
        self.batch.bytes.clear();
        self.batch.bytes.shrink_to(KEEP);
        self.result.clear();
    }
}

/// What came of a batch, ready to be written.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) output: Vec<u8>,
    pub(crate) quarantine: Vec<u8>,
    pub(crate) losses: Vec<u8>,
    pub(crate) issues: Vec<u8>,
    /// The lines of the input that were not converted.
    pub(crate) rejects: Vec<u8>,
    /// Whether reports are lines for people.
    pub(crate) text_reports: bool,
    /// The lines or documents in the output.
    pub(crate) documents: Vec<Document>,
    pub(crate) summary: Summary,
    /// What became of each resource, if somebody asks for it.
    pub(crate) findings: Option<Vec<Finding>>,
}

/// A line or document in an output.
#[derive(Debug)]
pub(crate) struct Document {
    /// Where it ends.
    end: usize,
    /// The id of the resource, if somebody asked for it.
    id: Option<SmolStr>,
}

/// What came before a record.
pub(crate) struct Mark {
    output: usize,
    quarantine: usize,
    losses: usize,
    issues: usize,
    documents: usize,
    findings: usize,
    summary: Summary,
}

impl Done {
    pub(crate) fn clear(&mut self) {
        for buffer in [
            &mut self.output,
            &mut self.quarantine,
            &mut self.losses,
            &mut self.issues,
            &mut self.rejects,
        ] {
            buffer.clear();
            buffer.shrink_to(KEEP);
        }
        self.documents.clear();
        self.summary = Summary::default();
        if let Some(findings) = &mut self.findings {
            findings.clear();
        }
    }

    /// Remembers what there is before a record.
    pub(crate) fn mark(&mut self) -> Mark {
        Mark {
            output: self.output.len(),
            quarantine: self.quarantine.len(),
            losses: self.losses.len(),
            issues: self.issues.len(),
            documents: self.documents.len(),
            findings: self.findings.as_ref().map_or(0, Vec::len),
            summary: mem::take(&mut self.summary),
        }
    }

    /// Keeps what came of the record.
    pub(crate) fn keep(&mut self, mark: Mark) {
        let record = mem::replace(&mut self.summary, mark.summary);
        self.summary.add(&record);
    }

    /// Forgets what came of the record.
    pub(crate) fn roll_back(&mut self, mark: Mark) {
        self.output.truncate(mark.output);
        self.quarantine.truncate(mark.quarantine);
        self.losses.truncate(mark.losses);
        self.issues.truncate(mark.issues);
        self.documents.truncate(mark.documents);
        if let Some(findings) = &mut self.findings {
            findings.truncate(mark.findings);
        }
        self.summary = mark.summary;
    }

    /// Appends a document to the output, with the end of its line or as it is.
    pub(crate) fn document(&mut self, text: &[u8], end_line: bool, id: Option<SmolStr>) {
        self.output.extend_from_slice(text);
        if end_line {
            self.output.push(b'\n');
        }
        self.end_document(id);
    }

    /// The same for a text that nobody else needs, with the end of its line.
    pub(crate) fn whole_document(&mut self, text: String, id: Option<SmolStr>) {
        if self.output.is_empty() && text.len() >= LARGE {
            let mut text = text.into_bytes();
            text.reserve_exact(1);
            text.push(b'\n');
            self.output = text;
            self.end_document(id);
        } else {
            self.document(text.as_bytes(), true, id);
        }
    }

    pub(crate) fn end_document(&mut self, id: Option<SmolStr>) {
        self.documents.push(Document {
            end: self.output.len(),
            id,
        });
    }

    /// Appends a report on something that could not be read or converted.
    #[cold]
    pub(crate) fn quarantine(&mut self, failure: &Failure, place: &Place<'_>) {
        self.summary.quarantined += 1;
        self.summary.reject(failure.kind());
        match self.text_reports {
            true => failure.report_text(place, &mut self.quarantine),
            false => failure.report(place, &mut self.quarantine),
        }
        self.found(place, || failure.verdict(place));
    }

    /// Takes note of a resource, if somebody asks for it.
    pub(crate) fn found(&mut self, place: &Place<'_>, verdict: impl FnOnce() -> Verdict) {
        if let Some(findings) = &mut self.findings {
            findings.push(Finding {
                line: place.line,
                path: place.entry.map(str::to_owned),
                verdict: verdict(),
            });
        }
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
