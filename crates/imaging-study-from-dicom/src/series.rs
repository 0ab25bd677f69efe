//! What is kept of a series.

use smol_str::SmolStr;

use crate::coded::Concept;
use crate::identified::{Identified, Issuer};
use crate::instance;
use crate::moment::Moment;
use crate::note::InputNotes;
use crate::person::Person;
use crate::pick::{Agree, Level, Pick, Source, Union};
use crate::{Attributes, NoteKind, tables, tags};

/// What is kept of a series.
#[derive(Clone, Debug, Default)]
pub(crate) struct Series {
    pub(crate) uid: SmolStr,
    pub(crate) number: Pick<u32>,
    pub(crate) modality: Pick<SmolStr>,
    pub(crate) description: Pick<SmolStr>,
    pub(crate) body_site: Pick<Concept>,
    pub(crate) laterality: Pick<SmolStr>,
    pub(crate) image_laterality: ImageLaterality,
    pub(crate) started: Pick<Moment>,
    pub(crate) performer: Union<Performer>,
    pub(crate) specimen: Union<Identified>,
    pub(crate) availability: Pick<SmolStr>,
    pub(crate) retrieve_url: Pick<SmolStr>,
    /// What the archive says.
    pub(crate) number_of_instances: Option<u32>,
    /// Another study has a series of the same UID.
    pub(crate) shared: bool,
    last_class: Option<SmolStr>,
    last_title: Option<SmolStr>,
}

impl Agree for Moment {
    fn agrees(&self, other: &Self) -> bool {
        self.agrees(other)
    }
}

/// Somebody who took part in making a series.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Performer {
    pub(crate) function: Function,
    pub(crate) person: Person,
}

/// As what somebody took part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Function {
    /// Performing Physician (0008,1050): `PRF`.
    Performer,
    /// Operator (0008,1070): `SPRF`, the secondary performer.
    SecondaryPerformer,
}

/// Which terms of Image Laterality (0020,0062) the instances of a series have.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ImageLaterality(u8);

impl ImageLaterality {
    const TERMS: [&'static str; 4] = ["R", "L", "B", "U"];

    fn add(&mut self, term: &str) {
        let known = Self::TERMS.iter().position(|one| *one == term);
        self.0 |= known.map_or(0, |index| 1 << index);
    }

    /// The term that all instances that have one agree on.
    pub(crate) fn only(self) -> Option<&'static str> {
        let index = self.0.trailing_zeros() as usize;
        (self.0.count_ones() == 1).then(|| Self::TERMS[index])
    }

    pub(crate) fn conflict(self) -> bool {
        self.0.count_ones() > 1
    }
}

impl Series {
    pub(crate) fn new(uid: SmolStr) -> Self {
        Self {
            uid,
            ..Self::default()
        }
    }

    pub(crate) fn add(&mut self, source: &Source, attributes: &Attributes, notes: &mut InputNotes) {
        let text = |tag| attributes.text(tag).cloned();
        let number = instance::number(attributes, tags::SERIES_NUMBER, notes);
        self.number.offer(source, number);
        self.modality.offer(source, text(tags::MODALITY));
        let described = text(tags::SERIES_DESCRIPTION);
        let codes = attributes.items(tags::SERIES_DESCRIPTION_CODE_SEQUENCE);
        let meaning = codes.iter().find_map(|item| item.text(tags::CODE_MEANING));
        self.description
            .offer(source, described.or_else(|| meaning.cloned()));
        self.body_site(source, attributes, notes);
        self.laterality(source, attributes, notes);
        let (date, time) = (tags::SERIES_DATE, tags::SERIES_TIME);
        match Moment::read(attributes, date, time, notes) {
            Some(started) => self.started.offer(source, Some(started)),
            None => {
                let date = tags::PERFORMED_PROCEDURE_STEP_START_DATE;
                let time = tags::PERFORMED_PROCEDURE_STEP_START_TIME;
                let started = Moment::read(attributes, date, time, notes);
                self.started.offer_ranked(1, source, started);
            }
        }
        self.performers(source, attributes, notes);
        let specimens = attributes.items(tags::SPECIMEN_DESCRIPTION_SEQUENCE);
        for (index, item) in specimens.iter().enumerate() {
            if let Some(value) = item.text(tags::SPECIMEN_IDENTIFIER) {
                let issuer = Issuer::of(item, tags::ISSUER_OF_THE_SPECIMEN_IDENTIFIER_SEQUENCE);
                let value = value.clone();
                self.specimen
                    .add(source, index, Identified { value, issuer });
            }
        }
        let related = tags::NUMBER_OF_SERIES_RELATED_INSTANCES;
        let related = instance::number(attributes, related, notes);
        self.number_of_instances = self.number_of_instances.max(related);
        self.availability
            .offer(source, text(tags::INSTANCE_AVAILABILITY));
        if source.level == Level::Series {
            self.retrieve_url.offer(source, text(tags::RETRIEVE_URL));
        }
    }

