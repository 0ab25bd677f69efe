//! Bundles that are read from XML or written as XML: through their definitions.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use imaging_study::core::{Json, ReadError, Resource};
use imaging_study::json::json_to_string;
use imaging_study::{AnyImagingStudy, Detection, FhirVersion, detect_json, detect_xml_inside};
use smol_str::SmolStr;

use crate::bundle::{self, EntryResource, entry_path, is_bundle};
use crate::bundle_text::LineCursor;
use crate::finding::Verdict;
use crate::format::{Format, Syntax};
use crate::left;
use crate::other::{Other, resource_text};
use crate::outcome::{Failure, Place};
use crate::study::readings;
use crate::work::Done;
use crate::worker::{Formats, Worker};

/// A resource in an entry of a Bundle.
pub(crate) struct Entry<'a> {
    /// The indexes of the entries, outermost first.
    entries: Vec<usize>,
    path: String,
    resource_type: SmolStr,
    pub(crate) text: Cow<'a, [u8]>,
    /// Where in the input it begins: the line, and the characters before it on that line.
    begins: (u64, u64),
    /// What is wrong with it, or whether it is a study.
    pub(crate) is_study: Result<bool, Failure>,
}

impl Entry<'_> {
    pub(crate) fn place<'p>(&'p self, bundle: &Place<'p>) -> Place<'p> {
        Place {
            line: self.begins.0,
            column: self.begins.1,
            entry: Some(&self.path),
            ..*bundle
        }
    }
}

/// Looks at the text of a study.
type Look<'a, 'f> =
    dyn FnMut(&mut Worker<'a>, &[u8], &Place<'_>, &mut Done) -> Result<(), Failure> + 'f;

/// Tells why the study of a text could not be looked at.
type Tell<'a, 'f> = dyn Fn(&Worker<'a>, &Failure, &[u8], &Place<'_>, &mut Done) + 'f;

