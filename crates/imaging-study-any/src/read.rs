//! Reading and writing a study of any version.

#[cfg(any(feature = "json", feature = "xml"))]
use imaging_study_core::{Collected, Decoded, FhirVersion, ReadError, WriteError};
#[cfg(feature = "json")]
use imaging_study_json as json;
#[cfg(feature = "xml")]
use imaging_study_xml as xml;

#[cfg(any(feature = "json", feature = "xml"))]
use crate::{AnyImagingStudy, Undecided, with_study, with_types};
#[cfg(feature = "json")]
use crate::{
    Detection,
    detect::{Early, detect_early, is_r4b_profile},
    detect_json,
};

/// Why bytes are no study of any version.
#[cfg(any(feature = "json", feature = "xml"))]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadAnyError {
    /// They are no JSON or XML, or no study of the version that they are written in.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// They do not say which version they are written in.
    #[error(transparent)]
    Undecided(#[from] Undecided),
}

#[cfg(any(feature = "json", feature = "xml"))]
impl AnyImagingStudy {
    /// Reads a study in JSON or XML, of the version that its elements tell.
    ///
    /// ```
    /// use imaging_study_any::AnyImagingStudy;
    /// use imaging_study_core::FhirVersion;
    ///
    /// let study = AnyImagingStudy::read(
    ///     br#"{"resourceType": "ImagingStudy", "uid": "urn:oid:1.2.3", "context": {"display": "e"}}"#,
    /// )?;
    /// assert_eq!(study.version(), FhirVersion::Stu3);
    /// assert_eq!(study.study_uid().require()?, "1.2.3");
    ///
    /// let unclear = AnyImagingStudy::read(br#"{"resourceType": "ImagingStudy", "id": "x"}"#);
    /// assert!(unclear.unwrap_err().to_string().starts_with("the study fits"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The bytes are no study, its version is not clear, or it has elements that its version does
    /// not define. To say the version, or to keep such elements, read with
    /// [`from_json`](Self::from_json) or [`from_xml`](Self::from_xml).
    pub fn read(bytes: &[u8]) -> Result<Self, ReadAnyError> {
        #[cfg(feature = "xml")]
        if crate::is_xml(bytes) {
            let version = crate::detect_xml(bytes)?.version()?;
            let decoded = Self::from_xml(bytes, version, &mut xml::Decoder::default())?;
            return Ok(decoded.value);
        }
        #[cfg(feature = "json")]
        {
            let mut decoder = json::Decoder::default();
            match Self::detect_and_read_json(bytes, &mut decoder)? {
                Ok(decoded) => Ok(decoded.value),
                Err(found) => Ok(Self::from_json(bytes, found.version()?, &mut decoder)?.value),
            }
        }
        #[cfg(not(feature = "json"))]
        Err(Undecided::NotAStudy.into())
    }

    /// Reads a study in JSON of the version that its elements tell, if all of it can be read so, and
    /// gives what the decoder kept; else what was found out about its version. It comes to the same as
    /// [`detect_json`](crate::detect_json) and [`from_json`](Self::from_json), and is quicker: it looks
    /// for elements that tell the version only up to the first that decides.
    ///
    /// ```
    /// use imaging_study_any::AnyImagingStudy;
    /// use imaging_study_core::FhirVersion;
    /// use imaging_study_json::Decoder;
    ///
    /// let text = br#"{"resourceType": "ImagingStudy", "uid": "urn:oid:1.2.3", "context": {"display": "e"}}"#;
    /// let read = AnyImagingStudy::detect_and_read_json(text, &mut Decoder::default())?;
    /// assert_eq!(read.map(|read| read.value.version()), Ok(FhirVersion::Stu3));
    ///
    /// let text = br#"{"resourceType": "ImagingStudy", "id": "x"}"#;
    /// let read = AnyImagingStudy::detect_and_read_json(text, &mut Decoder::default())?;
    /// assert!(read.is_err_and(|detection| detection.version().is_err()));
    /// # Ok::<(), imaging_study_core::ReadError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The bytes are no JSON, or exceed the default limits.
    #[cfg(feature = "json")]
    pub fn detect_and_read_json(
        bytes: &[u8],
        decoder: &mut json::Decoder,
    ) -> Result<Result<Decoded<Self>, Detection>, ReadError> {
        let whole = |read: &Decoded<Self>| read.unknown.is_empty();
        let versions = match detect_early(bytes)? {
            Early::Left(versions) => versions,
            Early::Whole(detection) => {
                let version = detection.version();
                let read = version.map(|version| Self::from_json(bytes, version, decoder).ok());
                let read = read.ok().flatten().filter(whole);
                return Ok(read.ok_or(detection));
            }
        };
        let version = versions.first().copied().unwrap_or(FhirVersion::R4);
        let read = Self::from_json(bytes, version, decoder).ok().filter(whole);
        // What stands behind the element that decided may speak for R4B.
        let read = read.filter(|read| versions.len() == 1 || !read.value.names_r4b());
        match read {
            Some(read) => Ok(Ok(read)),
            None => detect_json(bytes).map(Err),
        }
    }

