//! DSTU2, STU3, R4B and R6: HL7's examples against their twins in JSON, and JSON -> XML -> JSON on
//! the fixtures and on generated studies.

#[path = "../../imaging-study-json/tests/common/mod.rs"]
mod common;

use imaging_study_core::generate::Profile;
use imaging_study_core::{Element, Json};
use imaging_study_dstu2 as dstu2;
use imaging_study_json as json;
use imaging_study_r4b as r4b;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;
use imaging_study_xml::{Encoder, from_slice, from_str, to_string};
use proptest::prelude::*;

/// What XML cannot hold of the valid files: resources of no type and narrative with entities that
/// only HTML has.
const JSON_ONLY: [&str; 2] = ["valid-contained-verbatim.json", "valid-narrative.json"];

fn config() -> ProptestConfig {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() {
        ProptestConfig::default().cases
    } else {
        300
    };
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// JSON -> XML -> JSON, in every layout.
fn through_xml<T: Element>(study: &T) -> Result<(), TestCaseError> {
    let text = json::to_string(study).expect("nothing is empty");
    for (pretty, declaration) in [(false, false), (true, true)] {
        let encoder = Encoder {
            pretty,
            declaration,
        };
        let xml = encoder
            .encode(study)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        let back: T =
            from_str(&xml).map_err(|error| TestCaseError::fail(format!("{error}\n{xml}")))?;
        prop_assert_eq!(
            json::to_string(&back).expect("nothing is empty"),
            &*text,
            "through {}",
            xml
        );
    }
    Ok(())
}

fn fixtures_go_through<T: Element>(folder: &str) {
    let files = common::files(&common::fixtures(folder), "valid-", ".json");
    assert!(files.len() >= 25, "only {} files in {folder}", files.len());
    for (name, bytes) in files {
        let study: T = json::from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let xml = to_string(&study);
        if JSON_ONLY.contains(&name.as_str()) {
            assert!(xml.is_err(), "{folder}/{name} is not only for JSON");
            continue;
        }
        if let Err(error) = through_xml(&study) {
            panic!("{folder}/{name}: {error}");
        }
    }
}

#[test]
fn fixtures_of_dstu2() {
    fixtures_go_through::<dstu2::ImagingStudy>("dstu2");
}

#[test]
fn fixtures_of_stu3() {
    fixtures_go_through::<stu3::ImagingStudy>("stu3");
}

#[test]
fn fixtures_of_r4b() {
    fixtures_go_through::<r4b::ImagingStudy>("r4b");
}

#[test]
fn fixtures_of_r6() {
    fixtures_go_through::<r6::ImagingStudy>("r6");
}

#[test]
fn fixtures_of_r6_draft() {
    fixtures_go_through::<r6_draft::ImagingStudy>("r6-draft");
}

/// The JSON of HL7's examples in the order of the definition, with `change` made to the tree.
fn twin<T: Element>(bytes: &[u8], change: impl Fn(Json) -> Json) -> T {
    let tree = json::Decoder::default().decode_json(bytes).expect("JSON");
    json::from_str(&json::json_to_string(&change(tree))).expect("a study")
}

/// The XML examples of a folder, each with its twin.
fn examples(version: &str) -> Vec<(String, Vec<u8>, Vec<u8>)> {
    let folder = |format: &str| common::shared(&format!("examples/{version}/{format}"));
    let (Some(xml), Some(json)) = (folder("xml"), folder("json")) else {
        return Vec::new();
    };
    let files: Vec<_> = common::files(&xml, "", ".xml")
        .into_iter()
        .map(|(name, bytes)| {
            let twin = json.join(name.replace(".xml", ".json"));
            let twin = std::fs::read(&twin).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, bytes, twin)
        })
        .collect();
    assert!(!files.is_empty(), "no examples of {version}");
    files
}

/// The `div` of the JSON has no namespace, else the twins are the same: the comment of the XML is
/// `fhir_comments` in JSON.
#[test]
fn example_of_dstu2() {
    for (name, xml, json) in examples("dstu2") {
        let study: dstu2::ImagingStudy =
            from_slice(&xml).unwrap_or_else(|error| panic!("{name}: {error}"));
        let twin: dstu2::ImagingStudy = twin(&json, with_namespace);
        assert_eq!(study, twin, "{name}");
        through_xml(&study).expect("the law");
    }
}

