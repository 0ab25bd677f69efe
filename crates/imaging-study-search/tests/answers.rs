//! What is left of a study, and in which order studies stand.

use fixtures::read;
use imaging_study_any::AnyImagingStudy;
use imaging_study_core::FhirVersion;
use imaging_study_search::{Matcher, Options, Query, Subset, is_subset};

mod fixtures;

const TAG_NOW: &str = r#""tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]"#;
const TAG_THEN: &str =
    r#""tag":[{"system":"http://hl7.org/fhir/v3/ObservationValue","code":"SUBSETTED"}]"#;

fn part(json: &str, version: FhirVersion, query: &str) -> String {
    let mut study = read(json, version);
    let query = Query::parse(query, version, &Options::default()).expect("a query");
    Subset::of(query.result())
        .expect("a part")
        .apply(&mut study);
    assert!(is_subset(&study));
    study.to_json().expect("it can be written")
}

const R4: &str = r#"{"resourceType":"ImagingStudy","id":"a","meta":{"versionId":"3"},"implicitRules":"http://rules.example",
 "language":"en","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},
 "contained":[{"resourceType":"Patient","id":"p"}],
 "extension":[{"url":"http://x.example","valueCode":"x"}],
 "modifierExtension":[{"url":"http://m.example","valueCode":"m"}],
 "identifier":[{"id":"i","use":"official","value":"A"},{"extension":[{"url":"http://x.example","valueCode":"x"}]}],
 "status":"available","_status":{"id":"s"},"subject":{"extension":[{"url":"http://x.example","valueCode":"x"}]},
 "note":[{"text":"n"}],"numberOfSeries":1,"numberOfInstances":2,
 "series":[{"id":"1","uid":"1.2.4","modality":{"code":"CT","userSelected":true},"instance":[{"uid":"1.2.5","sopClass":{"code":"c"}}]}]}"#;

#[test]
fn a_summary_has_what_is_marked_required_or_modifies() {
    assert_eq!(
        part(R4, FhirVersion::R4, "_summary=true"),
        format!(
            r#"{{"resourceType":"ImagingStudy","id":"a","meta":{{"versionId":"3",{TAG_NOW}}},"implicitRules":"http://rules.example","modifierExtension":[{{"url":"http://m.example","valueCode":"m"}}],"identifier":[{{"use":"official","value":"A"}}],"status":"available","subject":{{"extension":[{{"url":"http://x.example","valueCode":"x"}}]}},"numberOfSeries":1,"numberOfInstances":2,"note":[{{"text":"n"}}],"series":[{{"uid":"1.2.4","modality":{{"code":"CT","userSelected":true}}}}]}}"#
        )
    );
}

#[test]
fn text_and_data_part_the_study_in_two() {
    let text = part(R4, FhirVersion::R4, "_summary=text");
    assert!(
        text.contains("\"text\":{") && text.contains("\"_status\":{\"id\":\"s\"}"),
        "{text}"
    );
    for name in [
        "identifier",
        "note",
        "series",
        "contained",
        "\"extension\":[{\"url\":\"http://x.example\",\"valueCode\":\"x\"}],\"modifier",
    ] {
        assert!(!text.contains(name), "{name} in {text}");
    }
    assert!(
        text.contains("modifierExtension") && text.contains("implicitRules"),
        "{text}"
    );
    let data = part(R4, FhirVersion::R4, "_summary=data");
    assert!(!data.contains("\"div\"") && data.contains("sopClass") && data.contains("contained"));
}

#[test]
fn the_tag_is_that_of_the_version_and_stands_once() {
    let stu3 = r#"{"resourceType":"ImagingStudy","uid":"urn:oid:1.2","patient":{"reference":"Patient/p"},"description":"d"}"#;
    let once = part(stu3, FhirVersion::Stu3, "_elements=ImagingStudy.started");
    assert_eq!(
        once,
        format!(
            r#"{{"resourceType":"ImagingStudy","meta":{{{TAG_THEN}}},"uid":"urn:oid:1.2","patient":{{"reference":"Patient/p"}}}}"#
        )
    );
    assert_eq!(part(&once, FhirVersion::Stu3, "_summary=data"), once);
    assert!(!is_subset(&read(stu3, FhirVersion::Stu3)));
}

