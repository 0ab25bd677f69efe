//! The `QuantityComparator` codes.

imaging_study_core::code_enum! {
    /// How a true amount relates to the value that is given.
    ///
    /// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/valueset-quantity-comparator.html>
    pub enum QuantityComparator: "http://hl7.org/fhir/ValueSet/quantity-comparator" {
        /// The amount is below the value.
        LessThan = "<",
        /// The amount is the value or below it.
        LessOrEqual = "<=",
        /// The amount is the value or above it.
        GreaterOrEqual = ">=",
        /// The amount is above the value.
        GreaterThan = ">",
        /// As much as it takes to reach the value.
        SufficientToAchieve = "ad",
    }
}
