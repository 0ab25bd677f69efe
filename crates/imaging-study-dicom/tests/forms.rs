//! The forms in which UIDs are met, and their repair.

mod fixtures;

use fixtures::rows;
use imaging_study_dicom::{
    LeadingZeros, ParsedUid, RepairError, Uid, UidError, UidForm, UidLint, UidLints, WadoUrl,
};

#[test]
fn each_text_of_the_table_is_read_as_it_says() {
    let rows = rows("forms.tsv");
    assert!(rows.len() > 60);
    for row in rows {
        let text = row[0].clone();
        match Uid::parse_any(&text) {
            Ok(parsed) => {
                let lints: Vec<_> = parsed
                    .lints
                    .iter()
                    .map(|lint| format!("{lint:?}"))
                    .collect();
                let read = [
                    format!("{:?}", parsed.form),
                    lints.join(" "),
                    parsed.uid.to_string(),
                ];
                assert_eq!(read, row[1..], "{:?}", row[0]);
                let repaired = Uid::repair(&text).expect("what can be read needs no repair");
                assert_eq!(repaired.uid, parsed.uid);
                assert_eq!(repaired.leading_zeros, []);
            }
            Err(error) => assert_eq!(["-", "", &format!("{error:?}")], row[1..], "{:?}", row[0]),
        }
    }
}

#[test]
fn what_is_strict_is_read_alike_and_what_is_not_is_no_bare_uid() {
    for row in rows("strict.tsv") {
        let text = row[1].clone();
        match Uid::parse(&text) {
            Ok(uid) => {
                let bare = ParsedUid {
                    uid,
                    form: UidForm::Bare,
                    lints: UidLints::NONE,
                };
                assert_eq!(Uid::parse_any(&text), Ok(bare));
            }
            Err(_) => assert!(
                Uid::parse_any(&text).is_ok_and(|parsed| parsed.form != UidForm::Bare)
                    || Uid::parse_any(&text).is_err()
            ),
        }
    }
}

#[test]
fn wado_urls_come_apart() {
    for row in rows("wado-urls.tsv") {
        let url = WadoUrl::parse(&row[0]).expect(&row[0]);
        let uid = |uid: Option<Uid>| uid.map_or("-".to_owned(), |uid| uid.to_string());
        let frames: Vec<_> = url.frames.iter().map(u32::to_string).collect();
        let parts = [
            url.base.to_owned(),
            url.study.to_string(),
            uid(url.series),
            uid(url.instance),
            frames.join(","),
            url.rest.to_owned(),
        ];
        assert_eq!(parts, row[1..], "{:?}", row[0]);
    }
}

#[test]
fn identifiers_and_codings_are_read_by_their_system() {
    use UidLint::{MissingPrefix, MissingSystem, UnusualSystem};

    let uid = Uid::from_static("1.2.3");
    let lints = |lints: &[UidLint]| lints.iter().copied().collect::<UidLints>();
    for (system, value, expected) in [
        (Some("urn:dicom:uid"), "urn:oid:1.2.3", lints(&[])),
        (Some("urn:dicom:uid"), "1.2.3", lints(&[MissingPrefix])),
        (
            Some("urn:dicom:uid"),
            "1.2.3 ",
            lints(&[MissingPrefix, UidLint::SpacePadding]),
        ),
        (
            Some("urn:ietf:rfc:3986"),
            "urn:oid:1.2.3",
            lints(&[UnusualSystem]),
        ),
        (None, "urn:oid:1.2.3", lints(&[MissingSystem])),
    ] {
        let form = UidForm::Identifier;
        let lints = expected;
        assert_eq!(
            Uid::parse_identifier(system, value),
            Ok(ParsedUid { uid, form, lints })
        );
    }
    for (system, code, expected) in [
        (Some("urn:ietf:rfc:3986"), "urn:oid:1.2.3", lints(&[])),
        (Some("urn:ietf:rfc:3986"), "1.2.3", lints(&[MissingPrefix])),
        (
            Some("urn:dicom:uid"),
            "urn:oid:1.2.3",
            lints(&[UnusualSystem]),
        ),
        (
            Some("urn:oid:1.2.840.10008.2.6.1"),
            "1.2.3",
            lints(&[UnusualSystem, MissingPrefix]),
        ),
        (None, "1.2.3", lints(&[MissingSystem, MissingPrefix])),
    ] {
        let form = UidForm::Coding;
        let lints = expected;
        assert_eq!(
            Uid::parse_coding(system, code),
            Ok(ParsedUid { uid, form, lints })
        );
    }
    let foreign = Some("http://example.org/mrn");
    assert_eq!(
        Uid::parse_identifier(foreign, "1.2.3"),
        Err(UidError::System)
    );
    assert_eq!(Uid::parse_coding(foreign, "1.2.3"), Err(UidError::System));
    assert_eq!(
        Uid::parse_identifier(Some("urn:dicom:uid"), "urn:uuid:f81d4fae"),
        Err(UidError::Uuid)
    );
    // A token or an escape is none in an element.
    assert!(Uid::parse_identifier(None, "urn:dicom:uid|urn:oid:1.2.3").is_err());
    assert!(Uid::parse_identifier(None, "urn%3Aoid%3A1.2.3").is_err());
}

