//! What the sender of a request wants to find in the log.

use imaging_study_json::Decoder;

use crate::Headers;

/// The contextual data of the headers `log-cdata` and `log-cdata-format`, which one of the layouts has.
/// A fault in it never fails a request; it comes from outside and belongs into a log only escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogData {
    /// The value as it was sent.
    pub raw: Vec<u8>,
    /// Names and values in it; none where it could not be understood.
    pub pairs: Vec<(String, String)>,
}

impl LogData {
    pub(crate) fn of(headers: &Headers) -> Option<Self> {
        let raw = headers.all("log-cdata").next()?.to_vec();
        let format = headers.text("log-cdata-format").ok().flatten();
        let pairs = match format.as_deref().map(str::trim) {
            None => key_values(&raw),
            Some(format) if format.eq_ignore_ascii_case("kv") => key_values(&raw),
            Some(format) if format.eq_ignore_ascii_case("json") => members(&raw),
            Some(_) => None,
        };
        Some(Self {
            raw,
            pairs: pairs.unwrap_or_default(),
        })
    }
}

/// `key=value` pairs between commas, semicolons or blanks.
fn key_values(raw: &[u8]) -> Option<Vec<(String, String)>> {
    let text = std::str::from_utf8(raw).ok()?;
    let parts = text.split([',', ';', ' ', '\t']);
    let parts = parts.filter(|part| !part.is_empty());
    let pairs = parts.map(|part| {
        let (name, value) = part.split_once('=')?;
        (!name.is_empty()).then(|| (name.to_owned(), value.to_owned()))
    });
    pairs.collect()
}

/// One object of texts.
fn members(raw: &[u8]) -> Option<Vec<(String, String)>> {
    let json = Decoder::default().decode_json(raw).ok()?;
    let members = json.as_object()?.iter();
    let pairs = members.map(|(name, value)| Some((name.to_string(), value.as_str()?.to_owned())));
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_and_neither() {
        let of = |data: &str, format: Option<&str>| {
            let mut headers = Headers::default();
            headers.push("Log-CData", data);
            if let Some(format) = format {
                headers.push("log-cdata-format", format);
            }
            LogData::of(&headers).map(|data| data.pairs.len())
        };
        assert_eq!(LogData::of(&Headers::default()), None);
        assert_eq!(of("a=1, b=2;c=", None), Some(3));
        assert_eq!(of("a=1 b", Some("kv")), Some(0));
        assert_eq!(of(r#"{"a": "1", "b": "2"}"#, Some("json")), Some(2));
        assert_eq!(of(r#"{"a": 1}"#, Some("json")), Some(0));
        assert_eq!(of("a=1", Some("xml")), Some(0));
    }
}
