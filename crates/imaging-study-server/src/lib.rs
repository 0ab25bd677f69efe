#![doc = include_str!("../README.md")]

mod arguments;
mod condition;
mod import;
mod links;
mod pages;
mod rows;
mod run;
mod search;
mod server;
mod store;
mod tokens;

pub use arguments::Arguments;
pub use import::{ImportCounts, import};
pub use links::Links;
pub use run::{RunError, run};
pub use server::{Limits, Server, host_name, is_of_machine};
pub use store::SqliteStore;
pub use tokens::{Tokens, TokensError};
