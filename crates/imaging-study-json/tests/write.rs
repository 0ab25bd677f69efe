//! What the writer must refuse or spell in another way, as JSON cannot say it.

use imaging_study_core::{
    Integer, Primitive as AnyPrimitive, PrimitiveElement, from_json, to_json,
};
use imaging_study_json::{
    Decoder, from_str, json_to_string, to_string, to_string_pretty, to_vec, to_writer,
};
use imaging_study_r5::{
    CodeableConcept, Extension, ExtensionValue, HumanName, ImagingStudy, ImagingStudySeries,
    Primitive, Reference,
};

fn extension(value: ExtensionValue) -> ImagingStudy {
    let extension = Extension {
        url: Some("https://ward.example.org/e".parse().expect("a URI")),
        value: Some(value),
        ..Default::default()
    };
    ImagingStudy {
        extension: vec![extension],
        ..Default::default()
    }
}

#[test]
fn a_plus_sign_is_left_out() {
    let number: Integer = "+5".parse().expect("R5 allows a plus sign");
    let study = extension(ExtensionValue::Integer(number.into()));
    let text = to_string(&study).expect("no empty elements");
    assert!(text.contains(r#""valueInteger":5}"#), "{text}");
    assert_eq!(
        serde_json::to_string(&study).expect("no empty elements"),
        text
    );
    from_str::<ImagingStudy>(&text).expect("readable");
}

/// A list `_x` is read with a list `x` of nulls, and without one, as earlier writers left it; it is
/// written with one.
#[test]
fn a_list_without_values_is_nulls() {
    let written = r#"{"resourceType":"ImagingStudy","meta":{"profile":[null,null],"_profile":[{"id":"a"},{"id":"b"}]}}"#;
    let alone = written.replace(r#""profile":[null,null],"#, "");
    let behind = r#"{"resourceType":"ImagingStudy","meta":{"_profile":[{"id":"a"},{"id":"b"}],"profile":[null,null]}}"#;
    let study: ImagingStudy = from_str(written).expect("readable");
    for text in [written, &alone, behind] {
        assert_eq!(from_str::<ImagingStudy>(text).expect("readable"), study);
        assert_eq!(
            serde_json::from_str::<ImagingStudy>(text).expect("readable"),
            study
        );
        let tree = Decoder::default()
            .decode_json(text.as_bytes())
            .expect("JSON");
        assert_eq!(from_json::<ImagingStudy>(&tree).expect("readable"), study);
    }
    let tree = to_json(&study).expect("no empty elements");
    assert_eq!(to_string(&study).expect("no empty elements"), written);
    assert_eq!(json_to_string(&tree), written);
    assert_eq!(
        serde_json::to_string(&study).expect("no empty elements"),
        written
    );
    // Lists of different length, and entries without anything, are no study.
    for broken in [
        written.replace("[null,null]", "[null]"),
        written.replace("[null,null]", "[null,null,null]"),
        written.replace("[null,null]", "[]"),
        written.replace(r#"{"id":"b"}"#, "null"),
        alone.replace(r#"{"id":"b"}"#, "null"),
        written.replace(r#","_profile":[{"id":"a"},{"id":"b"}]"#, ""),
    ] {
        assert_ne!(broken, written);
        from_str::<ImagingStudy>(&broken).expect_err(&broken);
        serde_json::from_str::<ImagingStudy>(&broken).expect_err(&broken);
        let tree = Decoder::default()
            .decode_json(broken.as_bytes())
            .expect("JSON");
        from_json::<ImagingStudy>(&tree).expect_err(&broken);
    }
}

#[test]
fn empty_elements_are_named_and_nothing_is_written() {
    let empty_entry = HumanName {
        given: vec!["Ada".parse().expect("a string"), Primitive::default()],
        ..Default::default()
    };
    let cases: [(ImagingStudy, &str); 5] = [
        (
            ImagingStudy {
                subject: Some(Reference::default()),
                ..Default::default()
            },
            "ImagingStudy.subject",
        ),
        (
            ImagingStudy {
                series: vec![
                    ImagingStudySeries {
                        number: "1".parse().expect("a number"),
                        ..Default::default()
                    },
                    ImagingStudySeries::default(),
                ],
                ..Default::default()
            },
            "ImagingStudy.series[1]",
        ),
        (
            ImagingStudy {
                modality: vec![CodeableConcept {
                    coding: vec![Default::default()],
                    ..Default::default()
                }],
                ..Default::default()
            },
            "ImagingStudy.modality[0].coding[0]",
        ),
        (
            extension(ExtensionValue::HumanName(Box::new(empty_entry))),
            "ImagingStudy.extension[0].valueHumanName.given[1]",
        ),
        (
            extension(ExtensionValue::Period(Box::default())),
            "ImagingStudy.extension[0].valuePeriod",
        ),
    ];
    for (study, path) in cases {
        let error = to_string(&study).expect_err(path);
        assert_eq!(error.to_string(), format!("empty element at {path}"));
        to_string_pretty(&study).expect_err(path);
        to_vec(&study).expect_err(path);
        serde_json::to_string(&study).expect_err(path);
        let mut output = Vec::new();
        to_writer(&mut output, &study).expect_err(path);
        assert!(output.is_empty(), "half a study at {path}");
    }
}

#[test]
fn an_empty_box_for_extensions_is_not_written() {
    let study = ImagingStudy {
        status: AnyPrimitive {
            value: Some("available".parse().expect("a code")),
            element: Some(Box::new(PrimitiveElement::default())),
        },
        ..Default::default()
    };
    let text = to_string(&study).expect("no empty elements");
    assert_eq!(
        text,
        r#"{"resourceType":"ImagingStudy","status":"available"}"#
    );
    assert_eq!(
        serde_json::to_string(&study).expect("no empty elements"),
        text
    );
}

#[test]
fn an_output_that_fails_is_reported() {
    let mut output = [0_u8; 10];
    let error = to_writer(&mut output[..], &ImagingStudy::default()).expect_err("too small");
    assert!(error.to_string().starts_with("output failed: "), "{error}");
}
