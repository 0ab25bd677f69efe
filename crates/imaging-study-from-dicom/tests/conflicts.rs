//! Data sets that contradict each other, and studies that contradict the data sets.

mod support;

use imaging_study_core::Json;
use imaging_study_dstu2 as dstu2;
use imaging_study_from_dicom::{
    Counts, MergeError, NoteKind, Options, Place, Studies, Tag, remove_instances, remove_series,
    tags,
};
use imaging_study_json::{Decoder, from_str, to_string};
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;
use imaging_study_stu3 as stu3;
use serde_json::{Value, json};

/// An instance with attributes beside its UIDs.
fn instance(study: &str, series: &str, uid: &str, more: Value) -> Value {
    let mut instance = json!({
        "StudyInstanceUID": study,
        "SeriesInstanceUID": series,
        "SOPInstanceUID": uid,
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
        "Modality": "CT",
    });
    let members = instance.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    instance
}

fn studies(data_sets: &[Value]) -> Studies {
    let mut studies = Studies::default();
    let text = Value::from(data_sets.to_vec()).to_string();
    studies.add_json(text.as_bytes()).expect("a list");
    studies
}

/// What there is to say about the study, but for what is missing.
fn notes(studies: &Studies, uid: &str) -> Vec<(NoteKind, Tag, Place)> {
    let study = studies.get(uid).expect("the study");
    let built = study.build::<r5::ImagingStudy>(&Options::default());
    let notes = built.notes.into_iter();
    notes
        .filter(|note| note.kind != NoteKind::Missing)
        .map(|note| (note.kind, note.tag, note.place))
        .collect()
}

fn json(text: &str) -> Json {
    Decoder::default()
        .decode_json(text.as_bytes())
        .expect("JSON")
}

#[test]
fn data_sets_that_disagree_are_reported_and_the_first_by_uid_wins() {
    let one = instance(
        "1.2",
        "1.3",
        "1.4.1",
        json!({ "PatientID": "A", "InstanceNumber": 1 }),
    );
    let other = instance(
        "1.2",
        "1.3",
        "1.4.2",
        json!({ "PatientID": "B", "Modality": "MR" }),
    );
    let same = instance(
        "1.2",
        "1.3",
        "1.4.1",
        json!({ "PatientID": "A", "InstanceNumber": 2 }),
    );
    for order in [
        [&one, &other, &same],
        [&same, &other, &one],
        [&other, &same, &one],
    ] {
        let studies = studies(&order.map(Clone::clone));
        let study = studies.get("1.2").expect("the study");
        let built = study.build::<r5::ImagingStudy>(&Options::default()).study;
        assert_eq!(built.number_of_instances.value.map(u32::from), Some(2));
        let patient = built.subject.and_then(|subject| subject.identifier);
        let patient = patient.and_then(|identifier| identifier.value.value);
        assert_eq!(patient.as_ref().map(|id| id.as_str()), Some("A"));
        let modality = built.series[0].modality.as_ref().expect("a modality");
        let code = modality.coding[0].code.value.as_ref();
        assert_eq!(code.map(|code| code.as_str()), Some("CT"));
        let first = Place::Series { series: 0 };
        let instance = Place::Instance {
            series: 0,
            instance: 0,
        };
        assert_eq!(
            notes(&studies, "1.2"),
            [
                (NoteKind::Conflict, tags::PATIENT_ID, Place::Study),
                (NoteKind::Conflict, tags::MODALITY, first),
                (NoteKind::Conflict, tags::SOP_INSTANCE_UID, instance),
            ]
        );
    }
}

