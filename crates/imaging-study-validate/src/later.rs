//! The rules that R6 has for ImagingStudy alone, `ist-1` to `ist-8`.

use std::collections::BTreeSet;

use imaging_study_core::{ElementRef, FhirVersion};
use imaging_study_dicom::URN_DICOM_UID;

use crate::moment::Moment;
use crate::place::Place;
use crate::study::{codings, count, order};
use crate::walk::Walk;
use crate::{Rule, Severity, rule};

impl<'a> Walk<'_, 'a> {
    /// Checks the rules of R6: errors there, warnings in other versions.
    pub(crate) fn later(&mut self, study: ElementRef<'a>) {
        let root = Place::root("ImagingStudy");
        self.identified(study, &root);
        self.counted(study, &root);
        self.imaged(study, &root);
        self.started(study, &root);
    }

    fn broken(&mut self, rule: &'static Rule, place: &Place<'_>, message: String) {
        let severity = match self.version {
            FhirVersion::R6 => Severity::Error,
            _ => Severity::Warning,
        };
        self.report.add_as(severity, rule, place, message);
    }

    /// The same for a count, which may be repairable; in other versions it may exceed what is listed.
    fn miscounted(&mut self, rule: &'static Rule, place: &Place<'_>, message: String, sure: bool) {
        let before = self.version != FhirVersion::R6;
        self.broken(rule, place, message);
        self.report.last_is_repairable(sure && !before);
    }

    fn identified(&mut self, study: ElementRef<'a>, root: &Place<'_>) {
        let list = order(study, "identifier");
        // DSTU2 and STU3 have an element for it, which becomes an identifier.
        let own = usize::from(self.version <= FhirVersion::Stu3 && study.field("uid").is_some());
        let identifiers = study.elements("identifier").enumerate();
        let uids = identifiers.filter(|(_, one)| one.str("system") == Some(URN_DICOM_UID));
        let places: Vec<usize> = uids.map(|(index, _)| index).collect();
        if places.is_empty() && own == 0 && study.field("series").is_some() {
            let place = root.below("identifier", list);
            self.broken(&rule::IST_1, &place, rule::IST_1.meaning.to_owned());
        }
        if let Some(second) = places.get(1 - own) {
            let place = root.below("identifier", list).entry(*second);
            self.broken(&rule::IST_2, &place, rule::IST_2.meaning.to_owned());
        }
    }

    fn counted(&mut self, study: ElementRef<'a>, root: &Place<'_>) {
        let list = order(study, "series");
        let (mut series_listed, mut instances_listed, mut sum) = (0_u64, 0_u64, None::<u64>);
        // The sum of the series once they are repaired.
        let mut repaired_sum = 0;
        for (index, series) in study.elements("series").enumerate() {
            series_listed += 1;
            let listed = series.field("instance").map_or(0, |field| field.len()) as u64;
            instances_listed += listed;
            let Some(stated) = count(series, "numberOfInstances") else {
                continue;
            };
            sum = Some(sum.unwrap_or_default() + stated);
            repaired_sum += if listed > 0 { listed } else { stated };
            if listed > 0 && stated != listed {
                let place = root.below("series", list).entry(index);
                let place = place.below("numberOfInstances", order(series, "numberOfInstances"));
                let message = differs(listed, "are listed", stated);
                self.miscounted(&rule::IST_6, &place, message, true);
            }
        }
        if let Some(stated) = count(study, "numberOfSeries")
            && series_listed > 0
            && stated != series_listed
        {
            let place = root.below("numberOfSeries", order(study, "numberOfSeries"));
            let message = differs(series_listed, "are listed", stated);
            self.miscounted(&rule::IST_3, &place, message, true);
        }
        if let Some(stated) = count(study, "numberOfInstances") {
            // Where lists and counts contradict one another, a person has to decide.
            let sure = instances_listed == 0 || sum.is_none() || repaired_sum == instances_listed;
            let place = root.below("numberOfInstances", order(study, "numberOfInstances"));
            if instances_listed > 0 && stated != instances_listed {
                let message = differs(instances_listed, "are listed", stated);
                self.miscounted(&rule::IST_4, &place, message, sure);
            }
            if let Some(sum) = sum
                && stated != sum
            {
                let message = differs(sum, "the series have", stated);
                self.miscounted(&rule::IST_5, &place, message, sure);
            }
        }
    }

    fn imaged(&mut self, study: ElementRef<'a>, root: &Place<'_>) {
        let name = match self.version <= FhirVersion::Stu3 {
            true => "modalityList",
            false => "modality",
        };
        if study.field(name).is_none() {
            return;
        }
        let place = root.below(name, order(study, name));
        let stated = Modalities::of(study, name);
        let mut listed = Modalities::default();
        for series in study.elements("series") {
            let of_series = Modalities::of(series, "modality");
            listed.codes.extend(of_series.codes);
            listed.texts.extend(of_series.texts);
        }
        if study.field("series").is_none() {
            // The expression fails such a study; its text does not.
            let message = "the study has modalities, but lists no series";
            self.report
                .add_as(Severity::Warning, &rule::IST_7, &place, message);
        } else if stated != listed {
            self.broken(&rule::IST_7, &place, rule::IST_7.meaning.to_owned());
        }
    }

    fn started(&mut self, study: ElementRef<'a>, root: &Place<'_>) {
        let Some(start) = study.text("started").as_deref().and_then(Moment::of) else {
            return;
        };
        let list = order(study, "series");
        for (index, series) in study.elements("series").enumerate() {
            let Some(own) = series.text("started").as_deref().and_then(Moment::of) else {
                continue;
            };
            let place = root.below("series", list).entry(index);
            let place = place.below("started", order(series, "started"));
            if start.is_after(own) {
                self.broken(&rule::IST_8, &place, rule::IST_8.meaning.to_owned());
            } else if !start.is_not_after(own) {
                let message = "whether the series starts before the study cannot be told";
                self.report
                    .add_as(Severity::Warning, &rule::IST_8, &place, message);
            }
        }
    }
}

fn differs(expected: u64, why: &str, found: u64) -> String {
    format!("expected {expected}, which {why}, found {found}")
}

/// Modalities as the rule compares them: system and code, and texts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Modalities<'a> {
    codes: BTreeSet<(Option<&'a str>, Option<&'a str>)>,
    texts: BTreeSet<&'a str>,
}

impl<'a> Modalities<'a> {
    fn of(element: ElementRef<'a>, name: &str) -> Self {
        let codings = codings(element, name).into_iter();
        let codes = codings.map(|coding| (coding.str("system"), coding.str("code")));
        let texts = element.elements(name).filter_map(|one| one.str("text"));
        Self {
            codes: codes.collect(),
            texts: texts.collect(),
        }
    }
}
