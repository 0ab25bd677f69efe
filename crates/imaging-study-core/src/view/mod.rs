//! Elements of any type and version, seen through their descriptions.
//!
//! A [`Reader`](crate::Reader) and a [`Writer`](crate::Writer) know the Rust type of everything that
//! they touch. What is written once for all versions knows none: it walks an [`ElementRef`] by the
//! names of the standard, or changes an element through an [`ElementMut`].

mod element_mut;
mod element_ref;
mod field_mut;
mod field_ref;
mod object;
mod primitive_ref;
mod scalar_ref;
mod value_path;
mod value_ref;

pub use element_mut::ElementMut;
pub use element_ref::ElementRef;
pub use field_mut::{FieldMut, PrimitiveMut};
pub use field_ref::{FieldRef, Values};
pub use object::{
    Content, ContentMut, ObjectElement, ObjectElements, ObjectPrimitive, ObjectPrimitives,
    ObjectScalar, ObjectSlot, ScalarSlot,
};
pub use primitive_ref::PrimitiveRef;
pub use scalar_ref::ScalarRef;
pub use value_path::ValuePath;
pub use value_ref::ValueRef;
