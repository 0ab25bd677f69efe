//! Reading, converting and writing one study.

use imaging_study::convert::{Converted, Loss, LossKind, Refused, Rule};
use imaging_study::core::{Decoded, ElementPath, Json, ReadError, Resource, Segment};
use imaging_study::{AnyImagingStudy, FhirVersion, Undecided, detect_json, detect_xml, xml};
use smol_str::SmolStr;

use crate::format::{Format, Syntax};
use crate::losses;
use crate::outcome::{Failure, Place, member, string};
use crate::work::Done;
use crate::worker::Worker;

/// How XML is written.
pub(crate) const XML: xml::Encoder = xml::Encoder {
    pretty: true,
    declaration: true,
};

/// The text of a study.
pub(crate) struct Written {
    pub(crate) text: String,
    /// The id of the study, if files are named by it.
    pub(crate) id: Option<SmolStr>,
}

/// The reason why a study that is said to be R6 could not be read, if it is of a later build of R6.
#[cold]
fn later_build(bytes: &[u8], syntax: Syntax, version: FhirVersion) -> Option<Failure> {
    if version != FhirVersion::R6 {
        return None;
    }
    let detection = match syntax {
        Syntax::Json => detect_json(bytes),
        Syntax::Xml => detect_xml(bytes),
    };
    match detection.ok()?.version() {
        Err(undecided @ Undecided::LaterR6 { .. }) => Some(undecided.into()),
        _ => None,
    }
}

impl Worker<'_> {
    /// Reads and converts a study; its elements tell the version if nobody else does.
    pub(crate) fn study(
        &mut self,
        bytes: &[u8],
        syntax: Syntax,
        version: Option<FhirVersion>,
    ) -> Result<Converted<AnyImagingStudy>, Failure> {
        let version = match (version, syntax) {
            (Some(version), _) => version,
            (None, Syntax::Json) => detect_json(bytes)?.version()?,
            (None, Syntax::Xml) => detect_xml(bytes)?.version()?,
        };
        let Decoded {
            value: study,
            unknown,
        } = self
            .read(bytes, syntax, version)
            .map_err(|error| later_build(bytes, syntax, version).unwrap_or_else(|| error.into()))?;
        let notes = if unknown.is_empty() {
            Vec::new()
        } else {
            notes(study.contained())
        };
        let options = &self.settings.conversion;
        match study.to(self.settings.to, options) {
            Ok(Converted { value, losses }) => {
                let losses = with_notes(losses, notes);
                let refused = |loss: &Loss| loss.kind.is_refused_by_strict();
                if options.strict && losses.iter().any(refused) {
                    return Err(Failure::Refused(losses));
                }
                Ok(Converted { value, losses })
            }
            Err(Refused { losses, .. }) => Err(Failure::Refused(with_notes(losses, notes))),
        }
    }

    /// Reads a study of a version.
    pub(crate) fn read(
        &mut self,
        bytes: &[u8],
        syntax: Syntax,
        version: FhirVersion,
    ) -> Result<Decoded<AnyImagingStudy>, ReadError> {
        match syntax {
            Syntax::Json => AnyImagingStudy::from_json(bytes, version, &mut self.json),
            Syntax::Xml => AnyImagingStudy::from_xml(bytes, version, &mut self.xml),
        }
    }

    /// Writes a converted study, and records what was lost.
    pub(crate) fn write(
        &mut self,
        converted: Converted<AnyImagingStudy>,
        format: Format,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<Written, Failure> {
        let Converted {
            value: study,
            losses,
        } = converted;
        let text = match format {
            Format::Json => study.to_json_pretty()?,
            Format::Ndjson => study.to_json()?,
            Format::Xml => study.to_xml(XML)?,
        };
        for loss in losses {
            done.summary.count(&loss);
            if self.record_losses {
                losses::record(loss, study.id(), place, &mut done.losses);
            }
        }
        done.summary.converted += 1;
        let id = self.id_for_name(study.id());
        Ok(Written { text, id })
    }
}

/// What is to be said about contained resources that are kept as XML.
#[cold]
fn notes(contained: &[Resource]) -> Vec<Loss> {
    let kept = contained
        .iter()
        .enumerate()
        .filter(|(_, resource)| resource.xml().is_some());
    let note = |(index, resource): (usize, &Resource)| {
        let mut label = vec![member("resourceType", string(resource.resource_type()))];
        label.extend(resource.id().map(|id| member("id", string(id))));
        let names = ["ImagingStudy", "contained"].map(|name| Segment::Name(name.into()));
        Loss {
            path: ElementPath::from_iter(names.into_iter().chain([Segment::Index(index)])),
            kind: LossKind::ContainedUnknown,
            rule: Rule::Contained,
            value: Json::Object(label),
        }
    };
    kept.map(note).collect()
}

/// The losses of a conversion and the notes of a reader, one for each resource.
fn with_notes(mut losses: Vec<Loss>, notes: Vec<Loss>) -> Vec<Loss> {
    losses.retain(|loss| {
        let mut notes = notes.iter();
        loss.rule != Rule::Contained || !notes.any(|note| note.path == loss.path)
    });
    losses.extend(notes);
    losses
}
