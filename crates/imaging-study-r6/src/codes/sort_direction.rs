//! The `SortDirection` codes.

imaging_study_core::code_enum! {
    /// The direction of an order.
    ///
    /// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/valueset-sort-direction.html>
    pub enum SortDirection: "http://hl7.org/fhir/ValueSet/sort-direction" {
        /// Lowest first.
        Ascending = "ascending",
        /// Highest first.
        Descending = "descending",
    }
}