#[test]
fn dstu2_has_its_instances_in_the_summary() {
    let dstu2 = r#"{"resourceType":"ImagingStudy","patient":{"reference":"Patient/p"},"uid":"urn:oid:1.2","numberOfSeries":1,"numberOfInstances":1,"series":[{"modality":{"code":"CT"},"uid":"urn:oid:1.2.3","numberOfInstances":1,"instance":[{"uid":"urn:oid:1.2.4","sopClass":"urn:oid:1.2.5"}]}]}"#;
    let summary = part(dstu2, FhirVersion::Dstu2, "_summary=true");
    assert!(
        summary.contains("urn:oid:1.2.4") && summary.contains("urn:oid:1.2.5"),
        "{summary}"
    );
    let text = part(dstu2, FhirVersion::Dstu2, "_summary=text");
    assert!(
        text.contains("numberOfInstances") && !text.contains("series\""),
        "{text}"
    );
    // From STU3 on they are left out.
    let r4 = part(R4, FhirVersion::R4, "_summary=true");
    assert!(!r4.contains("instance\""), "{r4}");
}

#[test]
fn a_query_may_want_all_or_nothing() {
    let of = |query: &str| {
        let query = Query::parse(query, FhirVersion::R5, &Options::default()).expect("a query");
        (Subset::of(query.result()), query.result().only_count())
    };
    assert_eq!(of(""), (None, false));
    assert_eq!(of("_summary=false"), (None, false));
    assert_eq!(of("_summary=count"), (None, true));
    assert_eq!(of("_count=0"), (None, true));
    assert_eq!(
        of("_summary=text&_elements=note"),
        (Some(Subset::Text), false)
    );
}

fn sorted(query: &str, studies: &[(&str, AnyImagingStudy)]) -> String {
    let query = Query::parse(query, FhirVersion::R4, &Options::default()).expect("a query");
    let matcher = Matcher::new(&query).expect("nothing to hand over");
    let mut keys: Vec<_> = studies
        .iter()
        .map(|(name, study)| (matcher.sort_key(study), *name))
        .collect();
    keys.sort_by(|(one, _), (other, _)| one.cmp(other));
    keys.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn studies_stand_in_the_order_that_is_asked_for() {
    let study = |id: &str, started: &str, more: &str| {
        let started = match started {
            "" => String::new(),
            started => format!("\"started\":\"{started}\","),
        };
        read(
            &format!(
                r#"{{"resourceType":"ImagingStudy","id":"{id}",{started}{more}"status":"available"}}"#
            ),
            FhirVersion::R4,
        )
    };
    let of = |codes: &[&str]| {
        let series = codes
            .iter()
            .map(|code| format!(r#"{{"uid":"1.2","modality":{{"code":"{code}"}}}}"#));
        format!("\"series\":[{}],", series.collect::<Vec<_>>().join(","))
    };
    let studies = [
        ("a", study("9", "2024-03", &of(&["MR", "CT"]))),
        ("b", study("10", "2024-03-01T00:00:00-01:00", &of(&["PT"]))),
        ("c", study("1", "", "")),
        ("d", study("a", "1965-05-05", &of(&["CTX"]))),
    ];
    assert_eq!(sorted("_sort=started", &studies), "dabc");
    assert_eq!(sorted("_sort=-started", &studies), "badc");
    assert_eq!(sorted("_sort=_id", &studies), "cbad");
    assert_eq!(sorted("_sort=-_id", &studies), "dabc");
    // Of several values the first in the order counts: CT of one, MR of the other direction.
    assert_eq!(sorted("_sort=modality", &studies), "adbc");
    assert_eq!(sorted("_sort=-modality", &studies), "badc");
    assert_eq!(sorted("_sort=status,-_id", &studies), "dabc");
    // Studies of another version are sorted by the same.
    let old = read(
        r#"{"resourceType":"ImagingStudy","id":"2","uid":"urn:oid:1.2","started":"2000"}"#,
        FhirVersion::Stu3,
    );
    let [a, ..] = studies;
    assert_eq!(sorted("_sort=started", &[a, ("s", old)]), "sa");
}
