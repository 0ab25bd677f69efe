//! The `IdentifierUse` codes.

imaging_study_core::code_enum! {
    /// What an identifier is for.
    ///
    /// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/valueset-identifier-use.html>
    pub enum IdentifierUse: "http://hl7.org/fhir/ValueSet/identifier-use" {
        /// The first choice in everyday use.
        Usual = "usual",
        /// The one to trust when identifying the thing.
        Official = "official",
        /// Valid for a time only.
        Temp = "temp",
        /// Assigned for a further use, and valid only there.
        Secondary = "secondary",
        /// No longer valid.
        Old = "old",
    }
}
