//! Every error of a document at once. `PROPTEST_CASES` sets how many random studies there are.

use imaging_study_core::Collected;
use imaging_study_core::generate::Profile;
use imaging_study_r4::ImagingStudy;
use imaging_study_r4::strategy::imaging_study;
use imaging_study_xml::{Decoder, to_string};
use proptest::prelude::*;

fn collect(bytes: &[u8]) -> Collected<ImagingStudy> {
    Decoder::default().collect_slice(bytes)
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

const SEVERAL: &str = r#"<ImagingStudy xmlns="http://hl7.org/fhir">
  <identifier><value/><system value="urn:dicom:uid"/></identifier>
  <status colour="red" value="available"/>
  <modality><code value="a  b"><extension url="http://a.b"><valueInteger value="1.5"/></extension></code></modality>
  <started value="yesterday"/>
  <identifier><value value="A-1"/></identifier>
  <series><uid value="1.2"/><number value="-1"/><colour><deep/></colour></series>
</ImagingStudy>"#;

#[test]
fn each_error_has_its_place_and_what_stands_beside_it_is_read() {
    let collected = collect(SEVERAL.as_bytes());
    assert_eq!(
        shown(&collected),
        [
            "2:15 ImagingStudy.identifier[0].value: empty element",
            "2:23 ImagingStudy.identifier[0].system: system stands behind value, but the definition puts it before",
            "3:11 ImagingStudy.status.colour: unknown attribute",
            "4:26 ImagingStudy.modality[0].code: expected a code without leading, trailing or doubled white space, found another text",
            "5:19 ImagingStudy.started: expected a dateTime (YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with an offset), found another text",
            "6:3 ImagingStudy.identifier: identifier stands behind started, but the definition puts it before",
            "7:44 ImagingStudy.series[0].number: expected an integer between 0 and 2147483647, found another text",
            "7:49 ImagingStudy.series[0].colour: unknown element",
        ]
    );
    assert_eq!(
        collected.value.series[0]
            .uid
            .as_ref()
            .map(|uid| uid.as_str()),
        Some("1.2")
    );
}

#[test]
fn the_places_are_those_of_the_input_in_utf_16_too() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(SEVERAL.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(shown(&collect(&bytes)), shown(&collect(SEVERAL.as_bytes())));
}

#[test]
fn an_error_in_the_grammar_ends_it() {
    let text = r#"<ImagingStudy xmlns="http://hl7.org/fhir"><started value="x"/><series><uid value="1.2"/></serie>"#;
    let collected = collect(text.as_bytes());
    assert_eq!(collected.errors.len(), 2);
    assert_eq!(
        collected.errors[0].path().to_string(),
        "ImagingStudy.started"
    );
    assert_eq!(collected.value.series.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn of_a_study_without_errors_all_is_read(study in imaging_study(Profile::Interchange)) {
        let text = to_string(&study).expect("XML");
        let collected = collect(text.as_bytes());
        prop_assert_eq!(shown(&collected), Vec::<String>::new());
        prop_assert_eq!(collected.value, study);
    }
}
