//! The `NarrativeStatus` codes.

imaging_study_core::code_enum! {
    /// Where the text of a narrative comes from.
    ///
    /// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/valueset-narrative-status.html>
    pub enum NarrativeStatus: "http://hl7.org/fhir/ValueSet/narrative-status" {
        /// Made from the standard elements of the resource alone.
        Generated = "generated",
        /// Made from the resource, extensions included.
        Extensions = "extensions",
        /// May hold more than the data of the resource do.
        Additional = "additional",
        /// A placeholder without a summary.
        Empty = "empty",
    }
}
