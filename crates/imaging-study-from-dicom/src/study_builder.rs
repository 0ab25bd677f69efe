//! One study, gathered from its data sets.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use smol_str::SmolStr;

use crate::coded::Concept;
use crate::identified::Identified;
use crate::instance::{self, Instance};
use crate::moment::Moment;
use crate::note::InputNotes;
use crate::person::Person;
use crate::pick::{Level, Pick, Source, Union};
use crate::series::Series;
use crate::{Attributes, Tag, tags};

/// One study, gathered from any number of data sets in any order: the part of
/// [`Studies`](crate::Studies) with one Study Instance UID.
///
/// It holds a few words for each series and instance, whatever the size of their data sets.
#[derive(Clone, Debug)]
pub struct StudyBuilder {
    pub(crate) uid: SmolStr,
    pub(crate) started: Pick<Moment>,
    pub(crate) study_id: Pick<SmolStr>,
    pub(crate) description: Pick<SmolStr>,
    pub(crate) referrer: Pick<Vec<Person>>,
    pub(crate) interpreter: Union<Person>,
    pub(crate) accession: Union<Identified>,
    pub(crate) placer: Union<Identified>,
    pub(crate) filler: Union<Identified>,
    pub(crate) procedure: Union<Concept>,
    pub(crate) requested_procedure: Union<Concept>,
    pub(crate) reason: Union<Concept>,
    pub(crate) reason_text: Union<SmolStr>,
    pub(crate) location: Pick<SmolStr>,
    pub(crate) encounter: Pick<Identified>,
    pub(crate) patient_id: Pick<Identified>,
    pub(crate) patient_name: Pick<SmolStr>,
    pub(crate) quality_control: Pick<SmolStr>,
    pub(crate) group_of_patients: bool,
    pub(crate) modalities: Union<SmolStr>,
    pub(crate) availability: Pick<SmolStr>,
    pub(crate) retrieve_url: Pick<SmolStr>,
    /// What the archive says.
    pub(crate) number_of_series: Option<u32>,
    pub(crate) number_of_instances: Option<u32>,
    pub(crate) series: Vec<Series>,
    series_index: HashMap<SmolStr, usize>,
    pub(crate) instances: HashMap<SmolStr, Instance>,
}

impl StudyBuilder {
    pub(crate) fn new(uid: SmolStr) -> Self {
        Self {
            uid,
            started: Pick::default(),
            study_id: Pick::default(),
            description: Pick::default(),
            referrer: Pick::default(),
            interpreter: Union::default(),
            accession: Union::default(),
            placer: Union::default(),
            filler: Union::default(),
            procedure: Union::default(),
            requested_procedure: Union::default(),
            reason: Union::default(),
            reason_text: Union::default(),
            location: Pick::default(),
            encounter: Pick::default(),
            patient_id: Pick::default(),
            patient_name: Pick::default(),
            quality_control: Pick::default(),
            group_of_patients: false,
            modalities: Union::default(),
            availability: Pick::default(),
            retrieve_url: Pick::default(),
            number_of_series: None,
            number_of_instances: None,
            series: Vec::new(),
            series_index: HashMap::new(),
            instances: HashMap::new(),
        }
    }

    /// The Study Instance UID `(0020,000D)`.
    #[must_use]
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// How many series are known.
    #[must_use]
    pub fn number_of_series(&self) -> usize {
        self.series.len()
    }

    /// How many instances are known.
    #[must_use]
    pub fn number_of_instances(&self) -> usize {
        self.instances.len()
    }

    /// Takes over a data set about an instance, a series, or only the study.
    pub(crate) fn add(
        &mut self,
        series: Option<SmolStr>,
        instance: Option<SmolStr>,
        attributes: &Attributes,
        notes: &mut InputNotes,
    ) {
        let source = match (&instance, &series) {
            (Some(uid), _) => Source {
                level: Level::Instance,
                uid: uid.clone(),
            },
            (None, Some(uid)) => Source {
                level: Level::Series,
                uid: uid.clone(),
            },
            (None, None) => Source {
                level: Level::Study,
                uid: self.uid.clone(),
            },
        };
        self.study(&source, attributes, notes);
        let Some(uid) = series else { return };
        let index = match self.series_index.get(&uid) {
            Some(index) => *index,
            None => {
                self.series.push(Series::new(uid.clone()));
                self.series_index.insert(uid, self.series.len() - 1);
                self.series.len() - 1
            }
        };
        self.series[index].add(&source, attributes, notes);
        let Some(uid) = instance else { return };
        let class = attributes.text(tags::SOP_CLASS_UID);
        let class = class.and_then(|text| {
            let class = crate::text::uid(text);
            if class.is_none() {
                notes.add(crate::NoteKind::Malformed, tags::SOP_CLASS_UID);
            }
            class
        });
        let mut instance = Instance {
            series: index,
            class: class.map(|(uid, _)| uid),
            number: instance::number(attributes, tags::INSTANCE_NUMBER, notes),
            title: instance::title(attributes),
            conflict: false,
        };
        self.series[index].share(&mut instance);
        match self.instances.entry(uid) {
            Entry::Vacant(place) => {
                place.insert(instance);
            }
            Entry::Occupied(mut held) => {
                let held = held.get_mut();
                if held.series != index {
                    held.conflict = true;
                    if self.series[index].uid < self.series[held.series].uid {
                        held.series = index;
                    }
                }
                held.add(instance);
            }
        }
    }

    /// Whether a series is known.
    pub(crate) fn has_series(&self, uid: &str) -> bool {
        self.series_index.contains_key(uid)
    }

