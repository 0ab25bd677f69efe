//! Building a study of a version.

use imaging_study_core::Element;

use crate::plan::Plan;
use crate::{Note, Options, StudyBuilder};

/// A study, and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Built<S> {
    /// The study.
    pub study: S,
    /// What the data sets disagree about, what is missing, and what the version has no place for, by
    /// place and attribute. What was wrong within data sets stands in
    /// [`Studies::notes`](crate::Studies::notes).
    pub notes: Vec<Note>,
}

/// An ImagingStudy of a version that can be built: the `ImagingStudy` of each version crate whose
/// feature is on. Other types cannot implement it.
pub trait Study: Element + sealed::Sealed {}

pub(crate) mod sealed {
    use crate::form::StudyForm;
    use crate::plan::Plan;

    /// What building and merging need of a study; the plan stays out of the public interface.
    #[allow(
        private_interfaces,
        reason = "a sealed trait, whose methods are nobody else's business"
    )]
    pub trait Sealed: StudyForm + Sized {
        #[doc(hidden)]
        fn from_plan(plan: &Plan<'_>, options: &crate::Options) -> Self;
    }
}

impl StudyBuilder {
    /// Builds the study in the version of `S`.
    ///
    /// ```
    /// use imaging_study_from_dicom::{NoteKind, Options, Studies};
    /// use imaging_study_r4::ImagingStudy;
    ///
    /// let mut studies = Studies::default();
    /// studies.add_json(br#"{
    ///     "00080018": {"Value": ["1.2.3.1.1"]},
    ///     "0020000D": {"Value": ["1.2.3"]},
    ///     "0020000E": {"Value": ["1.2.3.1"]}
    /// }"#)?;
    /// let study = studies.get("1.2.3").expect("a study");
    /// let built = study.build::<ImagingStudy>(&Options::default());
    /// assert_eq!(built.study.number_of_instances.value.map(u32::from), Some(1));
    /// // Modality, SOP class and patient are missing.
    /// assert_eq!(built.notes.len(), 3);
    /// assert!(built.notes.iter().all(|note| note.kind == NoteKind::Missing));
    /// # Ok::<(), imaging_study_from_dicom::JsonError>(())
    /// ```
    #[must_use]
    pub fn build<S: Study>(&self, options: &Options) -> Built<S> {
        let plan = Plan::new(self, S::VERSION, options);
        Built {
            study: S::from_plan(&plan, options),
            notes: plan.notes,
        }
    }
}
