#![doc = include_str!("../README.md")]

pub mod arguments;
mod convert;
mod definitions;
mod detect;
mod dicom_failure;
mod dicom_input;
mod dicom_notes;
mod dicom_study;
mod dicom_summary;
mod error;
mod from_dicom;
mod interrupt;
mod page;
mod paths;
mod progress;
mod repair;
mod run;
mod search;
mod tar;
mod uid;
mod uid_arguments;
mod urls;
mod urls_arguments;
mod validate;

// The engine, and what it is made of.
use imaging_study_migrate::{
    bundle, files, finding, folder, foreign, format, input, outcome, output, shown, temporary, walk,
};

pub use error::RunError;
pub use run::{command_line, run};