#[test]
fn an_instance_twice_is_one_and_in_two_series_it_is_in_one() {
    let one = instance("1.2", "1.3.2", "1.4", json!({}));
    let other = instance("1.2", "1.3.1", "1.4", json!({}));
    let identical = studies(&[one.clone(), one.clone()]);
    assert_eq!(notes(&identical, "1.2"), []);
    assert_eq!(
        identical
            .iter()
            .next()
            .map(|study| study.number_of_instances()),
        Some(1)
    );
    for order in [[&one, &other], [&other, &one]] {
        let studies = studies(&order.map(Clone::clone));
        let study = studies.get("1.2").expect("the study");
        let built = study.build::<r5::ImagingStudy>(&Options::default()).study;
        let listed: Vec<_> = built.series.iter().map(|one| one.instance.len()).collect();
        assert_eq!(listed, [1, 0]);
        let place = Place::Instance {
            series: 0,
            instance: 0,
        };
        let expected = [(NoteKind::Conflict, tags::SOP_INSTANCE_UID, place)];
        assert_eq!(notes(&studies, "1.2"), expected);
    }
}

#[test]
fn a_series_in_two_studies_is_reported_for_both_and_loses_nothing() {
    let list = [
        instance("1.2", "1.3", "1.4.1", json!({})),
        instance("1.5", "1.3", "1.4.2", json!({})),
    ];
    let studies = studies(&list);
    let place = Place::Series { series: 0 };
    let expected = [(
        NoteKind::SeriesInSeveralStudies,
        tags::SERIES_INSTANCE_UID,
        place,
    )];
    for uid in ["1.2", "1.5"] {
        assert_eq!(notes(&studies, uid), expected);
        let study = studies.get(uid).expect("the study");
        assert_eq!(study.number_of_instances(), 1);
    }
}

#[test]
fn times_agree_as_instants() {
    let list = |time, offset| {
        studies(&[
            instance(
                "1.2",
                "1.3",
                "1.4.1",
                json!({ "StudyDate": "20260302", "StudyTime": "0815", "TimezoneOffsetFromUTC": "+0100" }),
            ),
            instance(
                "1.2",
                "1.3",
                "1.4.2",
                json!({ "StudyDate": "20260302", "StudyTime": time, "TimezoneOffsetFromUTC": offset }),
            ),
        ])
    };
    assert_eq!(notes(&list("081500", "+0100"), "1.2"), []);
    assert_eq!(notes(&list("0715", "+0000"), "1.2"), []);
    let conflict = [(NoteKind::Conflict, tags::STUDY_DATE, Place::Study)];
    assert_eq!(notes(&list("0815", "+0000"), "1.2"), conflict);
}

#[test]
fn nothing_private_is_written_when_it_is_switched_off() {
    let secret = json!({
        "PatientName": "SECRET^Name", "PatientID": "SECRET-ID", "AccessionNumber": "SECRET-A",
        "StudyID": "SECRET-S", "AdmissionID": "SECRET-V", "StudyDescription": "SECRET words",
        "SeriesDescription": "SECRET series", "ReasonForTheRequestedProcedure": "SECRET reason",
        "ReferringPhysicianName": "SECRET^Doc", "OperatorsName": "SECRET^Tech",
        "PerformingPhysicianName": "SECRET^Perf", "NameOfPhysiciansReadingStudy": "SECRET^Read",
        "DocumentTitle": "SECRET title",
        "RequestAttributesSequence": [{
            "AccessionNumber": "SECRET-B", "PlacerOrderNumberImagingServiceRequest": "SECRET-P",
        }],
        "SpecimenDescriptionSequence": [{ "SpecimenIdentifier": "SECRET-X" }],
        // What cannot be read must not show up in a note either.
        "SeriesNumber": "SECRET", "StudyDate": "SECRET", "BodyPartExamined": 7,
    });
    let studies = studies(&[instance("1.2", "1.3", "1.4", secret)]);
    let study = studies.get("1.2").expect("the study");
    let open = study.build::<r4::ImagingStudy>(&Options::default()).study;
    let open = to_string(&open).expect("a study");
    assert_eq!(open.matches("SECRET").count(), 16, "{open}");
    let mut options = Options::default();
    options.names = false;
    options.patient_id = false;
    options.order_numbers = false;
    options.descriptions = false;
    let closed = study.build::<r4::ImagingStudy>(&options);
    support::checked(&closed.study);
    let text = to_string(&closed.study).expect("a study");
    assert!(!text.contains("SECRET"), "{text}");
    assert!(text.contains("masked"), "{text}");
    for note in studies.notes().chain(closed.notes) {
        assert!(!note.to_string().contains("SECRET"));
        assert!(!format!("{note:?}").contains("SECRET"));
    }
}

