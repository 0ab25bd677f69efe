//! The `PublicationStatus` codes.

imaging_study_core::code_enum! {
    /// Where an artefact stands in its life.
    ///
    /// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/valueset-publication-status.html>
    pub enum PublicationStatus: "http://hl7.org/fhir/ValueSet/publication-status" {
        /// In preparation, not for use.
        Draft = "draft",
        /// Ready for use.
        Active = "active",
        /// Withdrawn from use.
        Retired = "retired",
        /// The source does not know which of the others applies.
        Unknown = "unknown",
    }
}
