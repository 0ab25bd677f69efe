//! The `ContactPointSystem` codes.

imaging_study_core::code_enum! {
    /// The kind of a contact point.
    ///
    /// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/valueset-contact-point-system.html>
    pub enum ContactPointSystem: "http://hl7.org/fhir/ValueSet/contact-point-system" {
        /// A telephone number.
        Phone = "phone",
        /// A fax number.
        Fax = "fax",
        /// An e-mail address.
        Email = "email",
        /// A pager number.
        Pager = "pager",
        /// A URL that is none of the other kinds.
        Url = "url",
        /// A number for text messages.
        Sms = "sms",
        /// A kind that has no code.
        OtherSystem = "other",
    }
}
