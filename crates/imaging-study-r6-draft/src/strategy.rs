//! Strategies for property tests.
//!
//! A crate that tests with studies names this one in its `dev-dependencies`, with the feature
//! `proptest`:
//!
//! ```
//! use imaging_study_r6_draft::strategy::{Profile, imaging_study};
//! use proptest::prelude::*;
//!
//! proptest!(|(study in imaging_study(Profile::Typical))| {
//!     prop_assert!(study.subject.is_some());
//! });
//! ```
//!
//! Every other type has a strategy too, and where no randomness is wanted, a sequence of choices
//! makes the same element each time:
//!
//! ```
//! use imaging_study_core::generate::{element, from_choices};
//! use imaging_study_r6_draft::strategy::Profile;
//! use imaging_study_r6_draft::{CodeableConcept, ImagingStudy};
//! use proptest::prelude::*;
//!
//! proptest!(|(concept in element::<CodeableConcept>(Profile::Hostile))| {
//!     prop_assert_ne!(concept, CodeableConcept::default());
//! });
//!
//! let simplest: ImagingStudy = from_choices(Profile::Minimal, &[]);
//! assert!(simplest.status.value.is_some() && simplest.series.is_empty());
//! ```
//!
//! [`generate`](imaging_study_core::generate) says what is valid about them.

pub use imaging_study_core::generate::Profile;

use imaging_study_core::generate::element;
use proptest::strategy::Strategy;

use crate::ImagingStudy;

/// Random studies, valid in this version; failing ones shrink to small studies.
pub fn imaging_study(profile: Profile) -> impl Strategy<Value = ImagingStudy> {
    element(profile)
}
