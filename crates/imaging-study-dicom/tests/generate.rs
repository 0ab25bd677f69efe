//! New UIDs.

use std::collections::HashSet;

use imaging_study_dicom::{Uid, UidKey, UidKeyError};
use uuid::{Uuid, Variant};

#[test]
fn random_uids_are_valid_and_different() {
    let uids: HashSet<Uid> = (0..10_000).map(|_| Uid::random()).collect();
    assert_eq!(uids.len(), 10_000);
    for uid in uids {
        assert_eq!(Uid::parse(uid.as_str()), Ok(uid));
        let uuid = uid.as_uuid().expect("it was made from one");
        assert_eq!(
            (uuid.get_version_num(), uuid.get_variant()),
            (4, Variant::RFC4122)
        );
        assert_eq!(Uid::from(uuid), uid);
    }
}

#[test]
fn a_name_always_gets_the_same_uid() {
    let uid = Uid::from_name(&Uuid::NAMESPACE_OID, "1.2.3");
    assert_eq!(uid, "2.25.88839595469657311435919266497071881984");
    assert_eq!(
        uid.as_uuid_text().as_deref(),
        Some("42d5e23b-3a02-5135-85c6-52d1102f1f00")
    );
    assert_ne!(Uid::from_name(&Uuid::NAMESPACE_URL, "1.2.3"), uid);
}

#[test]
fn a_key_replaces_uids_as_an_independent_hmac_says() {
    // printf 1.2.3 | openssl dgst -sha256 -hmac 'sixteen bytes ok' begins with
    // 8e59e49353ef507cd94fd19a83cc4497.
    let key = UidKey::new(b"sixteen bytes ok").expect("it is long enough");
    let uuid = key.replace("1.2.3").as_uuid().expect("it is below 2.25");
    assert_eq!(uuid.to_string(), "8e59e493-53ef-807c-994f-d19a83cc4497");
    assert_eq!(
        (uuid.get_version_num(), uuid.get_variant()),
        (8, Variant::RFC4122)
    );
    assert_ne!(key.replace("1.2.3"), key.replace("1.2.3 "));
    let other = UidKey::new(b"sixteen bytes no").expect("it is long enough");
    assert_ne!(key.replace("1.2.3"), other.replace("1.2.3"));
    assert_eq!(UidKey::new(b"fifteen bytes..").err(), Some(UidKeyError));
    assert_eq!(format!("{key:?}"), "UidKey(..)");
}
