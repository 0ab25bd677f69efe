//! Pages for people: what the API answers, as HTML.

use crate::links::Links;
use imaging_study_any::{AnyImagingStudy, ConceptRef, ReferenceRef};
use imaging_study_core::{FhirVersion, Json};
use imaging_study_json::{Decoder, json_to_string};
use imaging_study_rest::{Request, Response, Service, Store};
use imaging_study_search::decode;
use maud::{DOCTYPE, Markup, html};

/// What a browser may do with a page: show it, in its own style, and send its forms here.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; \
                                 base-uri 'none'; frame-ancestors 'none'";

/// The style of the pages.
pub(crate) const STYLE: &str = include_str!("style.css");

/// How many studies a page of the worklist has.
const ROWS: usize = 25;

/// The fields of the worklist's form: the parameter of the search, what people call it, what stands before the
/// value, and the type of the field.
const FIELDS: [(&str, &str, &str, &str); 7] = [
    ("from", "From", "started=ge", "date"),
    ("to", "To", "started=le", "date"),
    ("patient", "Patient", "patient=", "text"),
    ("modality", "Modality", "modality=", "text"),
    (
        "identifier",
        "Accession number or UID",
        "identifier=",
        "text",
    ),
    ("status", "Status", "status=", "text"),
    ("reason", "Reason", "reason=", "text"),
];

/// The page of a path, if there is one. `token` is what the browser keeps of the sender.
pub(crate) fn page<S: Store>(
    service: &Service<S>,
    links: &Links,
    request: &Request,
    token: Option<&str>,
) -> Option<Response> {
    let asks = matches!(request.method.as_str(), "GET" | "HEAD");
    let path = request.path.as_str();
    let id = path.strip_prefix("/studies/");
    let mut response = match (path, id) {
        ("/", _) if asks => worklist(service, request.query.as_deref().unwrap_or_default(), token),
        (_, Some(id)) if asks && !id.contains('/') => study(service, links, id, token),
        ("/style.css", _) if asks => {
            let mut response = with_status(200);
            response
                .headers
                .push(("Content-Type", "text/css; charset=utf-8".to_owned()));
            response.body = STYLE.into();
            response
        }
        ("/login", _) if request.method == "POST" => login(service, request),
        _ => return None,
    };
    response
        .headers
        .push(("Content-Security-Policy", POLICY.to_owned()));
    response
        .headers
        .push(("Referrer-Policy", "no-referrer".to_owned()));
    response.route = Some(
        match id {
            Some(_) => "/studies/{id}",
            None => match path {
                "/style.css" => "/style.css",
                "/login" => "/login",
                _ => "/",
            },
        }
        .to_owned(),
    );
    if request.method == "HEAD" {
        response.body.clear();
    }
    Some(response)
}

fn with_status(status: u16) -> Response {
    let mut response = Response::default();
    response.status = status;
    response
}

/// A whole page.
fn document(status: u16, title: &str, content: Markup) -> Response {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/style.css";
            }
            body {
                header { a href="/" { "Imaging studies" } }
                main { (content) }
            }
        }
    };
    let mut response = with_status(status);
    response
        .headers
        .push(("Content-Type", "text/html; charset=utf-8".to_owned()));
    response.body = markup.into_string().into_bytes();
    response
}

/// Asks the API as the sender of the page.
fn ask<S: Store>(
    service: &Service<S>,
    path: &str,
    query: Option<String>,
    token: Option<&str>,
    version: Option<FhirVersion>,
) -> Response {
    let mut request = Request::get(path);
    request.query = query;
    if let Some(token) = token {
        request = request.header("Authorization", &format!("Bearer {token}"));
    }
    if let Some(version) = version {
        let accept = format!("application/fhir+json; fhirVersion={}", version.parameter());
        request = request.header("Accept", &accept);
    }
    service.answer(&request)
}

/// The page of an answer that is no success.
fn refused(response: &Response) -> Response {
    if response.status == 401 {
        return ask_for_token(401, None);
    }
    let outcome = Decoder::default().decode_json(&response.body).ok();
    let texts: Vec<String> = outcome
        .iter()
        .flat_map(said)
        .map(|(_, _, text)| text)
        .collect();
    document(
        response.status,
        "Imaging studies",
        html! {
            h1 { @match response.status {
                403 => "Not allowed",
                404 => "No such study",
                410 => "The study was deleted",
                _ => "That was not understood",
            } }
            @for text in &texts { p { (text) } }
            p { a href="/" { "All studies" } }
        },
    )
}

