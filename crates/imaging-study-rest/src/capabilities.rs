//! What a service can do.

use imaging_study_convert::full_number;
use imaging_study_core::{FhirVersion, Json};
use imaging_study_json::json_to_string;
use imaging_study_search::capability_parameters;

use crate::exchange::{Exchange, object, string};
use crate::failure::Failure;
use crate::service::Service;
use crate::store::Store;
use crate::{Interaction, Response};

impl<S: Store> Service<S> {
    pub(crate) fn capabilities(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        let version = exchange.version();
        let statement = json_to_string(&exchange.statement(version, &self.started));
        let mut response = exchange.resource(200, statement, version)?;
        let number = env!("CARGO_PKG_VERSION");
        let tag = format!("W/\"{number}-{}\"", version.number());
        response.headers.push(("ETag", tag));
        Ok(response)
    }
}

impl Exchange<'_> {
    /// The CapabilityStatement, in DSTU2 the Conformance: of what the layout offers, and no more.
    fn statement(&self, version: FhirVersion, date: &str) -> Json {
        let old = version < FhirVersion::R4;
        let mut members: Vec<(&'static str, Json)> = vec![
            (
                "resourceType",
                string(match version {
                    FhirVersion::Dstu2 => "Conformance",
                    _ => "CapabilityStatement",
                }),
            ),
            ("status", string("active")),
            ("date", string(date)),
            ("kind", string("instance")),
            (
                "software",
                object([
                    ("name", string("imaging-study")),
                    ("version", string(env!("CARGO_PKG_VERSION"))),
                ]),
            ),
            (
                "implementation",
                object([
                    (
                        "description",
                        string("ImagingStudy in every version of FHIR"),
                    ),
                    ("url", string(self.base())),
                ]),
            ),
            ("fhirVersion", string(full_number(version))),
        ];
        if old {
            members.push(("acceptUnknown", string("no")));
        }
        let formats: &[&str] = match (self.layout.only_json, version) {
            (true, _) => &["application/json"],
            (false, FhirVersion::Dstu2) => &["application/json+fhir", "application/xml+fhir"],
            (false, _) => &["application/fhir+json", "application/fhir+xml"],
        };
        members.push(("format", strings(formats)));
        if version >= FhirVersion::R4 && self.layout.offers(Interaction::Patch) {
            members.push(("patchFormat", strings(&["application/json-patch+json"])));
        }
        let rest = object([
            ("mode", string("server")),
            ("resource", Json::Array(vec![self.resource_entry(version)])),
        ]);
        members.push(("rest", Json::Array(vec![rest])));
        objects(members)
    }

    fn resource_entry(&self, version: FhirVersion) -> Json {
        let offers = |interaction| self.layout.offers(interaction);
        // DSTU2 has no code for a patch.
        let is_known = |code: &&str| version > FhirVersion::Dstu2 || *code != "patch";
        let codes = self.layout.interactions.iter();
        let codes = codes.filter_map(|interaction| interaction.code());
        let interactions = codes
            .filter(is_known)
            .map(|code| object([("code", string(code))]));
        let mut members: Vec<(&'static str, Json)> = vec![
            ("type", string("ImagingStudy")),
            ("interaction", Json::Array(interactions.collect())),
            ("versioning", string("versioned-update")),
            ("readHistory", Json::Boolean(offers(Interaction::Vread))),
            (
                "updateCreate",
                Json::Boolean(self.settings.update_creates && offers(Interaction::Update)),
            ),
            (
                "conditionalCreate",
                Json::Boolean(offers(Interaction::Create)),
            ),
        ];
        if version >= FhirVersion::Stu3 {
            members.push(("conditionalRead", string("full-support")));
        }
        let conditional_update = offers(Interaction::ConditionalUpdate);
        members.push(("conditionalUpdate", Json::Boolean(conditional_update)));
        if version >= FhirVersion::R5 {
            members.push(("conditionalPatch", Json::Boolean(false)));
        }
        members.push((
            "conditionalDelete",
            string(match offers(Interaction::ConditionalDelete) {
                true => "single",
                false => "not-supported",
            }),
        ));
        members.push(("searchParam", capability_parameters(version)));
        if version >= FhirVersion::R4 && offers(Interaction::Validate) {
            let operation = object([
                ("name", string("validate")),
                (
                    "definition",
                    string("http://hl7.org/fhir/OperationDefinition/Resource-validate"),
                ),
            ]);
            members.push(("operation", Json::Array(vec![operation])));
        }
        objects(members)
    }
}

fn objects(members: Vec<(&'static str, Json)>) -> Json {
    let members = members.into_iter();
    Json::Object(members.map(|(name, value)| (name.into(), value)).collect())
}

fn strings(texts: &[&str]) -> Json {
    Json::Array(texts.iter().map(|text| string(*text)).collect())
}
