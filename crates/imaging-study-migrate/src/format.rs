//! JSON, NDJSON or XML.

use imaging_study::json::{JsonKind, ReadErrorKind, scan};
use imaging_study::{Limits, is_xml, xml};

/// How resources stand in an input or output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One document, in lines of its own.
    Json,
    /// One resource a line.
    Ndjson,
    /// One document in XML.
    Xml,
}

impl Format {
    /// The notation of the documents.
    pub const fn syntax(self) -> Syntax {
        match self {
            Self::Json | Self::Ndjson => Syntax::Json,
            Self::Xml => Syntax::Xml,
        }
    }

    /// Whether an input or output holds no more than one document.
    pub const fn is_one_document(self) -> bool {
        match self {
            Self::Json | Self::Xml => true,
            Self::Ndjson => false,
        }
    }
}

/// How XML is written.
pub const XML: xml::Encoder = xml::Encoder {
    pretty: true,
    declaration: true,
};

/// The notation of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    Json,
    Xml,
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The bytes without a byte order mark before them.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// Tells the format of an input from its beginning; `whole` if that is all of it.
///
/// A document that stands in one line is NDJSON of one line. A document over several lines has a
/// first line that is no document, but only because it breaks off; and none of its lines is a
/// resource. An input that begins like XML is one XML document.
pub fn recognise(start: &[u8], whole: bool) -> Format {
    if is_xml(start) {
        return Format::Xml;
    }
    let start = without_mark(start);
    let mut lines = start
        .split_inclusive(|&byte| byte == b'\n')
        .filter(|line| !is_blank(line));
    let Some(first) = lines.next() else {
        return Format::Ndjson;
    };
    let broken_off = first.ends_with(b"\n") && breaks_off(first);
    if !broken_off {
        return Format::Ndjson;
    }
    if whole && scan(start, Limits::default(), |_| ()).is_ok() {
        return Format::Json;
    }
    if lines.any(is_resource) {
        Format::Ndjson
    } else {
        Format::Json
    }
}

/// Whether there is nothing but white space.
pub fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// Whether a line is the beginning of a document; strings do not go over the end of a line.
fn breaks_off(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let Err(error) = scan(line, Limits::default(), |_| ()) else {
        return false;
    };
    let in_string = matches!(
        error.kind(),
        ReadErrorKind::Syntax {
            expected: "the end of a string",
            ..
        }
    );
    let opens = line.starts_with(b"{") || line.starts_with(b"[");
    opens && error.position().offset == line.len() && !in_string
}

/// Whether a line is an object with a `resourceType`.
fn is_resource(line: &[u8]) -> bool {
    let mut typed = false;
    let read = scan(line.trim_ascii(), Limits::default(), |member| {
        typed |= member.parents.is_empty()
            && member.name == "resourceType"
            && member.kind == JsonKind::String;
    });
    read.is_ok() && typed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_the_format() {
        let cases = [
            ("", Format::Ndjson),
            ("\n \r\n", Format::Ndjson),
            (r#"{"resourceType":"Patient"}"#, Format::Ndjson),
            ("{\"resourceType\":\"Patient\"}\n\n", Format::Ndjson),
            (
                "{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Patient\"}",
                Format::Ndjson,
            ),
            ("{\n  \"resourceType\": \"Patient\"\n}\n", Format::Json),
            (
                "\u{FEFF}{\r\n  \"resourceType\": \"Patient\"\r\n}\r\n",
                Format::Json,
            ),
            ("{\"a\":[\n{\"resourceType\":\"Patient\"}\n]}", Format::Json),
            ("{\n  \"resourceType\": \"Patient\",\n", Format::Json),
            ("not json\n{\"resourceType\":\"Patient\"}\n", Format::Ndjson),
            (
                "{\"a\":[\n{\"resourceType\":\"Patient\"}\n{}",
                Format::Ndjson,
            ),
            ("{\"resourceType\":\"Pat\n{\"id\":\"x\"}\n", Format::Ndjson),
            ("{]\n{]\n", Format::Ndjson),
            ("<ImagingStudy/>", Format::Xml),
            ("\u{FEFF}\r\n\n <ImagingStudy/>", Format::Xml),
            ("\n{}<", Format::Ndjson),
        ];
        for (text, format) in cases {
            assert_eq!(recognise(text.as_bytes(), true), format, "{text}");
        }
        assert_eq!(recognise(b"{\"a\": ", false), Format::Ndjson);
        assert_eq!(recognise(b"{\n\"a\": ", false), Format::Json);
    }
}
