//! What is written can be read again, or is refused by name.

use imaging_study_json as json;
use imaging_study_r4 as r4;
use imaging_study_xml::{from_str, to_string};

/// Contained texts are those of any JSON.
#[test]
fn control_characters_in_contained_resources_are_named() {
    for (character, escape) in [
        ('\u{1}', "\\u0001"),
        ('\u{1F}', "\\u001f"),
        ('\u{FFFE}', "\u{FFFE}"),
    ] {
        let text = format!(
            r#"{{"resourceType":"ImagingStudy","contained":[{{"resourceType":"Patient","gender":"a{escape}"}}]}}"#
        );
        let study: r4::ImagingStudy = json::from_str(&text).expect("JSON");
        let error = to_string(&study).expect_err("no character of XML");
        assert_eq!(
            error.to_string(),
            "a character that XML does not allow at ImagingStudy.contained[0].gender",
            "{character:?}"
        );
    }
}

/// What is written can be read: the writer adds to a `div`, and an element is around it.
#[test]
fn narrative_at_the_limits_is_read_again_or_refused() {
    let declarations = |count: usize| -> String {
        (0..count)
            .map(|index| format!(" xmlns:a{index}='urn:{index}'"))
            .collect()
    };
    let attributes =
        |count: usize| -> String { (0..count).map(|index| format!(" a{index}=''")).collect() };
    let mut written = 0;
    for count in (10..20).chain(250..260) {
        for (xmlns, rest) in [
            (" xmlns='http://www.w3.org/1999/xhtml'", declarations(count)),
            ("", declarations(count)),
            (" xmlns='http://www.w3.org/1999/xhtml'", attributes(count)),
            ("", attributes(count)),
        ] {
            let text = r4::Narrative {
                div: format!("<div{xmlns}{rest}/>").parse().expect("text"),
                ..Default::default()
            };
            let study = r4::ImagingStudy {
                text: Some(text),
                ..Default::default()
            };
            if let Ok(text) = to_string(&study) {
                written += 1;
                assert_eq!(
                    from_str::<r4::ImagingStudy>(&text).expect("readable"),
                    study
                );
            }
        }
    }
    assert!(written > 20, "{written}");
}

/// Names without a prefix in a prefixed `div` stay in the namespace of the document.
#[test]
fn names_beside_a_prefix_keep_their_namespace() {
    let text = "<ImagingStudy xmlns=\"http://hl7.org/fhir\" xmlns:h=\"http://www.w3.org/1999/xhtml\">\
                <text><h:div><h:p/><x/></h:div></text></ImagingStudy>";
    let study: r4::ImagingStudy = from_str(text).expect("well-formed");
    let div = study.text.as_ref().and_then(|text| text.div.value.as_ref());
    assert_eq!(
        div.map(|div| div.as_str()),
        Some(
            "<h:div xmlns=\"http://hl7.org/fhir\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:p/><x/></h:div>"
        )
    );
    let written = to_string(&study).expect("writable");
    assert_eq!(
        from_str::<r4::ImagingStudy>(&written).expect("readable"),
        study
    );
}
