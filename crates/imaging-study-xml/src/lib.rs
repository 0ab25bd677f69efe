#![doc = include_str!("../README.md")]

mod attributes;
mod characters;
mod decoder;
mod encode;
mod encoding;
mod escape;
mod events;
mod fragment;
mod namespaces;
mod narrative;
mod reader;
mod resource_reader;
mod resource_writer;
mod scan;
mod writer;

pub use decoder::{Decoder, from_reader, from_slice, from_str};
pub use encode::{Encoder, to_string, to_string_pretty, to_writer};
pub use imaging_study_core::{
    Collected, Decoded, Position, ReadError, ReadErrorKind, UnknownElement, UnknownElements,
    Unread, WriteError,
};
pub use scan::{Node, scan};

/// The namespace of FHIR.
pub const FHIR: &str = "http://hl7.org/fhir";

/// The namespace of XHTML, in which narrative is written.
pub const XHTML: &str = "http://www.w3.org/1999/xhtml";
