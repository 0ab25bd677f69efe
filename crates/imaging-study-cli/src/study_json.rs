//! A study at a glance as JSON.

use imaging_study::core::Json;
use smol_str::SmolStr;

use crate::outcome::{member, number, string};
use crate::study_facts::{Count, InstanceFacts, SeriesFacts, StudyFacts};

/// The members of an object; what is not there is left out.
#[derive(Default)]
pub(crate) struct Members(Vec<(SmolStr, Json)>);

impl Members {
    pub(crate) fn add(&mut self, name: &'static str, value: Option<Json>) {
        self.0.extend(value.map(|value| member(name, value)));
    }

    pub(crate) fn text(&mut self, name: &'static str, text: Option<&str>) {
        self.add(name, text.map(string));
    }

    pub(crate) fn texts(&mut self, name: &'static str, texts: &[&str]) {
        let list = || Json::Array(texts.iter().map(|text| string(text)).collect());
        self.add(name, (!texts.is_empty()).then(list));
    }

    pub(crate) fn number(&mut self, name: &'static str, value: Option<u64>) {
        self.add(name, value.map(number));
    }

    fn count(&mut self, names: [&'static str; 2], count: Count) {
        self.number(names[0], Some(count.best()));
        self.number(names[1], count.stated);
    }

    pub(crate) fn object(self) -> Json {
        Json::Object(self.0)
    }
}

/// The members of a study.
pub(crate) fn members(facts: &StudyFacts<'_>, members: &mut Members) {
    let versions = facts.versions.iter().map(|version| string(version.name()));
    members.add("versions", Some(Json::Array(versions.collect())));
    members.text("id", facts.id);
    if let Some(patient) = facts.patient {
        let mut party = Members::default();
        party.text("reference", patient.reference);
        party.text("display", patient.display);
        members.add("patient", Some(party.object()));
    }
    members.text("started", facts.started);
    members.text("status", facts.status);
    members.text("availability", facts.availability);
    members.texts("modalities", &facts.modalities);
    members.text("uid", facts.uid.as_deref());
    members.text("accession", facts.accession);
    members.text("description", facts.description);
    members.texts("procedures", &facts.procedures);
    members.texts("reasons", &facts.reasons);
    members.texts("endpoints", &facts.endpoints);
    members.count(
        ["numberOfSeries", "numberOfSeriesStated"],
        facts.number_of_series,
    );
    let names = ["numberOfInstances", "numberOfInstancesStated"];
    members.count(names, facts.number_of_instances);
    let list = facts.series.iter().map(series).collect();
    members.add("series", Some(Json::Array(list)));
}

fn series(series: &SeriesFacts<'_>) -> Json {
    let mut members = Members::default();
    members.number("number", series.number.map(u64::from));
    members.text("modality", series.modality);
    members.text("description", series.description);
    members.texts("bodySites", &series.body_sites);
    members.text("laterality", series.laterality);
    members.text("uid", series.uid);
    members.texts("endpoints", &series.endpoints);
    let names = ["numberOfInstances", "numberOfInstancesStated"];
    members.count(names, series.number_of_instances);
    if !series.instances.is_empty() {
        let list = series.instances.iter().map(instance).collect();
        members.add("instances", Some(Json::Array(list)));
    }
    members.object()
}

fn instance(instance: &InstanceFacts<'_>) -> Json {
    let mut members = Members::default();
    members.number("number", instance.number.map(u64::from));
    members.text("sopClass", instance.sop_class.as_deref());
    members.number("frames", instance.frames.map(u64::from));
    members.text("title", instance.title);
    members.text("uid", instance.uid);
    members.object()
}
