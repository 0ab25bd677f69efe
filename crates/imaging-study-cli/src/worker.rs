//! Converting one line or document after the other.

use imaging_study::{FhirVersion, Limits, json, xml};

use crate::batch::Kind;
use crate::format::{Format, Syntax};
use crate::guard::guarded;
use crate::migrate::Settings;
use crate::outcome::{Failure, Place};
use crate::work::{Done, Work};

/// Converts batches, one after the other; each thread has its own.
pub(crate) struct Worker<'a> {
    pub(crate) settings: &'a Settings,
    /// Whether anybody reads the records of losses.
    pub(crate) record_losses: bool,
    /// Whether studies stay in their version, for those who only want to know which it is.
    pub(crate) looks_only: bool,
    /// The version that a study was read in last, where studies are checked.
    pub(crate) reading: Option<FhirVersion>,
    pub(crate) json: json::Decoder,
    pub(crate) xml: xml::Decoder,
    /// These read resources of other types, and Bundles around studies.
    pub(crate) json_tree: json::Decoder,
    pub(crate) xml_tree: xml::Decoder,
}

/// The format in which a document stands, and the one in which it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Formats {
    pub(crate) input: Format,
    pub(crate) output: Format,
}

impl Formats {
    /// Whether what passes untouched has to be brought into one line.
    pub(crate) fn joins(self) -> bool {
        self.input == Format::Json && self.output == Format::Ndjson
    }

    /// Whether what passes untouched gets the end of a line: documents keep their own.
    pub(crate) const fn ends_line(self) -> bool {
        !(self.input.is_one_document() && self.output.is_one_document())
    }
}

/// How many levels a Bundle puts around a study, or a Bundle inside another one.
const BUNDLE_DEPTH: usize = 4;

impl<'a> Worker<'a> {
    pub(crate) fn new(settings: &'a Settings, record_losses: bool) -> Self {
        let limits = settings.limits;
        let tree_limits = Limits {
            depth: limits.depth.saturating_add(BUNDLE_DEPTH),
            ..limits
        };
        let json_decoder = |limits| {
            let mut decoder = json::Decoder::default();
            decoder.limits = limits;
            decoder
        };
        let xml_decoder = |limits| {
            let mut decoder = xml::Decoder::default();
            decoder.limits = limits;
            decoder
        };
        Self {
            settings,
            record_losses,
            looks_only: false,
            reading: None,
            json: json_decoder(limits),
            xml: xml_decoder(limits),
            json_tree: json_decoder(tree_limits),
            xml_tree: xml_decoder(tree_limits),
        }
    }

    /// Converts a batch.
    pub(crate) fn process(&mut self, work: &mut Work) {
        let done = &mut work.result;
        done.clear();
        let batch = &work.batch;
        let mut place = Place {
            source: &batch.source,
            line: 1,
            column: 0,
            entry: None,
        };
        let formats = |input| Formats {
            input,
            output: work.format,
        };
        match batch.kind {
            Kind::Lines(first) => {
                for (number, line) in batch.lines(first) {
                    place.line = number;
                    self.document(line, formats(Format::Ndjson), &place, done);
                }
            }
            Kind::Document(Syntax::Json) => {
                self.document(&batch.bytes, formats(Format::Json), &place, done);
            }
            Kind::Document(Syntax::Xml) => {
                self.document(&batch.bytes, formats(Format::Xml), &place, done);
            }
            Kind::TooLong(number) => {
                place.line = number;
                let limit = self.settings.limits.bytes;
                done.summary.read += 1;
                let failure = Failure::TooLong { limit };
                match (&self.settings.validation, &self.settings.visit) {
                    (Some(validation), _) => validation.failed(&failure, None, &place, done),
                    (None, Some(visit)) => visit.not_read(&failure, b"", &place, done),
                    (None, None) => done.quarantine(&failure, &place),
                }
            }
        }
    }

    /// Converts a line or document.
    fn document(&mut self, bytes: &[u8], formats: Formats, place: &Place<'_>, done: &mut Done) {
        let syntax = formats.input.syntax();
        if self.settings.validation.is_some() {
            return self.validate(bytes, syntax, place, done);
        }
        if let Some(search) = &self.settings.search {
            return self.search(search, bytes, formats.input, place, done);
        }
        if let Some(visit) = &self.settings.visit {
            return self.visit(visit, (bytes, syntax), place, done);
        }
        if self.settings.repairs {
            return self.repair(bytes, formats, place, done);
        }
        let failure = match self.converted(bytes, syntax, self.settings.from, formats.output) {
            Ok(converted) => {
                done.summary.read += 1;
                let (text, id) = self.record(converted, place, done);
                done.whole_document(text, id);
                return;
            }
            Err(failure) => failure,
        };
        let mark = done.mark();
        let passed = self.guarded(|worker| {
            let other = worker.other(bytes, syntax, failure)?;
            worker.pass(bytes, other, formats, place, done)
        });
        match &passed {
            Err(Failure::Internal(_)) => done.roll_back(mark),
            _ => done.keep(mark),
        }
        if let Err(failure) = passed {
            done.summary.read += 1;
            done.quarantine(&failure.located(bytes, syntax, self.settings), place);
        }
    }

    /// Does some work; a panic becomes a failure, and nothing that it left half done is used again.
    pub(crate) fn guarded<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let result = guarded(|| work(self));
        if let Err(Failure::Internal(_)) = result {
            let looks_only = self.looks_only;
            *self = Self::new(self.settings, self.record_losses);
            self.looks_only = looks_only;
        }
        result
    }
}