#[test]
fn merging_keeps_everything_that_it_does_not_know_better() {
    let before = r#"{
        "resourceType": "ImagingStudy",
        "id": "kept",
        "meta": {"versionId": "7"},
        "contained": [{"resourceType": "Endpoint", "id": "e"}],
        "extension": [{"url": "http://example.org/x", "valueString": "kept"}],
        "identifier": [
            {"id": "odd-but-kept", "system": "urn:dicom:uid", "value": "1.2"},
            {"type": {"coding": [{"code": "ACSN"}]}, "system": "http://ris.example", "value": "A-1"}
        ],
        "_status": {"extension": [{"url": "http://example.org/s", "valueString": "kept"}]},
        "modality": [{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "CT", "display": "kept"}],
        "subject": {"reference": "Patient/kept"},
        "started": "2026-03-02T08:15:00+01:00",
        "endpoint": [{"reference": "Endpoint/kept"}],
        "numberOfSeries": 1,
        "numberOfInstances": 1,
        "note": [{"text": "kept"}],
        "description": "kept although the data sets say something else",
        "series": [{
            "id": "s",
            "uid": "urn:oid:1.3",
            "_number": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]},
            "modality": {"extension": [
                {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"},
                {"url": "http://example.org/m", "valueString": "kept"}
            ]},
            "numberOfInstances": 1,
            "instance": [{"id": "i", "uid": "1.4.9", "sopClass": {"code": "urn:oid:1.2.840.10008.5.1.4.1.1.2"}, "title": "kept"}]
        }]
    }"#;
    let mut study: r4::ImagingStudy = from_str(before).expect("a study");
    let arrived = studies(&[
        instance(
            "1.2",
            "1.3",
            "1.4.1",
            json!({
                "StudyDescription": "other", "SeriesNumber": 4, "AccessionNumber": "A-1",
                "StudyDate": "20260302", "PatientID": "P",
            }),
        ),
        instance("1.2", "1.3", "1.4.9", json!({ "InstanceNumber": 9 })),
    ]);
    let arrived = arrived.get("1.2").expect("the study");
    let changes = arrived
        .merge_into(&mut study, &Options::default())
        .expect("the same study");
    assert_eq!((changes.series_added, changes.instances_added), (0, 1));
    let elements: Vec<_> = changes.elements.iter().map(|one| one.element).collect();
    assert_eq!(
        elements,
        [
            "number",
            "number",
            "modality",
            "numberOfInstances",
            "status",
            "numberOfInstances"
        ]
    );
    let conflicts: Vec<_> = changes.conflicts.iter().map(|one| one.element).collect();
    assert_eq!(conflicts, ["description"]);
    let after = before
        .replace(r#""_status""#, r#""status": "available", "_status""#)
        .replace(
            r#""_number": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}"#,
            r#""number": 4"#,
        )
        .replace(
            r#""modality": {"extension": [
                {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"},
                {"url": "http://example.org/m", "valueString": "kept"}
            ]}"#,
            r#""modality": {"extension": [{"url": "http://example.org/m", "valueString": "kept"}], "system": "http://dicom.nema.org/resources/ontology/DCM", "code": "CT"}"#,
        )
        .replace(r#""numberOfInstances": 1"#, r#""numberOfInstances": 2"#)
        .replace(
            r#""instance": [{"id": "i", "uid": "1.4.9", "sopClass": {"code": "urn:oid:1.2.840.10008.5.1.4.1.1.2"}, "title": "kept"}]"#,
            r#""instance": [
                {"id": "i", "uid": "1.4.9", "sopClass": {"code": "urn:oid:1.2.840.10008.5.1.4.1.1.2"}, "number": 9, "title": "kept"},
                {"uid": "1.4.1", "sopClass": {"system": "urn:ietf:rfc:3986", "code": "urn:oid:1.2.840.10008.5.1.4.1.1.2"}}
            ]"#,
        );
    let written = to_string(&study).expect("a study");
    assert_eq!(json(&written), json(&after));
}

