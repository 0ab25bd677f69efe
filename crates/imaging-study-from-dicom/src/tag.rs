//! Attribute tags.

use std::fmt;

/// The tag of a DICOM attribute: group and element, as PS3.5 section 7.1 defines it.
///
/// ```
/// use imaging_study_from_dicom::Tag;
///
/// assert_eq!(Tag::new(0x0008, 0x0050).to_string(), "(0008,0050)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(u32);

impl Tag {
    /// The tag of a group and an element.
    #[must_use]
    pub const fn new(group: u16, element: u16) -> Self {
        Self((group as u32) << 16 | element as u32)
    }

    /// The group number.
    #[must_use]
    pub const fn group(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// The element number.
    #[must_use]
    pub const fn element(self) -> u16 {
        self.0 as u16
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "({:04X},{:04X})", self.group(), self.element())
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
