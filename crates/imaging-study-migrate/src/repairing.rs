//! Repairing studies in place of converting them.

use imaging_study::core::{Json, NotAResource};
use imaging_study::json::{json_to_string, json_to_string_pretty};
use imaging_study::validate::{Change, OperationOutcome, Repaired, repair, repair_json};
use imaging_study::{FhirVersion, detect_json, detect_xml};

use crate::bundle::{entry_path, is_bundle};
use crate::bundle_tree::each_resource;
use crate::format::{Format, Syntax, XML};
use crate::outcome::{Failure, Place, push_escaped};
use crate::study::readings;
use crate::work::Done;
use crate::worker::{Formats, Worker};

/// A document that was repaired.
enum Mended {
    /// Nothing had to be changed.
    Right,
    /// Its new text.
    Text(String),
}

impl Worker<'_> {
    /// Repairs a line or document.
    pub(crate) fn repair(
        &mut self,
        bytes: &[u8],
        formats: Formats,
        place: &Place<'_>,
        done: &mut Done,
    ) {
        let mark = done.mark();
        let mended = self.guarded(|worker| match formats.input.syntax() {
            Syntax::Json => worker.mended_json(bytes, formats, place, done),
            Syntax::Xml => worker.mended_xml(bytes, formats, place, done),
        });
        match mended {
            Ok(mended) => {
                done.keep(mark);
                done.summary.read += 1;
                match mended {
                    Mended::Right if formats.joins() => {
                        let joined = self.json_tree.decode_json(bytes);
                        let joined = joined.map(|tree| json_to_string(&tree));
                        let joined = joined.map_or_else(|_| bytes.to_vec(), String::into_bytes);
                        done.document(&joined, true, None);
                    }
                    Mended::Right => done.document(bytes, formats.ends_line(), None),
                    Mended::Text(text) => done.whole_document(text, None),
                }
            }
            Err(failure) => {
                done.roll_back(mark);
                done.summary.read += 1;
                done.quarantine(&failure, place);
            }
        }
    }

    fn mended_json(
        &mut self,
        bytes: &[u8],
        formats: Formats,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<Mended, Failure> {
        let mut tree = self.json_tree.decode_json(bytes)?;
        if !matches!(tree, Json::Object(_)) {
            return Err(NotAResource { found: tree.kind() }.into());
        }
        let mut changed = false;
        if is_study(&tree) {
            changed = self.mend(&mut tree, place, done)?;
        } else if is_bundle(&tree) {
            let mut failed = None;
            done.summary.bundles += 1;
            each_resource(&mut tree, &mut Vec::new(), &mut |entries, resource| {
                if is_study(resource) && failed.is_none() {
                    let path = entry_path(entries);
                    let place = Place {
                        entry: Some(&path),
                        ..*place
                    };
                    match self.mend(resource, &place, done) {
                        Ok(mended) => changed |= mended,
                        Err(failure) => failed = Some(failure),
                    }
                }
            });
            if let Some(failure) = failed {
                return Err(failure);
            }
        } else {
            done.summary.passed += 1;
        }
        Ok(match (changed, formats.output) {
            (false, _) => Mended::Right,
            (true, Format::Json) if bytes.contains(&b'\n') => {
                Mended::Text(json_to_string_pretty(&tree))
            }
            (true, _) => Mended::Text(json_to_string(&tree)),
        })
    }

    /// Repairs a study where it stands; whether something was changed.
    fn mend(
        &mut self,
        study: &mut Json,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<bool, Failure> {
        let version = match self.settings.from {
            Some(version) => version,
            None => {
                let detection = detect_json(json_to_string(study).as_bytes())?;
                let versions = readings(&detection)?;
                versions.first().copied().ok_or(Failure::NoVersion)?
            }
        };
        let Repaired { value, changes } =
            repair_json(std::mem::replace(study, Json::Null), version);
        *study = value;
        done.summary.converted += 1;
        self.changed(&changes, version, place, done);
        Ok(!changes.is_empty())
    }

    fn mended_xml(
        &mut self,
        bytes: &[u8],
        formats: Formats,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<Mended, Failure> {
        let read = match self.settings.from {
            Some(version) => Ok((version, self.read(bytes, Syntax::Xml, version))),
            None => detect_xml(bytes).map(|detection| {
                readings(&detection)
                    .map(|versions| self.first_reading(bytes, Syntax::Xml, &versions))
            })?,
        };
        let (version, decoded) = match read {
            Ok((version, Ok(decoded))) => (version, decoded),
            // What is no study stays as it is.
            Ok((_, Err(error))) => return self.other_xml(bytes, formats, error.into(), done),
            Err(undecided) => return self.other_xml(bytes, formats, undecided.into(), done),
        };
        let Repaired { value, changes } = repair(decoded.value);
        done.summary.converted += 1;
        self.changed(&changes, version, place, done);
        Ok(match (changes.is_empty(), formats.output) {
            (true, Format::Xml) => Mended::Right,
            (_, Format::Xml) => Mended::Text(value.to_xml(XML)?),
            (_, Format::Json) => Mended::Text(value.to_json_pretty()?),
            (_, Format::Ndjson) => Mended::Text(value.to_json()?),
        })
    }

    fn other_xml(
        &mut self,
        bytes: &[u8],
        formats: Formats,
        failure: Failure,
        done: &mut Done,
    ) -> Result<Mended, Failure> {
        self.other(bytes, Syntax::Xml, failure)?;
        if formats.output != Format::Xml {
            return Err(Failure::NoVersion);
        }
        done.summary.passed += 1;
        Ok(Mended::Right)
    }

    /// Counts changes, and records them if somebody reads the records.
    fn changed(
        &self,
        changes: &[Change],
        version: FhirVersion,
        place: &Place<'_>,
        done: &mut Done,
    ) {
        for change in changes {
            *done.summary.repairs.entry(change.kind).or_default() += 1;
            if !self.wants.losses {
                continue;
            }
            let mut issue = change.outcome(version, json_to_string);
            for path in issue.expression.iter_mut().chain(&mut issue.location) {
                if let Some(entry) = place.entry {
                    let inside = path.strip_prefix("ImagingStudy").unwrap_or_default();
                    *path = format!("{entry}{inside}");
                }
            }
            issue.set_position(place.line, place.column + 1);
            issue.set_source(place.source);
            let outcome = OperationOutcome { issue: vec![issue] };
            push_escaped(&json_to_string(&outcome.to_json()), &mut done.losses);
            done.losses.push(b'\n');
        }
    }
}

fn is_study(tree: &Json) -> bool {
    tree.get("resourceType").and_then(Json::as_str) == Some("ImagingStudy")
}
