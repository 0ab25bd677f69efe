//! The `UnitsOfTime` codes.

imaging_study_core::code_enum! {
    /// A unit of time, a UCUM code.
    ///
    /// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/valueset-units-of-time.html>
    pub enum UnitsOfTime: "http://hl7.org/fhir/ValueSet/units-of-time" {
        /// Seconds.
        Second = "s",
        /// Minutes.
        Minute = "min",
        /// Hours.
        Hour = "h",
        /// Days.
        Day = "d",
        /// Weeks.
        Week = "wk",
        /// Months.
        Month = "mo",
        /// Years.
        Year = "a",
    }
}
