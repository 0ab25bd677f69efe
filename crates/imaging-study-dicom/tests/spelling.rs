//! How UIDs are spelled and searched for.

use imaging_study_dicom::{SearchParameter, Slot, Spelling, Uid, UidForm, UidLint};

#[test]
fn each_spelling_is_read_in_place_of_each_other_with_a_lint() {
    let uid = Uid::from_static("1.2.3");
    for (spelling, system, text) in [
        (Spelling::Oid, None, "urn:oid:1.2.3"),
        (Spelling::Id, None, "1.2.3"),
        (Spelling::Identifier, Some("urn:dicom:uid"), "urn:oid:1.2.3"),
        (Spelling::Coding, Some("urn:ietf:rfc:3986"), "urn:oid:1.2.3"),
    ] {
        let spelled = spelling.write(uid);
        assert_eq!((spelled.system(), spelled.as_str()), (system, text));
        let parsed = spelling
            .read(system, text)
            .expect("what is written can be read");
        assert_eq!(parsed.uid, uid);
        assert!(parsed.lints.is_empty(), "{parsed:?}");
    }
    let lints = |spelling: Spelling, system, text| -> Vec<UidLint> {
        let parsed = spelling.read(system, text).expect(text);
        assert_eq!(parsed.uid, uid);
        parsed.lints.iter().collect()
    };
    assert_eq!(
        lints(Spelling::Oid, None, "1.2.3"),
        [UidLint::MissingPrefix]
    );
    assert_eq!(
        lints(Spelling::Id, None, "urn:oid:1.2.3"),
        [UidLint::ExtraPrefix]
    );
    assert_eq!(
        lints(Spelling::Id, None, "oid:1.2.3\0"),
        [
            UidLint::NulPadding,
            UidLint::OidPrefix,
            UidLint::ExtraPrefix
        ]
    );
    assert_eq!(
        lints(Spelling::Coding, None, "1.2.3"),
        [UidLint::MissingPrefix, UidLint::MissingSystem]
    );
    assert_eq!(
        lints(
            Spelling::Identifier,
            Some("urn:ietf:rfc:3986"),
            "urn:oid:1.2.3"
        ),
        [UidLint::UnusualSystem]
    );
    let form = |spelling: Spelling, text| spelling.read(None, text).map(|parsed| parsed.form);
    assert_eq!(form(Spelling::Oid, "urn:oid:1.2.3"), Ok(UidForm::UrnOid));
    assert!(form(Spelling::Oid, "urn:oid:1.2.3|").is_err());
    assert!(form(Spelling::Id, "1.2.03").is_err());
}

#[test]
fn searches_are_as_each_version_has_them() {
    let uid = Uid::from_static("1.2.826.0.1");
    for (slot, spelling, raw, encoded) in [
        (
            Slot::Study,
            Spelling::Oid,
            "study=urn:oid:1.2.826.0.1",
            "study=urn%3Aoid%3A1.2.826.0.1",
        ),
        (
            Slot::Series,
            Spelling::Oid,
            "series=urn:oid:1.2.826.0.1",
            "series=urn%3Aoid%3A1.2.826.0.1",
        ),
        (
            Slot::Instance,
            Spelling::Oid,
            "uid=urn:oid:1.2.826.0.1",
            "uid=urn%3Aoid%3A1.2.826.0.1",
        ),
        (
            Slot::SopClass,
            Spelling::Oid,
            "dicom-class=urn:oid:1.2.826.0.1",
            "dicom-class=urn%3Aoid%3A1.2.826.0.1",
        ),
        (
            Slot::Study,
            Spelling::Identifier,
            "identifier=urn:dicom:uid|urn:oid:1.2.826.0.1",
            "identifier=urn%3Adicom%3Auid%7Curn%3Aoid%3A1.2.826.0.1",
        ),
        (
            Slot::Series,
            Spelling::Id,
            "series=1.2.826.0.1",
            "series=1.2.826.0.1",
        ),
        (
            Slot::Instance,
            Spelling::Id,
            "instance=1.2.826.0.1",
            "instance=1.2.826.0.1",
        ),
        (
            Slot::SopClass,
            Spelling::Coding,
            "dicom-class=urn:ietf:rfc:3986|urn:oid:1.2.826.0.1",
            "dicom-class=urn%3Aietf%3Arfc%3A3986%7Curn%3Aoid%3A1.2.826.0.1",
        ),
    ] {
        let search = SearchParameter::new(slot, spelling, &uid).expect(raw);
        assert_eq!(search.to_string(), raw);
        assert_eq!(search.encoded(), encoded);
        // The value finds its way back, also through a URL.
        let (_, value) = encoded.split_once('=').expect("a name and a value");
        for text in [search.value.as_str(), value] {
            assert_eq!(Uid::parse_any(text).map(|parsed| parsed.uid), Ok(uid));
        }
    }
    assert_eq!(SearchParameter::new(Slot::Study, Spelling::Id, &uid), None);
    assert_eq!(
        SearchParameter::new(Slot::Series, Spelling::Coding, &uid),
        None
    );
}