impl<'a> Worker<'a> {
    /// Converts the studies in a Bundle, and writes it anew.
    #[cold]
    pub(crate) fn bundle_tree(
        &mut self,
        bytes: &[u8],
        mut other: Other,
        formats: Formats,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<(), Failure> {
        // What comes of the entries counts only if the whole can be written.
        let mut inside = Done {
            findings: done.findings.as_ref().map(|_| Vec::new()),
            text_reports: done.text_reports,
            ..Done::default()
        };
        let id = other.id.take();
        let rewritten = self.rewritten_bundle(bytes, other, formats, place, &mut inside);
        let mut findings = inside.findings.take().unwrap_or_default();
        match &rewritten {
            Ok(text) => {
                done.document(text.as_bytes(), true, id);
                done.losses.append(&mut inside.losses);
                done.summary.add(&inside.summary);
            }
            Err(_) => {
                done.summary.read += inside.summary.quarantined;
                done.summary.quarantined += inside.summary.quarantined;
                findings.retain(|found| {
                    matches!(
                        found.verdict,
                        Verdict::Undecided(_) | Verdict::Unreadable(_)
                    )
                });
            }
        }
        done.quarantine.append(&mut inside.quarantine);
        done.findings
            .iter_mut()
            .for_each(|all| all.append(&mut findings));
        rewritten.map(|_| ())
    }

    fn rewritten_bundle(
        &mut self,
        bytes: &[u8],
        other: Other,
        formats: Formats,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<String, Failure> {
        let definitions = |version| AnyImagingStudy::definitions(version).ok_or(Failure::NoVersion);
        let tree = other.tree.as_ref();
        let in_text = tree.map(|tree| self.entries_in_text(bytes, tree, place));
        let versions = match self.settings.from {
            Some(version) => vec![version],
            None => one_version(bytes, in_text.as_deref(), place, done)?,
        };
        let (first, others) = versions.split_first().ok_or(Failure::NoVersion)?;
        let mut version = *first;
        let mut resource = self.resource(bytes, other.tree, definitions(version)?);
        for other in others {
            if resource.is_err() && in_text.is_none() {
                version = *other;
                resource = self.resource(bytes, None, definitions(version)?);
            }
        }
        let mut tree = resource?.into_json().ok_or(Failure::NoVersion)?;
        done.summary.bundles += 1;
        let (entries, from_text) = match in_text {
            Some(entries) => (entries, true),
            None => (self.entries_in_tree(&mut tree, place), false),
        };
        if entries.is_empty() {
            done.found(place, || Verdict::Other);
        }
        let mut converted = BTreeMap::new();
        let mut left_out = BTreeSet::new();
        for mut entry in entries {
            done.summary.read += 1;
            let is_study = mem::replace(&mut entry.is_study, Ok(false));
            let place = entry.place(place);
            let converting = match is_study {
                Ok(false) => {
                    done.summary.passed += 1;
                    done.summary.count_type(&entry.resource_type);
                    done.found(&place, || Verdict::Other);
                    continue;
                }
                Ok(true) => self.entry(&entry, &place, version, done),
                Err(failure) => Err(failure),
            };
            match converting {
                Ok(tree) => {
                    converted.insert(entry.entries.clone(), tree);
                }
                Err(failure) => {
                    let failure = match failure {
                        Failure::Read(error) if !from_text => Failure::ReadFromTree(error),
                        failure => failure,
                    };
                    done.quarantine(&failure, &place);
                    left_out.insert(entry.entries.clone());
                }
            }
        }
        self.leave_in_bundle(left::in_json(&tree), place, done);
        each_resource(&mut tree, &mut Vec::new(), &mut |entries, resource| {
            if let Some(study) = converted.remove(entries) {
                *resource = study;
            }
        });
        bundle::leave_out(&mut tree, &left_out);
        let resource = Resource::try_from(tree)?;
        let to = match self.looks_only {
            true => version,
            false => self.settings.to,
        };
        resource_text(resource, formats.output, definitions(to)?)
    }

    /// Converts the study in an entry.
    fn entry(
        &mut self,
        entry: &Entry<'_>,
        place: &Place<'_>,
        version: FhirVersion,
        done: &mut Done,
    ) -> Result<Json, Failure> {
        // Who only looks wants to know what tells the version.
        let version = match self.looks_only {
            true => self.settings.from,
            false => Some(version),
        };
        let converted = self.converted(&entry.text, Syntax::Json, version, Format::Ndjson)?;
        let (text, _) = self.record(converted, place, done);
        Ok(self.json_tree.decode_json(text.as_bytes())?)
    }

    /// Looks at the studies in the entries of a Bundle in their order, and tells of what fails; other
    /// resources are passed over.
    pub(crate) fn each_study(
        &mut self,
        entries: Vec<Entry<'_>>,
        (syntax, place): (Syntax, &Place<'_>),
        done: &mut Done,
        look: &mut Look<'a, '_>,
        tell: &Tell<'a, '_>,
    ) {
        for mut entry in entries {
            let is_study = mem::replace(&mut entry.is_study, Ok(false));
            let place = entry.place(place);
            let looked = match is_study {
                Ok(false) => {
                    done.summary.read += 1;
                    done.summary.passed += 1;
                    continue;
                }
                Ok(true) => look(self, &entry.text, &place, done),
                Err(failure) => Err(failure),
            };
            if let Err(failure) = looked {
                done.summary.read += 1;
                let failure = match failure {
                    Failure::Read(error) if syntax == Syntax::Xml => Failure::ReadFromTree(error),
                    failure => failure,
                };
                tell(self, &failure, &entry.text, &place, done);
            }
        }
    }

    /// The resources in the entries of a Bundle in any format, and the version to read them in, if it
    /// was given or the format needs one.
    pub(crate) fn entries_inside<'p>(
        &mut self,
        bytes: &'p [u8],
        other: &Other,
        from: Option<FhirVersion>,
        place: &Place<'_>,
    ) -> Result<(Vec<Entry<'p>>, Option<FhirVersion>), Failure> {
        if let Some(tree) = &other.tree {
            return Ok((self.entries_in_text(bytes, tree, place), from));
        }
        let versions = match from {
            Some(version) => vec![version],
            None => one_version(bytes, None, place, &mut Done::default())?,
        };
        let version = versions.first().copied().ok_or(Failure::NoVersion)?;
        let definitions = AnyImagingStudy::definitions(version).ok_or(Failure::NoVersion)?;
        let resource = self.resource(bytes, None, definitions)?;
        let mut tree = resource.into_json().ok_or(Failure::NoVersion)?;
        Ok((self.entries_in_tree(&mut tree, place), Some(version)))
    }

    /// The resources in the entries of a Bundle, as they stand in its text.
    pub(crate) fn entries_in_text<'p>(
        &self,
        bytes: &'p [u8],
        tree: &Json,
        place: &Place<'_>,
    ) -> Vec<Entry<'p>> {
        let mut cursor = LineCursor::default();
        let mut entries = Vec::new();
        for found in bundle::resources(bytes, tree) {
            cursor.advance(bytes, found.span.start);
            let path = entry_path(&found.entries);
            let begins = cursor.place(&path, place);
            entries.push(Entry {
                is_study: self.is_study(&found),
                resource_type: found.resource_type().unwrap_or_default().into(),
                begins: (begins.line, begins.column),
                text: Cow::Borrowed(&bytes[found.span]),
                entries: found.entries,
                path,
            });
        }
        entries
    }

