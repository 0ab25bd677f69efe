//! Values that repeat share their memory, and nothing else of a study is another for it.
#![cfg(all(feature = "r4", feature = "r5", feature = "json", feature = "xml"))]

use imaging_study::core::generate::Profile;
use imaging_study::core::{Limits, UnknownElements};
use imaging_study::{json, r4, r5, xml};
use proptest::prelude::*;

/// A study with a SOP class for each text.
fn json_study(classes: &[&str]) -> String {
    let instances: Vec<String> = classes
        .iter()
        .map(|class| format!(r#"{{"uid":"1.2","sopClass":{class}}}"#))
        .collect();
    let instances = instances.join(",");
    format!(r#"{{"resourceType":"ImagingStudy","series":[{{"instance":[{instances}]}}]}}"#)
}

fn xml_study(classes: &[&str], attributes: &str) -> String {
    let instances: Vec<String> = classes
        .iter()
        .map(|class| format!(r#"<instance><uid value="1.2"/>{class}</instance>"#))
        .collect();
    let instances = instances.concat();
    format!(
        r#"<ImagingStudy xmlns="http://hl7.org/fhir"{attributes}><series>{instances}</series></ImagingStudy>"#
    )
}

/// How many values in memory the SOP classes of a study are.
fn distinct(study: &r4::ImagingStudy) -> usize {
    let instances = study.series.iter().flat_map(|series| &series.instance);
    let classes = instances.filter_map(|instance| instance.sop_class.as_ref());
    let mut addresses: Vec<usize> = classes.map(|class| class.address()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses.len()
}

const CT: &str = r#"{"system":"urn:ietf:rfc:3986","code":"urn:oid:1.2.840.10008.5.1.4.1.1.2"}"#;
const SPACED: &str =
    r#"{ "system":"urn:ietf:rfc:3986","code":"urn:oid:1.2.840.10008.5.1.4.1.1.2"}"#;
const CT_XML: &str = r#"<sopClass><system value="urn:ietf:rfc:3986"/><code value="urn:oid:1.2.840.10008.5.1.4.1.1.2"/></sopClass>"#;

#[test]
fn the_same_text_is_one_value() {
    let study: r4::ImagingStudy = json::from_str(&json_study(&[CT; 5])).expect("a study");
    assert_eq!(distinct(&study), 1);
    let study: r4::ImagingStudy = xml::from_str(&xml_study(&[CT_XML; 5], "")).expect("a study");
    assert_eq!(distinct(&study), 1);

    // Another spelling is read for itself, and is equal.
    let study: r4::ImagingStudy = json::from_str(&json_study(&[CT, SPACED, CT])).expect("a study");
    let instances = &study.series[0].instance;
    assert_eq!(instances[0].sop_class, instances[1].sop_class);
    assert_eq!(instances[0], instances[2]);
}

#[test]
fn a_decoder_shares_across_documents() {
    let mut decoder = json::Decoder::default();
    let text = json_study(&[CT]);
    let mut read = || {
        decoder
            .decode_str::<r4::ImagingStudy>(&text)
            .expect("a study")
            .value
    };
    let (one, other) = (read(), read());
    let class = |study: &r4::ImagingStudy| study.series[0].instance[0].sop_class.clone();
    let (one, other) = (
        class(&one).expect("a class"),
        class(&other).expect("a class"),
    );
    assert!(one.is_same(&other));
    // Another version has types of its own.
    let other = decoder
        .decode_str::<r5::ImagingStudy>(&text)
        .expect("a study");
    assert_eq!(json::to_string(&other.value).expect("a study"), text);
}

#[test]
fn a_change_is_seen_by_nobody_else() {
    let mut study: r4::ImagingStudy = json::from_str(&json_study(&[CT; 2])).expect("a study");
    let class = study.series[0].instance[1].sop_class.as_mut();
    class.expect("a class").display = "x".parse().expect("a text");
    let changed = CT.replace('}', r#","display":"x"}"#);
    assert_eq!(
        json::to_string(&study).expect("a study"),
        json_study(&[CT, &changed])
    );
}

#[test]
fn what_is_unknown_is_reported_wherever_it_stands() {
    let class = r#"{"code":"a","colour":"red"}"#;
    let mut decoder = json::Decoder::default();
    decoder.unknown = UnknownElements::Keep;
    let decoded = decoder.decode_str::<r4::ImagingStudy>(&json_study(&[class; 2]));
    let paths: Vec<String> = decoded
        .expect("a study")
        .unknown
        .iter()
        .map(|unknown| unknown.path.to_string())
        .collect();
    let expected =
        [0, 1].map(|index| format!("ImagingStudy.series[0].instance[{index}].sopClass.colour"));
    assert_eq!(paths, expected);
    // Refused, it is refused there too where it has been kept before.
    decoder.unknown = UnknownElements::Refuse;
    assert!(
        decoder
            .decode_str::<r4::ImagingStudy>(&json_study(&[class]))
            .is_err()
    );
}

#[test]
fn a_limit_of_depth_holds_for_a_text_that_was_read_before() {
    let class = r#"{"code":"a","extension":[{"url":"b","valueCoding":{"code":"c"}}]}"#;
    let text = json_study(&[class]);
    let mut decoder = json::Decoder::default();
    assert!(decoder.decode_str::<r4::ImagingStudy>(&text).is_ok());
    decoder.limits = Limits {
        depth: 4,
        ..Limits::default()
    };
    assert!(decoder.decode_str::<r4::ImagingStudy>(&text).is_err());

    let class = "<sopClass><extension url=\"b\"><valueCoding><code value=\"c\"/></valueCoding></extension></sopClass>";
    let text = xml_study(&[class], "");
    let mut decoder = xml::Decoder::default();
    assert!(decoder.decode_str::<r4::ImagingStudy>(&text).is_ok());
    decoder.limits = Limits {
        depth: 4,
        ..Limits::default()
    };
    assert!(decoder.decode_str::<r4::ImagingStudy>(&text).is_err());
}

#[test]
fn a_text_means_what_its_place_says() {
    // A prefix that another document does not declare.
    let class = r#"<sopClass><f:code value="a"/></sopClass>"#;
    let declared = xml_study(&[class], r#" xmlns:f="http://hl7.org/fhir""#);
    let mut decoder = xml::Decoder::default();
    assert!(decoder.decode_str::<r4::ImagingStudy>(&declared).is_ok());
    assert!(
        decoder
            .decode_str::<r4::ImagingStudy>(&xml_study(&[class], ""))
            .is_err()
    );
    // An end tag of another element, and a character that XML forbids behind.
    let mut decoder = xml::Decoder::default();
    assert!(
        decoder
            .decode_str::<r4::ImagingStudy>(&xml_study(&[CT_XML], ""))
            .is_ok()
    );
    let wrong = CT_XML.replacen("<sopClass>", "<modality>", 1);
    assert!(
        decoder
            .decode_str::<r4::ImagingStudy>(&xml_study(&[&wrong], ""))
            .is_err()
    );
    let forbidden = xml_study(&[CT_XML, "\u{1}"], "");
    assert!(decoder.decode_str::<r4::ImagingStudy>(&forbidden).is_err());
    // The place of an error behind a text that was read before.
    let text = xml_study(&[CT_XML, "<x/>"], "");
    let of = |decoder: &mut xml::Decoder| {
        let error = decoder
            .decode_str::<r4::ImagingStudy>(&text)
            .expect_err("an unknown element");
        error.to_string()
    };
    assert_eq!(of(&mut decoder), of(&mut xml::Decoder::default()));
    // White space that is written depends on the depth.
    let study: r4::ImagingStudy = json::from_str(&json_study(&[CT; 2])).expect("a study");
    let pretty = json::to_string_pretty(&study).expect("a study");
    assert_eq!(
        json::from_str::<r4::ImagingStudy>(&pretty).expect("a study"),
        study
    );
    let pretty = xml::to_string_pretty(&study).expect("a study");
    assert_eq!(
        pretty
            .matches("\n      <sopClass>\n        <system")
            .count(),
        2,
        "{pretty}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    /// A decoder that has read other studies reads as one that has read none.
    #[test]
    fn a_decoder_that_remembers_reads_the_same(
        studies in prop::collection::vec(r4::strategy::imaging_study(Profile::Hostile), 1..4),
    ) {
        let (mut texts, mut markup) = (json::Decoder::default(), xml::Decoder::default());
        for study in studies {
            let text = json::to_string(&study).expect("nothing is empty");
            for _ in 0..2 {
                let read = texts.decode_str::<r4::ImagingStudy>(&text).expect("a study").value;
                prop_assert!(read == study);
                prop_assert_eq!(json::to_string(&read).expect("nothing is empty"), text.clone());
            }
            let Ok(text) = xml::to_string(&study) else { continue };
            let fresh: r4::ImagingStudy = xml::from_str(&text).expect("a study");
            for _ in 0..2 {
                let read = markup.decode_str::<r4::ImagingStudy>(&text).expect("a study").value;
                prop_assert!(read == fresh);
                prop_assert_eq!(xml::to_string(&read).expect("as before"), text.clone());
            }
        }
    }
}
