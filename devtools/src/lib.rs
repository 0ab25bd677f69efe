#![doc = include_str!("../README.md")]

pub mod codes;
pub mod definitions;
pub mod elements;
pub mod import;
mod layout;
mod library;
pub mod search;
pub mod structs;
mod version;
mod words;

pub use library::library;
pub use version::{VERSIONS, Version};
pub use words::Words;

/// What went wrong, in words: this is a tool that is run by hand.
pub type Result<T> = std::result::Result<T, String>;
