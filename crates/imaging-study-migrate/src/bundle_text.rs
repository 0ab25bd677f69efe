//! Bundles in JSON, where they stand.

use std::collections::BTreeSet;

use imaging_study::core::Json;
use imaging_study::json::{json_to_string, json_to_string_pretty};

use crate::bundle::{self, EntryResource, entry_path};
use crate::finding::Verdict;
use crate::format::{Format, Syntax};
use crate::left::{self, LeftStudy};
use crate::outcome::{Failure, Place};
use crate::work::Done;
use crate::worker::{Formats, Worker};

impl Worker<'_> {
    /// Converts the studies in a Bundle in JSON; everything else stays as it is, but for the entries that
    /// go to the quarantine: they are left out, and the Bundle is written anew.
    #[cold]
    pub(crate) fn bundle_text(
        &mut self,
        bytes: &[u8],
        tree: &Json,
        formats: Formats,
        place: &Place<'_>,
        done: &mut Done,
    ) {
        let format = match formats.output {
            Format::Json if bytes.contains(&b'\n') => Format::Json,
            _ => Format::Ndjson,
        };
        done.summary.bundles += 1;
        let mut output = Vec::with_capacity(bytes.len());
        let mut copied = 0;
        let mut left_out = BTreeSet::new();
        let mut cursor = LineCursor::default();
        let resources = bundle::resources(bytes, tree);
        if resources.is_empty() {
            done.found(place, || Verdict::Other);
        }
        for found in resources {
            done.summary.read += 1;
            let path = entry_path(&found.entries);
            cursor.advance(bytes, found.span.start);
            let place = cursor.place(&path, place);
            if !found.is_study() {
                match self.check_entry(&found) {
                    Ok(()) => {
                        done.summary.passed += 1;
                        done.summary
                            .count_type(found.resource_type().unwrap_or_default());
                        done.found(&place, || Verdict::Other);
                    }
                    Err(failure) => {
                        done.quarantine(&failure, &place);
                        left_out.insert(found.entries);
                    }
                }
                continue;
            }
            let text = &bytes[found.span.clone()];
            match self.converted(text, Syntax::Json, self.settings.from, format) {
                Ok(converted) => {
                    let (text, _) = self.record(converted, &place, done);
                    output.extend_from_slice(&bytes[copied..found.span.start]);
                    copied = found.span.end;
                    let line_end = [b"\n", cursor.indentation(bytes)].concat();
                    for (index, line) in text.split('\n').enumerate() {
                        output.extend_from_slice(if index == 0 { b"" } else { &line_end });
                        output.extend_from_slice(line.as_bytes());
                    }
                }
                Err(failure) => {
                    let bytes = &bytes[found.span.clone()];
                    let failure = failure.located(bytes, Syntax::Json, self.settings);
                    done.quarantine(&failure, &place);
                    left_out.insert(found.entries);
                }
            }
        }
        self.leave_in_bundle(left::in_json(tree), place, done);
        output.extend_from_slice(&bytes[copied..]);
        let id = self.id_for_name(tree.get("id").and_then(Json::as_str));
        // What was read once is read again.
        let rewrites = formats.joins() || !left_out.is_empty();
        let rewritten = rewrites.then(|| self.json_tree.decode_json(&output));
        match rewritten {
            Some(Ok(mut tree)) => {
                bundle::leave_out(&mut tree, &left_out);
                let text = match format {
                    Format::Json if !formats.joins() => json_to_string_pretty(&tree),
                    _ => json_to_string(&tree),
                };
                done.document(text.as_bytes(), true, id);
            }
            _ => done.document(&output, formats.ends_line(), id),
        }
    }
}

impl Worker<'_> {
    /// Checks what stands in an entry in place of a study.
    pub(crate) fn check_entry(&self, found: &EntryResource<'_>) -> Result<(), Failure> {
        match (found.resource_type(), found.value) {
            (Some(name), _) if !name.is_empty() => self.check_type(name),
            (_, Json::Object(_)) => Err(Failure::without_type(found.value)),
            (_, other) => Err(Failure::NoResource(other.kind())),
        }
    }

    /// Counts the studies that a Bundle holds elsewhere than in its entries; the Bundle is written
    /// also where a strict conversion reports them.
    pub(crate) fn leave_in_bundle(&self, left: Vec<LeftStudy>, place: &Place<'_>, done: &mut Done) {
        let left = self.foreign(left);
        if self.settings.conversion.strict {
            for study in &left {
                let path = study.path.to_string();
                let entry = Some(path.as_str());
                done.summary.read += 1;
                done.quarantine(&Failure::Left, &Place { entry, ..*place });
            }
        }
        self.leave(left, place, done);
    }
}

/// Keeps count of lines and columns on the way through a text.
#[derive(Debug, Default)]
pub(crate) struct LineCursor {
    position: usize,
    line_start: usize,
    /// The number of line ends before the position.
    lines: u64,
    /// The number of characters before the position on its line.
    column: u64,
}

impl LineCursor {
    pub(crate) fn advance(&mut self, text: &[u8], position: usize) {
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

    /// The place of the resource of an entry that begins here, in a Bundle.
    pub(crate) fn place<'p>(&self, path: &'p str, bundle: &Place<'p>) -> Place<'p> {
        Place {
            line: bundle.line + self.lines,
            column: self.column,
            entry: Some(path),
            ..*bundle
        }
    }

    /// The white space at the beginning of the line.
    fn indentation<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        let line = text.get(self.line_start..self.position).unwrap_or_default();
        let text = line.iter().position(|byte| !matches!(byte, b' ' | b'\t'));
        line.get(..text.unwrap_or(line.len())).unwrap_or_default()
    }
}
