//! The command `urls`.

use program::Folder;
use serde_json::{Value, json};

mod program;

const SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/endpoint-connection-type";
const BASE: &str = "https://pacs.example.org/rs";
const DICOM: &str = "multipart/related; type=\"application/dicom\"";

fn r5_endpoint(id: &str, code: &str, address: &str) -> Value {
    json!({"resourceType": "Endpoint", "id": id, "status": "active",
           "connectionType": [{"coding": [{"system": SYSTEM, "code": code}]}], "address": address})
}

/// A study of R4 and later; the last elements tell which.
fn study(version: &str) -> Value {
    let mut study = json!({
        "resourceType": "ImagingStudy",
        "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}],
        "endpoint": [{"reference": "Endpoint/p"}],
        "series": [{"uid": "1.2.4", "instance": [{"uid": "1.2.5"}]}],
    });
    let series = &mut study["series"][0];
    match version {
        "r4" | "r4b" => study["modality"] = json!([{"code": "CT"}]),
        "r5" => series["instance"][0]["sopClass"] = json!({"code": "urn:oid:1.2"}),
        _ => series["instance"][0]["sopClass"] = "urn:oid:1.2".into(),
    }
    if version != "r4" && version != "r4b" {
        study["partOf"] = json!([{"reference": "Procedure/p"}]);
    }
    study
}

#[test]
fn a_study_of_each_version_has_urls() {
    let folder = Folder::new();
    let old = json!({"resourceType": "ImagingStudy", "uid": "urn:oid:1.2.3", "series": [{"uid": "urn:oid:1.2.4"}]});
    let mut dstu2 = old.clone();
    dstu2["url"] = format!("{BASE}/studies/1.2.3").into();
    dstu2["modalityList"] = json!([{"code": "CT"}]);
    let mut stu3 = old;
    stu3["context"] = json!({"reference": "Encounter/e"});
    stu3["endpoint"] = json!([{"reference": "Endpoint/p"}]);
    let versions = [
        ("dstu2", dstu2),
        ("stu3", stu3),
        ("r4", study("r4")),
        ("r4b", study("r4b")),
        ("r5", study("r5")),
        ("r6-draft", study("r6-draft")),
    ];
    for (version, study) in versions {
        let mut endpoint = r5_endpoint("p", "dicom-wado-rs", BASE);
        if matches!(version, "stu3" | "r4" | "r4b") {
            endpoint["connectionType"] = json!({"system": SYSTEM, "code": "dicom-wado-rs"});
        }
        folder.write("study", study.to_string());
        folder.write("endpoints", endpoint.to_string());
        let line = format!(
            "ImagingStudy.series[0]\tdicom-wado-rs\t{BASE}/studies/1.2.3/series/1.2.4\t{DICOM}"
        );
        for from in [version, "auto"] {
            let ran = folder.run(&["urls", "study", "--from", from, "--endpoints", "endpoints"]);
            let ran = ran.expect(0);
            assert_eq!(
                (ran.lines(), ran.stderr.as_str()),
                (vec![line.as_str()], ""),
                "{version}"
            );
        }
    }
}

