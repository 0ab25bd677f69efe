//! Every kind of note is made, and what it says is true of the study in every version.

#[path = "support/forms.rs"]
mod forms;
mod support;

use std::io::Cursor;

use forms::file;
use imaging_study_core::FhirVersion;
use imaging_study_from_dicom::{NoteKind, Options, Studies, TimeZone};
use imaging_study_json::json_to_string;
use serde_json::{Value, json};

const VERSIONS: &[FhirVersion] = &FhirVersion::ALL;

/// An input and what its study holds, and what it does not.
struct Case {
    studies: Studies,
    options: Options,
    versions: &'static [FhirVersion],
    holds: &'static [&'static str],
    lacks: &'static [&'static str],
}

impl Case {
    fn new(
        studies: Studies,
        holds: &'static [&'static str],
        lacks: &'static [&'static str],
    ) -> Self {
        Self {
            studies,
            options: Options::default(),
            versions: VERSIONS,
            holds,
            lacks,
        }
    }
}

fn base() -> Value {
    json!({
        "00080016": { "vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.2"] },
        "00080018": { "vr": "UI", "Value": ["1.4"] },
        "00080060": { "vr": "CS", "Value": ["CT"] },
        "00100010": { "vr": "PN", "Value": [{ "Alphabetic": "Known" }] },
        "0020000D": { "vr": "UI", "Value": ["1.2"] },
        "0020000E": { "vr": "UI", "Value": ["1.3"] },
    })
}

fn instance(more: Value) -> Value {
    let mut instance = base();
    let members = instance.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    instance
}

fn of(data_sets: &[Value]) -> Studies {
    text(&Value::from(data_sets.to_vec()).to_string())
}

fn text(json: &str) -> Studies {
    let mut studies = Studies::default();
    studies.add_json(json.as_bytes()).expect("a list");
    studies
}

/// The studies of an instance with one attribute more.
fn with(tag: &str, vr: &str, value: Value) -> Studies {
    of(&[instance(json!({ tag: { "vr": vr, "Value": value } }))])
}

fn bytes(bytes: Vec<u8>) -> Studies {
    let mut studies = Studies::default();
    studies.add_dicom(Cursor::new(bytes)).expect("a DICOM file");
    studies
}

/// An instance that has begun at a time.
fn begun(time: &str, offset: &str) -> Studies {
    of(&[instance(json!({
        "00080020": { "vr": "DA", "Value": ["20161231"] },
        "00080030": { "vr": "TM", "Value": [time] },
        "00080201": { "vr": "SH", "Value": [offset] },
    }))])
}

