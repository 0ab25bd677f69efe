//! What every conversion keeps to, on generated studies. `PROPTEST_CASES` sets how many.

mod support;

use std::sync::LazyLock;

use imaging_study_convert::{
    Carry, Converted, Loss, LossKind, Options, ProcedureReference, Study, Unavailable, convert,
};
use imaging_study_core::generate::Profile;
use imaging_study_core::{FhirVersion, Json, Segment};
use imaging_study_dstu2 as dstu2;
use imaging_study_json::{Decoder, from_str, json_to_string, to_string};
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;
use proptest::prelude::*;
use support::cases::config;
use support::leaves::Leaves;
use support::shown::Shown;
use support::spec::{Spec, is_odd_uid};

static DSTU2: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::Dstu2));
static STU3: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::Stu3));
static R4: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::R4));
static R4B: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::R4B));
static R5: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::R5));
static R6: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::R6));
static R6_DRAFT: LazyLock<Spec> = LazyLock::new(|| Spec::load(FhirVersion::R6Draft));

fn tree<T: Study>(study: &T) -> Json {
    let text = to_string(study).expect("nothing is empty");
    Decoder::default()
        .decode_json(text.as_bytes())
        .expect("JSON")
}

fn to<A: Study, B: Study>(study: A) -> Converted<B> {
    convert(study, &Options::default()).expect("not strict")
}

/// How many elements of a document have comments.
fn count_comments(json: &Json) -> usize {
    match json {
        Json::Object(members) => members
            .iter()
            .map(|(name, value)| match name.as_str() {
                "fhir_comments" => 1,
                _ => count_comments(value),
            })
            .sum(),
        Json::Array(entries) => entries.iter().map(count_comments).sum(),
        _ => 0,
    }
}

/// Comments are no data, and the laws hold them aside.
fn without_comments<T: Study>(study: T) -> T {
    if T::VERSION != FhirVersion::Dstu2 {
        return study;
    }
    let mut json = tree(&study);
    support::leaves::strip_comments(&mut json);
    from_str(&json_to_string(&json)).expect("the study without comments")
}

/// Valid in, valid out; nothing lost; the way back gives the original.
fn laws<A: Study, B: Study>(study: A, from: &Spec, to_spec: &Spec) -> Result<(), TestCaseError> {
    let comments = count_comments(&tree(&study));
    let reported = to::<A, B>(study.clone()).losses;
    let reported = reported
        .iter()
        .filter(|loss| loss.kind == LossKind::Comment);
    prop_assert_eq!(reported.count(), comments);
    let study = without_comments(study);

    let before = tree(&study);
    let source = from.check(&before);
    prop_assert!(
        source.iter().all(|fault| is_odd_uid(fault)),
        "the generated study: {:?}",
        source
    );

    let converted = to::<A, B>(study.clone());
    let after = tree(&converted.value);
    prop_assert_eq!(
        to_spec.check_outcome(&after, &source),
        Vec::<String>::new(),
        "{}",
        json_to_string(&after)
    );

    let leaves = || Leaves::between(A::VERSION, B::VERSION);
    let (mut leaves_before, mut leaves_after) = (leaves(), leaves());
    leaves_before.add(&before);
    leaves_after.add(&after);
    for loss in &converted.losses {
        leaves_after.add(&loss.value);
    }
    prop_assert_eq!(leaves_before.missing_in(&leaves_after), None);

    let back = to::<B, A>(converted.value);
    prop_assert_eq!(
        json_to_string(&tree(&back.value)),
        json_to_string(&before),
        "through {}",
        json_to_string(&after)
    );
    prop_assert!(back.value == study);

    // A study that has been converted before converts to the same again.
    let again = to::<A, B>(back.value);
    prop_assert_eq!(json_to_string(&tree(&again.value)), json_to_string(&after));
    Ok(())
}