#[test]
fn an_instance_of_another_series_is_not_counted_twice() {
    let options = Options::default();
    let one = studies(&[instance("1.2", "1.3.1", "1.4", json!({}))]);
    let mut study = one
        .get("1.2")
        .expect("the study")
        .build::<stu3::ImagingStudy>(&options)
        .study;
    let other = studies(&[instance("1.2", "1.3.2", "1.4", json!({}))]);
    let other = other.get("1.2").expect("the study");
    let changes = other
        .merge_into(&mut study, &options)
        .expect("the same study");
    assert_eq!(changes.instances_added, 0);
    assert_eq!(changes.conflicts.len(), 1);
    assert_eq!(study.number_of_instances.value.map(u32::from), Some(1));
}

#[test]
fn counts_of_an_archive_stay_larger_than_what_is_listed() {
    let before = r#"{
        "resourceType": "ImagingStudy", "uid": "urn:oid:1.2", "patient": {"display": "x"},
        "numberOfSeries": 4, "numberOfInstances": 500,
        "series": [{"uid": "urn:oid:1.3", "modality": {"code": "CT"}, "numberOfInstances": 100}]
    }"#;
    let arrived = studies(&[instance("1.2", "1.3", "1.4", json!({}))]);
    let arrived = arrived.get("1.2").expect("the study");
    let counts = |study: &stu3::ImagingStudy| {
        [
            study.number_of_series.value,
            study.number_of_instances.value,
            study.series[0].number_of_instances.value,
        ]
        .map(|count| count.map_or(0, u32::from))
    };
    let mut options = Options::default();
    let mut study: stu3::ImagingStudy = from_str(before).expect("a study");
    arrived
        .merge_into(&mut study, &options)
        .expect("the same study");
    assert_eq!(counts(&study), [4, 500, 100]);
    remove_instances(&mut study, &["urn:oid:1.4"], &options);
    assert_eq!(counts(&study), [4, 499, 99]);
    let changes = remove_series(&mut study, &["1.3"], &options);
    assert_eq!(changes.series_removed, 1);
    assert_eq!(study.number_of_instances.value.map(u32::from), Some(400));
    assert_eq!(study.number_of_series.value.map(u32::from), Some(3));

    options.counts = Counts::Contained;
    let mut study: stu3::ImagingStudy = from_str(before).expect("a study");
    arrived
        .merge_into(&mut study, &options)
        .expect("the same study");
    assert_eq!(counts(&study), [1, 1, 1]);
}

#[test]
fn removing_what_is_not_there_changes_nothing() {
    let options = Options::default();
    let one = studies(&[
        instance("1.2", "1.3.1", "1.4.1", json!({})),
        instance("1.2", "1.3.2", "1.4.2", json!({ "Modality": "PT" })),
    ]);
    let built = one.get("1.2").expect("the study");
    let mut study = built.build::<r5::ImagingStudy>(&options).study;
    let before = study.clone();
    assert!(remove_instances(&mut study, &["1.9"], &options).is_unchanged());
    assert!(remove_series(&mut study, &["1.4.1"], &options).is_unchanged());
    assert_eq!(study, before);
    // The modality goes with the last series that has it.
    let changes = remove_instances(&mut study, &["1.4.2"], &options);
    assert_eq!((changes.series_removed, changes.instances_removed), (1, 1));
    assert_eq!(study.modality, before.modality[..1]);
    remove_series(&mut study, &["1.3.1"], &options);
    assert_eq!(study.status.value, Some(r5::ImagingStudyStatus::Registered));
}