fn with_namespace(value: Json) -> Json {
    match value {
        Json::Object(members) => Json::Object(
            members
                .into_iter()
                .map(|(name, value)| (name, with_namespace(value)))
                .collect(),
        ),
        Json::String(text) if text.starts_with("<div>") => Json::String(
            text.replacen("<div>", "<div xmlns=\"http://www.w3.org/1999/xhtml\">", 1)
                .into(),
        ),
        other => other,
    }
}

#[test]
fn examples_of_stu3() {
    for (name, xml, json) in examples("stu3") {
        let study: stu3::ImagingStudy =
            from_slice(&xml).unwrap_or_else(|error| panic!("{name}: {error}"));
        let twin: stu3::ImagingStudy = twin(&json, with_namespace);
        assert_eq!(study, twin, "{name}");
        through_xml(&study).expect("the law");
    }
}

/// HL7 has no XML of R4B here; its JSON goes through ours.
#[test]
fn examples_of_r4b() {
    let Some(folder) = common::shared("examples/r4b/json") else {
        return;
    };
    for (name, bytes) in common::files(&folder, "", ".json") {
        let study: r4b::ImagingStudy =
            json::from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        through_xml(&study).expect("the law");
    }
}

/// The example of R6 is of a later build than the shape that is pinned here.
#[test]
fn example_of_r6_draft() {
    let Some(folder) = common::shared("examples/r6/xml") else {
        return;
    };
    for (name, bytes) in common::files(&folder, "", ".xml") {
        let study: r6_draft::ImagingStudy =
            from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(study.series[0].instance[0].sop_class.value.is_some());
        through_xml(&study).expect("the law");
    }
}

/// What R6 has elsewhere than its draft.
#[test]
fn order_of_r6() {
    let study = |first: &str, second: &str| {
        let text =
            format!("<ImagingStudy xmlns=\"http://hl7.org/fhir\">{first}{second}</ImagingStudy>");
        from_str::<r6::ImagingStudy>(&text)
    };
    let (procedure, referrer) = (
        "<procedure><reference value=\"Procedure/p\"/></procedure>",
        "<referrer><display value=\"Ada\"/></referrer>",
    );
    assert!(study(procedure, referrer).is_ok());
    assert!(study(referrer, procedure).is_err());

    let instance = |number: &str, frames: &str| {
        study(
            "<series><instance>",
            &format!("{number}{frames}</instance></series>"),
        )
    };
    let (number, frames) = ("<number value=\"1\"/>", "<numberOfFrames value=\"9\"/>");
    let read = instance(number, frames).expect("in order");
    let frames_read = read.series[0].instance[0].number_of_frames.value;
    assert_eq!(frames_read.map(u32::from), Some(9));
    assert!(instance(frames, number).is_err());
}

/// The order of R6 is that of the pinned shape: the counts stand behind the description.
#[test]
fn order_of_r6_draft() {
    let study = |first: &str, second: &str| {
        let text =
            format!("<ImagingStudy xmlns=\"http://hl7.org/fhir\">{first}{second}</ImagingStudy>");
        from_str::<r6_draft::ImagingStudy>(&text)
    };
    let (description, count) = (
        "<description value=\"a\"/>",
        "<numberOfSeries value=\"1\"/>",
    );
    assert!(study(description, count).is_ok());
    assert!(study(count, description).is_err());
}

/// UIDs in the order of the version.
#[test]
fn uids_of_dstu2_and_stu3() {
    let series = |content: &str| {
        format!(
            "<ImagingStudy xmlns=\"http://hl7.org/fhir\"><series>{content}</series></ImagingStudy>"
        )
    };
    let (number, uid) = ("<number value=\"1\"/>", "<uid value=\"urn:oid:1.2.3\"/>");
    let number_first = series(&format!("{number}{uid}"));
    let uid_first = series(&format!("{uid}{number}"));
    assert!(from_str::<dstu2::ImagingStudy>(&number_first).is_ok());
    assert!(from_str::<dstu2::ImagingStudy>(&uid_first).is_err());
    assert!(from_str::<stu3::ImagingStudy>(&number_first).is_err());
    assert!(from_str::<stu3::ImagingStudy>(&uid_first).is_ok());
    let bare = series("<uid value=\"1.2.3\"/>");
    // Archives hold UIDs without the prefix, and their text is kept.
    let dstu2 = from_str::<dstu2::ImagingStudy>(&bare).expect("any text");
    assert_eq!(to_string(&dstu2).expect("a uid"), bare);
    let stu3 = from_str::<stu3::ImagingStudy>(&bare).expect("any text");
    assert_eq!(to_string(&stu3).expect("a uid"), bare);
}

