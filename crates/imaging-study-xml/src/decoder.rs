//! Reading a resource from text, bytes or a stream.

use std::io::Read;

use imaging_study_core::{
    Collected, Decoded, Definitions, Element, Limits, Memory, ReadError, ReadErrorKind, Resource,
    UnknownElements, separate,
};

use crate::encoding::Input;
use crate::reader::XmlReader;

/// Reads resources with options. One decoder may read any number of them; texts that repeat from
/// one to the next share their memory.
///
/// ```
/// use imaging_study_r4::ImagingStudy;
/// use imaging_study_xml::{Decoder, UnknownElements, Unread};
///
/// let mut decoder = Decoder::default();
/// decoder.unknown = UnknownElements::Keep;
/// let decoded = decoder.decode_str::<ImagingStudy>(
///     r#"<ImagingStudy xmlns="http://hl7.org/fhir">
///          <series><uid value="1.2"/><colour value="red"/></series>
///        </ImagingStudy>"#,
/// )?;
/// let unknown = &decoded.unknown[0];
/// assert_eq!(unknown.path.to_string(), "ImagingStudy.series[0].colour");
/// assert_eq!(unknown.value, Unread::Xml(r#"<colour value="red"/>"#.to_owned()));
/// # Ok::<(), imaging_study_xml::ReadError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    /// How deeply elements may nest, how large a resource may be, and how many attributes and
    /// namespaces its tags may have. Narrative may nest as deeply as it likes.
    pub limits: Limits,
    /// What happens to elements and attributes that the version does not define. A resource
    /// in `contained` of a type that is not defined is always kept, and reported as unknown.
    pub unknown: UnknownElements,
    memory: Memory,
}

impl Decoder {
    /// Reads an element and reports what is unknown in it.
    ///
    /// # Errors
    ///
    /// The text is no such element in FHIR XML, or exceeds a limit.
    pub fn decode_str<T: Element>(&mut self, text: &str) -> Result<Decoded<T>, ReadError> {
        check_size(text.len(), self.limits)?;
        self.decode(&Input::of_text(text))
    }

    /// Reads an element from bytes and reports what is unknown in it. The offset of an error in
    /// UTF-16 is that in the same text as UTF-8.
    ///
    /// # Errors
    ///
    /// The bytes are neither UTF-8 nor UTF-16 with a byte order mark, no such element in FHIR XML,
    /// or exceed a limit.
    pub fn decode_slice<T: Element>(&mut self, bytes: &[u8]) -> Result<Decoded<T>, ReadError> {
        check_size(bytes.len(), self.limits)?;
        self.decode(&Input::of_bytes(bytes)?)
    }

    /// Reads a resource of any type by the definitions of its version.
    ///
    /// # Errors
    ///
    /// The bytes are no resource of the version in FHIR XML, or exceed a limit.
    pub fn decode_resource(
        &mut self,
        bytes: &[u8],
        definitions: &'static Definitions,
    ) -> Result<Decoded<Resource>, ReadError> {
        check_size(bytes.len(), self.limits)?;
        let input = Input::of_bytes(bytes)?;
        let mut reader = self.reader(&input, Some(definitions));
        let value = reader
            .root_resource(definitions)
            .map_err(|error| input.locate(error))?;
        let (unknown, _) = separate(reader.findings);
        Ok(Decoded { value, unknown })
    }

    /// Reads an element and goes on behind each error: all of them are found, and what is right
    /// beside them. An error in the grammar of XML or a limit ends it; what stood before is read.
    ///
    /// ```
    /// use imaging_study_r4::ImagingStudy;
    /// use imaging_study_xml::Decoder;
    ///
    /// let text = r#"<ImagingStudy xmlns="http://hl7.org/fhir"><started value="soon"/>
    ///     <series><uid value="1.2"/><colour value="red"/></series></ImagingStudy>"#;
    /// let collected = Decoder::default().collect_slice::<ImagingStudy>(text.as_bytes());
    /// let places: Vec<_> = collected.errors.iter().map(|error| error.path().to_string()).collect();
    /// assert_eq!(places, ["ImagingStudy.started", "ImagingStudy.series[0].colour"]);
    /// assert_eq!(collected.errors[1].position().line, 2);
    /// assert_eq!(collected.value.series[0].uid.as_ref().map(|uid| uid.as_str()), Some("1.2"));
    /// ```
    pub fn collect_slice<T: Element>(&mut self, bytes: &[u8]) -> Collected<T> {
        let input = check_size(bytes.len(), self.limits).and_then(|()| Input::of_bytes(bytes));
        let mut collected = Collected {
            value: T::default(),
            unknown: Vec::new(),
            errors: Vec::new(),
        };
        match input {
            Ok(input) => {
                let mut reader = self.reader(&input, T::definitions());
                reader.collect = true;
                let end = reader.document(&mut collected.value);
                (collected.unknown, collected.errors) = separate(reader.findings);
                collected.errors.extend(end.err());
                input.locate_all(&mut collected.errors);
            }
            Err(error) => collected.errors.push(error),
        }
        collected
    }

    fn decode<T: Element>(&mut self, input: &Input<'_>) -> Result<Decoded<T>, ReadError> {
        let mut reader = self.reader(input, T::definitions());
        let mut value = T::default();
        reader
            .document(&mut value)
            .map_err(|error| input.locate(error))?;
        let (unknown, _) = separate(reader.findings);
        Ok(Decoded { value, unknown })
    }

    fn reader<'a>(
        &'a mut self,
        input: &'a Input<'_>,
        definitions: Option<&'static Definitions>,
    ) -> XmlReader<'a> {
        let keep = self.unknown == UnknownElements::Keep;
        XmlReader::new(
            &input.text,
            input.encoding,
            self.limits,
            keep,
            &mut self.memory,
            definitions,
        )
    }
}

/// Checks the size of an input against the limit.
pub(crate) fn check_size(size: usize, limits: Limits) -> Result<(), ReadError> {
    let limit = limits.bytes;
    if size > limit {
        return Err(ReadError::new(ReadErrorKind::TooLarge { limit }, limit).locate(&[], 1));
    }
    Ok(())
}

/// Reads an element from text with the default options: unknown elements are refused.
///
/// # Errors
///
/// The text is no such element in FHIR XML, or exceeds a limit.
pub fn from_str<T: Element>(text: &str) -> Result<T, ReadError> {
    Decoder::default()
        .decode_str(text)
        .map(|decoded| decoded.value)
}

/// Reads an element from bytes, UTF-8 or UTF-16 with a byte order mark, with the default options:
/// unknown elements are refused.
///
/// # Errors
///
/// The bytes are no such element in FHIR XML, or exceed a limit.
pub fn from_slice<T: Element>(bytes: &[u8]) -> Result<T, ReadError> {
    Decoder::default()
        .decode_slice(bytes)
        .map(|decoded| decoded.value)
}

/// Reads an element from a stream, to its end, with the default options.
///
/// # Errors
///
/// The stream fails, or what it holds is no such element in FHIR XML, or exceeds a limit.
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
