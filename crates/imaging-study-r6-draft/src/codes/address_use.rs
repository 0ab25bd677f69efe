//! The `AddressUse` codes.

imaging_study_core::code_enum! {
    /// What an address is for.
    ///
    /// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/valueset-address-use.html>
    pub enum AddressUse: "http://hl7.org/fhir/ValueSet/address-use" {
        /// Where the person lives.
        Home = "home",
        /// Where the person works, or a place of business.
        Work = "work",
        /// An address for a time only.
        Temp = "temp",
        /// No longer in use, or never right.
        Old = "old",
        /// Where invoices go.
        Billing = "billing",
    }
}
