//! The service over HTTP.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response as HttpResponse;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use imaging_study_rest::{Request, Response, Service};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::links::Links;
use crate::pages::{page, token_of};
use crate::store::SqliteStore;

/// How much a server takes.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Connections at once; further ones wait.
    pub connections: usize,
    /// The time for the head of a request, and for a connection to be idle.
    pub head_time: Duration,
    /// The time for the body of a request.
    pub body_time: Duration,
    /// The number of headers.
    pub headers: usize,
    /// The size of the head, in bytes.
    pub head_bytes: usize,
    /// The time that requests have to end when the server stops.
    pub stop_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            head_time: Duration::from_secs(30),
            body_time: Duration::from_secs(30),
            headers: 100,
            head_bytes: 64 << 10,
            stop_time: Duration::from_secs(10),
        }
    }
}

/// What answers requests.
#[derive(Debug)]
pub struct Server {
    /// The service.
    pub service: Service<SqliteStore>,
    /// The names by which the server may be called in `Host`, besides those of this machine itself.
    pub hosts: Vec<String>,
    /// How much it takes.
    pub limits: Limits,
    /// Where images of studies can be seen.
    pub links: Links,
    /// Whether `log-cdata` is written into the log.
    pub log_cdata: bool,
}

impl Server {
    /// Serves until `stop` is done, and then ends the requests that are under way.
    ///
    /// # Errors
    ///
    /// The address cannot be listened on any more, or the store cannot be closed.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
    ) -> std::io::Result<()> {
        let server = Arc::new(self);
        let limits = server.limits;
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&server));
        let places = Arc::new(Semaphore::new(limits.connections));
        let graceful = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let place = tokio::select! {
                place = Arc::clone(&places).acquire_owned() => place.map_err(std::io::Error::other)?,
                () = &mut stop => break,
            };
            let stream = tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    // Too many files are open, or the connection is gone already: others may come.
                    Err(error) => {
                        tracing::warn!(%error, "accept");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
                () = &mut stop => break,
            };
            let _ = stream.set_nodelay(true);
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new())
                .header_read_timeout(limits.head_time)
                .max_headers(limits.headers)
                .max_buf_size(limits.head_bytes);
            let service = TowerToHyperService::new(router.clone());
            let connection = http.serve_connection(TokioIo::new(stream), service);
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                // What ends a connection is the sender's own matter.
                let _ = connection.await;
                drop(place);
            });
        }
        drop(listener);
        if tokio::time::timeout(limits.stop_time, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("requests were still under way at the end");
        }
        server
            .service
            .store()
            .close()
            .map_err(std::io::Error::other)
    }

    /// Whether a request names this server.
    fn is_called(&self, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        let Ok(host) = host.to_str() else {
            return false;
        };
        let name = host_name(host);
        let of_machine = name.eq_ignore_ascii_case("localhost")
            || name
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        let mut hosts = self.hosts.iter();
        of_machine || hosts.any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// The name in `name:port`, and the address in `[address]:port`.
#[must_use]
pub fn host_name(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    }
}

/// Answers a request that came over the network.
async fn answer(State(server): State<Arc<Server>>, request: HttpRequest) -> HttpResponse {
    let started = Instant::now();
    let method = request.method().clone();
    let response = respond(&server, request).await;
    let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
    // The pattern of the route says what was asked for, and nothing of whom.
    let route = response.route.as_deref().unwrap_or("-");
    let status = response.status;
    match response.log_data.as_ref().filter(|_| server.log_cdata) {
        Some(data) => {
            tracing::info!(%method, route, status, milliseconds, cdata = ?data.pairs, "answered");
        }
        None => tracing::info!(%method, route, status, milliseconds, "answered"),
    }
    over_http(response)
}

async fn respond(server: &Arc<Server>, request: HttpRequest) -> Response {
    let (head, body) = request.into_parts();
    if !server.is_called(&head.headers) {
        return plain(421);
    }
    let limit = server.service.settings.body_bytes;
    // What is said to be too large is not waited for.
    let length = head.headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return plain(413);
    }
    let body = Limited::new(body, limit).collect();
    let body = match tokio::time::timeout(server.limits.body_time, body).await {
        Err(_) => return plain(408),
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return plain(413),
        Ok(Err(_)) => return plain(400),
    };
    let mut request = Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        body: Vec::from(body),
        ..Request::default()
    };
    for (name, value) in &head.headers {
        request.headers.push(name.as_str(), value.as_bytes());
    }
    let server = Arc::clone(server);
    let answered = tokio::task::spawn_blocking(move || {
        let token = token_of(&request);
        let page = page(&server.service, &server.links, &request, token.as_deref());
        page.unwrap_or_else(|| server.service.answer(&request))
    })
    .await;
    // Whatever panicked has said so on the standard error.
    answered.unwrap_or_else(|_| plain(500))
}

/// An answer of the server itself.
fn plain(status: u16) -> Response {
    let (code, text) = match status {
        400 => ("invalid", "the body ends too early"),
        408 => ("timeout", "the body takes too long"),
        413 => ("too-long", "the body is too large"),
        421 => ("invalid", "the server has another name"),
        _ => ("exception", "the server fails"),
    };
    let body = format!(
        r#"{{"resourceType":"OperationOutcome","issue":[{{"severity":"error","code":"{code}","diagnostics":"{text}"}}]}}"#
    );
    let mut response = Response::default();
    response.status = status;
    response.body = body.into_bytes();
    response.headers = vec![("Content-Type", "application/fhir+json".to_owned())];
    if matches!(status, 400 | 408 | 413) {
        response.headers.push(("Connection", "close".to_owned()));
    }
    response
}

fn over_http(response: Response) -> HttpResponse {
    let mut answer = HttpResponse::new(Body::from(response.body));
    let status = StatusCode::from_u16(response.status);
    *answer.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = answer.headers_mut();
    for (name, value) in response.headers {
        // A value that HTTP has no place for, such as a line end, is left out.
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(&value),
        ) {
            headers.append(name, value);
        }
    }
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// Whether an address is one that only this machine reaches.
#[must_use]
pub fn is_of_machine(address: SocketAddr) -> bool {
    address.ip().is_loopback()
}
