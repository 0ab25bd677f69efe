//! What holds for every request.

use std::sync::atomic::{AtomicUsize, Ordering};

use imaging_study_any::AnyImagingStudy;
use imaging_study_core::FhirVersion;
use imaging_study_rest::{Layout, MemoryStore, Request, Service};
use proptest::prelude::*;

fn service() -> Service<MemoryStore> {
    let layouts = vec![
        Layout::standard("fhir"),
        Layout::organizations("a"),
        Layout::sites(),
    ];
    Service::new(MemoryStore::default(), layouts)
}

/// The name of a version as `fhirVersion` has it.
fn number(version: FhirVersion) -> &'static str {
    match version {
        FhirVersion::R6Draft => "6.0.0-cibuild",
        version => version.number(),
    }
}

/// A study of a version, with the least that each of them needs.
fn study(version: FhirVersion) -> &'static str {
    match version {
        FhirVersion::Dstu2 => {
            r#"{"resourceType":"ImagingStudy","id":"s","patient":{"reference":"Patient/p"},"uid":"urn:oid:1.2.3","numberOfSeries":0,"numberOfInstances":0}"#
        }
        FhirVersion::Stu3 => {
            r#"{"resourceType":"ImagingStudy","id":"s","uid":"urn:oid:1.2.3","patient":{"reference":"Patient/p"}}"#
        }
        _ => {
            r#"{"resourceType":"ImagingStudy","id":"s","identifier":[{"system":"urn:dicom:uid","value":"urn:oid:1.2.3"}],"status":"available","subject":{"reference":"Patient/p"}}"#
        }
    }
}

