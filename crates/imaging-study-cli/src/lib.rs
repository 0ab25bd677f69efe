#![doc = include_str!("../README.md")]

pub mod arguments;
mod batch;
mod bundle;
mod bundle_text;
mod bundle_tree;
mod convert;
mod detect;
mod dicom_input;
mod dicom_notes;
mod dicom_study;
mod dicom_summary;
mod error;
mod files;
mod folder;
mod format;
mod from_dicom;
mod input;
mod losses;
mod migrate;
mod other;
mod outcome;
mod output;
mod paths;
mod progress;
mod run;
mod study;
mod summary;
mod walk;
mod work;
mod worker;

pub use error::{MigrateError, RunError};
pub use format::Format;
pub use input::Input;
pub use migrate::{Outputs, Settings, migrate};
pub use run::run;
pub use summary::Summary;
