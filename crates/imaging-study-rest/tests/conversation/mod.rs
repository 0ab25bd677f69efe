//! The conversations of `fixtures/rest`: requests, and what their answers must have.

use std::fs;
use std::path::Path;

use imaging_study_rest::{Access, Layout, Request, Response, Service, Store};

/// A service with the layouts of a case. Where a layout needs a token, there is one.
fn service<S: Store>(store: S, head: &str) -> Service<S> {
    let layouts = vec![
        Layout::standard("fhir"),
        Layout::organizations("a"),
        Layout::sites(),
    ];
    let mut service = Service::new(store, layouts).with_policy(|sender| {
        match sender.layout.bearer && sender.token != Some("secret") {
            true => Access::Unauthorized,
            false => Access::Granted,
        }
    });
    let alias = ("1234".to_owned(), "st-marys".to_owned());
    service.settings.namespaces.push(alias);
    for line in head.lines() {
        match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["set", "update_creates", value] => {
                service.settings.update_creates = value.parse().expect("a boolean");
            }
            ["set", "body_bytes", value] => {
                service.settings.body_bytes = value.parse().expect("a number");
            }
            ["set", name, ..] => panic!("no setting {name}"),
            _ => {}
        }
    }
    service
}

/// A request: its line, its headers, and its body behind an empty line.
fn request(text: &str) -> Request {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.trim().lines();
    let (method, target) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .expect("a method and a target");
    let mut request = Request::new(method, target);
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header");
        request = request.header(name, value);
    }
    request.body = body.trim_end().into();
    request
}

/// Whether a text is what a pattern says, in which `*` stands for anything.
fn fits(text: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => text == pattern,
        Some((begin, end)) => {
            text.len() >= begin.len() + end.len() && text.starts_with(begin) && text.ends_with(end)
        }
    }
}

/// What is wrong with an answer, by what it must have; and whether the next page is to be asked for.
fn compare(response: &Response, expected: &str) -> (Vec<String>, bool) {
    let text = response.text();
    let mut wrong = Vec::new();
    let mut lines = expected.trim().lines();
    if lines.next() != Some(&response.status.to_string()) {
        wrong.push(format!("the status is {}", response.status));
    }
    let mut next = false;
    for line in lines {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let holds = match word {
            "contains" => text.contains(rest),
            "lacks" => !text.contains(rest),
            "is" => text == rest,
            "empty" => response.body.is_empty(),
            "order" => {
                let mut parts = rest.split(' ');
                let behind = parts.try_fold(text, |text, part| Some(text.split_once(part)?.1));
                behind.is_some()
            }
            "next" => {
                next = true;
                true
            }
            header => {
                let name = header.strip_suffix(':').expect("a header");
                response.header(name).is_some_and(|value| fits(value, rest))
            }
        };
        if !holds {
            wrong.push(line.to_owned());
        }
    }
    if !wrong.is_empty() {
        wrong.push(format!("{:?} {text}", response.headers));
    }
    (wrong, next)
}

/// The target of the link to the next page.
fn next_page(response: &Response) -> String {
    let text = response.text();
    let link = text.split_once(r#""relation":"next","url":"http://localhost"#);
    let (_, link) = link.expect("a next page");
    link.split('"').next().expect("a URL").to_owned()
}

/// Holds every conversation with a service over a store of its own.
pub(crate) fn hold<S: Store>(new_store: impl Fn() -> S) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rest");
    let (mut cases, mut faults) = (0, Vec::new());
    for entry in fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a text");
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name");
        // What it is about, and settings, up to the first request.
        let starts = [
            "GET ", "HEAD ", "PUT ", "POST ", "PATCH ", "DELETE ", "TRACE ",
        ];
        let first = starts
            .iter()
            .filter_map(|start| text.find(&format!("\n{start}")))
            .min();
        let (head, steps) = text.split_at(first.expect("a request"));
        let service = service(new_store(), head);
        for step in steps.split("\n===\n") {
            cases += 1;
            let mut parts = step.split("\n---\n");
            let mut sent = request(parts.next().expect("a request").trim_start());
            for expected in parts {
                let place = format!("{name}: {} {}", sent.method, sent.path);
                let response = service.answer(&sent);
                let (wrong, next) = compare(&response, expected);
                faults.extend(wrong.into_iter().map(|wrong| format!("{place}: {wrong}")));
                if next {
                    sent = Request::get(&next_page(&response));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(cases > 150, "{cases} requests");
}
