#![doc = include_str!("../README.md")]

mod annotation;
mod carry;
mod concept;
mod contained;
mod context;
mod extension;
mod hub;
mod loss;
mod mirror;
mod notes;
mod options;
mod procedure;
mod reason;
mod reference;
mod sop_class;
mod study;
mod text;
mod tree;
mod version;
mod versions;

pub use loss::{Converted, Loss, LossKind, Refused, Rule};
pub use options::{Options, ProcedureReference};
pub use study::{Study, convert};
