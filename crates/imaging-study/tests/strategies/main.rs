//! What the strategies generate is valid, varied, and shrinks to something small.

mod shrinking;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use imaging_study_core::generate::{element, from_choices};
use imaging_study_core::{Element, FhirVersion, Json, ScalarType, TypeInfo};
use imaging_study_dstu2 as dstu2;
use imaging_study_json as json;
use imaging_study_r4 as r4;
use imaging_study_r4::strategy::Profile;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use walk::Walk;

const PROFILES: [Profile; 4] = [
    Profile::Minimal,
    Profile::Typical,
    Profile::Hostile,
    Profile::Interchange,
];

/// Generates up to `most` elements, until `enough`, and fails with the first broken rule.
fn walk_until<T: Element>(
    profile: Profile,
    most: usize,
    enough: impl Fn(&BTreeMap<String, usize>) -> bool,
) -> BTreeMap<String, usize> {
    let mut runner = TestRunner::deterministic();
    let strategy = element::<T>(profile);
    let mut walk = Walk::new::<T>(profile);
    for index in 0..most {
        if index % 100 == 0 && enough(&walk.seen) {
            break;
        }
        let tree = strategy
            .new_tree(&mut runner)
            .expect("a strategy without filters");
        let study = tree.current();
        let text = json::to_string(&study).expect("a study that can be written");
        let value: Json = serde_json::from_str(&text).expect("JSON");
        walk.object(T::info(), &value, T::info().name, (0, 0));
        assert!(walk.faults.is_empty(), "{:?}\n{text}", walk.faults);
        let read: T = json::from_str(&text).expect("a study that can be read");
        assert_eq!(read, study);
        assert!(
            walk.extension_depth <= 5,
            "{} extensions deep",
            walk.extension_depth
        );
        assert!(walk.depth <= 40, "{} elements deep", walk.depth);
    }
    walk.seen
}

#[test]
fn studies_of_every_profile_keep_to_the_rules() {
    for profile in PROFILES {
        walk_until::<dstu2::ImagingStudy>(profile, 1000, |_| false);
        walk_until::<stu3::ImagingStudy>(profile, 1000, |_| false);
        walk_until::<r4::ImagingStudy>(profile, 1000, |_| false);
        walk_until::<r4b::ImagingStudy>(profile, 1000, |_| false);
        walk_until::<r5::ImagingStudy>(profile, 1000, |_| false);
        walk_until::<r6_draft::ImagingStudy>(profile, 1000, |_| false);
        walk_until::<r6::ImagingStudy>(profile, 1000, |_| false);
    }
}

/// What no version before R4 has.
const SINCE_R4: [&str; 1] = ["decimal exponent"];
/// What DSTU2 has not.
const SINCE_STU3: [&str; 2] = ["contained Endpoint", "dateTime :60"];

fn assert_covered<T: Element>(extension: &TypeInfo, only_here: &[&str]) {
    let value = extension.field("value[x]").expect("Extension.value[x]");
    let mut expected: Vec<String> = value
        .types
        .iter()
        .map(|value_type| {
            let (first, rest) = value_type.name().split_at(1);
            format!("value{}{rest}", first.to_uppercase())
        })
        .collect();
    expected.extend(
        [
            "hundreds of instance",
            "nested extension",
            "data-absent-reason",
            "hole",
            "primitive without value",
            "required primitive without value",
            "id of a primitive",
            "extension of a primitive",
            "contained ImagingStudy",
            "contained Patient",
            "contained Practitioner",
            "contained Observation",
            "contained Basic",
            "string not ASCII",
            "string blank at an end",
            "string escapes",
            "string long",
            "uid escapes",
            "uid not ASCII",
            "dateTime fraction = 9",
            "dateTime year",
            "dateTime month",
            "dateTime day",
            "decimal trailing zero",
            "id 64 characters",
            "reference to a contained resource",
            "reference urn:uuid:",
            "reference https://",
        ]
        .iter()
        .chain(only_here)
        .map(|&what| what.to_owned()),
    );
    let seen = walk_until::<T>(Profile::Hostile, 10_000, |seen| {
        expected.iter().all(|what| seen.contains_key(what))
    });
    let missing: Vec<_> = expected
        .iter()
        .filter(|what| !seen.contains_key(*what))
        .collect();
    assert!(
        missing.is_empty(),
        "never generated: {missing:?}; generated: {seen:#?}"
    );
}