/// The way back gives the original also where other implementations' readings are asked for.
fn choices_law<A: Study, B: Study>(study: A) -> Result<(), TestCaseError> {
    let study = without_comments(study);
    let options = Options {
        procedure_reference: ProcedureReference::Procedure,
        unavailable: Unavailable::Cancelled,
        ..Options::default()
    };
    let there = convert::<A, B>(study.clone(), &options).expect("not strict");
    let back = convert::<B, A>(there.value, &options).expect("not strict");
    prop_assert!(back.value == study);
    Ok(())
}

/// How many carries of a version there are, outside one another, modifier extensions apart.
fn count_carries(json: &Json, version: FhirVersion) -> usize {
    match json {
        Json::Object(members) => {
            let number = version.number();
            let start = format!("http://hl7.org/fhir/{number}/StructureDefinition/extension-");
            match json.get("url").and_then(Json::as_str) {
                // What holds a value of a type that the version lacks carries no element.
                Some(url)
                    if url
                        .strip_prefix(&start)
                        .is_some_and(|path| path != "Extension.value") =>
                {
                    1
                }
                _ => members
                    .iter()
                    .map(|(name, value)| match value {
                        Json::Array(entries) if name == "modifierExtension" => {
                            let within = |entry: &Json| match entry.get("url") {
                                Some(Json::String(url)) if url.starts_with(&start) => 0,
                                _ => count_carries(entry, version),
                            };
                            entries.iter().map(within).sum()
                        }
                        value => count_carries(value, version),
                    })
                    .sum(),
            }
        }
        Json::Array(entries) => entries
            .iter()
            .map(|entry| count_carries(entry, version))
            .sum(),
        _ => 0,
    }
}

/// Without carries the result is valid too, and what stayed behind is reported, and nothing else.
fn uncarried_law<A: Study, B: Study>(
    study: A,
    from: &Spec,
    to_spec: &Spec,
) -> Result<(), TestCaseError> {
    let study = without_comments(study);
    let source = from.check(&tree(&study));
    let carried = tree(&to::<A, B>(study.clone()).value);
    let options = Options {
        carry: Carry::Nothing,
        ..Options::default()
    };
    let converted = convert::<A, B>(study.clone(), &options).expect("not strict");
    let after = tree(&converted.value);
    prop_assert_eq!(count_carries(&after, A::VERSION), 0);
    prop_assert_eq!(
        to_spec.check_outcome(&after, &source),
        Vec::<String>::new(),
        "{}",
        json_to_string(&after)
    );

    // The ids of what has nothing else left are reported one by one.
    let is_id = |segment: &Segment| *segment == Segment::Name("id".into());
    let left = |loss: &&Loss| {
        loss.kind == LossKind::NotCarried && !loss.path.segments().last().is_some_and(is_id)
    };
    let reported = converted.losses.iter().filter(left).count();
    // An extension of somebody else that held nothing but carries is reported as a whole.
    prop_assert!(reported <= count_carries(&carried, A::VERSION));
    let mut leaves_before = Leaves::between(A::VERSION, B::VERSION);
    // An element may be such a mark only now, since its id stayed behind.
    let mut leaves_after = Leaves::between(A::VERSION, B::VERSION).with_marks();
    leaves_before.add(&tree(&study));
    leaves_after.add(&after);
    for loss in &converted.losses {
        leaves_after.add(&loss.value);
    }
    prop_assert_eq!(leaves_before.missing_in(&leaves_after), None);
    Ok(())
}

