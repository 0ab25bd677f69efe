//! A request as the server got it.

use crate::Headers;

/// A request of HTTP, without the network that it came by.
///
/// ```
/// use imaging_study_rest::Request;
///
/// let request = Request::get("/fhir/ImagingStudy?modality=CT")
///     .header("Accept", "application/fhir+json; fhirVersion=5.0");
/// assert_eq!(request.path, "/fhir/ImagingStudy");
/// assert_eq!(request.query.as_deref(), Some("modality=CT"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, e.g. `GET`. Methods are compared with case.
    pub method: String,
    /// The path, as it was sent: percent-encoded, with its leading slash.
    pub path: String,
    /// What stands behind `?`, as it was sent.
    pub query: Option<String>,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (target, None),
        };
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query,
            ..Self::default()
        }
    }

    /// A request that reads.
    #[must_use]
    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// The same request with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push(name, value);
        self
    }

    /// The same request with a body and its media type.
    #[must_use]
    pub fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.headers.push("Content-Type", media_type);
        self.body = body.into();
        self
    }
}
