//! The engine: it walks an element of the source and its plan, which comes from the table of the
//! rules and from the descriptions of the two types.

mod alike;
mod carried;
mod part;
mod plain;
mod table;

pub(crate) use alike::{give_back, take};
pub(crate) use part::{Part, convert};
pub(crate) use table::Row;