    /// Whether the study names the profile of R4B.
    #[cfg(feature = "json")]
    fn names_r4b(&self) -> bool {
        let profiles = self
            .element()
            .element("meta")
            .and_then(|meta| meta.field("profile"));
        let mut values = profiles.iter().flat_map(|field| field.values());
        values.any(|value| {
            value
                .scalar()
                .is_some_and(|url| is_r4b_profile(&url.text()))
        })
    }

    /// Reads a study of a version from FHIR JSON, and gives what the decoder kept.
    ///
    /// # Errors
    ///
    /// The bytes are no such study.
    #[cfg(feature = "json")]
    pub fn from_json(
        bytes: &[u8],
        version: FhirVersion,
        decoder: &mut json::Decoder,
    ) -> Result<Decoded<Self>, ReadError> {
        with_types!(version, types => {
            let Decoded { value, unknown } = decoder.decode_slice::<types::ImagingStudy>(bytes)?;
            let value = Self::from(value);
            Ok(Decoded { value, unknown })
        })
    }

    /// Reads a study of a version from FHIR XML, and gives what the decoder kept. Contained
    /// resources of types that the version does not define are kept, and always reported as unknown.
    ///
    /// # Errors
    ///
    /// The bytes are no such study.
    #[cfg(feature = "xml")]
    pub fn from_xml(
        bytes: &[u8],
        version: FhirVersion,
        decoder: &mut xml::Decoder,
    ) -> Result<Decoded<Self>, ReadError> {
        with_types!(version, types => {
            let Decoded { value, unknown } = decoder.decode_slice::<types::ImagingStudy>(bytes)?;
            let value = Self::from(value);
            Ok(Decoded { value, unknown })
        })
    }

    /// Reads a study of a version from FHIR JSON and goes on behind each error, see
    /// [`Decoder::collect_slice`](json::Decoder::collect_slice).
    #[cfg(feature = "json")]
    pub fn collect_json(
        bytes: &[u8],
        version: FhirVersion,
        decoder: &mut json::Decoder,
    ) -> Collected<Self> {
        with_types!(version, types => {
            let Collected { value, unknown, errors } =
                decoder.collect_slice::<types::ImagingStudy>(bytes);
            Collected { value: value.into(), unknown, errors }
        })
    }

    /// Reads a study of a version from FHIR XML and goes on behind each error, see
    /// [`Decoder::collect_slice`](xml::Decoder::collect_slice).
    #[cfg(feature = "xml")]
    pub fn collect_xml(
        bytes: &[u8],
        version: FhirVersion,
        decoder: &mut xml::Decoder,
    ) -> Collected<Self> {
        with_types!(version, types => {
            let Collected { value, unknown, errors } =
                decoder.collect_slice::<types::ImagingStudy>(bytes);
            Collected { value: value.into(), unknown, errors }
        })
    }

    /// Writes the study as FHIR JSON without white space.
    ///
    /// # Errors
    ///
    /// An element in it is empty, or XML that nobody could read is contained in it.
    #[cfg(feature = "json")]
    pub fn to_json(&self) -> Result<String, WriteError> {
        with_study!(self, study => json::to_string(&**study))
    }

    /// Writes the study as FHIR JSON with a line for each member.
    ///
    /// # Errors
    ///
    /// Those of [`AnyImagingStudy::to_json`].
    #[cfg(feature = "json")]
    pub fn to_json_pretty(&self) -> Result<String, WriteError> {
        with_study!(self, study => json::to_string_pretty(&**study))
    }

    /// Writes the study as FHIR XML.
    ///
    /// # Errors
    ///
    /// An element in it is empty, or XML cannot express it.
    #[cfg(feature = "xml")]
    pub fn to_xml(&self, encoder: xml::Encoder) -> Result<String, WriteError> {
        with_study!(self, study => encoder.encode(&**study))
    }
}
