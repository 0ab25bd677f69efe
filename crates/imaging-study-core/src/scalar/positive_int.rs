//! A whole number greater than zero.

use super::ScalarType;
use super::unsigned_int::number_scalar;

number_scalar!(
    /// A whole number between 1 and 2,147,483,647
    /// (<https://hl7.org/fhir/R5/datatypes.html#positiveInt>).
    PositiveInt,
    1
);
