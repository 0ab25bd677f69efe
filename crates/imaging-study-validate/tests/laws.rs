//! Laws: what is generated as valid has no error, and everything that can be generated can be
//! validated.

use imaging_study_any::{AnyImagingStudy, with_types};
use imaging_study_core::FhirVersion;
use imaging_study_core::generate::{Profile, from_choices};
use imaging_study_validate::{Issue, Severity, Validate, Validator};
use proptest::prelude::*;

fn study(version: FhirVersion, profile: Profile, choices: &[u32]) -> AnyImagingStudy {
    with_types!(version, types => {
        from_choices::<types::ImagingStudy>(profile, choices).into()
    })
}

fn errors(issues: &[Issue]) -> Vec<String> {
    let errors = issues
        .iter()
        .filter(|issue| issue.severity == Severity::Error);
    errors.map(Issue::to_string).collect()
}

/// What the generator promises of [`Profile::Minimal`] and [`Profile::Typical`]. It leaves to chance
/// other rules between elements: that counts, modalities and times agree as R6 wants it, that contained
/// resources are referred to, that ids differ, that data has a type.
const PROMISED: [&str; 12] = [
    " cardinality ",
    " lexical ",
    " binding ",
    " target ",
    " uid ",
    " ele-1 ",
    " ext-1 ",
    " ref-1 ",
    " qty-3 ",
    " per-1 ",
    " type ",
    " unknown-element ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(40)
    ))]

    #[test]
    fn what_is_generated_as_valid_has_no_error(
        choices in prop::collection::vec(any::<u32>(), 0..400),
    ) {
        for version in FhirVersion::ALL {
            for profile in [Profile::Minimal, Profile::Typical] {
                let issues = study(version, profile, &choices).validate();
                let mut found = errors(&issues);
                found.retain(|error| PROMISED.iter().any(|rule| error.contains(rule)));
                prop_assert_eq!(found, Vec::<String>::new(), "{} {:?}", version, profile);
            }
        }
    }

    #[test]
    fn whatever_can_be_held_can_be_validated(
        choices in prop::collection::vec(any::<u32>(), 0..300),
    ) {
        let mut validator = Validator::default();
        validator.extensible = true;
        validator.later_rules = true;
        validator.narrative = true;
        for version in FhirVersion::ALL {
            for profile in [Profile::Hostile, Profile::Interchange, Profile::Partial] {
                let study = study(version, profile, &choices);
                let issues = study.validate_with(&validator);
                prop_assert_eq!(&issues, &study.validate_with(&validator));
                for issue in issues {
                    let root = issue.path.starts_with("ImagingStudy");
                    prop_assert!(root && issue.expression.starts_with("ImagingStudy"), "{}", issue);
                    prop_assert!(!issue.message.is_empty());
                }
            }
        }
    }
}
