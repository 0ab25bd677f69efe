//! What a loss says: where the value stood in the source, by the names of the source.

mod support;

use imaging_study_any as versions;
use imaging_study_convert::{Loss, LossKind, Options, Study, convert};
use imaging_study_core::generate::Profile;
use imaging_study_core::{Element, ElementPath, ElementRef, Segment, from_json, to_json};
use imaging_study_json::from_str;
use proptest::collection::vec;
use proptest::prelude::*;
use support::cases::config;
use support::pairs::for_each_pair;
use support::stray_codes;

/// A reference with a moment that somebody has edited since its carry was written.
const EDITED: &str = r#"{"reference":"Procedure/7","identifier":{"period":{
    "start":"2019-04-01T00:00:00Z",
    "_start":{"extension":[{
        "url":"http://hl7.org/fhir/4.0/StructureDefinition/extension-dateTime.value",
        "valueString":"2018-04-01T00:00:00.12345678901Z"}]}}}}"#;

fn paths<A: Study, B: Study>(study: &str) -> Vec<String> {
    let study: A = from_str(study).expect("a study");
    let losses = convert::<A, B>(study.clone(), &Options::default())
        .expect("not strict")
        .losses;
    for loss in &losses {
        let found = ElementRef::new(&study).resolve(&loss.path);
        assert!(found.is_some(), "{} is not in the source", loss.path);
    }
    losses.iter().map(|loss| loss.path.to_string()).collect()
}

#[test]
fn an_element_of_another_name_is_named_as_in_the_source() {
    let study = format!(
        r#"{{"resourceType":"ImagingStudy","status":"available","subject":{{"reference":"Patient/1"}},
            "partOf":[{EDITED}]}}"#
    );
    let inner = "identifier.period.start.extension";
    let part_of = format!("ImagingStudy.partOf[0].{inner}");
    assert_eq!(
        paths::<versions::r5::ImagingStudy, versions::r4::ImagingStudy>(&study)[0],
        part_of
    );
    assert_eq!(
        paths::<versions::r5::ImagingStudy, versions::stu3::ImagingStudy>(&study)[0],
        part_of
    );
}

/// The path up to a contained resource, in which the view does not look.
fn seen(path: &ElementPath) -> ElementPath {
    let mut segments = Vec::new();
    let mut inside = false;
    for segment in path.segments() {
        if inside && matches!(segment, Segment::Name(_)) {
            break;
        }
        inside |= *segment == Segment::Name("contained".into());
        segments.push(segment.clone());
    }
    ElementPath::from_iter(segments)
}

/// Whether a note is about a code inside an element that travels whole in an extension: it is named by
/// where it stands there. Of nothing else is that so.
fn travels(loss: &Loss) -> bool {
    let extension = Segment::Name("extension".into());
    let mut segments = loss.path.segments();
    loss.kind == LossKind::ApproximateCode && segments.any(|segment| *segment == extension)
}

/// Every loss and note is at a place that the source has.
fn places<A: Study, B: Study>(study: &A) -> Result<(), TestCaseError> {
    let converted = convert::<A, B>(study.clone(), &Options::default()).expect("not strict");
    for loss in &converted.losses {
        let segments: Vec<_> = loss.path.segments().collect();
        // Whatever stands in itself stands in a list, but for the text of a reference.
        let reference = Segment::Name("reference".into());
        prop_assert!(
            segments
                .windows(2)
                .all(|pair| pair[0] != pair[1] || *pair[0] == reference),
            "a name stands twice in {} of {:?}",
            loss.path,
            loss.kind
        );
    }
    for loss in converted.losses.iter().filter(|loss| !travels(loss)) {
        let found = ElementRef::new(study).resolve(&seen(&loss.path));
        prop_assert!(
            found.is_some(),
            "{} of {:?} is not in the source of {} to {}: {:?}",
            loss.path,
            loss.kind,
            A::VERSION,
            B::VERSION,
            study
        );
    }
    Ok(())
}

macro_rules! pairs {
    ($($from:ident: $($to:ident)+;)+) => {$(
        mod $from {
            use super::*;

            $(proptest! {
                #![proptest_config(config(40))]

                #[test]
                fn $to(
                    study in versions::$from::strategy::imaging_study(Profile::Hostile),
                    choices in vec(any::<u32>(), 0..60)
                ) {
                    type A = versions::$from::ImagingStudy;
                    type B = versions::$to::ImagingStudy;
                    places::<A, B>(&study)?;
                    // With codes that no binding has, too.
                    let mut json = to_json(&study).expect("nothing is empty");
                    stray_codes::put(&mut json, A::info(), &mut choices.into_iter());
                    let study: A = from_json(&json).expect("a code is a code");
                    places::<A, B>(&study)?;
                }
            })+
        }
    )+};
}
for_each_pair!(pairs);
