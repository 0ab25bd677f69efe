#![doc = include_str!("../README.md")]

pub mod arguments;
mod batch;
mod bundle;
mod convert;
mod detect;
mod document;
mod error;
mod format;
mod input;
mod losses;
mod migrate;
mod outcome;
mod output;
mod progress;
mod run;
mod summary;

pub use error::{MigrateError, RunError};
pub use format::Format;
pub use input::Input;
pub use migrate::{Outputs, Settings, migrate};
pub use run::run;
pub use summary::Summary;