#[test]
fn a_study_that_nothing_says_is_the_same_is_not_merged_into() {
    let text = r#"{
        "resourceType": "ImagingStudy", "status": "registered", "subject": {"display": "x"},
        "identifier": [{"system": "http://example.org/study", "value": "1.2"}],
        "series": [{"uid": "1.9.9", "modality": {"code": "MR"}}]
    }"#;
    let mut study: r4::ImagingStudy = from_str(text).expect("a study");
    let before = study.clone();
    let options = Options::default();
    let arrived = studies(&[instance("1.2", "1.3", "1.4", json!({}))]);
    let arrived = arrived.get("1.2").expect("the study");
    let refused = arrived.merge_into(&mut study, &options);
    assert_eq!(refused, Err(MergeError::NoUid));
    assert_eq!(study, before);
    // One of its series says so.
    let known = studies(&[instance("1.2", "1.9.9", "1.4", json!({ "Modality": "MR" }))]);
    let known = known.get("1.2").expect("the study");
    let changes = known.merge_into(&mut study, &options).expect("the same");
    assert_eq!((changes.series_added, changes.instances_added), (0, 1));
    assert_eq!(study.identifier.len(), 2);
    let refused = arrived.merge_into(&mut study, &options);
    assert_eq!(refused.map(|changes| changes.series_added), Ok(1));
}

#[test]
fn a_malformed_uid_of_an_old_version_says_that_studies_are_the_same() {
    let options = Options::default();
    let one = studies(&[instance("1.2.03", "1.3.03", "1.4.03", json!({}))]);
    let one = one.get("1.2.03").expect("the study");
    let mut held = one.build::<stu3::ImagingStudy>(&options).study;
    let other = studies(&[instance("1.2.04", "1.3.03", "1.4.03", json!({}))]);
    let other = other.get("1.2.04").expect("the study");
    let refused = other.merge_into(&mut held, &options);
    assert_eq!(refused, Err(MergeError::OtherStudy));
    // A study without a UID gets it.
    held.uid = Default::default();
    held.extension.clear();
    let changes = one.merge_into(&mut held, &options).expect("a known series");
    let elements: Vec<_> = changes.elements.iter().map(|one| one.element).collect();
    assert_eq!(elements, ["uid"]);
    assert_eq!(held, one.build::<stu3::ImagingStudy>(&options).study);
    // And instances are removed by it.
    let gone = remove_instances(&mut held, &["1.4.03"], &options);
    assert_eq!((gone.instances_removed, gone.series_removed), (1, 1));
}

#[test]
fn the_modalities_of_a_study_are_those_of_all_its_series() {
    let text = r#"{
        "resourceType": "ImagingStudy", "status": "available", "subject": {"display": "x"},
        "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2"}],
        "series": [
            {"uid": "1.8", "modality": {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "MR"}},
            {"uid": "1.9", "modality": {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "NM"}}
        ]
    }"#;
    let codes = |study: &r4::ImagingStudy| -> Vec<String> {
        let codes = study
            .modality
            .iter()
            .filter_map(|one| one.code.value.as_ref());
        let mut codes: Vec<_> = codes.map(ToString::to_string).collect();
        codes.sort();
        codes
    };
    let options = Options::default();
    let mut study: r4::ImagingStudy = from_str(text).expect("a study");
    let mut left = study.clone();
    let arrived = studies(&[instance("1.2", "1.3", "1.4", json!({}))]);
    let arrived = arrived.get("1.2").expect("the study");
    arrived.merge_into(&mut study, &options).expect("the same");
    assert_eq!(codes(&study), ["CT", "MR", "NM"]);
    assert_eq!(study.number_of_series.value.map(u32::from), Some(3));
    remove_series(&mut study, &["1.9"], &options);
    assert_eq!(codes(&study), ["CT", "MR"]);
    assert_eq!(study.number_of_series.value.map(u32::from), Some(2));
    remove_series(&mut left, &["1.9"], &options);
    assert_eq!(codes(&left), ["MR"]);
}

