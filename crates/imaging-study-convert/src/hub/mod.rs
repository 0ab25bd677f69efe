//! The version-neutral form that every version is lifted into and lowered from.
//!
//! An element that all versions have alike stands here once. Where the versions differ in form, the
//! form that the source had is kept, and lowering decides what the target makes of it; so a study
//! that goes back into its own version is only moved.

mod datatypes;
mod imaging_study;
mod lift_value;
mod neutral;
mod value;
mod without_ids;

pub(crate) use datatypes::{
    Annotation, AnnotationAuthor, CodeableConcept, CodeableReference, Coding, Extension,
    Identifier, Meta, Narrative, Period, Reference,
};
pub(crate) use imaging_study::{
    Apart, Concept, Identity, Performer, Performers, Procedure, Reason, SopClass, Status, Uid,
};
pub(crate) use lift_value::{move_value, native_value, push_extension};
pub(crate) use neutral::{
    Neutral, NeutralElement, Places, empty, held_at, lift_at, lift_field, lift_present, lower_at,
    lower_field, room,
};
pub(crate) use value::{Other, Value, for_each_scalar};
pub(crate) use without_ids::WithoutIds;

use imaging_study_core as core;

/// A primitive element.
pub(crate) type Primitive<T> = core::Primitive<T, Extension>;
