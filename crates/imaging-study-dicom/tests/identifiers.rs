//! Finding the identifiers of a study.

use imaging_study_dicom::{
    AccessionLint, Confidence, Found, FoundUid, IdentifierRef, IdentifierType, Place, StudyUid,
    StudyUidError, Uid, UidError, UidForm, UidLint, find_accession,
};

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";

fn identifier<'a>(system: Option<&'a str>, value: &'a str) -> IdentifierRef<'a> {
    IdentifierRef {
        system,
        value: Some(value),
        ..IdentifierRef::default()
    }
}

fn typed(value: &str, r#type: IdentifierType) -> IdentifierRef<'_> {
    IdentifierRef {
        r#type,
        ..identifier(None, value)
    }
}

fn one(study_uid: &StudyUid) -> FoundUid {
    *study_uid.found.one().expect("there is one")
}

fn lints(found: &FoundUid) -> Vec<UidLint> {
    found.lints.iter().collect()
}

const SYSTEM: Option<&str> = Some("urn:dicom:uid");
const URI: Option<&str> = Some("urn:ietf:rfc:3986");
const HOSPITAL: Option<&str> = Some("http://hospital.example.org");

#[test]
fn the_standards_places_need_no_lint() {
    let found = one(&StudyUid::find(Some("urn:oid:1.2.3"), []));
    assert_eq!(
        (found.uid, found.place),
        (Uid::from_static("1.2.3"), Place::Uid)
    );
    assert_eq!(
        (found.form, found.confidence),
        (UidForm::UrnOid, Confidence::High)
    );
    assert_eq!(lints(&found), []);

    let study_uid = StudyUid::find(
        None,
        [
            identifier(HOSPITAL, "1.2.9"),
            typed("urn:oid:1.2.8", IdentifierType::Accession),
            identifier(SYSTEM, "urn:oid:1.2.3"),
        ],
    );
    let found = one(&study_uid);
    assert_eq!(found.place, Place::Identifier(2));
    assert_eq!(found.confidence, Confidence::High);
    assert_eq!(lints(&found), []);
    assert_eq!(study_uid.others, []);
}

#[test]
fn each_place_counts_less_than_the_one_before() {
    let places = [
        identifier(None, "urn:oid:1.2.4"),
        identifier(URI, "urn:oid:1.2.3"),
        typed("1.2.2", IdentifierType::StudyInstanceUid),
        identifier(SYSTEM, "urn:oid:1.2.1"),
    ];
    let expected = [
        (
            "1.2.4",
            Confidence::Low,
            vec![UidLint::MissingSystem, UidLint::FoundByValue],
        ),
        (
            "1.2.3",
            Confidence::Low,
            vec![
                UidLint::UnusualSystem,
                UidLint::FoundByValue,
                UidLint::OtherUid,
            ],
        ),
        (
            "1.2.2",
            Confidence::Medium,
            vec![
                UidLint::MissingPrefix,
                UidLint::FoundByType,
                UidLint::OtherUid,
            ],
        ),
        ("1.2.1", Confidence::High, vec![UidLint::OtherUid]),
    ];
    for (count, (uid, confidence, expected)) in expected.into_iter().enumerate() {
        // The order in which they stand does not matter.
        for reverse in [false, true] {
            let mut some = places[..=count].to_vec();
            if reverse {
                some.reverse();
            }
            let study_uid = StudyUid::find(None, some);
            let found = one(&study_uid);
            assert_eq!(found.uid, uid);
            assert_eq!(found.confidence, confidence);
            assert_eq!(lints(&found), expected);
            assert_eq!(study_uid.others.len(), count);
        }
    }
    let study_uid = StudyUid::find(Some("1.2.0"), places);
    assert_eq!(one(&study_uid).uid, "1.2.0");
    assert_eq!(
        lints(&one(&study_uid)),
        [UidLint::MissingPrefix, UidLint::OtherUid]
    );
    assert_eq!(study_uid.others.len(), 4);
}

