//! Choices that a conversion leaves to its user.

/// How a study is converted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Where R4's `procedureReference` goes in R5.
    pub procedure_reference: ProcedureReference,
    /// Which status of R4 and later `UNAVAILABLE` of DSTU2 and STU3 becomes.
    pub unavailable: Unavailable,
    /// Where the episode of care of STU3's `context` goes in R4 and later.
    pub episode_of_care: EpisodeOfCare,
    /// What happens to a value that the target version has no element for.
    pub carry: Carry,
    /// Refuse a study in which something would be lost or stay in the form of another version.
    pub strict: bool,
}

/// Which status a study has whose images are `UNAVAILABLE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unavailable {
    /// `registered`: the record is there, its images are not. HL7's maps say so too.
    #[default]
    Registered,
    /// `cancelled`, as HAPI says: the study was not made.
    Cancelled,
}

/// Where the episode of care goes that STU3 has in `context`: the `encounter` of R4 and later may only
/// refer to an Encounter.
///
/// The extension `workflow-episodeOfCare` is read whatever is chosen: one alone, without an `encounter`,
/// is the context of STU3 too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EpisodeOfCare {
    /// To the cross-version extension of `context` on `encounter`, so that the way back gives what was
    /// there.
    #[default]
    Context,
    /// To HL7's extension `workflow-episodeOfCare` on the study, which others know; the way back gives
    /// the context, and the extension stays beside it. A reference with ids of elements, or beside
    /// such an extension that says something else, goes as with [`Self::Context`].
    Workflow,
}

/// What happens to a value that the target version has no element for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Carry {
    /// It travels in HL7's cross-version extension, and comes back with the way back.
    #[default]
    Extension,
    /// It is left out and reported as [`LossKind::NotCarried`], for receivers that refuse
    /// extensions. The modifier extension that says that a study was entered in error is written all
    /// the same, and an extension of somebody's own keeps a value that the target has no type for.
    ///
    /// [`LossKind::NotCarried`]: crate::LossKind::NotCarried
    Nothing,
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
