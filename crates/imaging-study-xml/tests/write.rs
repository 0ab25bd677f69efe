//! What the writer writes: escapes, layout, narrative; and what it must refuse, as XML cannot say it.

use imaging_study_core::{Element, Primitive as AnyPrimitive, PrimitiveElement, Resource};
use imaging_study_json as json;
use imaging_study_r5::{
    CodeableConcept, Extension, ExtensionValue, HumanName, ImagingStudy, ImagingStudySeries,
    Narrative, Primitive, Reference,
};
use imaging_study_xml::{Encoder, from_str, to_string, to_string_pretty, to_writer};

const XHTML: &str = "xmlns=\"http://www.w3.org/1999/xhtml\"";

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

fn described(description: &str) -> ImagingStudy {
    ImagingStudy {
        description: description.parse().expect("a string"),
        ..Default::default()
    }
}

fn narrative(div: &str) -> ImagingStudy {
    let text = Narrative {
        status: "generated".parse().expect("a code"),
        div: div.parse().expect("a string"),
        ..Default::default()
    };
    ImagingStudy {
        text: Some(text),
        ..Default::default()
    }
}

fn contained(resource: &str) -> ImagingStudy {
    let text = format!(r#"{{"resourceType":"ImagingStudy","contained":[{resource}]}}"#);
    json::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The path of an error, of every way to write; nothing is written.
fn refused(study: &ImagingStudy) -> (String, String) {
    let error = to_string(study).expect_err("a study that XML cannot express");
    let path = error.path().expect("a place in the study").to_string();
    let message = error.to_string();
    for error in [
        to_string_pretty(study).expect_err("the same"),
        to_writer(&mut Vec::new(), study).expect_err("the same"),
    ] {
        assert_eq!(error.to_string(), message);
    }
    let mut output = Vec::new();
    to_writer(&mut output, study).expect_err("the same");
    assert!(output.is_empty(), "half a study at {path}");
    (path, message)
}

#[test]
fn values_are_escaped_where_they_must_be() {
    let cases = [
        ("<&>", "&lt;&amp;>"),
        ("\"'", "&quot;'"),
        ("a\tb\nc\rd", "a&#9;b&#10;c&#13;d"),
        ("\r\n", "&#13;&#10;"),
        ("&lt;&#65;", "&amp;lt;&amp;#65;"),
        ("]]>", "]]>"),
        ("a  b", "a  b"),
        (
            "\u{7F}\u{85}\u{2028}\u{FEFF}\u{FFFD}",
            "\u{7F}\u{85}\u{2028}\u{FEFF}\u{FFFD}",
        ),
        ("\u{1FA7B}\u{10FFFD}", "\u{1FA7B}\u{10FFFD}"),
    ];
    for (value, escaped) in cases {
        let study = described(value);
        let text = to_string(&study).expect("writable");
        assert_eq!(
            text,
            format!(
                r#"<ImagingStudy xmlns="http://hl7.org/fhir"><description value="{escaped}"/></ImagingStudy>"#
            )
        );
        assert_eq!(from_str::<ImagingStudy>(&text).expect("readable"), study);
    }
    // Also in attributes that are no values.
    let text = r#"<ImagingStudy xmlns="http://hl7.org/fhir"><extension id="&lt;&quot;&#9;" url="a&amp;b"><valueString id="&#10;" value="x"/></extension></ImagingStudy>"#;
    let study: ImagingStudy = from_str(text).expect("readable");
    assert_eq!(to_string(&study).expect("writable"), text);
}

#[test]
fn declaration_and_layout_are_optional() {
    let study = described("d");
    let element = |pretty, declaration| {
        let encoder = Encoder {
            pretty,
            declaration,
        };
        encoder.encode(&study).expect("writable")
    };
    let declaration = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    let start = r#"<ImagingStudy xmlns="http://hl7.org/fhir">"#;
    let child = r#"<description value="d"/>"#;
    let end = "</ImagingStudy>";
    let compact = format!("{start}{child}{end}");
    let pretty = format!("{start}\n  {child}\n{end}");
    assert_eq!(element(false, false), compact);
    assert_eq!(element(false, true), format!("{declaration}{compact}"));
    assert_eq!(element(true, false), pretty);
    assert_eq!(element(true, true), format!("{declaration}\n{pretty}"));

    let empty = ImagingStudy::default();
    let root = r#"<ImagingStudy xmlns="http://hl7.org/fhir"/>"#;
    assert_eq!(to_string(&empty).expect("a type alone"), root);
    assert_eq!(to_string_pretty(&empty).expect("a type alone"), root);
    let mut output = Vec::new();
    to_writer(&mut output, &empty).expect("a type alone");
    assert_eq!(output, format!("{declaration}{root}").into_bytes());
}

#[test]
fn a_pretty_text_has_the_narrative_as_it_is() {
    let divs = [
        format!("<div {XHTML}><p>a</p> <p>\n b\n</p><pre>\n\t1  2\n</pre></div>"),
        format!("<div {XHTML}/>"),
        format!("<div {XHTML}><!-- a\n  comment --><![CDATA[ <p> ]]></div>"),
        format!("<div class='a'\n {XHTML} >&#10;\n</div >"),
    ];
    for div in divs {
        let study = narrative(&div);
        for text in [to_string(&study), to_string_pretty(&study)] {
            let text = text.expect("writable");
            assert!(text.contains(&div), "{text}");
            assert!(!text.contains("json-div"), "{text}");
            assert_eq!(from_str::<ImagingStudy>(&text).expect("readable"), study);
        }
        assert!(
            to_string_pretty(&study)
                .expect("writable")
                .contains(&format!("\n    {div}\n  </text>"))
        );
    }
}

/// JSON holds strings that no markup of XML reads back as; they come back with the help of a note.
#[test]
fn narrative_comes_back_as_the_same_string() {
    let strings = [
        "<div>a</div>",
        "<div/>",
        "<div\tclass=\"a\">a</div>",
        &format!(" <div {XHTML}>a</div>"),
        &format!("<div {XHTML}>a</div>\n"),
        &format!("\r\n\t <div {XHTML}>a</div>\r \r\n"),
        &format!("<div {XHTML}>a\r\nb\r\n</div>"),
        &format!("<div {XHTML}>a\rb\r\n\nc\n\r</div>"),
        &format!("<div\r\n{XHTML} title=\"a\r\nb\">\r</div\r>"),
        &format!("<div {XHTML}>&#13;\n</div>"),
        "<h:div xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:p/></h:div>",
        "<h:div xmlns:h='http://www.w3.org/1999/xhtml'>\r\n</h:div>\n",
        "<div>\r<p xmlns=\"http://www.w3.org/1999/xhtml\">\r\n</p></div> ",
        "<div xmlns:q='urn:q' q:a='1'><q:b/></div>",
        "<h:div xmlns:h='http://www.w3.org/1999/xhtml' xmlns='urn:x'>a</h:div>",
        "<h:div xmlns:h='http://www.w3.org/1999/xhtml' xmlns='http://www.w3.org/1999/xhtml'><p/></h:div>",
        "<h:div xmlns:h='http://www.w3.org/1999/xhtml'><p/></h:div>",
        "<h:div xmlns:h='http://www.w3.org/1999/xhtml'><h:p h:class='a'/></h:div>",
        &format!("<div {XHTML}><!--json-div no-xmlns--></div>"),
        &format!("<div {XHTML}>\u{85}\u{2028}\u{FEFF}\u{1FA7B}</div>"),
    ];
    for string in strings {
        let study = narrative(string);
        for text in [to_string(&study), to_string_pretty(&study)] {
            let text = text.unwrap_or_else(|error| panic!("{error}\n{string:?}"));
            assert!(!text.contains('\r'), "{text:?}");
            let back: ImagingStudy = from_str(&text).expect("readable");
            assert_eq!(back, study, "{text}");
        }
        // The same in a contained resource.
        let escaped = json::to_string(&study).expect("writable");
        let (_, text) = escaped.split_once("\"text\"").expect("a narrative");
        let study = contained(&format!("{{\"resourceType\":\"Patient\",\"text\"{text}"));
        let text = to_string(&study).unwrap_or_else(|error| panic!("{error}\n{string:?}"));
        let back: ImagingStudy = from_str(&text).expect("readable");
        assert_eq!(back, study, "{text}");
    }
}

/// A comment that looks like one of our notes, in XML by others, does no harm.
#[test]
fn notes_that_do_not_fit_are_comments() {
    let div = format!("<div {XHTML}>\na</div>");
    let notes = [
        "json-div",
        "json-div ",
        "json-div nonsense",
        "json-div after",
        "json-div after=xyz",
        "json-div cr=",
        "json-div cr=1",
        "json-div cr=999999999999999999999999",
        "json-div cr=41r,41r",
        "json-div cr=-1",
        "json-div\u{A0}after=s",
        "JSON-DIV after=s",
    ];
    for note in notes {
        let text = format!(
            r#"<ImagingStudy xmlns="http://hl7.org/fhir"><text><status value="generated"/><!--{note}-->{div}</text></ImagingStudy>"#
        );
        let study: ImagingStudy = from_str(&text).expect("readable");
        assert_eq!(study, narrative(&div), "{note}");
    }
    // What the markup takes from around it must not get lost through a note.
    let outer = "xmlns:h='http://www.w3.org/1999/xhtml' xmlns:l='urn:l'";
    let cases = [
        ("json-div as-is", "<h:div>a</h:div>".to_owned()),
        ("json-div after=n", format!("<div {XHTML} l:a='1'>a</div>")),
        ("json-div no-xmlns", format!("<div {XHTML}><l:a/></div>")),
        (
            "json-div before=s",
            "<h:div><h:p l:a=''/></h:div>".to_owned(),
        ),
    ];
    for (note, markup) in cases {
        let text = format!(
            r#"<ImagingStudy xmlns="http://hl7.org/fhir" {outer}><text><status value="generated"/><!--{note}-->{markup}</text></ImagingStudy>"#
        );
        let study: ImagingStudy = from_str(&text).expect("readable");
        let written = to_string(&study).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(from_str::<ImagingStudy>(&written).expect("readable"), study);
    }
}

/// White space around the `div` and line ends are all that a note may add to the markup.
#[test]
fn a_note_cannot_bring_other_text() {
    for note in [
        "json-div after=sntr",
        "json-div before=n after=n",
        "json-div cr=all",
    ] {
        let text = format!(
            r#"<ImagingStudy xmlns="http://hl7.org/fhir"><text><status value="generated"/><!--{note}--><div {XHTML}>a{}</div></text></ImagingStudy>"#,
            "\n"
        );
        let study: ImagingStudy = from_str(&text).expect("readable");
        let div = study.text.and_then(|text| text.div.value).expect("a div");
        let plain = div.to_string().trim().replace('\r', "");
        assert_eq!(plain, format!("<div {XHTML}>a\n</div>"));
    }
}

#[test]
fn empty_elements_are_named_and_nothing_is_written() {
    let empty_entry = HumanName {
        given: vec!["Ada".parse().expect("a string"), Primitive::default()],
        ..Default::default()
    };
    let cases: [(ImagingStudy, &str); 6] = [
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
        (
            ImagingStudy {
                extension: vec![Extension::default()],
                ..Default::default()
            },
            "ImagingStudy.extension[0]",
        ),
    ];
    for (study, path) in cases {
        let message = format!("empty element at {path}");
        assert_eq!(refused(&study), (path.to_owned(), message));
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
    assert_eq!(
        to_string(&study).expect("no empty elements"),
        r#"<ImagingStudy xmlns="http://hl7.org/fhir"><status value="available"/></ImagingStudy>"#
    );
}

#[test]
fn characters_that_xml_does_not_allow_are_named() {
    for character in ["\u{FFFE}", "\u{FFFF}"] {
        let text = format!("a{character}b");
        let mut study = described(&text);
        let (path, message) = refused(&study);
        assert_eq!(path, "ImagingStudy.description");
        assert!(
            message.contains("a character that XML does not allow"),
            "{message}"
        );
        assert!(!message.contains(character), "{message}");

        study = extension(ExtensionValue::String(text.parse().expect("a string")));
        assert_eq!(refused(&study).0, "ImagingStudy.extension[0].valueString");

        study = ImagingStudy::default();
        study.status = AnyPrimitive {
            value: Some("available".parse().expect("a code")),
            element: Some(Box::new(PrimitiveElement {
                id: Some(text.parse().expect("a string")),
                ..Default::default()
            })),
        };
        assert_eq!(refused(&study).0, "ImagingStudy.status.id");

        study = narrative(&format!("<div {XHTML}>{text}</div>"));
        assert_eq!(refused(&study).0, "ImagingStudy.text.div");

        let patient = format!(r#"{{"resourceType":"Patient","name":[{{"family":"{text}"}}]}}"#);
        assert_eq!(
            refused(&contained(&patient)).0,
            "ImagingStudy.contained[0].name[0].family"
        );
    }
}

#[test]
fn narrative_that_is_no_xhtml_is_named() {
    let divs = [
        "text",
        " ",
        "<p/>",
        "<DIV/>",
        "<div>",
        "<div></p></div>",
        "<div/><div/>",
        "<div/>text",
        "text<div/>",
        "<!-- a --><div/>",
        "<div/><!-- a -->",
        "<?xml version=\"1.0\"?><div/>",
        "<!DOCTYPE div><div/>",
        "<div><?pi?></div>",
        "<div>&nbsp;</div>",
        "<div>&copy;</div>",
        "<div title=\"&nbsp;\"/>",
        "<div>A & B</div>",
        "<div>1 < 2</div>",
        "<div>a<br>b</div>",
        "<div><o:p/></div>",
        "<div o:a=\"1\"/>",
        "<div>]]></div>",
        "<div><!-- -- --></div>",
        "<div a='1' a='2'/>",
        "<div xmlns=\"http://hl7.org/fhir\"/>",
        "<div xmlns=\"\"/>",
        "<f:div xmlns:f=\"http://hl7.org/fhir\"/>",
        "<h:div/>",
        "&lt;div>a&lt;/div>",
        "<div>\u{1}</div>",
        "\u{FEFF}<div/>",
        "\u{A0}<div/>",
        "\u{B}<div/>",
        "<div/></text><status/><text>",
        "</text>",
        "<div></div></div>",
        "<div><![CDATA[</div>",
        "<div><!--</div>",
    ];
    for div in divs {
        // Characters that no string of FHIR has come in another way.
        let Ok(text) = div.parse() else { continue };
        let mut study = narrative("<div/>");
        if let Some(narrative) = &mut study.text {
            narrative.div = text;
        }
        let (path, message) = refused(&study);
        assert_eq!(path, "ImagingStudy.text.div", "{div}");
        let quoted = div.len() > 4 && message.contains(div);
        assert!(!quoted, "the message repeats the narrative: {message}");
    }
}

#[test]
fn an_id_of_a_div_is_named() {
    let mut study = narrative("<div/>");
    let element = PrimitiveElement {
        id: Some("d-1".parse().expect("a string")),
        ..Default::default()
    };
    let text = study.text.as_mut().expect("a narrative");
    text.div.element = Some(Box::new(element));
    assert_eq!(refused(&study).0, "ImagingStudy.text.div");
    let text = study.text.as_mut().expect("a narrative");
    text.div.value = None;
    assert_eq!(refused(&study).0, "ImagingStudy.text.div");

    let patient = r#"{"resourceType":"Patient","text":{"div":"<div/>","_div":{"id":"d-1"}}}"#;
    assert_eq!(
        refused(&contained(patient)).0,
        "ImagingStudy.contained[0].text.div"
    );
}

#[test]
fn contained_resources_that_do_not_fit_their_definition_are_named() {
    let cases = [
        // Types that the version does not define.
        (r#"{"resourceType":"NoSuchType"}"#, ""),
        (r#"{"resourceType":"HumanName","family":"E"}"#, ""),
        (r#"{"resourceType":"DomainResource"}"#, ""),
        (r#"{"resourceType":"Patient.contact"}"#, ""),
        (r#"{"resourceType":"patient"}"#, ""),
        // Elements that the type does not have.
        (r#"{"resourceType":"Patient","colour":"red-1"}"#, ".colour"),
        (
            r#"{"resourceType":"Patient","name":[{"colour":"red-1"}]}"#,
            ".name[0].colour",
        ),
        (r#"{"resourceType":"Patient","deceased":true}"#, ".deceased"),
        (
            r#"{"resourceType":"Patient","deceasedString":"d-1"}"#,
            ".deceasedString",
        ),
        (
            r#"{"resourceType":"Patient","_colour":{"id":"c-1"}}"#,
            ".colour",
        ),
        (
            r#"{"resourceType":"Patient","name":[{"resourceType":"HumanName"}]}"#,
            ".name[0].resourceType",
        ),
        (
            r#"{"resourceType":"Endpoint","payloadType":[{"text":"t-1"}]}"#,
            ".payloadType",
        ),
        // Another JSON type than the definition has.
        (r#"{"resourceType":"Patient","active":"true"}"#, ".active"),
        (r#"{"resourceType":"Patient","active":1}"#, ".active"),
        (r#"{"resourceType":"Patient","active":[true]}"#, ".active"),
        (r#"{"resourceType":"Patient","active":null}"#, ".active"),
        (r#"{"resourceType":"Patient","active":{}}"#, ".active"),
        (
            r#"{"resourceType":"Patient","birthDate":1970}"#,
            ".birthDate",
        ),
        (
            r#"{"resourceType":"Patient","multipleBirthInteger":"2"}"#,
            ".multipleBirthInteger",
        ),
        (
            r#"{"resourceType":"Patient","name":{"family":"E-1"}}"#,
            ".name",
        ),
        (r#"{"resourceType":"Patient","name":[]}"#, ".name"),
        (r#"{"resourceType":"Patient","name":["E-1"]}"#, ".name[0]"),
        (r#"{"resourceType":"Patient","name":[null]}"#, ".name[0]"),
        (
            r#"{"resourceType":"Patient","name":[{"given":"Ada-1"}]}"#,
            ".name[0].given",
        ),
        (
            r#"{"resourceType":"Patient","maritalStatus":[{"text":"t-1"}]}"#,
            ".maritalStatus",
        ),
        (
            r#"{"resourceType":"Patient","maritalStatus":"m-1"}"#,
            ".maritalStatus",
        ),
        (r#"{"resourceType":"Patient","text":"t-1"}"#, ".text"),
        (
            r#"{"resourceType":"Patient","text":{"div":5}}"#,
            ".text.div",
        ),
        (
            r#"{"resourceType":"Patient","contained":["c-1"]}"#,
            ".contained[0]",
        ),
        (
            r#"{"resourceType":"Patient","contained":{"resourceType":"Basic"}}"#,
            ".contained",
        ),
        (
            r#"{"resourceType":"Patient","contained":[{}]}"#,
            ".contained[0]",
        ),
        (
            r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"NoSuchType"}}]}"#,
            ".entry[0].resource",
        ),
        (
            r#"{"resourceType":"Bundle","entry":[{"resource":{"id":"i-1"}}]}"#,
            ".entry[0].resource",
        ),
        (
            r#"{"resourceType":"Patient","extension":[{"url":5}]}"#,
            ".extension[0].url",
        ),
        (
            r#"{"resourceType":"Patient","extension":[{"url":"u","_url":{"id":"u-1"}}]}"#,
            ".extension[0].url",
        ),
        (
            r#"{"resourceType":"Patient","name":[{"id":"n","_id":{"id":"u-1"},"text":"t-1"}]}"#,
            ".name[0].id",
        ),
        // Values and their ids and extensions.
        (r#"{"resourceType":"Patient","_active":{}}"#, ".active"),
        (
            r#"{"resourceType":"Patient","_active":[{"id":"a-1"}]}"#,
            ".active",
        ),
        (
            r#"{"resourceType":"Patient","_active":{"id":5}}"#,
            ".active.id",
        ),
        (
            r#"{"resourceType":"Patient","_active":{"id":"a-1","colour":"red-1"}}"#,
            ".active.colour",
        ),
        (
            r#"{"resourceType":"Patient","_active":{"extension":[]}}"#,
            ".active.extension",
        ),
        (
            r#"{"resourceType":"Patient","_name":[{"id":"a-1"}]}"#,
            ".name[0]",
        ),
        (
            r#"{"resourceType":"Patient","name":[{"given":["A-1","B-1"],"_given":[null]}]}"#,
            ".name[0].given",
        ),
        (
            r#"{"resourceType":"Patient","name":[{"given":["A-1",null],"_given":[null,null]}]}"#,
            ".name[0].given[1]",
        ),
        (
            r#"{"resourceType":"Patient","name":[{"given":["A-1",null]}]}"#,
            ".name[0].given[1]",
        ),
        // Empty.
        (r#"{"resourceType":"Patient","birthDate":""}"#, ".birthDate"),
        (r#"{"resourceType":"Patient","id":""}"#, ".id"),
        (r#"{"resourceType":"Patient","name":[{}]}"#, ".name[0]"),
        (
            r#"{"resourceType":"Patient","name":[{"given":["A-1",""]}]}"#,
            ".name[0].given[1]",
        ),
        (
            r#"{"resourceType":"Patient","extension":[{"url":""}]}"#,
            ".extension[0].url",
        ),
        // Two of a choice.
        (
            r#"{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2024-1"}"#,
            ".deceasedDateTime",
        ),
        (
            r#"{"resourceType":"Patient","deceasedBoolean":true,"_deceasedDateTime":{"id":"d-1"}}"#,
            ".deceasedDateTime",
        ),
        // No resource, and no div.
        (r#"{"resourceType":"Attachment"}"#, ""),
        (
            r#"{"resourceType":"Patient","text":{"div":"<p/>"}}"#,
            ".text.div",
        ),
    ];
    let mut problems = Vec::new();
    for (resource, path) in cases {
        let study = contained(resource);
        let Err(error) = to_string(&study) else {
            let text = to_string(&study).expect("writable");
            let back = from_str::<ImagingStudy>(&text).map(|back| back == study);
            problems.push(format!("{resource} is written; read back: {back:?}"));
            continue;
        };
        let found = error.path().map(ToString::to_string).unwrap_or_default();
        if found != format!("ImagingStudy.contained[0]{path}") {
            problems.push(format!("{resource}: {error}"));
        }
        // Values have a digit for this test; names and paths have none but indexes.
        let message = error.to_string().replace(&found, "");
        if message.contains("-1") {
            problems.push(format!("{resource}: the message repeats a value: {error}"));
        }
    }
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

/// Markup of a resource that is not one element of its type would break the study around it.
#[test]
fn markup_that_is_no_resource_is_named() {
    for markup in [
        "",
        "text",
        "<X>",
        "<X/><X/>",
        "<X/>text",
        "<!-- a --><X/>",
        "<Y/>",
        "<x/>",
        "<X xmlns='urn:x'/>",
        "<X xmlns=''/>",
        "<X><q:y/></X>",
        "<X a='1' a='2'/>",
        "<X>&nbsp;</X>",
        "<X>\u{FFFF}</X>",
        "<?xml version=\"1.0\"?><X/>",
        "\u{FEFF}<X/>",
        "</contained><status value='available'/><contained>",
    ] {
        let study = ImagingStudy {
            contained: vec![Resource::from_xml("X", None, markup.to_owned())],
            ..Default::default()
        };
        assert_eq!(refused(&study).0, "ImagingStudy.contained[0]", "{markup}");
    }
    let study = ImagingStudy {
        contained: vec![Resource::from_xml("X", None, "<X a='1'/>".to_owned())],
        ..Default::default()
    };
    let text = to_string(&study).expect("an element");
    assert_eq!(from_str::<ImagingStudy>(&text).expect("readable"), study);
}

/// Members of a contained resource may stand in any order, XML has one; JSON -> XML -> JSON keeps
/// every value.
#[test]
fn contained_resources_are_written_in_the_order_of_the_definition() {
    let study = contained(
        r#"{"birthDate":"1970","name":[{"given":["A"],"id":"n","family":"E"}],"resourceType":"Patient","active":true}"#,
    );
    let text = to_string(&study).expect("writable");
    let patient = r#"<Patient><active value="true"/><name id="n"><family value="E"/><given value="A"/></name><birthDate value="1970"/></Patient>"#;
    assert!(text.contains(patient), "{text}");
    let back: ImagingStudy = from_str(&text).expect("readable");
    let ordered = contained(
        r#"{"resourceType":"Patient","active":true,"name":[{"id":"n","family":"E","given":["A"]}],"birthDate":"1970"}"#,
    );
    assert_eq!(back, ordered);
}

#[test]
fn resources_of_any_type_are_documents_too() {
    let definitions = ImagingStudy::definitions().expect("the table of the version");
    let patient = r#"{"resourceType":"Patient","active":true,"name":[{"given":[null,"Ada"],"_given":[{"id":"g"},null]}]}"#;
    let resource = resource(patient);
    let text = Encoder::default()
        .encode_resource(&resource, definitions)
        .expect("writable");
    assert_eq!(
        text,
        r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/><name><given id="g"/><given value="Ada"/></name></Patient>"#
    );
    let mut decoder = imaging_study_xml::Decoder::default();
    let back = decoder
        .decode_resource(text.as_bytes(), definitions)
        .expect("readable");
    assert_eq!(back.value, resource);
    assert!(back.unknown.is_empty());

    let unknown = r#"<NoSuchType xmlns="http://hl7.org/fhir"/>"#;
    decoder
        .decode_resource(unknown.as_bytes(), definitions)
        .expect_err("no definition");
}

/// A part of a study can be written and read by itself, as a document with the name of its type.
#[test]
fn types_are_documents_too() {
    fn comes_back<T: Element + PartialEq + std::fmt::Debug>(text: &str) {
        let value: T = from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(to_string(&value).expect("writable"), text);
        to_string(&T::default()).expect_err("an empty element");
    }
    let fhir = "xmlns=\"http://hl7.org/fhir\"";
    comes_back::<HumanName>(&format!(
        r#"<HumanName {fhir} id="n"><family value="E"/><given id="g"/></HumanName>"#
    ));
    comes_back::<Extension>(&format!(
        r#"<Extension {fhir} id="x" url="u"><valueBoolean value="true"/></Extension>"#
    ));
    comes_back::<Extension>(&format!(r#"<Extension {fhir} url="u"/>"#));
    comes_back::<Narrative>(&format!(
        r#"<Narrative {fhir}><status value="empty"/><div {XHTML}/></Narrative>"#
    ));
    comes_back::<Reference>(&format!(
        r#"<Reference {fhir}><reference value="Patient/p"/></Reference>"#
    ));
    for text in [
        format!("<HumanName {fhir}/>"),
        format!(r#"<humanName {fhir} id="n"/>"#),
        r#"<HumanName id="n"/>"#.to_owned(),
        format!(r#"<HumanName {fhir} id="n" url="u"/>"#),
    ] {
        from_str::<HumanName>(&text).expect_err(&text);
    }
}

/// A resource from JSON.
fn resource(text: &str) -> Resource {
    let mut study = contained(text);
    study.contained.pop().expect("a resource")
}

#[test]
fn an_output_that_fails_is_reported() {
    let mut output = [0_u8; 10];
    let error = to_writer(&mut output[..], &ImagingStudy::default()).expect_err("too small");
    assert!(error.to_string().starts_with("output failed: "), "{error}");
}