fn dstu2(content: &str) -> String {
    format!("<ImagingStudy xmlns=\"http://hl7.org/fhir\">{content}</ImagingStudy>")
}

/// Reads a study of DSTU2 and says what it is in JSON, `resourceType` aside.
fn json_of(xml: &str) -> String {
    let study: dstu2::ImagingStudy = from_str(xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    json::to_string(&study)
        .expect("writable")
        .replace("\"resourceType\":\"ImagingStudy\",", "")
}

#[test]
fn comments_belong_to_the_element_behind_them() {
    let text = "<!--1--><?xml-stylesheet href=\"a\"?><!-- 2 -->".to_owned()
        + &dstu2(concat!(
            "<!--3--><id value=\"a\"/>\n<!--4-->\n<!----><!--5\r\n-->",
            "<patient><!--6--><reference id=\"r\" value=\"b\"><!--7--></reference><!--8--></patient>",
            "<series><uid value=\"urn:oid:1.2\"></uid><!--9--></series>",
            "<!--10-->"
        ));
    assert_eq!(
        json_of(&text),
        concat!(
            r#"{"id":"a","_id":{"fhir_comments":["3"]},"fhir_comments":["1"," 2 ","10"],"#,
            r#""patient":{"fhir_comments":["4","5\n","8"],"reference":"b","#,
            r#""_reference":{"id":"r","fhir_comments":["6","7"]}},"#,
            r#""series":[{"fhir_comments":["9"],"uid":"urn:oid:1.2"}]}"#
        )
    );
    let study: dstu2::ImagingStudy = from_str(&text).expect("readable");
    assert_eq!(
        to_string(&study).expect("writable"),
        "<!--1--><!-- 2 --><!--10-->".to_owned()
            + &dstu2(concat!(
                "<!--3--><id value=\"a\"/><!--4--><!--5\n--><!--8--><patient>",
                "<!--6--><!--7--><reference id=\"r\" value=\"b\"/></patient>",
                "<!--9--><series><uid value=\"urn:oid:1.2\"/></series>"
            ))
    );
}

/// The comment with which the writer says what XML cannot is no comment of the study.
#[test]
fn notes_before_narrative_are_no_comments() {
    let text = r#"{"resourceType":"ImagingStudy","text":{"status":"generated","div":" <div>a</div>\r\n","_div":{"fhir_comments":["json","b"]}}}"#;
    let study: dstu2::ImagingStudy = json::from_str(text).expect("readable");
    let xml = to_string(&study).expect("writable");
    assert!(xml.contains("<!--json--><!--b--><!--json-div "), "{xml}");
    let back: dstu2::ImagingStudy = from_str(&xml).expect("readable");
    assert_eq!(json::to_string(&back).expect("writable"), text);
}

#[test]
fn comments_that_xml_cannot_hold_are_refused() {
    for comment in ["a--b", "a-", "a\r", "\u{ffff}"] {
        for place in ["study", "primitive"] {
            let mut study = dstu2::ImagingStudy {
                id: "a".parse().expect("an id"),
                ..Default::default()
            };
            let comments = match place {
                "study" => &mut study.fhir_comments,
                _ => &mut study.id.element.get_or_insert_default().fhir_comments,
            };
            comments.push(comment.parse().expect("a string"));
            assert!(json::to_string(&study).is_ok());
            assert!(to_string(&study).is_err(), "{comment:?} of a {place}");
        }
    }
    let mut text = dstu2::Narrative {
        status: dstu2::NarrativeStatus::Generated.into(),
        div: "<div xmlns=\"http://www.w3.org/1999/xhtml\"/>"
            .parse()
            .expect("XHTML"),
        ..Default::default()
    };
    let comments = &mut text.div.element.get_or_insert_default().fhir_comments;
    comments.push("json-div cr=all".parse().expect("a string"));
    let study = dstu2::ImagingStudy {
        text: Some(text),
        ..Default::default()
    };
    assert!(to_string(&study).is_err());
}

#[test]
fn comments_of_contained_resources() {
    let text = dstu2(concat!(
        "<!--1--><contained><!--2--><Patient><!--3--><id value=\"p\"/>",
        "<text><status value=\"empty\"/><!--4--><div xmlns=\"http://www.w3.org/1999/xhtml\"/></text>",
        "<!--5--><active value=\"true\"><!--6--></active>",
        "<name><!--7--><family value=\"a\"/><family value=\"b\"/><!--8--></name><!--9-->",
        "</Patient></contained>"
    ));
    assert_eq!(
        json_of(&text),
        concat!(
            r#"{"contained":[{"resourceType":"Patient","id":"p","_id":{"fhir_comments":["3"]},"#,
            r#""fhir_comments":["1","2","9"],"text":{"status":"empty","#,
            r#""div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"/>","_div":{"fhir_comments":["4"]}},"#,
            r#""active":true,"_active":{"fhir_comments":["5","6"]},"#,
            r#""name":[{"fhir_comments":["8"],"family":["a","b"],"_family":[{"fhir_comments":["7"]},null]}]}]}"#
        )
    );
    let study: dstu2::ImagingStudy = from_str(&text).expect("readable");
    through_xml(&study).expect("the law");
    for comments in [r#"["a--b"]"#, r#"[]"#, r#""a""#, r#"[1]"#, r#"[""]"#] {
        let text = format!(
            r#"{{"resourceType":"ImagingStudy","contained":[{{"resourceType":"Patient","fhir_comments":{comments}}}]}}"#
        );
        let study: dstu2::ImagingStudy = json::from_str(&text).expect("readable");
        assert!(to_string(&study).is_err(), "{comments}");
    }
    // No other version has them.
    let text = r#"{"resourceType":"ImagingStudy","contained":[{"resourceType":"Patient","fhir_comments":["a"]}]}"#;
    let study: stu3::ImagingStudy = json::from_str(text).expect("readable");
    assert!(to_string(&study).is_err());
}

/// Other versions read over comments.
#[test]
fn comments_are_nothing_since_stu3() {
    let text = dstu2("<!-- a --><id value=\"a\"><!-- b --></id><!-- c -->");
    let study: stu3::ImagingStudy = from_str(&text).expect("readable");
    assert_eq!(
        to_string(&study).expect("writable"),
        dstu2("<id value=\"a\"/>")
    );
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn typical_dstu2(study in dstu2::strategy::imaging_study(Profile::Typical)) {
        through_xml(&study)?;
    }

    #[test]
    fn typical_stu3(study in stu3::strategy::imaging_study(Profile::Typical)) {
        through_xml(&study)?;
    }

    #[test]
    fn typical_r4b(study in r4b::strategy::imaging_study(Profile::Typical)) {
        through_xml(&study)?;
    }

    #[test]
    fn typical_r6(study in r6::strategy::imaging_study(Profile::Typical)) {
        through_xml(&study)?;
    }

    #[test]
    fn typical_r6_draft(study in r6_draft::strategy::imaging_study(Profile::Typical)) {
        through_xml(&study)?;
    }

    #[test]
    fn hostile_dstu2(study in dstu2::strategy::imaging_study(Profile::Interchange)) {
        through_xml(&study)?;
    }

    #[test]
    fn hostile_stu3(study in stu3::strategy::imaging_study(Profile::Interchange)) {
        through_xml(&study)?;
    }

    #[test]
    fn hostile_r4b(study in r4b::strategy::imaging_study(Profile::Interchange)) {
        through_xml(&study)?;
    }

    #[test]
    fn hostile_r6(study in r6::strategy::imaging_study(Profile::Interchange)) {
        through_xml(&study)?;
    }

    #[test]
    fn hostile_r6_draft(study in r6_draft::strategy::imaging_study(Profile::Interchange)) {
        through_xml(&study)?;
    }
}
