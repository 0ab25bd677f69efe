//! Whole numbers of 32 and 64 bits.

use super::ScalarType;
use super::text::text_scalar;

text_scalar!(
    /// A whole number between -2,147,483,648 and 2,147,483,647, in the spelling it was given: R4
    /// allows `-0`, R5 a leading `+` in XML (<https://hl7.org/fhir/R5/datatypes.html#integer>).
    Integer
);
text_scalar!(
    /// A whole number of 64 bits, a string in JSON; since R5
    /// (<https://hl7.org/fhir/R5/datatypes.html#integer64>).
    Integer64
);

impl Integer {
    /// The number.
    #[must_use]
    pub fn get(&self) -> i32 {
        self.as_str().parse().unwrap_or_default()
    }
}

impl From<i32> for Integer {
    fn from(value: i32) -> Self {
        Self(itoa::Buffer::new().format(value).into())
    }
}

impl Integer64 {
    /// The number.
    #[must_use]
    pub fn get(&self) -> i64 {
        self.as_str().parse().unwrap_or_default()
    }
}

impl From<i64> for Integer64 {
    fn from(value: i64) -> Self {
        Self(itoa::Buffer::new().format(value).into())
    }
}
