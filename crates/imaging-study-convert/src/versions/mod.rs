//! What is particular to each version: its form of the study, and its tables.

mod dstu2;
mod joined;
mod r4;
mod r4b;
mod r5;
mod r6;
mod r6_draft;
mod split;
mod stu3;

pub(crate) use dstu2::DSTU2;
pub(crate) use r4::R4;
pub(crate) use r4b::R4B;
pub(crate) use r5::R5;
pub(crate) use r6::R6;
pub(crate) use r6_draft::R6_DRAFT;
pub(crate) use stu3::STU3;

use imaging_study_core::FhirVersion;

use crate::version::Version;

/// The tables of every version that is built, from the oldest on.
pub(crate) fn all() -> [&'static Version; 7] {
    [&DSTU2, &STU3, &R4, &R4B, &R5, &R6_DRAFT, &R6]
}

/// The tables of a version, if it is built.
pub(crate) fn table(version: FhirVersion) -> Option<&'static Version> {
    all()
        .into_iter()
        .find(|table| table.fhir_version == version)
}
