//! The `UnitsOfTime` codes.

imaging_study_core::code_enum! {
    /// A unit of time, a UCUM code.
    ///
    /// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/valueset-units-of-time.html>
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
