//! Values of the many data types that only extensions hold, converted by their descriptions.
//!
//! These values are JSON here. A value is native in a version if every element of it has a
//! counterpart there; any other travels whole, child by child, in the form that HL7 marks with
//! `_datatype`.

mod carried;
mod json;
mod lists;
mod native;
mod renamed;
mod whole;

pub(crate) use json::{in_version, out_of_version};
pub(crate) use native::{is_native, is_value, native};
pub(crate) use renamed::is_meant;
pub(crate) use whole::{VALUE, restore, whole};