    /// The resources in the entries of a Bundle that was read from XML.
    pub(crate) fn entries_in_tree(
        &self,
        tree: &mut Json,
        place: &Place<'_>,
    ) -> Vec<Entry<'static>> {
        let mut found = Vec::new();
        each_resource(tree, &mut Vec::new(), &mut |entries, resource| {
            let resource = EntryResource {
                entries: entries.to_vec(),
                value: resource,
                span: 0..0,
            };
            let is_study = self.is_study(&resource);
            found.push(Entry {
                path: entry_path(entries),
                resource_type: resource.resource_type().unwrap_or_default().into(),
                // Only a study is read again.
                text: Cow::Owned(match is_study {
                    Ok(true) => json_to_string(resource.value).into_bytes(),
                    _ => Vec::new(),
                }),
                begins: (place.line, place.column),
                is_study,
                entries: resource.entries,
            });
        });
        found
    }

    fn is_study(&self, found: &EntryResource<'_>) -> Result<bool, Failure> {
        match found.is_study() {
            true => Ok(true),
            false => self.check_entry(found).map(|()| false),
        }
    }
}

/// The versions to read a Bundle in, the likeliest first: the one that all of its studies are written
/// in. What is wrong with one of them is reported at its place.
fn one_version(
    bytes: &[u8],
    entries: Option<&[Entry<'_>]>,
    place: &Place<'_>,
    done: &mut Done,
) -> Result<Vec<FhirVersion>, Failure> {
    type Detected<'d> = (Place<'d>, Result<Detection, ReadError>);
    let in_xml: Vec<(String, Detection)>;
    let detections: Vec<Detected<'_>> = match entries {
        Some(entries) => entries
            .iter()
            .filter(|entry| matches!(entry.is_study, Ok(true)))
            .map(|entry| (entry.place(place), detect_json(&entry.text)))
            .collect(),
        None => {
            let inside = detect_xml_inside(bytes)?.into_iter();
            let inside = inside.filter(|study| study.entries.is_some());
            in_xml = inside
                .map(|study| (study.path.to_string(), study.detection))
                .collect();
            in_xml
                .iter()
                .map(|(path, detection)| {
                    let entry = Some(path.as_str());
                    (Place { entry, ..*place }, Ok(detection.clone()))
                })
                .collect()
        }
    };
    let mut found: Option<Vec<FhirVersion>> = None;
    for (place, detection) in detections {
        let versions = match detection {
            Ok(detection) => readings(&detection).map_err(Failure::from),
            Err(error) => Err(error.into()),
        };
        let versions = match versions {
            Ok(versions) => versions,
            Err(failure) => {
                done.quarantine(&failure, &place);
                return Err(Failure::NoVersion);
            }
        };
        found = match found {
            None => Some(versions),
            Some(before) => {
                let mut both = before.clone();
                both.retain(|version| versions.contains(version));
                if let ([], [first, ..], [other, ..]) = (&both[..], &before[..], &versions[..]) {
                    return Err(Failure::SeveralVersions(*first, *other));
                }
                Some(both)
            }
        };
    }
    found.ok_or(Failure::NoVersion)
}

/// Does something with the resource of each entry of a Bundle, and of the Bundles inside it.
pub(crate) fn each_resource(
    bundle: &mut Json,
    entries: &mut Vec<usize>,
    action: &mut impl FnMut(&[usize], &mut Json),
) {
    let Some(Json::Array(all)) = member(bundle, "entry") else {
        return;
    };
    for (index, entry) in all.iter_mut().enumerate() {
        let Some(resource) = member(entry, "resource") else {
            continue;
        };
        entries.push(index);
        match is_bundle(resource) {
            true => each_resource(resource, entries, action),
            false => action(entries, resource),
        }
        entries.pop();
    }
}

fn member<'t>(tree: &'t mut Json, name: &str) -> Option<&'t mut Json> {
    let Json::Object(members) = tree else {
        return None;
    };
    let mut members = members.iter_mut();
    members.find_map(|(member, value)| (member == name).then_some(value))
}
