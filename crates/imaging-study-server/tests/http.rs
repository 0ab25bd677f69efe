//! The program, asked over HTTP by a client library.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use running::Running;
use ureq::Agent;

mod running;

const JSON: &str = "application/fhir+json";

impl Running {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Asks the server to stop; whether it ended well.
    fn stop(mut self) -> bool {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status();
        assert!(killed.expect("kill").success());
        self.child.wait().expect("an end").success()
    }
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into()
}

/// The status and the body of an answer.
fn get(agent: &Agent, url: &str) -> (u16, String) {
    let mut response = agent.get(url).call().expect("an answer");
    let text = response.body_mut().read_to_string().expect("a text");
    (response.status().as_u16(), text)
}

fn put(agent: &Agent, url: &str, study: &str) -> u16 {
    let response = agent.put(url).header("Content-Type", JSON).send(study);
    response.expect("an answer").status().as_u16()
}

fn study(id: &str, uid: &str, modality: &str) -> String {
    format!(
        r#"{{"resourceType":"ImagingStudy","id":"{id}","identifier":[{{"system":"urn:dicom:uid","value":"urn:oid:{uid}"}}],"status":"available","subject":{{"reference":"Patient/p"}},"started":"2026-03-05","series":[{{"uid":"{uid}.1","modality":{{"system":"http://dicom.nema.org/resources/ontology/DCM","code":"{modality}"}}}}]}}"#
    )
}

