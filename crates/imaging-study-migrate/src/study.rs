//! Reading, converting and writing one study.

use imaging_study::convert::{Converted, Loss, LossKind, Refused, Rule, convert_any};
use imaging_study::core::{Decoded, ElementPath, Json, ReadError, Resource, Segment};
use imaging_study::validate::Issue;
use imaging_study::{
    AnyImagingStudy, Detection, Evidence, FhirVersion, Undecided, detect_json, detect_xml,
};
use smol_str::SmolStr;

use crate::finding::Verdict;
use crate::format::{Format, Syntax, XML};
use crate::losses;
use crate::outcome::{Failure, Place, member, string};
use crate::work::Done;
use crate::worker::Worker;

/// A study that was converted and written, but not counted yet.
pub(crate) struct ConvertedStudy {
    text: String,
    id: Option<SmolStr>,
    losses: Vec<Loss>,
    /// What is wrong with it, if that was asked for.
    issues: Vec<Issue>,
    /// The version that it was read in.
    version: FhirVersion,
    /// What told the version.
    evidence: Vec<Evidence>,
}

/// The versions to read a study in, the likeliest first: what fits R4 and R4B alike by its elements
/// may have contained resources that only R4B knows.
pub(crate) fn readings(detection: &Detection) -> Result<Vec<FhirVersion>, Undecided> {
    let version = detection.version()?;
    Ok(match version {
        FhirVersion::R4 if detection.candidates.len() > 1 => {
            vec![FhirVersion::R4, FhirVersion::R4B]
        }
        FhirVersion::R6 if detection.candidates.len() > 1 => {
            vec![FhirVersion::R6, FhirVersion::R6Draft]
        }
        _ => vec![version],
    })
}

fn detect(bytes: &[u8], syntax: Syntax) -> Result<Detection, ReadError> {
    match syntax {
        Syntax::Json => detect_json(bytes),
        Syntax::Xml => detect_xml(bytes),
    }
}

impl Worker<'_> {
    /// Reads, converts and writes a study; its elements tell the version if nobody else does.
    pub(crate) fn converted(
        &mut self,
        bytes: &[u8],
        syntax: Syntax,
        version: Option<FhirVersion>,
        format: Format,
    ) -> Result<ConvertedStudy, Failure> {
        self.guarded(|worker| {
            let mut evidence = Vec::new();
            let (version, decoded) = match version {
                Some(version) => (version, worker.read(bytes, syntax, version)),
                None if worker.looks_only => {
                    let detection = detect(bytes, syntax)?;
                    evidence = detection.decisive();
                    worker.first_reading(bytes, syntax, &readings(&detection)?)
                }
                None => worker.detected(bytes, syntax)?,
            };
            let Converted { value, losses } = worker.convert(decoded?)?;
            if let Some(inspect) = worker.settings.inspect {
                inspect(&value);
            }
            let issues = match &worker.settings.checks {
                Some(checks) if !worker.looks_only => checks.validator.validate(&value),
                _ => Vec::new(),
            };
            let text = match format {
                Format::Json => value.to_json_pretty()?,
                Format::Ndjson => value.to_json()?,
                Format::Xml => value.to_xml(XML)?,
            };
            Ok(ConvertedStudy {
                text,
                id: value.id().map(SmolStr::from),
                losses,
                issues,
                version,
                evidence,
            })
        })
    }

    /// Reads a study in the version that its elements tell.
    pub(crate) fn detected(
        &mut self,
        bytes: &[u8],
        syntax: Syntax,
    ) -> Result<(FhirVersion, Result<Decoded<AnyImagingStudy>, ReadError>), Failure> {
        let detection = match syntax {
            Syntax::Json => match AnyImagingStudy::detect_and_read_json(bytes, &mut self.json)? {
                Ok(read) => return Ok((read.value.version(), Ok(read))),
                Err(detection) => detection,
            },
            Syntax::Xml => detect_xml(bytes)?,
        };
        Ok(self.first_reading(bytes, syntax, &readings(&detection)?))
    }

    /// Reads a study in the first version in which all of it can be read, or else in the first one.
    pub(crate) fn first_reading(
        &mut self,
        bytes: &[u8],
        syntax: Syntax,
        versions: &[FhirVersion],
    ) -> (FhirVersion, Result<Decoded<AnyImagingStudy>, ReadError>) {
        let is_whole = |read: &Result<Decoded<AnyImagingStudy>, ReadError>| {
            read.as_ref().is_ok_and(|read| read.unknown.is_empty())
        };
        let (first, others) = versions
            .split_first()
            .map_or((FhirVersion::R4, &[][..]), |(first, others)| {
                (*first, others)
            });
        let read = self.read(bytes, syntax, first);
        if !is_whole(&read) {
            for &version in others {
                let other = self.read(bytes, syntax, version);
                if is_whole(&other) {
                    return (version, other);
                }
            }
        }
        (first, read)
    }

    fn convert(
        &self,
        decoded: Decoded<AnyImagingStudy>,
    ) -> Result<Converted<AnyImagingStudy>, Failure> {
        let Decoded {
            value: study,
            unknown,
        } = decoded;
        let notes = if unknown.is_empty() {
            Vec::new()
        } else {
            notes(study.contained())
        };
        let options = &self.settings.conversion;
        let to = match self.looks_only {
            true => study.version(),
            false => self.settings.to,
        };
        match convert_any(study, to, options) {
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

    /// Counts a converted study and records what was lost; its text, and the id if files are named by
    /// it.
    pub(crate) fn record(
        &self,
        converted: ConvertedStudy,
        place: &Place<'_>,
        done: &mut Done,
    ) -> (String, Option<SmolStr>) {
        let id = converted.id.as_deref();
        for loss in converted.losses {
            done.summary.count(&loss);
            if self.wants.losses {
                losses::record(loss, id, place, &mut done.losses);
            }
        }
        if let Some(checks) = &self.settings.checks {
            let text = checks.text(converted.issues, self.settings.to, place, &mut done.summary);
            done.issues.extend(text);
        }
        done.summary.converted += 1;
        *done.summary.versions.entry(converted.version).or_default() += 1;
        done.summary.count_type("ImagingStudy");
        let (version, evidence) = (converted.version, converted.evidence);
        done.found(place, || Verdict::Study(version, evidence));
        (converted.text, self.id_for_name(id))
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
