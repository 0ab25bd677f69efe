#![doc = include_str!("../README.md")]

mod absent;
mod annotation;
mod carried_references;
mod carry;
mod codes;
mod comments;
mod contained;
mod context;
mod datatype;
mod definitions;
mod element_id;
mod engine;
mod entries;
mod extension;
mod hub;
mod illegal_id;
mod loss;
mod movement;
mod notes;
mod options;
mod reference;
mod rules;

mod sound;
mod study;
mod text;
mod tree;
mod trial;
mod version;
mod versions;
mod without_carries;

pub use definitions::{ExtensionDefinition, ExtensionPart, extension_definitions, full_number};
pub use loss::{Converted, Loss, LossKind, Refused, Rule};
pub use movement::{ElementMove, element_moves};
pub use options::{Carry, EpisodeOfCare, Options, ProcedureReference, Unavailable};
pub use study::{Study, convert, convert_any};
