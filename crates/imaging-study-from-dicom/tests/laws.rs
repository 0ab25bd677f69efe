//! What holds for any data sets: their order does not matter, every version is valid and reads back,
//! merging and building agree, and nothing panics.

mod support;

use std::collections::BTreeSet;

use chrono::FixedOffset;
use imaging_study_core::FhirVersion;
use imaging_study_dstu2 as dstu2;
use imaging_study_from_dicom::{
    AccessionPlace, Counts, MissingModality, Note, Options, Studies, Study, TimeZone,
    remove_instances,
};
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// 1,000 cases, or as many as `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: cases.and_then(|cases| cases.parse().ok()).unwrap_or(1000),
        ..ProptestConfig::default()
    }
}

const VERSIONS: [FhirVersion; 7] = [
    FhirVersion::Dstu2,
    FhirVersion::Stu3,
    FhirVersion::R4,
    FhirVersion::R4B,
    FhirVersion::R5,
    FhirVersion::R6Draft,
    FhirVersion::R6,
];

/// Texts that attributes of any kind may hold, and some that none may.
const TEXTS: &[&str] = &[
    "CT",
    "mr",
    "CF",
    "PR",
    "XX9",
    "CHEST",
    "ABDOMEN_PELVIS",
    "LEFT THUMB",
    "R",
    "L",
    "B",
    "U",
    "20260302",
    "2026.03.02",
    "202603",
    "20230230",
    "19000101",
    "081500",
    "0815",
    "08:15:00.25",
    "235960",
    "08",
    "2460",
    "+0100",
    "-0330",
    "+1430",
    "-0000",
    "1",
    " +007 ",
    "-3",
    "1.0",
    "1e3",
    "2147483648",
    "1.2.3",
    "1.2.03",
    "urn:oid:1.2.4",
    "1.2.3\0",
    "not a uid",
    "",
    " ",
    "\0",
    "\u{7}bell",
    "a\\b",
    "a  b",
    "\u{1b}$B;3",
    "Doe^John^^Dr.",
    "Doe^John=山田^太郎",
    "^^^^",
    "\u{3000}山\u{3000}",
    "ONLINE",
    "OFFLINE",
    "YES",
    "LN",
    "SCT",
    "SRT",
    "99X",
    "DCMUID",
    "T-04000",
    "24627-2",
    "ISO",
    "UUID",
    "URI",
    "https://pacs.example/studies/1.2.3",
    "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
    "\u{fffe}",
    "é",
];

/// A sequence and the attributes of its items.
const SEQUENCES: &[(&str, &[&str])] = &[
    ("00080051", &["00400031", "00400032", "00400033"]),
    ("00080096", &["00401101", "00080080"]),
    ("00401101", CODE),
    ("00080110", &["00080102", "0008010C"]),
    ("00081032", CODE),
    ("0008103F", CODE),
    ("00081052", &["00401101", "00080080"]),
    ("00081072", &["00401101"]),
    ("00082218", CODE),
    ("00100024", &["00400032", "00400033"]),
    ("00321064", CODE),
    (
        "00400275",
        &[
            "00080050", "00080051", "00401002", "0040100A", "00402016", "00402017", "00400026",
        ],
    ),
    ("00400560", &["00400551", "00400562"]),
    ("0040100A", CODE),
    ("0040A043", CODE),
    ("0040A370", &["00080050", "0040100A"]),
    ("52009229", &["00209071"]),
    ("00209071", &["00209072", "00082218"]),
];

const CODE: &[&str] = &[
    "00080100", "00080102", "00080103", "00080104", "00080119", "00080120",
];

const ATTRIBUTES: &[&str] = &[
    "00080008", "00080016", "00080020", "00080021", "00080030", "00080031", "00080050", "00080051",
    "00080056", "00080060", "00080061", "00080090", "00080096", "00080110", "00080201", "00081030",
    "00081032", "0008103E", "0008103F", "00081040", "00081050", "00081052", "00081060", "00081070",
    "00081072", "00081190", "00082218", "00100010", "00100020", "00100021", "00100024", "00100027",
    "00100200", "00180015", "00200010", "00200011", "00200013", "00200060", "00200062", "00201206",
    "00201208", "00201209", "00321064", "00380010", "00400243", "00400244", "00400245", "00400275",
    "00400560", "00401002", "0040100A", "00402016", "0040A043", "0040A370", "00420010", "00700080",
    "00700081", "52009229", "00280010",
];