/// The issues of an OperationOutcome: severity, place and text.
fn said(outcome: &Json) -> Vec<(String, String, String)> {
    let issues = outcome
        .get("issue")
        .and_then(Json::as_array)
        .unwrap_or_default();
    let text = |json: Option<&Json>| json.and_then(Json::as_str).unwrap_or_default().to_owned();
    let texts = issues.iter().map(|issue| {
        let details = issue.get("details").and_then(|details| details.get("text"));
        let place = issue.get("location").and_then(Json::as_array);
        (
            text(issue.get("severity")),
            text(place.and_then(|places| places.first())),
            text(details.or_else(|| issue.get("diagnostics"))),
        )
    });
    texts.collect()
}

fn ask_for_token(status: u16, wrong: Option<&str>) -> Response {
    document(
        status,
        "Imaging studies: token",
        html! {
            h1 { "Imaging studies" }
            @if let Some(wrong) = wrong { p class="error" { (wrong) } }
            form method="post" action="/login" class="token" {
                label for="token" { "Token" }
                input id="token" name="token" type="password" autocomplete="off" required;
                button type="submit" { "Open" }
            }
        },
    )
}

/// Takes a token from the form and lets the browser keep it.
fn login<S: Store>(service: &Service<S>, request: &Request) -> Response {
    let form = std::str::from_utf8(&request.body).unwrap_or_default();
    let token = form.split('&').find_map(|part| part.strip_prefix("token="));
    let token = token
        .and_then(|token| decode(token).ok())
        .unwrap_or_default();
    let is_plain = token
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte));
    let query = Some("_summary=count".to_owned());
    let answer = ask(service, "/fhir/ImagingStudy", query, Some(&token), None);
    if token.is_empty() || !is_plain || answer.status == 401 {
        return ask_for_token(401, Some("This token is not known."));
    }
    let secure = if service.settings.base.starts_with("https:") {
        "; Secure"
    } else {
        ""
    };
    let mut response = with_status(303);
    response.headers.push(("Location", "/".to_owned()));
    let cookie = format!("token={token}; Path=/; HttpOnly; SameSite=Strict{secure}");
    response.headers.push(("Set-Cookie", cookie));
    response
}

/// The table of studies.
fn worklist<S: Store>(service: &Service<S>, form: &str, token: Option<&str>) -> Response {
    // The version that has a parameter for each field; studies of others are asked its translation.
    let version = FhirVersion::R4;
    let mut query = vec![
        "_summary=true".to_owned(),
        format!("_count={ROWS}"),
        "_sort=-started".to_owned(),
    ];
    let mut given: Vec<(&str, String)> = Vec::new();
    let mut kept: Vec<String> = Vec::new();
    for part in form.split('&') {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        if value.is_empty() {
            continue;
        }
        if name == "cursor" {
            query.push(format!("_cursor={value}"));
        }
        if let Some((name, _, parameter, _)) = FIELDS.iter().find(|(field, ..)| *field == name) {
            // A UID is the identifier of a study in one form only.
            let is_uid = |byte: u8| byte.is_ascii_digit() || byte == b'.';
            let system =
                match *name == "identifier" && value.contains('.') && value.bytes().all(is_uid) {
                    true => "urn:dicom:uid|urn:oid:",
                    false => "",
                };
            query.push(format!("{parameter}{system}{value}"));
            given.push((name, decode(value).unwrap_or_default()));
            kept.push(part.to_owned());
        }
    }
    let answer = ask(
        service,
        "/fhir/ImagingStudy",
        Some(query.join("&")),
        token,
        Some(version),
    );
    if answer.status != 200 {
        return refused(&answer);
    }
    let bundle = Decoder::default().decode_json(&answer.body).ok();
    let studies: Vec<AnyImagingStudy> = bundle
        .iter()
        .flat_map(|bundle| matches(bundle, version))
        .collect();
    let total = answer
        .text()
        .split_once("\"total\":")
        .map_or("", |(_, rest)| {
            rest.split([',', '}']).next().unwrap_or_default()
        });
    let next = bundle.as_ref().and_then(next_cursor);
    let value = |field: &str| {
        let found = given.iter().find(|(name, _)| *name == field);
        found.map_or("", |(_, value)| value.as_str())
    };
    document(
        200,
        "Imaging studies",
        html! {
            h1 { "Imaging studies" }
            form method="get" action="/" class="filters" {
                @for (field, label, _, kind) in FIELDS {
                    div {
                        label for=(field) { (label) }
                        input id=(field) name=(field) type=(kind) value=(value(field));
                    }
                }
                button type="submit" { "Find" }
                a href="/" { "All" }
            }
            p { (total) " studies" }
            div class="table" { table {
                thead { tr {
                    @for name in ["Date", "Patient", "Modality", "Description", "Procedure", "Status", "Accession", "Series", "Images"] {
                        th scope="col" { (name) }
                    }
                } }
                tbody { @for study in &studies { (row(study)) } }
            } }
            @if let Some(cursor) = next {
                @let parts = kept.iter().map(String::as_str).collect::<Vec<_>>();
                @let link = if parts.is_empty() { format!("/?cursor={cursor}") } else { format!("/?{}&cursor={cursor}", parts.join("&")) };
                p { a href=(link) rel="next" { "Next page" } }
            }
        },
    )
}

