//! The codes that elements with a required binding can have.
//!
//! Every enum has a variant `Other` for codes that the value set does not list, so that reading
//! loses nothing; whether a code is listed is a matter of validation.
//!
//! ```
//! use imaging_study_r6_draft::ImagingStudyStatus;
//!
//! assert_eq!("available".parse(), Ok(ImagingStudyStatus::Available));
//! let unlisted: ImagingStudyStatus = "on-hold".parse()?;
//! assert_eq!(unlisted.as_str(), "on-hold");
//! # Ok::<(), imaging_study_core::ScalarError>(())
//! ```
//!
//! Value sets without an enumerated list (media types, languages, currencies, units) have no enum:
//! their elements hold a [`Code`](crate::Code).

mod address_type;
mod address_use;
mod contact_point_system;
mod contact_point_use;
mod days_of_week;
mod event_timing;
mod fhir_types;
mod identifier_use;
mod imaging_study_status;
mod name_use;
mod narrative_status;
mod operation_parameter_use;
mod publication_status;
mod quantity_comparator;
mod related_artifact_type;
mod sort_direction;
mod trigger_type;
mod units_of_time;
mod value_filter_comparator;

pub use address_type::AddressType;
pub use address_use::AddressUse;
pub use contact_point_system::ContactPointSystem;
pub use contact_point_use::ContactPointUse;
pub use days_of_week::DaysOfWeek;
pub use event_timing::EventTiming;
pub use fhir_types::FhirTypes;
pub use identifier_use::IdentifierUse;
pub use imaging_study_status::ImagingStudyStatus;
pub use name_use::NameUse;
pub use narrative_status::NarrativeStatus;
pub use operation_parameter_use::OperationParameterUse;
pub use publication_status::PublicationStatus;
pub use quantity_comparator::QuantityComparator;
pub use related_artifact_type::RelatedArtifactType;
pub use sort_direction::SortDirection;
pub use trigger_type::TriggerType;
pub use units_of_time::UnitsOfTime;
pub use value_filter_comparator::ValueFilterComparator;