    /// Marks a series that another study has too.
    pub(crate) fn mark_shared(&mut self, series: &str) {
        if let Some(index) = self.series_index.get(series) {
            self.series[*index].shared = true;
        }
    }

    /// Takes over what a data set says of the study.
    fn study(&mut self, source: &Source, attributes: &Attributes, notes: &mut InputNotes) {
        let text = |tag: Tag| attributes.text(tag).cloned();
        let started = Moment::read(attributes, tags::STUDY_DATE, tags::STUDY_TIME, notes);
        self.started.offer(source, started);
        self.study_id.offer(source, text(tags::STUDY_ID));
        self.description
            .offer(source, text(tags::STUDY_DESCRIPTION));
        let referrers = Person::list(
            attributes,
            tags::REFERRING_PHYSICIAN_NAME,
            tags::REFERRING_PHYSICIAN_IDENTIFICATION_SEQUENCE,
            notes,
        );
        self.referrer
            .offer(source, (!referrers.is_empty()).then_some(referrers));
        let readers = attributes.names(tags::NAME_OF_PHYSICIANS_READING_STUDY);
        for (index, name) in readers.iter().enumerate() {
            let person = Person {
                name: name.display(),
                ..Person::default()
            };
            self.interpreter.add(source, index, person);
        }
        self.requests(source, attributes, notes);
        let codes = attributes.items(tags::PROCEDURE_CODE_SEQUENCE);
        for (index, concept) in Concept::list(codes, attributes, notes)
            .into_iter()
            .enumerate()
        {
            self.procedure.add(source, index, concept);
        }
        let codes = attributes.items(tags::REQUESTED_PROCEDURE_CODE_SEQUENCE);
        for (index, concept) in Concept::list(codes, attributes, notes)
            .into_iter()
            .enumerate()
        {
            self.requested_procedure.add(source, index, concept);
        }
        let place = text(tags::PERFORMED_LOCATION);
        let rank = u8::from(place.is_none());
        let place = place.or_else(|| text(tags::INSTITUTIONAL_DEPARTMENT_NAME));
        self.location.offer_ranked(rank, source, place);
        let issuer = tags::ISSUER_OF_ADMISSION_ID_SEQUENCE;
        let encounter = Identified::read(attributes, tags::ADMISSION_ID, issuer);
        self.encounter.offer(source, encounter);
        self.patient_id
            .offer(source, Identified::patient(attributes));
        let name = attributes.names(tags::PATIENT_NAME).first();
        self.patient_name
            .offer(source, name.and_then(crate::PersonName::display));
        self.quality_control
            .offer(source, text(tags::QUALITY_CONTROL_SUBJECT));
        let group = tags::GROUP_OF_PATIENTS_IDENTIFICATION_SEQUENCE;
        self.group_of_patients |= !attributes.items(group).is_empty();
        for (index, term) in attributes
            .texts(tags::MODALITIES_IN_STUDY)
            .iter()
            .enumerate()
        {
            self.modalities.add(source, index, term.clone());
        }
        let mut count = |tag| instance::number(attributes, tag, notes);
        self.number_of_series = self
            .number_of_series
            .max(count(tags::NUMBER_OF_STUDY_RELATED_SERIES));
        self.number_of_instances = self
            .number_of_instances
            .max(count(tags::NUMBER_OF_STUDY_RELATED_INSTANCES));
        if source.level == Level::Study {
            self.availability
                .offer(source, text(tags::INSTANCE_AVAILABILITY));
            self.retrieve_url.offer(source, text(tags::RETRIEVE_URL));
        }
    }

    /// Takes over orders and reasons: of the data set, and of each request that it fulfils.
    fn requests(&mut self, source: &Source, attributes: &Attributes, notes: &mut InputNotes) {
        let sequences = [
            tags::REQUEST_ATTRIBUTES_SEQUENCE,
            tags::REFERENCED_REQUEST_SEQUENCE,
        ];
        let items = sequences.into_iter().flat_map(|tag| attributes.items(tag));
        let places = std::iter::once(attributes).chain(items);
        let (mut reasons, mut texts) = (0, 0);
        for (index, place) in places.enumerate() {
            for (list, value, issuer) in [
                (
                    &mut self.accession,
                    tags::ACCESSION_NUMBER,
                    tags::ISSUER_OF_ACCESSION_NUMBER_SEQUENCE,
                ),
                (
                    &mut self.placer,
                    tags::PLACER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST,
                    tags::ORDER_PLACER_IDENTIFIER_SEQUENCE,
                ),
                (
                    &mut self.filler,
                    tags::FILLER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST,
                    tags::ORDER_FILLER_IDENTIFIER_SEQUENCE,
                ),
            ] {
                if let Some(identified) = Identified::read(place, value, issuer) {
                    list.add(source, index, identified);
                }
            }
            let codes = place.items(tags::REASON_FOR_REQUESTED_PROCEDURE_CODE_SEQUENCE);
            let mut concepts = Concept::list(codes, attributes, notes);
            let words = place.text(tags::REASON_FOR_THE_REQUESTED_PROCEDURE);
            match (concepts.as_mut_slice(), words) {
                // Beside a single code, the words are about that code.
                ([only], Some(words)) => only.text = Some(words.clone()),
                (_, Some(words)) => {
                    self.reason_text.add(source, texts, words.clone());
                    texts += 1;
                }
                _ => {}
            }
            for concept in concepts {
                self.reason.add(source, reasons, concept);
                reasons += 1;
            }
        }
    }
}
