#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod choice;
mod element;
mod field;
mod json;
mod limits;
mod path;
mod primitive;
mod read;
mod resource;
mod scalar;
mod version;
mod write;

#[cfg(feature = "proptest")]
pub mod generate;
#[cfg(feature = "schemars")]
pub mod schema;
pub mod serde_impl;

pub use choice::{Choice, ChoiceField, ChoiceValue};
pub use element::{Element, FieldInfo, FieldType, Slot, TypeInfo};
pub use field::Field;
pub use json::Json;
pub use limits::Limits;
pub use path::{ElementPath, Segment};
pub use primitive::{Primitive, PrimitiveElement};
pub use read::{FieldSet, Reader};
pub use resource::{NotAResource, Resource};
pub use scalar::{
    Base64Binary, Canonical, Code, CodeSet, Date, DateTime, Decimal, FhirString, Id, Instant,
    Integer, Integer64, JsonType, Markdown, NotRepresentable, Oid, PositiveInt, Precision, Scalar,
    ScalarError, ScalarType, TextStore, Time, Unshared, UnsignedInt, Uri, Url, Uuid, Xhtml,
};
pub use version::{FhirVersion, UnknownVersion};
pub use write::{Name, Writer};
