//! The engine: it walks an element of the source and its plan, which comes from the table of the
//! rules and from the descriptions of the two types.

mod carried;
mod instances;
mod part;
mod plain;
mod table;
mod wrap;

pub(crate) use instances::{give_back, place_losses, share, take};
pub(crate) use part::{Part, convert, look};
pub(crate) use plain::{Look, Verdict};
pub(crate) use table::{Step, rows};
