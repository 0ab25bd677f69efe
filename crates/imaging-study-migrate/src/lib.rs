#![doc = include_str!("../README.md")]

mod batch;
mod bundle_text;
mod bundle_tree;
mod compressed;
mod detect;
mod envelope;
mod error;
mod guard;
mod left;
mod located;
mod losses;
mod migrate;
mod migration;
mod other;
mod packed;
mod parts;
mod records;
mod repairing;
mod searching;
mod state;
mod study;
mod summary;
mod validation;
mod visiting;
mod work;
mod worker;

// What the program is made of too: without a promise that it stays as it is.
#[doc(hidden)]
pub mod bundle;
#[doc(hidden)]
pub mod files;
#[doc(hidden)]
pub mod finding;
#[doc(hidden)]
pub mod folder;
#[doc(hidden)]
pub mod foreign;
#[doc(hidden)]
pub mod format;
#[doc(hidden)]
pub mod input;
#[doc(hidden)]
pub mod outcome;
#[doc(hidden)]
pub mod output;
#[doc(hidden)]
pub mod shown;
#[doc(hidden)]
pub mod temporary;
#[doc(hidden)]
pub mod walk;

pub use compressed::Compression;
#[doc(hidden)]
pub use detect::detect;
pub use error::MigrateError;
pub use format::Format;
pub use guard::hide_panic_messages;
pub use input::Input;
pub use migrate::{MOST_JOBS, Outputs, Settings, migrate};
pub use migration::{Migration, Run, Watch};
pub use parts::Parts;
pub use searching::Search;
pub use summary::{Found, Summary};
pub use validation::{IssueFormat, Validation};
pub use visiting::{NotRead, Visit, Visited};