/// A value as some server writes it.
fn value() -> BoxedStrategy<Value> {
    let text = select(TEXTS).prop_map(Value::from);
    let scalar = prop_oneof![
        8 => text.clone(),
        1 => any::<i32>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(json!(1.5)),
        1 => text.clone().prop_map(|name| json!({ "Alphabetic": name, "Ideographic": "山^太" })),
        1 => "\\PC{0,8}".prop_map(Value::from),
    ];
    prop_oneof![
        8 => vec(scalar.clone(), 0..3).prop_map(|values| json!({ "vr": "LO", "Value": values })),
        1 => scalar.clone(),
        1 => scalar.prop_map(|value| json!({ "Value": value })),
        1 => Just(json!({ "vr": "OB", "BulkDataURI": "x" })),
        1 => Just(json!([[], {}])),
    ]
    .boxed()
}

/// The value of an attribute: sequences have items, the others texts.
fn attribute(tag: &'static str, depth: usize) -> BoxedStrategy<Value> {
    let sequence = SEQUENCES.iter().find(|(sequence, _)| *sequence == tag);
    match sequence {
        Some((_, members)) if depth > 0 => {
            let item = data_set(members, depth - 1);
            let items = vec(item, 0..3).prop_map(|items| json!({ "vr": "SQ", "Value": items }));
            prop_oneof![9 => items, 1 => value()].boxed()
        }
        _ => value(),
    }
}

fn data_set(tags: &'static [&'static str], depth: usize) -> BoxedStrategy<Value> {
    let count = tags.len().min(12);
    let member = select(tags).prop_flat_map(move |tag| {
        attribute(tag, depth).prop_map(move |value| (tag.to_owned(), value))
    });
    vec(member, 0..=count)
        .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>()))
        .boxed()
}

/// A data set of one of two studies: an instance, or a row about a series or a study. Few UIDs, so
/// that data sets meet, and disagree.
fn instance() -> impl Strategy<Value = Value> {
    let uid = |values: &'static [&'static str]| option::weighted(0.9, select(values));
    (
        select(&["1.2.3", "1.2.3 ", "1.2.4"][..]),
        uid(&["1.2.3.1", "1.2.3.2", "1.2.3.03", "urn:oid:1.2.3.1"]),
        uid(&["1.9.1", "1.9.2", "1.9.3", "1.9.4", "1.9.05"]),
        data_set(ATTRIBUTES, 3),
    )
        .prop_map(|(study, series, instance, mut data_set)| {
            let members = data_set.as_object_mut().expect("an object");
            let mut set = |tag: &str, uid: Option<&str>| {
                if let Some(uid) = uid {
                    members.insert(tag.to_owned(), json!({ "vr": "UI", "Value": [uid] }));
                }
            };
            set("0020000D", Some(study));
            set("0020000E", series);
            set("00080018", instance);
            data_set
        })
}

/// Instances whose series and numbers follow from their UIDs.
fn plain_instances() -> impl Strategy<Value = Vec<Value>> {
    let instance = (0_u8..3, 0_u8..6).prop_map(|(series, number)| {
        json!({
            "StudyInstanceUID": "1.2.3",
            "SeriesInstanceUID": format!("1.2.3.{series}"),
            "SOPInstanceUID": format!("1.2.3.{series}.{number}"),
            "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
            "Modality": (["CT", "PR", "MR"][usize::from(series)]),
            "SeriesNumber": (2 - series.min(2)),
            "InstanceNumber": number,
            "AccessionNumber": "A1",
            "PatientID": "P1",
        })
    });
    vec(instance, 0..8)
}

fn options() -> impl Strategy<Value = Options> {
    (
        any::<[bool; 6]>(),
        0_u8..3,
        option::of(Just("Patient/example")),
        0_u8..3,
    )
        .prop_map(|(flags, zone, subject, place)| {
            let mut options = Options::default();
            [
                options.instances,
                options.names,
                options.patient_id,
                options.order_numbers,
                options.descriptions,
                options.requested_procedure,
            ] = flags;
            options.time_zone = match zone {
                0 => TimeZone::DateOnly,
                1 => TimeZone::Fixed(FixedOffset::east_opt(-12_600).expect("an offset")),
                _ => TimeZone::resolve(|_| FixedOffset::east_opt(3600)),
            };
            options.accession = match place {
                0 => AccessionPlace::AsTheVersion,
                1 => AccessionPlace::Identifier,
                _ => AccessionPlace::BasedOn,
            };
            options.counts = if zone == 0 {
                Counts::Contained
            } else {
                Counts::Archive
            };
            options.missing_modality = match place {
                0 => MissingModality::Absent,
                _ => MissingModality::Other,
            };
            options.subject = subject.and_then(|subject| subject.parse().ok());
            options
        })
}