#[test]
fn options_say_what_is_retrieved() {
    let folder = Folder::new();
    folder.write("study", study("r5").to_string());
    let lines = [
        r5_endpoint("p", "dicom-wado-rs", BASE),
        r5_endpoint("q", "dicom-wado-uri", "https://pacs.example.org/wado"),
        r5_endpoint("v", "ihe-iid", "https://viewer.example.org/IID"),
    ];
    folder.write("one", lines[0].to_string());
    folder.write("more", format!("{}\n{}\n", lines[1], lines[2]));
    let mut all = study("r5");
    all["endpoint"] =
        json!(["p", "q", "v"].map(|id| json!({"reference": format!("Endpoint/{id}")})));
    folder.write("all", all.to_string());
    let run = |arguments: &[&str]| {
        let endpoints = ["--endpoints", "one", "more"];
        folder.run(&[&["urls", "all"][..], arguments, &endpoints].concat())
    };
    let series = format!("{BASE}/studies/1.2.3/series/1.2.4");
    let uri = "https://pacs.example.org/wado?requestType=WADO&studyUID=1.2.3&seriesUID=1.2.4&objectUID=1.2.5";
    assert_eq!(run(&[]).expect(0).lines(), [
        format!("ImagingStudy.series[0]\tdicom-wado-rs\t{series}\t{DICOM}"),
        format!("ImagingStudy.series[0].instance[0]\tdicom-wado-uri\t{uri}&contentType=application%2Fdicom\tapplication/dicom"),
        "ImagingStudy\tihe-iid\thttps://viewer.example.org/IID?requestType=STUDY&studyUID=1.2.3&diagnosticQuality=true\ttext/html".to_owned(),
    ]);
    let rs = ["--connection-type", "dicom-wado-rs"];
    for (arguments, url) in [
        (
            &["--metadata"][..],
            format!("{series}/metadata\tapplication/dicom+json"),
        ),
        (
            &["--rendered", "--quality", "90"],
            format!("{series}/rendered?quality=90\timage/jpeg"),
        ),
        (
            &["--thumbnail", "--viewport", "64,32"],
            format!("{series}/thumbnail?viewport=64,32\timage/jpeg"),
        ),
        (
            &["--level", "instance"],
            format!("{series}/instances/1.2.5\t{DICOM}"),
        ),
        (
            &["--level", "study"],
            format!("{BASE}/studies/1.2.3\t{DICOM}"),
        ),
    ] {
        let ran = run(&[&rs[..], arguments].concat()).expect(0);
        assert!(
            ran.stdout.ends_with(&format!("\t{url}\n")),
            "{}",
            ran.stdout
        );
        assert_eq!(ran.lines().len(), 1);
    }
    for wrong in [
        &["--metadata", "--rendered"][..],
        &["--viewport", "64,32"],
        &["--thumbnail", "--viewport", "0,32"],
        &["--connection-type", "dicom-stow-rs"],
        &["--level", "frame"],
    ] {
        run(wrong).expect(2);
    }
    folder.run(&["urls", "-", "--endpoints", "-"]).expect(2);
}

#[test]
fn hostile_addresses_make_no_line() {
    let folder = Folder::new();
    folder.write("study", study("r5").to_string());
    for (address, problem) in [
        (
            "javascript:alert(document.domain)",
            "an address begins with http or https",
        ),
        (
            "https://user:secret@pacs.example.org/rs",
            "an address names no user",
        ),
        (
            "https://pacs.example.org/rs\nImagingStudy\tdicom-wado-rs\thttps://evil.example.org",
            "white space at position 27",
        ),
        (
            "https://pacs.example.org/rs\u{1b}[2J",
            "a control character at position 27",
        ),
        (
            "https://pacs.example.org/rs/../admin",
            "a dot segment at position 28",
        ),
        (
            "https://pacs.example.org/rs/",
            "the address ends with a slash",
        ),
    ] {
        folder.write(
            "endpoints",
            r5_endpoint("p", "dicom-wado-rs", address).to_string(),
        );
        let ran = folder.run(&["urls", "study", "--endpoints", "endpoints"]);
        let ran = ran.expect(1);
        assert_eq!(ran.stdout, "", "{address:?}");
        assert!(
            ran.stderr
                .starts_with("ImagingStudy.endpoint[0]: dicom-wado-rs: "),
            "{}",
            ran.stderr
        );
        assert!(ran.stderr.contains(problem), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1);
        assert!(!ran.stderr.contains("evil") && !ran.stderr.contains("secret"));
    }
    let repaired = folder
        .run(&["urls", "study", "--repair", "--endpoints", "endpoints"])
        .expect(0);
    assert!(
        repaired
            .stdout
            .contains(&format!("\t{BASE}/studies/1.2.3/"))
    );
    assert!(
        repaired.stderr.contains("a slash was taken off"),
        "{}",
        repaired.stderr
    );
}

