//! The endpoints of a study, as far as they are contained in it.

use std::collections::HashSet;

use imaging_study_core::{ElementRef, Json, Resource, ValueRef};

use crate::place::Place;
use crate::rule;
use crate::study::order;
use crate::walk::Walk;

impl<'a> Walk<'_, 'a> {
    /// A series takes an endpoint of the study unless it has one of the same connection type.
    pub(crate) fn endpoints(&mut self, study: ElementRef<'a>, root: &Place<'_>) {
        if self.contained.is_empty() || !rule::ENDPOINT.is_in(self.version) {
            return;
        }
        let contained = study.field("contained");
        let values = contained.iter().flat_map(|field| field.values());
        let resources: Vec<&Resource> = values
            .filter_map(|value| match value {
                ValueRef::Resource(resource) => Some(resource),
                _ => None,
            })
            .filter(|resource| resource.resource_type() == "Endpoint")
            .collect();
        if resources.is_empty() {
            return;
        }
        self.level(study, &resources, true, root);
        let list = order(study, "series");
        for (index, series) in study.elements("series").enumerate() {
            let place = root.below("series", list).entry(index);
            self.level(series, &resources, false, &place);
        }
    }

    fn level(
        &mut self,
        element: ElementRef<'a>,
        resources: &[&'a Resource],
        of_study: bool,
        place: &Place<'_>,
    ) {
        let mut types = HashSet::new();
        let list = order(element, "endpoint");
        for (index, reference) in element.elements("endpoint").enumerate() {
            let id = reference
                .str("reference")
                .and_then(|text| text.strip_prefix('#'));
            let Some(endpoint) = resources.iter().find(|one| id.is_some() && one.id() == id) else {
                continue;
            };
            for code in connection_types(endpoint) {
                let place = place.below("endpoint", list).entry(index);
                let message = if !types.insert(code) {
                    "another endpoint of this level has the same connection type"
                } else if code == "ihe-iid" && !of_study {
                    "a viewer shows the study: expected it among the endpoints of the study"
                } else {
                    continue;
                };
                self.report.add(&rule::ENDPOINT, &place, message);
            }
        }
    }
}

/// The codes of the connection type of an Endpoint: a Coding, since R5 a list of concepts.
fn connection_types(endpoint: &Resource) -> Vec<&str> {
    let Some(value) = endpoint.get("connectionType") else {
        return Vec::new();
    };
    let concepts = match value {
        Json::Array(concepts) => concepts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut codes = Vec::new();
    for concept in concepts {
        match concept.get("coding").and_then(Json::as_array) {
            Some(codings) => {
                codes.extend(codings.iter().filter_map(|one| one.get("code")?.as_str()))
            }
            None => codes.extend(concept.get("code").and_then(Json::as_str)),
        }
    }
    codes
}
