//! Deciding what is written of a study.

use std::collections::HashSet;

use imaging_study_core::{DateTime, FhirVersion, ScalarType};
use imaging_study_dicom::Modality;
use smol_str::SmolStr;

use crate::coded::Concept;
use crate::identified::{Identified, Issuer};
use crate::moment::Moment;
use crate::note::{Note, NoteKind, Place};
use crate::person::Person;
use crate::pick::{Agree, Pick};
use crate::plan::{Identifier, Party, Plan, PlanSeries};
use crate::{Counts, Options, StudyBuilder, Tag, tags};

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const IDENTIFIER_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
/// The URI of the same table before R4.
const OLD_IDENTIFIER_TYPE: &str = "http://hl7.org/fhir/v2/0203";

impl<'a> Plan<'a> {
    pub(crate) fn new(study: &'a StudyBuilder, version: FhirVersion, options: &'a Options) -> Self {
        Planner {
            study,
            options,
            version,
            notes: Vec::new(),
        }
        .plan()
    }
}

/// Makes the plan of a study.
pub(crate) struct Planner<'a> {
    pub(crate) study: &'a StudyBuilder,
    pub(crate) options: &'a Options,
    pub(crate) version: FhirVersion,
    notes: Vec<Note>,
}

impl<'a> Planner<'a> {
    pub(crate) fn note(&mut self, kind: NoteKind, tag: Tag, place: Place) {
        self.notes.push(Note {
            kind,
            tag,
            place,
            count: 1,
        });
    }

