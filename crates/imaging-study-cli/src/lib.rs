#![doc = include_str!("../README.md")]

mod archive;
pub mod arguments;
mod convert;
mod definitions;
mod detect;
mod dicom_failure;
mod dicom_input;
mod dicom_notes;
mod dicom_study;
mod dicom_summary;
mod diff;
mod difference;
mod error;
mod from_dicom;
mod generate;
mod interrupt;
mod page;
mod paths;
mod progress;
mod repair;
mod report;
mod report_page;
mod report_style;
mod run;
mod schema;
mod search;
mod show;
mod skipping;
mod stats;
mod study_facts;
mod study_json;
mod study_tree;
mod tar;
mod terminal;
mod tree_text;
mod uid;
mod uid_arguments;
mod urls;
mod urls_arguments;
mod validate;

// The engine, and what it is made of.
use imaging_study_migrate::{
    bundle, files, finding, folder, foreign, format, input, outcome, output, shown, temporary, walk,
};

pub use difference::{Comparison, Difference, DifferenceKind, Moved, compare};
pub use error::RunError;
pub use run::{command_line, run};
