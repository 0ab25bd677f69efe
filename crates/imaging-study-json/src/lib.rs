#![doc = include_str!("../README.md")]

mod decoder;
mod encode;
mod escape;
mod ndjson;
mod parser;
mod position;
mod reader;
mod scan;
mod tree;
mod writer;

pub use decoder::{Decoder, from_reader, from_slice, from_str};
pub use encode::{
    json_to_string, json_to_string_pretty, to_string, to_string_pretty, to_vec, to_writer,
};
pub use imaging_study_core::{
    Collected, Decoded, Position, ReadError, ReadErrorKind, UnknownElement, UnknownElements,
    WriteError,
};
pub use ndjson::{NdjsonLine, NdjsonReader, NdjsonWriter};
pub use position::position_of;
pub use scan::{JsonKind, Member, scan, scan_until};
