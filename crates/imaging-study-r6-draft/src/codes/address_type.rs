//! The `AddressType` codes.

imaging_study_core::code_enum! {
    /// Whether an address is for mail, for visits, or for both.
    ///
    /// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/valueset-address-type.html>
    pub enum AddressType: "http://hl7.org/fhir/ValueSet/address-type" {
        /// For mail.
        Postal = "postal",
        /// A place one can go to.
        Physical = "physical",
        /// For mail and for visits.
        Both = "both",
    }
}