#[allow(clippy::too_many_lines, reason = "one case for each kind")]
fn case(kind: NoteKind) -> Case {
    use NoteKind as N;
    let described = |text: &str| with("00081030", "LO", json!([text]));
    match kind {
        N::Unreadable => Case::new(
            text(r#"{"0020000D": {"vr": "UI", "Value": ["1.2"]}, }"#),
            &[],
            &["1.2"],
        ),
        N::Rejected => Case::new(
            with("00080018", "UI", json!(["no UID"])),
            &[],
            &["no UID", "1.2"],
        ),
        N::Repeated => {
            let twice = base().to_string().replacen(
                '{',
                r#"{"00081030":{"vr":"LO","Value":["first"]},"StudyDescription":"second","#,
                1,
            );
            Case::new(text(&twice), &["first"], &["second"])
        }
        N::Malformed => Case::new(
            with("00080060", "CS", json!([{ "a": "odd" }])),
            &["data-absent-reason"],
            &["odd"],
        ),
        N::OtherVr => Case::new(
            with("00080060", "LO", json!(["MR"])),
            &[r#""code":"MR""#],
            &[],
        ),
        N::SeveralValues => Case::new(
            with("00080060", "CS", json!(["NM", "PT"])),
            &[r#""NM""#],
            &[r#""PT""#],
        ),
        N::TooLong => Case::new(described(&"x".repeat(5000)), &[], &["xxx"]),
        N::ControlCharacters => Case::new(described("be\u{7}ll"), &["bell"], &[]),
        N::CharacterSet => Case::new(described("\u{1b}$B;3"), &[], &["$B;3", "B;3"]),
        N::CharacterSetGuessed => {
            let described = instance(json!({ "00081030": { "vr": "LO", "Value": ["Schädel"] } }));
            let mut file = file(&described);
            let place = file.windows(10).position(|bytes| bytes == b"ISO_IR 192");
            let place = place.expect("the character set");
            file[place..place + 10].copy_from_slice(b"ISO_IR 6  ");
            Case::new(bytes(file), &["Schädel"], &[])
        }
        N::TransferSyntax => Case::new(bytes(file(&base())), &[r#""CT""#], &[]),
        N::BrokenOff => {
            let more = json!({
                "00081030": { "vr": "LO", "Value": ["before"] },
                "00200013": { "vr": "IS", "Value": ["77"] },
            });
            let mut file = file(&instance(more));
            file.truncate(file.len() - 2);
            Case::new(bytes(file), &["before"], &["77"])
        }
        N::SmallLetters => Case::new(
            with("00080060", "CS", json!(["mr"])),
            &[r#""MR""#],
            &[r#""mr""#],
        ),
        N::PaddedUid => Case::new(
            with("00080018", "UI", json!(["1.4.9 "])),
            &[r#"1.4.9""#],
            &["1.4.9 "],
        ),
        N::MalformedUid => Case::new(
            of(&[instance(json!({
                "00080016": { "vr": "UI", "Value": ["1.2.840.01"] },
                "00080018": { "vr": "UI", "Value": ["1.4.09"] },
                "0020000D": { "vr": "UI", "Value": ["1.2.07"] },
                "0020000E": { "vr": "UI", "Value": ["1.3.08"] },
            }))]),
            &[r#"1.2.840.01""#, r#"1.4.09""#, r#"1.2.07""#, r#"1.3.08""#],
            &[],
        ),
        N::InvalidNumber => Case::new(
            with("00200013", "IS", json!(["-77"])),
            &[],
            &["77", r#""number""#],
        ),
        N::InvalidDate => Case::new(
            with("00080020", "DA", json!(["20230230"])),
            &[],
            &["2023", "started"],
        ),
        N::UnlikelyDate => Case::new(
            with("00080020", "DA", json!(["19000101"])),
            &["1900-01-01"],
            &[],
        ),
        N::InvalidTime => Case::new(begun("9977", "+0100"), &[r#""2016-12-31""#], &["77"]),
        N::InvalidOffset => Case::new(begun("0815", "+9977"), &[r#""2016-12-31""#], &["77"]),
        N::NoOffset => Case::new(begun("0815", ""), &[r#""2016-12-31""#], &["08:15"]),
        N::TimeLeftOut => {
            let offset = chrono::FixedOffset::east_opt(3600).expect("an offset");
            let mut case = Case::new(begun("235960", "+0100"), &[r#""2016-12-31""#], &["23:59"]);
            case.options.time_zone = TimeZone::Fixed(offset);
            case.versions = &[FhirVersion::Dstu2];
            case
        }
        N::Conflict => {
            let described = |uid: &str, text: &str| {
                instance(json!({
                    "00080018": { "vr": "UI", "Value": [uid] },
                    "00081030": { "vr": "LO", "Value": [text] },
                }))
            };
            Case::new(
                of(&[described("1.4.2", "later"), described("1.4.1", "sooner")]),
                &["sooner"],
                &["later"],
            )
        }
        N::SeriesInSeveralStudies => {
            let other = json!({
                "00080018": { "vr": "UI", "Value": ["1.4.2"] },
                "0020000D": { "vr": "UI", "Value": ["1.22"] },
            });
            Case::new(of(&[base(), instance(other)]), &["1.3"], &["1.4.2"])
        }
        N::Missing => Case::new(
            of(&[instance(json!({ "00080060": null, "00100010": null }))]),
            &[r#""unknown""#],
            &[],
        ),
        N::UnknownTerm => Case::new(with("00080060", "CS", json!(["ZZ"])), &[r#""ZZ""#], &[]),
        N::RetiredTerm => Case::new(with("00080060", "CS", json!(["DS"])), &[r#""DS""#], &[]),
        N::UnknownCodingScheme => {
            let item = json!({
                "00080100": { "vr": "SH", "Value": ["L-1"] },
                "00080102": { "vr": "SH", "Value": ["99X"] },
                "00080104": { "vr": "LO", "Value": ["local region"] },
            });
            Case::new(
                with("00082218", "SQ", json!([item])),
                &["local region"],
                &["L-1", "99X"],
            )
        }
        N::NoPlace => {
            let studies = with("00081060", "PN", json!([{ "Alphabetic": "Reader" }]));
            let mut case = Case::new(studies, &[], &["Reader"]);
            case.versions = &[FhirVersion::R5, FhirVersion::R6Draft, FhirVersion::R6];
            case
        }
        other => panic!("no case for {}", other.name()),
    }
}

#[test]
fn every_kind_is_made_and_true() {
    for kind in NoteKind::ALL {
        let case = case(kind);
        for version in case.versions {
            let mut notes: Vec<_> = case.studies.notes().map(|note| note.kind).collect();
            let study = case.studies.iter().next();
            let mut written = String::new();
            if let Some(study) = study {
                let json = support::built(study, *version, &case.options);
                written = json_to_string(&json);
                notes.extend(support::notes(study, *version, &case.options));
            }
            let name = kind.name();
            assert!(notes.contains(&kind), "{name} {version}: {notes:?}");
            for text in case.holds {
                assert!(written.contains(text), "{name} {version}: {written}");
            }
            for text in case.lacks {
                assert!(!written.contains(text), "{name} {version}: {written}");
            }
        }
    }
}

#[test]
fn what_is_as_it_should_be_has_no_note() {
    let studies = of(&[base()]);
    assert_eq!(studies.notes().count(), 0);
    let study = studies.iter().next().expect("a study");
    for version in VERSIONS {
        assert_eq!(support::notes(study, *version, &Options::default()), []);
    }
}

#[test]
fn nothing_is_said_of_what_is_left_out() {
    // A malformed UID of a data set that is rejected was not kept.
    let rejected = instance(json!({
        "00080018": { "vr": "UI", "Value": ["no UID"] },
        "0020000D": { "vr": "UI", "Value": ["1.2.07"] },
    }));
    let kinds: Vec<_> = of(&[rejected]).notes().map(|note| note.kind).collect();
    assert_eq!(kinds, [NoteKind::Rejected]);
    // Instances that are not listed miss nothing.
    let studies = of(&[instance(json!({ "00080016": null }))]);
    let study = studies.iter().next().expect("a study");
    let mut options = Options::default();
    let missing = [NoteKind::Missing];
    assert_eq!(support::notes(study, FhirVersion::R5, &options), missing);
    options.instances = false;
    assert_eq!(support::notes(study, FhirVersion::R5, &options), []);
    // A patient whose number has no place is not an unknown one.
    let numbered = json!({
        "00100010": null,
        "00100020": { "vr": "LO", "Value": ["P-1"] },
    });
    let studies = of(&[instance(numbered)]);
    let study = studies.iter().next().expect("a study");
    let options = Options::default();
    let notes = support::notes(study, FhirVersion::Dstu2, &options);
    assert_eq!(notes, [NoteKind::NoPlace]);
    let json = json_to_string(&support::built(study, FhirVersion::Dstu2, &options));
    assert!(json.contains(r#""unsupported""#) && !json.contains(r#""unknown""#));
}
