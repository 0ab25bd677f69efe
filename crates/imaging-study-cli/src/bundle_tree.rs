//! Bundles that are read from XML or written as XML: through their definitions.

use std::borrow::Cow;

use imaging_study::core::{Json, ReadError, Resource};
use imaging_study::json::json_to_string;
use imaging_study::{AnyImagingStudy, Detection, FhirVersion, detect_json, detect_xml_bundle};

use crate::bundle;
use crate::bundle_text::LineCursor;
use crate::format::{Format, Syntax};
use crate::other::{Other, resource_text};
use crate::outcome::{Failure, Place};
use crate::work::Done;
use crate::worker::{Formats, Worker};

/// A study in an entry of a Bundle.
struct Entry<'a> {
    index: usize,
    text: Cow<'a, [u8]>,
    place: Place<'a>,
}

impl Worker<'_> {
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
        let mut inside = Done::default();
        let id = other.id.take();
        match self.rewritten_bundle(bytes, other, formats, place, &mut inside) {
            Ok(text) => {
                done.document(text.as_bytes(), true, id);
                done.losses.append(&mut inside.losses);
                done.summary.add(&inside.summary);
            }
            Err(failure) => {
                done.summary.read += inside.summary.quarantined;
                done.summary.quarantined += inside.summary.quarantined;
                done.quarantine.append(&mut inside.quarantine);
                return Err(failure);
            }
        }
        done.quarantine.append(&mut inside.quarantine);
        Ok(())
    }

    fn rewritten_bundle(
        &mut self,
        bytes: &[u8],
        other: Other,
        formats: Formats,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<String, Failure> {
        let version = match self.settings.from {
            Some(version) => version,
            None => one_version(bytes, other.tree.as_ref(), place, done)?,
        };
        let definitions = |version| AnyImagingStudy::definitions(version).ok_or(Failure::NoVersion);
        let studies = other
            .tree
            .as_ref()
            .map(|tree| studies_in_text(bytes, tree, place));
        let resource = self.resource(bytes, other.tree, definitions(version)?)?;
        let mut tree = resource.into_json().ok_or(Failure::NoVersion)?;
        done.summary.bundles += 1;
        let (studies, from_text) = match studies {
            Some(studies) => (studies, true),
            None => (studies_in_tree(&tree, place), false),
        };
        let all = resources(&mut tree).count() as u64;
        done.summary.read += all;
        done.summary.passed += all - studies.len() as u64;
        let mut converted = Vec::with_capacity(studies.len());
        for study in &studies {
            match self.entry(study, version, done) {
                Ok(tree) => converted.push((study.index, tree)),
                Err(Failure::Read(error)) if !from_text => {
                    done.quarantine(&Failure::ReadFromTree(error), &study.place);
                }
                Err(failure) => done.quarantine(&failure, &study.place),
            }
        }
        let mut converted = converted.into_iter().peekable();
        for (index, place) in resources(&mut tree) {
            if let Some((_, study)) = converted.next_if(|(entry, _)| *entry == index) {
                *place = study;
            }
        }
        let resource = Resource::try_from(tree)?;
        resource_text(resource, formats.output, definitions(self.settings.to)?)
    }

    /// Converts the study in an entry.
    fn entry(
        &mut self,
        entry: &Entry<'_>,
        version: FhirVersion,
        done: &mut Done,
    ) -> Result<Json, Failure> {
        let converted = self.study(&entry.text, Syntax::Json, Some(version))?;
        let written = self.write(converted, Format::Ndjson, &entry.place, done)?;
        Ok(self.json_tree.decode_json(written.text.as_bytes())?)
    }
}

/// The version that all studies of a Bundle are written in. What is wrong with one of them is
/// reported at its place.
fn one_version(
    bytes: &[u8],
    tree: Option<&Json>,
    place: &Place<'_>,
    done: &mut Done,
) -> Result<FhirVersion, Failure> {
    let detections: Vec<(Place<'_>, Result<Detection, ReadError>)> = match tree {
        Some(tree) => studies_in_text(bytes, tree, place)
            .into_iter()
            .map(|study| (study.place, detect_json(&study.text)))
            .collect(),
        None => detect_xml_bundle(bytes)?
            .into_iter()
            .map(|(entry, detection)| (in_entry(entry, place), Ok(detection)))
            .collect(),
    };
    let mut found = None;
    for (place, detection) in detections {
        let version = match detection {
            Ok(detection) => detection.version().map_err(Failure::from),
            Err(error) => Err(error.into()),
        };
        match (found, version) {
            (None, Ok(version)) => found = Some(version),
            (Some(first), Ok(version)) if first != version => {
                return Err(Failure::SeveralVersions(first, version));
            }
            (_, Ok(_)) => {}
            (_, Err(failure)) => {
                done.quarantine(&failure, &place);
                return Err(Failure::NoVersion);
            }
        }
    }
    found.ok_or(Failure::NoVersion)
}

/// The studies in the entries of a Bundle, as they stand in its text.
fn studies_in_text<'p>(bytes: &'p [u8], tree: &Json, place: &Place<'p>) -> Vec<Entry<'p>> {
    let mut cursor = LineCursor::default();
    let mut studies = Vec::new();
    for found in bundle::resources(bytes, tree) {
        if found.resource_type == "ImagingStudy" {
            cursor.advance(bytes, found.span.start);
            studies.push(Entry {
                index: found.entry,
                text: Cow::Borrowed(&bytes[found.span]),
                place: cursor.place(found.entry, place),
            });
        }
    }
    studies
}

/// The studies in the entries of a Bundle that was read from XML.
fn studies_in_tree<'p>(tree: &Json, place: &Place<'p>) -> Vec<Entry<'p>> {
    let entries = tree.get("entry").and_then(Json::as_array);
    let entries = entries.unwrap_or_default().iter().enumerate();
    let resources = entries.filter_map(|(index, entry)| Some((index, entry.get("resource")?)));
    resources
        .filter(|(_, resource)| {
            resource.get("resourceType").and_then(Json::as_str) == Some("ImagingStudy")
        })
        .map(|(index, resource)| Entry {
            index,
            text: Cow::Owned(json_to_string(resource).into_bytes()),
            place: in_entry(index, place),
        })
        .collect()
}

/// The resources in the entries of a Bundle, and the indexes of the entries.
fn resources(tree: &mut Json) -> impl Iterator<Item = (usize, &mut Json)> {
    let entries = match member(tree, "entry") {
        Some(Json::Array(entries)) => entries.as_mut_slice(),
        _ => &mut [],
    };
    let entries = entries.iter_mut().enumerate();
    let resources = entries.filter_map(|(index, entry)| Some((index, member(entry, "resource")?)));
    resources.filter(|(_, resource)| resource.get("resourceType").is_some())
}

fn member<'t>(tree: &'t mut Json, name: &str) -> Option<&'t mut Json> {
    let Json::Object(members) = tree else {
        return None;
    };
    let mut members = members.iter_mut();
    members.find_map(|(member, value)| (member == name).then_some(value))
}

/// The place of an entry where only that of the Bundle is known.
fn in_entry<'p>(entry: usize, bundle: &Place<'p>) -> Place<'p> {
    Place {
        entry: Some(entry),
        ..*bundle
    }
}
