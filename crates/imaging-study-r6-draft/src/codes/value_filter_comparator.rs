//! The `ValueFilterComparator` codes.

imaging_study_core::code_enum! {
    /// How an element compares with the value of a filter.
    ///
    /// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/valueset-value-filter-comparator.html>
    pub enum ValueFilterComparator: "http://hl7.org/fhir/ValueSet/value-filter-comparator" {
        /// It equals the value.
        Equal = "eq",
        /// It is above the value.
        GreaterThan = "gt",
        /// It is below the value.
        LessThan = "lt",
        /// It equals the value or is above it.
        GreaterOrEqual = "ge",
        /// It equals the value or is below it.
        LessOrEqual = "le",
        /// It starts after the value ends.
        StartsAfter = "sa",
        /// It ends before the value starts.
        EndsBefore = "eb",
    }
}
