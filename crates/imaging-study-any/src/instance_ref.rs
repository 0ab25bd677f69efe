//! An instance of a study of any version.

use imaging_study_core::{ElementRef, FhirString, UnsignedInt};
use imaging_study_dicom::Uid;

use crate::series_ref::bare;

/// One SOP instance of a series, of any version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InstanceRef<'a>(ElementRef<'a>);

impl<'a> InstanceRef<'a> {
    pub(crate) fn new(element: ElementRef<'a>) -> Self {
        Self(element)
    }

    /// The element itself.
    #[must_use]
    pub fn element(self) -> ElementRef<'a> {
        self.0
    }

    /// SOP Instance UID (0008,0018) without the prefix `urn:oid:` of DSTU2 and STU3; whatever text
    /// stands there.
    #[must_use]
    pub fn uid(self) -> Option<&'a str> {
        self.0.str("uid").map(bare)
    }

    /// SOP Class UID (0008,0016) without a prefix: the oid of DSTU2, STU3 and R6, the code of the
    /// others where its system is `urn:ietf:rfc:3986`.
    #[must_use]
    pub fn sop_class(self) -> Option<&'a str> {
        let field = self.0.field("sopClass")?.first()?;
        let text = match field.element() {
            None => field.scalar()?.as_str(),
            Some(coding) if coding.str("system") == Some("urn:ietf:rfc:3986") => coding.str("code"),
            Some(_) => None,
        };
        text.map(bare)
    }

    /// The SOP class, if its text is a UID.
    #[must_use]
    pub fn sop_class_uid(self) -> Option<Uid> {
        Uid::parse(self.sop_class()?).ok()
    }

    /// Instance Number (0020,0013).
    #[must_use]
    pub fn number(self) -> Option<u32> {
        self.0
            .scalar::<UnsignedInt>("number")
            .map(|number| number.get())
    }

    /// A name for the instance.
    #[must_use]
    pub fn title(self) -> Option<&'a str> {
        self.0.scalar::<FhirString>("title").map(FhirString::as_str)
    }

    /// Number of Frames (0028,0008), which R6 has.
    #[must_use]
    pub fn number_of_frames(self) -> Option<u32> {
        let number = self.0.scalar::<UnsignedInt>("numberOfFrames");
        number.map(|number| number.get())
    }
}