/// The laws for studies of a version and each of the others.
macro_rules! pairs {
    ($($name:ident: $from:ident $from_spec:ident -> $to:ident $to_spec:ident),+ $(,)?) => {$(
        mod $name {
            use super::*;

            proptest! {
                #![proptest_config(config(150))]

                #[test]
                fn hostile(study in $from::strategy::imaging_study(Profile::Hostile).prop_map(Shown)) {
                    laws::<$from::ImagingStudy, $to::ImagingStudy>(study.0, &$from_spec, &$to_spec)?;
                }

                #[test]
                fn typical(study in $from::strategy::imaging_study(Profile::Typical).prop_map(Shown)) {
                    laws::<$from::ImagingStudy, $to::ImagingStudy>(study.0, &$from_spec, &$to_spec)?;
                }

                #[test]
                fn other_choices(study in $from::strategy::imaging_study(Profile::Hostile).prop_map(Shown)) {
                    choices_law::<$from::ImagingStudy, $to::ImagingStudy>(study.0)?;
                }

                #[test]
                fn without_carries(study in $from::strategy::imaging_study(Profile::Hostile).prop_map(Shown)) {
                    uncarried_law::<$from::ImagingStudy, $to::ImagingStudy>(study.0, &$from_spec, &$to_spec)?;
                }
            }
        }
    )+};
}
pairs!(
    dstu2_to_stu3: dstu2 DSTU2 -> stu3 STU3,
    dstu2_to_r4: dstu2 DSTU2 -> r4 R4,
    dstu2_to_r4b: dstu2 DSTU2 -> r4b R4B,
    dstu2_to_r5: dstu2 DSTU2 -> r5 R5,
    dstu2_to_r6_draft: dstu2 DSTU2 -> r6_draft R6_DRAFT,
    stu3_to_dstu2: stu3 STU3 -> dstu2 DSTU2,
    r4_to_dstu2: r4 R4 -> dstu2 DSTU2,
    r4b_to_dstu2: r4b R4B -> dstu2 DSTU2,
    r5_to_dstu2: r5 R5 -> dstu2 DSTU2,
    r6_draft_to_dstu2: r6_draft R6_DRAFT -> dstu2 DSTU2,
    stu3_to_r4: stu3 STU3 -> r4 R4,
    stu3_to_r4b: stu3 STU3 -> r4b R4B,
    stu3_to_r5: stu3 STU3 -> r5 R5,
    stu3_to_r6_draft: stu3 STU3 -> r6_draft R6_DRAFT,
    r4_to_r4b: r4 R4 -> r4b R4B,
    r4_to_r5: r4 R4 -> r5 R5,
    r4_to_r6_draft: r4 R4 -> r6_draft R6_DRAFT,
    r4_to_stu3: r4 R4 -> stu3 STU3,
    r4b_to_r4: r4b R4B -> r4 R4,
    r4b_to_r5: r4b R4B -> r5 R5,
    r4b_to_r6_draft: r4b R4B -> r6_draft R6_DRAFT,
    r4b_to_stu3: r4b R4B -> stu3 STU3,
    r5_to_r4: r5 R5 -> r4 R4,
    r5_to_r4b: r5 R5 -> r4b R4B,
    r5_to_r6_draft: r5 R5 -> r6_draft R6_DRAFT,
    r5_to_stu3: r5 R5 -> stu3 STU3,
    r6_draft_to_r4: r6_draft R6_DRAFT -> r4 R4,
    r6_draft_to_r4b: r6_draft R6_DRAFT -> r4b R4B,
    r6_draft_to_r5: r6_draft R6_DRAFT -> r5 R5,
    r6_draft_to_stu3: r6_draft R6_DRAFT -> stu3 STU3,
    dstu2_to_r6: dstu2 DSTU2 -> r6 R6,
    r6_to_dstu2: r6 R6 -> dstu2 DSTU2,
    stu3_to_r6: stu3 STU3 -> r6 R6,
    r6_to_stu3: r6 R6 -> stu3 STU3,
    r4_to_r6: r4 R4 -> r6 R6,
    r6_to_r4: r6 R6 -> r4 R4,
    r4b_to_r6: r4b R4B -> r6 R6,
    r6_to_r4b: r6 R6 -> r4b R4B,
    r5_to_r6: r5 R5 -> r6 R6,
    r6_to_r5: r6 R6 -> r5 R5,
    r6_draft_to_r6: r6_draft R6_DRAFT -> r6 R6,
    r6_to_r6_draft: r6 R6 -> r6_draft R6_DRAFT,
);
