//! How elements move, for those who explain a conversion.

use imaging_study_core::FhirVersion;

use crate::engine::rows;

/// How an element of a study moves from one version to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ElementMove {
    /// The path of the element that it is in, e.g. `ImagingStudy.series`.
    pub parent: &'static str,
    /// The names of the element in the source; none where the source has no such element.
    pub from: &'static [&'static str],
    /// The names of the element in the target; none where it travels in an extension.
    pub to: &'static [&'static str],
    /// The word for the rule, as `docs/conversion.md` has it, e.g. `renamed` or `concept`.
    pub rule: &'static str,
}

/// The elements that may move between two versions, in another form or under another name. What is
/// not among them stands in both under one name.
///
/// ```
/// use imaging_study_convert::element_moves;
/// use imaging_study_core::FhirVersion;
///
/// let moves = element_moves(FhirVersion::Stu3, FhirVersion::R4);
/// let patient = moves.iter().find(|one| one.from == ["patient"]).expect("STU3 has a patient");
/// assert_eq!((patient.parent, patient.to), ("ImagingStudy", &["subject"][..]));
/// assert_eq!(patient.rule, "renamed");
/// ```
#[must_use]
pub fn element_moves(from: FhirVersion, to: FhirVersion) -> Vec<ElementMove> {
    let rows = rows().iter().map(|row| ElementMove {
        parent: row.level,
        from: row.names(from),
        to: row.names(to),
        rule: row.how(),
    });
    rows.filter(|one| !one.from.is_empty() || !one.to.is_empty())
        .collect()
}
