//! The `OperationParameterUse` codes.

imaging_study_core::code_enum! {
    /// Which way a parameter goes.
    ///
    /// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/valueset-operation-parameter-use.html>
    pub enum OperationParameterUse: "http://hl7.org/fhir/ValueSet/operation-parameter-use" {
        /// It is given.
        In = "in",
        /// It is returned.
        Out = "out",
    }
}