    /// The value, with a note where data sets disagree.
    pub(crate) fn value<T: Agree>(
        &mut self,
        pick: &'a Pick<T>,
        tag: Tag,
        place: Place,
    ) -> Option<&'a T> {
        if pick.conflict() {
            self.note(NoteKind::Conflict, tag, place);
        }
        pick.get()
    }

    /// Notes what the version has no place for.
    pub(crate) fn no_place(&mut self, found: bool, tag: Tag, place: Place) {
        if found {
            self.note(NoteKind::NoPlace, tag, place);
        }
    }

    fn plan(mut self) -> Plan<'a> {
        let (study, options, version) = (self.study, self.options, self.version);
        self.overflows();
        let series = self.series();
        let listed = series.iter().map(|series| series.number_of_instances);
        let listed = listed.fold(0, u32::saturating_add);
        let (accession, order, identifier) = self.identifiers();
        let modality = self.modality(&series);
        let subject = self.subject();
        let encounter = self.encounter();
        let started = self.value(&study.started, tags::STUDY_DATE, Place::Study);
        let started = self.moment(started, tags::STUDY_TIME, Place::Study);
        let tag = tags::REFERRING_PHYSICIAN_NAME;
        let referrers = self.value(&study.referrer, tag, Place::Study);
        let mut referrer = None;
        if let Some(first) = referrers.and_then(|list| list.first()) {
            referrer = self.person(first, None, tag, Place::Study);
            if referrers.is_some_and(|list| list.len() > 1) {
                self.note(NoteKind::SeveralValues, tag, Place::Study);
            }
        }
        let interpreter = self.interpreters();
        let (procedure, reason) = (self.procedures(), self.reasons());
        let location = self.value(&study.location, tags::PERFORMED_LOCATION, Place::Study);
        let since_r4 = version >= FhirVersion::R4;
        self.no_place(
            location.is_some() && !since_r4,
            tags::PERFORMED_LOCATION,
            Place::Study,
        );
        let location = location.filter(|_| since_r4).map(|place| Party {
            kind: Some("Location"),
            display: Some(place.clone()),
            ..Party::default()
        });
        let description = self.value(&study.description, tags::STUDY_DESCRIPTION, Place::Study);
        let availability = self.availability(&study.availability, Place::Study);
        let retrieve_url = self.retrieve_url(&study.retrieve_url, Place::Study);
        self.notes
            .sort_unstable_by_key(|note| (note.place, note.tag, note.kind));
        Plan {
            uid: &study.uid,
            accession,
            identifier,
            order,
            available: self.available(),
            availability,
            modality,
            subject,
            encounter,
            started,
            referrer,
            interpreter,
            number_of_series: self.count(count(series.len()), study.number_of_series),
            number_of_instances: self.count(listed, study.number_of_instances),
            procedure,
            reason,
            location,
            description: description.filter(|_| options.descriptions),
            retrieve_url,
            series,
            notes: self.notes,
        }
    }

    /// Notes the lists that were cut.
    fn overflows(&mut self) {
        let study = self.study;
        for (overflow, tag) in [
            (study.accession.overflow(), tags::ACCESSION_NUMBER),
            (
                study.placer.overflow(),
                tags::PLACER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST,
            ),
            (
                study.filler.overflow(),
                tags::FILLER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST,
            ),
            (study.procedure.overflow(), tags::PROCEDURE_CODE_SEQUENCE),
            (
                study.requested_procedure.overflow(),
                tags::REQUESTED_PROCEDURE_CODE_SEQUENCE,
            ),
            (
                study.reason.overflow(),
                tags::REASON_FOR_REQUESTED_PROCEDURE_CODE_SEQUENCE,
            ),
            (
                study.reason_text.overflow(),
                tags::REASON_FOR_THE_REQUESTED_PROCEDURE,
            ),
            (
                study.interpreter.overflow(),
                tags::NAME_OF_PHYSICIANS_READING_STUDY,
            ),
            (study.modalities.overflow(), tags::MODALITIES_IN_STUDY),
        ] {
            if overflow {
                self.note(NoteKind::TooLong, tag, Place::Study);
            }
        }
    }

    pub(crate) fn count(&self, known: u32, archive: Option<u32>) -> u32 {
        match self.options.counts {
            Counts::Archive => archive.unwrap_or_default().max(known),
            Counts::Contained => known,
        }
    }

    pub(crate) fn moment(
        &mut self,
        moment: Option<&Moment>,
        tag: Tag,
        place: Place,
    ) -> Option<DateTime> {
        let (value, note) = moment?.date_time(&self.options.time_zone, self.version);
        if let Some(kind) = note {
            self.note(kind, tag, place);
        }
        value
    }

    /// Whether something can be fetched: an instance is known, or the archive says that it has some,
    /// and it does not say of all that it cannot be reached.
    fn available(&self) -> bool {
        let study = self.study;
        let counts = [study.number_of_instances, study.number_of_series];
        let known = !study.instances.is_empty()
            || study
                .series
                .iter()
                .any(|series| series.number_of_instances.is_some_and(|count| count > 0))
            || counts.into_iter().flatten().any(|count| count > 0);
        let mut stated = study
            .series
            .iter()
            .map(|series| series.availability.get())
            .chain(study.availability.get().map(Some))
            .peekable();
        let unreachable = |term: Option<&SmolStr>| {
            term.is_some_and(|term| matches!(term.as_str(), "OFFLINE" | "UNAVAILABLE"))
        };
        known && !(stated.peek().is_some() && stated.all(unreachable))
    }

    pub(crate) fn availability(
        &mut self,
        pick: &'a Pick<SmolStr>,
        place: Place,
    ) -> Option<&'a SmolStr> {
        let tag = tags::INSTANCE_AVAILABILITY;
        let term = self.value(pick, tag, place)?;
        let known = matches!(
            term.as_str(),
            "ONLINE" | "NEARLINE" | "OFFLINE" | "UNAVAILABLE"
        );
        if !known {
            self.note(NoteKind::UnknownTerm, tag, place);
        }
        Some(term).filter(|_| known && self.version < FhirVersion::R4)
    }

    /// The URL that DSTU2 has an element for; later versions want an Endpoint.
    pub(crate) fn retrieve_url(
        &mut self,
        pick: &'a Pick<SmolStr>,
        place: Place,
    ) -> Option<&'a SmolStr> {
        let tag = tags::RETRIEVE_URL;
        let url = self.value(pick, tag, place)?;
        let legal = ScalarType::Uri.allows(url, self.version) && !url.contains(char::is_whitespace);
        if !legal {
            self.note(NoteKind::Malformed, tag, place);
        } else if self.version != FhirVersion::Dstu2 {
            self.note(NoteKind::NoPlace, tag, place);
        }
        Some(url).filter(|_| legal && self.version == FhirVersion::Dstu2)
    }

    fn kind(&self, code: &str) -> Concept {
        let system = if self.version < FhirVersion::R4 {
            OLD_IDENTIFIER_TYPE
        } else {
            IDENTIFIER_TYPE
        };
        let display = match code {
            "ACSN" => "Accession ID",
            "PLAC" => "Placer Identifier",
            "FILL" => "Filler Identifier",
            _ => "Visit number",
        };
        Concept::new(system, code, display)
    }

    pub(crate) fn identifier(&self, kind: Option<&str>, identified: &Identified) -> Identifier {
        let Issuer { system, name } = &identified.issuer;
        let named = name
            .as_ref()
            .and_then(|name| self.options.namespaces.get(name.as_str()));
        let named = named.map(|uri| SmolStr::new(uri.as_str()));
        let (system, assigner) = match (system.clone(), named) {
            (Some(system), _) => (Some(system), name.clone()),
            (None, Some(system)) => (Some(system), None),
            (None, None) => (None, name.clone()),
        };
        Identifier {
            secondary: false,
            kind: kind.map(|code| self.kind(code)),
            system,
            value: identified.value.clone(),
            assigner,
        }
    }

    /// Identifiers of one kind; one without an issuer says nothing beside the same with one.
    fn list(&self, kind: &str, list: Vec<&Identified>) -> Vec<Identifier> {
        let issued = list.iter().filter(|one| one.issuer.is_known());
        let issued: HashSet<&SmolStr> = issued.map(|one| &one.value).collect();
        let kept = list
            .iter()
            .filter(|one| one.issuer.is_known() || !issued.contains(&one.value));
        kept.map(|one| self.identifier(Some(kind), one)).collect()
    }

    /// Accession numbers, numbers of orders, and other identifiers.
    fn identifiers(&mut self) -> (Vec<Identifier>, Vec<Identifier>, Vec<Identifier>) {
        let study = self.study;
        let study_id = self.value(&study.study_id, tags::STUDY_ID, Place::Study);
        if !self.options.order_numbers {
            return Default::default();
        }
        let mut accession = self.list("ACSN", study.accession.list());
        let mut order = self.list("PLAC", study.placer.list());
        order.append(&mut self.list("FILL", study.filler.list()));
        let mut other: Vec<_> = study_id
            .map(|value| Identifier {
                secondary: true,
                kind: None,
                system: None,
                value: value.clone(),
                assigner: None,
            })
            .into_iter()
            .collect();
        if self.version < FhirVersion::R4 {
            // Only one accession number has an element of its own.
            other.extend(accession.drain(1.min(accession.len())..));
        }
        if self.version == FhirVersion::Dstu2 {
            // A reference to an order cannot hold an identifier.
            other.append(&mut order);
        }
        (accession, order, other)
    }

    /// The modalities of the series, and those that the archive states, sorted. Before R5 only those
    /// that acquire.
    fn modality(&mut self, series: &[PlanSeries<'a>]) -> Vec<Concept> {
        let mut all: Vec<Concept> = series
            .iter()
            .filter_map(|series| series.modality.clone())
            .collect();
        if self.options.counts == Counts::Archive {
            for term in self.study.modalities.list() {
                all.push(match Modality::find(term) {
                    Some(_) => modality(term),
                    None => Concept::text(term.clone()),
                });
            }
        }
        all.sort();
        all.dedup();
        if self.version < FhirVersion::R5 {
            all.retain(|one| {
                let code = one.code.as_ref();
                code.is_some_and(|(_, code)| {
                    Modality::find(code).is_some_and(Modality::is_acquisition)
                })
            });
        }
        all
    }

    fn subject(&mut self) -> Party {
        let study = self.study;
        let id = self.value(&study.patient_id, tags::PATIENT_ID, Place::Study);
        let name = self.value(&study.patient_name, tags::PATIENT_NAME, Place::Study);
        let tag = tags::QUALITY_CONTROL_SUBJECT;
        let phantom = self.value(&study.quality_control, tag, Place::Study);
        let phantom = phantom.is_some_and(|term| term == "YES");
        let withheld =
            (id.is_some() && !self.options.patient_id) || (name.is_some() && !self.options.names);
        let kind = match (phantom, study.group_of_patients) {
            (true, _) => "Device",
            (false, true) => "Group",
            (false, false) => "Patient",
        };
        let mut subject = Party {
            reference: self.options.subject.clone(),
            kind: Some(kind),
            identifier: id
                .filter(|_| self.options.patient_id)
                .map(|id| self.identifier(None, id)),
            display: name.filter(|_| self.options.names).cloned(),
            absent: None,
        };
        let known = !subject.is_empty();
        self.fit(&mut subject, tags::PATIENT_ID, Place::Study);
        if subject.is_empty() {
            subject.absent = Some(match (withheld, known) {
                (true, _) => "masked",
                (false, true) => "unsupported",
                (false, false) => {
                    self.note(NoteKind::Missing, tags::PATIENT_ID, Place::Study);
                    "unknown"
                }
            });
        }
        subject
    }

    /// Takes off what the references of the version have no place for.
    fn fit(&mut self, party: &mut Party, tag: Tag, place: Place) {
        if self.version < FhirVersion::R4 {
            party.kind = None;
        }
        if self.version == FhirVersion::Dstu2 && party.identifier.take().is_some() {
            self.note(NoteKind::NoPlace, tag, place);
        }
    }

    fn encounter(&mut self) -> Option<Party> {
        let tag = tags::ADMISSION_ID;
        let encounter = self.value(&self.study.encounter, tag, Place::Study)?;
        if !self.options.order_numbers {
            return None;
        }
        let mut party = Party {
            kind: Some("Encounter"),
            identifier: Some(self.identifier(Some("VN"), encounter)),
            ..Party::default()
        };
        self.fit(&mut party, tag, Place::Study);
        Some(party).filter(|party| !party.is_empty())
    }

    pub(crate) fn person(
        &mut self,
        person: &Person,
        kind: Option<&'static str>,
        tag: Tag,
        place: Place,
    ) -> Option<Party> {
        if !self.options.names {
            return None;
        }
        let identifier = person.identifier.as_ref();
        let mut party = Party {
            kind,
            identifier: identifier.map(|(system, value)| Identifier {
                secondary: false,
                kind: None,
                system: system.clone(),
                value: value.clone(),
                assigner: person.institution.clone(),
            }),
            display: person.name.clone(),
            ..Party::default()
        };
        self.fit(&mut party, tag, place);
        Some(party).filter(|party| !party.is_empty())
    }

    fn interpreters(&mut self) -> Vec<Party> {
        let tag = tags::NAME_OF_PHYSICIANS_READING_STUDY;
        let mut list = self.study.interpreter.list();
        let room = match self.version {
            FhirVersion::Dstu2 => 1,
            FhirVersion::R5 | FhirVersion::R6Draft | FhirVersion::R6 => 0,
            _ => usize::MAX,
        };
        self.no_place(list.len() > room, tag, Place::Study);
        list.truncate(room);
        list.into_iter()
            .filter_map(|person| self.person(person, None, tag, Place::Study))
            .collect()
    }

    fn procedures(&mut self) -> Vec<Concept> {
        let mut tag = tags::PROCEDURE_CODE_SEQUENCE;
        let mut list = self.study.procedure.list();
        if list.is_empty() && self.options.requested_procedure {
            tag = tags::REQUESTED_PROCEDURE_CODE_SEQUENCE;
            list = self.study.requested_procedure.list();
        }
        // What was done is a Procedure in them, and no code.
        let room = !matches!(self.version, FhirVersion::Dstu2 | FhirVersion::R6);
        self.no_place(!list.is_empty() && !room, tag, Place::Study);
        let list = list.into_iter().filter(|_| room);
        list.filter_map(|one| self.worded(one.clone())).collect()
    }

    fn reasons(&mut self) -> Vec<Concept> {
        let tag = tags::REASON_FOR_REQUESTED_PROCEDURE_CODE_SEQUENCE;
        let coded = self.study.reason.list().into_iter().cloned();
        let mut list: Vec<Concept> = coded.filter_map(|one| self.worded(one)).collect();
        let mut said: HashSet<SmolStr> = list.iter().filter_map(|one| one.text.clone()).collect();
        for text in self.study.reason_text.list() {
            if self.options.descriptions && said.insert(text.clone()) {
                list.push(Concept::text(text.clone()));
            }
        }
        let room = match self.version {
            FhirVersion::Dstu2 => 0,
            FhirVersion::Stu3 => 1,
            _ => usize::MAX,
        };
        self.no_place(list.len() > room, tag, Place::Study);
        list.truncate(room);
        list
    }

    /// A concept with its words, if words may be written.
    fn worded(&self, mut concept: Concept) -> Option<Concept> {
        if !self.options.descriptions {
            concept.text = None;
        }
        (concept.code.is_some() || concept.text.is_some()).then_some(concept)
    }
}

pub(crate) fn modality(term: &str) -> Concept {
    Concept {
        code: Some((SmolStr::new_static(DCM), term.into())),
        ..Concept::default()
    }
}

pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length)
        .unwrap_or(u32::MAX)
        .min(i32::MAX as u32)
}
