//! The `ContributorType` codes.

imaging_study_core::code_enum! {
    /// The part that a contributor had.
    ///
    /// FHIR R4B: <https://hl7.org/fhir/R4B/valueset-contributor-type.html>
    pub enum ContributorType: "http://hl7.org/fhir/ValueSet/contributor-type" {
        /// Wrote the content.
        Author = "author",
        /// Revised the content.
        Editor = "editor",
        /// Reviewed the content.
        Reviewer = "reviewer",
        /// Stands behind the content.
        Endorser = "endorser",
    }
}
