//! The implementations of serde's traits, through the same description that the codecs use.
//!
//! With these, `serde_json::from_str` and `serde_json::to_string` work on every type. Numbers keep
//! their digits, duplicate members, unknown elements and lists `x` and `_x` of different length are
//! refused; nesting limits, size limits and element paths in errors are the business of the reader
//! of `imaging-study-json`. A deserializer that buffers its input (`#[serde(flatten)]`,
//! `#[serde(untagged)]`) turns decimals into floating point numbers before they arrive here; that
//! is an error and not a silent loss. The errors are serde's own and may quote the input.

mod json;
mod read;
mod scalar;
mod write;

pub use read::deserialize;
pub use scalar::{deserialize_scalar, serialize_scalar};
pub use write::serialize;

/// The name by which serde_json's `RawValue` asks for the text of a value.
const RAW_VALUE: &str = "$serde_json::private::RawValue";