    fn body_site(&mut self, source: &Source, attributes: &Attributes, notes: &mut InputNotes) {
        let shared = shared_anatomy(attributes);
        let regions = attributes.items(tags::ANATOMIC_REGION_SEQUENCE).iter();
        let shared_regions = shared.flat_map(|item| item.items(tags::ANATOMIC_REGION_SEQUENCE));
        let region = regions
            .chain(shared_regions)
            .find_map(|item| Concept::read(item, attributes, notes));
        let concept = region.or_else(|| {
            let part = attributes.text(tags::BODY_PART_EXAMINED)?;
            Some(match tables::body_part(part) {
                Some(concept) => Concept::snomed(concept),
                None => {
                    notes.add(NoteKind::UnknownTerm, tags::BODY_PART_EXAMINED);
                    Concept::text(part.clone())
                }
            })
        });
        if let Some(concept) = concept {
            let rank = u8::from(concept.code.is_none());
            self.body_site.offer_ranked(rank, source, Some(concept));
        }
    }

    fn laterality(&mut self, source: &Source, attributes: &Attributes, notes: &mut InputNotes) {
        if let Some(term) = attributes.text(tags::LATERALITY) {
            if matches!(term.as_str(), "R" | "L" | "B") {
                self.laterality.offer(source, Some(term.clone()));
            } else if term != "U" {
                notes.add(NoteKind::UnknownTerm, tags::LATERALITY);
            }
        }
        if let Some(term) = attributes.text(tags::IMAGE_LATERALITY) {
            self.image_laterality.add(term);
        }
        for item in shared_anatomy(attributes) {
            if let Some(term) = item.text(tags::FRAME_LATERALITY) {
                self.image_laterality.add(term);
            }
        }
    }

    fn performers(&mut self, source: &Source, attributes: &Attributes, notes: &mut InputNotes) {
        for (function, names, identification) in [
            (
                Function::Performer,
                tags::PERFORMING_PHYSICIAN_NAME,
                tags::PERFORMING_PHYSICIAN_IDENTIFICATION_SEQUENCE,
            ),
            (
                Function::SecondaryPerformer,
                tags::OPERATORS_NAME,
                tags::OPERATOR_IDENTIFICATION_SEQUENCE,
            ),
        ] {
            let persons = Person::list(attributes, names, identification, notes);
            for (index, person) in persons.into_iter().enumerate() {
                self.performer
                    .add(source, index, Performer { function, person });
            }
        }
    }

    /// The texts of an instance, shared with the one before.
    pub(crate) fn share(&mut self, instance: &mut instance::Instance) {
        instance.class = instance::share(instance.class.take(), &mut self.last_class);
        instance.title = instance::share(instance.title.take(), &mut self.last_title);
    }
}

/// The anatomy that all frames of an enhanced image share.
fn shared_anatomy(attributes: &Attributes) -> impl Iterator<Item = &Attributes> {
    let groups = attributes.items(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    groups
        .iter()
        .flat_map(|group| group.items(tags::FRAME_ANATOMY_SEQUENCE))
}
