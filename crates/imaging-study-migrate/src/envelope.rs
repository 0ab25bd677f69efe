//! A row for each line or document that was read, whatever became of it.

use imaging_study::FhirVersion;
use imaging_study::core::Json;
use imaging_study::json::json_to_string;

use crate::outcome::{Failure, Place, number, string};
use crate::summary::Summary;
use crate::work::Done;
use crate::worker::{Formats, Worker};

impl Worker<'_> {
    /// Converts a line or document into a row.
    pub(crate) fn row(
        &mut self,
        bytes: &[u8],
        formats: Formats,
        place: &Place<'_>,
        done: &mut Done,
    ) {
        let mut inside = Done::default();
        self.document(bytes, formats, place, &mut inside);
        self.write_row(inside, place, done);
    }

    /// The row of a line that was too long to be read.
    pub(crate) fn failed_row(&self, failure: &Failure, place: &Place<'_>, done: &mut Done) {
        let mut inside = Done::default();
        inside.summary.read += 1;
        inside.quarantine(failure, place);
        self.write_row(inside, place, done);
    }

    fn write_row(&self, mut inside: Done, place: &Place<'_>, done: &mut Done) {
        let rejected = inside.summary.quarantined > 0;
        let status = match (rejected, inside.summary.converted) {
            (true, _) => "rejected",
            (false, 1..) => "converted",
            (false, 0) => "passed",
        };
        // Of a Bundle, a part may be good: the row is one, and says what is wrong.
        if rejected {
            inside.summary = Summary {
                read: 1,
                quarantined: 1,
                rejections: inside.summary.rejections,
                ..Summary::default()
            };
            inside.losses.clear();
            inside.issues.clear();
        }
        let version = self.settings.from.or(match inside.summary.versions.len() {
            1 => inside.summary.versions.keys().next().copied(),
            _ => None,
        });
        let version = version.filter(|_| !rejected || self.settings.from.is_some());
        let out = &mut done.output;
        let mut member = |name: &str, value: &[u8]| {
            let before = if name == "source" { "{\"" } else { ",\"" };
            out.extend_from_slice(before.as_bytes());
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"\":");
            out.extend_from_slice(value);
        };
        let text = |json: &Json| json_to_string(json).into_bytes();
        let name = version.map_or(Json::Null, |version: FhirVersion| string(version.name()));
        member("source", &text(&string(place.source)));
        member("line", &text(&number(place.line)));
        member("status", &text(&string(status)));
        member("version", &text(&name));
        let value = inside.output.strip_suffix(b"\n").unwrap_or(&inside.output);
        let value = value.strip_suffix(b"\r").unwrap_or(value);
        member("value", if rejected { b"null" } else { value });
        let mut losses = Vec::from(b"[");
        for (index, loss) in inside
            .losses
            .trim_ascii_end()
            .split(|byte| *byte == b'\n')
            .enumerate()
        {
            losses.extend_from_slice(if index == 0 { b"" } else { b"," });
            losses.extend_from_slice(loss);
        }
        losses.push(b']');
        member("losses", &losses);
        member(
            "outcome",
            &if rejected {
                self.outcome(&inside)
            } else {
                b"null".to_vec()
            },
        );
        out.extend_from_slice(b"}\n");
        done.end_document(None);
        done.quarantine.append(&mut inside.quarantine);
        done.losses.append(&mut inside.losses);
        done.issues.append(&mut inside.issues);
        done.summary.add(&inside.summary);
    }

    /// One OperationOutcome with all issues.
    fn outcome(&self, inside: &Done) -> Vec<u8> {
        let all = inside.quarantine.trim_ascii_end();
        if memchr::memchr(b'\n', all).is_none() {
            return all.to_vec();
        }
        // The closing bracket of one and the opening one of the next go.
        let mut joined = Vec::with_capacity(all.len());
        for (index, line) in all.split(|byte| *byte == b'\n').enumerate() {
            let start = memchr::memchr(b'[', line).map_or(0, |at| at + 1);
            let end = line.len().saturating_sub(b"]}".len());
            if index == 0 {
                joined.extend_from_slice(&line[..end]);
            } else {
                joined.push(b',');
                joined.extend_from_slice(line.get(start..end).unwrap_or_default());
            }
        }
        joined.extend_from_slice(b"]}");
        joined
    }
}
