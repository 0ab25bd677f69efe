//! Each oddity of an input has its note.

use imaging_study_from_dicom::{NoteKind, Options, Place, Studies, tags};
use imaging_study_r5::ImagingStudy;
use serde_json::{Value, json};

/// The studies of an instance with one attribute more.
fn with(name: &str, value: &Value) -> Studies {
    let mut instance = json!({
        "StudyInstanceUID": "1.2",
        "SeriesInstanceUID": "1.3",
        "SOPInstanceUID": "1.4",
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
        "Modality": "CT",
        "PatientID": "P",
    });
    instance[name] = value.clone();
    let mut studies = Studies::default();
    studies
        .add_json(instance.to_string().as_bytes())
        .expect("an object");
    studies
}

#[test]
fn what_is_wrong_with_a_data_set_is_noted_by_kind_and_attribute() {
    use NoteKind as N;
    let long = "x".repeat(5000);
    let many: Vec<_> = (0..2000).map(|number| number.to_string()).collect();
    for (name, value, kind, tag) in [
        ("Modality", json!("ct"), N::SmallLetters, tags::MODALITY),
        (
            "Modality",
            json!(["CT", "MR"]),
            N::SeveralValues,
            tags::MODALITY,
        ),
        (
            "Modality",
            json!("CT\\MR"),
            N::SeveralValues,
            tags::MODALITY,
        ),
        ("Modality", json!([["CT"]]), N::Malformed, tags::MODALITY),
        ("Modality", json!([{"a": 1}]), N::Malformed, tags::MODALITY),
        (
            "Modality",
            json!({"vr": "LO", "Value": ["CT"]}),
            N::OtherVr,
            tags::MODALITY,
        ),
        (
            "Modality",
            json!({"vr": "CS", "BulkDataURI": "x"}),
            N::Malformed,
            tags::MODALITY,
        ),
        (
            "StudyDescription",
            json!("a\u{7}b"),
            N::ControlCharacters,
            tags::STUDY_DESCRIPTION,
        ),
        (
            "StudyDescription",
            json!("\u{1b}$B;3"),
            N::CharacterSet,
            tags::STUDY_DESCRIPTION,
        ),
        (
            "StudyDescription",
            json!(long),
            N::TooLong,
            tags::STUDY_DESCRIPTION,
        ),
        ("ImageType", json!(many), N::TooLong, tags::IMAGE_TYPE),
        (
            "SeriesNumber",
            json!("-1"),
            N::InvalidNumber,
            tags::SERIES_NUMBER,
        ),
        (
            "InstanceNumber",
            json!(1.5),
            N::InvalidNumber,
            tags::INSTANCE_NUMBER,
        ),
        (
            "StudyDate",
            json!("20230230"),
            N::InvalidDate,
            tags::STUDY_DATE,
        ),
        (
            "StudyDate",
            json!("19000101"),
            N::UnlikelyDate,
            tags::STUDY_DATE,
        ),
        (
            "SOPInstanceUID",
            json!("1.4 "),
            N::PaddedUid,
            tags::SOP_INSTANCE_UID,
        ),
        (
            "SOPInstanceUID",
            json!("1.04"),
            N::MalformedUid,
            tags::SOP_INSTANCE_UID,
        ),
        (
            "SOPInstanceUID",
            json!("x"),
            N::Rejected,
            tags::SOP_INSTANCE_UID,
        ),
        (
            "SOPInstanceUID",
            json!(["1.4", "1.5"]),
            N::Rejected,
            tags::SOP_INSTANCE_UID,
        ),
        (
            "SeriesInstanceUID",
            json!(null),
            N::Rejected,
            tags::SERIES_INSTANCE_UID,
        ),
        (
            "SOPClassUID",
            json!("CT Image Storage"),
            N::Malformed,
            tags::SOP_CLASS_UID,
        ),
        (
            "BodyPartExamined",
            json!("THUMBS"),
            N::UnknownTerm,
            tags::BODY_PART_EXAMINED,
        ),
        ("Laterality", json!("X"), N::UnknownTerm, tags::LATERALITY),
        (
            "ProcedureCodeSequence",
            json!([{"CodeValue": "1", "CodingSchemeDesignator": "99X", "CodeMeaning": "m"}]),
            N::UnknownCodingScheme,
            tags::CODING_SCHEME_DESIGNATOR,
        ),
        (
            "ProcedureCodeSequence",
            json!("text"),
            N::Malformed,
            tags::PROCEDURE_CODE_SEQUENCE,
        ),
    ] {
        let studies = with(name, &value);
        let notes: Vec<_> = studies.notes().collect();
        let [note] = notes.as_slice() else {
            panic!("{name} {kind:?}: {notes:?}");
        };
        assert_eq!((note.kind, note.tag), (kind, tag), "{name}");
        assert_eq!(note.place, Place::Input { index: 0 });
        assert!(!note.to_string().is_empty());
        assert_eq!(studies.rejected(), u64::from(kind == N::Rejected));
    }
}

