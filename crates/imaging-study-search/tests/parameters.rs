//! The parameters of each version against HL7's tables, both ways, and as resources.

use std::collections::BTreeSet;
use std::fs;

use imaging_study_core::{FhirVersion, Json};
use imaging_study_search::{Parameter, ParameterKind, capability_parameters};

mod fixtures;

/// A line for a parameter: name, type with targets, end of the URL, expression.
fn line(parameter: &Parameter) -> String {
    let mut targets = parameter.targets.to_vec();
    targets.sort_unstable();
    let targets = match targets.as_slice() {
        [] => String::new(),
        targets => format!("({})", targets.join(",")),
    };
    let url = parameter.url.rsplit('/').next().unwrap_or_default();
    let (name, kind) = (parameter.name, parameter.kind.code());
    format!("{name} {kind}{targets} {url} {}", parameter.expression)
        .trim_end()
        .to_owned()
}

/// HL7's table of a version, with what is different here on purpose.
fn table(version: FhirVersion) -> BTreeSet<String> {
    let name = version.name().to_lowercase().replace(' ', "-");
    let path = fixtures::folder("spec").join(format!("{name}.search"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.map(|line| match line {
        // The element has no Group for a patient, and the expression leaves it out.
        line if line.starts_with("patient ") => line.replace("(Group,Patient)", "(Patient)"),
        // R5 publishes no expression; the concept is what is a token.
        "reason token ImagingStudy-reason" => format!("{line} ImagingStudy.reason.concept"),
        // What is not answered here has no expression.
        line if line.starts_with("_in ") => "_in reference Resource-in".to_owned(),
        line => line.to_owned(),
    });
    let mut lines: BTreeSet<String> = lines.collect();
    // Offered in every version, since deployments of old ones have it.
    lines.insert("_language token Resource-language Resource.language".to_owned());
    // Some tables list it twice, of DomainResource and of Resource, with other types.
    if lines
        .iter()
        .filter(|line| line.starts_with("_text "))
        .count()
        > 1
    {
        let kept = match version {
            FhirVersion::R4B => "_text string Resource-text",
            _ => "_text special DomainResource-text",
        };
        lines.retain(|line| !line.starts_with("_text ") || line == kept);
    }
    lines
}

#[test]
fn the_parameters_are_those_of_the_tables() {
    let mut counts = Vec::new();
    for version in FhirVersion::ALL {
        let ours: BTreeSet<String> = Parameter::of(version).map(line).collect();
        let table = table(version);
        let missing: Vec<_> = table.difference(&ours).collect();
        let more: Vec<_> = ours.difference(&table).collect();
        assert!(
            missing.is_empty() && more.is_empty(),
            "{version}: {missing:#?} {more:#?}"
        );
        let names: BTreeSet<&str> = Parameter::of(version).map(|one| one.name).collect();
        assert_eq!(names.len(), ours.len(), "{version}: a name stands twice");
        counts.push(names.iter().filter(|name| !name.starts_with('_')).count());
    }
    assert_eq!(counts, [10, 15, 17, 17, 17, 18, 18]);
}

#[test]
fn parameters_are_resources_of_each_version() {
    for version in FhirVersion::ALL {
        let advertised = capability_parameters(version);
        let mut advertised = advertised.as_array().expect("a list").iter();
        for parameter in Parameter::of(version) {
            let resource = parameter.search_parameter(version);
            assert_eq!(resource.is_some(), parameter.is_answered());
            let Some(resource) = resource else { continue };
            let text = |name: &str| resource.get(name).and_then(Json::as_str);
            assert_eq!(text("code"), Some(parameter.name));
            assert_eq!(text("url"), Some(parameter.url));
            assert_eq!(text("type"), Some(parameter.kind.code()));
            let old = version == FhirVersion::Dstu2;
            assert_eq!(text("expression").is_some(), !old);
            assert_eq!(text("xpath").is_some(), old);
            assert_eq!(text("base").is_some(), old);
            let targets = resource.get("target").and_then(Json::as_array);
            assert_eq!(
                targets.is_some(),
                parameter.kind == ParameterKind::Reference
            );
            let entry = advertised
                .next()
                .expect("an entry for each that is answered");
            assert_eq!(
                entry.get("name").and_then(Json::as_str),
                Some(parameter.name)
            );
            assert_eq!(
                entry.get("definition").and_then(Json::as_str),
                Some(parameter.url)
            );
            // Conformance of DSTU2 says more of each.
            assert_eq!(entry.get("modifier").is_some(), old);
        }
        assert!(advertised.next().is_none());
    }
}
