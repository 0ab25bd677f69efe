//! The `ContactPointUse` codes.

imaging_study_core::code_enum! {
    /// What a contact point is for.
    ///
    /// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/valueset-contact-point-use.html>
    pub enum ContactPointUse: "http://hl7.org/fhir/ValueSet/contact-point-use" {
        /// At home.
        Home = "home",
        /// At work; the first to try in office hours.
        Work = "work",
        /// For a time only.
        Temp = "temp",
        /// No longer in use, or never right.
        Old = "old",
        /// Carried along everywhere.
        Mobile = "mobile",
    }
}
