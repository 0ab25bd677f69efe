#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod accept;
mod binding;
mod choice;
mod debug;
mod definitions;
mod element;
mod error;
mod field;
mod find;
mod json;
mod limits;
mod media_type;
mod memory;
mod path;
mod primitive;
mod push_default;
mod read;
mod resource;
mod scalar;
mod shared;
mod shared_cache;
mod text_cache;
mod tree;
mod unknown;
mod version;
mod view;
mod write;

#[cfg(feature = "generate")]
pub mod generate;
#[cfg(feature = "schemars")]
pub mod schema;
pub mod serde_impl;

pub use accept::MediaRange;
pub use binding::{Binding, BindingStrength};
pub use choice::{Choice, ChoiceField, ChoiceValue};
pub use debug::debug;
pub use definitions::{Definitions, ElementDefinition, ElementType, TypeDefinition};
pub use element::{Element, FieldInfo, FieldType, Slot, TypeInfo};
pub use error::{Position, ReadError, ReadErrorKind, WriteError};
pub use field::Field;
pub use find::find_special;
pub use json::Json;
pub use limits::Limits;
pub use media_type::{MediaFormat, MediaType, MediaTypeError};
pub use memory::Memory;
pub use path::{ElementPath, Segment, safe_name};
pub use primitive::{Primitive, PrimitiveElement};
pub use push_default::push_default;
pub use read::{FieldSet, Reader, Target};
pub use resource::{NotAResource, Resource};
pub use scalar::{
    Base64Binary, Canonical, Code, CodeSet, Date, DateTime, Decimal, FhirString, Id, Instant,
    Integer, Integer64, JsonType, Markdown, NotRepresentable, Oid, PositiveInt, Precision, Scalar,
    ScalarError, ScalarType, TextStore, Time, Unshared, UnsignedInt, Uri, Url, Uuid, Xhtml,
    json_number,
};
pub use shared::Shared;
pub use shared_cache::SharedCache;
pub use text_cache::TextCache;
pub use tree::{from_json, to_json};
pub use unknown::{Collected, Decoded, Finding, UnknownElement, UnknownElements, Unread, separate};
pub use version::{FhirVersion, UnknownVersion};
pub use view::{
    Content, ContentMut, ElementMut, ElementRef, FieldMut, FieldRef, ObjectElement, ObjectElements,
    ObjectPrimitive, ObjectPrimitives, ObjectScalar, ObjectSlot, PrimitiveMut, PrimitiveRef,
    ScalarRef, ScalarSlot, ValuePath, ValueRef, Values,
};
pub use write::{Name, Writer};
