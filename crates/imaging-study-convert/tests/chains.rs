//! Conversions through two other versions and back give the original too, and every step is valid.
//! `PROPTEST_CASES` sets how many.

mod support;

use std::sync::LazyLock;

use imaging_study_convert::{Options, Study, convert};
use imaging_study_core::generate::Profile;
use imaging_study_core::{FhirVersion, Json};
use imaging_study_dstu2 as dstu2;
use imaging_study_json::{Decoder, from_str, json_to_string, to_string};
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use imaging_study_stu3 as stu3;
use proptest::prelude::*;
use support::spec::Spec;

static DSTU2: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::Dstu2));
static STU3: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::Stu3));
static R4: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::R4));
static R4B: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::R4B));
static R5: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::R5));
static R6: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::R6));

fn config() -> ProptestConfig {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() {
        ProptestConfig::default().cases
    } else {
        150
    };
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}

fn tree<T: Study>(study: &T) -> Json {
    let text = to_string(study).expect("nothing is empty");
    Decoder::default()
        .decode_json(text.as_bytes())
        .expect("JSON")
}

/// Comments are no data, and the law holds them aside.
fn without_comments<T: Study>(study: T) -> T {
    if T::VERSION != FhirVersion::Dstu2 {
        return study;
    }
    let mut json = tree(&study);
    support::leaves::strip_comments(&mut json);
    from_str(&json_to_string(&json)).expect("the study without comments")
}

/// A study that a failing test shows as JSON.
#[derive(Clone)]
struct Shown<T>(T);

impl<T: Study> std::fmt::Debug for Shown<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&json_to_string(&tree(&self.0)))
    }
}

/// One step, whose result is valid.
fn step<A: Study, B: Study>(study: A, spec: &Spec) -> Result<B, TestCaseError> {
    let converted = convert::<A, B>(study, &Options::default()).expect("not strict");
    let json = tree(&converted.value);
    prop_assert_eq!(
        spec.check(&json),
        Vec::<String>::new(),
        "{}",
        json_to_string(&json)
    );
    Ok(converted.value)
}

