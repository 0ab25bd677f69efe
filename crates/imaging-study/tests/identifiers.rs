//! The identifiers of a study of any version: finding and setting them.

use imaging_study::dicom::{
    AccessionLint, Found, Place, Slot, Spelling, StudyUidError, Uid, UidLint,
};
use imaging_study::json::Decoder;
use imaging_study::{
    Accession, AnyImagingStudy, FhirVersion, IdentifierError, search_parameter, spelling,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const BEFORE_R4: [FhirVersion; 2] = [FhirVersion::Dstu2, FhirVersion::Stu3];
const SINCE_R4: [FhirVersion; 5] = [
    FhirVersion::R4,
    FhirVersion::R4B,
    FhirVersion::R5,
    FhirVersion::R6Draft,
    FhirVersion::R6,
];

fn study(version: FhirVersion, mut members: Value) -> AnyImagingStudy {
    members["resourceType"] = "ImagingStudy".into();
    let text = members.to_string();
    AnyImagingStudy::from_json(text.as_bytes(), version, &mut Decoder::default())
        .unwrap_or_else(|error| panic!("{version}: {error} in {text}"))
        .value
}

fn written(study: &AnyImagingStudy) -> Value {
    let text = study.to_json().expect("a study can be written");
    serde_json::from_str(&text).expect("JSON")
}

fn uid(text: &str) -> Uid {
    text.parse().expect("a UID")
}

#[test]
fn a_uid_is_found_where_each_version_has_it() {
    for version in BEFORE_R4 {
        let found = study(
            version,
            json!({"uid": "urn:oid:1.2.3", "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.4"}]}),
        )
        .study_uid();
        assert_eq!(found.require(), Ok(uid("1.2.3")), "{version}");
        assert_eq!(found.others[0].place, Place::Identifier(0));
        let found = found.found.one().expect("there is one");
        assert_eq!(found.place, Place::Uid);
        assert!(found.lints.contains(UidLint::OtherUid));
    }
    for version in SINCE_R4 {
        let found = study(
            version,
            json!({"identifier": [
                {"value": "A"},
                {"type": {"coding": [{"code": "110180"}]}, "value": "1.2.4"},
                {"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"},
            ]}),
        )
        .study_uid();
        assert_eq!(found.require(), Ok(uid("1.2.3")), "{version}");
        assert_eq!(
            found.found.one().expect("one").place,
            Place::Identifier(2),
            "{version}"
        );
    }
    for version in FhirVersion::ALL {
        let none = study(version, json!({})).study_uid().require();
        assert_eq!(none, Err(StudyUidError::NoStudyUid), "{version}");
    }
}

#[test]
fn a_uuid_is_a_uid_only_on_request() {
    let uuid = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    let study = study(
        FhirVersion::R5,
        json!({"identifier": [{"system": "urn:dicom:uid", "value": uuid}]}),
    );
    assert!(study.study_uid().require().is_err());
    assert_eq!(
        study.study_uid_with_uuids().require(),
        Ok(uid("2.25.329800735698586629295641978511506172918"))
    );
}