/// What the server sends back for bytes that no library sends.
fn raw(server: &Running, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(&server.address).expect("a connection");
    let timeout = Some(Duration::from_secs(20));
    stream.set_read_timeout(timeout).expect("a time");
    // The server may answer and close before all is sent.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn the_flow_of_the_standard() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("studies.db");
    let server = Running::start(&data, &[]);
    let agent = agent();
    let url = server.url("/fhir/ImagingStudy/a");
    assert_eq!(put(&agent, &url, &study("a", "1.2.3", "CT")), 201);
    let mut read = agent
        .get(&url)
        .header("Accept", "application/fhir+xml; fhirVersion=5.0")
        .call()
        .expect("an answer");
    assert_eq!(read.headers()["etag"], "W/\"1\"");
    assert_eq!(
        read.headers()["content-type"],
        "application/fhir+xml; fhirVersion=5.0"
    );
    let text = read.body_mut().read_to_string().expect("a text");
    assert!(
        text.contains("<subject><reference value=\"Patient/p\"/></subject>"),
        "{text}"
    );
    let patched = agent
        .patch(&url)
        .header("Content-Type", "application/json-patch+json")
        .header("If-Match", "W/\"1\"")
        .send(r#"[{"op":"add","path":"/description","value":"thorax"}]"#);
    assert_eq!(patched.expect("an answer").status(), 200);
    let stale = agent
        .put(&url)
        .header("Content-Type", JSON)
        .header("If-Match", "W/\"1\"")
        .send(study("a", "1.2.3", "MR"));
    assert_eq!(stale.expect("an answer").status(), 412);
    let query = server.url("/fhir/ImagingStudy?identifier=urn:dicom:uid|urn:oid:1.2.3&modality=CT");
    let (status, found) = get(&agent, &query);
    assert_eq!(status, 200);
    assert!(
        found.contains("\"total\":1") && found.contains(&format!("\"fullUrl\":\"{url}\"")),
        "{found}"
    );
    assert_eq!(agent.delete(&url).call().expect("an answer").status(), 204);
    assert_eq!(get(&agent, &url).0, 410);
    let (status, history) = get(&agent, &format!("{url}/_history"));
    assert_eq!((status, history.contains("\"total\":3")), (200, true));
    let (status, site) = get(&agent, &server.url("/site/x/fhir/imaging-study/a"));
    assert_eq!(
        (status, &*site),
        (401, r#"{"message":"Unauthorized","statusCode":401}"#)
    );
    let (status, _) = get(&agent, &server.url("/fhir/metadata"));
    assert_eq!(status, 200);
    assert!(server.stop());
    // What was stored is there again.
    let server = Running::start(&data, &[]);
    assert_eq!(get(&agent, &server.url("/fhir/ImagingStudy/a")).0, 410);
    let (_, first) = get(&agent, &server.url("/fhir/ImagingStudy/a/_history/1"));
    assert!(first.contains("\"versionId\":\"1\""), "{first}");
}

#[test]
fn what_was_answered_survives_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("studies.db");
    let mut total = 0;
    for round in 0..4 {
        let server = Running::start(&data, &[]);
        let stored = AtomicUsize::new(0);
        let killed = AtomicBool::new(false);
        let (address, server) = (server.address.clone(), std::sync::Mutex::new(Some(server)));
        std::thread::scope(|scope| {
            for writer in 0..3 {
                let (stored, killed, address) = (&stored, &killed, &address);
                scope.spawn(move || {
                    let agent = agent();
                    for index in 0.. {
                        if killed.load(Ordering::SeqCst) {
                            break;
                        }
                        let id = format!("r{round}-{writer}-{index}");
                        let sent = agent
                            .put(format!("http://{address}/fhir/ImagingStudy/{id}"))
                            .header("Content-Type", JSON)
                            .send(study(&id, &format!("1.2.{round}.{writer}.{index}"), "CT"));
                        match sent {
                            Ok(response) => {
                                assert_eq!(response.status(), 201);
                                stored.fetch_add(1, Ordering::SeqCst);
                            }
                            Err(_) => break,
                        }
                    }
                });
            }
            std::thread::sleep(Duration::from_millis(400));
            // Dropping it kills it, in the midst of writing.
            drop(server.lock().expect("the server").take());
            killed.store(true, Ordering::SeqCst);
        });
        total += stored.into_inner();
        let server = Running::start(&data, &[]);
        let (_, found) = get(
            &agent(),
            &server.url("/fhir/ImagingStudy?_summary=count&modality=CT"),
        );
        let count = found.split_once("\"total\":").expect("a total").1;
        let count: usize = count
            .split([',', '}'])
            .next()
            .expect("a number")
            .parse()
            .expect("a number");
        // An answer may have been lost on the way, and what it told of is stored.
        assert!(
            (total..=total + 3 * (round + 1)).contains(&count),
            "{count} of {total}"
        );
    }
    assert!(total > 20, "{total}");
}

#[test]
fn hostile_requests() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Running::start(&folder.path().join("studies.db"), &[]);
    let host = server.address.clone();
    let host = host.as_str();
    for (request, expected) in [
        (
            "GET /fhir/ImagingStudy HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                .to_owned(),
            &["421"][..],
        ),
        (
            "GET /fhir/ImagingStudy HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
            &["421", "400"],
        ),
        (
            format!(
                "GET /fhir/../../etc/passwd HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            ),
            &["404"],
        ),
        (
            format!(
                "GET /fhir/ImagingStudy/%2e%2e HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            ),
            &["404"],
        ),
        (
            format!(
                "GET /fhir/ImagingStudy/%ff HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            ),
            &["404"],
        ),
        (
            format!(
                "GET /fhir/ImagingStudy?_id=%ff HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            ),
            &["400"],
        ),
        (
            format!(
                "GET /{} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
                "a".repeat(100_000)
            ),
            &["414", "431"],
        ),
        (
            format!(
                "GET / HTTP/1.1\r\nHost: {host}\r\n{}\r\n",
                "x: y\r\n".repeat(500)
            ),
            &["431"],
        ),
        (
            format!(
                "PUT /fhir/ImagingStudy/a HTTP/1.1\r\nHost: {host}\r\nContent-Type: {JSON}\r\nContent-Length: 99999999999\r\n\r\n{{"
            ),
            &["413", "408"],
        ),
        (
            format!(
                "PUT /fhir/ImagingStudy/a HTTP/1.1\r\nHost: {host}\r\nContent-Type: {JSON}\r\nContent-Length: 4\r\nConnection: close\r\n\r\n\u{fffd}a"
            ),
            &["400"],
        ),
        ("\u{0}\u{1}\u{2}\r\n\r\n".to_owned(), &["400"]),
        (
            format!(
                "BREW /fhir/ImagingStudy HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            ),
            &["405"],
        ),
    ] {
        let answer = raw(&server, request.as_bytes());
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(expected.contains(&status), "{:.80}: {answer:.300}", request);
    }
    // A body beyond the limit ends before it is all sent.
    let mut large = format!(
        "PUT /fhir/ImagingStudy/a HTTP/1.1\r\nHost: {host}\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    .into_bytes();
    for _ in 0..17 {
        large.extend(b"100000\r\n");
        large.extend(vec![b' '; 1 << 20]);
        large.extend(b"\r\n");
    }
    let answer = raw(&server, &large);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 413"),
        "{answer:.200}"
    );
    // A study as deep as may be, in every version and format.
    let deep = format!(
        r#""extension":{}[{{"url":"http://h.example/x","valueString":"x"}}]{},"status""#,
        r#"[{"url":"http://h.example/x","extension":"#.repeat(60),
        "}]".repeat(60)
    );
    let deep = study("deep", "1.2.9", "CT").replacen("\"status\"", &deep, 1);
    let url = server.url("/fhir/ImagingStudy/deep");
    assert_eq!(put(&agent(), &url, &deep), 201);
    for version in ["1.0", "3.0", "4.0", "5.0", "6.0"] {
        for format in ["json", "xml"] {
            let accept = format!("application/fhir+{format}; fhirVersion={version}");
            let read = agent()
                .get(&url)
                .header("Accept", accept)
                .call()
                .expect("an answer");
            // What becomes too deep in another version is refused, not what was stored.
            assert!(
                [200, 406].contains(&read.status().as_u16()),
                "{version} {format}"
            );
        }
    }
    let deeper = deep.replace(
        "\"extension\":[",
        &"\"extension\":[{\"extension\":[".repeat(1000),
    );
    assert_eq!(put(&agent(), &url, &deeper), 400);
    // The server still answers.
    assert_eq!(get(&agent(), &server.url("/fhir/ImagingStudy")).0, 200);
}

#[test]
fn stalled_uploads_delay_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Running::start(&folder.path().join("studies.db"), &[]);
    let head = format!(
        "PUT /fhir/ImagingStudy/a HTTP/1.1\r\nHost: {}\r\nContent-Type: {JSON}\r\nContent-Length: 100000\r\n\r\n{{",
        server.address
    );
    let stalled: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(&server.address).expect("a connection");
            stream.write_all(head.as_bytes()).expect("a head");
            stream
        })
        .collect();
    let agent = agent();
    let begun = Instant::now();
    assert_eq!(
        put(
            &agent,
            &server.url("/fhir/ImagingStudy/b"),
            &study("b", "1.2.3", "CT")
        ),
        201
    );
    assert_eq!(get(&agent, &server.url("/fhir/ImagingStudy/b")).0, 200);
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    drop(stalled);
}

#[test]
fn many_read_while_one_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Running::start(&folder.path().join("studies.db"), &[]);
    let url = server.url("/fhir/ImagingStudy/a");
    assert_eq!(put(&agent(), &url, &study("a", "1.2.3", "CT")), 201);
    let done = AtomicBool::new(false);
    let reads = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..200 {
            scope.spawn(|| {
                let agent = agent();
                let mut last = 0;
                loop {
                    let response = agent.get(&url).call().expect("an answer");
                    assert_eq!(response.status(), 200);
                    let tag = response.headers()["etag"].to_str().expect("a text");
                    let number: u64 = tag.trim_matches(['W', '/', '"']).parse().expect("a number");
                    // Nobody sees an older version than before.
                    assert!(number >= last, "{number} after {last}");
                    last = number;
                    reads.fetch_add(1, Ordering::SeqCst);
                    if done.load(Ordering::SeqCst) {
                        break;
                    }
                }
            });
        }
        let agent = agent();
        for round in 0..30 {
            let modality = if round % 2 == 0 { "MR" } else { "CT" };
            assert_eq!(put(&agent, &url, &study("a", "1.2.3", modality)), 200);
        }
        done.store(true, Ordering::SeqCst);
    });
    assert!(reads.into_inner() >= 200);
    let read = agent().get(&url).call().expect("an answer");
    assert_eq!(read.headers()["etag"], "W/\"31\"");
}

