//! The answer to a request.

use crate::{Interaction, LogData};

/// An answer of HTTP, for a server to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The status, e.g. 200.
    pub status: u16,
    /// The headers. `Content-Length` is left to who sends the answer.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What was asked for, if the request fits a route: what a log can name without naming a study.
    pub interaction: Option<Interaction>,
    /// The pattern of the route, e.g. `/fhir/ImagingStudy/{id}`.
    pub route: Option<String>,
    /// What the sender wants to find in the log.
    pub log_data: Option<LogData>,
}

impl Response {
    /// The value of a header, by its name without case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(&**value))
    }

    /// The body as text; empty where it is none.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_default()
    }
}
