#![doc = include_str!("../README.md")]

mod body;
mod bundle;
mod capabilities;
mod cursor;
mod etag;
mod exchange;
mod failure;
mod headers;
mod history;
mod import;
mod interaction;
mod layout;
mod log_data;
mod memory;
mod negotiate;
mod number;
mod operations;
mod patch;
mod prefer;
mod reading;
mod request;
mod response;
mod searching;
mod service;
mod settings;
mod store;
mod timestamp;
mod writing;

pub use headers::{Headers, UnreadableHeader};
pub use import::Imported;
pub use interaction::Interaction;
pub use layout::{Layout, Route, Segment, Unauthorized};
pub use log_data::LogData;
pub use memory::MemoryStore;
pub use request::Request;
pub use response::Response;
pub use service::{Access, Sender, Service};
pub use settings::Settings;
pub use store::{
    Body, Change, History, Method, Page, Search, Store, StoreError, Stored, Transaction, Undo,
};
pub use timestamp::Timestamp;
