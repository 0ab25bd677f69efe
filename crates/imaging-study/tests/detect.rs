//! Detection of the version by evidence.
#![cfg(feature = "json")]

use imaging_study::FhirVersion::{self, Dstu2, R4, R4B, R5, R6, R6Draft, Stu3};
use imaging_study::{Undecided, detect};

/// What comes out for a study with these members.
fn version(members: &str) -> Result<FhirVersion, Undecided> {
    let document = format!(r#"{{"resourceType": "ImagingStudy", {members}}}"#);
    detect(document.as_bytes())
        .expect("the document is JSON")
        .version()
}

fn candidates(members: &str) -> Vec<FhirVersion> {
    match version(members) {
        Err(Undecided::Ambiguous { candidates, .. }) => candidates,
        other => panic!("{members}: {other:?}"),
    }
}

#[test]
fn one_element_decides() {
    let cases = [
        (r#""order": []"#, Dstu2),
        (r#""url": "http://x.example""#, Dstu2),
        (r#""fhir_comments": ["a"]"#, Dstu2),
        (r#""interpreter": {"reference": "Practitioner/a"}"#, Dstu2),
        (r#""series": [{"url": "http://x.example"}]"#, Dstu2),
        (r#""series": [{"instance": [{"type": "image"}]}]"#, Dstu2),
        (r#""series": [{"instance": [{"content": []}]}]"#, Dstu2),
        (r#""context": {"reference": "Encounter/e"}"#, Stu3),
        (r#""reason": {"text": "fall"}"#, Stu3),
        (
            r#""procedureReference": [{"reference": "Procedure/p"}]"#,
            Stu3,
        ),
        (
            r#""series": [{"performer": [{"reference": "Practitioner/p"}]}]"#,
            Stu3,
        ),
        (r#""procedureReference": {"reference": "Procedure/p"}"#, R4),
        (r#""reasonCode": [{"text": "fall"}]"#, R4),
        (r#""reasonReference": [{"reference": "Condition/c"}]"#, R4),
        (r#""modality": [{"code": "CT"}]"#, R4),
        (r#""resourceDefinition": "http://x.example""#, R6),
    ];
    for (members, expected) in cases {
        assert_eq!(version(members), Ok(expected), "{members}");
    }
}

#[test]
fn elements_decide_together() {
    let cases = [
        (r#""patient": {}, "series": [{"endpoint": []}]"#, Stu3),
        (r#""procedureCode": [], "subject": {}"#, R4),
        (r#""interpreter": [], "status": "available""#, R4),
        (
            r#""subject": {}, "series": [{"modality": {"code": "CT"}}]"#,
            R4,
        ),
        (
            r#""partOf": [], "series": [{"instance": [{"sopClass": {}}]}]"#,
            R5,
        ),
        (
            r#""series": [{"modality": {"text": "CT"}, "instance": [{"sopClass": {}}]}]"#,
            R5,
        ),
        (
            r#""series": [{"bodySite": {"concept": {}}, "instance": [{"sopClass": {}}]}]"#,
            R5,
        ),
        (
            r#""subject": {}, "series": [{"instance": [{"sopClass": "urn:oid:1.2"}]}]"#,
            R6,
        ),
        (
            r#""subject": {}, "series": [{"instance": [{"_sopClass": {"id": "a"}}]}]"#,
            R6,
        ),
        (
            r#""patient": {}, "procedure": [{"reference": "Procedure/p"}]"#,
            Dstu2,
        ),
    ];
    for (members, expected) in cases {
        assert_eq!(version(members), Ok(expected), "{members}");
    }
}

#[test]
fn nothing_decides() {
    assert_eq!(candidates(r#""id": "x""#), FhirVersion::ALL);
    assert_eq!(candidates(r#""uid": "urn:oid:1.2""#), [Dstu2, Stu3]);
    assert_eq!(candidates(r#""_uid": {"id": "a"}"#), [Dstu2, Stu3]);
    assert_eq!(
        candidates(r#""status": "available""#),
        [R4, R4B, R5, R6Draft, R6]
    );
    assert_eq!(candidates(r#""partOf": []"#), [R5, R6Draft]);
    assert_eq!(
        version(r#""partOf": []"#)
            .expect_err("undecided")
            .to_string(),
        "the study fits R5 and R6 draft, and nothing in it tells them apart"
    );
}

#[test]
fn split_evidence_is_named() {
    let split = version(
        r#""status": "available", "note": [], "interpreter": [], "partOf": [], "subject": {}"#,
    );
    assert_eq!(
        split.expect_err("undecided").to_string(),
        "the study mixes elements of different versions: \
         ImagingStudy.partOf (R5 or R6 draft); ImagingStudy.interpreter (STU3, R4 or R4B)"
    );
}

#[test]
fn only_elements_of_the_study_itself_count() {
    let inside = r#""id": "x",
        "contained": [{"resourceType": "ImagingStudy", "uid": "urn:oid:1.2", "order": []}],
        "extension": [{"url": "order", "extension": [{"url": "context"}]}],
        "modifierExtension": [{"url": "u", "valueReference": {"reference": "Patient/p"}}],
        "meta": {"extension": [{"url": "partOf"}]},
        "identifier": [{"type": {"coding": [{"code": "x"}]}}],
        "series": [{"contained": [{"url": 1}], "extension": [{"url": "specimen"}]}]"#;
    assert_eq!(candidates(inside), FhirVersion::ALL);
}

#[test]
fn a_study_says_that_it_is_r4b() {
    let profile = |version: &str| {
        format!(
            r#""meta": {{"profile": ["x", "http://hl7.org/fhir/StructureDefinition/ImagingStudy|{version}"]}}"#
        )
    };
    let r4b = profile("4.3.0");
    assert_eq!(version(&format!(r#"{r4b}, "reasonCode": []"#)), Ok(R4B));
    let r4 = profile("4.0.1");
    assert_eq!(version(&format!(r#"{r4}, "reasonCode": []"#)), Ok(R4));
    // A conversion keeps the profile, so it says nothing against other elements.
    assert_eq!(
        candidates(&format!(r#"{r4b}, "partOf": []"#)),
        [R5, R6Draft]
    );
}

#[test]
fn r6_and_its_draft_are_told_apart() {
    let r6 = [
        r#""subject": {}, "procedure": [{"reference": "Procedure/p"}]"#,
        r#""procedure": [{"identifier": {}}]"#,
        r#""series": [{"instance": [{"numberOfFrames": 2}]}]"#,
        r#""series": [{"bodySite": [{"concept": {}}]}]"#,
        r#""status": "inactive""#,
        r#""status": "inactive", "series": [{"instance": [{"sopClass": "urn:oid:1.2"}]}]"#,
        // Where both fit, R6 is said.
        r#""subject": {}, "series": [{"instance": [{"sopClass": "urn:oid:1.2"}]}]"#,
    ];
    for members in r6 {
        assert_eq!(version(members), Ok(R6), "{members}");
    }
    let oid = r#"{"instance": [{"sopClass": "urn:oid:1.2"}], "laterality": {"text": "left"}}"#;
    let draft = [
        r#""partOf": [], "series": [{"instance": [{"sopClass": "urn:oid:1.2"}]}]"#.to_owned(),
        format!(r#""subject": {{}}, "series": [{oid}]"#),
        r#""procedure": [{"concept": {}}], "series": [{"instance": [{"sopClass": "urn:oid:1.2"}]}]"#
            .to_owned(),
    ];
    for members in draft {
        assert_eq!(version(&members), Ok(R6Draft), "{members}");
    }
    let mixed = version(r#""partOf": [], "series": [{"instance": [{"numberOfFrames": 2}]}]"#);
    assert_eq!(
        mixed.expect_err("undecided").to_string(),
        "the study mixes elements of different versions: \
         ImagingStudy.series.instance.numberOfFrames (R6); ImagingStudy.partOf (R5 or R6 draft)"
    );
    // A code alone does not speak against elements.
    assert_eq!(version(r#""status": "inactive", "reasonCode": []"#), Ok(R4));
}

#[test]
fn what_is_no_study_has_no_version() {
    for document in [
        r#"{"resourceType": "Patient", "contact": []}"#,
        r#"{"uid": "urn:oid:1.2"}"#,
        r#"{"resourceType": "ImagingStudy", "resourceType": "Patient"}"#,
        "[]",
        r#"[{"resourceType": "ImagingStudy", "reasonCode": []}]"#,
        "1",
    ] {
        let detection = detect(document.as_bytes()).expect("the document is JSON");
        assert_eq!(detection.version(), Err(Undecided::NotAStudy), "{document}");
        assert!(detection.candidates.is_empty());
    }
    assert!(detect(b"{").is_err());
}

#[test]
fn evidence_comes_in_the_order_of_the_input_and_once() {
    let detection = detect(
        br#"{"series": [{"instance": [{"sopClass": {}}, {"sopClass": {}}]}],
             "subject": {}, "resourceType": "ImagingStudy"}"#,
    )
    .expect("the document is JSON");
    let paths: Vec<_> = detection
        .evidence
        .iter()
        .map(|evidence| evidence.path)
        .collect();
    assert_eq!(
        paths,
        [
            "ImagingStudy.series.instance.sopClass",
            "ImagingStudy.subject"
        ]
    );
    assert_eq!(detection.candidates, [R4, R4B, R5]);
}

#[test]
fn types_of_values_decide_too() {
    let extension = |value: &str| format!(r#""extension": [{{"url": "u", {value}}}]"#);
    let r4b = r#""valueCodeableReference": {"concept": {"text": "t"}}"#;
    let cases = [
        (format!(r#""reasonCode": [], {}"#, extension(r4b)), R4B),
        (
            format!(
                r#""reasonCode": [], "series": [{{"modality": {{{}}}}}]"#,
                extension(r4b)
            ),
            R4B,
        ),
        (
            format!(
                r#""procedureCode": [], "_status": {{{}}}"#,
                extension(r#""extension": [{"url": "r", "valueRatioRange": {}}]"#)
            ),
            R4B,
        ),
        (
            format!(r#""reasonCode": [], {}"#, extension(r#""valueMeta": {}"#)),
            R4,
        ),
        (
            format!(
                r#""uid": "urn:oid:1.2", {}"#,
                extension(r#""valueAge": {}"#)
            ),
            Stu3,
        ),
        (
            format!(
                r#""partOf": [], "series": [{{"instance": [{{"sopClass": {{}}, {}}}]}}]"#,
                extension(r#""_valueInteger64": {"id": "a"}"#)
            ),
            R5,
        ),
    ];
    for (members, expected) in &cases {
        assert_eq!(version(members), Ok(*expected), "{members}");
    }
    let later = extension(r#""valueVirtualServiceDetail": {}"#);
    assert_eq!(version(&later), Ok(R6));
    // What is contained may be of another version.
    let contained = format!(r#""contained": [{{{}}}], "reasonCode": []"#, extension(r4b));
    assert_eq!(version(&contained), Ok(R4));
    // `value` counts in extensions alone.
    let elsewhere = r#""identifier": [{"valueUrl": "x"}]"#;
    assert_eq!(candidates(elsewhere), FhirVersion::ALL);
}