#[test]
fn bundles_and_lines_say_which_study() {
    let folder = Folder::new();
    let uuid = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
    let mut by_uuid = study("r5");
    by_uuid["endpoint"] = json!([{"reference": uuid}]);
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient"}},
        {"resource": by_uuid},
        {"fullUrl": uuid, "resource": r5_endpoint("p", "dicom-wado-rs", BASE)},
        {"resource": {"resourceType": "ImagingStudy", "series": "x", "partOf": [], "id": "secret"}},
    ]});
    folder.write("bundle", bundle.to_string());
    let ran = folder.run(&["urls", "bundle", "--from", "r5"]).expect(0);
    assert!(
        ran.stdout
            .starts_with("Bundle.entry[1].resource.series[0]\tdicom-wado-rs\t"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr.starts_with("Bundle.entry[3].resource: "),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("secret"));

    let mut broken = study("r5");
    broken["endpoint"] = json!([{"reference": "Endpoint/missing"}]);
    let endpoint = r5_endpoint("p", "dicom-wado-rs", BASE);
    let lines = [
        study("r5").to_string(),
        broken.to_string(),
        "{]".to_owned(),
        endpoint.to_string(),
    ];
    folder.write("lines", lines.join("\n"));
    // The line that is no JSON keeps those behind it from being endpoints.
    folder.write("endpoints", endpoint.to_string());
    let ran = folder
        .run(&["urls", "lines", "--endpoints", "endpoints"])
        .expect(0);
    assert_eq!(ran.lines().len(), 1);
    assert!(
        ran.stdout.starts_with("1:ImagingStudy.series[0]\t"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("at line 3, column"), "{}", ran.stderr);
    let unresolved = "2:ImagingStudy.endpoint[0]: dicom-wado-rs: endpoint 0 of the study cannot be used: its reference leads to no Endpoint";
    assert!(ran.stderr.contains(unresolved), "{}", ran.stderr);
}

#[test]
fn xml_is_read_too() {
    let folder = Folder::new();
    let study = "<identifier><system value='urn:dicom:uid'/><value value='urn:oid:1.2.3'/></identifier>\
                 <endpoint><reference value='Endpoint/p'/></endpoint><series><uid value='1.2.4'/></series>";
    let endpoint = format!(
        "<id value='p'/><status value='active'/><connectionType><system value='{SYSTEM}'/>\
         <code value='dicom-wado-rs'/></connectionType><address value='{BASE}'/>"
    );
    let fhir = "xmlns='http://hl7.org/fhir'";
    folder.write(
        "study",
        format!("<ImagingStudy {fhir}>{study}</ImagingStudy>"),
    );
    folder.write(
        "endpoint",
        format!("<Endpoint {fhir}>{endpoint}</Endpoint>"),
    );
    let entry = |resource: &str| format!("<entry><resource>{resource}</resource></entry>");
    let entries = entry(&format!("<ImagingStudy>{study}</ImagingStudy>"))
        + &entry(&format!("<Endpoint>{endpoint}</Endpoint>"));
    folder.write("bundle", format!("<Bundle {fhir}>{entries}</Bundle>"));
    let url = format!("{BASE}/studies/1.2.3/series/1.2.4");
    let ran = folder
        .run(&["urls", "study", "--from", "r4", "--endpoints", "endpoint"])
        .expect(0);
    assert_eq!(
        ran.stdout,
        format!("ImagingStudy.series[0]\tdicom-wado-rs\t{url}\t{DICOM}\n")
    );
    let ran = folder.run(&["urls", "bundle", "--from", "r4"]).expect(0);
    assert_eq!(
        ran.stdout,
        format!("Bundle.entry[0].resource.series[0]\tdicom-wado-rs\t{url}\t{DICOM}\n")
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = Folder::new();
    folder.write("study", study("r5").to_string());
    folder.write("bad", "{\n  \"resourceType\": ]\n}");
    folder.write("other", r#"{"resourceType":"Patient"}"#);
    folder.write("undecided", r#"{"resourceType":"ImagingStudy","id":"x"}"#);
    let ran = folder.run(&["urls", "bad"]).expect(3);
    assert!(ran.stderr.starts_with("error: bad: "), "{}", ran.stderr);
    assert!(ran.stderr.contains("line 2"), "{}", ran.stderr);
    folder
        .run(&["urls", "study", "--endpoints", "bad"])
        .expect(3);
    folder
        .run(&["urls", "study", "--endpoints", "missing"])
        .expect(3);
    folder.run(&["urls", "missing"]).expect(3);
    let ran = folder
        .run(&["urls", "study", "--endpoints", "other"])
        .expect(1);
    assert!(
        ran.stderr.starts_with("other: no Endpoint\n"),
        "{}",
        ran.stderr
    );
    let ran = folder.run(&["urls", "other"]).expect(1);
    assert_eq!(ran.stderr, "other: no ImagingStudy that can be read\n");
    let ran = folder.run(&["urls", "undecided"]).expect(1);
    assert!(
        ran.stderr.contains("--from tells the version"),
        "{}",
        ran.stderr
    );
    let ran = folder
        .run(&["urls", "undecided", "--from", "r4", "--level", "study"])
        .expect(1);
    assert_eq!(
        ran.stderr,
        "ImagingStudy: dicom-wado-rs: the study has no Study Instance UID\n"
    );
    folder.run(&["urls"]).expect(2);
}
