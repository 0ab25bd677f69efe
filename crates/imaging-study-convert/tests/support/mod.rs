//! An independent look at documents: through the spec tables of the repository, not through the
//! types.

#![allow(dead_code, reason = "no test uses all of it")]

pub(crate) mod cases;
pub(crate) mod differences;
pub(crate) mod illegal_ids;
pub(crate) mod leaves;
pub(crate) mod pairs;
pub(crate) mod samples;
pub(crate) mod shown;
pub(crate) mod spec;
pub(crate) mod stray_codes;
pub(crate) mod written;
