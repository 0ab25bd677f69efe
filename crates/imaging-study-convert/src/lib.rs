#![doc = include_str!("../README.md")]

mod absent;
mod annotation;
mod availability;
mod carry;
mod comments;
mod concept;
mod contained;
mod context;
mod datatype;
mod element_id;
mod encounter;
mod engine;
mod extension;
mod hub;
mod identity;
mod interpreter;
mod loss;
mod notes;
mod options;
mod performer;
mod procedure;
mod procedure_elsewhere;
mod reason;
mod reference;
mod since_stu3;
mod sop_class;
mod study;
mod text;
mod tree;
mod uid;
mod version;
mod versions;
mod without_carries;

pub use loss::{Converted, Loss, LossKind, Refused, Rule};
pub use options::{Carry, Options, ProcedureReference, Unavailable};
pub use study::{Study, convert, convert_any};