#[test]
fn every_answer_is_in_the_version_and_the_format_that_is_asked_for() {
    for stored in FhirVersion::ALL {
        let service = service();
        let media_type = format!("application/fhir+json; fhirVersion={}", number(stored));
        let put = Request::new("PUT", "/fhir/ImagingStudy/s").body(&media_type, study(stored));
        let response = service.answer(&put);
        assert_eq!(response.status, 201, "{stored}: {}", response.text());
        let query = "/fhir/ImagingStudy?patient=p&colour=red";
        for asked in FhirVersion::ALL {
            for format in ["json", "xml"] {
                for (target, status) in [
                    ("/fhir/ImagingStudy/s", 200),
                    ("/fhir/ImagingStudy/s?_summary=true", 200),
                    (query, 200),
                    ("/fhir/ImagingStudy/_history", 200),
                    ("/fhir/metadata", 200),
                    ("/fhir/$versions", 200),
                    ("/fhir/ImagingStudy/s/$validate", 200),
                    ("/fhir/ImagingStudy/none", 404),
                    ("/fhir/ImagingStudy?started=soon", 400),
                ] {
                    let accept =
                        format!("application/fhir+{format}; fhirVersion={}", number(asked));
                    let response = service.answer(&Request::get(target).header("Accept", &accept));
                    let place = format!("{stored} as {asked} {format}, {target}");
                    assert_eq!(response.status, status, "{place}: {}", response.text());
                    let content_type = response.header("Content-Type").expect("a type");
                    let expected: FhirVersion = content_type.parse().expect("a version");
                    assert_eq!(expected, asked, "{place}");
                    assert!(content_type.contains(format), "{place}: {content_type}");
                    if target == "/fhir/ImagingStudy/s" {
                        let bytes = &response.body;
                        let read = match format {
                            "json" => {
                                AnyImagingStudy::from_json(bytes, asked, &mut Default::default())
                            }
                            _ => AnyImagingStudy::from_xml(bytes, asked, &mut Default::default()),
                        };
                        let read = read.expect("a study of the version").value;
                        assert_eq!(
                            read.study_uid().require().expect("one UID"),
                            "1.2.3",
                            "{place}"
                        );
                        // What was read can be sent back, and is the same study.
                        let again = Request::new("PUT", "/fhir/ImagingStudy/t").body(&accept, {
                            let text = response.text();
                            match format {
                                "json" => text.replacen(r#""id":"s""#, r#""id":"t""#, 1),
                                _ => text.replacen(r#"<id value="s"/>"#, r#"<id value="t"/>"#, 1),
                            }
                        });
                        let answer = service.answer(&again);
                        assert!(answer.status < 300, "{place}: {}", answer.text());
                        service.answer(&Request::new("DELETE", "/fhir/ImagingStudy/t"));
                    }
                    if target == query {
                        assert!(
                            response.text().contains("1.2.3"),
                            "{place}: {}",
                            response.text()
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn under_many_threads_one_study_is_created() {
    let service = service();
    let created = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let request = Request::new("POST", "/fhir/ImagingStudy")
                    .header("If-None-Exist", "identifier=urn:dicom:uid|urn:oid:1.2.3")
                    .body("application/fhir+json", study(FhirVersion::R4));
                for _ in 0..20 {
                    match service.answer(&request).status {
                        201 => created.fetch_add(1, Ordering::SeqCst),
                        status => {
                            assert_eq!(status, 200);
                            0
                        }
                    };
                }
            });
        }
    });
    assert_eq!(created.into_inner(), 1);
}

#[test]
fn no_update_and_no_patch_is_lost_under_many_threads() {
    let service = service();
    let put = Request::new("PUT", "/fhir/ImagingStudy/s").body(
        "application/fhir+json; fhirVersion=4.0",
        study(FhirVersion::R4),
    );
    assert_eq!(service.answer(&put).status, 201);
    let applied = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let patch = r#"[{"op": "add", "path": "/identifier/-", "value": {"value": "x"}}]"#;
                let request = Request::new("PATCH", "/fhir/ImagingStudy/s")
                    .body("application/json-patch+json", patch);
                for _ in 0..10 {
                    match service.answer(&request).status {
                        200 => applied.fetch_add(1, Ordering::SeqCst),
                        status => {
                            assert_eq!(status, 409);
                            0
                        }
                    };
                }
            });
        }
    });
    let read = service.answer(&Request::get("/fhir/ImagingStudy/s"));
    let applied = applied.into_inner();
    assert!(applied >= 10, "{applied}");
    assert_eq!(read.text().matches(r#"{"value":"x"}"#).count(), applied);
    assert_eq!(
        read.header("ETag"),
        Some(&*format!("W/\"{}\"", applied + 1))
    );
}

#[test]
fn pages_have_every_study_once() {
    let mut service = service();
    service.settings.page_bytes = 700;
    for index in 0..23 {
        let text = study(FhirVersion::R4).replace("\"s\"", &format!("\"s{index}\""));
        let target = format!("/fhir/ImagingStudy/s{index}");
        let put = Request::new("PUT", &target).body("application/fhir+json", text);
        assert_eq!(service.answer(&put).status, 201);
    }
    for query in [
        "",
        "_count=4",
        "_count=1000&_sort=_id",
        "_sort=-_lastUpdated&_count=7",
    ] {
        let mut target = format!("/fhir/ImagingStudy?{query}");
        let mut ids = Vec::new();
        for _ in 0..30 {
            let response = service.answer(&Request::get(&target));
            let text = response.text();
            assert!(text.contains(r#""total":23"#), "{text}");
            ids.extend(
                text.split(r#""fullUrl":""#)
                    .skip(1)
                    .map(|rest| rest.split('"').next().unwrap_or_default().to_owned()),
            );
            let next = text.split_once(r#""relation":"next","url":"http://localhost"#);
            let Some((_, next)) = next else { break };
            let next = next.split('"').next().unwrap_or_default().to_owned();
            assert!(next.len() < 200, "{next}");
            target = next;
        }
        assert_eq!(ids.len(), 23, "{query}");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 23, "{query}");
    }
}

#[test]
fn patches_that_grow_beyond_measure_are_refused() {
    let service = service();
    let put = Request::new("PUT", "/fhir/ImagingStudy/s").body(
        "application/fhir+json; fhirVersion=4.0",
        study(FhirVersion::R4),
    );
    assert_eq!(service.answer(&put).status, 201);
    let patches = [
        // Each operation doubles the study.
        format!(
            r#"[{{"op":"add","path":"/a","value":[1]}},{}]"#,
            [r#"{"op":"copy","from":"/a","path":"/a/-"}"#; 100].join(",")
        ),
        format!(
            "[{}]",
            [r#"{"op":"test","path":"/status","value":1}"#; 1001].join(",")
        ),
        {
            let mut path = String::new();
            let deeper = (0..900).map(|_| {
                path.push_str("/a");
                format!(r#"{{"op":"add","path":"{path}","value":{{}}}}"#)
            });
            format!("[{}]", deeper.collect::<Vec<_>>().join(","))
        },
    ];
    for patch in patches {
        let request = Request::new("PATCH", "/fhir/ImagingStudy/s")
            .body("application/json-patch+json", patch);
        let response = service.answer(&request);
        assert_eq!(response.status, 413, "{}", response.text());
    }
}

fn pieces(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(of).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

const PATHS: &[&str] = &[
    "/fhir",
    "/a",
    "/site",
    "/x",
    "/ImagingStudy",
    "/imaging-study",
    "/s",
    "/_history",
    "/1",
    "/_search",
    "/$validate",
    "/$convert",
    "/metadata",
    "/$versions",
    "/Patient",
    "/",
    "%",
    "%2f",
    "%00",
    "%FF",
    "..",
];
const QUERIES: &[&str] = &[
    "_format",
    "=",
    "xml",
    "json",
    "&",
    "_count",
    "1",
    "0",
    "99999999999",
    "_cursor",
    "00ff",
    "_sort",
    "-started",
    "modality",
    ":not",
    "CT",
    "patient.name",
    "_has:Observation:subject:code",
    "_summary",
    "true",
    "_elements",
    "status",
    "_since",
    "2024-01-01T00:00:00Z",
    "started",
    "ge2024",
    "%",
    "+",
    "_include",
    "*",
    ",",
    "|",
    "\\",
];
const HEADERS: &[&str] = &[
    "application/fhir+json",
    "application/fhir+xml",
    "application/json-patch+json",
    "; fhirVersion=",
    "5.0",
    "9",
    "application/x-www-form-urlencoded",
    "*/*",
    ";q=0",
    ",",
    "W/\"1\"",
    "*",
    "\"",
    "return=minimal",
    "handling=strict",
    "Bearer x",
    "identifier=x",
    "Sat, 01 Jan 2000 00:00:00 GMT",
];
const BODIES: &[&str] = &[
    r#"{"resourceType":"ImagingStudy","id":"s","status":"available","subject":{"reference":"Patient/p"}}"#,
    r#"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":"#,
    r#"<ImagingStudy xmlns="http://hl7.org/fhir"><id value="s"/></ImagingStudy>"#,
    r#"[{"op":"add","path":"/description","value":"x"}]"#,
    r#"[{"op":"copy","from":"","path":"/x"}]"#,
    r#"{"resourceType":"ImagingStudy","meta":"#,
    "started=ge2024",
    "{",
    "}",
    "[",
    "]",
    "null",
    "\u{0}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1000)
    ))]

    #[test]
    fn no_request_is_too_strange(
        method in proptest::sample::select(&["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", ""]),
        place in prop_oneof![
            3 => proptest::sample::select(&[
                "/fhir/ImagingStudy", "/fhir/ImagingStudy/s", "/fhir/ImagingStudy/s/_history",
                "/fhir/ImagingStudy/_search", "/fhir/ImagingStudy/$validate", "/fhir/$convert",
                "/a/o/ImagingStudy", "/a/o/ImagingStudy/s", "/site/o/fhir/imaging-study/S",
                "/fhir/Patient/p/ImagingStudy",
            ]).prop_map(str::to_owned),
            2 => pieces(PATHS),
        ],
        query in proptest::option::of(pieces(QUERIES)),
        headers in proptest::collection::vec((
            proptest::sample::select(&[
                "Accept", "Content-Type", "If-Match", "If-None-Match", "If-None-Exist", "Prefer", "Authorization",
                "If-Modified-Since", "Content-Encoding", "log-cdata",
            ]),
            prop_oneof![
                4 => pieces(HEADERS).prop_map(String::into_bytes),
                1 => any::<Vec<u8>>(),
            ],
        ), 0..4),
        body in prop_oneof![
            3 => Just(BODIES[0].to_owned().into_bytes()),
            3 => pieces(BODIES).prop_map(String::into_bytes),
            1 => any::<Vec<u8>>(),
        ],
    ) {
        let service = service();
        let put = Request::new("PUT", "/fhir/ImagingStudy/s").body("application/fhir+json", BODIES[0]);
        service.answer(&put);
        let mut request = Request { method: method.to_owned(), path: place, query, body, ..Request::default() };
        for (name, value) in headers {
            request.headers.push(name, value);
        }
        let response = service.answer(&request);
        prop_assert!((200..500).contains(&response.status), "{}", response.status);
        // Errors say what is wrong, and nothing of the study.
        if response.status >= 400 && method != "HEAD" {
            prop_assert!(!response.body.is_empty());
        }
        for (_, value) in &response.headers {
            prop_assert!(!value.contains(|letter: char| letter.is_control()), "{value:?}");
        }
    }
}
