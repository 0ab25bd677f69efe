//! The study in the body of a request.

use imaging_study_any::{AnyImagingStudy, Undecided, detect};
use imaging_study_core::{Collected, FhirVersion, Json, Limits, MediaFormat, ReadError};
use imaging_study_json::json_to_string;
use imaging_study_search::is_subset;
use imaging_study_validate::{
    Issue, IssueCode, Severity, Validate, issue_of_read_error, issue_of_unknown_element,
};

use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::negotiate::Sent;

/// How many errors of reading an answer names.
const MOST_ERRORS: usize = 100;

impl Exchange<'_> {
    /// The study of the body.
    pub(crate) fn sent_study(&self) -> Result<AnyImagingStudy, Failure> {
        let (format, version) = self.sent_resource()?;
        let asked = self.wanted.version;
        if let (Some(sent), Some(asked)) = (version, asked)
            && sent != asked
        {
            return Err(Failure::new(
                400,
                IssueCode::Invalid,
                "Content-Type and Accept name different FHIR versions",
            ));
        }
        self.read_study(&self.request.body, format, version)
    }

    /// The format of the body and the version that its media type names.
    pub(crate) fn sent_resource(&self) -> Result<(MediaFormat, Option<FhirVersion>), Failure> {
        match Sent::of(&self.request.headers, self.layout)? {
            Sent::Resource(format, version) => Ok((format, version)),
            Sent::JsonPatch | Sent::Form => Err(Failure::new(
                415,
                IssueCode::NotSupported,
                "the media type of the body is not supported here",
            )),
        }
    }

    /// Reads a study.
    pub(crate) fn read_study(
        &self,
        bytes: &[u8],
        format: MediaFormat,
        version: Option<FhirVersion>,
    ) -> Result<AnyImagingStudy, Failure> {
        let version = match version.or(self.layout.version) {
            Some(version) => version,
            None => self.detected(bytes)?,
        };
        let limits = Limits::default();
        let decoded = match format {
            MediaFormat::Xml => {
                let mut decoder = imaging_study_xml::Decoder::default();
                decoder.limits = limits;
                AnyImagingStudy::from_xml(bytes, version, &mut decoder)
            }
            _ => {
                let mut decoder = imaging_study_json::Decoder::default();
                decoder.limits = limits;
                AnyImagingStudy::from_json(bytes, version, &mut decoder)
            }
        };
        match decoded {
            Ok(decoded) if decoded.unknown.is_empty() => Ok(decoded.value),
            Ok(decoded) => {
                let unknown = decoded.unknown.iter().take(MOST_ERRORS);
                let issues = unknown.map(|unknown| issue_of_unknown_element(unknown, version));
                Err(Failure::of_issues(400, issues.collect()))
            }
            Err(first) => Err(unreadable(bytes, format, version, &first)),
        }
    }

    /// The version that the elements of a body tell.
    fn detected(&self, bytes: &[u8]) -> Result<FhirVersion, Failure> {
        let default = self.settings.version;
        detected(bytes, default)
            .map_err(|error| Failure::of_issues(400, vec![issue_of_read_error(&error, default)]))
    }

    /// Whether a study may be stored, and if not, why.
    pub(crate) fn check(&self, study: &AnyImagingStudy) -> Result<(), Failure> {
        if is_subset(study) {
            return Err(Failure::new(
                422,
                IssueCode::BusinessRule,
                "the study is tagged SUBSETTED: it is a part of one",
            ));
        }
        let issues = self.issues(study);
        match issues.iter().any(|issue| issue.severity == Severity::Error) {
            true => Err(Failure::of_issues(422, issues)),
            false => Ok(()),
        }
    }

    /// What is wrong with a study here.
    pub(crate) fn issues(&self, study: &AnyImagingStudy) -> Vec<Issue> {
        let mut issues = study.validate();
        for issue in &mut issues {
            let of_uid = issue.rule == "cardinality" && issue.path == "ImagingStudy.uid";
            if of_uid && self.layout.without_uid {
                issue.severity = Severity::Warning;
            }
        }
        issues
    }
}

/// The version that the elements of a study tell; where they leave it open, the default.
pub(crate) fn detected(bytes: &[u8], default: FhirVersion) -> Result<FhirVersion, ReadError> {
    Ok(match detect(bytes)?.version() {
        Ok(version) => version,
        Err(Undecided::Ambiguous { candidates }) if !candidates.contains(&default) => {
            candidates.last().copied().unwrap_or(default)
        }
        // What fits no version is read as the default, so that it is said why.
        Err(_) => default,
    })
}

/// Every reason why a body is no study of a version.
fn unreadable(
    bytes: &[u8],
    format: MediaFormat,
    version: FhirVersion,
    first: &ReadError,
) -> Failure {
    let Collected { errors, .. } = match format {
        MediaFormat::Xml => {
            let mut decoder = imaging_study_xml::Decoder::default();
            AnyImagingStudy::collect_xml(bytes, version, &mut decoder)
        }
        _ => {
            let mut decoder = imaging_study_json::Decoder::default();
            AnyImagingStudy::collect_json(bytes, version, &mut decoder)
        }
    };
    let issues = errors.iter().take(MOST_ERRORS);
    let mut issues: Vec<Issue> = issues
        .map(|error| issue_of_read_error(error, version))
        .collect();
    if issues.is_empty() {
        issues.push(issue_of_read_error(first, version));
    }
    Failure::of_issues(400, issues)
}

/// The resource that a Parameters resource hands to an operation, as JSON.
pub(crate) fn resource_in_parameters(parameters: &Json) -> Option<String> {
    if parameters.get("resourceType").and_then(Json::as_str) != Some("Parameters") {
        return None;
    }
    let mut entries = parameters.get("parameter")?.as_array()?.iter();
    let is_resource = |entry: &&Json| entry.get("name").and_then(Json::as_str) == Some("resource");
    Some(json_to_string(entries.find(is_resource)?.get("resource")?))
}