#[test]
fn imports_and_tokens() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("studies.db");
    let input = folder.path().join("studies.ndjson");
    let without_id = study("x", "1.2.9", "US").replace(r#""id":"x","#, "");
    let text = format!(
        "{}\n{{\"no\": 1}}\n{without_id}\n",
        study("a", "1.2.3", "CT")
    );
    std::fs::write(&input, text).expect("written");
    let import = |data: &Path| {
        let output = Command::new(env!("CARGO_BIN_EXE_imaging-study-server"))
            .arg("--data")
            .arg(data)
            .arg("--import")
            .arg(&input)
            .arg("--import-only")
            .output()
            .expect("it runs");
        assert!(output.status.success());
        String::from_utf8(output.stderr).expect("a text")
    };
    let told = import(&data);
    assert!(
        told.contains("2 new, 0 changed, 0 as before, 1 skipped"),
        "{told}"
    );
    assert!(told.contains("line 2 is skipped"), "{told}");
    let told = import(&data);
    assert!(
        told.contains("0 new, 0 changed, 2 as before, 1 skipped"),
        "{told}"
    );
    // The SHA-256 of secret, and of other.
    let tokens = folder.path().join("tokens");
    let lines = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b everything\n\
                 d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa north north\n";
    std::fs::write(&tokens, lines).expect("written");
    let tokens = tokens.to_str().expect("a path");
    let base = [
        "--tokens",
        tokens,
        "--base",
        "https://pacs.example",
        "--organization",
        "7=north",
    ];
    let server = Running::start(&data, &base);
    let agent = agent();
    let with = |path: &str, token: &str| {
        let url = server.url(path);
        let response = agent
            .get(&url)
            .header("Authorization", format!("Bearer {token}"))
            .call();
        response.expect("an answer").status().as_u16()
    };
    assert_eq!(get(&agent, &server.url("/fhir/ImagingStudy/a")).0, 401);
    assert_eq!(with("/fhir/ImagingStudy/a", "secret"), 200);
    assert_eq!(with("/fhir/ImagingStudy/1.2.9", "secret"), 200);
    assert_eq!(with("/fhir/ImagingStudy/a", "wrong"), 401);
    assert_eq!(with("/fhir/ImagingStudy/a", "other"), 403);
    assert_eq!(with("/a/north/ImagingStudy", "other"), 200);
    assert_eq!(with("/a/7/ImagingStudy", "other"), 200);
    assert_eq!(with("/a/south/ImagingStudy", "other"), 403);
    let found = agent
        .get(server.url("/fhir/ImagingStudy?_id=a"))
        .header("Authorization", "Bearer secret")
        .header("Host", "pacs.example")
        .call();
    let found = found
        .expect("an answer")
        .body_mut()
        .read_to_string()
        .expect("a text");
    assert!(
        found.contains("\"fullUrl\":\"https://pacs.example/fhir/ImagingStudy/a\""),
        "{found}"
    );
}