/// The law for studies of the first version, through the second and the third.
macro_rules! chains {
    ($($name:ident: $a:ident $a_spec:ident, $b:ident $b_spec:ident, $c:ident $c_spec:ident;)+) => {
        proptest! {
            #![proptest_config(config())]

            $(#[test]
            fn $name(study in $a::strategy::imaging_study(Profile::Hostile).prop_map(Shown)) {
                let study = Shown(without_comments(study.0));
                let second: $b::ImagingStudy = step(study.0.clone(), &$b_spec)?;
                let third: $c::ImagingStudy = step(second.clone(), &$c_spec)?;
                let back: $a::ImagingStudy = step(third.clone(), &$a_spec)?;
                prop_assert_eq!(
                    json_to_string(&tree(&back)),
                    json_to_string(&tree(&study.0)),
                    "through {} and {}",
                    json_to_string(&tree(&second)),
                    json_to_string(&tree(&third))
                );
            })+
        }
    };
}
chains!(
    dstu2_stu3_r4: dstu2 DSTU2, stu3 STU3, r4 R4;
    dstu2_stu3_r4b: dstu2 DSTU2, stu3 STU3, r4b R4B;
    dstu2_stu3_r5: dstu2 DSTU2, stu3 STU3, r5 R5;
    dstu2_stu3_r6: dstu2 DSTU2, stu3 STU3, r6 R6;
    dstu2_r4_stu3: dstu2 DSTU2, r4 R4, stu3 STU3;
    dstu2_r4_r4b: dstu2 DSTU2, r4 R4, r4b R4B;
    dstu2_r4_r5: dstu2 DSTU2, r4 R4, r5 R5;
    dstu2_r4_r6: dstu2 DSTU2, r4 R4, r6 R6;
    dstu2_r4b_stu3: dstu2 DSTU2, r4b R4B, stu3 STU3;
    dstu2_r4b_r4: dstu2 DSTU2, r4b R4B, r4 R4;
    dstu2_r4b_r5: dstu2 DSTU2, r4b R4B, r5 R5;
    dstu2_r4b_r6: dstu2 DSTU2, r4b R4B, r6 R6;
    dstu2_r5_stu3: dstu2 DSTU2, r5 R5, stu3 STU3;
    dstu2_r5_r4: dstu2 DSTU2, r5 R5, r4 R4;
    dstu2_r5_r4b: dstu2 DSTU2, r5 R5, r4b R4B;
    dstu2_r5_r6: dstu2 DSTU2, r5 R5, r6 R6;
    dstu2_r6_stu3: dstu2 DSTU2, r6 R6, stu3 STU3;
    dstu2_r6_r4: dstu2 DSTU2, r6 R6, r4 R4;
    dstu2_r6_r4b: dstu2 DSTU2, r6 R6, r4b R4B;
    dstu2_r6_r5: dstu2 DSTU2, r6 R6, r5 R5;
    stu3_dstu2_r4: stu3 STU3, dstu2 DSTU2, r4 R4;
    stu3_dstu2_r4b: stu3 STU3, dstu2 DSTU2, r4b R4B;
    stu3_dstu2_r5: stu3 STU3, dstu2 DSTU2, r5 R5;
    stu3_dstu2_r6: stu3 STU3, dstu2 DSTU2, r6 R6;
    stu3_r4_dstu2: stu3 STU3, r4 R4, dstu2 DSTU2;
    stu3_r4b_dstu2: stu3 STU3, r4b R4B, dstu2 DSTU2;
    stu3_r5_dstu2: stu3 STU3, r5 R5, dstu2 DSTU2;
    stu3_r6_dstu2: stu3 STU3, r6 R6, dstu2 DSTU2;
    r4_dstu2_stu3: r4 R4, dstu2 DSTU2, stu3 STU3;
    r4_dstu2_r4b: r4 R4, dstu2 DSTU2, r4b R4B;
    r4_dstu2_r5: r4 R4, dstu2 DSTU2, r5 R5;
    r4_dstu2_r6: r4 R4, dstu2 DSTU2, r6 R6;
    r4_stu3_dstu2: r4 R4, stu3 STU3, dstu2 DSTU2;
    r4_r4b_dstu2: r4 R4, r4b R4B, dstu2 DSTU2;
    r4_r5_dstu2: r4 R4, r5 R5, dstu2 DSTU2;
    r4_r6_dstu2: r4 R4, r6 R6, dstu2 DSTU2;
    r4b_dstu2_stu3: r4b R4B, dstu2 DSTU2, stu3 STU3;
    r4b_dstu2_r4: r4b R4B, dstu2 DSTU2, r4 R4;
    r4b_dstu2_r5: r4b R4B, dstu2 DSTU2, r5 R5;
    r4b_dstu2_r6: r4b R4B, dstu2 DSTU2, r6 R6;
    r4b_stu3_dstu2: r4b R4B, stu3 STU3, dstu2 DSTU2;
    r4b_r4_dstu2: r4b R4B, r4 R4, dstu2 DSTU2;
    r4b_r5_dstu2: r4b R4B, r5 R5, dstu2 DSTU2;
    r4b_r6_dstu2: r4b R4B, r6 R6, dstu2 DSTU2;
    r5_dstu2_stu3: r5 R5, dstu2 DSTU2, stu3 STU3;
    r5_dstu2_r4: r5 R5, dstu2 DSTU2, r4 R4;
    r5_dstu2_r4b: r5 R5, dstu2 DSTU2, r4b R4B;
    r5_dstu2_r6: r5 R5, dstu2 DSTU2, r6 R6;
    r5_stu3_dstu2: r5 R5, stu3 STU3, dstu2 DSTU2;
    r5_r4_dstu2: r5 R5, r4 R4, dstu2 DSTU2;
    r5_r4b_dstu2: r5 R5, r4b R4B, dstu2 DSTU2;
    r5_r6_dstu2: r5 R5, r6 R6, dstu2 DSTU2;
    r6_dstu2_stu3: r6 R6, dstu2 DSTU2, stu3 STU3;
    r6_dstu2_r4: r6 R6, dstu2 DSTU2, r4 R4;
    r6_dstu2_r4b: r6 R6, dstu2 DSTU2, r4b R4B;
    r6_dstu2_r5: r6 R6, dstu2 DSTU2, r5 R5;
    r6_stu3_dstu2: r6 R6, stu3 STU3, dstu2 DSTU2;
    r6_r4_dstu2: r6 R6, r4 R4, dstu2 DSTU2;
    r6_r4b_dstu2: r6 R6, r4b R4B, dstu2 DSTU2;
    r6_r5_dstu2: r6 R6, r5 R5, dstu2 DSTU2;
    stu3_r4_r4b: stu3 STU3, r4 R4, r4b R4B;
    stu3_r4_r5: stu3 STU3, r4 R4, r5 R5;
    stu3_r4_r6: stu3 STU3, r4 R4, r6 R6;
    stu3_r4b_r4: stu3 STU3, r4b R4B, r4 R4;
    stu3_r4b_r5: stu3 STU3, r4b R4B, r5 R5;
    stu3_r4b_r6: stu3 STU3, r4b R4B, r6 R6;
    stu3_r5_r4: stu3 STU3, r5 R5, r4 R4;
    stu3_r5_r4b: stu3 STU3, r5 R5, r4b R4B;
    stu3_r5_r6: stu3 STU3, r5 R5, r6 R6;
    stu3_r6_r4: stu3 STU3, r6 R6, r4 R4;
    stu3_r6_r4b: stu3 STU3, r6 R6, r4b R4B;
    stu3_r6_r5: stu3 STU3, r6 R6, r5 R5;
    r4_stu3_r4b: r4 R4, stu3 STU3, r4b R4B;
    r4_stu3_r5: r4 R4, stu3 STU3, r5 R5;
    r4_stu3_r6: r4 R4, stu3 STU3, r6 R6;
    r4_r4b_stu3: r4 R4, r4b R4B, stu3 STU3;
    r4_r5_stu3: r4 R4, r5 R5, stu3 STU3;
    r4_r6_stu3: r4 R4, r6 R6, stu3 STU3;
    r4b_stu3_r4: r4b R4B, stu3 STU3, r4 R4;
    r4b_stu3_r5: r4b R4B, stu3 STU3, r5 R5;
    r4b_stu3_r6: r4b R4B, stu3 STU3, r6 R6;
    r4b_r4_stu3: r4b R4B, r4 R4, stu3 STU3;
    r4b_r5_stu3: r4b R4B, r5 R5, stu3 STU3;
    r4b_r6_stu3: r4b R4B, r6 R6, stu3 STU3;
    r5_stu3_r4: r5 R5, stu3 STU3, r4 R4;
    r5_stu3_r4b: r5 R5, stu3 STU3, r4b R4B;
    r5_stu3_r6: r5 R5, stu3 STU3, r6 R6;
    r5_r4_stu3: r5 R5, r4 R4, stu3 STU3;
    r5_r4b_stu3: r5 R5, r4b R4B, stu3 STU3;
    r5_r6_stu3: r5 R5, r6 R6, stu3 STU3;
    r6_stu3_r4: r6 R6, stu3 STU3, r4 R4;
    r6_stu3_r4b: r6 R6, stu3 STU3, r4b R4B;
    r6_stu3_r5: r6 R6, stu3 STU3, r5 R5;
    r6_r4_stu3: r6 R6, r4 R4, stu3 STU3;
    r6_r4b_stu3: r6 R6, r4b R4B, stu3 STU3;
    r6_r5_stu3: r6 R6, r5 R5, stu3 STU3;
);
