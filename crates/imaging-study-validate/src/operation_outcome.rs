//! Issues in FHIR's own form.

use imaging_study_core::{FhirVersion, Json};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{Issue, IssueCode, Severity};

/// The extensions that HL7 defines for the place of an issue, e.g.
/// <https://hl7.org/fhir/extensions/StructureDefinition-operationoutcome-issue-line.html>.
const EXTENSIONS: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-";

/// The system of the keys of rules in `details`.
const RULES: &str = "https://github.com/imaging-study/imaging-study/blob/main/docs/validation.md";

/// Issues as the resource of FHIR (<https://hl7.org/fhir/R5/operationoutcome.html>).
///
/// With serde it is FHIR JSON.
///
/// ```
/// use imaging_study_core::FhirVersion;
/// use imaging_study_r4::ImagingStudy;
/// use imaging_study_validate::{OperationOutcome, Validate};
///
/// let issues = ImagingStudy::default().validate();
/// let outcome = OperationOutcome::new(&issues, FhirVersion::R4);
/// let text = serde_json::to_string(&outcome)?;
/// assert!(text.starts_with(r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error""#));
/// assert_eq!(serde_json::from_str::<OperationOutcome>(&text)?, outcome);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "resourceType")]
pub struct OperationOutcome {
    /// The issues.
    pub issue: Vec<OutcomeIssue>,
}

/// An issue of an [`OperationOutcome`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeIssue {
    /// Line, column and source of the input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extension: Vec<OutcomeExtension>,
    /// How bad it is.
    pub severity: Severity,
    /// The kind of issue.
    pub code: IssueCode,
    /// The key of the rule, and what is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<OutcomeDetails>,
    /// What is wrong, where no rule is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<String>,
    /// The path of the element.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub location: Vec<String>,
    /// The path of the element as FHIRPath; DSTU2 has only the location.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expression: Vec<String>,
}

/// The details of an [`OutcomeIssue`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeDetails {
    /// The key of the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coding: Vec<OutcomeCoding>,
    /// What is wrong.
    pub text: String,
}

/// The key of a rule in an [`OutcomeIssue`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeCoding {
    /// What the key is one of.
    pub system: String,
    /// The key, e.g. `ist-3`.
    pub code: String,
}

/// An extension of an [`OutcomeIssue`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeExtension {
    /// What it is.
    pub url: String,
    /// A line or column, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_integer: Option<i32>,
    /// The name of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_string: Option<String>,
}

impl OperationOutcome {
    /// The issues of a study, in the form of a version.
    #[must_use]
    pub fn new(issues: &[Issue], version: FhirVersion) -> Self {
        let issue = issues.iter().map(|issue| OutcomeIssue::new(issue, version));
        Self {
            issue: issue.collect(),
        }
    }

    /// The resource as a tree of JSON.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let issues = self.issue.iter().map(OutcomeIssue::to_json).collect();
        Json::Object(vec![
            member("resourceType", string("OperationOutcome")),
            member("issue", Json::Array(issues)),
        ])
    }
}

impl OutcomeIssue {
    /// An issue in the form of a version.
    #[must_use]
    pub fn new(issue: &Issue, version: FhirVersion) -> Self {
        let mut outcome = Self {
            extension: Vec::new(),
            severity: issue.severity,
            code: issue.code,
            details: Some(OutcomeDetails::of_rule(
                &issue.rule,
                issue.text().into_owned(),
            )),
            diagnostics: None,
            location: Vec::new(),
            expression: Vec::new(),
        };
        if let (Some(line), Some(column)) = (issue.line, issue.column) {
            outcome.set_position(line, column);
        }
        outcome.set_path(&issue.expression, version);
        outcome
    }

    /// An error that is no issue of a rule.
    #[must_use]
    pub fn error(code: IssueCode, diagnostics: impl Into<String>) -> Self {
        Self {
            extension: Vec::new(),
            severity: Severity::Error,
            code,
            details: None,
            diagnostics: Some(diagnostics.into()),
            location: Vec::new(),
            expression: Vec::new(),
        }
    }

    /// Adds a path, where a version has it: DSTU2 in `location`, the others in `expression` too.
    pub fn set_path(&mut self, path: &str, version: FhirVersion) {
        if path.is_empty() {
            return;
        }
        self.location.push(path.to_owned());
        if version != FhirVersion::Dstu2 {
            self.expression.push(path.to_owned());
        }
    }