fn studies(data_sets: &[Value]) -> Studies {
    let mut studies = Studies::default();
    for data_set in data_sets {
        let text = data_set.to_string();
        studies.add_json(text.as_bytes()).expect("an object");
    }
    studies
}

/// Every study in a version, with what there is to say about it.
fn all<S: Study>(studies: &Studies, options: &Options) -> Vec<(S, Vec<Note>)> {
    let built = studies.iter().map(|study| study.build::<S>(options));
    built.map(|built| (built.study, built.notes)).collect()
}

/// The instances of a study, each with its series, and its counts: of series, of instances, and of
/// the instances of each series.
type Shape = (BTreeSet<(String, String)>, Vec<u32>);

macro_rules! shape {
    ($study:expr) => {{
        let study = $study;
        let count = |count: Option<imaging_study_core::UnsignedInt>| count.map_or(0, u32::from);
        let mut instances = BTreeSet::new();
        let mut counts = vec![
            count(study.number_of_series.value),
            count(study.number_of_instances.value),
        ];
        for series in &study.series {
            counts.push(count(series.number_of_instances.value));
            for instance in &series.instance {
                let uid = |uid: &str| uid.trim_start_matches("urn:oid:").to_owned();
                let one = series.uid.value.as_ref().expect("a UID");
                let other = instance.uid.value.as_ref().expect("a UID");
                assert!(instances.insert((uid(one.as_str()), uid(other.as_str()))));
            }
        }
        let shape: Shape = (instances, counts);
        shape
    }};
}

/// The laws of merging and removing in one version.
macro_rules! merging {
    ($types:ident, $first:expr, $second:expr) => {{
        let options = Options::default();
        let both: Vec<Value> = $first.iter().chain($second).cloned().collect();
        let (first, second, both) = (studies($first), studies($second), studies(&both));
        if let (Some(first), Some(second)) = (first.get("1.2.3"), second.get("1.2.3")) {
            let both = both.get("1.2.3").expect("the study");
            let whole = both.build::<$types::ImagingStudy>(&options).study;
            let before = first.build::<$types::ImagingStudy>(&options).study;
            let mut study = before.clone();

            // Merging what is there already changes nothing.
            let changes = first
                .merge_into(&mut study, &options)
                .expect("the same study");
            assert!(changes.is_unchanged(), "{changes:?}");
            assert!(changes.conflicts.is_empty(), "{changes:?}");
            assert_eq!(study, before);

            // Merging gives what building from all gives, in the same order.
            let changes = second
                .merge_into(&mut study, &options)
                .expect("the same study");
            let added = shape!(&whole).0.len() - shape!(&before).0.len();
            assert_eq!(changes.instances_added, added);
            assert_eq!(changes.is_unchanged(), added == 0);
            assert_eq!(shape!(&study), shape!(&whole));
            assert_eq!(study.series, whole.series);

            // Removing what was added gives what was there.
            let gone = shape!(&before).0;
            let gone: Vec<String> = shape!(&whole)
                .0
                .into_iter()
                .filter(|one| !gone.contains(one))
                .map(|(_, instance)| instance)
                .collect();
            let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
            let changes = remove_instances(&mut study, &gone, &options);
            assert_eq!(changes.instances_removed, gone.len());
            assert_eq!(study, before);

            // Removing everything leaves a study without series.
            let instances: Vec<String> =
                shape!(&before).0.into_iter().map(|(_, uid)| uid).collect();
            let instances: Vec<&str> = instances.iter().map(String::as_str).collect();
            remove_instances(&mut study, &instances, &options);
            assert!(study.series.is_empty());
            assert_eq!(shape!(&study).1, [0, 0]);
            support::checked(&study);
        }
    }};
}

