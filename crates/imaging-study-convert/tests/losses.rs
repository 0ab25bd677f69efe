//! What a loss says: where the value stood in the source, by the names of the source.

use imaging_study_convert::{Options, Study, convert};
use imaging_study_core::ElementRef;
use imaging_study_json::from_str;
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;
use imaging_study_stu3 as stu3;

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
        paths::<r5::ImagingStudy, r4::ImagingStudy>(&study)[0],
        part_of
    );
    assert_eq!(
        paths::<r5::ImagingStudy, stu3::ImagingStudy>(&study)[0],
        part_of
    );
}
