#![doc = include_str!("../README.md")]

pub mod arguments;
mod batch;
mod bundle;
mod bundle_text;
mod bundle_tree;
mod convert;
mod detect;
mod error;
mod files;
mod folder;
mod format;
mod input;
mod losses;
mod migrate;
mod other;
mod outcome;
mod output;
mod progress;
mod run;
mod study;
mod summary;
mod uid;
mod uid_arguments;
mod urls;
mod urls_arguments;
mod work;
mod worker;

pub use error::{MigrateError, RunError};
pub use format::Format;
pub use input::Input;
pub use migrate::{Outputs, Settings, migrate};
pub use run::run;
pub use summary::Summary;