/// Merging what was built, and then other data sets, is valid, and once more changes nothing.
fn settles<S: Study>(first: &Studies, second: &Studies, options: &Options) {
    for study in first.iter() {
        let mut merged = study.build::<S>(options).study;
        for delta in [Some(study), second.get(study.uid())].into_iter().flatten() {
            let before = merged.clone();
            let changes = delta
                .merge_into(&mut merged, options)
                .expect("the same study");
            assert_eq!(changes.is_unchanged(), merged == before, "{changes:?}");
            support::checked(&merged);
            let settled = merged.clone();
            let changes = delta
                .merge_into(&mut merged, options)
                .expect("the same study");
            assert!(changes.is_unchanged(), "{changes:?}");
            assert_eq!(merged, settled);
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_order_gives_the_same_studies(
        (data_sets, shuffled) in vec(instance(), 0..8)
            .prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        options in options(),
    ) {
        let (one, other) = (studies(&data_sets), studies(&shuffled));
        prop_assert_eq!(
            all::<r5::ImagingStudy>(&one, &options),
            all::<r5::ImagingStudy>(&other, &options)
        );
        prop_assert_eq!(
            all::<dstu2::ImagingStudy>(&one, &options),
            all::<dstu2::ImagingStudy>(&other, &options)
        );
        prop_assert_eq!(one.rejected(), other.rejected());
    }

    #[test]
    fn every_version_is_valid_and_reads_back(
        data_sets in vec(instance(), 0..6),
        options in options(),
    ) {
        let studies = studies(&data_sets);
        for study in studies.iter() {
            for version in VERSIONS {
                support::built(study, version, &options);
            }
        }
    }

    #[test]
    fn merging_gives_what_building_from_all_gives(
        first in plain_instances(),
        second in plain_instances(),
    ) {
        merging!(dstu2, &first, &second);
        merging!(stu3, &first, &second);
        merging!(r4, &first, &second);
        merging!(r4b, &first, &second);
        merging!(r5, &first, &second);
        merging!(r6_draft, &first, &second);
        merging!(r6, &first, &second);
    }

    #[test]
    fn merging_anything_is_valid_and_then_changes_nothing(
        first in vec(instance(), 1..5),
        second in vec(instance(), 1..5),
        options in options(),
        version in select(&VERSIONS),
    ) {
        let (first, second) = (studies(&first), studies(&second));
        let settles = match version {
            FhirVersion::Dstu2 => settles::<dstu2::ImagingStudy>,
            FhirVersion::Stu3 => settles::<stu3::ImagingStudy>,
            FhirVersion::R4 => settles::<r4::ImagingStudy>,
            FhirVersion::R4B => settles::<r4b::ImagingStudy>,
            FhirVersion::R5 => settles::<r5::ImagingStudy>,
            FhirVersion::R6Draft => settles::<r6_draft::ImagingStudy>,
            FhirVersion::R6 => settles::<r6::ImagingStudy>,
        };
        settles(&first, &second, &options);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in vec(any::<u8>(), 0..200), cut in 0_usize..500) {
        let _ = Studies::default().add_json(&text);
        // What looks like a data set until it breaks.
        let mut json = br#"[{"0020000D": {"vr": "UI", "Value": ["1.2"]}, "00080090": {"Value": [{"Alphabetic": ""#.to_vec();
        json.extend(&text);
        json.extend(br#""}]}}, {"0020000D": {"Value": ["1.3"]}}]"#);
        json.truncate(cut.max(1));
        let mut studies = Studies::default();
        let _ = studies.add_json(&json);
        for study in studies.iter() {
            support::built(study, FhirVersion::R5, &Options::default());
        }
    }
}

#[test]
fn one_data_set_that_cannot_be_read_loses_only_itself() {
    let mut studies = Studies::default();
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let text = format!(
        r#"[{{"0020000D": {{"Value": ["1.2"]}}}},
        {{"0020000D": {{"Value": ["1.3"]}}, }},
        {{"0020000D": {{"Value": {deep}}}}},
        {{"00280010": {deep}, "0020000D": {{"Value": ["1.4"]}}}},
        {{"00200013": {{"Value": [1e999]}}, "0020000D": {{"Value": ["1.5"]}}}},
        {{"0020000D": {{"Value": ["1.6"]}}, "00081030": {{"Value": ["\ud800"]}}}}]"#
    );
    studies
        .add_json(text.as_bytes())
        .expect("a list of objects");
    let uids: Vec<_> = studies.iter().map(|study| study.uid()).collect();
    assert_eq!(uids, ["1.2", "1.4", "1.5", "1.6"]);
    assert_eq!((studies.data_sets(), studies.rejected()), (6, 2));
    // Latin-1 where UTF-8 should be.
    let latin: &[u8] =
        b"{\"0020000D\": {\"Value\": [\"1.7\"]}, \"00081030\": {\"Value\": [\"Sch\xE4del\"]}}";
    studies.add_json(latin).expect("an object");
    assert!(studies.get("1.7").is_some());
}

#[test]
fn another_study_is_not_merged() {
    let (one, other) = (
        studies(&[json!({ "StudyInstanceUID": "1.2" })]),
        studies(&[json!({ "StudyInstanceUID": "1.3" })]),
    );
    let options = Options::default();
    let mut study = one
        .get("1.2")
        .expect("a study")
        .build::<stu3::ImagingStudy>(&options)
        .study;
    let before = study.clone();
    let refused = other
        .get("1.3")
        .expect("a study")
        .merge_into(&mut study, &options);
    assert!(refused.is_err());
    assert_eq!(study, before);
}
