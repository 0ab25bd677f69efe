//! Choices that a conversion leaves to its user.

/// How a study is converted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Where R4's `procedureReference` goes in R5.
    pub procedure_reference: ProcedureReference,
    /// Refuse a study in which something would be lost or stay in the form of another version.
    pub strict: bool,
}

/// Where the Procedure that a study was part of goes in R5.
///
/// R5 has two elements with similar names. `partOf` refers to a Procedure and has the meaning of
/// R4's `procedureReference`; `procedure` may refer to a PlanDefinition or an ActivityDefinition
/// and to no Procedure. HL7's own maps write the latter all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProcedureReference {
    /// To `partOf`, as the definitions say.
    #[default]
    PartOf,
    /// To `procedure.reference`, as HL7's maps and HAPI do; R5 does not allow the target.
    Procedure,
}
