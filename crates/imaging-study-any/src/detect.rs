//! Which version a study is written in.

use std::fmt;

#[cfg(feature = "xml")]
use imaging_study_core::ElementPath;
use imaging_study_core::{FhirVersion, ReadError};

#[cfg(feature = "json")]
pub use self::json::detect_json;
#[cfg(feature = "json")]
pub(crate) use self::json::{Early, detect_early};
#[cfg(feature = "json")]
pub(crate) use self::witness::is_r4b_profile;
#[cfg(feature = "xml")]
pub use self::xml::{detect_xml, detect_xml_inside};

#[cfg(feature = "json")]
mod json;
mod table;
mod witness;
#[cfg(feature = "xml")]
mod xml;

/// What was found out about the version of a study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// The versions that have every element of the study in the shape that it has there, oldest
    /// first. Empty where the evidence is split, and for what is no ImagingStudy at all.
    pub candidates: Vec<FhirVersion>,
    /// Every element that some versions have and others have not, in the order of the input, each
    /// once.
    pub evidence: Vec<Evidence>,
}

/// A study inside another resource, and what was found out about its version.
#[cfg(feature = "xml")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StudyInside {
    /// Where it stands, e.g. `Bundle.entry[0].resource` or `DiagnosticReport.contained[1]`.
    pub path: ElementPath,
    /// The indexes of the entries in which it stands, counted from 0 and outermost first, where it
    /// is the resource of an entry of a Bundle, or of a Bundle that is one itself.
    pub entries: Option<Vec<usize>>,
    /// What was found out.
    pub detection: Detection,
}

/// An element that only some versions have, or that has its shape only in some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The path of the element, without indexes, e.g. `ImagingStudy.series.modality.coding`, or
    /// `Extension.valueUrl` for the value of an extension anywhere in the study.
    pub path: &'static str,
    /// The versions that have it, oldest first.
    pub versions: &'static [FhirVersion],
}

impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} ({})",
            self.path,
            Versions(self.versions, "or")
        )
    }
}

/// A study does not say which version it is written in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Undecided {
    /// Every element is one that several versions have.
    #[error(
        "the study fits {}, and nothing in it tells them apart",
        Versions(.candidates, "and")
    )]
    Ambiguous {
        /// The versions that it fits.
        candidates: Vec<FhirVersion>,
    },
    /// Elements of different versions stand side by side.
    #[error("the study mixes elements of different versions: {}", List(.evidence))]
    Contradictory {
        /// Elements that no version has together, the most telling first.
        evidence: Vec<Evidence>,
    },
    /// The document is no resource, or one of another type than ImagingStudy.
    #[error("no ImagingStudy")]
    NotAStudy,
}

/// Looks at a document, in JSON or XML, for elements that only some versions have.
///
/// Elements count where ImagingStudy itself has them, and the types of the values of extensions
/// anywhere in it, such as `valueCodeableReference`, which R4B and later versions have; nothing
/// counts inside `contained`. R4 and R4B define the same ImagingStudy; beside the types of values, a
/// study says that it is R4B by naming the profile
/// `http://hl7.org/fhir/StructureDefinition/ImagingStudy|4.3.0` in `meta.profile`. Other profiles are
/// no evidence, for a conversion keeps them.
///
/// The document is not read as a study: one that has elements of no version at all, or wrong
/// values, can still be detected. In XML, an element that stands there once does not tell whether
/// it may repeat, so a little less can be told than in JSON; namespaces are no evidence.
///
/// ```
/// use imaging_study_any::detect;
/// use imaging_study_core::FhirVersion;
///
/// let detection = detect(
///     br#"{"resourceType": "ImagingStudy", "partOf": [], "series": [{"instance": [{"sopClass": {}}]}]}"#,
/// )?;
/// assert_eq!(detection.version(), Ok(FhirVersion::R5));
/// assert_eq!(detection.evidence[0].path, "ImagingStudy.partOf");
///
/// let undecided = detect(br#"{"resourceType": "ImagingStudy", "partOf": []}"#)?;
/// assert_eq!(
///     undecided.version().unwrap_err().to_string(),
///     "the study fits R5 and R6 draft, and nothing in it tells them apart"
/// );
/// # Ok::<(), imaging_study_core::ReadError>(())
/// ```
///
/// # Errors
///
/// The bytes are neither JSON nor well-formed XML, whichever [`is_xml`] tells, or exceed the
/// default limits.
pub fn detect(bytes: &[u8]) -> Result<Detection, ReadError> {
    #[cfg(all(feature = "json", feature = "xml"))]
    return if is_xml(bytes) {
        detect_xml(bytes)
    } else {
        detect_json(bytes)
    };
    #[cfg(not(feature = "xml"))]
    return detect_json(bytes);
    #[cfg(not(feature = "json"))]
    return detect_xml(bytes);
}

