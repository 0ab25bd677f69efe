//! Reading a resource from text, bytes or a stream.

use std::io::Read;

use imaging_study_core::{
    Collected, Decoded, Element, Finding, Json, Limits, Memory, ReadError, ReadErrorKind,
    UnknownElements, separate,
};

use crate::parser::Parser;

/// Reads resources with options. One decoder may read any number of them; texts that repeat from
/// one to the next share their memory.
///
/// ```
/// use imaging_study_json::{Decoder, UnknownElements};
/// use imaging_study_r4::ImagingStudy;
///
/// let mut decoder = Decoder::default();
/// decoder.unknown = UnknownElements::Keep;
/// let decoded = decoder.decode_str::<ImagingStudy>(
///     r#"{"resourceType": "ImagingStudy", "series": [{"uid": "1.2", "colour": "red"}]}"#,
/// )?;
/// assert_eq!(decoded.unknown[0].path.to_string(), "ImagingStudy.series[0].colour");
/// # Ok::<(), imaging_study_json::ReadError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    /// How deeply elements may nest and how large a resource may be.
    pub limits: Limits,
    /// What happens to elements that the version does not define.
    pub unknown: UnknownElements,
    memory: Memory,
}

impl Decoder {
    /// Reads an element and reports what is unknown in it.
    ///
    /// # Errors
    ///
    /// The text is no such element in FHIR JSON, or exceeds a limit.
    pub fn decode_str<T: Element>(&mut self, text: &str) -> Result<Decoded<T>, ReadError> {
        self.decode(text, 1)
    }

    /// Reads an element from bytes and reports what is unknown in it.
    ///
    /// # Errors
    ///
    /// The bytes are no UTF-8, no such element in FHIR JSON, or exceed a limit.
    pub fn decode_slice<T: Element>(&mut self, bytes: &[u8]) -> Result<Decoded<T>, ReadError> {
        check_size(bytes.len(), self.limits, 1)?;
        self.decode(utf8(bytes, 1)?, 1)
    }

    /// Reads an element from bytes that begin on line `first_line` of a larger input.
    pub(crate) fn decode_line<T: Element>(
        &mut self,
        bytes: &[u8],
        first_line: u64,
    ) -> Result<Decoded<T>, ReadError> {
        self.decode(utf8(bytes, first_line)?, first_line)
    }

    /// Reads any JSON value as a tree that keeps digits and the order of members.
    ///
    /// # Errors
    ///
    /// The bytes are no UTF-8, no JSON, or exceed a limit.
    pub fn decode_json(&mut self, bytes: &[u8]) -> Result<Json, ReadError> {
        self.decode_json_line(bytes, 1)
    }

    /// Reads any JSON value that begins on line `first_line` of a larger input.
    pub(crate) fn decode_json_line(
        &mut self,
        bytes: &[u8],
        first_line: u64,
    ) -> Result<Json, ReadError> {
        check_size(bytes.len(), self.limits, first_line)?;
        let text = utf8(bytes, first_line)?;
        let mut parser = Parser::new(text, self.limits, false, &mut self.memory);
        parser.skip_white_space();
        parser
            .json()
            .and_then(|value| parser.end().map(|()| value))
            .map_err(|error| error.locate(bytes, first_line))
    }

