//! Repairs mend what validation calls repairable, only that, and for good.

use std::fs;
use std::path::Path;

use imaging_study_any::{AnyImagingStudy, with_types};
use imaging_study_core::generate::{Profile, from_choices};
use imaging_study_core::{FhirVersion, Json};
use imaging_study_json::json_to_string;
use imaging_study_validate::{RepairKind, Repaired, Validate, repair, repair_json};
use proptest::prelude::*;

fn json(text: &str) -> Json {
    serde_json::from_str(text).expect("JSON")
}

fn repaired(text: &str, version: FhirVersion) -> (String, Vec<(RepairKind, String)>) {
    let Repaired { value, changes } = repair_json(json(text), version);
    let again = repair_json(value.clone(), version);
    assert!(again.changes.is_empty(), "{:?}", again.changes);
    let changes = changes.into_iter();
    (
        json_to_string(&value),
        changes
            .map(|change| (change.kind, change.expression))
            .collect(),
    )
}

#[test]
fn each_kind_is_mended() {
    use FhirVersion::{Dstu2, R4, R5, R6, Stu3};
    use RepairKind::{CodeCase, Count, DivNamespace, Empty, ModalitySystem, UidSpelling};
    let cases = [
        (
            R4,
            r#"{"id":"","name":[],"a":{"b":[{}, null]},"series":[{"uid":"1.2","instance":null}]}"#,
            r#"{"series":[{"uid":"1.2"}]}"#,
            vec![Empty; 7],
        ),
        (
            R4,
            r#"{"given":[null,"","c",null],"_given":[{"id":"a"},{"id":"b"},null,null]}"#,
            r#"{"given":[null,null,"c"],"_given":[{"id":"a"},{"id":"b"},null]}"#,
            vec![Empty; 2],
        ),
        (
            R4,
            r#"{"series":[{"uid":"urn:oid:1.2","instance":[{"uid":"urn:oid:1.2.3"},{"uid":"urn:oid:01"}]}]}"#,
            r#"{"series":[{"uid":"1.2","instance":[{"uid":"1.2.3"},{"uid":"urn:oid:01"}]}]}"#,
            vec![UidSpelling; 2],
        ),
        (
            Stu3,
            r#"{"uid":"1.2","series":[{"uid":"1.3","instance":[{"sopClass":"1.4"}]}]}"#,
            r#"{"uid":"urn:oid:1.2","series":[{"uid":"urn:oid:1.3","instance":[{"sopClass":"urn:oid:1.4"}]}]}"#,
            vec![UidSpelling; 3],
        ),
        (
            R5,
            r#"{"identifier":[{"system":"urn:dicom:uid","value":"1.2"},{"value":"1.2"}]}"#,
            r#"{"identifier":[{"system":"urn:dicom:uid","value":"urn:oid:1.2"},{"value":"1.2"}]}"#,
            vec![UidSpelling],
        ),
        (
            R5,
            r#"{"modality":[{"coding":[{"system":"DCM","code":"CT"}]}]}"#,
            r#"{"modality":[{"coding":[{"system":"http://dicom.nema.org/resources/ontology/DCM","code":"CT"}]}]}"#,
            vec![ModalitySystem],
        ),
        (
            Dstu2,
            r#"{"modalityList":[{"system":"http://nema.org/dicom/dicm","code":"CT"}]}"#,
            r#"{"modalityList":[{"system":"http://nema.org/dicom/dicm","code":"CT"}]}"#,
            vec![],
        ),
        (
            R4,
            r#"{"numberOfSeries":1,"numberOfInstances":9,"series":[{"numberOfInstances":1,"instance":[{"uid":"1"},{"uid":"2"}]},{"uid":"3"}]}"#,
            r#"{"numberOfSeries":2,"numberOfInstances":9,"series":[{"numberOfInstances":2,"instance":[{"uid":"1"},{"uid":"2"}]},{"uid":"3"}]}"#,
            vec![Count; 2],
        ),
        (
            R6,
            r#"{"numberOfSeries":3,"numberOfInstances":9,"series":[{"numberOfInstances":1,"instance":[{"uid":"1"},{"uid":"2"}]}]}"#,
            r#"{"numberOfSeries":1,"numberOfInstances":2,"series":[{"numberOfInstances":2,"instance":[{"uid":"1"},{"uid":"2"}]}]}"#,
            vec![Count; 3],
        ),
        (
            R6,
            r#"{"numberOfInstances":9,"series":[{"numberOfInstances":5},{"instance":[{"uid":"1"}]}]}"#,
            r#"{"numberOfInstances":9,"series":[{"numberOfInstances":5},{"instance":[{"uid":"1"}]}]}"#,
            vec![],
        ),
        (
            R4,
            r#"{"text":{"div":"<div class=\"a\">x</div>"}}"#,
            r#"{"text":{"div":"<div xmlns=\"http://www.w3.org/1999/xhtml\" class=\"a\">x</div>"}}"#,
            vec![DivNamespace],
        ),
        (
            R4,
            r#"{"status":"Available","identifier":[{"use":"OFFICIAL"},{"use":"best"}]}"#,
            r#"{"status":"available","identifier":[{"use":"official"},{"use":"best"}]}"#,
            vec![CodeCase; 2],
        ),
    ];
    for (version, before, after, kinds) in cases {
        let (found, changes) = repaired(before, version);
        assert_eq!(found, after);
        let found: Vec<RepairKind> = changes.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(found, kinds, "{before}: {changes:?}");
    }
}

/// No issue of a repaired file is repairable any more, and no other issue is gone or new.
#[test]
fn files_are_repaired_as_far_as_they_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/validate");
    let mut count = 0;
    for version in FhirVersion::ALL {
        let folder = folder.join(version.name().to_lowercase().replace(' ', "-"));
        for file in fs::read_dir(folder).expect("a folder of each version") {
            let path = file.expect("a file").path();
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let text = fs::read(&path).expect("readable");
            let read = AnyImagingStudy::from_json(&text, version, &mut Default::default());
            let Ok(decoded) = read else {
                continue;
            };
            let before = decoded.value.validate();
            let repaired = repair(decoded.value.clone());
            let after = repaired.value.validate();
            let name = path.display();
            let promised = before.iter().any(|issue| issue.repairable);
            assert_eq!(promised, !repaired.changes.is_empty(), "{name}");
            let left: Vec<_> = before
                .into_iter()
                .filter(|issue| !issue.repairable)
                .collect();
            assert_eq!(after, left, "{name}");
            count += usize::from(promised);
        }
    }
    assert!(count > 30, "{count}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(40)
    ))]

    #[test]
    fn a_second_repair_changes_nothing_and_what_is_right_stays(
        choices in prop::collection::vec(any::<u32>(), 0..300),
    ) {
        for version in FhirVersion::ALL {
            for profile in [Profile::Typical, Profile::Hostile, Profile::Partial] {
                let study: AnyImagingStudy = with_types!(version, types => {
                    from_choices::<types::ImagingStudy>(profile, &choices).into()
                });
                let repairable = study.validate().iter().any(|issue| issue.repairable);
                let repaired = repair(study.clone());
                if !repairable {
                    prop_assert_eq!(&repaired.value, &study, "{:?}", repaired.changes);
                }
                let again = repair(repaired.value.clone());
                prop_assert!(again.changes.is_empty(), "{:?}", again.changes);
            }
        }
    }
}