    /// Adds a place in the input; numbers that FHIR's integers do not have become the greatest one.
    pub fn set_position(&mut self, line: u64, column: u64) {
        for (name, number) in [("line", line), ("col", column)] {
            self.extension.push(OutcomeExtension {
                url: format!("{EXTENSIONS}{name}"),
                value_integer: Some(i32::try_from(number).unwrap_or(i32::MAX)),
                value_string: None,
            });
        }
    }

    /// Adds the name of the input.
    pub fn set_source(&mut self, source: &str) {
        self.extension.push(OutcomeExtension {
            url: format!("{EXTENSIONS}source"),
            value_integer: None,
            value_string: Some(source.to_owned()),
        });
    }

    fn to_json(&self) -> Json {
        let mut members = Vec::new();
        if !self.extension.is_empty() {
            let extensions = self.extension.iter().map(OutcomeExtension::to_json);
            members.push(member("extension", Json::Array(extensions.collect())));
        }
        members.push(member("severity", string(self.severity.name())));
        members.push(member("code", string(self.code.name())));
        if let Some(details) = &self.details {
            let coding = details.coding.iter().map(|coding| {
                Json::Object(vec![
                    member("system", string(&coding.system)),
                    member("code", string(&coding.code)),
                ])
            });
            members.push(member(
                "details",
                Json::Object(vec![
                    member("coding", Json::Array(coding.collect())),
                    member("text", string(&details.text)),
                ]),
            ));
        }
        if let Some(diagnostics) = &self.diagnostics {
            members.push(member("diagnostics", string(diagnostics)));
        }
        for (name, paths) in [
            ("location", &self.location),
            ("expression", &self.expression),
        ] {
            if !paths.is_empty() {
                let paths = paths.iter().map(|path| string(path)).collect();
                members.push(member(name, Json::Array(paths)));
            }
        }
        Json::Object(members)
    }
}

impl OutcomeDetails {
    /// The key of a rule, and what is to be said.
    #[must_use]
    pub fn of_rule(key: &str, text: String) -> Self {
        Self {
            coding: vec![OutcomeCoding {
                system: RULES.to_owned(),
                code: key.to_owned(),
            }],
            text,
        }
    }
}

impl OutcomeExtension {
    fn to_json(&self) -> Json {
        let mut members = vec![member("url", string(&self.url))];
        if let Some(number) = self.value_integer {
            members.push(member(
                "valueInteger",
                Json::Number(i64::from(number).into()),
            ));
        }
        if let Some(text) = &self.value_string {
            members.push(member("valueString", string(text)));
        }
        Json::Object(members)
    }
}

fn member(name: &'static str, value: Json) -> (SmolStr, Json) {
    (SmolStr::new_static(name), value)
}

fn string(text: &str) -> Json {
    Json::String(text.into())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn the_tree_is_what_serde_writes() {
        let issue = Issue {
            severity: Severity::Warning,
            code: IssueCode::BusinessRule,
            rule: Cow::Borrowed("count"),
            path: "ImagingStudy.extension[0].valueAge".to_owned(),
            expression: "ImagingStudy.extension[0].value".to_owned(),
            message: Cow::Borrowed("too few"),
            repairable: true,
            line: Some(3),
            column: Some(7),
        };
        for version in [FhirVersion::Dstu2, FhirVersion::R5] {
            let mut outcome = OperationOutcome::new(std::slice::from_ref(&issue), version);
            outcome.issue[0].set_source("a.json");
            let error = OutcomeIssue::error(IssueCode::TooLong, "more than 5 bytes");
            outcome.issue.push(error);
            let text = serde_json::to_string(&outcome).expect("writable");
            let read: Json = serde_json::from_str(&text).expect("JSON");
            assert_eq!(read, outcome.to_json());
            let has_expression = !outcome.issue[0].expression.is_empty();
            assert_eq!(has_expression, version == FhirVersion::R5);
            assert!(text.contains("too few (repairable)"));
        }
        let text = serde_json::to_string(&issue).expect("writable");
        assert_eq!(
            serde_json::from_str::<Issue>(&text).expect("an issue"),
            issue
        );
    }
}
