//! The search parameters of each version.

use imaging_study_core::FhirVersion;

use crate::parameters::PARAMETERS;

/// The type of a search parameter (<https://hl7.org/fhir/R5/search.html#ptypes>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParameterKind {
    /// A code or an identifier, with or without its system.
    Token,
    /// A URI, compared as a whole.
    Uri,
    /// A reference to another resource.
    Reference,
    /// A date or a time.
    Date,
    /// Words; no parameter of this type is answered here.
    String,
    /// Something of its own; no parameter of this type is answered here.
    Special,
}

impl ParameterKind {
    /// The code of the type, e.g. `token`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Uri => "uri",
            Self::Reference => "reference",
            Self::Date => "date",
            Self::String => "string",
            Self::Special => "special",
        }
    }
}

/// A search parameter of ImagingStudy, or of every resource, in one or more versions
/// (<https://hl7.org/fhir/R5/imagingstudy.html#search>).
///
/// ```
/// use imaging_study_core::FhirVersion;
/// use imaging_study_search::{Parameter, ParameterKind};
///
/// let class = Parameter::named(FhirVersion::R4, "dicom-class").expect("R4 has one");
/// assert_eq!(class.kind, ParameterKind::Token);
/// assert_eq!(class.expression, "ImagingStudy.series.instance.sopClass");
/// let class = Parameter::named(FhirVersion::R6, "dicom-class").expect("R6 has one");
/// assert_eq!(class.kind, ParameterKind::Uri);
/// assert!(Parameter::named(FhirVersion::R4, "uid").is_none());
/// ```
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name in a query, e.g. `based-on`.
    pub name: &'static str,
    /// The type.
    pub kind: ParameterKind,
    /// The FHIRPath of the elements that are searched; empty for what is not answered here. DSTU2
    /// has only XPath: the same path.
    pub expression: &'static str,
    /// The types of resource that a reference may lead to.
    pub targets: &'static [&'static str],
    /// The URL of HL7's definition.
    pub url: &'static str,
    /// The versions that have it so, a bit each.
    pub(crate) versions: u8,
}

impl Parameter {
    /// The parameters of a version: those of ImagingStudy by name, then those of every resource.
    pub fn of(version: FhirVersion) -> impl Iterator<Item = &'static Self> {
        PARAMETERS
            .iter()
            .filter(move |parameter| parameter.is_in(version))
    }

    /// The parameter of a version with a name; names are case-sensitive.
    #[must_use]
    pub fn named(version: FhirVersion, name: &str) -> Option<&'static Self> {
        Self::of(version).find(|parameter| parameter.name == name)
    }

    /// Whether a version has the parameter in this form.
    #[must_use]
    pub const fn is_in(&self, version: FhirVersion) -> bool {
        self.versions & bit(version) != 0
    }

    /// Whether queries can use it here; those about the words of a resource cannot be answered.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        !self.expression.is_empty()
    }

    /// Whether it is one of every resource, as `_id` is.
    #[must_use]
    pub fn is_common(&self) -> bool {
        self.name.starts_with('_')
    }
}

/// The bit of a version.
pub(crate) const fn bit(version: FhirVersion) -> u8 {
    1 << version as u8
}
