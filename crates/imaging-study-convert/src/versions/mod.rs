//! What is particular to each version: its form of the study, and its tables.

mod r4;
mod r5;

pub(crate) use r4::R4;
pub(crate) use r5::R5;
