//! What an Endpoint resource of any version says.

use std::collections::HashMap;

use imaging_study_core::{Json, Resource};
use imaging_study_dicom::{ConnectionTypes, EndpointRef};

use super::ENDPOINT;

/// The parts of an Endpoint that say whether and how it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    connection_types: ConnectionTypes,
    status: Option<String>,
    period_start: Option<String>,
    period_end: Option<String>,
    address: Option<String>,
}

impl Record {
    pub(super) fn as_ref(&self) -> EndpointRef<'_> {
        EndpointRef {
            connection_types: self.connection_types,
            status: self.status.as_deref(),
            period_start: self.period_start.as_deref(),
            period_end: self.period_end.as_deref(),
            address: self.address.as_deref(),
        }
    }
}

impl From<EndpointRef<'_>> for Record {
    fn from(endpoint: EndpointRef<'_>) -> Self {
        Self {
            connection_types: endpoint.connection_types,
            status: endpoint.status.map(str::to_owned),
            period_start: endpoint.period_start.map(str::to_owned),
            period_end: endpoint.period_end.map(str::to_owned),
            address: endpoint.address.map(str::to_owned),
        }
    }
}

/// The Endpoints in `contained` by their ids; none where several have the same.
#[derive(Debug)]
pub(super) struct Contained<'a>(HashMap<&'a str, Option<EndpointRef<'a>>>);

impl<'a> Contained<'a> {
    pub(super) fn new(contained: &'a [Resource]) -> Self {
        let mut by_id = HashMap::new();
        for resource in contained {
            let Some(id) = resource.id() else { continue };
            let is_endpoint = resource.resource_type() == ENDPOINT;
            let endpoint = is_endpoint.then(|| endpoint_ref(resource));
            by_id
                .entry(id)
                .and_modify(|first| *first = None)
                .or_insert(endpoint);
        }
        Self(by_id)
    }

    pub(super) fn get(&self, id: &str) -> Option<EndpointRef<'a>> {
        self.0.get(id).copied().flatten()
    }
}

/// The parts of an Endpoint that say whether and how it is used.
pub(super) fn endpoint_ref(resource: &Resource) -> EndpointRef<'_> {
    let text = |name| resource.get(name).and_then(Json::as_str);
    let of_period = |name| resource.get("period")?.get(name)?.as_str();
    EndpointRef {
        connection_types: connection_types(resource.get("connectionType")),
        status: text("status"),
        period_start: of_period("start"),
        period_end: of_period("end"),
        address: text("address"),
    }
}

/// `connectionType` is a Coding up to R4B, and a list of CodeableConcepts since R5.
fn connection_types(value: Option<&Json>) -> ConnectionTypes {
    let values = match value {
        Some(Json::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    let codings = values.iter().flat_map(|value| match value.get("coding") {
        Some(codings) => codings.as_array().unwrap_or_default(),
        None => std::slice::from_ref(value),
    });
    ConnectionTypes::from_codings(codings.map(|coding| {
        let text = |name| coding.get(name).and_then(Json::as_str);
        (text("system"), text("code"))
    }))
}
