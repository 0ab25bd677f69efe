//! FHIR R5 (5.0.0) [ImagingStudy](https://hl7.org/fhir/R5/imagingstudy.html), and every data
//! type that it can reach: its own elements, the types of its elements, and each type that an
//! extension can hold.
//!
//! ```
//! use imaging_study_r5::{ImagingStudy, ImagingStudyStatus};
//!
//! let study = ImagingStudy {
//!     status: ImagingStudyStatus::Available.into(),
//!     ..Default::default()
//! };
//! assert_eq!(study.status.value, Some(ImagingStudyStatus::Available));
//! ```
//!
//! # The shape of a type
//!
//! A struct has one public field for each element, in the order of the standard, under the
//! element's name in snake_case; a Rust keyword gets an underscore (`type_`, `use_`). A primitive
//! is a [`Primitive`], which can carry an id and extensions beside its value or in its place. An
//! element `value[x]` is an enum with one variant for each type. A code that is bound to a closed
//! list is an enum of [`codes`].
//!
//! Nothing is required of a value in memory: a study that lacks its status can be read, repaired
//! and written. Minimum cardinalities and the targets of references belong to validation.
//!
//! # JSON
//!
//! Every type implements `serde::Serialize` and `serde::Deserialize`, so that
//! `serde_json::from_str::<imaging_study_r5::ImagingStudy>` works. Unknown and duplicate members and
//! arrays of primitives that disagree in length with their sibling (`given` and `_given`) are
//! refused there too, and decimals keep their digits. Only the reader of the crate
//! `imaging-study-json` also limits nesting and size, and reports the element path with line and
//! column without ever quoting the input.
//!
//! # Features
//!
//! * `schemars`: a JSON Schema for every type.
//! * `proptest`: strategies that generate and shrink whole studies.
//! * `definitions`: the table of all elements of the version, which XML needs for contained
//!   resources.
//!
//! # What this crate does not do
//!
//! It has no XML, no conversion to other versions and no knowledge of DICOM files; other crates of
//! the workspace do. Resources other than ImagingStudy are not typed: contained ones are an ordered
//! tree, [`Resource`].

mod address;
mod age;
mod annotation;
mod attachment;
mod availability;
mod availability_available_time;
mod availability_not_available_time;
mod codeable_concept;
mod codeable_reference;
pub mod codes;
mod coding;
mod contact_detail;
mod contact_point;
mod count;
mod data_requirement;
mod data_requirement_code_filter;
mod data_requirement_date_filter;
mod data_requirement_sort;
mod data_requirement_value_filter;
mod distance;
mod dosage;
mod dosage_dose_and_rate;
mod duration;
mod expression;
mod extended_contact_detail;
mod extension;
mod human_name;
mod identifier;
mod imaging_study;
mod imaging_study_series;
mod imaging_study_series_instance;
mod imaging_study_series_performer;
mod meta;
mod money;
mod narrative;
mod parameter_definition;
mod period;
mod quantity;
mod range;
mod ratio;
mod ratio_range;
mod reference;
mod related_artifact;
mod sampled_data;
mod signature;
mod timing;
mod timing_repeat;
mod trigger_definition;
mod usage_context;

#[cfg(feature = "proptest")]
pub mod strategy;

pub use address::Address;
pub use age::Age;
pub use annotation::{Annotation, AnnotationAuthor};
pub use attachment::Attachment;
pub use availability::Availability;
pub use availability_available_time::AvailabilityAvailableTime;
pub use availability_not_available_time::AvailabilityNotAvailableTime;
pub use codeable_concept::CodeableConcept;
pub use codeable_reference::CodeableReference;
pub use codes::*;
pub use coding::Coding;
pub use contact_detail::ContactDetail;
pub use contact_point::ContactPoint;
pub use count::Count;
pub use data_requirement::{DataRequirement, DataRequirementSubject};
pub use data_requirement_code_filter::DataRequirementCodeFilter;
pub use data_requirement_date_filter::{DataRequirementDateFilter, DataRequirementDateFilterValue};
pub use data_requirement_sort::DataRequirementSort;
pub use data_requirement_value_filter::{
    DataRequirementValueFilter, DataRequirementValueFilterValue,
};
pub use distance::Distance;
pub use dosage::Dosage;
pub use dosage_dose_and_rate::{DosageDoseAndRate, DosageDoseAndRateDose, DosageDoseAndRateRate};
pub use duration::Duration;
pub use expression::Expression;
pub use extended_contact_detail::ExtendedContactDetail;
pub use extension::{Extension, ExtensionValue};
pub use human_name::HumanName;
pub use identifier::Identifier;
pub use imaging_study::ImagingStudy;
pub use imaging_study_core::{
    Base64Binary, Canonical, Code, Date, DateTime, Decimal, FhirString, Id, Instant, Integer,
    Integer64, Markdown, Oid, PositiveInt, Resource, Shared, Time, UnsignedInt, Uri, Url, Uuid,
    Xhtml,
};
pub use imaging_study_dicom::{RawUid, Uid};
pub use imaging_study_series::ImagingStudySeries;
pub use imaging_study_series_instance::ImagingStudySeriesInstance;
pub use imaging_study_series_performer::ImagingStudySeriesPerformer;
pub use meta::Meta;
pub use money::Money;
pub use narrative::Narrative;
pub use parameter_definition::ParameterDefinition;
pub use period::Period;
pub use quantity::Quantity;
pub use range::Range;
pub use ratio::Ratio;
pub use ratio_range::RatioRange;
pub use reference::Reference;
pub use related_artifact::RelatedArtifact;
pub use sampled_data::SampledData;
pub use signature::Signature;
pub use timing::Timing;
pub use timing_repeat::{TimingRepeat, TimingRepeatBounds};
pub use trigger_definition::{TriggerDefinition, TriggerDefinitionTiming};
pub use usage_context::{UsageContext, UsageContextValue};

/// The FHIR version of every type in this crate.
pub const VERSION: imaging_study_core::FhirVersion = imaging_study_core::FhirVersion::R5;

/// The table of all elements of this version, which XML needs for contained resources; `None`
/// without the feature `definitions`.
#[must_use]
pub fn definitions() -> Option<&'static imaging_study_core::Definitions> {
    #[cfg(feature = "definitions")]
    {
        static DEFINITIONS: imaging_study_core::Definitions =
            imaging_study_core::Definitions::new(VERSION, include_str!("definitions.txt"));
        Some(&DEFINITIONS)
    }
    #[cfg(not(feature = "definitions"))]
    None
}

/// A primitive element of this version: a value, and rarely an id and extensions.
pub type Primitive<T> = imaging_study_core::Primitive<T, Extension>;
