//! The `ContactPointSystem` codes.

imaging_study_core::code_enum! {
    /// The kind of a contact point.
    ///
    /// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/valueset-contact-point-system.html>
    pub enum ContactPointSystem: "http://hl7.org/fhir/ValueSet/contact-point-system" {
        /// A telephone number.
        Phone = "phone",
        /// A fax number.
        Fax = "fax",
        /// An e-mail address.
        Email = "email",
        /// A pager number.
        Pager = "pager",
        /// A URL, or a kind that has no code.
        OtherSystem = "other",
    }
}
