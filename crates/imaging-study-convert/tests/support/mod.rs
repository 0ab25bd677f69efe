//! An independent look at documents: through the spec tables of the repository, not through the
//! types.

pub(crate) mod leaves;
pub(crate) mod spec;
