//! Elements that a version does not define: kept and reported where that is asked for.

use imaging_study_core::Json;
use imaging_study_json::{Decoder, ReadErrorKind, UnknownElements, json_to_string, to_string};
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;

fn keeping() -> Decoder {
    let mut decoder = Decoder::default();
    decoder.unknown = UnknownElements::Keep;
    decoder
}

#[test]
fn unknown_elements_are_kept_with_their_paths() {
    let text = r#"{
        "a": null, "resourceType": "ImagingStudy", "_b": {"id": "x"}, "status": "available",
        "text": {"status": "generated", "div": "<div/>", "style": "bold"},
        "_status": {"id": "s", "colour": "red"},
        "meta": {"profile": ["p", null], "_profile": [null, {"id": "q", "note": [1.0]}]},
        "extension": [{"url": "e", "valuePeriod": {"start": "2024", "length": 1E2}}],
        "series": [
            {"uid": "1.2"},
            {"uid": "1.3", "instance": [{"uid": "1.3.1"}, {"Deep Name": {"z": [], "a": {}}, "uid": "1.3.2"}], "c": ""}
        ],
        "procedure": [{"concept": {"text": "CT"}}]
    }"#;
    let decoded = keeping()
        .decode_str::<r4::ImagingStudy>(text)
        .expect("readable");
    let found: Vec<_> = decoded
        .unknown
        .iter()
        .map(|element| {
            (
                element.path.to_string(),
                element.name.as_str(),
                element.value.as_json().map(json_to_string),
            )
        })
        .collect();
    let expected = [
        ("ImagingStudy.a", "a", "null"),
        ("ImagingStudy._b", "_b", r#"{"id":"x"}"#),
        ("ImagingStudy.text.style", "style", r#""bold""#),
        ("ImagingStudy.status.colour", "colour", r#""red""#),
        ("ImagingStudy.meta.profile[1].note", "note", "[1.0]"),
        ("ImagingStudy.extension[0].value.length", "length", "1E2"),
        (
            "ImagingStudy.series[1].instance[1].Deep Name",
            "Deep Name",
            r#"{"z":[],"a":{}}"#,
        ),
        ("ImagingStudy.series[1].c", "c", r#""""#),
        (
            "ImagingStudy.procedure",
            "procedure",
            r#"[{"concept":{"text":"CT"}}]"#,
        ),
    ];
    assert_eq!(
        found
            .iter()
            .map(|(path, name, value)| (path.as_str(), *name, value.as_deref().unwrap_or_default()))
            .collect::<Vec<_>>(),
        expected
    );

    // What is known was read as if the rest had not been there.
    assert_eq!(
        to_string(&decoded.value).expect("no empty elements"),
        concat!(
            r#"{"resourceType":"ImagingStudy","meta":{"profile":["p",null],"_profile":[null,{"id":"q"}]},"#,
            r#""text":{"status":"generated","div":"<div/>"},"#,
            r#""extension":[{"url":"e","valuePeriod":{"start":"2024"}}],"status":"available","_status":{"id":"s"},"#,
            r#""series":[{"uid":"1.2"},{"uid":"1.3","instance":[{"uid":"1.3.1"},{"uid":"1.3.2"}]}]}"#
        )
    );
}

#[test]
fn nothing_is_reported_of_a_study_without_unknown_elements() {
    let text = r#"{"resourceType":"ImagingStudy","contained":[{"resourceType":"Patient","x":1}]}"#;
    let decoded = keeping()
        .decode_str::<r5::ImagingStudy>(text)
        .expect("readable");
    assert!(
        decoded.unknown.is_empty(),
        "a contained resource may hold anything"
    );
}

#[test]
fn duplicates_among_unknown_elements_are_refused() {
    for (text, path) in [
        (
            r#"{"resourceType":"ImagingStudy","a":1,"a":2}"#,
            "ImagingStudy.a",
        ),
        (
            r#"{"resourceType":"ImagingStudy","a":1,"b":1,"\u0061":2}"#,
            "ImagingStudy.a",
        ),
        (
            r#"{"resourceType":"ImagingStudy","series":[{"a":1,"uid":"1","a":2}]}"#,
            "ImagingStudy.series[0].a",
        ),
        (
            r#"{"resourceType":"ImagingStudy","a":1,"series":[{"a":1}],"a":2}"#,
            "ImagingStudy.a",
        ),
        (
            r#"{"resourceType":"ImagingStudy","a":{"b":1,"b":2}}"#,
            "ImagingStudy.a.b",
        ),
    ] {
        let error = keeping()
            .decode_str::<r4::ImagingStudy>(text)
            .expect_err("a duplicate");
        assert!(
            matches!(error.kind(), ReadErrorKind::DuplicateMember),
            "{text}: {error}"
        );
        assert_eq!(error.path().to_string(), path);
    }
    // Many of them, with the duplicate at the end.
    let many: String = (0..100).map(|index| format!(r#""x{index}":1,"#)).collect();
    let text = format!(r#"{{"resourceType":"ImagingStudy",{many}"x3":2}}"#);
    let error = keeping()
        .decode_str::<r4::ImagingStudy>(&text)
        .expect_err("a duplicate");
    assert_eq!(error.path().to_string(), "ImagingStudy.x3");
}

#[test]
fn the_same_name_in_another_object_is_no_duplicate() {
    let text = r#"{"resourceType":"ImagingStudy","a":1,"series":[{"a":1},{"a":2,"instance":[{"a":3}]}],"text":{"a":4}}"#;
    // The text and the first series hold nothing that is known, but they are not empty.
    let decoded = keeping()
        .decode_str::<r4::ImagingStudy>(text)
        .expect("readable");
    let paths: Vec<_> = decoded
        .unknown
        .iter()
        .map(|element| element.path.to_string())
        .collect();
    assert_eq!(
        paths,
        [
            "ImagingStudy.a",
            "ImagingStudy.series[0].a",
            "ImagingStudy.series[1].a",
            "ImagingStudy.series[1].instance[0].a",
            "ImagingStudy.text.a"
        ]
    );
}

#[test]
fn what_is_wrong_besides_is_still_refused() {
    for text in [
        r#"{"resourceType":"ImagingStudy","a":01}"#,
        r#"{"resourceType":"ImagingStudy","a":"\ud800"}"#,
        r#"{"resourceType":"ImagingStudy","a":[1,]}"#,
        r#"{"resourceType":"ImagingStudy","a":1,"series":[]}"#,
        r#"{"resourceType":"ImagingStudy","_series":[{"id":"x"}]}"#,
        r#"{"a":1}"#,
    ] {
        keeping()
            .decode_str::<r4::ImagingStudy>(text)
            .expect_err(text);
    }
}

#[test]
fn a_study_of_the_other_version_keeps_what_it_says() {
    let text = r#"{"resourceType":"ImagingStudy","partOf":[{"reference":"Procedure/p"}],"modality":[{"coding":[{"code":"CT"}]}]}"#;
    let decoded = keeping()
        .decode_str::<r4::ImagingStudy>(text)
        .expect("readable");
    let names: Vec<_> = decoded
        .unknown
        .iter()
        .map(|element| element.path.to_string())
        .collect();
    assert_eq!(
        names,
        ["ImagingStudy.partOf", "ImagingStudy.modality[0].coding"]
    );
    assert!(
        matches!(decoded.unknown[0].value.as_json(), Some(Json::Array(entries)) if entries.len() == 1)
    );
}
