//! What a sender prefers.

use crate::Headers;

/// The body of the answer to a write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Return {
    Minimal,
    #[default]
    Representation,
    OperationOutcome,
}

/// The preferences of a request (<https://www.rfc-editor.org/rfc/rfc7240>); what is not known is passed
/// over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefer {
    pub(crate) returns: Option<Return>,
    /// Whether a parameter that is not known is an error.
    pub(crate) strict: bool,
}

impl Prefer {
    pub(crate) fn of(headers: &Headers) -> Self {
        let mut prefer = Self::default();
        // A header that cannot be read asks for nothing.
        let text = headers.text("Prefer").ok().flatten().unwrap_or_default();
        for part in text.split([',', ';']) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim().trim_matches('"').to_ascii_lowercase();
            match (name.trim().to_ascii_lowercase().as_str(), value.as_str()) {
                ("return", "minimal") => prefer.returns = Some(Return::Minimal),
                ("return", "representation") => prefer.returns = Some(Return::Representation),
                ("return", "operationoutcome") => prefer.returns = Some(Return::OperationOutcome),
                ("handling", "strict") => prefer.strict = true,
                ("handling", "lenient") => prefer.strict = false,
                _ => {}
            }
        }
        prefer
    }

    /// What was done of it.
    pub(crate) fn applied(self) -> Option<String> {
        let returns = match self.returns? {
            Return::Minimal => "minimal",
            Return::Representation => "representation",
            Return::OperationOutcome => "OperationOutcome",
        };
        Some(format!("return={returns}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_header_or_several() {
        let mut headers = Headers::default();
        headers.push("prefer", "respond-async; return=minimal");
        headers.push("Prefer", "Handling = \"strict\", colour=red");
        let prefer = Prefer::of(&headers);
        assert_eq!(prefer.returns, Some(Return::Minimal));
        assert!(prefer.strict);
        assert_eq!(prefer.applied().as_deref(), Some("return=minimal"));
    }
}