    /// Reads an element and goes on behind each error: all of them are found, and what is right
    /// beside them. An error in the grammar of JSON or a limit ends it; what stood before is read.
    ///
    /// ```
    /// use imaging_study_json::Decoder;
    /// use imaging_study_r4::ImagingStudy;
    ///
    /// let text = r#"{"resourceType": "ImagingStudy", "status": 1, "started": "soon",
    ///     "series": [{"uid": "1.2", "colour": "red"}]}"#;
    /// let collected = Decoder::default().collect_slice::<ImagingStudy>(text.as_bytes());
    /// let places: Vec<_> = collected.errors.iter().map(|error| error.path().to_string()).collect();
    /// assert_eq!(
    ///     places,
    ///     ["ImagingStudy.status", "ImagingStudy.started", "ImagingStudy.series[0].colour"]
    /// );
    /// assert_eq!(collected.errors[2].position().line, 2);
    /// assert_eq!(collected.value.series[0].uid.as_ref().map(|uid| uid.as_str()), Some("1.2"));
    /// ```
    pub fn collect_slice<T: Element>(&mut self, bytes: &[u8]) -> Collected<T> {
        let text = check_size(bytes.len(), self.limits, 1).and_then(|()| utf8(bytes, 1));
        let text = match text {
            Ok(text) => text,
            Err(error) => {
                return Collected {
                    value: T::default(),
                    unknown: Vec::new(),
                    errors: vec![error],
                };
            }
        };
        let (value, findings, end) = self.read(text, true);
        let (unknown, mut errors) = separate(findings);
        errors.extend(end.err());
        ReadError::locate_all(&mut errors, bytes, 1);
        Collected {
            value,
            unknown,
            errors,
        }
    }

    fn decode<T: Element>(&mut self, text: &str, first_line: u64) -> Result<Decoded<T>, ReadError> {
        check_size(text.len(), self.limits, first_line)?;
        let (value, findings, end) = self.read(text, false);
        end.map_err(|error| error.locate(text.as_bytes(), first_line))?;
        let (unknown, _) = separate(findings);
        Ok(Decoded { value, unknown })
    }

    /// Reads an element: what could be read, what was found, and whether that is all of the text.
    fn read<T: Element>(
        &mut self,
        text: &str,
        collect: bool,
    ) -> (T, Vec<Finding>, Result<(), ReadError>) {
        let keep = self.unknown == UnknownElements::Keep;
        let mut parser = Parser::new(text, self.limits, keep, &mut self.memory);
        parser.collect = collect;
        let mut value = T::default();
        parser.skip_white_space();
        let end = parser
            .object(&mut value)
            .map_err(|error| error.within(T::info().name))
            .and_then(|()| parser.end());
        let mut findings = parser.findings;
        for finding in &mut findings {
            finding.path_mut().prepend_name(T::info().name);
        }
        (value, findings, end)
    }
}

/// The text of an input.
pub(crate) fn utf8(bytes: &[u8], first_line: u64) -> Result<&str, ReadError> {
    simdutf8::basic::from_utf8(bytes).map_err(|_| {
        let valid = str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        ReadError::new(ReadErrorKind::InvalidUtf8, valid).locate(bytes, first_line)
    })
}

/// Checks the size of an input against the limit.
pub(crate) fn check_size(size: usize, limits: Limits, first_line: u64) -> Result<(), ReadError> {
    let limit = limits.bytes;
    if size > limit {
        return Err(
            ReadError::new(ReadErrorKind::TooLarge { limit }, limit).locate(&[], first_line)
        );
    }
    Ok(())
}

/// Reads an element from text with the default options: unknown elements are refused.
///
/// # Errors
///
/// The text is no such element in FHIR JSON, or exceeds a limit.
pub fn from_str<T: Element>(text: &str) -> Result<T, ReadError> {
    Decoder::default()
        .decode_str(text)
        .map(|decoded| decoded.value)
}

/// Reads an element from UTF-8 bytes with the default options: unknown elements are refused.
///
/// # Errors
///
/// The bytes are no UTF-8, no such element in FHIR JSON, or exceed a limit.
pub fn from_slice<T: Element>(bytes: &[u8]) -> Result<T, ReadError> {
    Decoder::default()
        .decode_slice(bytes)
        .map(|decoded| decoded.value)
}

/// Reads an element from a stream, to its end, with the default options.
///
/// # Errors
///
/// The stream fails, or what it holds is no such element in FHIR JSON, or exceeds a limit.
pub fn from_reader<T: Element>(reader: impl Read) -> Result<T, ReadError> {
    let mut decoder = Decoder::default();
    let mut bytes = Vec::new();
    // One byte more than the limit tells a resource of that size from a larger one.
    let most = (decoder.limits.bytes as u64).saturating_add(1);
    reader
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| ReadError::new(error.into(), bytes.len()).locate(&[], 1))?;
    decoder.decode_slice(&bytes).map(|decoded| decoded.value)
}
