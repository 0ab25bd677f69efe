//! From a study of any version and its endpoints to requests.

use imaging_study::dicom::{
    AddressError, AddressLint, ConnectionType, EndpointError, EndpointLint, EndpointOptions,
    Rendering, ResourceLevel, StudyUidError, UidError, UidLint, Unusable, UrlError, Viewport,
};
use imaging_study::json::Decoder;
use imaging_study::{
    AnyImagingStudy, Endpoints, FhirVersion, Retrieval, RetrievalError, RetrievalLint,
    RetrievalOptions, Retrieve, StudyPlace,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/endpoint-connection-type";
const SINCE_STU3: [FhirVersion; 6] = [
    FhirVersion::Stu3,
    FhirVersion::R4,
    FhirVersion::R4B,
    FhirVersion::R5,
    FhirVersion::R6Draft,
    FhirVersion::R6,
];

fn study(version: FhirVersion, mut members: Value) -> AnyImagingStudy {
    members["resourceType"] = "ImagingStudy".into();
    let text = members.to_string();
    AnyImagingStudy::from_json(text.as_bytes(), version, &mut Decoder::default())
        .unwrap_or_else(|error| panic!("{version}: {error} in {text}"))
        .value
}

/// A study 1.2.3 with a series 1.2.4 of the instances 1.2.5 and 1.2.6, and a series 1.2.7.
fn example(
    version: FhirVersion,
    study_endpoints: Value,
    series_endpoints: Value,
) -> AnyImagingStudy {
    let prefixed = matches!(version, FhirVersion::Dstu2 | FhirVersion::Stu3);
    let uid = |text: &str| match prefixed {
        true => format!("urn:oid:{text}"),
        false => text.to_owned(),
    };
    let mut members = json!({
        "series": [
            {"uid": uid("1.2.4"), "instance": [{"uid": uid("1.2.5")}, {"uid": uid("1.2.6")}]},
            {"uid": uid("1.2.7")},
        ],
    });
    if prefixed {
        members["uid"] = uid("1.2.3").into();
    } else {
        members["identifier"] = json!([{"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}]);
    }
    for (place, endpoints) in [("", study_endpoints), ("/series/0", series_endpoints)] {
        if !endpoints.is_null() {
            let holder = members.pointer_mut(place).expect("it is there");
            holder["endpoint"] = endpoints;
        }
    }
    study(version, members)
}

/// An Endpoint as the version writes it.
fn endpoint(version: FhirVersion, id: &str, code: &str, address: &str) -> Value {
    let connection_type = match version {
        FhirVersion::Stu3 => {
            json!({"system": "http://hl7.org/fhir/endpoint-connection-type", "code": code})
        }
        FhirVersion::R4 | FhirVersion::R4B => json!({"system": SYSTEM, "code": code}),
        _ => json!([{"coding": [{"system": SYSTEM, "code": code}]}]),
    };
    json!({"resourceType": "Endpoint", "id": id, "status": "active",
           "connectionType": connection_type, "address": address})
}

fn endpoints(all: &[Value]) -> Endpoints {
    let lines: Vec<_> = all.iter().map(Value::to_string).collect();
    Endpoints::from_json(lines.join("\n").as_bytes()).expect("endpoints")
}

fn urls(
    study: &AnyImagingStudy,
    endpoints: &Endpoints,
    options: &RetrievalOptions<'_>,
) -> Vec<String> {
    let urls = study.retrievals(endpoints, options);
    urls.map(|one| match one.request {
        Ok(request) => request.url,
        Err(error) => format!("{}: {error}", one.place),
    })
    .collect()
}

fn only(study: &AnyImagingStudy, endpoints: &Endpoints) -> Retrieval {
    let options = RetrievalOptions {
        level: ResourceLevel::Study,
        ..RetrievalOptions::default()
    };
    let mut all = study.retrievals(endpoints, &options);
    let first = all.next().expect("there is one");
    assert_eq!(all.next(), None);
    first
}

const BASE: &str = "https://pacs.example.org/rs";

#[test]
fn every_version_has_urls() {
    for version in SINCE_STU3 {
        let endpoints = endpoints(&[endpoint(version, "p", "dicom-wado-rs", BASE)]);
        let study = example(version, json!([{"reference": "Endpoint/p"}]), Value::Null);
        assert_eq!(
            urls(&study, &endpoints, &RetrievalOptions::default()),
            [
                format!("{BASE}/studies/1.2.3/series/1.2.4"),
                format!("{BASE}/studies/1.2.3/series/1.2.7"),
            ],
            "{version}"
        );
        let metadata = RetrievalOptions {
            level: ResourceLevel::Instance,
            retrieve: Retrieve::Metadata,
            ..RetrievalOptions::default()
        };
        assert_eq!(
            urls(&study, &endpoints, &metadata),
            [
                format!("{BASE}/studies/1.2.3/series/1.2.4/instances/1.2.5/metadata"),
                format!("{BASE}/studies/1.2.3/series/1.2.4/instances/1.2.6/metadata"),
            ],
            "{version}"
        );
    }
}

#[test]
fn a_series_has_its_own_endpoint_for_a_type_only() {
    let r5 = FhirVersion::R5;
    let endpoints = endpoints(&[
        endpoint(r5, "rs", "dicom-wado-rs", BASE),
        endpoint(r5, "uri", "dicom-wado-uri", "https://pacs.example.org/wado"),
        endpoint(r5, "qido", "dicom-qido-rs", BASE),
        endpoint(r5, "iid", "ihe-iid", "https://viewer.example.org/IID"),
        endpoint(r5, "stow", "dicom-stow-rs", BASE),
        endpoint(r5, "own", "dicom-wado-rs", "https://other.example.org/rs"),
    ]);
    let reference = |id: &str| json!({"reference": format!("Endpoint/{id}")});
    let of_study = ["rs", "uri", "qido", "iid", "stow"].map(reference);
    let study = example(
        r5,
        json!(of_study),
        json!([reference("own"), reference("iid")]),
    );
    let retrievals = study.retrievals(&endpoints, &RetrievalOptions::default());
    let display = RetrievalLint::Endpoint(EndpointLint::DisplayOfSeries);
    assert_eq!(retrievals.lints(), [display]);
    let uri = "https://pacs.example.org/wado?requestType=WADO&studyUID=1.2.3&seriesUID=1.2.4";
    assert_eq!(
        urls(&study, &endpoints, &RetrievalOptions::default()),
        [
            "https://other.example.org/rs/studies/1.2.3/series/1.2.4".to_owned(),
            format!("{BASE}/studies/1.2.3/series/1.2.7"),
            format!("{uri}&objectUID=1.2.5&contentType=application%2Fdicom"),
            format!("{uri}&objectUID=1.2.6&contentType=application%2Fdicom"),
            format!("{BASE}/studies/1.2.3/series?SeriesInstanceUID=1.2.4"),
            format!("{BASE}/studies/1.2.3/series?SeriesInstanceUID=1.2.7"),
            "https://viewer.example.org/IID?requestType=STUDY&studyUID=1.2.3&diagnosticQuality=true".to_owned(),
        ]
    );
    let paths: Vec<_> = retrievals
        .map(|one| one.endpoint.unwrap_or_default())
        .collect();
    assert_eq!(paths[0], "ImagingStudy.series[0].endpoint[0]");
    assert_eq!(paths[1], "ImagingStudy.endpoint[0]");
    assert_eq!(paths[6], "ImagingStudy.endpoint[3]");

    let rendering = Rendering {
        viewport: Some(Viewport {
            width: 64,
            height: 32,
            source: None,
        }),
        quality: Some(90),
        ..Rendering::default()
    };
    let rendered = RetrievalOptions {
        retrieve: Retrieve::Rendered(rendering),
        connection_types: Some(
            [ConnectionType::WadoUri, ConnectionType::QidoRs]
                .into_iter()
                .collect(),
        ),
        ..RetrievalOptions::default()
    };
    assert_eq!(
        urls(&study, &endpoints, &rendered)[1..3],
        [
            format!("{uri}&objectUID=1.2.6&rows=32&columns=64&imageQuality=90"),
            "ImagingStudy.series[0]: the parameter rendered is not allowed here".to_owned(),
        ]
    );
}

#[test]
fn references_lead_to_endpoints_in_every_way() {
    let r4 = FhirVersion::R4;
    let uuid = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": "https://fhir.example.org/r4/Endpoint/a", "resource": endpoint(r4, "a", "dicom-wado-rs", BASE)},
        {"fullUrl": uuid, "resource": endpoint(r4, "b", "dicom-wado-rs", BASE)},
        {"fullUrl": "https://fhir.example.org/r4/Patient/p", "resource": {"resourceType": "Patient", "id": "p"}},
        {"resource": endpoint(r4, "c", "dicom-wado-rs", BASE)},
        {"request": {"method": "DELETE", "url": "Endpoint/d"}},
        {"resource": endpoint(r4, "twice", "dicom-wado-rs", BASE)},
        {"resource": endpoint(r4, "twice", "dicom-wado-rs", "https://evil.example.org")},
        {"resource": endpoint(r4, "same", "dicom-wado-rs", BASE)},
        {"resource": endpoint(r4, "same", "dicom-wado-rs", BASE)},
    ]});
    let mut endpoints = Endpoints::default();
    assert_eq!(
        endpoints
            .add_json(bundle.to_string().as_bytes())
            .expect("a Bundle"),
        7
    );
    assert_eq!(endpoints.len(), 7);
    for (reference, leads) in [
        ("Endpoint/a", true),
        ("Endpoint/a/_history/2", true),
        ("https://fhir.example.org/r4/Endpoint/a", true),
        ("https://fhir.example.org/r4/Endpoint/a/_history/1", true),
        ("https://other.example.org/r4/Endpoint/a", false),
        (uuid, true),
        ("URN:UUID:0C3151BD-1cbf-4d64-b04d-cd9187a4c6e0", true),
        ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1", false),
        ("Endpoint/c", true),
        ("https://any.example.org/Endpoint/c", true),
        ("Endpoint/d", false),
        ("Patient/p", false),
        ("Endpoint/twice", false),
        ("Endpoint/same", true),
        ("a", false),
        ("#a", false),
        ("#own", true),
        ("#doc", false),
        ("", false),
    ] {
        let members = json!({
            "contained": [endpoint(r4, "own", "dicom-wado-rs", BASE), {"resourceType": "Practitioner", "id": "doc"}],
            "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}],
        });
        let reference = match reference {
            "" => json!({"identifier": {"value": "pacs"}}),
            reference => json!({"reference": reference}),
        };
        let mut members = members;
        members["endpoint"] = json!([reference]);
        let found = only(&study(r4, members), &endpoints);
        assert_eq!(found.request.is_ok(), leads, "{reference}");
        if let Err(error) = found.request {
            let RetrievalError::Endpoint(EndpointError::Unusable { why, .. }) = error else {
                panic!("{reference}: {error}");
            };
            assert_eq!(why, Unusable::Unresolved);
        }
    }
}

#[test]
fn endpoints_are_read_from_xml_too() {
    let document = format!(
        "<Bundle xmlns='http://hl7.org/fhir'><entry><resource><Endpoint><id value='p'/>\
         <status value='active'/><connectionType><system value='{SYSTEM}'/>\
         <code value='dicom-wado-rs'/></connectionType><address value='{BASE}'/>\
         </Endpoint></resource></entry></Bundle>"
    );
    let endpoints = Endpoints::from_xml(document.as_bytes(), FhirVersion::R4).expect("XML");
    let study = example(
        FhirVersion::R4,
        json!([{"reference": "Endpoint/p"}]),
        Value::Null,
    );
    let request = only(&study, &endpoints).request.expect("a request");
    assert_eq!(request.url, format!("{BASE}/studies/1.2.3"));
}

#[test]
fn a_bad_line_is_named() {
    let good = endpoint(FhirVersion::R4, "p", "dicom-wado-rs", BASE);
    let mut endpoints = Endpoints::default();
    let error = endpoints
        .add_json(format!("{good}\n{{]\n").as_bytes())
        .expect_err("it is bad");
    assert_eq!(error.position().line, 2);
    assert!(endpoints.is_empty());
    let error = Endpoints::from_json(b"{\n\"a\": ]").expect_err("it is bad");
    assert_eq!(error.position().line, 2);
    assert!(Endpoints::from_json(b"").is_ok_and(|none| none.is_empty()));
}

#[test]
fn dstu2_has_urls_in_place_of_endpoints() {
    let version = FhirVersion::Dstu2;
    let with = |of_study: &str, of_series: &str, content: &str| {
        study(
            version,
            json!({
                "uid": "urn:oid:1.2.3", "url": of_study,
                "series": [
                    {"uid": "urn:oid:1.2.4", "url": of_series, "instance": [
                        {"uid": "urn:oid:1.2.5", "content": [{"url": "https://pacs.example.org/a.jpg"}, {"url": content}]},
                        {"uid": "urn:oid:1.2.6"},
                    ]},
                    {"uid": "urn:oid:1.2.7"},
                ],
            }),
        )
    };
    let good = with(
        "https://a.example.org/rs/studies/1.2.3",
        "https://b.example.org/rs/studies/1.2.3/series/1.2.4",
        "https://c.example.org/rs/studies/1.2.3/series/1.2.4/instances/1.2.5/frames/1",
    );
    let none = Endpoints::default();
    let instances = RetrievalOptions {
        level: ResourceLevel::Instance,
        ..RetrievalOptions::default()
    };
    assert_eq!(
        urls(&good, &none, &RetrievalOptions::default()),
        [
            "https://b.example.org/rs/studies/1.2.3/series/1.2.4",
            "https://a.example.org/rs/studies/1.2.3/series/1.2.7",
        ]
    );
    assert_eq!(
        urls(&good, &none, &instances),
        [
            "https://c.example.org/rs/studies/1.2.3/series/1.2.4/instances/1.2.5",
            "https://b.example.org/rs/studies/1.2.3/series/1.2.4/instances/1.2.6",
        ]
    );

    let bad = with(
        "https://a.example.org/index.html",
        "https://b.example.org/rs/studies/1.2.3/series/1.2.9",
        "https://c.example.org/rs/studies/1.2.3/series/1.2.4/instances/1.2.8",
    );
    let errors = |options| {
        let all = bad.retrievals(&none, &options);
        all.map(|one| (one.element(), one.request.expect_err("an error")))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        errors(RetrievalOptions::default()),
        [
            (
                "ImagingStudy.series[0].url".to_owned(),
                RetrievalError::OtherUids
            ),
            (
                "ImagingStudy.url".to_owned(),
                RetrievalError::WadoUrl(UidError::Url)
            ),
        ]
    );
    let content = "ImagingStudy.series[0].instance[0].content[1].url";
    assert_eq!(
        errors(instances)[0],
        (content.to_owned(), RetrievalError::OtherUids)
    );

    let uri = with(
        "https://a.example.org/wado?requestType=WADO&studyUID=1.2.3",
        "urn:x",
        "urn:x",
    );
    assert_eq!(
        urls(&uri, &none, &instances)[0],
        "ImagingStudy.series[0].instance[0]: the URL is none of WADO-RS or WADO-URI for a study"
    );
}

#[test]
fn hostile_and_malformed_addresses_have_no_request() {
    let r5 = FhirVersion::R5;
    let study = example(r5, json!([{"reference": "Endpoint/p"}]), Value::Null);
    for (address, expected) in [
        ("javascript:alert(1)", AddressError::NotHttp),
        (
            "https://user:secret@pacs.example.org/rs",
            AddressError::UserInfo,
        ),
        (
            "https://pacs.example.org/rs\nhttps://evil.example.org",
            AddressError::Whitespace { position: 27 },
        ),
        (
            "https://pacs.example.org/rs\t",
            AddressError::Whitespace { position: 27 },
        ),
        (
            "https://pacs.example.org/rs/../x",
            AddressError::DotSegment { position: 28 },
        ),
        ("https://pacs.example.org/rs/", AddressError::TrailingSlash),
        (
            "https://pacs.example.org/rs?x=1",
            AddressError::Query { position: 27 },
        ),
    ] {
        let endpoints = endpoints(&[endpoint(r5, "p", "dicom-wado-rs", address)]);
        let found = only(&study, &endpoints);
        assert_eq!(
            found.request,
            Err(RetrievalError::Address(expected)),
            "{address}"
        );
        assert_eq!(found.element(), "ImagingStudy.endpoint[0]");
    }
    let endpoints = endpoints(&[endpoint(
        r5,
        "p",
        "dicom-wado-rs",
        "http://pacs.example.org/rs/studies/",
    )]);
    let repair = RetrievalOptions {
        repair: true,
        ..RetrievalOptions::default()
    };
    let repaired = study.retrievals(&endpoints, &repair).next().expect("one");
    assert_eq!(
        repaired.request.expect("repaired").url,
        "http://pacs.example.org/rs/studies/1.2.3/series/1.2.4"
    );
    assert!(
        repaired
            .lints
            .contains(&RetrievalLint::Address(AddressLint::Http))
    );
    assert!(matches!(repaired.lints[0], RetrievalLint::Repair(_)));
}

#[test]
fn an_endpoint_of_a_series_that_cannot_be_used_is_no_reason_to_ask_the_study() {
    let r4 = FhirVersion::R4;
    let mut off = endpoint(r4, "off", "dicom-wado-rs", BASE);
    off["status"] = "off".into();
    let endpoints = endpoints(&[off, endpoint(r4, "p", "dicom-wado-rs", BASE)]);
    let study = example(
        r4,
        json!([{"reference": "Endpoint/p"}]),
        json!([{"reference": "Endpoint/off"}]),
    );
    let first = study
        .retrievals(&endpoints, &RetrievalOptions::default())
        .next()
        .expect("one");
    assert_eq!(first.element(), "ImagingStudy.series[0].endpoint[0]");
    let error = first.request.expect_err("unusable");
    assert_eq!(
        error.to_string(),
        "endpoint 0 of the series cannot be used: its status does not allow it"
    );

    let fallback = RetrievalOptions {
        endpoint: EndpointOptions::default().with_fallback(true),
        ..RetrievalOptions::default()
    };
    let first = study.retrievals(&endpoints, &fallback).next().expect("one");
    assert!(first.request.is_ok());
    assert_eq!(
        first.lints,
        [RetrievalLint::Endpoint(EndpointLint::Fallback)]
    );

    let applicable = study.applicable_endpoints(
        &endpoints,
        ConnectionType::WadoRs,
        Some(0),
        &EndpointOptions::default(),
    );
    assert_eq!(applicable.endpoints[0].unusable, Some(Unusable::Status));
}

#[test]
fn what_is_wrong_with_uids_is_said_where_they_stand() {
    let endpoints = endpoints(&[endpoint(FhirVersion::R4, "p", "dicom-wado-rs", BASE)]);
    let study = |identifier: Value| {
        study(
            FhirVersion::R4,
            json!({
                "status": "registered", "identifier": identifier, "endpoint": [{"reference": "Endpoint/p"}],
                "series": [{"uid": "1.2.08"}, {"number": 1}, {"uid": "urn:oid:1.2.4"}],
            }),
        )
    };
    let good = study(json!([{"system": "urn:dicom:uid", "value": "1.2.3"}]));
    let retrievals = good.retrievals(&endpoints, &RetrievalOptions::default());
    assert_eq!(
        retrievals.lints(),
        [
            RetrievalLint::Uid(UidLint::MissingPrefix),
            RetrievalLint::Endpoint(EndpointLint::StudyRegistered),
        ]
    );
    let found: Vec<_> = retrievals.collect();
    assert_eq!(found[0].element(), "ImagingStudy.series[0].uid");
    assert!(matches!(
        found[0].request,
        Err(RetrievalError::Uid {
            place: StudyPlace::Series(0),
            error: UidError::LeadingZero { .. }
        })
    ));
    assert_eq!(found[1].element(), "ImagingStudy.series[1].uid");
    assert_eq!(found[2].lints, [RetrievalLint::Uid(UidLint::ExtraPrefix)]);
    assert!(found[2].request.is_ok());

    let missing = study(json!([{"value": "A"}]));
    let error = missing
        .retrievals(&endpoints, &RetrievalOptions::default())
        .next()
        .expect("one")
        .request;
    assert_eq!(
        error,
        Err(RetrievalError::StudyUid(StudyUidError::NoStudyUid))
    );
}

#[test]
fn types_that_were_asked_for_are_answered() {
    let r5 = FhirVersion::R5;
    let endpoints = endpoints(&[endpoint(r5, "p", "dicom-wado-rs", BASE)]);
    let study = example(r5, json!([{"reference": "Endpoint/p"}]), Value::Null);
    let asked = RetrievalOptions {
        connection_types: Some([ConnectionType::IheIid].into_iter().collect()),
        ..RetrievalOptions::default()
    };
    assert_eq!(
        urls(&study, &endpoints, &asked),
        ["ImagingStudy: no endpoint of the connection type"]
    );
    let thumbnail = RetrievalOptions {
        retrieve: Retrieve::Thumbnail(Rendering {
            quality: Some(1),
            ..Rendering::default()
        }),
        ..RetrievalOptions::default()
    };
    let refused = study
        .retrievals(&endpoints, &thumbnail)
        .next()
        .expect("one")
        .request;
    assert_eq!(
        refused,
        Err(RetrievalError::Url(UrlError::NotAllowed {
            parameter: "quality"
        }))
    );
    // Nothing at all is said of the most usual type.
    let none = example(r5, Value::Null, Value::Null);
    let found = none
        .retrievals(&endpoints, &RetrievalOptions::default())
        .next()
        .expect("one");
    assert_eq!(
        found.request,
        Err(RetrievalError::Endpoint(EndpointError::NoEndpoint))
    );
}

/// Texts that come near to an address, a URL or a UID.
fn near() -> impl Strategy<Value = String> {
    let pieces = [
        "https://",
        "http://",
        "pacs.example.org",
        "user:secret@",
        "/",
        "/studies/",
        "/series/",
        "/instances/",
        "/frames/",
        "?",
        "&",
        "#",
        "requestType=WADO",
        "studyUID=",
        "1.2.3",
        "1.2.4",
        "%2e",
        "%0a",
        "%",
        "..",
        "\\",
        "\n",
        "\t",
        " ",
        "javascript:",
        "\u{e9}",
        "[::1]",
        ":80",
        "urn:oid:",
        "Endpoint/",
        "p",
    ];
    let piece = prop::sample::select(pieces.to_vec());
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases())
    })]

    #[test]
    fn whatever_stands_in_a_study_no_url_leaves_its_host(
        address in near(),
        urls in (near(), near(), near()),
        uid in near(),
        level in prop::sample::select(vec![ResourceLevel::Study, ResourceLevel::Series, ResourceLevel::Instance]),
        repair in any::<bool>(),
    ) {
        let usable = |text: &str| !text.is_empty() && !text.contains([' ', '\n', '\t']);
        let mut dstu2 = json!({"uid": "urn:oid:1.2.3", "series": [{"uid": "urn:oid:1.2.4", "instance": [{"uid": "urn:oid:1.2.5", "content": [{"contentType": "x"}]}]}]});
        for (place, url) in [("", &urls.0), ("/series/0", &urls.1), ("/series/0/instance/0/content/0", &urls.2)] {
            if usable(url) {
                dstu2.pointer_mut(place).expect("it is there")["url"] = url.as_str().into();
            }
        }
        let mut r5 = example_members();
        if usable(&uid) {
            r5["series"][0]["uid"] = uid.as_str().into();
        }
        let options = RetrievalOptions { level, repair, ..RetrievalOptions::default() };
        let endpoints = endpoints(&["dicom-wado-rs", "dicom-wado-uri", "dicom-qido-rs", "ihe-iid"].map(|code| {
            endpoint(FhirVersion::R5, code, code, &address)
        }));
        for (study, addresses) in [
            (study(FhirVersion::Dstu2, dstu2), vec![&urls.0, &urls.1, &urls.2]),
            (study(FhirVersion::R5, r5), vec![&address]),
        ] {
            for retrieval in study.retrievals(&endpoints, &options) {
                let Ok(request) = retrieval.request else { continue };
                let url = request.url;
                prop_assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "{}", url);
                // Up to the host, it is what stands in the study.
                let host = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
                let host = host.split('?').next().unwrap_or_default();
                prop_assert!(addresses.iter().any(|address| address.starts_with(host)), "{}", url);
                prop_assert!(host.starts_with("http") && !host.contains('@'), "{}", url);
            }
        }
    }
}

fn example_members() -> Value {
    let references = [
        "dicom-wado-rs",
        "dicom-wado-uri",
        "dicom-qido-rs",
        "ihe-iid",
    ];
    json!({
        "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}],
        "endpoint": references.map(|id| json!({"reference": format!("Endpoint/{id}")})),
        "series": [{"uid": "1.2.4", "instance": [{"uid": "1.2.5"}]}],
    })
}

/// How many cases each property tries.
fn cases() -> u32 {
    let given = std::env::var("PROPTEST_CASES").ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(1000)
}