#[test]
fn others_are_not_let_in_without_tokens() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_imaging-study-server"))
        .arg("--data")
        .arg(folder.path().join("studies.db"))
        .args(["--listen", "0.0.0.0:0"])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(3));
    // A database of somebody else is not written into.
    let other = folder.path().join("other.db");
    std::fs::write(&other, "no database").expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_imaging-study-server"))
        .arg("--data")
        .arg(&other)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(std::fs::read(&other).expect("read"), b"no database");
}

#[test]
fn pages_for_people() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("studies.db");
    let server = Running::start(&data, &[]);
    let agent = agent();
    for index in 0..30 {
        let id = format!("s{index}");
        let text = study(&id, &format!("1.2.3.{index}"), "CT").replace(
            r#""reference":"Patient/p""#,
            r#""reference":"Patient/p","display":"<script>alert('x')</script>""#,
        );
        assert_eq!(
            put(
                &agent,
                &server.url(&format!("/fhir/ImagingStudy/{id}")),
                &text
            ),
            201
        );
    }
    let response = agent
        .get(server.url("/?modality=CT&from=2026-01"))
        .call()
        .expect("an answer");
    assert_eq!(
        response.headers()["content-type"],
        "text/html; charset=utf-8"
    );
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .expect("a text");
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    let (_, text) = get(&agent, &server.url("/?modality=CT&from=2026-01"));
    assert!(
        text.contains("30 studies") && !text.contains("<script"),
        "{text}"
    );
    assert!(text.contains("&lt;script&gt;"), "{text}");
    assert_eq!(text.matches("href=\"/studies/").count(), 25);
    let (_, next) = text
        .split_once("<a href=\"/?modality=CT&amp;from=2026-01&amp;cursor=")
        .expect("a next page");
    let cursor = next.split('"').next().expect("a cursor");
    let next = server.url(&format!("/?modality=CT&from=2026-01&cursor={cursor}"));
    let (_, second) = get(&agent, &next);
    assert_eq!(second.matches("href=\"/studies/").count(), 5);
    let (_, one) = get(&agent, &server.url("/?identifier=1.2.3.7"));
    assert!(one.contains("1 studies"), "{one}");
    let (status, text) = get(&agent, &server.url("/?from=%22%3E%3Cscript%3E"));
    assert!(
        status == 400 && !text.contains("<script"),
        "{status} {text}"
    );
    let (status, text) = get(&agent, &server.url("/studies/s7"));
    assert_eq!(status, 200);
    for part in [
        "1.2.3.7",
        "Stored as",
        "<dd>R4</dd>",
        "Validation",
        "fhirVersion%3D6.0.0-cibuild",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Every link of the page leads somewhere here.
    for link in text
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default())
    {
        let link = link.replace("&amp;", "&");
        assert!(link.starts_with('/'), "{link}");
        assert_eq!(get(&agent, &server.url(&link)).0, 200, "{link}");
    }
    assert_eq!(get(&agent, &server.url("/studies/none")).0, 404);
    assert_eq!(get(&agent, &server.url("/studies/..%2f")).0, 404);
}

