//! What is particular to each version: its form of the study, and its tables.

mod joined;
mod r4;
mod r4b;
mod r5;
mod r6;
mod split;

pub(crate) use r4::R4;
pub(crate) use r4b::R4B;
pub(crate) use r5::R5;
pub(crate) use r6::R6;