#[test]
fn what_there_is_to_say_about_a_study_is_noted_with_its_place() {
    use NoteKind as N;
    let series = Place::Series { series: 0 };
    let instance = Place::Instance {
        series: 0,
        instance: 0,
    };
    for (name, value, expected) in [
        (
            "Modality",
            json!("DS"),
            Some((N::RetiredTerm, tags::MODALITY, series)),
        ),
        (
            "Modality",
            json!("ZZ"),
            Some((N::UnknownTerm, tags::MODALITY, series)),
        ),
        (
            "Modality",
            json!(null),
            Some((N::Missing, tags::MODALITY, series)),
        ),
        (
            "PatientID",
            json!([" "]),
            Some((N::Missing, tags::PATIENT_ID, Place::Study)),
        ),
        (
            "SOPClassUID",
            json!(""),
            Some((N::Missing, tags::SOP_CLASS_UID, instance)),
        ),
        (
            "NameOfPhysiciansReadingStudy",
            json!("A^B"),
            Some((
                N::NoPlace,
                tags::NAME_OF_PHYSICIANS_READING_STUDY,
                Place::Study,
            )),
        ),
        (
            "InstanceAvailability",
            json!("SOON"),
            Some((N::UnknownTerm, tags::INSTANCE_AVAILABILITY, series)),
        ),
        ("BodyPartExamined", json!("CHEST"), None),
    ] {
        let studies = with(name, &value);
        let study = studies.get("1.2").expect("the study");
        let built = study.build::<ImagingStudy>(&Options::default());
        let notes: Vec<_> = built
            .notes
            .iter()
            .map(|note| (note.kind, note.tag, note.place))
            .collect();
        assert_eq!(notes, Vec::from_iter(expected), "{name}");
    }
}

#[test]
fn a_note_counts_and_names_the_first_data_set() {
    let mut studies = Studies::default();
    for uid in ["1.2", "1.02", "1.03"] {
        let row = json!({ "0020000D": { "vr": "UI", "Value": [uid] } });
        studies
            .add_json(row.to_string().as_bytes())
            .expect("an object");
    }
    let notes: Vec<_> = studies.notes().collect();
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].count, 2);
    assert_eq!(
        notes[0].to_string(),
        "(0020,000D) the UID breaks a rule and was kept, data set 1, 2 times"
    );
}

#[test]
fn bytes_that_are_no_utf8_lose_only_their_text() {
    for (description, kept) in [
        (&b"plain"[..], Some("plain")),
        ("Sch\u{e4}del".as_bytes(), Some("Sch\u{e4}del")),
        // Latin-1, a character that breaks off, a surrogate, and a byte that begins nothing.
        (b"Sch\xE4del", None),
        (b"Sch\xC3", None),
        (b"\xED\xA0\x80", None),
        (b"\xFF", None),
    ] {
        let mut text =
            br#"[{"0020000D":{"vr":"UI","Value":["1.2"]},"00081030":{"vr":"LO","Value":[""#
                .to_vec();
        text.extend(description);
        text.extend(
            br#""]},"00200010":{"vr":"SH","Value":["S-1"]}},{"0020000D":{"Value":["1.3"]}}]"#,
        );
        for chunk in [1, 7, text.len()] {
            let mut studies = Studies::default();
            let chunks = Chunks(&text, chunk);
            studies.add_json_reader(chunks).expect("a list");
            assert!(studies.get("1.3").is_some());
            let study = studies.get("1.2").expect("the study");
            let study = study.build::<ImagingStudy>(&Options::default()).study;
            let found = study.description.value.as_ref().map(|text| text.as_str());
            assert_eq!(found, kept);
            assert_eq!(study.identifier.len(), 2);
            let notes: Vec<_> = studies.notes().map(|note| (note.kind, note.tag)).collect();
            let expected = (NoteKind::CharacterSet, tags::STUDY_DESCRIPTION);
            match kept {
                Some(_) => assert_eq!(notes, []),
                None => assert_eq!(notes, [expected]),
            }
        }
    }
}

/// A reader that gives so many bytes at a time.
struct Chunks<'a>(&'a [u8], usize);

impl std::io::Read for Chunks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.1.min(buffer.len());
        self.0.by_ref().take(length as u64).read(buffer)
    }
}
