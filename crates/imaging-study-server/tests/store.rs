//! The store in a file answers as the store in memory does.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use imaging_study_rest::{Layout, MemoryStore, Request, Service, Store};
use imaging_study_server::SqliteStore;

#[path = "../../imaging-study-rest/tests/conversation/mod.rs"]
mod conversation;

#[test]
fn every_conversation_is_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let number = AtomicUsize::new(0);
    conversation::hold(|| {
        let number = number.fetch_add(1, Ordering::Relaxed);
        SqliteStore::open(&folder.path().join(format!("{number}.db"))).expect("a store")
    });
}

/// The total and the URLs of the studies that a query finds, or the status where it is none.
fn found<S: Store>(service: &Service<S>, query: &str, accept: &str) -> (String, Vec<String>) {
    let mut request = Request::get("/fhir/ImagingStudy").header("Accept", accept);
    request.query = Some(query.to_owned());
    let response = service.answer(&request);
    let text = response.text();
    let total = text.split_once("\"total\":").map_or("", |(_, rest)| {
        rest.split([',', '}']).next().unwrap_or_default()
    });
    let urls = text.split("\"fullUrl\":\"").skip(1);
    let urls = urls.map(|rest| rest.split('"').next().unwrap_or_default().to_owned());
    (format!("{} {total}", response.status), urls.collect())
}

#[test]
fn every_query_finds_the_same_studies() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/search");
    let folder = tempfile::tempdir().expect("a folder");
    let file = SqliteStore::open(&folder.path().join("studies.db")).expect("a store");
    let layouts = || vec![Layout::standard("fhir")];
    let mut in_file = Service::new(file, layouts());
    let mut in_memory = Service::new(MemoryStore::default(), layouts());
    for settings in [&mut in_file.settings, &mut in_memory.settings] {
        settings.base = "https://h.example".to_owned();
        settings.now = || imaging_study_rest::Timestamp(1_772_704_800_000);
    }
    let versions = |name: &str| match name {
        "r6-draft" => "6.0.0-cibuild".to_owned(),
        name => {
            let version: imaging_study_core::FhirVersion = name.parse().expect("a version");
            version.number().to_owned()
        }
    };
    let studies = fs::read_to_string(fixtures.join("studies.tsv")).expect("studies");
    let mut count = 0;
    for line in studies.lines().filter(|line| !line.starts_with('#')) {
        let [name, version, json] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        // Ids of resources have no other characters.
        let id: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let media_type = format!("application/fhir+json; fhirVersion={}", versions(version));
        let version = version.parse().expect("a version");
        let read = imaging_study_any::AnyImagingStudy::from_json(
            json.as_bytes(),
            version,
            &mut imaging_study_json::Decoder::default(),
        );
        let mut study = read.expect("a study").value;
        if study.id().is_none() {
            study.element_mut().set_text("id", &id).expect("an id");
        }
        count += 1;
        let _ = media_type;
        for imported in [
            in_file
                .import("/fhir", "", std::slice::from_ref(&study))
                .expect("stored"),
            in_memory
                .import("/fhir", "", std::slice::from_ref(&study))
                .expect("stored"),
        ] {
            assert_eq!(imported.len(), 1);
        }
    }
    assert!(count > 20, "{count} studies");
    let cases = fs::read_to_string(fixtures.join("cases.tsv")).expect("cases");
    let (mut asked, mut cases_seen) = (0, 0);
    let mut wrong = Vec::new();
    for line in cases
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let columns: Vec<&str> = line.split('\t').collect();
        let [version, _, _, query, ..] = columns[..] else {
            panic!("{line}");
        };
        let accept = format!("application/fhir+json; fhirVersion={}", versions(version));
        // Not every form of every query, for it takes its time.
        let count_of = if cases_seen % 4 == 0 { 4 } else { 1 };
        cases_seen += 1;
        let forms = [
            query.to_owned(),
            format!("{query}&_sort=-started,_id&_count=7"),
            format!("status:not=cancelled&{query}"),
            format!("modality=CT&{query}&_sort=modality"),
        ];
        for query in forms.into_iter().take(count_of) {
            let (file, memory) = (
                found(&in_file, &query, &accept),
                found(&in_memory, &query, &accept),
            );
            let sorted = query.contains("_sort=-started");
            let normal = |(total, mut urls): (String, Vec<String>)| {
                if !sorted {
                    urls.sort();
                }
                (total, urls)
            };
            asked += 1;
            let (file, memory) = (normal(file), normal(memory));
            if file != memory {
                wrong.push(format!("{version} {query}: {file:?}, {memory:?}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {asked}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(asked > 400, "{asked}");
}
