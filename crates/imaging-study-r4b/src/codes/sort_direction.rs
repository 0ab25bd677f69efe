//! The `SortDirection` codes.

imaging_study_core::code_enum! {
    /// The direction of an order.
    ///
    /// FHIR R4B: <https://hl7.org/fhir/R4B/valueset-sort-direction.html>
    pub enum SortDirection: "http://hl7.org/fhir/ValueSet/sort-direction" {
        /// Lowest first.
        Ascending = "ascending",
        /// Highest first.
        Descending = "descending",
    }
}