#[test]
fn a_series_row_without_a_count_makes_none_up() {
    let row = json!({
        "StudyInstanceUID": "1.2", "SeriesInstanceUID": "1.3", "Modality": "CT",
    });
    let rows = studies(&[row]);
    let rows = rows.get("1.2").expect("the study");
    let options = Options::default();
    let mut study = rows.build::<r5::ImagingStudy>(&options).study;
    let changes = rows.merge_into(&mut study, &options).expect("the same");
    assert!(changes.is_unchanged());
    assert_eq!(study.number_of_instances.value, None);
    assert_eq!(study.series[0].number_of_instances.value, None);
    // In DSTU2 a count is required: when it is known, nothing says any more that it is not.
    let mut study = rows.build::<dstu2::ImagingStudy>(&options).study;
    assert!(study.number_of_instances.element.is_some());
    let arrived = studies(&[instance("1.2", "1.3", "1.4", json!({}))]);
    let arrived = arrived.get("1.2").expect("the study");
    arrived.merge_into(&mut study, &options).expect("the same");
    for count in [
        &study.number_of_instances,
        &study.series[0].number_of_instances,
    ] {
        assert_eq!(count.value.map(u32::from), Some(1));
        assert!(count.element.is_none());
    }
}

#[test]
fn changes_and_notes_of_merging_name_places_of_the_merged_study() {
    let options = Options::default();
    let held = studies(&[
        instance(
            "1.2",
            "1.3.5",
            "1.4.5",
            json!({ "SeriesDescription": "held", "InstanceNumber": 5 }),
        ),
        instance("1.2", "1.3.7", "1.4.7", json!({})),
    ]);
    let held = held.get("1.2").expect("the study");
    let mut study = held.build::<r5::ImagingStudy>(&options).study;
    // A series before those that are held, one of which is contradicted, and one behind them.
    let arrived = studies(&[
        instance("1.2", "1.3.1", "1.4.1", json!({})),
        instance(
            "1.2",
            "1.3.5",
            "1.4.5",
            json!({ "SeriesDescription": "other", "InstanceNumber": 5 }),
        ),
        instance(
            "1.2",
            "1.3.5",
            "1.4.4",
            json!({ "InstanceNumber": 4, "SOPClassUID": null }),
        ),
        instance("1.2", "1.3.9", "1.4.9", json!({ "Modality": "ZZ" })),
    ]);
    let arrived = arrived.get("1.2").expect("the study");
    let changes = arrived.merge_into(&mut study, &options).expect("the same");
    let conflicts: Vec<_> = changes
        .conflicts
        .iter()
        .map(|one| (one.element, one.place))
        .collect();
    assert_eq!(conflicts, [("description", Place::Series { series: 1 })]);
    let grown = changes
        .elements
        .iter()
        .find(|one| one.place != Place::Study);
    assert_eq!(
        grown.map(|one| (one.element, one.place)),
        Some(("numberOfInstances", Place::Series { series: 1 }))
    );
    let place = |kind, tag| {
        let mut notes = changes.notes.iter();
        let found = notes.find(|note| note.kind == kind && note.tag == tag);
        found.expect("a note").place
    };
    let first = Place::Instance {
        series: 1,
        instance: 0,
    };
    assert_eq!(place(NoteKind::Missing, tags::SOP_CLASS_UID), first);
    let last = Place::Series { series: 3 };
    assert_eq!(place(NoteKind::UnknownTerm, tags::MODALITY), last);
    // Removing names places of what is left.
    let gone = remove_instances(&mut study, &["1.4.1", "1.4.4"], &options);
    let left = gone.elements.iter().find(|one| one.place != Place::Study);
    assert_eq!(left.map(|one| one.place), Some(Place::Series { series: 0 }));
}
