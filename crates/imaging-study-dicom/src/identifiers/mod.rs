//! The identifiers of a study, and how UIDs are spelled in FHIR.

mod accession;
mod found;
mod identifier_ref;
mod search;
mod spelling;
mod study_uid;

pub use accession::{AccessionLint, FoundAccession, find_accession};
pub use found::{Confidence, Found, Place};
pub use identifier_ref::{IdentifierRef, IdentifierType};
pub use search::SearchParameter;
pub use spelling::{Slot, SpelledUid, Spelling, UrnOid};
pub use study_uid::{FoundUid, RejectedUid, StudyUid, StudyUidError};