#[test]
fn several_in_one_place_are_ambiguous_and_the_same_twice_is_one() {
    let study_uid = StudyUid::find(
        None,
        [
            identifier(SYSTEM, "urn:oid:1.2.3"),
            identifier(SYSTEM, "urn:oid:1.2.4"),
            identifier(SYSTEM, "1.2.3"),
        ],
    );
    let Found::Ambiguous(all) = &study_uid.found else {
        panic!("{study_uid:?}");
    };
    assert_eq!(
        all.iter().map(|found| found.place).collect::<Vec<_>>(),
        [Place::Identifier(0), Place::Identifier(1)]
    );
    assert_eq!(lints(&all[0]), [UidLint::Duplicate]);
    assert_eq!(
        study_uid.require(),
        Err(StudyUidError::Ambiguous { count: 2 })
    );

    let study_uid = StudyUid::find(
        None,
        [
            identifier(SYSTEM, "urn:oid:1.2.3 "),
            identifier(SYSTEM, "URN:OID:1.2.3"),
            identifier(None, "urn:oid:1.2.3"),
        ],
    );
    assert_eq!(
        lints(&one(&study_uid)),
        [UidLint::SpacePadding, UidLint::Duplicate]
    );
    assert_eq!(
        study_uid.require().map(|uid| uid.to_string()),
        Ok("1.2.3".to_owned())
    );

    // Many of them are no reason to wait.
    let values: Vec<_> = (0..50_000)
        .map(|number| format!("urn:oid:1.2.{}", number % 25_000))
        .collect();
    let study_uid = StudyUid::find(None, values.iter().map(|value| identifier(SYSTEM, value)));
    assert_eq!(study_uid.found.all().len(), 25_000);
}

#[test]
fn what_is_no_uid_is_said_and_not_passed_over_silently() {
    let uuid = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    let study_uid = StudyUid::find(None, [identifier(SYSTEM, uuid)]);
    assert_eq!(
        study_uid.require(),
        Err(StudyUidError::NotAUid {
            place: Place::Identifier(0),
            error: UidError::Uuid
        })
    );
    let study_uid = StudyUid::find_with_uuids(None, [identifier(SYSTEM, uuid)]);
    assert_eq!(lints(&one(&study_uid)), [UidLint::FromUuid]);
    assert_eq!(
        one(&study_uid).uid,
        "2.25.329800735698586629295641978511506172918"
    );

    let study_uid = StudyUid::find(
        None,
        [
            identifier(SYSTEM, "urn:oid:1.2.03"),
            identifier(None, "urn:oid:1.2.3"),
        ],
    );
    assert_eq!(
        lints(&one(&study_uid)),
        [
            UidLint::MissingSystem,
            UidLint::FoundByValue,
            UidLint::InvalidUid
        ]
    );
    assert_eq!(study_uid.rejected.len(), 1);

    assert_eq!(
        StudyUid::find(None, []).require(),
        Err(StudyUidError::NoStudyUid)
    );
    for unrelated in [
        identifier(None, "1.2.3"),
        identifier(HOSPITAL, "urn:oid:1.2.3"),
        identifier(URI, "1.2.3"),
        typed("urn:oid:1.2.3", IdentifierType::Accession),
        IdentifierRef {
            system: SYSTEM,
            ..IdentifierRef::default()
        },
    ] {
        let study_uid = StudyUid::find(None, [unrelated]);
        assert_eq!(
            study_uid.require(),
            Err(StudyUidError::NoStudyUid),
            "{unrelated:?}"
        );
    }
}

#[test]
fn an_old_identifier_is_the_last_resort_and_the_standards_root_is_odd() {
    let old = IdentifierRef {
        r#use: Some("old"),
        ..identifier(SYSTEM, "urn:oid:1.2.3")
    };
    let found = one(&StudyUid::find(None, [old]));
    assert_eq!(found.confidence, Confidence::Low);
    assert_eq!(lints(&found), [UidLint::OldUse]);
    let found = one(&StudyUid::find(
        None,
        [old, identifier(None, "urn:oid:1.2.4")],
    ));
    assert_eq!(found.uid, "1.2.4");
    let found = one(&StudyUid::find(Some("urn:oid:1.2.840.10008.1.1"), []));
    assert_eq!(lints(&found), [UidLint::DicomRoot]);
}

