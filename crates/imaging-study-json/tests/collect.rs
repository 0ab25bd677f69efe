//! Every error of a document at once. `PROPTEST_CASES` sets how many random studies there are.

use imaging_study_core::generate::Profile;
use imaging_study_core::{Collected, Json, to_json};
use imaging_study_json::{Decoder, ReadErrorKind, from_slice, json_to_string};
use imaging_study_r4::ImagingStudy;
use imaging_study_r4::strategy::imaging_study;
use proptest::prelude::*;

fn collect(text: &str) -> Collected<ImagingStudy> {
    Decoder::default().collect_slice(text.as_bytes())
}

/// Each error as `line:column path: message`.
fn shown(collected: &Collected<ImagingStudy>) -> Vec<String> {
    let errors = collected.errors.iter();
    errors
        .map(|error| {
            let at = error.position();
            format!(
                "{}:{} {}: {}",
                at.line,
                at.column,
                error.path(),
                error.message()
            )
        })
        .collect()
}

#[test]
fn each_error_has_its_place_and_what_stands_beside_it_is_read() {
    let collected = collect(
        r#"{"resourceType": "ImagingStudy", "status": ["available"],
 "identifier": [{"value": 7, "system": "urn:dicom:uid"}, "x", {"value": "A-1"}],
 "started": "yesterday", "colour": "red", "status": "available",
 "series": [{"uid": "1.2", "number": -1, "_instance": [], "modality": {}}],
 "_description": {"extension": [{"url": "http://a.b", "valueInteger": 1.5, "valueString": "x"}]}}"#,
    );
    assert_eq!(
        shown(&collected),
        [
            "1:44 ImagingStudy.status: expected a code without leading, trailing or doubled white space, found an array",
            "2:27 ImagingStudy.identifier[0].value: expected text without control characters, found a number",
            "2:58 ImagingStudy.identifier[1]: expected an object (Identifier), found a string",
            "3:13 ImagingStudy.started: expected a dateTime (YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with an offset), found another text",
            "3:26 ImagingStudy.colour: unknown element",
            "3:43 ImagingStudy.status: duplicate member",
            "4:38 ImagingStudy.series[0].number: expected an integer between 0 and 2147483647, found another number",
            "4:55 ImagingStudy.series[0].instance: a name with an underscore, but the element is not primitive",
            "4:71 ImagingStudy.series[0].modality: empty object",
            "5:71 ImagingStudy.description.extension[0].value: expected an integer between -2147483648 and 2147483647, found another number",
            "5:76 ImagingStudy.description.extension[0].value: a second value for an element that allows one",
        ]
    );
    assert_eq!(collected.value.identifier.len(), 3);
    let second = collected.value.identifier[2].value.as_ref();
    assert_eq!(second.map(|value| value.as_str()), Some("A-1"));
}

#[test]
fn an_error_in_the_grammar_ends_it() {
    let collected =
        collect(r#"{"resourceType":"ImagingStudy","started":"x","series":[{"uid":"1.2"},"#);
    let paths: Vec<_> = collected
        .errors
        .iter()
        .map(|error| error.path().to_string())
        .collect();
    assert_eq!(paths, ["ImagingStudy.started", "ImagingStudy.series[1]"]);
    assert_eq!(collected.value.series.len(), 2);
    let collected = collect("");
    assert_eq!(collected.errors.len(), 1);
}

#[test]
fn there_is_an_end_to_the_errors() {
    let series = vec!["1"; 20_000].join(",");
    let text = format!(r#"{{"resourceType":"ImagingStudy","series":[{series}]}}"#);
    assert_eq!(collect(&text).errors.len(), Collected::<()>::MOST + 1);
}

/// Puts an empty object in the place of every third value that is none of an object or a list.
fn spoil(json: &mut Json, seen: &mut usize, spoiled: &mut usize) {
    match json {
        Json::Object(members) => {
            for (name, value) in members {
                if !matches!(name.as_str(), "resourceType" | "contained") {
                    spoil(value, seen, spoiled);
                }
            }
        }
        Json::Array(entries) => {
            for entry in entries {
                spoil(entry, seen, spoiled);
            }
        }
        Json::Null => {}
        _ => {
            *seen += 1;
            if seen.is_multiple_of(3) {
                *spoiled += 1;
                *json = Json::Object(Vec::new());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn of_a_study_without_errors_all_is_read(study in imaging_study(Profile::Hostile)) {
        let text = json_to_string(&to_json(&study).expect("nothing is empty"));
        let collected = collect(&text);
        prop_assert_eq!(shown(&collected), Vec::<String>::new());
        prop_assert_eq!(collected.value, study);
    }

    #[test]
    fn each_spoiled_value_is_one_error(study in imaging_study(Profile::Hostile)) {
        let mut json = to_json(&study).expect("nothing is empty");
        let mut spoiled = 0;
        spoil(&mut json, &mut 0, &mut spoiled);
        let text = json_to_string(&json);
        let collected = collect(&text);
        // An entry of two lists that has lost its value may have nothing left.
        let errors = collected.errors.iter();
        let own = errors.filter(|error| !matches!(error.kind(), ReadErrorKind::EmptyEntry));
        prop_assert_eq!(own.count(), spoiled, "{}: {:#?}", text, shown(&collected));
        if let Err(first) = from_slice::<ImagingStudy>(text.as_bytes()) {
            prop_assert_eq!(first.to_string(), collected.errors[0].to_string());
        }
    }
}
