//! Codes of any version.

use imaging_study_core::ElementRef;

use crate::ReferenceRef;

/// What a version codes with a Coding, a CodeableConcept or a CodeableReference, or refers to with a
/// Reference: modality, body site, laterality, procedure, reason, function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConceptRef<'a>(ElementRef<'a>);

impl<'a> ConceptRef<'a> {
    pub(crate) fn new(element: ElementRef<'a>) -> Self {
        Self(element)
    }

    /// The element itself: a Coding, CodeableConcept, CodeableReference or Reference.
    #[must_use]
    pub fn element(self) -> ElementRef<'a> {
        self.0
    }

    /// The codings, in their order; a Coding is one.
    pub fn codings(self) -> impl Iterator<Item = CodingRef<'a>> + use<'a> {
        let own = (self.0.info().name == "Coding").then_some(self.0);
        let listed = self.concept().into_iter();
        let listed = listed.flat_map(|concept| concept.elements("coding"));
        own.into_iter().chain(listed).map(CodingRef::new)
    }

    /// The code of the first coding that has one.
    #[must_use]
    pub fn code(self) -> Option<&'a str> {
        self.codings().find_map(|coding| coding.code)
    }

    /// What a person reads: the text of the concept, else the display of the first coding that has
    /// one, else that of the reference.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        let text = self.concept().and_then(|concept| concept.str("text"));
        text.or_else(|| self.codings().find_map(|coding| coding.display))
            .or_else(|| self.reference()?.display())
    }

    /// The reference, where the version has one beside or in place of the codes.
    #[must_use]
    pub fn reference(self) -> Option<ReferenceRef<'a>> {
        let reference = match self.0.info().name {
            "Reference" => Some(self.0),
            "CodeableReference" => self.0.element("reference"),
            _ => None,
        };
        reference.map(ReferenceRef::new)
    }

    fn concept(self) -> Option<ElementRef<'a>> {
        match self.0.info().name {
            "CodeableConcept" => Some(self.0),
            "CodeableReference" => self.0.element("concept"),
            _ => None,
        }
    }
}

/// A Coding of any version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CodingRef<'a> {
    /// The URI of the code system.
    pub system: Option<&'a str>,
    /// The version of the code system.
    pub version: Option<&'a str>,
    /// The code.
    pub code: Option<&'a str>,
    /// The meaning of the code, in the words of the system.
    pub display: Option<&'a str>,
}

impl<'a> CodingRef<'a> {
    pub(crate) fn new(coding: ElementRef<'a>) -> Self {
        Self {
            system: coding.str("system"),
            version: coding.str("version"),
            code: coding.str("code"),
            display: coding.str("display"),
        }
    }
}
