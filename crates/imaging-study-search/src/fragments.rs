//! What can be searched, in FHIR's own form.

use imaging_study_core::{FhirVersion, Json};
use smol_str::SmolStr;

use crate::parameter::{Parameter, ParameterKind};
use crate::parse::supported;
use crate::plan::{Leaf, Plan};

impl Parameter {
    /// The parameter as a SearchParameter resource of a version
    /// (<https://hl7.org/fhir/R5/searchparameter.html>); `None` for what cannot be searched here, or
    /// is none of the version.
    ///
    /// ```
    /// use imaging_study_core::{FhirVersion, Json};
    /// use imaging_study_search::Parameter;
    ///
    /// let modality = Parameter::named(FhirVersion::R4, "modality").expect("every version has it");
    /// let resource = modality.search_parameter(FhirVersion::R4).expect("it is answered");
    /// let expression = resource.get("expression").and_then(Json::as_str);
    /// assert_eq!(expression, Some("ImagingStudy.series.modality"));
    /// ```
    #[must_use]
    pub fn search_parameter(&self, version: FhirVersion) -> Option<Json> {
        let plan = Plan::named(version, self.name).filter(|_| self.is_in(version))?;
        let old = version == FhirVersion::Dstu2;
        let base = if self.is_common() {
            "Resource"
        } else {
            "ImagingStudy"
        };
        let mut members = vec![
            ("resourceType", string("SearchParameter")),
            ("url", string(self.url)),
            ("name", string(self.name)),
            // Those of reasons are drafts of HL7.
            (
                "status",
                string(match self.name {
                    "reason-concept" | "reason-reference" => "draft",
                    _ => "active",
                }),
            ),
            ("description", string(&self.description())),
            ("code", string(self.name)),
            (
                "base",
                match old {
                    true => string(base),
                    false => Json::Array(vec![string(base)]),
                },
            ),
            ("type", string(self.kind.code())),
        ];
        if old {
            members.push(("xpath", string(&xpath(self.expression))));
            members.push(("xpathUsage", string("normal")));
        } else {
            members.push(("expression", string(self.expression)));
        }
        if !self.targets.is_empty() {
            members.push(("target", strings(self.targets)));
        }
        if self.kind == ParameterKind::Date && !old {
            let codes = crate::Prefix::ALL.map(crate::Prefix::code);
            members.push(("comparator", strings(&codes)));
        }
        if version >= FhirVersion::Stu3 {
            members.push(("modifier", strings(&modifiers(plan, version))));
        }
        Some(object(members))
    }

    fn description(&self) -> String {
        let what = match self.kind {
            ParameterKind::Token => "The code, the identifier or the text",
            ParameterKind::Uri => "The URI",
            ParameterKind::Reference => "The reference",
            _ => "The date or the time",
        };
        format!("{what} in {}", self.expression)
    }
}

/// The codes of FHIR for the modifiers of a parameter; `:[Type]` has the code `type`.
fn modifiers(plan: &Plan, version: FhirVersion) -> Vec<&'static str> {
    let mut words = supported(plan, version);
    if matches!(plan.leaf(), Leaf::Reference { .. }) {
        words.push("type");
    }
    let known: &[&str] = match version {
        FhirVersion::Dstu2 | FhirVersion::Stu3 => &["missing", "not", "text", "type"],
        _ => &[
            "missing",
            "not",
            "text",
            "type",
            "identifier",
            "ofType",
            "of-type",
        ],
    };
    for word in &mut words {
        // The list of codes has it without its hyphen before R5.
        if *word == "of-type" && version < FhirVersion::R5 {
            *word = "ofType";
        }
    }
    words.retain(|word| known.contains(word));
    words
}

/// The entries `searchParam` of a CapabilityStatement, or in DSTU2 of a Conformance, for
/// ImagingStudy: every parameter that is answered here
/// (<https://hl7.org/fhir/R5/capabilitystatement.html>).
///
/// ```
/// use imaging_study_core::{FhirVersion, Json};
/// use imaging_study_search::capability_parameters;
///
/// let parameters = capability_parameters(FhirVersion::R5);
/// let names: Vec<_> = parameters
///     .as_array()
///     .unwrap_or_default()
///     .iter()
///     .filter_map(|parameter| parameter.get("name").and_then(Json::as_str))
///     .collect();
/// assert_eq!(names[..3], ["based-on", "body-site", "body-structure"]);
/// assert!(names.contains(&"_lastUpdated") && !names.contains(&"_text"));
/// ```
#[must_use]
pub fn capability_parameters(version: FhirVersion) -> Json {
    let entries = Plan::all(version).iter().map(|plan| {
        let parameter = plan.parameter;
        let mut members = vec![
            ("name", string(parameter.name)),
            ("definition", string(parameter.url)),
            ("type", string(parameter.kind.code())),
        ];
        if version == FhirVersion::Dstu2 {
            if !parameter.targets.is_empty() {
                members.push(("target", strings(parameter.targets)));
            }
            members.push(("modifier", strings(&modifiers(plan, version))));
        }
        object(members)
    });
    Json::Array(entries.collect())
}

/// The XPath of a path of elements, as DSTU2 has it.
fn xpath(expression: &str) -> String {
    let paths = expression.split(" | ").map(|path| {
        let steps: Vec<String> = path.split('.').map(|step| format!("f:{step}")).collect();
        steps.join("/")
    });
    paths.collect::<Vec<_>>().join(" | ")
}

fn object(members: Vec<(&'static str, Json)>) -> Json {
    let members = members.into_iter();
    Json::Object(
        members
            .map(|(name, value)| (SmolStr::new_static(name), value))
            .collect(),
    )
}

fn string(text: &str) -> Json {
    Json::String(text.into())
}

fn strings(texts: &[&str]) -> Json {
    Json::Array(texts.iter().map(|text| string(text)).collect())
}