/// Whether a document is XML rather than JSON, by its first character that is neither white space
/// nor a byte order mark. UTF-16 is XML, for JSON is UTF-8.
///
/// ```
/// assert!(imaging_study_any::is_xml(b"\n <ImagingStudy/>"));
/// assert!(!imaging_study_any::is_xml(b"{}"));
/// ```
#[must_use]
pub fn is_xml(bytes: &[u8]) -> bool {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, b'<', ..] => true,
        [0xEF, 0xBB, 0xBF, text @ ..] | text => text.trim_ascii_start().starts_with(b"<"),
    }
}

impl Detection {
    /// The one version that the study is written in; R4 where it fits R4 and R4B alike, and R6
    /// where it fits that and its draft alike.
    ///
    /// # Errors
    ///
    /// Nothing decides, the evidence is split, or it is no study.
    pub fn version(&self) -> Result<FhirVersion, Undecided> {
        match self.candidates.as_slice() {
            [FhirVersion::R4, FhirVersion::R4B] => Ok(FhirVersion::R4),
            [FhirVersion::R6Draft, FhirVersion::R6] => Ok(FhirVersion::R6),
            [version] => Ok(*version),
            [] if self.evidence.is_empty() => Err(Undecided::NotAStudy),
            [] => Err(Undecided::Contradictory {
                evidence: self.decisive(),
            }),
            candidates => Err(Undecided::Ambiguous {
                candidates: candidates.to_vec(),
            }),
        }
    }

    /// A few pieces of evidence that lead to the same result as all of them, the most telling
    /// first.
    #[must_use]
    pub fn decisive(&self) -> Vec<Evidence> {
        let mut ranked = self.evidence.clone();
        ranked.sort_by_key(|evidence| evidence.shapes().0.count_ones());
        let mut left = Shapes::ALL;
        ranked.retain(|evidence| {
            let before = left;
            left = left.and(evidence.shapes());
            left != before
        });
        ranked
    }
}

impl Evidence {
    fn shapes(&self) -> Shapes {
        let versions = self.versions.iter().map(|&version| 1 << version as u8);
        Shapes(versions.fold(0, |all, version| all | version))
    }
}

/// A set of versions, a bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shapes(u8);

impl Shapes {
    const ALL: Self = Self((1 << FhirVersion::ALL.len()) - 1);
    const R4_AND_R4B: Self = Self(1 << FhirVersion::R4 as u8 | 1 << FhirVersion::R4B as u8);

    const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    fn versions(self) -> Vec<FhirVersion> {
        let contains = |version: &FhirVersion| self.0 & 1 << *version as u8 != 0;
        FhirVersion::ALL.into_iter().filter(contains).collect()
    }
}

/// `R4, R4B or R6 draft`.
struct Versions<'a>(&'a [FhirVersion], &'static str);

impl fmt::Display for Versions<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(versions, word) = *self;
        let count = versions.len();
        let names = versions.iter().map(|version| version.name());
        for (index, name) in names.enumerate() {
            match index {
                0 => {}
                _ if index + 1 == count => write!(formatter, " {word} ")?,
                _ => formatter.write_str(", ")?,
            }
            formatter.write_str(name)?;
        }
        Ok(())
    }
}

/// `a (R4); b (R5 or R6)`.
struct List<'a>(&'a [Evidence]);

impl fmt::Display for List<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, evidence) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(formatter, "{separator}{evidence}")?;
        }
        Ok(())
    }
}