#[test]
fn an_accession_number_is_found_where_each_version_has_it() {
    let typed = json!({"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "ACSN"}]}, "value": "T", "assigner": {"display": "RIS"}});
    for version in BEFORE_R4 {
        let study = study(
            version,
            json!({"accession": {"value": "A"}, "identifier": [typed]}),
        );
        let accession = study.accession();
        let found = accession.one().expect("one");
        assert_eq!((found.value, found.place), ("A", Place::Accession));
    }
    for version in SINCE_R4 {
        let study = study(version, json!({"identifier": [{"value": "A"}, typed]}));
        let accession = study.accession();
        let found = accession.one().expect("one");
        assert_eq!((found.value, found.place), ("T", Place::Identifier(1)));
        assert_eq!(found.assigner, Some("RIS"));
    }
    for version in FhirVersion::ALL
        .into_iter()
        .filter(|v| *v != FhirVersion::Dstu2)
    {
        let study = study(
            version,
            json!({"basedOn": [{"reference": "ServiceRequest/1"}, {"identifier": {"value": "O"}}]}),
        );
        let accession = study.accession();
        let found = accession.one().expect("one");
        // The place counts references, also those without an identifier.
        assert_eq!((found.value, found.place), ("O", Place::BasedOn(1)));
        assert_eq!(found.lints, [AccessionLint::NoType]);
    }
}

#[test]
fn a_new_uid_is_spelled_as_the_version_asks() {
    for version in FhirVersion::ALL {
        let mut study = study(version, json!({"description": "x"}));
        study.set_study_uid(uid("1.2.3")).expect("set");
        let expected = if BEFORE_R4.contains(&version) {
            json!({"resourceType": "ImagingStudy", "uid": "urn:oid:1.2.3", "description": "x"})
        } else {
            json!({
                "resourceType": "ImagingStudy",
                "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}],
                "description": "x",
            })
        };
        assert_eq!(written(&study), expected, "{version}");
    }
}

#[test]
fn a_new_accession_number_says_what_it_is() {
    let accession = Accession {
        value: " A-17\0",
        system: Some("https://ris.example.org/accession"),
        issuer: Some("RIS"),
    };
    for version in FhirVersion::ALL {
        let mut study = study(version, json!({"identifier": [{"value": "keep"}]}));
        study.set_accession(&accession).expect("set");
        let number = |system: &str| {
            json!({
                "type": {"coding": [{"system": system, "code": "ACSN"}]},
                "system": "https://ris.example.org/accession",
                "value": "A-17",
                "assigner": {"display": "RIS"},
            })
        };
        let kept = json!({"value": "keep"});
        let written = written(&study);
        if BEFORE_R4.contains(&version) {
            assert_eq!(written["accession"], number("http://hl7.org/fhir/v2/0203"));
            assert_eq!(written["identifier"], json!([kept]));
        } else {
            let number = number("http://terminology.hl7.org/CodeSystem/v2-0203");
            assert_eq!(written["identifier"], json!([kept, number]), "{version}");
        }
        let found = study.accession();
        let found = found.one().expect("one");
        assert_eq!(
            (found.value, found.system),
            ("A-17", accession.system),
            "{version}"
        );
    }
}

#[test]
fn what_stands_around_a_replaced_value_stays() {
    let extension = json!([{"url": "https://example.org/x", "valueString": "y"}]);
    let before = json!({
        "identifier": [
            {"id": "a", "extension": extension, "use": "official", "system": "URN:DICOM:UID",
             "value": "1.2.3", "_value": {"id": "v", "extension": extension},
             "assigner": {"display": "PACS"}},
            {"use": "old", "system": "urn:dicom:uid", "value": "urn:oid:1.2.3"},
            {"value": "urn:oid:1.2.3"},
            {"value": "urn:oid:1.2.9"},
            {"system": "https://example.org/other", "value": "1.2.3"},
        ],
    });
    for version in SINCE_R4 {
        let mut study = study(version, before.clone());
        study.set_study_uid(uid("1.2.4")).expect("set");
        let mut expected = before["identifier"].clone();
        for index in [0, 2] {
            expected[index]["system"] = "urn:dicom:uid".into();
            expected[index]["value"] = "urn:oid:1.2.4".into();
        }
        assert_eq!(written(&study)["identifier"], expected, "{version}");
    }
}

#[test]
fn what_is_no_uid_gives_way_to_one() {
    let invalid = json!([{"id": "a", "system": "urn:dicom:uid", "value": "local-17"}]);
    let mut replaced = study(FhirVersion::R4, json!({"identifier": invalid}));
    replaced.set_study_uid(uid("1.2.3")).expect("set");
    assert_eq!(
        written(&replaced)["identifier"],
        json!([{"id": "a", "system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}])
    );
    // Of two, neither is the one.
    let two = json!([invalid[0], {"system": "urn:dicom:uid", "value": "local-18"}]);
    let mut added = study(FhirVersion::R4, json!({"identifier": two}));
    added.set_study_uid(uid("1.2.3")).expect("set");
    let written = written(&added);
    assert_eq!(written["identifier"][2]["value"], "urn:oid:1.2.3");
    assert_eq!(written["identifier"][1]["value"], "local-18");
}

#[test]
fn an_ambiguous_study_is_left_as_it_is() {
    let acsn = |value: &str| json!({"type": {"coding": [{"code": "ACSN"}]}, "value": value});
    let identifiers = json!([
        {"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"},
        {"system": "urn:dicom:uid", "value": "urn:oid:1.2.4"},
        acsn("A"),
        acsn("B"),
    ]);
    for version in FhirVersion::ALL {
        let before = study(version, json!({"identifier": identifiers}));
        let mut after = before.clone();
        let ambiguous = Err(IdentifierError::Ambiguous { count: 2 });
        assert_eq!(
            after.set_study_uid(uid("1.2.3")),
            ambiguous.clone(),
            "{version}"
        );
        assert_eq!(after.set_accession(&"A".into()), ambiguous, "{version}");
        assert_eq!(after, before, "{version}");
    }
    // The numbers of two orders are not the study's, and in the way of none.
    let orders =
        json!({"basedOn": [{"identifier": {"value": "A"}}, {"identifier": {"value": "B"}}]});
    let mut of_orders = study(FhirVersion::R5, orders);
    assert!(matches!(of_orders.accession(), Found::Ambiguous(_)));
    assert_eq!(of_orders.set_accession(&"C".into()), Ok(()));
    assert_eq!(
        of_orders.accession().one().map(|found| found.value),
        Some("C")
    );
}

#[test]
fn what_no_accession_number_can_be_is_refused() {
    let before = study(FhirVersion::R4, json!({}));
    for value in ["", " \0", "a\nb", "a\\b", "\u{7f}"] {
        let mut after = before.clone();
        let refused = after.set_accession(&value.into());
        assert_eq!(refused, Err(IdentifierError::NotAnAccession), "{value:?}");
        assert_eq!(after, before);
    }
    let mut after = before.clone();
    let spaces = Accession {
        system: Some("no uri"),
        ..Accession::from("A")
    };
    assert!(matches!(
        after.set_accession(&spaces),
        Err(IdentifierError::Text(_))
    ));
    assert_eq!(after, before);
}

#[test]
fn every_slot_has_a_spelling_and_a_search() {
    let rows = [
        (
            Slot::Study,
            "study=urn:oid:1.2",
            "identifier=urn:dicom:uid|urn:oid:1.2",
        ),
        (Slot::Series, "series=urn:oid:1.2", "series=1.2"),
        (Slot::Instance, "uid=urn:oid:1.2", "instance=1.2"),
        (
            Slot::SopClass,
            "dicom-class=urn:oid:1.2",
            "dicom-class=urn:ietf:rfc:3986|urn:oid:1.2",
        ),
    ];
    for (slot, before_r4, since_r4) in rows {
        for version in FhirVersion::ALL {
            let search = search_parameter(version, slot, &uid("1.2"));
            let search = search.expect("there is one for every slot").to_string();
            let oid = BEFORE_R4.contains(&version)
                || (version >= FhirVersion::R6Draft && slot == Slot::SopClass);
            assert_eq!(search, if oid { before_r4 } else { since_r4 }, "{version}");
            assert_eq!(spelling(version, slot) == Spelling::Oid, oid, "{version}");
        }
    }
}

/// Identifiers of every kind that the search tells apart, many of them alike.
fn identifier() -> impl Strategy<Value = Value> {
    let r#use = prop::sample::select(vec![None, Some("usual"), Some("old")]);
    let code = prop::sample::select(vec![None, Some("110180"), Some("ACSN"), Some("MR")]);
    let system = prop::sample::select(vec![
        None,
        Some("urn:dicom:uid"),
        Some("URN:dicom:uid"),
        Some("urn:ietf:rfc:3986"),
        Some("https://example.org/a"),
    ]);
    let value = prop::sample::select(vec![
        None,
        Some("1.2.3"),
        Some("urn:oid:1.2.3"),
        Some("urn:oid:1.2.4 "),
        Some("A"),
        Some("B"),
    ]);
    (r#use, code, system, value).prop_map(|(r#use, code, system, value)| {
        let mut identifier = json!({"id": "i"});
        for (name, text) in [("use", r#use), ("system", system), ("value", value)] {
            if let Some(text) = text {
                identifier[name] = text.into();
            }
        }
        if let Some(code) = code {
            identifier["type"] = json!({"coding": [{"code": code}]});
        }
        identifier
    })
}

fn any_study() -> impl Strategy<Value = AnyImagingStudy> {
    let version = prop::sample::select(FhirVersion::ALL.to_vec());
    let uid = prop::sample::select(vec![None, Some("urn:oid:1.2.3"), Some("urn:oid:1.2.5")]);
    let identifiers = prop::collection::vec(identifier(), 0..4);
    let accession = prop::option::of(identifier());
    let orders = prop::collection::vec(prop::option::of(identifier()), 0..3);
    (version, uid, accession, identifiers, orders).prop_map(
        |(version, uid, accession, identifiers, orders)| {
            let mut members = json!({"description": "x"});
            if BEFORE_R4.contains(&version) {
                if let Some(uid) = uid {
                    members["uid"] = uid.into();
                }
                if let Some(accession) = accession {
                    members["accession"] = accession;
                }
            }
            if !identifiers.is_empty() {
                members["identifier"] = identifiers.into();
            }
            if version != FhirVersion::Dstu2 && !orders.is_empty() {
                let order = |identifier| match identifier {
                    Some(identifier) => json!({"identifier": identifier}),
                    None => json!({"reference": "ServiceRequest/o"}),
                };
                members["basedOn"] = orders.into_iter().map(order).collect();
            }
            study(version, members)
        },
    )
}

/// Nothing but these members of identifiers may differ, and one identifier may be new.
fn assert_rest_stays(before: &AnyImagingStudy, after: &AnyImagingStudy, set: &[&str]) {
    let plain = |study: &AnyImagingStudy, count: usize| {
        let mut study = written(study);
        let members = study.as_object_mut().expect("an object");
        if set.contains(&"uid") {
            members.remove("uid");
        } else {
            members.remove("accession");
        }
        let mut identifiers = match members.remove("identifier") {
            Some(Value::Array(identifiers)) => identifiers,
            _ => Vec::new(),
        };
        identifiers.truncate(count);
        for identifier in &mut identifiers {
            for name in set {
                identifier.as_object_mut().expect("an object").remove(*name);
            }
        }
        (study, identifiers)
    };
    let count =
        |study: &AnyImagingStudy| written(study)["identifier"].as_array().map_or(0, Vec::len);
    let kept = count(before);
    assert!((kept..=kept + 1).contains(&count(after)));
    assert_eq!(plain(after, kept), plain(before, kept));
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases())
    })]

    #[test]
    fn a_uid_that_was_set_is_found(before in any_study(), text in "(1\\.2\\.[3-5]|2\\.25\\.[1-9][0-9]{0,30})") {
        let uid = uid(&text);
        let mut after = before.clone();
        match after.set_study_uid(uid) {
            Ok(()) => {
                prop_assert_eq!(after.study_uid().require(), Ok(uid));
                assert_rest_stays(&before, &after, &["uid", "system", "value"]);
                let mut again = after.clone();
                prop_assert_eq!(again.set_study_uid(uid), Ok(()));
                prop_assert_eq!(again, after);
            }
            Err(error) => {
                let ambiguous = matches!(before.study_uid().require(), Err(StudyUidError::Ambiguous { .. }));
                prop_assert!(ambiguous, "{}", error);
                prop_assert_eq!(after, before);
            }
        }
    }

    #[test]
    fn a_number_that_was_set_is_found(before in any_study(), value in "[ABC]", system in prop::option::of("https://example\\.org/[ab]")) {
        let accession = Accession { value: &value, system: system.as_deref(), issuer: None };
        let mut after = before.clone();
        match after.set_accession(&accession) {
            Ok(()) => {
                let found = after.accession();
                let found = found.one().expect("one");
                prop_assert_eq!(found.value, value.as_str());
                if accession.system.is_some() {
                    prop_assert_eq!(found.system, accession.system);
                }
                assert_rest_stays(&before, &after, &["accession", "system", "value"]);
                let mut again = after.clone();
                prop_assert_eq!(again.set_accession(&accession), Ok(()));
                prop_assert_eq!(again, after.clone());
            }
            Err(error) => {
                let ambiguous = matches!(before.accession(), Found::Ambiguous(_));
                prop_assert!(ambiguous, "{error}");
                prop_assert_eq!(after, before);
            }
        }
    }
}

/// How many cases each property tries.
fn cases() -> u32 {
    let given = std::env::var("PROPTEST_CASES").ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(1000)
}
