//! The names of UIDs of the standard.

use imaging_study_dicom::{KnownUid, Uid, UidError, UidForm, UidLint};

#[test]
fn sop_classes_are_known_by_uid_keyword_and_name() {
    for (uid, keyword, name, retired) in [
        (
            "1.2.840.10008.5.1.4.1.1.2",
            "CTImageStorage",
            "CT Image Storage",
            false,
        ),
        (
            "1.2.840.10008.5.1.4.1.1.4",
            "MRImageStorage",
            "MR Image Storage",
            false,
        ),
        (
            "1.2.840.10008.1.1",
            "Verification",
            "Verification SOP Class",
            false,
        ),
        (
            "1.2.840.10008.5.1.4.1.1.6",
            "UltrasoundImageStorageRetired",
            "Ultrasound Image Storage (Retired)",
            true,
        ),
        (
            "1.2.840.10008.5.1.4.1.1.3.1",
            "UltrasoundMultiFrameImageStorage",
            "Ultrasound Multi-frame Image Storage",
            false,
        ),
        (
            "1.2.840.10008.5.1.4.31",
            "ModalityWorklistInformationModelFind",
            "Modality Worklist Information Model - FIND",
            false,
        ),
        (
            "1.2.840.10008.1.9",
            "BasicStudyContentNotification",
            "Basic Study Content Notification SOP Class (Retired)",
            true,
        ),
    ] {
        let uid = Uid::parse(uid).expect("a UID");
        let known = uid.known().expect(keyword);
        assert_eq!((known.uid, known.name, known.retired), (uid, name, retired));
        assert_eq!(known.keyword, keyword);
        assert_eq!(KnownUid::from_keyword(keyword), Some(known));
        assert_eq!(KnownUid::from_name(name), Some(known));
        let parsed = Uid::parse_any_or_name(known.keyword).expect("a keyword");
        assert_eq!((parsed.uid, parsed.form), (uid, UidForm::Name));
        assert!(parsed.lints.contains(UidLint::Keyword));
    }
}

#[test]
fn what_is_not_known_is_not_guessed() {
    assert_eq!(Uid::from_static("1.2.3").known(), None);
    assert_eq!(KnownUid::from_keyword("ctimagestorage"), None);
    assert_eq!(KnownUid::from_name("CT  Image Storage"), None);
    assert_eq!(KnownUid::from_name(&"CT".repeat(1_000)), None);
    assert_eq!(
        Uid::parse_any_or_name("CT"),
        Err(UidError::Character { position: 0 })
    );
}
