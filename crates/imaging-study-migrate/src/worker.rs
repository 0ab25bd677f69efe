//! Converting one line or document after the other.

use imaging_study::{FhirVersion, Limits, Undecided, json, xml};

use crate::batch::Kind;
use crate::format::{Format, Syntax};
use crate::guard::guarded;
use crate::migrate::Settings;
use crate::outcome::{Failure, Place};
use crate::validation::IssueFormat;
use crate::work::{Done, Work};

/// Converts batches, one after the other; each thread has its own.
pub(crate) struct Worker<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) wants: Wants,
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

/// What somebody reads of what comes of a batch.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wants {
    /// The records of losses.
    pub(crate) losses: bool,
    /// The lines that were not converted.
    pub(crate) rejects: bool,
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
    pub(crate) fn new(settings: &'a Settings, wants: Wants) -> Self {
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
            wants,
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
        done.text_reports = self.settings.report_format == IssueFormat::Text;
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
                for (number, begin, line) in batch.lines(first) {
                    place.line = number;
                    let size = line.strip_suffix(b"\r").unwrap_or(line).len();
                    if size > self.settings.limits.bytes {
                        self.too_long((size as u64, begin), &place, done);
                        continue;
                    }
                    self.record_of(line, formats(Format::Ndjson), &place, done);
                }
            }
            Kind::Document(Syntax::Json) => {
                self.record_of(&batch.bytes, formats(Format::Json), &place, done);
            }
            Kind::Document(Syntax::Xml) => {
                self.record_of(&batch.bytes, formats(Format::Xml), &place, done);
            }
            Kind::TooLong(line) => {
                place.line = line.number;
                self.too_long((line.size, line.begin), &place, done);
            }
        }
    }

    /// Reports a line of this size, and where it begins, that is longer than the limit.
    fn too_long(&self, (size, begin): (u64, u64), place: &Place<'_>, done: &mut Done) {
        let limit = self.settings.limits.bytes;
        let failure = Failure::TooLong { limit, size, begin };
        if self.settings.envelope {
            return self.failed_row(&failure, place, done);
        }
        done.summary.read += 1;
        match (&self.settings.validation, &self.settings.visit) {
            (Some(validation), _) => validation.failed(&failure, None, place, done),
            (None, Some(visit)) => visit.not_read(&failure, b"", place, done),
            (None, None) => done.quarantine(&failure, place),
        }
    }

    /// Converts a line or document; what cannot be converted is kept as it was, if somebody wants it.
    fn record_of(&mut self, whole: &[u8], formats: Formats, place: &Place<'_>, done: &mut Done) {
        let bytes = match formats.input {
            Format::Ndjson => whole.strip_suffix(b"\r").unwrap_or(whole),
            _ => whole,
        };
        let before = done.summary.quarantined;
        done.summary.documents += u64::from(formats.input.is_one_document());
        match self.settings.envelope {
            true => self.row(bytes, formats, place, done),
            false => self.document(bytes, formats, place, done),
        }
        let is_whole = bytes.len() <= self.settings.limits.bytes;
        if self.wants.rejects && done.summary.quarantined > before && is_whole {
            done.rejects.extend_from_slice(whole);
            done.rejects.push(b'\n');
        }
    }

    /// Converts a line or document.
    pub(crate) fn document(
        &mut self,
        bytes: &[u8],
        formats: Formats,
        place: &Place<'_>,
        done: &mut Done,
    ) {
        let syntax = formats.input.syntax();
        if let Some(failure) = self.too_many(bytes, syntax) {
            done.summary.read += 1;
            match &self.settings.validation {
                Some(validation) => validation.failed(&failure, None, place, done),
                None => done.quarantine(&failure, place),
            }
            return;
        }
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
        let converted = match syntax == Syntax::Json && is_of_another_type(bytes) {
            // What says first that it is no study is not read as one.
            true => Err(Undecided::NotAStudy.into()),
            false => self.converted(bytes, syntax, self.settings.from, formats.output),
        };
        let failure = match converted {
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

    /// Whether a document has more elements than it may. Only a large one can: an element of JSON has
    /// six bytes or more.
    fn too_many(&self, bytes: &[u8], syntax: Syntax) -> Option<Failure> {
        let most = self.settings.elements;
        if bytes.len() / 6 <= most {
            return None;
        }
        let mut elements = 0;
        let limits = self.json_tree.limits;
        // What is no JSON or XML is told by the reader.
        let read = match syntax {
            Syntax::Json => json::scan(bytes, limits, |_| elements += 1),
            Syntax::Xml => xml::scan(bytes, limits, |_| elements += 1),
        };
        (read.is_ok() && elements > most).then_some(Failure::TooMany(most))
    }

    /// Does some work; a panic becomes a failure, and nothing that it left half done is used again.
    pub(crate) fn guarded<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let result = guarded(|| work(self));
        if let Err(Failure::Internal(_)) = result {
            let looks_only = self.looks_only;
            *self = Self::new(self.settings, self.wants);
            self.looks_only = looks_only;
        }
        result
    }
}

/// Whether the first member of an object is the type of a resource that is no study.
fn is_of_another_type(bytes: &[u8]) -> bool {
    let after = |bytes: &'_ [u8], token: &[u8]| -> Option<usize> {
        let text = bytes.trim_ascii_start();
        text.starts_with(token)
            .then(|| bytes.len() - text.len() + token.len())
    };
    let mut rest = bytes;
    for token in [&b"{"[..], b"\"resourceType\"", b":", b"\""] {
        match after(rest, token) {
            Some(end) => rest = &rest[end..],
            None => return false,
        }
    }
    let end = memchr::memchr2(b'"', b'\\', rest);
    match end.map(|end| rest.split_at(end)) {
        Some((name, end)) => end.starts_with(b"\"") && name != b"ImagingStudy",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_member_may_tell_the_type() {
        for (text, other) in [
            (r#"{"resourceType":"Patient"}"#, true),
            (r#" { "resourceType" : "Patient" , "x":1}"#, true),
            (r#"{"resourceType":"imagingstudy"}"#, true),
            (r#"{"resourceType":"ImagingStudy"}"#, false),
            (r#"{"resourceType":"Imaging\u0053tudy"}"#, false),
            (r#"{"resource\u0054ype":"Patient"}"#, false),
            (r#"{"id":"x","resourceType":"Patient"}"#, false),
            (r#"{"resourceType":7}"#, false),
            (r#"{"resourceType":"Pat"#, false),
            ("", false),
        ] {
            assert_eq!(is_of_another_type(text.as_bytes()), other, "{text}");
        }
    }
}
