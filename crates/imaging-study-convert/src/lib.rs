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
mod extension;
mod hub;
mod identity;
mod interpreter;
mod loss;
mod mirror;
mod notes;
mod options;
mod performer;
mod procedure;
mod reason;
mod reference;
mod since_r4;
mod since_stu3;
mod sop_class;
mod study;
mod text;
mod tree;
mod uid;
mod until_dstu2;
mod version;
mod versions;

pub use loss::{Converted, Loss, LossKind, Refused, Rule};
pub use options::{Options, ProcedureReference};
pub use study::{Study, convert};
