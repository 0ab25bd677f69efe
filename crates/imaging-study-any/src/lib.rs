#![doc = include_str!("../README.md")]

mod any_imaging_study;
mod concept_ref;
#[cfg(any(feature = "json", feature = "xml"))]
mod detect;
mod endpoints;
mod identifiers;
mod instance_ref;
mod read;
mod reference_ref;
mod serde_impl;
mod series_ref;
mod spelling;
mod study_ref;
#[macro_use]
mod versions;

pub use any_imaging_study::{AnyImagingStudy, OtherVersion};
pub use concept_ref::{CodingRef, ConceptRef};
#[cfg(feature = "json")]
pub use detect::detect_json;
#[cfg(any(feature = "json", feature = "xml"))]
pub use detect::{Detection, Evidence, Undecided, detect, is_xml};
#[cfg(feature = "xml")]
pub use detect::{StudyInside, detect_xml, detect_xml_inside};
pub use endpoints::{
    Endpoints, Retrieval, RetrievalError, RetrievalLint, RetrievalOptions, Retrievals, Retrieve,
    StudyPlace,
};
pub use identifiers::{Accession, IdentifierError};
pub use imaging_study_core::FhirVersion;
pub use imaging_study_dstu2 as dstu2;
pub use imaging_study_r4 as r4;
pub use imaging_study_r4b as r4b;
pub use imaging_study_r5 as r5;
pub use imaging_study_r6 as r6;
pub use imaging_study_r6_draft as r6_draft;
pub use imaging_study_stu3 as stu3;
pub use instance_ref::InstanceRef;
#[cfg(any(feature = "json", feature = "xml"))]
pub use read::ReadAnyError;
pub use reference_ref::ReferenceRef;
pub use series_ref::{PerformerRef, SeriesRef};
pub use spelling::{search_parameter, spelling};
pub use study_ref::StudyRef;
