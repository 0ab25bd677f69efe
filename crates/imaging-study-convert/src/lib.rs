#![doc = include_str!("../README.md")]

mod loss;
mod options;
mod study;

pub use loss::{Converted, Loss, LossKind, Refused, Rule};
pub use options::{Options, ProcedureReference};
pub use study::{Study, convert};
