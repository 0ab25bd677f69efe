//! The codes that elements with a required binding can have.
//!
//! Every enum has a variant `Other` for codes that the value set does not list, so that reading
//! loses nothing; whether a code is listed is a matter of validation.
//!
//! ```
//! use imaging_study_dstu2::InstanceAvailability;
//!
//! assert_eq!("ONLINE".parse(), Ok(InstanceAvailability::Online));
//! let unlisted: InstanceAvailability = "SOON".parse()?;
//! assert_eq!(unlisted.as_str(), "SOON");
//! # Ok::<(), imaging_study_core::ScalarError>(())
//! ```
//!
//! Value sets without an enumerated list (media types, languages, currencies, units) have no enum:
//! their elements hold a [`Code`](crate::Code).

mod address_type;
mod address_use;
mod contact_point_system;
mod contact_point_use;
mod event_timing;
mod identifier_use;
mod instance_availability;
mod name_use;
mod narrative_status;
mod quantity_comparator;
mod units_of_time;

pub use address_type::AddressType;
pub use address_use::AddressUse;
pub use contact_point_system::ContactPointSystem;
pub use contact_point_use::ContactPointUse;
pub use event_timing::EventTiming;
pub use identifier_use::IdentifierUse;
pub use instance_availability::InstanceAvailability;
pub use name_use::NameUse;
pub use narrative_status::NarrativeStatus;
pub use quantity_comparator::QuantityComparator;
pub use units_of_time::UnitsOfTime;