/// The studies that match in a Bundle.
fn matches(bundle: &Json, version: FhirVersion) -> Vec<AnyImagingStudy> {
    let entries = bundle
        .get("entry")
        .and_then(Json::as_array)
        .unwrap_or_default();
    let studies = entries.iter().filter_map(|entry| {
        let resource = entry.get("resource")?;
        let is_study = resource.get("resourceType").and_then(Json::as_str) == Some("ImagingStudy");
        let text = is_study.then(|| json_to_string(resource))?;
        read(text.as_bytes(), version)
    });
    studies.collect()
}

fn read(bytes: &[u8], version: FhirVersion) -> Option<AnyImagingStudy> {
    let read = AnyImagingStudy::from_json(bytes, version, &mut Decoder::default());
    Some(read.ok()?.value)
}

/// The cursor in the link to the next page.
fn next_cursor(bundle: &Json) -> Option<String> {
    let mut links = bundle.get("link")?.as_array()?.iter();
    let next = links.find(|link| link.get("relation").and_then(Json::as_str) == Some("next"))?;
    let (_, cursor) = next.get("url")?.as_str()?.rsplit_once("_cursor=")?;
    Some(cursor.to_owned())
}

fn row(study: &AnyImagingStudy) -> Markup {
    let id = study.id().unwrap_or_default();
    let accession = study.accession();
    let accession = accession.one().map_or("", |found| found.value);
    let modalities: Vec<&str> = modalities(study);
    let procedures: Vec<String> = study.procedures().map(concept).collect();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    html! { tr {
        td { a href=(format!("/studies/{id}")) { (date(study)) } }
        td { (study.subject().map(reference).unwrap_or_default()) }
        td { (modalities.join(", ")) }
        td { (study.description().unwrap_or_default()) }
        td { (procedures.join(", ")) }
        td { (study.status().or(study.availability()).unwrap_or_default()) }
        td { (accession) }
        td class="number" { (number(study.number_of_series())) }
        td class="number" { (number(study.number_of_instances())) }
    } }
}

/// The modalities of a study, each once: those that it states, and those of its series.
fn modalities(study: &AnyImagingStudy) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let of_series = study.series().filter_map(|series| series.modality());
    for code in study
        .modalities()
        .chain(of_series)
        .filter_map(ConceptRef::code)
    {
        if !found.contains(&code) {
            found.push(code);
        }
    }
    found
}

fn date(study: &AnyImagingStudy) -> String {
    match study.started() {
        Some(started) => started.to_string().replace('T', " "),
        None => "no date".to_owned(),
    }
}

/// A reference for people.
fn reference(reference: ReferenceRef<'_>) -> String {
    let identifier = reference
        .identifier()
        .and_then(|identifier| identifier.value);
    let text = reference.display().or(reference.reference()).or(identifier);
    text.unwrap_or_default().to_owned()
}

/// A concept for people: its text, else the first code or display, else what it refers to.
fn concept(concept: ConceptRef<'_>) -> String {
    let display = concept.codings().find_map(|coding| coding.display);
    match concept.text().or(display).or(concept.code()) {
        Some(text) => text.to_owned(),
        None => concept.reference().map(reference).unwrap_or_default(),
    }
}

