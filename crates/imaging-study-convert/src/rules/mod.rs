//! The elements whose form differs between the versions, a file each: what the table of the engine
//! names for them.

pub(crate) mod availability;
mod body_site;
pub(crate) mod concept;
pub(crate) mod encounter;
pub(crate) mod identity;
pub(crate) mod interpreter;
mod laterality;
mod part_of;
pub(crate) mod performer;
pub(crate) mod procedure;
mod procedure_elsewhere;
pub(crate) mod reason;
pub(crate) mod sop_class;
pub(crate) mod uid;
