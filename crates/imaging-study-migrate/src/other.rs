//! Resources of other types, which pass.

use imaging_study::convert::{Loss, LossKind, Rule};
use imaging_study::core::{Definitions, Json, ReadError, ReadErrorKind, Resource};
use imaging_study::json::{json_to_string, json_to_string_pretty};
use imaging_study::{AnyImagingStudy, FhirVersion, Undecided, detect_xml_inside, xml};
use smol_str::SmolStr;

use crate::finding::Verdict;
use crate::format::{Format, Syntax, XML};
use crate::left::{self, LeftStudy};
use crate::losses;
use crate::outcome::{Failure, Place};
use crate::shown::shown;
use crate::summary::LEFT_AT;
use crate::work::Done;
use crate::worker::{Formats, Worker};

/// A document that is no study.
pub(crate) struct Other {
    pub(crate) resource_type: SmolStr,
    pub(crate) id: Option<SmolStr>,
    /// What a JSON document holds; XML can be read once its version is known.
    pub(crate) tree: Option<Json>,
}

impl Worker<'_> {
    /// Looks at what is no study that can be converted; the failure stands if it is a study.
    #[cold]
    pub(crate) fn other(
        &mut self,
        bytes: &[u8],
        syntax: Syntax,
        failure: Failure,
    ) -> Result<Other, Failure> {
        if !matches!(
            failure,
            Failure::Read(_) | Failure::Undecided(Undecided::NotAStudy)
        ) {
            return Err(failure);
        }
        let other = match syntax {
            Syntax::Json => match self.json_tree.decode_json(bytes) {
                Ok(tree) => self.in_json(tree)?,
                Err(error) => return Err(self.with_path(bytes, syntax, error).into()),
            },
            Syntax::Xml => match self.in_xml(bytes) {
                Ok(other) => other,
                Err(error) => return Err(self.with_path(bytes, syntax, error).into()),
            },
        };
        if other.resource_type == "ImagingStudy" {
            return Err(failure);
        }
        if syntax == Syntax::Xml
            && let Err(error) = self.read(bytes, syntax, FhirVersion::R4)
            && !matches!(error.kind(), ReadErrorKind::OtherResourceType { .. })
        {
            // The root is in another namespace than FHIR's.
            return Err(error.into());
        }
        self.check_type(&other.resource_type)?;
        Ok(other)
    }

    /// Checks that a resource type is one of the version, or of any if nobody says which it is.
    pub(crate) fn check_type(&self, resource_type: &str) -> Result<(), Failure> {
        let knows = |version: FhirVersion| {
            AnyImagingStudy::definitions(version)
                .is_none_or(|definitions| definitions.resource(resource_type).is_some())
        };
        let known = match self.settings.from {
            Some(version) => knows(version),
            // The types of old versions were rarely given up.
            None => FhirVersion::ALL.into_iter().rev().any(knows),
        };
        match known {
            true => Ok(()),
            false => Err(Failure::UnknownType(self.settings.from)),
        }
    }

    /// Lets a resource pass; the studies in a Bundle are converted.
    #[cold]
    pub(crate) fn pass(
        &mut self,
        bytes: &[u8],
        other: Other,
        formats: Formats,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<(), Failure> {
        let changes = formats.input.syntax() != formats.output.syntax();
        if other.resource_type == "Bundle" {
            match &other.tree {
                Some(tree) if !changes => {
                    self.bundle_text(bytes, tree, formats, place, done);
                    return Ok(());
                }
                // There is nothing to convert in it.
                None if !changes && !has_studies(bytes)? => {}
                _ => return self.bundle_tree(bytes, other, formats, place, done),
            }
        }
        let left = match &other.tree {
            Some(tree) => left::in_json(tree),
            None => left::in_xml(bytes),
        };
        let left = self.foreign(left);
        if self.settings.conversion.strict && !left.is_empty() {
            return Err(Failure::Left);
        }
        let id = other.id;
        if changes {
            let definitions = self.settings.from.and_then(AnyImagingStudy::definitions);
            let definitions = definitions.ok_or(Failure::NoVersion)?;
            let resource = self.resource(bytes, other.tree, definitions)?;
            let text = resource_text(resource, formats.output, definitions)?;
            done.document(text.as_bytes(), true, id);
        } else {
            match &other.tree {
                Some(tree) if formats.joins() => {
                    done.document(json_to_string(tree).as_bytes(), true, id);
                }
                _ => done.document(bytes, formats.ends_line(), id),
            }
        }
        done.summary.read += 1;
        done.summary.passed += 1;
        done.summary.count_type(&other.resource_type);
        if left.is_empty() {
            done.found(place, || Verdict::Other);
        }
        self.leave(left, place, done);
        Ok(())
    }

    /// The studies that are not of the version of the output.
    pub(crate) fn foreign(&self, mut left: Vec<LeftStudy>) -> Vec<LeftStudy> {
        let to = self.settings.to;
        left.retain(|study| match self.settings.from {
            _ if self.looks_only => true,
            Some(from) => from != to,
            None => !study.fits.contains(&to),
        });
        left
    }

    /// Counts studies that stay in a foreign version, and says where they are.
    pub(crate) fn leave(&self, left: Vec<LeftStudy>, place: &Place<'_>, done: &mut Done) {
        for LeftStudy { path, label, .. } in left {
            let place = Place {
                entry: None,
                ..*place
            };
            let shown_place = format!("{}:{} {path}", shown(place.source), place.line);
            let id = label.get("id").and_then(Json::as_str).map(SmolStr::from);
            let at = path.to_string();
            done.found(
                &Place {
                    entry: Some(&at),
                    ..place
                },
                || Verdict::Left,
            );
            let loss = Loss {
                path,
                kind: LossKind::ContainedNotConverted,
                rule: Rule::Contained,
                value: label,
            };
            done.summary.count(&loss);
            done.summary.left += 1;
            if done.summary.left_at.len() < LEFT_AT {
                done.summary.left_at.push(shown_place);
            }
            if self.wants.losses {
                losses::record(loss, id.as_deref(), &place, &mut done.losses);
            }
        }
    }

    /// Reads a resource of any type.
    pub(crate) fn resource(
        &mut self,
        bytes: &[u8],
        tree: Option<Json>,
        definitions: &'static Definitions,
    ) -> Result<Resource, Failure> {
        Ok(match tree {
            Some(tree) => Resource::try_from(tree)?,
            None => self.xml_tree.decode_resource(bytes, definitions)?.value,
        })
    }

    /// The same error with the path of the element, if the reader of a version comes as far.
    fn with_path(&mut self, bytes: &[u8], syntax: Syntax, error: ReadError) -> ReadError {
        let one;
        let versions: &[FhirVersion] = match self.settings.from {
            Some(version) => {
                one = [version];
                &one
            }
            None => &FhirVersion::ALL,
        };
        versions
            .iter()
            .filter_map(|version| self.read(bytes, syntax, *version).err())
            .find(|other| other.position() == error.position())
            .unwrap_or(error)
    }

    /// The id of a resource, if files are named by it.
    pub(crate) fn id_for_name(&self, id: Option<&str>) -> Option<SmolStr> {
        id.filter(|_| self.settings.folder.is_some())
            .map(SmolStr::from)
    }

    /// What a JSON document is.
    fn in_json(&self, tree: Json) -> Result<Other, Failure> {
        let resource_type = match (tree.get("resourceType"), &tree) {
            (Some(Json::String(name)), _) if !name.is_empty() => name.clone(),
            (_, Json::Object(_)) => return Err(Failure::without_type(&tree)),
            (_, other) => return Err(Failure::NoResource(other.kind())),
        };
        Ok(Other {
            resource_type,
            id: self.id_for_name(tree.get("id").and_then(Json::as_str)),
            tree: Some(tree),
        })
    }

    /// What an XML document is.
    fn in_xml(&self, bytes: &[u8]) -> Result<Other, ReadError> {
        let mut other = Other {
            resource_type: SmolStr::default(),
            id: None,
            tree: None,
        };
        xml::scan(bytes, self.settings.limits, |node| match node.parents {
            [] => other.resource_type = node.name.into(),
            [_] if node.name == "id" && other.id.is_none() => {
                other.id = self.id_for_name(node.value);
            }
            _ => {}
        })?;
        Ok(other)
    }
}

/// Whether there is a study in an entry of a Bundle in XML.
fn has_studies(bytes: &[u8]) -> Result<bool, ReadError> {
    let inside = detect_xml_inside(bytes)?;
    Ok(inside.iter().any(|study| study.entries.is_some()))
}

/// The text of a resource of any type.
pub(crate) fn resource_text(
    resource: Resource,
    format: Format,
    definitions: &'static Definitions,
) -> Result<String, Failure> {
    match format.syntax() {
        Syntax::Xml => Ok(XML.encode_resource(&resource, definitions)?),
        Syntax::Json => {
            let tree = resource.into_json().ok_or(Failure::NoVersion)?;
            Ok(match format {
                Format::Json => json_to_string_pretty(&tree),
                _ => json_to_string(&tree),
            })
        }
    }
}
