//! Deciding what is written of a series.

use imaging_study_core::FhirVersion;
use imaging_study_dicom::{Modality, Uid};
use smol_str::SmolStr;

use crate::coded::Concept;
use crate::instance::Instance;
use crate::note::{NoteKind, Place};
use crate::plan::{Party, PlanInstance, PlanSeries};
use crate::planner::{Planner, count, modality};
use crate::series::{Function, Series};
use crate::{MissingModality, tables, tags};

const PARTICIPATION_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

impl<'a> Planner<'a> {
    /// The series in their order, with their instances in theirs.
    pub(crate) fn series(&mut self) -> Vec<PlanSeries<'a>> {
        let study = self.study;
        let mut order: Vec<usize> = (0..study.series.len()).collect();
        order.sort_unstable_by_key(|&index| {
            let series = &study.series[index];
            let number = series.number.get();
            (number.is_none(), number, &series.uid)
        });
        let mut instances: Vec<Vec<(&SmolStr, &Instance)>> = vec![Vec::new(); order.len()];
        for (uid, instance) in &study.instances {
            instances[instance.series].push((uid, instance));
        }
        let planned = order.into_iter().enumerate().map(|(place, index)| {
            let mut listed = std::mem::take(&mut instances[index]);
            listed.sort_unstable_by_key(|(uid, one)| (one.number.is_none(), one.number, *uid));
            self.one_series(&study.series[index], place, listed)
        });
        planned.collect()
    }

    fn one_series(
        &mut self,
        series: &'a Series,
        place: usize,
        instances: Vec<(&'a SmolStr, &'a Instance)>,
    ) -> PlanSeries<'a> {
        let options = self.options;
        let at = Place::Series { series: place };
        if series.shared {
            self.note(
                NoteKind::SeriesInSeveralStudies,
                tags::SERIES_INSTANCE_UID,
                at,
            );
        }
        let number = self.value(&series.number, tags::SERIES_NUMBER, at);
        let term = self.value(&series.modality, tags::MODALITY, at);
        let modality = self.series_modality(term, at);
        let description = self.value(&series.description, tags::SERIES_DESCRIPTION, at);
        let body_site = self.value(&series.body_site, tags::ANATOMIC_REGION_SEQUENCE, at);
        let started = self.value(&series.started, tags::SERIES_DATE, at);
        let started = self.moment(started, tags::SERIES_TIME, at);
        let performer = self.performers(series, at);
        let specimen = self.specimens(series, at);
        let known = count(instances.len());
        for (instance, (_, one)) in instances.iter().enumerate() {
            if !options.instances {
                // Nothing is written of it; but whether it is one is said.
                if one.conflict {
                    self.note(NoteKind::Conflict, tags::SOP_INSTANCE_UID, at);
                }
                continue;
            }
            let place = Place::Instance {
                series: place,
                instance,
            };
            if one.conflict {
                self.note(NoteKind::Conflict, tags::SOP_INSTANCE_UID, place);
            }
            match &one.class {
                None => self.note(NoteKind::Missing, tags::SOP_CLASS_UID, place),
                Some(class) if Uid::parse(class).is_err() => {
                    self.note(NoteKind::MalformedUid, tags::SOP_CLASS_UID, place);
                }
                Some(_) => {}
            }
        }
        let laterality = self.laterality(series, at);
        PlanSeries {
            uid: &series.uid,
            number: number.copied(),
            modality,
            description: description.filter(|_| options.descriptions),
            number_of_instances: self.count(known, series.number_of_instances),
            availability: self.availability(&series.availability, at),
            retrieve_url: self.retrieve_url(&series.retrieve_url, at),
            body_site: body_site.cloned(),
            laterality,
            specimen,
            started,
            performer,
            instance: instances
                .into_iter()
                .filter(|_| options.instances)
                .map(|(uid, instance)| PlanInstance {
                    uid,
                    class: instance.class.as_ref(),
                    number: instance.number,
                    title: instance.title.as_ref().filter(|_| options.descriptions),
                })
                .collect(),
        }
    }

    /// The modality of a series.
    fn series_modality(&mut self, term: Option<&SmolStr>, place: Place) -> Option<Concept> {
        let tag = tags::MODALITY;
        let Some(term) = term else {
            self.note(NoteKind::Missing, tag, place);
            return match self.options.missing_modality {
                MissingModality::Absent => None,
                MissingModality::Other => Some(modality("OT")),
            };
        };
        match Modality::find(term) {
            Some(found) => {
                if found.is_retired() {
                    self.note(NoteKind::RetiredTerm, tag, place);
                }
                Some(modality(term))
            }
            None => {
                self.note(NoteKind::UnknownTerm, tag, place);
                Some(Concept::text(term.clone()))
            }
        }
    }

    fn laterality(&mut self, series: &'a Series, at: Place) -> Option<Concept> {
        let stated = self.value(&series.laterality, tags::LATERALITY, at);
        let term = match stated {
            Some(term) => Some(term.as_str()),
            None => {
                if series.image_laterality.conflict() {
                    self.note(NoteKind::Conflict, tags::IMAGE_LATERALITY, at);
                }
                series.image_laterality.only()
            }
        };
        let found = tables::laterality(term?).map(Concept::snomed);
        let room = self.version != FhirVersion::R6;
        self.no_place(found.is_some() && !room, tags::LATERALITY, at);
        found.filter(|_| room)
    }

    fn specimens(&mut self, series: &'a Series, at: Place) -> Vec<Party> {
        if series.specimen.overflow() {
            self.note(NoteKind::TooLong, tags::SPECIMEN_IDENTIFIER, at);
        }
        let list = series.specimen.list();
        let room = self.version >= FhirVersion::R4;
        self.no_place(!list.is_empty() && !room, tags::SPECIMEN_IDENTIFIER, at);
        list.into_iter()
            .filter(|_| room && self.options.order_numbers)
            .map(|one| Party {
                kind: Some("Specimen"),
                identifier: Some(self.identifier(None, one)),
                ..Party::default()
            })
            .collect()
    }

    fn performers(&mut self, series: &'a Series, at: Place) -> Vec<(Concept, Party)> {
        let tag = tags::PERFORMING_PHYSICIAN_NAME;
        if series.performer.overflow() {
            self.note(NoteKind::TooLong, tag, at);
        }
        let mut list = series.performer.list();
        // A physician before an operator, whichever data set comes first.
        list.sort_by_key(|one| one.function);
        let room = self.version > FhirVersion::Dstu2;
        self.no_place(!list.is_empty() && !room, tag, at);
        if !room {
            return Vec::new();
        }
        let planned = list.into_iter().filter_map(|one| {
            let party = self.person(&one.person, None, tag, at)?;
            let (code, display) = match one.function {
                Function::Performer => ("PRF", "performer"),
                Function::SecondaryPerformer => ("SPRF", "secondary performer"),
            };
            Some((Concept::new(PARTICIPATION_TYPE, code, display), party))
        });
        planned.collect()
    }
}
