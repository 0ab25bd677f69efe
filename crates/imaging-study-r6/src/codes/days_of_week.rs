//! The `DaysOfWeek` codes.

imaging_study_core::code_enum! {
    /// A day of the week.
    ///
    /// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/valueset-days-of-week.html>
    pub enum DaysOfWeek: "http://hl7.org/fhir/ValueSet/days-of-week" {
        /// Monday.
        Mon = "mon",
        /// Tuesday.
        Tue = "tue",
        /// Wednesday.
        Wed = "wed",
        /// Thursday.
        Thu = "thu",
        /// Friday.
        Fri = "fri",
        /// Saturday.
        Sat = "sat",
        /// Sunday.
        Sun = "sun",
    }
}