#[test]
fn pages_link_to_named_hosts_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let endpoints = folder.path().join("endpoints.json");
    let text = r#"{"resourceType":"Endpoint","id":"e","status":"active","connectionType":{
        "system":"http://terminology.hl7.org/CodeSystem/endpoint-connection-type","code":"dicom-wado-rs"},
        "payloadType":[{"text":"images"}],"address":"https://pacs.example/wado"}"#;
    std::fs::write(&endpoints, text).expect("written");
    let endpoints = endpoints.to_str().expect("a path");
    let viewer = "https://viewer.example/?uid={studyUid}";
    let arguments = ["--viewer", viewer, "--endpoints", endpoints];
    let data = folder.path().join("studies.db");
    let text = study("a", "1.2.3", "CT").replacen(
        r#""series":"#,
        r#""endpoint":[{"reference":"Endpoint/e"}],"series":"#,
        1,
    );
    let agent = agent();
    let links = [
        "https://viewer.example/?uid=1.2.3",
        "https://pacs.example/wado/studies/1.2.3/series/1.2.3.1/rendered",
    ];
    let server = Running::start(&data, &arguments);
    assert_eq!(put(&agent, &server.url("/fhir/ImagingStudy/a"), &text), 201);
    let (_, page) = get(&agent, &server.url("/studies/a"));
    assert!(links.iter().all(|link| !page.contains(link)), "{page}");
    drop(server);
    let hosts = [
        "--allow-host",
        "viewer.example",
        "--allow-host",
        "pacs.example",
    ];
    let server = Running::start(&data, &[&arguments[..], &hosts].concat());
    let (_, page) = get(&agent, &server.url("/studies/a"));
    assert!(links.iter().all(|link| page.contains(link)), "{page}");
}

#[test]
fn pages_ask_for_a_token() {
    let folder = tempfile::tempdir().expect("a folder");
    let tokens = folder.path().join("tokens");
    let line = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b everything\n";
    std::fs::write(&tokens, line).expect("written");
    let tokens = tokens.to_str().expect("a path");
    let server = Running::start(&folder.path().join("studies.db"), &["--tokens", tokens]);
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let (status, text) = get(&agent, &server.url("/"));
    assert!(
        status == 401 && text.contains("type=\"password\""),
        "{text}"
    );
    let login = |token: &str| {
        let request = agent.post(server.url("/login"));
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        request.send(format!("token={token}")).expect("an answer")
    };
    assert_eq!(login("wrong").status(), 401);
    let response = login("secret");
    assert_eq!(response.status(), 303);
    let cookie = response.headers()["set-cookie"].to_str().expect("a text");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    let kept = cookie.split(';').next().expect("a cookie");
    let page = agent
        .get(server.url("/"))
        .header("Cookie", kept)
        .call()
        .expect("an answer");
    assert_eq!(page.status(), 200);
    // The API itself takes no cookie.
    let api = agent
        .get(server.url("/fhir/ImagingStudy"))
        .header("Cookie", kept)
        .call();
    assert_eq!(api.expect("an answer").status(), 401);
}
