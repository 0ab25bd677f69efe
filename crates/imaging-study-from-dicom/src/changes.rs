//! What a change did to a study.

use crate::{Note, Place};

/// What merging into a study or removing from it did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// The elements that were set or added to, other than through whole series and instances.
    pub elements: Vec<ChangedElement>,
    /// The elements whose value was kept although the data sets say something else.
    pub conflicts: Vec<ChangedElement>,
    /// How many series were added.
    pub series_added: usize,
    /// How many instances were added, those of added series included.
    pub instances_added: usize,
    /// How many series were removed.
    pub series_removed: usize,
    /// How many instances were removed, those of removed series included.
    pub instances_removed: usize,
    /// What there is to say about the merged data sets themselves.
    pub notes: Vec<Note>,
}

/// An element that a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ChangedElement {
    /// The study, or the series or instance by its index after the change.
    pub place: Place,
    /// The name of the element in FHIR, such as `numberOfSeries`.
    pub element: &'static str,
}

impl Changes {
    /// Whether the study is as it was before, so that it need not be sent anywhere.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.elements.is_empty()
            && [
                self.series_added,
                self.instances_added,
                self.series_removed,
                self.instances_removed,
            ] == [0; 4]
    }
}

/// Why data sets were not merged into a study, which stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// The study states a Study Instance UID, and it is another one.
    #[error("the study has another Study Instance UID than the data sets")]
    OtherStudy,
    /// The study states no Study Instance UID, and none of its series and instances is one of the
    /// data sets: nothing says that they belong together.
    #[error(
        "nothing says that the study and the data sets belong together: it has no Study Instance UID and none of their series"
    )]
    NoUid,
}
