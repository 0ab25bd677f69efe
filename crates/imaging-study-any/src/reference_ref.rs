//! References of any version.

use imaging_study_core::ElementRef;
use imaging_study_dicom::IdentifierRef;

use crate::identifiers::identifier_ref;

/// A Reference of any version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReferenceRef<'a>(ElementRef<'a>);

impl<'a> ReferenceRef<'a> {
    pub(crate) fn new(element: ElementRef<'a>) -> Self {
        Self(element)
    }

    /// The element itself.
    #[must_use]
    pub fn element(self) -> ElementRef<'a> {
        self.0
    }

    /// What it refers to: `Patient/p`, a URL, or `#p` for a contained resource.
    #[must_use]
    pub fn reference(self) -> Option<&'a str> {
        self.0.str("reference")
    }

    /// The type of the resource, as `type` says it (since R4), or else the reference by its form.
    #[must_use]
    pub fn resource_type(self) -> Option<&'a str> {
        self.0.str("type").or_else(|| {
            let reference = self.reference()?;
            let version = reference.find("/_history/").unwrap_or(reference.len());
            let (before, id) = reference[..version].rsplit_once('/')?;
            let name = before.rsplit_once('/').map_or(before, |(_, name)| name);
            let is_type = name.starts_with(|first: char| first.is_ascii_uppercase())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            (is_type && !id.is_empty()).then_some(name)
        })
    }

    /// The identifier of what it refers to (since STU3).
    #[must_use]
    pub fn identifier(self) -> Option<IdentifierRef<'a>> {
        self.0.element("identifier").map(identifier_ref)
    }

    /// A text for people.
    #[must_use]
    pub fn display(self) -> Option<&'a str> {
        self.0.str("display")
    }
}
