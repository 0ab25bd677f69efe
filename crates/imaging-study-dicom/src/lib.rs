#![doc = include_str!("../README.md")]

mod raw_uid;
mod uid;

pub use raw_uid::RawUid;
pub use uid::{Uid, UidError};