/// Resources of the most different types are contained in studies for both formats.
fn assert_any_type<T: Element>(least: usize) {
    let seen = walk_until::<T>(Profile::Interchange, 3000, |_| false);
    let types = seen.keys().filter(|what| what.starts_with("contained "));
    assert!(types.count() >= least, "{seen:#?}");
    let mut missing: Vec<_> = ScalarType::ALL
        .iter()
        .map(|scalar| format!("defined: {scalar}"))
        .collect();
    missing.extend(
        [
            "a hole",
            "beside a primitive",
            "a resource in a resource",
            "a type inside itself",
        ]
        .map(|what| format!("defined: {what}")),
    );
    missing.retain(|what| !seen.contains_key(what));
    // R4 has no such type.
    missing.retain(|what| T::VERSION >= FhirVersion::R5 || what != "defined: integer64");
    assert!(missing.is_empty(), "never generated: {missing:?}");
}

#[test]
fn any_type_of_r4_is_contained() {
    assert_any_type::<r4::ImagingStudy>(120);
}

#[test]
fn any_type_of_r5_is_contained() {
    assert_any_type::<r5::ImagingStudy>(120);
}

#[test]
fn hostile_studies_of_dstu2_have_everything() {
    assert_covered::<dstu2::ImagingStudy>(
        dstu2::Extension::info(),
        &[
            "dateTime fraction > 9",
            "decimal > 18 digits",
            "reference DiagnosticOrder/",
            "comment",
            "comment of a primitive",
        ],
    );
}

#[test]
fn hostile_studies_of_stu3_have_everything() {
    assert_covered::<stu3::ImagingStudy>(
        stu3::Extension::info(),
        &[
            &SINCE_STU3[..],
            &[
                "dateTime fraction > 9",
                "decimal > 18 digits",
                "reference ReferralRequest/",
            ],
        ]
        .concat(),
    );
}

/// What R4 and R4B have and the later versions have not.
const R4: [&str; 3] = [
    "dateTime fraction > 9",
    "decimal > 18 digits",
    "reference Media/",
];
/// What R5 and R6 have and the earlier versions have not.
const R5: [&str; 2] = ["dateTime no offset", "reference HealthcareService/"];

#[test]
fn hostile_studies_of_r4_have_everything() {
    assert_covered::<r4::ImagingStudy>(
        r4::Extension::info(),
        &[&SINCE_STU3[..], &SINCE_R4, &R4].concat(),
    );
}

#[test]
fn hostile_studies_of_r4b_have_everything() {
    assert_covered::<r4b::ImagingStudy>(
        r4b::Extension::info(),
        &[&SINCE_STU3[..], &SINCE_R4, &R4].concat(),
    );
}

#[test]
fn hostile_studies_of_r5_have_everything() {
    assert_covered::<r5::ImagingStudy>(
        r5::Extension::info(),
        &[&SINCE_STU3[..], &SINCE_R4, &R5].concat(),
    );
}

#[test]
fn hostile_studies_of_r6_have_everything() {
    assert_covered::<r6_draft::ImagingStudy>(
        r6_draft::Extension::info(),
        &[&SINCE_STU3[..], &SINCE_R4, &R5].concat(),
    );
}

#[test]
fn uids_with_a_prefix_are_distinct() {
    let mut runner = TestRunner::deterministic();
    let mut instances = 0;
    for profile in [Profile::Typical, Profile::Hostile] {
        for _ in 0..200 {
            let tree = element::<stu3::ImagingStudy>(profile)
                .new_tree(&mut runner)
                .expect("a strategy without filters");
            let study = tree.current();
            let uids: Vec<_> = study
                .series
                .iter()
                .flat_map(|series| &series.instance)
                .filter_map(|instance| instance.uid.value.clone())
                // A hostile text may stand there twice.
                .filter(|uid| uid.uid().is_some())
                .collect();
            instances += uids.len();
            let distinct: BTreeSet<_> = uids.iter().map(ToString::to_string).collect();
            assert_eq!(distinct.len(), uids.len(), "{uids:?}");
        }
    }
    assert!(instances > 1000, "only {instances} UIDs");
}

#[test]
fn the_same_choices_make_the_same_study() {
    let choices: Vec<u32> = (0..500_u32)
        .map(|index| index.wrapping_mul(2_654_435_761))
        .collect();
    let first: r5::ImagingStudy = from_choices(Profile::Hostile, &choices);
    assert_eq!(first, from_choices(Profile::Hostile, &choices));
    for profile in [Profile::Hostile, Profile::Interchange] {
        let all: r5::ImagingStudy = from_choices(profile, &[u32::MAX; 5000]);
        let text = json::to_string(&all).expect("a study that can be written");
        assert_eq!(
            json::from_str::<r5::ImagingStudy>(&text).expect("a study that can be read"),
            all
        );
    }
}
