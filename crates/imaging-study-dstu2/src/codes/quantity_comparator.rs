//! The `QuantityComparator` codes.

imaging_study_core::code_enum! {
    /// How a true amount relates to the value that is given.
    ///
    /// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/valueset-quantity-comparator.html>
    pub enum QuantityComparator: "http://hl7.org/fhir/ValueSet/quantity-comparator" {
        /// The amount is below the value.
        LessThan = "<",
        /// The amount is the value or below it.
        LessOrEqual = "<=",
        /// The amount is the value or above it.
        GreaterOrEqual = ">=",
        /// The amount is above the value.
        GreaterThan = ">",
    }
}