#[test]
fn a_repair_says_what_it_changed() {
    let zeros = |zeros: &[(usize, usize)]| -> Vec<LeadingZeros> {
        zeros
            .iter()
            .map(|&(component, count)| LeadingZeros { component, count })
            .collect()
    };
    for (text, uid, changed) in [
        ("1.2.003", "1.2.3", zeros(&[(2, 2)])),
        ("1.2.000", "1.2.0", zeros(&[(2, 2)])),
        ("01.02.0.4", "1.2.0.4", zeros(&[(0, 1), (1, 1)])),
        ("urn:oid:1.2.08.4 ", "1.2.8.4", zeros(&[(2, 1)])),
        ("1.039", "1.39", zeros(&[(1, 1)])),
        (
            "1.2.826.0.1.3680043.8.971.00.37881344602234345332104216659618145",
            "1.2.826.0.1.3680043.8.971.0.37881344602234345332104216659618145",
            zeros(&[(8, 1)]),
        ),
        (
            "1.2.0000000000000000000000000000000000000000000000000000000000000003",
            "1.2.3",
            zeros(&[(2, 63)]),
        ),
    ] {
        let repaired = Uid::repair(text).expect(text);
        assert_eq!(repaired.uid, uid);
        assert_eq!(repaired.leading_zeros, changed);
    }
    for (text, error) in [
        ("1.2.0x3", UidError::Character { position: 5 }),
        ("1.02.3x", UidError::Character { position: 6 }),
        ("1.02.", UidError::EmptyComponent { position: 5 }),
        ("1.040", UidError::BadSecondArc { position: 2 }),
        ("urn:oid:01.0040", UidError::BadSecondArc { position: 11 }),
        ("03.1", UidError::BadRoot),
        ("007", UidError::SingleComponent),
        ("1.2.3,1.2.4", UidError::Character { position: 5 }),
        ("urn:uuid:0", UidError::Uuid),
    ] {
        assert_eq!(Uid::repair(text), Err(error), "{text}");
    }
    let long = format!("1.2.{}", "3".repeat(62));
    assert_eq!(Uid::repair(&long), Err(UidError::TooLong { length: 66 }));
}

#[test]
fn a_repair_does_not_make_two_uids_one() {
    let texts = ["1.2.3", "1.2.04", "urn:oid:1.2.3", "1.2.04"];
    let repaired = Uid::repair_all(texts).expect("the same UIDs may come again");
    assert_eq!(repaired[1].uid, "1.2.4");
    assert_eq!(
        Uid::repair_all(["1.2.3", "1.2.4", "1.2.04"]),
        Err(RepairError::Collision {
            first: 1,
            second: 2
        })
    );
    assert_eq!(
        Uid::repair_all(["1.2.3", "1.2.x"]),
        Err(RepairError::Uid {
            index: 1,
            error: UidError::Character { position: 4 }
        })
    );
}

#[test]
fn no_random_text_is_too_much() {
    let parts = [
        "urn:oid:",
        "URN:OID:",
        "oid:",
        "urn:dicom:uid",
        ":",
        "|",
        "%3A",
        "%25",
        "%",
        "1.2",
        ".0",
        "\0",
        " ",
        "\\",
        "https://h",
        "/studies/",
        "/series/",
        "?studyUID=",
        "/frames/1",
        "é",
        "9",
        "urn:uuid:",
        "\u{202e}",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut read = 0;
    for _ in 0..300_000 {
        let mut text = String::new();
        for _ in 0..state % 9 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text.push_str(parts[(state >> 32) as usize % parts.len()]);
        }
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        if let Ok(parsed) = Uid::parse_any(&text) {
            read += 1;
            assert_eq!(Uid::parse(parsed.uid.as_str()), Ok(parsed.uid));
        }
        let _ = Uid::repair(&text);
        let _ = WadoUrl::parse(&text);
    }
    assert!(read > 1_000, "only {read} were read");
    assert_eq!(
        Uid::parse_any(&"%2525".repeat(100_000)),
        Err(UidError::TooLong { length: 500_000 })
    );
}
