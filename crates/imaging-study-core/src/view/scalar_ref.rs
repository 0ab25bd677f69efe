//! A scalar of any type.

use std::borrow::Cow;
use std::fmt;

use super::ObjectScalar;
use crate::{CodeSet, JsonType, Scalar, ScalarType};

/// A value of any FHIR primitive type.
///
/// ```
/// use imaging_study_core::{DateTime, ScalarRef, ScalarType};
///
/// let date: DateTime = "2024-02".parse()?;
/// let scalar = ScalarRef::new(&date);
/// assert_eq!(scalar.scalar_type(), ScalarType::DateTime);
/// assert_eq!(scalar.as_str(), Some("2024-02"));
/// assert_eq!(scalar.downcast::<DateTime>(), Some(&date));
/// # Ok::<(), imaging_study_core::ScalarError>(())
/// ```
#[derive(Clone, Copy)]
pub struct ScalarRef<'a>(&'a dyn ObjectScalar);

impl<'a> ScalarRef<'a> {
    /// A view of a scalar.
    pub fn new<T: Scalar>(scalar: &'a T) -> Self {
        Self(scalar)
    }

    /// A view of a scalar whose type is not known.
    pub(crate) fn of(scalar: &'a dyn ObjectScalar) -> Self {
        Self(scalar)
    }

    /// Its FHIR type.
    #[must_use]
    pub fn scalar_type(self) -> ScalarType {
        self.0.scalar_type()
    }

    /// The codes of its required binding, where the type has one.
    #[must_use]
    pub fn codes(self) -> Option<&'static CodeSet> {
        self.0.codes()
    }

    /// Its text, the same in JSON and in XML; owned for numbers that are held as such.
    #[must_use]
    pub fn text(self) -> Cow<'a, str> {
        self.0.text()
    }

    /// Its text, if it is held as one: of everything but integers.
    #[must_use]
    pub fn as_str(self) -> Option<&'a str> {
        match self.0.text() {
            Cow::Borrowed(text) => Some(text),
            Cow::Owned(_) => None,
        }
    }

    /// The scalar, if it is of the type.
    #[must_use]
    pub fn downcast<T: Scalar>(self) -> Option<&'a T> {
        self.0.as_any().downcast_ref()
    }
}

impl PartialEq for ScalarRef<'_> {
    /// Whether both are of one FHIR type and have the same text.
    fn eq(&self, other: &Self) -> bool {
        self.scalar_type() == other.scalar_type() && self.text() == other.text()
    }
}

impl fmt::Display for ScalarRef<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.text())
    }
}

impl fmt::Debug for ScalarRef<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scalar_type().json() == JsonType::String {
            write!(formatter, "{:?}", self.text())
        } else {
            formatter.write_str(&self.text())
        }
    }
}
