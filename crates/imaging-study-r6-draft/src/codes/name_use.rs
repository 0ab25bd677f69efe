//! The `NameUse` codes.

imaging_study_core::code_enum! {
    /// What a name of a person is for.
    ///
    /// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/valueset-name-use.html>
    pub enum NameUse: "http://hl7.org/fhir/ValueSet/name-use" {
        /// The name the person normally goes by.
        Usual = "usual",
        /// The name in the registers.
        Official = "official",
        /// A name for a time only.
        Temp = "temp",
        /// A name for use among friends, or a stage name.
        Nickname = "nickname",
        /// A pseudonym that hides the person.
        Anonymous = "anonymous",
        /// A name that is no longer in use.
        Old = "old",
        /// A name from before a marriage.
        Maiden = "maiden",
    }
}
