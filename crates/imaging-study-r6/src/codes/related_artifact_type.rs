//! The `RelatedArtifactType` codes.

imaging_study_core::code_enum! {
    /// How another artefact relates to this one.
    ///
    /// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/valueset-related-artifact-type.html>
    pub enum RelatedArtifactType: "http://hl7.org/fhir/ValueSet/related-artifact-type" {
        /// It documents this one further.
        Documentation = "documentation",
        /// It is the reason for this one: evidence, a guideline.
        Justification = "justification",
        /// It is the bibliographic citation of this one.
        Citation = "citation",
        /// It came before this one.
        Predecessor = "predecessor",
        /// It came after this one.
        Successor = "successor",
        /// This one was made out of it.
        DerivedFrom = "derived-from",
        /// This one cannot be used without it.
        DependsOn = "depends-on",
        /// It is a component of this one.
        ComposedOf = "composed-of",
        /// This one is a part of it.
        PartOf = "part-of",
        /// This one changes it.
        Amends = "amends",
        /// It changes this one.
        AmendedWith = "amended-with",
        /// This one adds to it.
        Appends = "appends",
        /// It adds to this one.
        AppendedWith = "appended-with",
        /// This one cites it.
        Cites = "cites",
        /// It cites this one.
        CitedBy = "cited-by",
        /// This one comments on it.
        CommentsOn = "comments-on",
        /// It comments on this one.
        CommentIn = "comment-in",
        /// This one contains it.
        Contains = "contains",
        /// It contains this one.
        ContainedIn = "contained-in",
        /// This one corrects errors in it.
        Corrects = "corrects",
        /// It corrects errors in this one.
        CorrectionIn = "correction-in",
        /// This one takes its place.
        Replaces = "replaces",
        /// It takes the place of this one.
        ReplacedWith = "replaced-with",
        /// This one withdraws it.
        Retracts = "retracts",
        /// It withdraws this one.
        RetractedBy = "retracted-by",
        /// This one is a signature over it.
        Signs = "signs",
        /// It resembles this one, or may be the same.
        SimilarTo = "similar-to",
        /// This one is evidence for it.
        Supports = "supports",
        /// It is evidence for this one.
        SupportedWith = "supported-with",
        /// This one was made by transforming it.
        Transforms = "transforms",
        /// It was made by transforming this one.
        TransformedInto = "transformed-into",
        /// It is the tool that transformed this one.
        TransformedWith = "transformed-with",
        /// This one documents it further.
        Documents = "documents",
        /// This one specifies how it works.
        SpecificationOf = "specification-of",
        /// It is the tool that made this one.
        CreatedWith = "created-with",
        /// It is the citation that this one asks to be cited by.
        CiteAs = "cite-as",
    }
}
