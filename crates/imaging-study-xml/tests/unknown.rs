//! Elements and attributes that a version does not define: kept as markup and reported where that
//! is asked for. Contained resources of types that it does not define are always kept.

use imaging_study_core::{Element, Limits};
use imaging_study_json as json;
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;
use imaging_study_xml::{
    Decoded, Decoder, ReadErrorKind, UnknownElements, Unread, from_str, scan, to_string,
};

fn keep<T: Element>(text: &str) -> Decoded<T> {
    let mut decoder = Decoder::default();
    decoder.unknown = UnknownElements::Keep;
    decoder
        .decode_str(text)
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn study(content: &str) -> String {
    format!(r#"<ImagingStudy xmlns="http://hl7.org/fhir">{content}</ImagingStudy>"#)
}

/// The paths and what is kept; attributes with an `@`.
fn found<T>(decoded: &Decoded<T>) -> Vec<(String, String)> {
    let entries = decoded.unknown.iter();
    entries
        .map(|unknown| {
            let value = match &unknown.value {
                Unread::Xml(markup) => markup.clone(),
                Unread::XmlAttribute(value) => format!("@{value}"),
                Unread::Json(_) => panic!("JSON in XML"),
            };
            (unknown.path.to_string(), value)
        })
        .collect()
}

fn assert_found<T>(decoded: &Decoded<T>, expected: &[(&str, &str)]) {
    let found = found(decoded);
    let found: Vec<_> = found
        .iter()
        .map(|(path, value)| (path.as_str(), value.as_str()))
        .collect();
    assert_eq!(found, expected);
}

/// The markup of the only unknown element of a study; it stands for itself wherever names without a
/// prefix are FHIR's.
fn markup(text: &str) -> String {
    let decoded = keep::<r5::ImagingStudy>(text);
    let [(_, markup)] = &found(&decoded)[..] else {
        panic!("one unknown element in {text}");
    };
    let again = study(markup);
    scan(again.as_bytes(), Limits::default(), |_| ())
        .unwrap_or_else(|error| panic!("{error}\n{again}"));
    let decoded = keep::<r5::ImagingStudy>(&again);
    assert_eq!(found(&decoded)[0].1, *markup, "{text}");
    markup.clone()
}

#[test]
fn unknown_elements_and_attributes_are_kept_with_their_paths() {
    let text = r#"<ImagingStudy xmlns="http://hl7.org/fhir" xmlns:q="urn:q" version="4" q:z='&lt;"&#9;'>
        <a/>
        <meta><profile value="p"/><profile id="q"><note value="1.0"/></profile></meta>
        <b value="x">text &amp; <c xmlns="urn:c"/><!-- kept --></b>
        <text><status value="generated"/><style value="bold"/><div xmlns="http://www.w3.org/1999/xhtml"/></text>
        <contained><Patient colour="green"><x/><active value="true" y="1"/><name><z/><family value="E"/></name></Patient></contained>
        <extension url="e"><valuePeriod><start value="2024"/><length value="1E2"/></valuePeriod></extension>
        <status id="s" value="available" colour="red"><q:late/></status>
        <series><uid value="1.2"/></series>
        <series>
            <uid value="1.3"/>
            <instance><uid value="1.3.1"/></instance>
            <instance><deep><z/></deep><uid value="1.3.2"/></instance>
        </series>
        <procedure><concept><text value="CT"/></concept></procedure>
        <a/>
    </ImagingStudy>"#;
    let decoded = keep::<r4::ImagingStudy>(text);
    assert_found(
        &decoded,
        &[
            ("ImagingStudy.version", "@4"),
            ("ImagingStudy.q:z", "@<\"\t"),
            ("ImagingStudy.a", "<a/>"),
            (
                "ImagingStudy.meta.profile[1].note",
                r#"<note value="1.0"/>"#,
            ),
            (
                "ImagingStudy.b",
                r#"<b value="x">text &amp; <c xmlns="urn:c"/><!-- kept --></b>"#,
            ),
            ("ImagingStudy.text.style", r#"<style value="bold"/>"#),
            ("ImagingStudy.contained[0].colour", "@green"),
            ("ImagingStudy.contained[0].x", "<x/>"),
            ("ImagingStudy.contained[0].active.y", "@1"),
            ("ImagingStudy.contained[0].name[0].z", "<z/>"),
            (
                "ImagingStudy.extension[0].value.length",
                r#"<length value="1E2"/>"#,
            ),
            ("ImagingStudy.status.colour", "@red"),
            ("ImagingStudy.status.late", r#"<q:late xmlns:q="urn:q"/>"#),
            (
                "ImagingStudy.series[1].instance[1].deep",
                "<deep><z/></deep>",
            ),
            (
                "ImagingStudy.procedure",
                r#"<procedure><concept><text value="CT"/></concept></procedure>"#,
            ),
            ("ImagingStudy.a", "<a/>"),
        ],
    );
    // What is known was read as if the rest had not been there.
    let known = r#"<ImagingStudy xmlns="http://hl7.org/fhir">
        <meta><profile value="p"/><profile id="q"/></meta>
        <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"/></text>
        <contained><Patient><active value="true"/><name><family value="E"/></name></Patient></contained>
        <extension url="e"><valuePeriod><start value="2024"/></valuePeriod></extension>
        <status id="s" value="available"/>
        <series><uid value="1.2"/></series>
        <series>
            <uid value="1.3"/>
            <instance><uid value="1.3.1"/></instance>
            <instance><uid value="1.3.2"/></instance>
        </series>
    </ImagingStudy>"#;
    let known = from_str::<r4::ImagingStudy>(known).expect("nothing unknown");
    assert_eq!(decoded.value, known);
}

#[test]
fn nothing_is_reported_of_a_study_without_unknown_elements() {
    let text = r#"<ImagingStudy xmlns="http://hl7.org/fhir" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://hl7.org/fhir a.xsd"><!-- a --><contained><Patient/></contained></ImagingStudy>"#;
    assert_found(&keep::<r5::ImagingStudy>(text), &[]);
}

#[test]
fn what_holds_nothing_but_unknown_things_is_not_empty() {
    for (content, path) in [
        ("<series><x/></series>", "ImagingStudy.series[0].x"),
        ("<series x='1'/>", "ImagingStudy.series[0].x"),
        ("<text><x/></text>", "ImagingStudy.text.x"),
        ("<status><x/></status>", "ImagingStudy.status.x"),
        ("<status x='1'/>", "ImagingStudy.status.x"),
        (
            "<meta><profile x='1'/></meta>",
            "ImagingStudy.meta.profile[0].x",
        ),
        (
            "<contained><Patient><name><x/></name></Patient></contained>",
            "ImagingStudy.contained[0].name[0].x",
        ),
        (
            "<contained><Patient><active x='1'/></Patient></contained>",
            "ImagingStudy.contained[0].active.x",
        ),
    ] {
        let decoded = keep::<r5::ImagingStudy>(&study(content));
        assert_eq!(found(&decoded)[0].0, path);
        assert_eq!(decoded.unknown.len(), 1, "{content}");
    }
}

#[test]
fn markup_declares_what_it_takes_from_around_it() {
    let fhir = "http://hl7.org/fhir";
    let cases = [
        // As it is spelled, where it takes nothing.
        (study("<x/>"), "<x/>"),
        (study("<x  a = '1'\n/>"), "<x  a = '1'\n/>"),
        (
            study("<x xmlns='urn:o'><y/></x>"),
            "<x xmlns='urn:o'><y/></x>",
        ),
        (study("<q:x xmlns:q='urn:q'/>"), "<q:x xmlns:q='urn:q'/>"),
        (study("<x xmlns=\"\"><y/></x>"), "<x xmlns=\"\"><y/></x>"),
        // The prefix of FHIR is not needed.
        (
            format!("<f:ImagingStudy xmlns:f='{fhir}'><f:x><f:y b='1'/></f:x></f:ImagingStudy>"),
            "<x><y b='1'/></x>",
        ),
        (
            study(&format!("<f:x xmlns:f='{fhir}' a='1'><f:y/></f:x>")),
            "<x a='1'><y/></x>",
        ),
        (
            study(&format!("<f:x a='1' xmlns:f='{fhir}' b='2'></f:x >")),
            "<x a='1' b='2'></x >",
        ),
        // It is, where a default of its own stands beside it.
        (
            format!("<f:ImagingStudy xmlns:f='{fhir}'><f:x xmlns='urn:o' a='1'/></f:ImagingStudy>"),
            "<f:x xmlns:f=\"http://hl7.org/fhir\" xmlns='urn:o' a='1'/>",
        ),
        (
            format!(
                "<f:ImagingStudy xmlns:f='{fhir}'><f:x xmlns='urn:o'><y/></f:x></f:ImagingStudy>"
            ),
            "<f:x xmlns:f=\"http://hl7.org/fhir\" xmlns='urn:o'><y/></f:x>",
        ),
        (
            format!(
                "<f:ImagingStudy xmlns:f='{fhir}'><f:x><y xmlns='urn:o'/></f:x></f:ImagingStudy>"
            ),
            "<f:x xmlns:f=\"http://hl7.org/fhir\"><y xmlns='urn:o'/></f:x>",
        ),
        // Names in no namespace stay there.
        (
            format!("<f:ImagingStudy xmlns:f='{fhir}'><x a='1'><y/></x></f:ImagingStudy>"),
            "<x xmlns=\"\" a='1'><y/></x>",
        ),
        (
            format!("<f:ImagingStudy xmlns:f='{fhir}'><f:x><y/></f:x></f:ImagingStudy>"),
            "<f:x xmlns=\"\" xmlns:f=\"http://hl7.org/fhir\"><y/></f:x>",
        ),
        // Prefixes of others come along, each once, and no more than are used.
        (
            format!(
                "<ImagingStudy xmlns='{fhir}' xmlns:q='urn:q' xmlns:r='urn:r' xmlns:s='urn:s'><x><q:y r:a='1'/><q:z/></x></ImagingStudy>"
            ),
            "<x xmlns:q=\"urn:q\" xmlns:r=\"urn:r\"><q:y r:a='1'/><q:z/></x>",
        ),
        (
            format!(
                "<ImagingStudy xmlns='{fhir}' xmlns:q='urn:q'><x><q:y xmlns:q='urn:other'/></x></ImagingStudy>"
            ),
            "<x><q:y xmlns:q='urn:other'/></x>",
        ),
        (
            format!("<f:ImagingStudy xmlns:f='{fhir}' xmlns='urn:o'><x/></f:ImagingStudy>"),
            "<x xmlns=\"urn:o\"/>",
        ),
        (
            format!(
                "<ImagingStudy xmlns='{fhir}' xmlns:q='urn:\"&amp;&lt;&#9;'><q:x/></ImagingStudy>"
            ),
            "<q:x xmlns:q=\"urn:&quot;&amp;&lt;&#9;\"/>",
        ),
        // `xml` is never declared.
        (study("<x xml:lang='de'/>"), "<x xml:lang='de'/>"),
        // Characters stay as they are spelled, but for line ends.
        (
            study("<x a='&#65;&#xD;'>&#x41;&gt;<![CDATA[ ]] <y> ]]></x>"),
            "<x a='&#65;&#xD;'>&#x41;&gt;<![CDATA[ ]] <y> ]]></x>",
        ),
        (study("<x>\r\n<y\r/>\r</x>"), "<x>\n<y\n/>\n</x>"),
    ];
    for (text, expected) in cases {
        assert_eq!(markup(&text), expected, "{text}");
    }
}

/// A prefix of an attribute must be declared also where the attribute is unknown.
#[test]
fn what_is_wrong_besides_is_still_refused() {
    let mut decoder = Decoder::default();
    decoder.unknown = UnknownElements::Keep;
    for content in [
        "<x a='1' a='2'/>",
        "<x><y a='1' a='2'/></x>",
        "<x xmlns:a='urn:a' xmlns:b='urn:a' a:c='1' b:c='2'/>",
        "<x>",
        "<x></y>",
        "<x><q:y/></x>",
        "<x q:a='1'/>",
        "<x>&nbsp;</x>",
        "<x a='&nbsp;'/>",
        "<x a='<'/>",
        "<x>]]></x>",
        "<x><?pi?></x>",
        "<x><!-- -- --></x>",
        "<x><!DOCTYPE x></x>",
        "<x>\u{FFFF}</x>",
        "<status q:value='x' value='available'/>",
        "<status x='1' x='2'/>",
        "<status x='&nbsp;'/>",
        "<x/>text",
        "<x/><status value=''/>",
        "<subject/>",
        "<description value='d'/><x/><status value='available'/>",
        "<status value='available'/><x/><status value='available'/>",
        "<contained/>",
        "<contained><X/><x/></contained>",
        "<contained><Patient><x q:a='1'/></Patient></contained>",
        "<contained><Patient q:a='1'/></contained>",
    ] {
        decoder
            .decode_str::<r4::ImagingStudy>(&study(content))
            .expect_err(content);
    }
}

#[test]
fn unknown_elements_are_refused_by_default() {
    for (content, path) in [
        ("<x/>", "ImagingStudy.x"),
        ("<q:x xmlns:q='urn:q'/>", "ImagingStudy.x"),
        ("<series><x>text</x></series>", "ImagingStudy.series[0].x"),
        (
            "<contained><Patient><x/></Patient></contained>",
            "ImagingStudy.contained[0].x",
        ),
    ] {
        let error = from_str::<r5::ImagingStudy>(&study(content)).expect_err(content);
        assert!(
            matches!(error.kind(), ReadErrorKind::UnknownElement),
            "{error}"
        );
        assert_eq!(error.path().to_string(), path);
    }
    for (content, path) in [
        ("<status x='1' value='available'/>", "ImagingStudy.status.x"),
        (
            "<contained><Patient x='1'/></contained>",
            "ImagingStudy.contained[0].x",
        ),
    ] {
        let error = from_str::<r5::ImagingStudy>(&study(content)).expect_err(content);
        assert!(
            matches!(error.kind(), ReadErrorKind::UnknownAttribute),
            "{error}"
        );
        assert_eq!(error.path().to_string(), path);
    }
}

#[test]
fn a_study_of_the_other_version_keeps_what_it_says() {
    let text = study(
        r#"<partOf><reference value="Procedure/p"/></partOf><modality><coding><code value="CT"/></coding></modality>"#,
    );
    assert_found(
        &keep::<r4::ImagingStudy>(&text),
        &[
            (
                "ImagingStudy.partOf",
                r#"<partOf><reference value="Procedure/p"/></partOf>"#,
            ),
            (
                "ImagingStudy.modality[0].coding",
                r#"<coding><code value="CT"/></coding>"#,
            ),
        ],
    );
}

#[test]
fn contained_resources_of_unknown_types_are_always_kept() {
    let resource = r#"<NoSuchType><id value="&#x6E;-1"/><b>text<!-- kept --></b></NoSuchType>"#;
    let text = study(&format!(
        "<contained><Basic/></contained><contained> {resource} </contained>"
    ));
    let mut decoder = Decoder::default();
    let decoded = decoder
        .decode_str::<r4::ImagingStudy>(&text)
        .expect("kept without being asked for");
    assert_found(
        &decoded,
        &[("ImagingStudy.contained[1].NoSuchType", resource)],
    );

    let kept = &decoded.value.contained[1];
    assert_eq!(kept.resource_type(), "NoSuchType");
    assert_eq!(kept.id(), Some("n-1"));
    assert_eq!(kept.xml(), Some(resource));
    let written = to_string(&decoded.value).expect("writable");
    let compact = format!("<contained><Basic/></contained><contained>{resource}</contained>");
    assert_eq!(written, study(&compact));
    assert_eq!(
        from_str::<r4::ImagingStudy>(&written).expect("readable"),
        decoded.value
    );

    // JSON cannot say it, since nothing tells which elements repeat.
    let error = json::to_string(&decoded.value).expect_err("markup");
    let path = error.path().map(ToString::to_string);
    assert_eq!(path.as_deref(), Some("ImagingStudy.contained[1]"));
}

/// Types that are no resources, or of which there are no instances.
#[test]
fn names_of_other_types_are_unknown_resources() {
    for name in [
        "HumanName",
        "DomainResource",
        "Resource",
        "Element",
        "BackboneElement",
        "Patient.contact",
        "patient",
        "string",
        "Device-1",
    ] {
        let text = study(&format!("<contained><{name}/></contained>"));
        let study: r5::ImagingStudy = from_str(&text).expect(name);
        assert_eq!(study.contained[0].xml(), Some(&*format!("<{name}/>")));
        assert_eq!(to_string(&study).expect("writable"), text);
    }
}

/// A resource of an unknown type in a resource of a known one would have to be JSON.
#[test]
fn unknown_types_inside_contained_resources_are_refused() {
    for content in [
        "<Bundle><entry><resource><NoSuchType/></resource></entry></Bundle>",
        "<Basic><contained><NoSuchType/></contained></Basic>",
        "<Parameters><parameter><resource><Patient.contact/></resource></parameter></Parameters>",
    ] {
        let text = study(&format!("<contained>{content}</contained>"));
        for unknown in [UnknownElements::Refuse, UnknownElements::Keep] {
            let mut decoder = Decoder::default();
            decoder.unknown = unknown;
            let error = decoder
                .decode_str::<r5::ImagingStudy>(&text)
                .expect_err(content);
            assert!(
                matches!(error.kind(), ReadErrorKind::UnknownResourceType),
                "{error}"
            );
        }
    }
}

#[test]
fn markup_of_unknown_resources_stands_for_itself() {
    let cases = [
        (
            "<f:ImagingStudy xmlns:f='http://hl7.org/fhir' xmlns:h='http://www.w3.org/1999/xhtml'><f:contained><f:Nope><f:id value='x'/><h:p h:a='1'/></f:Nope></f:contained></f:ImagingStudy>",
            "<Nope xmlns:h=\"http://www.w3.org/1999/xhtml\"><id value='x'/><h:p h:a='1'/></Nope>",
        ),
        (
            "<f:ImagingStudy xmlns:f='http://hl7.org/fhir'><f:contained><f:Nope><g/></f:Nope></f:contained></f:ImagingStudy>",
            "<f:Nope xmlns=\"\" xmlns:f=\"http://hl7.org/fhir\"><g/></f:Nope>",
        ),
        (
            "<ImagingStudy xmlns='http://hl7.org/fhir'><contained><f:Nope xmlns:f='http://hl7.org/fhir' xmlns='urn:o'/></contained></ImagingStudy>",
            "<f:Nope xmlns:f='http://hl7.org/fhir' xmlns='urn:o'/>",
        ),
    ];
    for (text, expected) in cases {
        let study: r4::ImagingStudy = from_str(text).expect(text);
        assert_eq!(study.contained[0].xml(), Some(expected));
        let written = to_string(&study).expect("writable");
        scan(written.as_bytes(), Limits::default(), |_| ()).expect("well-formed");
        assert_eq!(
            from_str::<r4::ImagingStudy>(&written).expect("readable"),
            study
        );
    }
}
