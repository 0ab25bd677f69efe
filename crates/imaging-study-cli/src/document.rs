//! Converting one line or document.

use imaging_study::convert::Converted;
use imaging_study::core::Json;
use imaging_study::json::{Decoder, ReadError, json_to_string};
use imaging_study::{AnyImagingStudy, FhirVersion, Limits, Undecided, detect};

use crate::batch::{Batch, Kind};
use crate::bundle;
use crate::format::Format;
use crate::losses;
use crate::migrate::Settings;
use crate::outcome::{Failure, Place, built};
use crate::summary::Summary;

/// A batch and what became of it; its memory is used again.
#[derive(Debug, Default)]
pub(crate) struct Work {
    pub(crate) batch: Batch,
    pub(crate) format: Option<Format>,
    pub(crate) result: Done,
}

/// What came of a batch, ready to be written.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) output: Vec<u8>,
    pub(crate) quarantine: Vec<u8>,
    pub(crate) losses: Vec<u8>,
    /// How many lines or documents the output holds.
    pub(crate) documents: u64,
    pub(crate) summary: Summary,
}

/// Converts batches, one after the other; each thread has its own.
pub(crate) struct Worker<'a> {
    settings: &'a Settings,
    /// Whether anybody reads the records of losses.
    record_losses: bool,
    decoder: Decoder,
    /// Reads resources of other types, and Bundles around studies.
    tree_decoder: Decoder,
}

/// How a document is laid out in the output.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// A study is written in lines of its own.
    pretty: bool,
    /// What passes untouched has to be brought into one line.
    join: bool,
    /// What passes untouched keeps its end.
    exact: bool,
}

/// How many levels a Bundle puts around a study.
const BUNDLE_DEPTH: usize = 4;

impl<'a> Worker<'a> {
    pub(crate) fn new(settings: &'a Settings, record_losses: bool) -> Self {
        let mut decoder = Decoder::default();
        decoder.limits = settings.limits;
        let mut tree_decoder = Decoder::default();
        tree_decoder.limits = Limits {
            depth: settings.limits.depth.saturating_add(BUNDLE_DEPTH),
            ..settings.limits
        };
        Self {
            settings,
            record_losses,
            decoder,
            tree_decoder,
        }
    }

    /// Converts a batch.
    pub(crate) fn process(&mut self, work: &mut Work) {
        let done = &mut work.result;
        done.output.clear();
        done.quarantine.clear();
        done.losses.clear();
        done.documents = 0;
        done.summary = Summary::default();
        let batch = &work.batch;
        let mut place = Place {
            source: &batch.source,
            line: 1,
            column: 0,
            entry: None,
        };
        let pretty = work.format == Some(Format::Json);
        match batch.kind {
            Kind::Lines(first) => {
                let layout = Layout {
                    pretty,
                    join: false,
                    exact: false,
                };
                for (number, line) in batch.lines(first) {
                    place.line = number;
                    self.document(line, layout, &place, done);
                }
            }
            Kind::Document => {
                let layout = Layout {
                    pretty,
                    join: !pretty,
                    exact: pretty,
                };
                self.document(&batch.bytes, layout, &place, done);
            }
            Kind::TooLong(number) => {
                place.line = number;
                let limit = self.settings.limits.bytes;
                done.summary.read += 1;
                done.quarantine(&Failure::TooLong { limit }, &place);
            }
        }
    }

    /// Converts a line or document.
    fn document(&mut self, bytes: &[u8], layout: Layout, place: &Place<'_>, done: &mut Done) {
        let converted = self.study(bytes);
        let failure = match converted
            .and_then(|converted| self.write(converted, layout.pretty, place, done))
        {
            Ok(text) => {
                done.summary.read += 1;
                done.line(text.as_bytes());
                return;
            }
            Err(failure) => failure,
        };
        match self.other(bytes, failure) {
            Ok(tree) if tree.get("resourceType").and_then(Json::as_str) == Some("Bundle") => {
                let text = self.bundle(bytes, &tree, layout.pretty, place, done);
                match self.tree_decoder.decode_json(&text) {
                    Ok(joined) if layout.join => done.line(json_to_string(&joined).as_bytes()),
                    _ => done.copy(&text, layout),
                }
            }
            Ok(tree) => {
                done.summary.read += 1;
                done.summary.passed += 1;
                if layout.join {
                    done.line(json_to_string(&tree).as_bytes());
                } else {
                    done.copy(bytes, layout);
                }
            }
            Err(failure) => {
                done.summary.read += 1;
                done.quarantine(&failure, place);
            }
        }
    }

    /// Reads and converts a study.
    fn study(&mut self, bytes: &[u8]) -> Result<Converted<AnyImagingStudy>, Failure> {
        let version = match self.settings.from {
            Some(version) => version,
            None => detect(bytes)?.version()?,
        };
        let study = AnyImagingStudy::from_json(bytes, built(version)?, &mut self.decoder)?;
        Ok(study.to(self.settings.to, &self.settings.conversion)?)
    }

