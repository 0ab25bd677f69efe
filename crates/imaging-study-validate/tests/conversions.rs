//! The law of validation and conversion: a study without an error has none in any other version,
//! but for those that no conversion can mend.

use imaging_study_any::{AnyImagingStudy, with_study, with_types};
use imaging_study_convert::{Options, convert_any};
use imaging_study_core::FhirVersion;
use imaging_study_core::generate::{Profile, from_choices};
use imaging_study_json::to_string;
use imaging_study_validate::{Issue, RULES, RuleGroup, Severity, Validate};
use proptest::prelude::*;

/// Why an error of a converted study is expected, if it is.
fn known(issue: &Issue, from: FhirVersion, to: FhirVersion) -> Option<&'static str> {
    if issue.path.starts_with("ImagingStudy.contained[") {
        return Some("contained resources are kept in the form of their version, and reported");
    }
    let rule = RULES.iter().find(|rule| rule.key == issue.rule);
    if rule.is_some_and(|rule| rule.group == RuleGroup::Invariant && !rule.is_in(from)) {
        return Some("the version that the study is from does not have the rule");
    }
    match (issue.rule.as_ref(), to) {
        ("id-form", FhirVersion::R4B | FhirVersion::R5 | FhirVersion::R6Draft) => {
            Some("ids of data types, any text elsewhere, stay as they are")
        }
        ("drt-1", FhirVersion::R4B | FhirVersion::R6Draft | FhirVersion::R6) => {
            Some("these want a unit with every duration, others do not")
        }
        ("ref-2", to) if to >= FhirVersion::R5 => Some("before R5 this is a warning"),
        ("ext-1", to) if to > FhirVersion::Dstu2 => Some("in DSTU2 this is a warning"),
        ("sdd-1", FhirVersion::R5) => Some("R6 allows an interval beside offsets"),
        ("txt-1", to) if to > FhirVersion::Dstu2 && issue.repairable => {
            Some("narrative is kept as it is, and that of DSTU2 may lack its namespace")
        }
        _ => None,
    }
}

fn errors(study: &AnyImagingStudy) -> impl Iterator<Item = Issue> {
    let issues = study.validate().into_iter();
    issues.filter(|issue| issue.severity == Severity::Error)
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(
            std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(60)
        )
    })]

    #[test]
    fn conversions_make_no_errors(choices in prop::collection::vec(any::<u32>(), 0..300)) {
        let mut valid = 0;
        for from in FhirVersion::ALL {
            for profile in [Profile::Minimal, Profile::Typical, Profile::Interchange] {
                let study: AnyImagingStudy = with_types!(from, types => {
                    from_choices::<types::ImagingStudy>(profile, &choices).into()
                });
                // The generator leaves some rules between elements to chance.
                if errors(&study).next().is_some() {
                    continue;
                }
                valid += 1;
                for to in FhirVersion::ALL {
                    let converted = convert_any(study.clone(), to, &Options::default());
                    let converted = converted.expect("not strict").value;
                    let made: Vec<String> = errors(&converted)
                        .filter(|issue| known(issue, from, to).is_none())
                        .map(|issue| issue.to_string())
                        .collect();
                    prop_assert_eq!(
                        made,
                        Vec::<String>::new(),
                        "{} to {}: {}",
                        from,
                        to,
                        with_study!(&study, study => to_string(&**study).expect("not empty"))
                    );
                }
            }
        }
        // Without what can be left out, hardly a rule is left to chance.
        prop_assert!(valid >= 5, "{} valid studies", valid);
    }
}
