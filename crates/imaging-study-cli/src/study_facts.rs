//! What people want to know of a study of any version.

use std::borrow::Cow;

use imaging_study::{
    AnyImagingStudy, ConceptRef, FhirVersion, InstanceRef, ReferenceRef, SeriesRef,
};

/// A study at a glance.
#[derive(Clone, Debug, Default)]
pub(crate) struct StudyFacts<'a> {
    /// The versions that it fits, the likeliest first.
    pub(crate) versions: Vec<FhirVersion>,
    pub(crate) id: Option<&'a str>,
    pub(crate) patient: Option<Party<'a>>,
    pub(crate) started: Option<&'a str>,
    pub(crate) status: Option<&'a str>,
    pub(crate) availability: Option<&'a str>,
    pub(crate) modalities: Vec<&'a str>,
    pub(crate) uid: Option<String>,
    pub(crate) accession: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) procedures: Vec<&'a str>,
    pub(crate) reasons: Vec<&'a str>,
    pub(crate) endpoints: Vec<&'a str>,
    pub(crate) number_of_series: Count,
    pub(crate) number_of_instances: Count,
    pub(crate) series: Vec<SeriesFacts<'a>>,
}

/// Somebody or something that is referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Party<'a> {
    pub(crate) reference: Option<&'a str>,
    pub(crate) display: Option<&'a str>,
}

/// How many there are, as the study says it and as they are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) stated: Option<u64>,
    pub(crate) listed: u64,
}

impl Count {
    fn new(stated: Option<u32>, listed: usize) -> Self {
        Self {
            stated: stated.map(u64::from),
            listed: listed as u64,
        }
    }

    /// The number that counts: what is listed, or what is stated where nothing is.
    pub(crate) const fn best(self) -> u64 {
        match self.stated {
            Some(stated) if self.listed == 0 => stated,
            _ => self.listed,
        }
    }
}

/// A series at a glance.
#[derive(Clone, Debug, Default)]
pub(crate) struct SeriesFacts<'a> {
    pub(crate) number: Option<u32>,
    pub(crate) modality: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) body_sites: Vec<&'a str>,
    pub(crate) laterality: Option<&'a str>,
    pub(crate) uid: Option<&'a str>,
    pub(crate) endpoints: Vec<&'a str>,
    pub(crate) number_of_instances: Count,
    /// Empty unless they are wanted.
    pub(crate) instances: Vec<InstanceFacts<'a>>,
}

/// An instance at a glance.
#[derive(Clone, Debug)]
pub(crate) struct InstanceFacts<'a> {
    pub(crate) number: Option<u32>,
    /// The name of the SOP class, or its UID where it has none.
    pub(crate) sop_class: Option<Cow<'a, str>>,
    pub(crate) frames: Option<u32>,
    pub(crate) title: Option<&'a str>,
    pub(crate) uid: Option<&'a str>,
}

impl<'a> StudyFacts<'a> {
    pub(crate) fn new(study: &'a AnyImagingStudy, instances: bool) -> Self {
        let series: Vec<_> = study
            .series()
            .map(|series| SeriesFacts::new(series, instances))
            .collect();
        let listed = series
            .iter()
            .map(|series| series.number_of_instances.best());
        let listed = listed.fold(0, u64::saturating_add);
        let endpoints = study.endpoints().filter_map(named);
        let mut facts = Self {
            versions: vec![study.version()],
            id: study.id(),
            patient: study.subject().map(|subject| Party {
                reference: subject.reference(),
                display: subject.display(),
            }),
            started: study.started().map(|started| started.as_str()),
            status: study.status(),
            availability: study.availability(),
            modalities: study.modalities().filter_map(coded).collect(),
            uid: study
                .study_uid()
                .found
                .one()
                .map(|found| found.uid.to_string()),
            accession: study.accession().one().map(|found| found.value),
            description: study.description(),
            procedures: study.procedures().filter_map(spoken).collect(),
            reasons: study.reasons().filter_map(spoken).collect(),
            endpoints: endpoints.chain(study.url()).collect(),
            number_of_series: Count::new(study.number_of_series(), series.len()),
            number_of_instances: Count {
                stated: study.number_of_instances().map(u64::from),
                listed,
            },
            series,
        };
        if facts.modalities.is_empty() {
            let codes = facts.series.iter().filter_map(|series| series.modality);
            for code in codes {
                if !facts.modalities.contains(&code) {
                    facts.modalities.push(code);
                }
            }
        }
        facts
    }

    /// Leaves out every text that may tell whose images they are: what stays are versions, codes and
    /// counts.
    pub(crate) fn hide_texts(&mut self) {
        *self = Self {
            versions: std::mem::take(&mut self.versions),
            status: self.status,
            availability: self.availability,
            modalities: std::mem::take(&mut self.modalities),
            number_of_series: self.number_of_series,
            number_of_instances: self.number_of_instances,
            series: std::mem::take(&mut self.series),
            ..Self::default()
        };
        for series in &mut self.series {
            *series = SeriesFacts {
                number: series.number,
                modality: series.modality,
                number_of_instances: series.number_of_instances,
                instances: std::mem::take(&mut series.instances),
                ..SeriesFacts::default()
            };
            for instance in &mut series.instances {
                instance.title = None;
                instance.uid = None;
            }
        }
    }
}

impl<'a> SeriesFacts<'a> {
    fn new(series: SeriesRef<'a>, instances: bool) -> Self {
        let endpoints = series.endpoints().filter_map(named);
        let instances: Vec<_> = match instances {
            true => series.instances().map(InstanceFacts::new).collect(),
            false => Vec::new(),
        };
        Self {
            number: series.number(),
            modality: series.modality().and_then(coded),
            description: series.description(),
            body_sites: series.body_sites().filter_map(spoken).collect(),
            laterality: series.laterality().and_then(spoken),
            uid: series.uid(),
            endpoints: endpoints.chain(series.url()).collect(),
            number_of_instances: Count::new(series.number_of_instances(), series.instance_count()),
            instances,
        }
    }
}

impl<'a> InstanceFacts<'a> {
    fn new(instance: InstanceRef<'a>) -> Self {
        let known = instance.sop_class_uid().and_then(|uid| uid.known());
        Self {
            number: instance.number(),
            sop_class: match known {
                Some(known) => Some(Cow::Owned(known.name.to_owned())),
                None => instance.sop_class().map(Cow::Borrowed),
            },
            frames: instance.number_of_frames(),
            title: instance.title(),
            uid: instance.uid(),
        }
    }
}

/// What a code is called in short.
fn coded(concept: ConceptRef<'_>) -> Option<&str> {
    concept.code().or_else(|| concept.text())
}

/// What people say for a code.
fn spoken(concept: ConceptRef<'_>) -> Option<&str> {
    let reference = || concept.reference().and_then(named);
    concept.text().or_else(|| concept.code()).or_else(reference)
}

fn named(reference: ReferenceRef<'_>) -> Option<&str> {
    reference.reference().or_else(|| reference.display())
}