/// The page of a study.
fn study<S: Store>(service: &Service<S>, links: &Links, id: &str, token: Option<&str>) -> Response {
    let path = format!("/fhir/ImagingStudy/{id}");
    let answer = ask(service, &path, None, token, None);
    if answer.status != 200 {
        return refused(&answer);
    }
    let stored = answer
        .header("Content-Type")
        .and_then(|name| name.parse::<FhirVersion>().ok());
    let Some(stored) = stored else {
        return refused(&with_status(500));
    };
    let Some(study) = read(&answer.body, stored) else {
        return refused(&with_status(500));
    };
    let validation = ask(
        service,
        &format!("{path}/$validate"),
        None,
        token,
        Some(stored),
    );
    let outcome = Decoder::default().decode_json(&validation.body).ok();
    let issues: Vec<_> = outcome.iter().flat_map(said).collect();
    let (viewer, rendered) = (links.viewer(&study), links.rendered(&study));
    let title = study.description().unwrap_or("Imaging study").to_owned();
    let accession = study.accession();
    let facts = [
        ("Date", date(&study)),
        (
            "Patient",
            study.subject().map(reference).unwrap_or_default(),
        ),
        ("Modality", modalities(&study).join(", ")),
        (
            "Status",
            study
                .status()
                .or(study.availability())
                .unwrap_or_default()
                .to_owned(),
        ),
        (
            "Accession number",
            accession
                .one()
                .map_or(String::new(), |found| found.value.to_owned()),
        ),
        (
            "Study UID",
            study
                .study_uid()
                .require()
                .map(|uid| uid.to_string())
                .unwrap_or_default(),
        ),
        (
            "Procedure",
            study
                .procedures()
                .map(concept)
                .collect::<Vec<_>>()
                .join(", "),
        ),
        (
            "Reason",
            study.reasons().map(concept).collect::<Vec<_>>().join(", "),
        ),
        (
            "Referrer",
            study.referrer().map(reference).unwrap_or_default(),
        ),
        ("Stored as", stored.to_string()),
    ];
    document(
        200,
        &title,
        html! {
                    h1 { (title) }
                    dl { @for (name, value) in &facts { @if !value.is_empty() { dt { (name) } dd { (value) } } } }
                    @if let Some(viewer) = &viewer { p { a href=(viewer) rel="noreferrer" { "Open in the viewer" } } }
                    h2 { "Series" }
                    div class="table" { table {
                        thead { tr { @for name in ["Number", "Modality", "Description", "Body site", "Images", "UID"] { th scope="col" { (name) } } } }
                        tbody { @for (index, series) in study.series().enumerate() { tr {
                            td class="number" { (series.number().map(|number| number.to_string()).unwrap_or_default()) }
                            td { (series.modality().map(concept).unwrap_or_default()) }
                            td { (series.description().unwrap_or_default()) }
                            td { (series.body_sites().map(concept).collect::<Vec<_>>().join(", ")) }
                            td class="number" { (series.number_of_instances().map_or_else(|| series.instance_count().to_string(), |number| number.to_string())) }
                            td class="uid" { (series.uid().unwrap_or_default())
        @for (_, url) in rendered.iter().filter(|(of, _)| *of == index) { " " a href=(url) rel="noreferrer" { "Images" } } }
                        } } }
                    } }
                    @let identifiers: Vec<_> = study.identifiers().collect();
                    @if !identifiers.is_empty() {
                        h2 { "Identifiers" }
                        ul { @for identifier in &identifiers { li class="uid" {
                            (identifier.value.unwrap_or_default())
                            @if let Some(system) = identifier.system { " (" (system) ")" }
                        } } }
                    }
                    @let endpoints: Vec<_> = study.endpoints().chain(study.series().flat_map(|series| series.endpoints())).map(reference).collect();
                    @if !endpoints.is_empty() {
                        h2 { "Endpoints" }
                        ul { @for endpoint in &endpoints { li { (endpoint) } } }
                    }
                    h2 { "In each version" }
                    ul class="versions" { @for version in FhirVersion::ALL {
                        @let type_of = |format: &str| format!("{path}?_format=application%2Ffhir%2B{format}%3B%20fhirVersion%3D{}&_pretty=true", version.parameter());
                        li { (version) ": " a href=(type_of("json")) { "JSON" } " " a href=(type_of("xml")) { "XML" } }
                    } }
                    h2 { "Validation" }
                    ul { @for (severity, place, text) in &issues { li class=(severity) {
                        strong { (severity) } " " (text) @if !place.is_empty() { " (" code { (place) } ")" }
                    } } }
                },
    )
}

/// The token that a browser keeps, from its cookies.
pub(crate) fn token_of(request: &Request) -> Option<String> {
    let cookies = request.headers.text("Cookie").ok()??;
    let mut cookies = cookies.split([';', ',']);
    let token = cookies.find_map(|cookie| cookie.trim().strip_prefix("token="))?;
    Some(token.to_owned())
}
