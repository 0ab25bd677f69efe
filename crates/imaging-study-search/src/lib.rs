#![doc = include_str!("../README.md")]

mod criterion;
mod date_text;
mod error;
mod extract;
mod fragments;
mod index_value;
mod matcher;
mod moment;
mod names;
mod options;
mod parameter;
mod parameters;
mod parse;
mod plan;
mod query;
mod result;
mod sort_key;
mod subset;
mod text;
mod translate;
mod value;

pub use criterion::{Criterion, Modifier, Wanted};
pub use error::{
    Hint, HintKind, Ignored, IgnoredReason, NotSupported, QueryError, QueryErrorKind, Report,
};
pub use extract::{Index, IndexEntry};
pub use fragments::capability_parameters;
pub use index_value::{IndexValue, LocalReference, Token, TypedIdentifier};
pub use matcher::{Asked, Matcher};
pub use moment::{Interval, Moment, Prefix};
pub use options::Options;
pub use parameter::{Parameter, ParameterKind};
pub use query::{HandedOver, Query};
pub use result::{Include, ResultParameters, SortBy, SummaryMode, Total};
pub use sort_key::SortKey;
pub use subset::{Subset, is_subset};
pub use text::decode;
pub use translate::{
    Translation, TranslationNote, TranslationNoteKind, Untranslatable, UntranslatableReason,
};
