//! Values of the many data types that only extensions hold, converted by their descriptions.
//!
//! These values are JSON here. A value is native in a version if every element of it has a
//! counterpart there; any other travels whole, child by child, in the form that HL7 marks with
//! `_datatype`.

mod carried;
mod json;
mod native;
mod whole;

pub(crate) use json::{parse, parse_value, write, write_value};
pub(crate) use native::{is_native, is_value, native};
pub(crate) use whole::{Nest, VALUE, restore, whole};