    /// Writes a converted study, and records what was lost.
    fn write(
        &mut self,
        converted: Converted<AnyImagingStudy>,
        pretty: bool,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<String, Failure> {
        let Converted {
            value: study,
            losses,
        } = converted;
        let text = if pretty {
            study.to_json_pretty()?
        } else {
            study.to_json()?
        };
        for loss in losses {
            done.summary.count(&loss);
            if self.record_losses {
                losses::record(loss, study.id(), place, &mut done.losses);
            }
        }
        done.summary.converted += 1;
        Ok(text)
    }

    /// Reads what is no study that can be converted; the failure stands if it is a study.
    #[cold]
    fn other(&mut self, bytes: &[u8], failure: Failure) -> Result<Json, Failure> {
        if !matches!(
            failure,
            Failure::Read(_) | Failure::Undecided(Undecided::NotAStudy)
        ) {
            return Err(failure);
        }
        let tree = match self.tree_decoder.decode_json(bytes) {
            Ok(tree) => tree,
            Err(error) => return Err(self.with_path(bytes, error).into()),
        };
        match (tree.get("resourceType"), &tree) {
            (Some(Json::String(name)), _) if name == "ImagingStudy" => Err(failure),
            (Some(Json::String(name)), _) if !name.is_empty() => Ok(tree),
            (_, Json::Object(_)) => Err(Failure::NoResourceType),
            (_, other) => Err(Failure::NoResource(other.kind())),
        }
    }

    /// The same error with the path of the element, if the reader of a version comes as far.
    fn with_path(&mut self, bytes: &[u8], error: ReadError) -> ReadError {
        let one;
        let versions: &[FhirVersion] = match self.settings.from {
            Some(version) => {
                one = [version];
                &one
            }
            None => AnyImagingStudy::VERSIONS,
        };
        versions
            .iter()
            .filter_map(|version| {
                AnyImagingStudy::from_json(bytes, *version, &mut self.decoder).err()
            })
            .find(|other| other.position() == error.position())
            .unwrap_or(error)
    }

    /// Converts the studies in a Bundle; everything else stays as it is.
    #[cold]
    fn bundle(
        &mut self,
        bytes: &[u8],
        tree: &Json,
        pretty: bool,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Vec<u8> {
        let pretty = pretty && bytes.contains(&b'\n');
        done.summary.bundles += 1;
        let mut output = Vec::with_capacity(bytes.len());
        let mut copied = 0;
        let mut cursor = Cursor::default();
        for found in bundle::resources(bytes, tree) {
            done.summary.read += 1;
            if found.resource_type != "ImagingStudy" {
                done.summary.passed += 1;
                continue;
            }
            cursor.advance(bytes, found.span.start);
            let place = Place {
                line: place.line + cursor.lines,
                column: cursor.column,
                entry: Some(found.entry),
                ..*place
            };
            let converted = self.study(&bytes[found.span.clone()]);
            match converted.and_then(|converted| self.write(converted, pretty, &place, done)) {
                Ok(text) => {
                    output.extend_from_slice(&bytes[copied..found.span.start]);
                    copied = found.span.end;
                    let line_end = [b"\n", cursor.indentation(bytes)].concat();
                    for (index, line) in text.split('\n').enumerate() {
                        output.extend_from_slice(if index == 0 { b"" } else { &line_end });
                        output.extend_from_slice(line.as_bytes());
                    }
                }
                Err(failure) => done.quarantine(&failure, &place),
            }
        }
        output.extend_from_slice(&bytes[copied..]);
        output
    }
}

/// Keeps count of lines and columns on the way through a text.
#[derive(Debug, Default)]
struct Cursor {
    position: usize,
    line_start: usize,
    /// The number of line ends before the position.
    lines: u64,
    /// The number of characters before the position on its line.
    column: u64,
}

impl Cursor {
    fn advance(&mut self, text: &[u8], position: usize) {
        let mut passed = text.get(self.position..position).unwrap_or_default();
        if let Some(end) = memchr::memrchr(b'\n', passed) {
            self.lines += memchr::memchr_iter(b'\n', passed).count() as u64;
            self.line_start = self.position + end + 1;
            self.column = 0;
            passed = passed.get(end + 1..).unwrap_or_default();
        }
        self.column += passed.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64;
        self.position = position;
    }

    /// The white space at the beginning of the line.
    fn indentation<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        let line = text.get(self.line_start..self.position).unwrap_or_default();
        let text = line.iter().position(|byte| !matches!(byte, b' ' | b'\t'));
        line.get(..text.unwrap_or(line.len())).unwrap_or_default()
    }
}

impl Done {
    fn quarantine(&mut self, failure: &Failure, place: &Place<'_>) {
        self.summary.quarantined += 1;
        failure.report(place, &mut self.quarantine);
    }

    fn line(&mut self, text: &[u8]) {
        self.documents += 1;
        self.output.extend_from_slice(text);
        self.output.push(b'\n');
    }

    /// Appends what passes untouched.
    fn copy(&mut self, text: &[u8], layout: Layout) {
        self.documents += 1;
        self.output.extend_from_slice(text);
        if !layout.exact {
            self.output.push(b'\n');
        }
    }
}
