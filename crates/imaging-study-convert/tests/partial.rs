//! What conversions keep to with studies that can be read and are not valid, on generated ones.
//! `PROPTEST_CASES` sets how many.

mod support;

use std::sync::LazyLock;

use imaging_study_any as versions;
use imaging_study_convert::{Carry, Loss, LossKind, Options, Study, convert};
use imaging_study_core::generate::Profile;
use imaging_study_core::{FhirVersion, Json, from_json, to_json};
use imaging_study_json::json_to_string;
use proptest::collection::vec;
use proptest::prelude::*;
use support::cases::config;
use support::differences::{differences, is_reported};
use support::leaves::strip_comments;
use support::pairs::for_each_pair;
use support::shown::Shown;
use support::spec::Spec;
use support::stray_codes;

fn spec(version: FhirVersion) -> &'static Spec {
    static SPECS: LazyLock<Vec<(FhirVersion, Spec)>> = LazyLock::new(|| {
        let spec = |version| (version, Spec::load(version));
        FhirVersion::ALL.into_iter().map(spec).collect()
    });
    let spec = SPECS.iter().find(|(own, _)| *own == version);
    &spec.expect("every version has a table").1
}

/// The tree of a study without comments, which are no data.
fn tree<T: Study>(study: &T) -> Json {
    let mut json = to_json(study).expect("nothing is empty");
    strip_comments(&mut json);
    json
}

fn shown(losses: &[Loss]) -> Vec<String> {
    let losses = losses.iter();
    losses
        .map(|loss| format!("{} {}", loss.kind.name(), loss.path))
        .collect()
}

/// Whatever a reader takes, what is written can be read, and the way back gives the original or the
/// conversion has said where it does not.
fn partial_law<A: Study, B: Study>(study: A) -> Result<(), TestCaseError> {
    let before = tree(&study);
    let study: A = from_json(&before).expect("what was generated can be read");
    let there = convert::<A, B>(study, &Options::default()).expect("not strict");
    let after = tree(&there.value);
    let read = from_json::<B>(&after);
    prop_assert!(
        read.is_ok(),
        "{:?} of {}",
        read.err(),
        json_to_string(&after)
    );
    let back = convert::<B, A>(there.value, &Options::default()).expect("not strict");
    let back = tree(&back.value);
    let silent: Vec<_> = differences(&before, &back)
        .into_iter()
        .filter(|place| !is_reported(place, &there.losses))
        .collect();
    prop_assert!(
        silent.is_empty(),
        "{:?} through {} is {} with {:?}",
        silent,
        json_to_string(&after),
        json_to_string(&back),
        shown(&there.losses)
    );
    // And nothing is reported that comes back.
    if before == back {
        let of_trial =
            |loss: &&Loss| matches!(loss.kind, LossKind::NotRestored | LossKind::RequiredMissing);
        prop_assert_eq!(there.losses.iter().filter(of_trial).count(), 0);
    }
    Ok(())
}

/// A series of DSTU2 with nothing but the mark of a count that nobody knows is no valid one; it can
/// be converted, and its way back is told.
#[test]
fn a_series_that_is_only_a_mark() {
    use imaging_study_json::from_str;
    let text = r#"{"resourceType":"ImagingStudy","uid":"urn:oid:1.2.3","numberOfSeries":1,"numberOfInstances":1,"patient":{"reference":"Patient/1"},"series":[{"_numberOfInstances":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unsupported"}]}}]}"#;
    let study: versions::dstu2::ImagingStudy = from_str(text).expect("a study");
    partial_law::<_, versions::stu3::ImagingStudy>(study.clone()).expect("kept");
    partial_law::<_, versions::r4::ImagingStudy>(study.clone()).expect("kept");
    partial_law::<_, versions::r4b::ImagingStudy>(study.clone()).expect("kept");
    partial_law::<_, versions::r5::ImagingStudy>(study.clone()).expect("kept");
    partial_law::<_, versions::r6::ImagingStudy>(study).expect("kept");
}

/// No code outside a required binding of the target is written, and every one comes back.
fn code_law<A: Study, B: Study>(study: A, choices: Vec<u32>) -> Result<(), TestCaseError> {
    let mut before = tree(&study);
    stray_codes::put(&mut before, A::info(), &mut choices.into_iter());
    // The draft and R6 share the URL of a carried status: `inactive` is that of R6, and never
    // written in the draft again.
    if A::VERSION == FhirVersion::R6Draft
        && let Json::Object(members) = &mut before
    {
        let status = members.iter_mut().find(|(name, _)| name == "status");
        if let Some((_, code)) = status.filter(|(_, code)| code.as_str() == Some("inactive")) {
            *code = Json::String("x-1".into());
        }
    }
    let study: A = from_json(&before).expect("a code is a code");
    let source = spec(A::VERSION).check(&before);
    let there = convert::<A, B>(study.clone(), &Options::default()).expect("not strict");
    let after = tree(&there.value);
    prop_assert_eq!(
        spec(B::VERSION).check_outcome(&after, &source),
        Vec::<String>::new(),
        "{} from {}",
        json_to_string(&after),
        json_to_string(&before)
    );
    let back = convert::<B, A>(there.value, &Options::default()).expect("not strict");
    prop_assert_eq!(
        json_to_string(&tree(&back.value)),
        json_to_string(&before),
        "through {}",
        json_to_string(&after)
    );

    let options = Options {
        carry: Carry::Nothing,
        ..Options::default()
    };
    let bare = convert::<A, B>(study, &options).expect("not strict");
    let bare = tree(&bare.value);
    prop_assert_eq!(
        spec(B::VERSION).check_outcome(&bare, &source),
        Vec::<String>::new(),
        "{} from {}",
        json_to_string(&bare),
        json_to_string(&before)
    );
    Ok(())
}

/// The laws for studies of a version and each of the others.
macro_rules! pairs {
    ($($from:ident: $($to:ident)+;)+) => {$(
        mod $from {
            $(
                mod $to {
                    use super::super::*;

                    type A = versions::$from::ImagingStudy;
                    type B = versions::$to::ImagingStudy;

                    proptest! {
                        #![proptest_config(config(30))]

                        #[test]
                        fn partial(
                            study in versions::$from::strategy::imaging_study(Profile::Partial).prop_map(Shown)
                        ) {
                            partial_law::<A, B>(study.0)?;
                        }

                        #[test]
                        fn codes(
                            study in versions::$from::strategy::imaging_study(Profile::Hostile).prop_map(Shown),
                            choices in vec(any::<u32>(), 0..60)
                        ) {
                            code_law::<A, B>(study.0, choices)?;
                        }
                    }
                }
            )+
        }
    )+};
}
for_each_pair!(pairs);
