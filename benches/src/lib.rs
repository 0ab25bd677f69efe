#![doc = include_str!("../README.md")]

mod documents;
mod hostile;
mod hostile_xml;
mod json_text;
mod metadata;
mod meter;
mod migration;
pub mod plain;
mod random;
mod resident;
mod rounds;
mod studies;
mod study_stream;
mod target;
mod task;
mod versions;

pub use documents::Documents;
pub use hostile::Hostile;
pub use hostile_xml::HostileXml;
pub use json_text::JsonText;
pub use metadata::Metadata;
pub use meter::{Meter, Stopwatch, ThreadClock};
pub use migration::Migration;
pub use random::Random;
pub use resident::peak_resident;
pub use rounds::{Timing, interleave};
pub use studies::{MixedStudies, large_study};
pub use study_stream::StudyStream;
pub use target::{Bound, Target};
pub use task::Task;
pub use versions::Versioned;
