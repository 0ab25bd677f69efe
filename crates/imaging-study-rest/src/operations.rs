//! `$validate`, `$convert` and `$versions`.

use imaging_study_any::{AnyImagingStudy, is_xml};
use imaging_study_core::{FhirVersion, Json, Limits, MediaFormat};
use imaging_study_json::json_to_string;
use imaging_study_validate::IssueCode;

use crate::Response;
use crate::body::resource_in_parameters;
use crate::exchange::{Exchange, lost, object, string, warning_of};
use crate::failure::{Failure, Said};
use crate::prefer::Return;
use crate::reading::deleted;
use crate::service::Service;
use crate::store::{Store, Stored};

impl<S: Store> Service<S> {
    pub(crate) fn validate(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        if exchange.request.method != "POST" {
            let stored = self.there(exchange)?;
            let version = exchange.version_of(stored.1);
            let (study, _) = crate::exchange::converted(stored.0, version)?;
            return exchange.validated(&study);
        }
        if exchange.route.id.is_some() {
            exchange.id()?;
        }
        let (format, version) = exchange.sent_resource()?;
        let bytes = &exchange.request.body;
        let read = match exchange.sent_in_parameters(format, version)? {
            Some(json) => exchange.read_study(json.as_bytes(), MediaFormat::Json, version),
            None => exchange.read_study(bytes, format, version),
        };
        match read {
            Ok(study) => exchange.validated(&study),
            // What is no JSON or XML is no study to be asked about.
            Err(failure) if failure.said.iter().any(is_grammar) => Err(failure),
            Err(failure) => exchange.outcome(200, &failure.said),
        }
    }

    pub(crate) fn convert(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        let study = match exchange.request.method.as_str() {
            "POST" => {
                let (format, version) = exchange.sent_resource()?;
                match exchange.sent_in_parameters(format, version)? {
                    Some(json) => {
                        exchange.read_study(json.as_bytes(), MediaFormat::Json, version)?
                    }
                    None => exchange.read_study(&exchange.request.body, format, version)?,
                }
            }
            _ => self.there(exchange)?.0,
        };
        let version = exchange.version_of(study.version());
        let shown = exchange.show_study(study, version, None)?;
        if exchange.prefer.returns == Some(Return::OperationOutcome) {
            let losses = lost(&shown.losses).into_iter();
            let mut said: Vec<Said> = losses
                .map(|text| Said::warning(IssueCode::Informational, text))
                .collect();
            if said.is_empty() {
                said.push(Said::information("nothing is lost"));
            }
            return exchange.outcome(200, &said);
        }
        let warning = warning_of(&shown);
        let mut response = exchange.resource(200, shown.json, version)?;
        response.headers.extend(warning);
        Ok(response)
    }

    pub(crate) fn versions(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        let version = exchange.version();
        let default = self.settings.version;
        let accept = exchange.request.headers.text("Accept").ok().flatten();
        // FHIR has a short form for those who ask for plain JSON.
        if accept.is_some_and(|accept| accept.trim() == "application/json") {
            let versions = FhirVersion::ALL
                .into_iter()
                .map(|version| string(version.parameter()));
            let body = json_to_string(&object([
                ("versions", Json::Array(versions.collect())),
                ("default", string(default.parameter())),
            ]));
            return Ok(Response {
                status: 200,
                headers: vec![("Content-Type", "application/json".to_owned())],
                body: body.into_bytes(),
                ..Response::default()
            });
        }
        let parameter = |name: &'static str, version: FhirVersion| {
            object([
                ("name", string(name)),
                ("valueCode", string(version.parameter())),
            ])
        };
        let versions = FhirVersion::ALL.into_iter();
        let mut parameters: Vec<Json> = versions
            .map(|version| parameter("version", version))
            .collect();
        parameters.push(parameter("default", default));
        let json = json_to_string(&object([
            ("resourceType", string("Parameters")),
            ("parameter", Json::Array(parameters)),
        ]));
        exchange.resource(200, json, version)
    }

    /// The study that the path names, and the version that it is stored in.
    fn there(&self, exchange: &Exchange<'_>) -> Result<(AnyImagingStudy, FhirVersion), Failure> {
        let stored: Stored = self.newest(exchange)?.ok_or_else(Failure::not_found)?;
        match &stored.body {
            Some(body) => Ok((body.study()?, body.version)),
            None => Err(deleted(&stored)),
        }
    }
}

/// Whether the grammar of JSON or XML is broken, or a limit of reading.
fn is_grammar(said: &Said) -> bool {
    matches!(said, Said::Issue(issue) if issue.rule == "read")
}

impl Exchange<'_> {
    /// What is wrong with a study, as the answer of `$validate`.
    fn validated(&self, study: &AnyImagingStudy) -> Result<Response, Failure> {
        let issues = self.issues(study).into_iter();
        let mut said: Vec<Said> = issues.map(Said::Issue).collect();
        if said.is_empty() {
            said.push(Said::information("nothing is wrong"));
        }
        self.outcome(200, &said)
    }

    /// The resource in a Parameters resource, if the body is one, as JSON.
    fn sent_in_parameters(
        &self,
        format: MediaFormat,
        version: Option<FhirVersion>,
    ) -> Result<Option<String>, Failure> {
        let bytes = &self.request.body;
        let begins = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
        let names = |name: &[u8]| begins.windows(name.len()).any(|window| window == name);
        if !names(b"Parameters") {
            return Ok(None);
        }
        // The value of a parameter is deeper than the study alone.
        let limits = Limits {
            depth: Limits::MAX_DEPTH,
            ..Limits::default()
        };
        let json = match format {
            MediaFormat::Xml if is_xml(bytes) => {
                let version = version.unwrap_or_else(|| self.version());
                let Some(definitions) = AnyImagingStudy::definitions(version) else {
                    return Ok(None);
                };
                let mut decoder = imaging_study_xml::Decoder::default();
                decoder.limits = limits;
                let read = decoder.decode_resource(bytes, definitions).ok();
                read.and_then(|read| read.value.into_json())
            }
            _ => {
                let mut decoder = imaging_study_json::Decoder::default();
                decoder.limits = limits;
                decoder.decode_json(bytes).ok()
            }
        };
        // What cannot be read so is told by reading it as a study.
        let Some(json) = json else { return Ok(None) };
        if json.get("resourceType").and_then(Json::as_str) != Some("Parameters") {
            return Ok(None);
        }
        let missing = || {
            let message = "the parameter resource is missing";
            Failure::new(400, IssueCode::Required, message)
        };
        resource_in_parameters(&json).map(Some).ok_or_else(missing)
    }
}
