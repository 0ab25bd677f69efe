#![doc = include_str!("../README.md")]

mod decoder;
mod encode;
mod error;
mod escape;
mod ndjson;
mod parser;
mod reader;
mod scan;
mod text_cache;
mod tree;
mod writer;

pub use decoder::{
    Decoded, Decoder, UnknownElement, UnknownElements, from_reader, from_slice, from_str,
};
pub use encode::{json_to_string, to_string, to_string_pretty, to_vec, to_writer};
pub use error::{Position, ReadError, ReadErrorKind, WriteError};
pub use ndjson::{NdjsonLine, NdjsonReader, NdjsonWriter};
pub use scan::{JsonKind, Member, scan};
