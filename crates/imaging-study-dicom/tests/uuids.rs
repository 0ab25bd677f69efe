//! UIDs below 2.25 and the UUIDs that they are made from.

mod fixtures;

use fixtures::rows;
use imaging_study_dicom::{ParsedUid, Uid, UidError, UidForm, UidLint, UuidError};

#[test]
fn each_uid_of_the_table_has_its_uuid() {
    for row in rows("uuids.tsv") {
        let uid = Uid::parse(&row[0]).expect(&row[0]);
        match row[1].as_str() {
            "-" => {
                assert_eq!(uid.as_uuid_u128(), None, "{uid}");
                assert_eq!(uid.as_uuid_text(), None);
            }
            uuid => {
                assert_eq!(uid.as_uuid_text().as_deref(), Some(uuid));
                assert_eq!(Uid::from_uuid_text(uuid), Ok(uid));
                assert_eq!(Uid::from_uuid_text(&format!("URN:uuid:{uuid}")), Ok(uid));
            }
        }
    }
}

#[test]
fn the_least_and_the_greatest_uuid_are_uids() {
    const NIL: Uid = Uid::from_uuid_u128(0);
    assert_eq!(NIL, "2.25.0");
    assert_eq!(Uid::from_uuid_u128(1), "2.25.1");
    let greatest = Uid::from_uuid_u128(u128::MAX);
    assert_eq!(greatest, "2.25.340282366920938463463374607431768211455");
    for uuid in [0, 1, u128::MAX] {
        assert_eq!(Uid::from_uuid_u128(uuid).as_uuid_u128(), Some(uuid));
    }
}

#[test]
fn what_is_no_uuid_is_refused_where_it_goes_wrong() {
    for (text, error) in [
        ("", UuidError::Length { length: 0 }),
        ("urn:uuid:", UuidError::Length { length: 0 }),
        (
            "f81d4fae7dec11d0a76500a0c91e6bf6",
            UuidError::Length { length: 32 },
        ),
        (
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
            UuidError::Length { length: 35 },
        ),
        (
            "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}",
            UuidError::Length { length: 38 },
        ),
        (
            "g81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            UuidError::Character { position: 0 },
        ),
        (
            "urn:uuid:f81d4fae07dec-11d0-a765-00a0c91e6bf6",
            UuidError::Character { position: 17 },
        ),
        (
            "f81d4fae-7dec-11d0-a765-00a0c91e6b\u{e9}",
            UuidError::Character { position: 34 },
        ),
        (
            "+81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            UuidError::Character { position: 0 },
        ),
    ] {
        assert_eq!(Uid::from_uuid_text(text), Err(error), "{text}");
    }
}

#[test]
fn a_uuid_becomes_a_uid_only_where_it_is_asked_for() {
    let text = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6 ";
    assert_eq!(Uid::parse_any(text), Err(UidError::Uuid));
    let parsed = Uid::parse_any_or_uuid(text);
    assert!(matches!(
        parsed,
        Ok(ParsedUid { uid, form: UidForm::UrnUuid, lints })
            if lints.contains(UidLint::FromUuid)
                && uid == "2.25.329800735698586629295641978511506172918"
    ));
    assert_eq!(Uid::parse_any_or_uuid("urn:uuid:1"), Err(UidError::Uuid));
    assert!(Uid::same_uuid(
        "2.25.0",
        "00000000-0000-0000-0000-000000000000"
    ));
    assert!(!Uid::same_uuid("2.25.0", "2.25.1"));
    assert!(!Uid::same_uuid("2.25.0.1", "2.25.0.1"));
    assert!(!Uid::same_uuid("", ""));
}
