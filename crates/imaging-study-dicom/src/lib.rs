#![doc = include_str!("../README.md")]

mod uid;

#[cfg(feature = "proptest")]
pub use uid::strategy;
pub use uid::{RawUid, Uid, UidError};
