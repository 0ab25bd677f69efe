//! The media types of FHIR.

use std::fmt;
use std::str::FromStr;

use crate::{FhirVersion, UnknownVersion};

/// The media type of a FHIR document, with the version that its `fhirVersion` parameter names
/// (<https://hl7.org/fhir/R5/versions.html#mt-version>).
///
/// ```
/// use imaging_study_core::{FhirVersion, MediaFormat, MediaType};
///
/// let media_type: MediaType = "application/fhir+json; fhirVersion=5.0".parse()?;
/// assert_eq!(media_type.format, MediaFormat::Json);
/// assert_eq!(media_type.version, Some(FhirVersion::R5));
///
/// let dstu2: MediaType = "application/xml+fhir;charset=UTF-8".parse()?;
/// assert_eq!(dstu2.version, Some(FhirVersion::Dstu2));
/// assert_eq!(dstu2.to_string(), "application/xml+fhir");
/// # Ok::<(), imaging_study_core::MediaTypeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MediaType {
    /// The format of the document.
    pub format: MediaFormat,
    /// The version, if the media type tells it.
    pub version: Option<FhirVersion>,
}

/// The format that a media type names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaFormat {
    /// FHIR JSON: `application/fhir+json`, in DSTU2 `application/json+fhir`.
    Json,
    /// FHIR XML: `application/fhir+xml`, in DSTU2 `application/xml+fhir`.
    Xml,
    /// A resource a line: `application/fhir+ndjson`, as Bulk Data exports name it.
    Ndjson,
}

/// A text is no media type of FHIR.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MediaTypeError {
    /// It has not the form `type/subtype; name=value`.
    #[error("no media type")]
    Malformed,
    /// It names another format.
    #[error("no media type of FHIR")]
    NotFhir,
    /// Its `fhirVersion` parameter stands there twice, with different versions.
    #[error("the media type names two FHIR versions")]
    TwoVersions,
    /// Its `fhirVersion` parameter names none of the known versions.
    #[error(transparent)]
    UnknownVersion(#[from] UnknownVersion),
}

impl MediaType {
    /// The version that one parameter, `name=value`, names; `None` for other parameters.
    pub(crate) fn version_of(parameter: &str) -> Result<Option<FhirVersion>, MediaTypeError> {
        let (name, value) = parameter.split_once('=').ok_or(MediaTypeError::Malformed)?;
        if !name.trim().eq_ignore_ascii_case("fhirVersion") {
            return Ok(None);
        }
        let value = value.trim();
        let unquoted = value.strip_prefix('"');
        let value = match unquoted {
            Some(rest) => rest.strip_suffix('"').ok_or(MediaTypeError::Malformed)?,
            None => value,
        };
        // Only numbers: `fhirVersion=R4` is nobody's spelling.
        if value.starts_with(|first: char| first.is_ascii_digit()) {
            Ok(Some(FhirVersion::by_name(value)?))
        } else {
            Err(UnknownVersion.into())
        }
    }
}

impl FromStr for MediaType {
    type Err = MediaTypeError;

    /// Reads a media type as it stands in a `Content-Type`. Names are compared without case, other
    /// parameters are passed over, and the media types without `fhir` that servers accept for it
    /// (`application/json`, `text/xml`, `application/ndjson`, …) name a format and no version.
    fn from_str(text: &str) -> Result<Self, MediaTypeError> {
        let mut parts = text.split(';');
        let essence = parts.next().unwrap_or_default().trim();
        let (main, sub) = essence.split_once('/').ok_or(MediaTypeError::Malformed)?;
        let main = main.to_ascii_lowercase();
        let sub = sub.to_ascii_lowercase();
        let (format, old) = match (main.as_str(), sub.as_str()) {
            ("application", "fhir+json" | "json") | ("text", "json") => (MediaFormat::Json, false),
            ("application", "json+fhir") => (MediaFormat::Json, true),
            ("application", "fhir+xml" | "xml") | ("text", "xml") => (MediaFormat::Xml, false),
            ("application", "xml+fhir") => (MediaFormat::Xml, true),
            ("application", "fhir+ndjson" | "ndjson" | "x-ndjson") => (MediaFormat::Ndjson, false),
            _ => return Err(MediaTypeError::NotFhir),
        };
        let mut version = None;
        for parameter in parts {
            if parameter.trim().is_empty() {
                continue;
            }
            match (version, Self::version_of(parameter)?) {
                (Some(first), Some(second)) if first != second => {
                    return Err(MediaTypeError::TwoVersions);
                }
                (_, None) => {}
                (_, named) => version = named,
            }
        }
        Ok(Self {
            format,
            version: version.or(old.then_some(FhirVersion::Dstu2)),
        })
    }
}

impl fmt::Display for MediaType {
    /// Writes the media type that the version defines.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dstu2 = self.version == Some(FhirVersion::Dstu2);
        formatter.write_str(match self.format {
            MediaFormat::Json if dstu2 => return formatter.write_str("application/json+fhir"),
            MediaFormat::Xml if dstu2 => return formatter.write_str("application/xml+fhir"),
            MediaFormat::Json => "application/fhir+json",
            MediaFormat::Xml => "application/fhir+xml",
            MediaFormat::Ndjson => "application/fhir+ndjson",
        })?;
        match self.version {
            Some(version) => write!(formatter, "; fhirVersion={}", version.parameter()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for version in FhirVersion::ALL.map(Some).into_iter().chain([None]) {
            for format in [MediaFormat::Json, MediaFormat::Xml, MediaFormat::Ndjson] {
                let media_type = MediaType { format, version };
                assert_eq!(media_type.to_string().parse(), Ok(media_type));
            }
        }
    }

    #[test]
    fn spellings_of_servers() {
        for (text, version) in [
            (
                "application/fhir+json;fhirVersion=4.0",
                Some(FhirVersion::R4),
            ),
            (
                "Application/FHIR+JSON; FHIRVERSION=\"4.3\"",
                Some(FhirVersion::R4B),
            ),
            (
                "application/fhir+json; charset=utf-8; fhirVersion=4.0.1;",
                Some(FhirVersion::R4),
            ),
            (
                "application/fhir+json; fhirVersion=3.0; fhirVersion=3.0",
                Some(FhirVersion::Stu3),
            ),
            ("application/json+fhir", Some(FhirVersion::Dstu2)),
            (
                "application/json+fhir; fhirVersion=3.0",
                Some(FhirVersion::Stu3),
            ),
            ("text/json", None),
        ] {
            let read: MediaType = text.parse().expect(text);
            assert_eq!(
                (read.format, read.version),
                (MediaFormat::Json, version),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_media_type_of_fhir() {
        for (text, error) in [
            ("", MediaTypeError::Malformed),
            ("json", MediaTypeError::Malformed),
            (
                "application/fhir+json; fhirVersion",
                MediaTypeError::Malformed,
            ),
            (
                "application/fhir+json; fhirVersion=\"4.0",
                MediaTypeError::Malformed,
            ),
            ("text/html", MediaTypeError::NotFhir),
            (
                "application/fhir+json; fhirVersion=4.0; fhirVersion=5.0",
                MediaTypeError::TwoVersions,
            ),
            (
                "application/fhir+json; fhirVersion=7.0",
                UnknownVersion.into(),
            ),
            (
                "application/fhir+json; fhirVersion=R4",
                UnknownVersion.into(),
            ),
            ("application/fhir+json; fhirVersion=", UnknownVersion.into()),
        ] {
            assert_eq!(text.parse::<MediaType>(), Err(error), "{text}");
        }
    }
}
