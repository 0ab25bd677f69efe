//! The `ImagingStudyStatus` codes.

imaging_study_core::code_enum! {
    /// How far along an imaging study is.
    ///
    /// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/valueset-imagingstudy-status.html>
    pub enum ImagingStudyStatus: "http://hl7.org/fhir/ValueSet/imagingstudy-status" {
        /// The study is announced; no images are known yet.
        Registered = "registered",
        /// At least one instance of the study can be fetched.
        Available = "available",
        /// The study was given up before any image was made.
        Cancelled = "cancelled",
        /// The record was made by mistake and must not be used.
        EnteredInError = "entered-in-error",
        /// The source does not know which of the others applies.
        Unknown = "unknown",
    }
}
