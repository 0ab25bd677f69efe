//! Merging the same data again changes nothing: for every case of `fixtures/dicom`, in every version,
//! however the data sets are added.

#[path = "support/forms.rs"]
mod forms;
mod support;

use std::fs;
use std::path::Path;

use forms::{Form, is_standard};
use imaging_study_core::Json;
use imaging_study_from_dicom::{Counts, Options, Studies, Study, remove_instances, remove_series};
use imaging_study_json::{from_str, to_string};
use serde_json::Value;

/// The data sets of each case.
fn cases() -> Vec<(String, Vec<Value>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dicom");
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        let Ok(text) = fs::read(path.join("input.dicom.json")) else {
            continue;
        };
        let mut list = Vec::new();
        for read in serde_json::Deserializer::from_slice(&text).into_iter::<Value>() {
            match read.expect("JSON") {
                Value::Array(more) => list.extend(more),
                one => list.push(one),
            }
        }
        list.retain(Value::is_object);
        cases.push((path.display().to_string(), list));
    }
    assert!(!cases.is_empty());
    cases
}

fn all_options() -> [Options; 3] {
    let mut contained = Options::default();
    contained.counts = Counts::Contained;
    let mut counted = Options::default();
    counted.instances = false;
    [Options::default(), contained, counted]
}

/// The texts of a member of each series, or of each instance.
fn uids(json: &Json, list: &str) -> Vec<String> {
    let listed = |json: &Json, name: &str| -> Vec<Json> {
        let list = json.get(name).and_then(Json::as_array);
        list.map(<[Json]>::to_vec).unwrap_or_default()
    };
    let series = listed(json, "series");
    let places = match list {
        "series" => series,
        _ => series.iter().flat_map(|one| listed(one, list)).collect(),
    };
    let uid = |place: &Json| {
        let carried = || {
            let beside = place.get("_uid")?.get("extension")?.as_array()?;
            beside.iter().find_map(|one| one.get("valueId"))?.as_str()
        };
        let uid = place.get("uid").and_then(Json::as_str).or_else(carried);
        uid.expect("a UID").to_owned()
    };
    places.iter().map(uid).collect()
}

fn number(json: &Json, name: &str) -> Option<String> {
    match json.get(name)? {
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What holds in one version for the data sets in one form.
fn holds<S: Study>(name: &str, data_sets: &[Value], form: Form, options: &Options) {
    let whole = form.studies(data_sets);
    let study = whole.iter().next().expect("a study");
    let built = study.build::<S>(options).study;
    // As it comes from a server.
    let text = to_string(&built).expect("a study");
    let mut held: S = from_str(&text).expect("what was written");
    let changes = study.merge_into(&mut held, options).expect("the same");
    assert!(changes.is_unchanged(), "{name} {form:?}: {changes:?}");
    assert_eq!(held, built, "{name} {form:?}");

    // One data set after another, and then everything once more.
    let single = |data_set: &Value| -> Option<Studies> {
        let one = form.studies(std::slice::from_ref(data_set));
        one.get(study.uid()).is_some().then_some(one)
    };
    let mut singles = data_sets.iter().filter_map(single);
    let first = singles.next().expect("a data set of the study");
    let first = first.get(study.uid()).expect("the study");
    let mut grown = first.build::<S>(options).study;
    for next in singles {
        let next = next.get(study.uid()).expect("the study");
        next.merge_into(&mut grown, options).expect("the same");
    }
    study.merge_into(&mut grown, options).expect("the same");
    let settled = grown.clone();
    let changes = study.merge_into(&mut grown, options).expect("the same");
    assert!(changes.is_unchanged(), "{name} {form:?}: {changes:?}");
    assert_eq!(grown, settled, "{name} {form:?}");
    let (grown, built_json) = (support::checked(&grown), support::checked(&built));
    for list in ["series", "instance"] {
        assert_eq!(uids(&grown, list), uids(&built_json, list), "{name}");
    }

    // Removed and merged again, everything is there as before.
    for list in ["instance", "series"] {
        for uid in uids(&built_json, list) {
            let mut held = built.clone();
            let gone = match list {
                "instance" => remove_instances(&mut held, &[&uid], options),
                _ => remove_series(&mut held, &[&uid], options),
            };
            assert!(!gone.is_unchanged(), "{name} {uid}");
            let without = support::checked(&held);
            assert!(!uids(&without, list).contains(&uid), "{name} {uid}");
            study.merge_into(&mut held, options).expect("the same");
            let changes = study.merge_into(&mut held, options).expect("the same");
            assert!(changes.is_unchanged(), "{name} {uid}: {changes:?}");
            let again = support::checked(&held);
            assert_eq!(uids(&again, list), uids(&built_json, list), "{name} {uid}");
            for count in ["numberOfSeries", "numberOfInstances"] {
                let (one, other) = (number(&again, count), number(&built_json, count));
                assert_eq!(one, other, "{name} {uid} {count}");
            }
        }
    }
}

fn holds_everywhere<S: Study>() {
    for (name, data_sets) in cases() {
        for form in Form::ALL {
            let standard = data_sets.iter().all(is_standard);
            if !standard && matches!(form, Form::Objects | Form::Files) {
                continue;
            }
            for options in all_options() {
                holds::<S>(&name, &data_sets, form, &options);
            }
        }
    }
}

#[test]
fn merging_again_changes_nothing_in_dstu2() {
    holds_everywhere::<imaging_study_dstu2::ImagingStudy>();
}

#[test]
fn merging_again_changes_nothing_in_stu3() {
    holds_everywhere::<imaging_study_stu3::ImagingStudy>();
}

#[test]
fn merging_again_changes_nothing_in_r4() {
    holds_everywhere::<imaging_study_r4::ImagingStudy>();
}

#[test]
fn merging_again_changes_nothing_in_r4b() {
    holds_everywhere::<imaging_study_r4b::ImagingStudy>();
}

#[test]
fn merging_again_changes_nothing_in_r5() {
    holds_everywhere::<imaging_study_r5::ImagingStudy>();
}

#[test]
fn merging_again_changes_nothing_in_r6() {
    holds_everywhere::<imaging_study_r6::ImagingStudy>();
}

#[test]
fn every_form_of_the_same_data_sets_gives_the_same_study() {
    let mut compared = 0;
    for (name, data_sets) in cases() {
        if !data_sets.iter().all(is_standard) {
            continue;
        }
        let built = Form::ALL.map(|form| {
            let studies = form.studies(&data_sets);
            let study = studies.iter().next().expect("a study");
            let options = Options::default();
            study
                .build::<imaging_study_r5::ImagingStudy>(&options)
                .study
        });
        for (form, other) in Form::ALL.iter().zip(&built) {
            assert_eq!(other, &built[0], "{name} {form:?}");
        }
        compared += 1;
    }
    assert!(compared > 0);
}
