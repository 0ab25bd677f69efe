//! Parts of data types that only newer versions have: each travels in the extension that HL7 defines
//! for it, beside what is left of the value, and comes home.

use imaging_study_convert::{LossKind, Options, convert};
use imaging_study_json::{from_str, to_string};
use imaging_study_r4::ImagingStudy as R4;
use imaging_study_r5::ImagingStudy as R5;

fn study(extension: &str) -> String {
    format!(
        r#"{{"resourceType":"ImagingStudy","extension":[{{"url":"http://e.example/p",{extension}}}],"status":"available","subject":{{"reference":"Patient/p"}}}}"#
    )
}

/// The extension that carries an element, with members beside its URL.
fn carry(element: &str, value: &str) -> String {
    format!(
        r#"{{"url":"http://hl7.org/fhir/5.0/StructureDefinition/extension-{element}",{value}}}"#
    )
}

/// A value in R5, and as it stands in R4.
fn rows() -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut row = |name: &str, newer: String, older: String| {
        rows.push((
            format!(r#""value{name}":{{{newer}}}"#),
            format!(r#""value{name}":{{{older}}}"#),
        ));
    };
    // On the value, beside what is left of it.
    let beside = [
        ("Attachment", "height", "PositiveInt", "3", false, ""),
        ("Attachment", "width", "PositiveInt", "3", false, ""),
        ("Attachment", "frames", "PositiveInt", "3", false, ""),
        ("Attachment", "pages", "PositiveInt", "3", false, ""),
        ("Attachment", "duration", "Decimal", "1.50", false, ""),
        (
            "RelatedArtifact",
            "classifier",
            "CodeableConcept",
            r#"{"text":"a"}"#,
            true,
            r#""type":"citation""#,
        ),
        (
            "RelatedArtifact",
            "publicationStatus",
            "Code",
            r#""draft""#,
            false,
            r#""type":"citation""#,
        ),
        (
            "RelatedArtifact",
            "publicationDate",
            "Date",
            r#""2021-02""#,
            false,
            r#""type":"citation""#,
        ),
        (
            "RelatedArtifact",
            "resourceReference",
            "Reference",
            r#"{"reference":"Binary/b"}"#,
            false,
            r#""type":"citation""#,
        ),
        (
            "SampledData",
            "codeMap",
            "Canonical",
            r#""http://e.example/m""#,
            false,
            "",
        ),
        ("SampledData", "offsets", "String", r#""1 2""#, false, ""),
        (
            "TriggerDefinition",
            "code",
            "CodeableConcept",
            r#"{"text":"a"}"#,
            false,
            r#""type":"named-event""#,
        ),
        (
            "TriggerDefinition",
            "subscriptionTopic",
            "Canonical",
            r#""http://e.example/t""#,
            false,
            r#""type":"named-event""#,
        ),
    ];
    for (name, element, value, text, many, before) in beside {
        let carried = carry(
            &format!("{name}.{element}"),
            &format!(r#""value{value}":{text}"#),
        );
        let comma = if before.is_empty() { "" } else { "," };
        let listed = if many {
            format!("[{text},{text}]")
        } else {
            text.to_owned()
        };
        let list = if many {
            format!("{carried},{carried}")
        } else {
            carried
        };
        if name == "SampledData" {
            let (front, newer, older) = (
                r#""origin":{"value":0}"#,
                r#""interval":2.0,"intervalUnit":"ms""#,
                r#""period":2.0"#,
            );
            row(
                name,
                format!(r#"{front},{newer},"dimensions":1,"{element}":{listed}"#),
                format!(r#""extension":[{list}],{front},{older},"dimensions":1"#),
            );
        } else {
            row(
                name,
                format!(r#"{before}{comma}"{element}":{listed}"#),
                format!(r#""extension":[{list}]{comma}{before}"#),
            );
        }
    }
    // On the primitive, which has no value then.
    let on = |element: &str, kind: &str, text: &str| {
        let carried = carry(element, &format!(r#""value{kind}":{text}"#));
        format!(r#"{{"extension":[{carried}]}}"#)
    };
    row(
        "Attachment",
        r#""size":"5000000000""#.into(),
        format!(
            r#""_size":{}"#,
            on("Attachment.size", "String", r#""5000000000""#)
        ),
    );
    row(
        "RelatedArtifact",
        r#""type":"signature""#.into(),
        format!(
            r#""_type":{}"#,
            on("RelatedArtifact.type", "Code", r#""signature""#)
        ),
    );
    let when = on("Timing.repeat.when", "Code", r#""IMD""#);
    row(
        "Timing",
        r#""repeat":{"when":["MORN","IMD"]}"#.into(),
        format!(r#""repeat":{{"when":["MORN",null],"_when":[null,{when}]}}"#),
    );
    let language = r#""language":"text/cql","expression":"1""#;
    row(
        "Expression",
        format!(r#""name":"a_b",{language}"#),
        format!(
            r#""_name":{},{language}"#,
            on("Expression.name", "Code", r#""a_b""#)
        ),
    );
    row(
        "Expression",
        format!(r#""name":"a-b",{language}"#),
        format!(r#""name":"a-b",{language}"#),
    );
    // Lists and other names.
    let reason = |text: &str| {
        carry(
            "Dosage.asNeededFor",
            &format!(r#""valueCodeableConcept":{{"text":"{text}"}}"#),
        )
    };
    row(
        "Dosage",
        r#""asNeededFor":[{"text":"pain"}]"#.into(),
        r#""asNeededCodeableConcept":{"text":"pain"}"#.into(),
    );
    row(
        "Dosage",
        r#""text":"one","asNeeded":true,"asNeededFor":[{"text":"pain"},{"text":"fever"}]"#.into(),
        format!(
            r#""extension":[{},{}],"text":"one","asNeededBoolean":true"#,
            reason("pain"),
            reason("fever")
        ),
    );
    let ratio =
        |value: u8| format!(r#"{{"numerator":{{"value":{value}}},"denominator":{{"value":1}}}}"#);
    let dose = |value: u8| {
        carry(
            "Dosage.maxDosePerPeriod",
            &format!(r#""valueRatio":{}"#, ratio(value)),
        )
    };
    row(
        "Dosage",
        format!(r#""maxDosePerPeriod":[{}]"#, ratio(1)),
        format!(r#""maxDosePerPeriod":{}"#, ratio(1)),
    );
    row(
        "Dosage",
        format!(
            r#""maxDosePerPeriod":[{},{},{}]"#,
            ratio(1),
            ratio(2),
            ratio(1)
        ),
        format!(
            r#""extension":[{},{},{}],"maxDosePerPeriod":{}"#,
            dose(1),
            dose(2),
            dose(1),
            ratio(1)
        ),
    );
    let filter = |parts: &str| {
        carry(
            "DataRequirement.valueFilter",
            &format!(r#""extension":[{parts}]"#),
        )
        .replacen('{', "", 1)
    };
    let filter = |parts: &str| {
        // Extensions stand before the URL.
        let text = filter(parts);
        let (url, list) = text[..text.len() - 1]
            .split_once(',')
            .expect("two members")
            .to_owned();
        format!("{{{list},{url}}}")
    };
    row("DataRequirement", r#""type":"Observation","valueFilter":[{"path":"a","comparator":"gt","valuePeriod":{"start":"2020"}},{"searchParam":"b","valueDuration":{"value":1}}]"#.into(),
        format!(r#""extension":[{},{}],"type":"Observation""#,
            filter(r#"{"url":"path","valueString":"a"},{"url":"comparator","valueCode":"gt"},{"url":"value","valuePeriod":{"start":"2020"}}"#),
            filter(r#"{"url":"searchParam","valueString":"b"},{"url":"value","valueDuration":{"value":1}}"#)));
    rows
}

#[test]
fn each_travels_alone_and_comes_home() {
    let options = Options::default();
    for (newer, older) in rows() {
        let text = study(&newer);
        let read: R5 = from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let there = convert::<_, R4>(read, &options).expect("not strict");
        assert!(
            there.losses.iter().all(|loss| !loss.kind.is_loss()),
            "{newer}: {:?}",
            there.losses
        );
        assert_eq!(
            to_string(&there.value).expect("nothing is empty"),
            study(&older)
        );
        let back = convert::<_, R5>(there.value, &options).expect("not strict");
        assert_eq!(to_string(&back.value).expect("nothing is empty"), text);
        assert_eq!(back.losses, [], "{newer}");
    }
}

/// What earlier guides, or others, wrote of the same is read too.
#[test]
fn other_forms_are_read_and_noted() {
    let ratio = r#"{"numerator":{"value":1}}"#;
    let dose = carry(
        "Dosage.maxDosePerPeriod",
        &format!(r#""valueRatio":{ratio}"#),
    );
    let reason = carry(
        "Dosage.asNeededFor",
        r#""valueCodeableConcept":{"text":"a"}"#,
    );
    let unit = carry("SampledData.intervalUnit", r#""valueCode":"s""#);
    let cases = [
        (format!(r#""valueDosage":{{"extension":[{dose}]}}"#), format!(r#""valueDosage":{{"maxDosePerPeriod":[{ratio}]}}"#), LossKind::Form),
        (format!(r#""valueDosage":{{"extension":[{dose}],"maxDosePerPeriod":{ratio}}}"#), format!(r#""valueDosage":{{"maxDosePerPeriod":[{ratio}]}}"#), LossKind::Form),
        (format!(r#""valueDosage":{{"extension":[{dose}],"maxDosePerPeriod":{{"id":"r"}}}}"#), r#""valueDosage":{"maxDosePerPeriod":[{"id":"r"}]}"#.to_owned(), LossKind::StaleCarry),
        (format!(r#""valueDosage":{{"extension":[{reason}]}}"#), r#""valueDosage":{"asNeededFor":[{"text":"a"}]}"#.to_owned(), LossKind::Form),
        (format!(r#""valueDosage":{{"extension":[{reason}],"asNeededCodeableConcept":{{"text":"b"}}}}"#), r#""valueDosage":{"asNeededFor":[{"text":"b"}]}"#.to_owned(), LossKind::StaleCarry),
        (format!(r#""valueSampledData":{{"extension":[{unit}],"origin":{{"value":0}},"period":2,"dimensions":1}}"#),
         r#""valueSampledData":{"origin":{"value":0},"interval":2,"intervalUnit":"s","dimensions":1}"#.to_owned(), LossKind::Form),
    ];
    for (older, newer, kind) in cases {
        let read: R4 = from_str(&study(&older)).expect("a study");
        let there = convert::<_, R5>(read, &Options::default()).expect("not strict");
        assert_eq!(
            to_string(&there.value).expect("nothing is empty"),
            study(&newer)
        );
        let [loss] = &there.losses[..] else {
            panic!("{older}: {:?}", there.losses);
        };
        assert_eq!(loss.kind, kind, "{older}");
        let path = loss.path.to_string();
        assert!(
            path.starts_with("ImagingStudy.extension[0].value")
                && path.ends_with(".extension[0]")
                && !path.contains("extension.extension"),
            "{path}"
        );
    }
}

/// Through a version that lacks the type of the value too.
#[test]
fn each_comes_home_from_further_away() {
    use imaging_study_stu3::ImagingStudy as Stu3;
    let options = Options::default();
    for (newer, _) in rows() {
        let own = r#"{"extension":[{"url":"http://e.example/own","valueString":"x"}],"numerator""#;
        for newer in [newer.clone(), newer.replace(r#"{"numerator""#, own)] {
            let text = study(&newer);
            let read: R5 = from_str(&text).expect("a study");
            let second = convert::<_, R4>(read, &options).expect("not strict");
            let third = convert::<_, Stu3>(second.value, &options).expect("not strict");
            let back = convert::<_, R5>(third.value, &options).expect("not strict");
            assert_eq!(to_string(&back.value).expect("nothing is empty"), text);
        }
    }
}
