//! The `RelatedArtifactType` codes.

imaging_study_core::code_enum! {
    /// How another artefact relates to this one.
    ///
    /// FHIR R4B: <https://hl7.org/fhir/R4B/valueset-related-artifact-type.html>
    pub enum RelatedArtifactType: "http://hl7.org/fhir/ValueSet/related-artifact-type" {
        /// It documents this one further.
        Documentation = "documentation",
        /// It is the reason for this one: evidence, a guideline.
        Justification = "justification",
        /// It is the bibliographic citation of this one.
        Citation = "citation",
        /// It came before this one.
        Predecessor = "predecessor",
        /// It came after this one.
        Successor = "successor",
        /// This one was made out of it.
        DerivedFrom = "derived-from",
        /// This one cannot be used without it.
        DependsOn = "depends-on",
        /// It is a component of this one.
        ComposedOf = "composed-of",
    }
}
