//! Conversions through two other versions and back give the original too, and every step is valid.
//! `PROPTEST_CASES` sets how many.

mod support;

use std::sync::LazyLock;

use imaging_study_any as versions;
use imaging_study_convert::{Options, Study, convert};
use imaging_study_core::generate::Profile;
use imaging_study_core::{FhirVersion, Json};
use imaging_study_json::{Decoder, from_str, json_to_string, to_string};
use proptest::prelude::*;
use support::cases::config;
use support::leaves;
use support::shown::Shown;
use support::spec::Spec;

fn spec(version: FhirVersion) -> &'static Spec {
    static SPECS: LazyLock<Vec<(FhirVersion, Spec)>> = LazyLock::new(|| {
        let spec = |version| (version, Spec::load(version));
        FhirVersion::ALL.into_iter().map(spec).collect()
    });
    let spec = SPECS.iter().find(|(own, _)| *own == version);
    &spec.expect("every version has a table").1
}

fn tree<T: Study>(study: &T) -> Json {
    let text = to_string(study).expect("nothing is empty");
    Decoder::default()
        .decode_json(text.as_bytes())
        .expect("JSON")
}

/// The study: comments are no data, and the law holds them aside.
fn without_comments<T: Study>(study: T) -> Shown<T> {
    if T::VERSION != FhirVersion::Dstu2 {
        return Shown(study);
    }
    let mut json = tree(&study);
    leaves::strip_comments(&mut json);
    Shown(from_str(&json_to_string(&json)).expect("the study without comments"))
}

/// One step, whose result is valid.
fn step<A: Study, B: Study>(study: A, source: &[String]) -> Result<B, TestCaseError> {
    let converted = convert::<A, B>(study, &Options::default()).expect("not strict");
    let json = tree(&converted.value);
    prop_assert_eq!(
        spec(B::VERSION).check_outcome(&json, source),
        Vec::<String>::new(),
        "{}",
        json_to_string(&json)
    );
    Ok(converted.value)
}

/// The law for a study of the first version, through the second and the third.
fn chain<A: Study, B: Study, C: Study>(study: A) -> Result<(), TestCaseError> {
    let source = spec(A::VERSION).check(&tree(&study));
    let before = json_to_string(&tree(&study));
    let second: B = step(study, &source)?;
    let third: C = step(second.clone(), &source)?;
    let back: A = step(third.clone(), &source)?;
    prop_assert_eq!(
        json_to_string(&tree(&back)),
        before,
        "through {} and {}",
        json_to_string(&tree(&second)),
        json_to_string(&tree(&third))
    );
    Ok(())
}

/// Of two copies of a value one goes without ids, in the extensions of its own too.
#[test]
fn an_id_inside_a_part_of_a_value_that_travels_by_itself() {
    use versions::{r4, r5, r6_draft};
    let study: r5::ImagingStudy = from_str(
        r#"{"resourceType":"ImagingStudy","status":"registered","subject":{"reference":"Patient/p"},
            "reason":[{"reference":{"reference":"Condition/a"}},{"id":"r","reference":{
                "reference":"Condition/b","display":"B",
                "_display":{"id":"d","extension":[{"url":"http://example.org/a","valueDataRequirement":{
                    "type":"Element","valueFilter":[{"path":"x"},{"id":"f","path":"x"}]}}]}}}]}"#,
    )
    .expect("a study");
    chain::<_, r4::ImagingStudy, r6_draft::ImagingStudy>(study).expect("the original");
}

/// R6 has the type of the value, but in none of its extensions: what travels in it comes home from
/// there too.
#[test]
fn a_part_of_a_value_that_no_extension_of_a_version_holds() {
    use versions::{r4b, r6, r6_draft};
    let study: r6_draft::ImagingStudy = from_str(
        r#"{"resourceType":"ImagingStudy","status":"registered","subject":{"reference":"Patient/p"},
            "extension":[{"url":"http://example.org/a","valueDosage":{
                "asNeeded":false,"_asNeeded":{"id":"n"},"asNeededFor":[{"text":"Pain"}],
                "maxDosePerPeriod":[{"numerator":{"value":1}},{"numerator":{"value":2}}]}}]}"#,
    )
    .expect("a study");
    chain::<_, r4b::ImagingStudy, r6::ImagingStudy>(study).expect("the original");
}

/// An id of the unit of sampled data does not make another form of the value.
#[test]
fn an_id_of_a_unit_that_is_meant() {
    use versions::{dstu2, r4, r4b, r5, r6_draft, stu3};
    let study = || -> r6_draft::ImagingStudy {
        from_str(
            r#"{"resourceType":"ImagingStudy","status":"registered","subject":{"reference":"Patient/p"},
                "series":[{"uid":"1.2","_uid":{"id":"v","extension":[{"url":"http://example.org/a",
                    "valueSampledData":{"origin":{"value":1},"interval":1.0,"intervalUnit":"ms",
                        "_intervalUnit":{"id":"u"},"dimensions":1}}]},
                "modality":{"id":"m","coding":[{"extension":[{"url":"http://example.org/a",
                    "valueSampledData":{"origin":{"id":"o","value":1},"interval":1.0,
                        "intervalUnit":"ms","_intervalUnit":{"id":"w"},"dimensions":1}}]}]}}]}"#,
        )
        .expect("a study")
    };
    chain::<_, r4::ImagingStudy, r4b::ImagingStudy>(study()).expect("the original");
    chain::<_, r4b::ImagingStudy, dstu2::ImagingStudy>(study()).expect("the original");
    chain::<_, r4::ImagingStudy, stu3::ImagingStudy>(study()).expect("the original");
    chain::<_, dstu2::ImagingStudy, r4::ImagingStudy>(study()).expect("the original");
    chain::<_, stu3::ImagingStudy, r4b::ImagingStudy>(study()).expect("the original");
    chain::<_, r5::ImagingStudy, dstu2::ImagingStudy>(study()).expect("the original");
}

/// A test for each chain that starts in a version: `first::second::third`.
macro_rules! chains {
    ($first:ident: $($others:ident)+) => {
        mod $first {
            use super::*;

            chains!(through $first [] $($others)+);
        }
    };
    (through $first:ident [$($before:ident)*] $second:ident $($after:ident)*) => {
        mod $second {
            use super::*;

            $(chains!(test $first $second $before);)*
            $(chains!(test $first $second $after);)*
        }

        chains!(through $first [$($before)* $second] $($after)*);
    };
    (through $first:ident [$($before:ident)*]) => {};
    (test $first:ident $second:ident $third:ident) => {
        proptest! {
            #![proptest_config(config(60))]

            #[test]
            fn $third(
                study in versions::$first::strategy::imaging_study(Profile::Hostile)
                    .prop_map(without_comments)
            ) {
                chain::<
                    versions::$first::ImagingStudy,
                    versions::$second::ImagingStudy,
                    versions::$third::ImagingStudy,
                >(study.0)?;
            }
        }
    };
}
chains!(dstu2: stu3 r4 r4b r5 r6_draft r6);
chains!(stu3: dstu2 r4 r4b r5 r6_draft r6);
chains!(r4: dstu2 stu3 r4b r5 r6_draft r6);
chains!(r4b: dstu2 stu3 r4 r5 r6_draft r6);
chains!(r5: dstu2 stu3 r4 r4b r6_draft r6);
chains!(r6_draft: dstu2 stu3 r4 r4b r5 r6);
chains!(r6: dstu2 stu3 r4 r4b r5 r6_draft);
