#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(all(
        feature = "dstu2",
        feature = "stu3",
        feature = "r4",
        feature = "r4b",
        feature = "r5",
        feature = "r6-draft",
        feature = "r6"
    )),
    allow(
        dead_code,
        unused_macros,
        unused_imports,
        reason = "each version uses a part"
    )
)]

mod attribute;
mod attributes;
mod built;
mod changes;
mod coded;
#[cfg(feature = "files")]
mod files;
mod form;
mod gather;
mod identified;
mod instance;
mod json;
mod known;
mod merge;
mod moment;
mod note;
mod options;
mod person;
mod person_name;
mod pick;
mod plan;
mod planner;
mod planner_series;
mod series;
mod studies;
mod study_builder;
mod tables;
mod tag;
mod text;
mod value;
mod versions;

pub use attribute::tags;
pub use attributes::Attributes;
pub use built::{Built, Study};
pub use changes::{ChangedElement, Changes, MergeError};
#[cfg(feature = "files")]
pub use files::FileError;
pub use json::JsonError;
pub use merge::{remove_instances, remove_series};
pub use note::{Note, NoteKind, Place};
pub use options::{AccessionPlace, Counts, MissingModality, Options, TimeZone};
pub use person_name::PersonName;
pub use studies::Studies;
pub use study_builder::StudyBuilder;
pub use tag::Tag;
pub use value::Value;