#[test]
fn types_are_known_by_system_and_code() {
    use IdentifierType::{Accession, Other, StudyInstanceUid};
    for (codings, expected) in [
        (vec![], IdentifierType::None),
        (vec![(Some(DCM), None)], IdentifierType::None),
        (vec![(Some(DCM), Some("110180"))], StudyInstanceUid),
        (vec![(None, Some("110180"))], StudyInstanceUid),
        (vec![(HOSPITAL, Some("110180"))], Other),
        (vec![(HOSPITAL, Some("0020000D"))], StudyInstanceUid),
        (
            vec![
                (HOSPITAL, Some("X")),
                (Some("http://hl7.org/fhir/v2/0203"), Some("ACSN")),
            ],
            Accession,
        ),
        (vec![(HOSPITAL, Some("ACSN"))], Other),
        (vec![(None, Some("MR"))], Other),
    ] {
        assert_eq!(
            IdentifierType::from_codings(codings.clone()),
            expected,
            "{codings:?}"
        );
    }
}

#[test]
fn accession_numbers_are_found_by_place_and_type() {
    let accession = |value, system| IdentifierRef {
        r#type: IdentifierType::Accession,
        ..identifier(system, value)
    };
    let order = accession("A-3", None);
    let found = find_accession(
        None,
        [identifier(None, "A-1"), accession("A-2", HOSPITAL)],
        [order],
    );
    let one = found.one().expect("there is one");
    assert_eq!((one.value, one.place), ("A-2", Place::Identifier(1)));
    assert_eq!((one.confidence, one.system), (Confidence::High, HOSPITAL));
    assert_eq!(one.lints, []);

    let found = find_accession(
        Some(identifier(None, " A-0\0")),
        [accession("A-2", None)],
        [],
    );
    let one = found.one().expect("there is one");
    assert_eq!((one.value, one.place), ("A-0", Place::Accession));
    assert_eq!(one.lints, [AccessionLint::Padding]);

    let found = find_accession(
        None,
        [],
        [typed("x", IdentifierType::Other), identifier(None, "A-4")],
    );
    let one = found.one().expect("there is one");
    assert_eq!(
        (one.place, one.confidence),
        (Place::BasedOn(1), Confidence::Low)
    );
    assert_eq!(one.lints, [AccessionLint::NoType]);

    let found = find_accession(None, [], [order, identifier(None, "A-4")]);
    assert_eq!(found.one().map(|one| one.value), Some("A-3"));

    assert_eq!(
        find_accession(None, [identifier(HOSPITAL, "A-1")], []),
        Found::Missing
    );
    assert_eq!(
        find_accession(Some(identifier(None, " ")), [], []),
        Found::Missing
    );

    let found = find_accession(None, [accession("12345678901234567\\x", None)], []);
    assert_eq!(
        found.one().map(|one| one.lints.as_slice()),
        Some(&[AccessionLint::TooLong, AccessionLint::Character][..])
    );
}

#[test]
fn accession_numbers_of_several_orders_are_all_told() {
    let accession = |value, system| IdentifierRef {
        r#type: IdentifierType::Accession,
        ..identifier(system, value)
    };
    let found = find_accession(
        None,
        [
            accession("A-1", None),
            accession("A-2", HOSPITAL),
            accession("A-1", HOSPITAL),
            accession("A-2", Some("http://clinic.example.org")),
            accession("A-2", None),
        ],
        [],
    );
    let all: Vec<_> = found
        .all()
        .iter()
        .map(|found| (found.value, found.system, found.place))
        .collect();
    assert_eq!(
        all,
        [
            ("A-1", HOSPITAL, Place::Identifier(0)),
            ("A-2", HOSPITAL, Place::Identifier(1)),
            (
                "A-2",
                Some("http://clinic.example.org"),
                Place::Identifier(3)
            ),
        ]
    );
    let same = find_accession(None, [accession("A-1", None), accession("A-1", None)], []);
    assert_eq!(
        same.one().map(|one| one.lints.as_slice()),
        Some(&[AccessionLint::Duplicate][..])
    );
    let old = IdentifierRef {
        r#use: Some("old"),
        ..accession("A-0", None)
    };
    let found = find_accession(None, [old, accession("A-1", None)], []);
    assert_eq!(found.one().map(|one| one.value), Some("A-1"));
}

#[test]
fn no_error_tells_the_identifier() {
    let study_uid = StudyUid::find(None, [identifier(SYSTEM, "urn:oid:1.2.840.113619.x")]);
    let message = study_uid.require().expect_err("it is none").to_string();
    assert_eq!(
        message,
        "no Study Instance UID in ImagingStudy.identifier[0]: \
         a UID has only digits and dots, found another character at position 23"
    );
}
