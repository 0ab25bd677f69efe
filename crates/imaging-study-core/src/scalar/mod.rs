//! The scalars: values of FHIR's primitive types, each kept in the spelling it was read in.

mod code_enum;
mod date;
mod date_time;
mod decimal;
mod instant;
mod integer;
mod lexical;
mod positive_int;
mod scalar_type;
mod text;
mod time;
mod uid;
mod unsigned_int;

pub use code_enum::CodeSet;
pub use date::Date;
pub use date_time::{DateTime, NotRepresentable, Precision};
pub use decimal::Decimal;
pub use instant::Instant;
pub use integer::{Integer, Integer64};
pub use lexical::json_number;
pub use positive_int::PositiveInt;
pub use scalar_type::{JsonType, ScalarError, ScalarType};
pub use text::{
    Base64Binary, Canonical, Code, FhirString, Id, Markdown, Oid, Uri, Url, Uuid, Xhtml,
};
pub use time::Time;
pub use unsigned_int::UnsignedInt;

use std::borrow::Cow;
use std::fmt::Debug;
use std::hash::Hash;

use smol_str::SmolStr;

use crate::FhirVersion;

/// A value of a FHIR primitive type.
///
/// Codecs read and write scalars through their text, which is the same in JSON and in XML.
pub trait Scalar: Clone + Debug + PartialEq + Eq + Hash + Send + Sync + Sized + 'static {
    /// The FHIR primitive type.
    const TYPE: ScalarType;

    /// The codes of the required binding, where the type is one.
    const CODES: Option<&'static CodeSet> = None;

    /// Reads the text of a value as `version` spells it.
    ///
    /// # Errors
    ///
    /// The text is no value of the type.
    fn read(
        text: &str,
        version: FhirVersion,
        store: &mut impl TextStore,
    ) -> Result<Self, ScalarError>;

    /// Hands the text of the value to `receive`.
    fn with_text<R>(&self, receive: impl FnOnce(&str) -> R) -> R;

    /// The text of the value; borrowed where the value is kept as its text.
    fn text(&self) -> Cow<'_, str> {
        self.with_text(|text| Cow::Owned(text.to_owned()))
    }
}

/// Where a reader keeps texts, so that equal texts of one input can share their memory.
pub trait TextStore {
    /// Keeps `text`.
    fn store(&mut self, text: &str) -> SmolStr;
}

impl<S: TextStore + ?Sized> TextStore for &mut S {
    fn store(&mut self, text: &str) -> SmolStr {
        (**self).store(text)
    }
}

/// The text store that shares nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unshared;

impl TextStore for Unshared {
    fn store(&mut self, text: &str) -> SmolStr {
        SmolStr::new(text)
    }
}

impl Scalar for bool {
    const TYPE: ScalarType = ScalarType::Boolean;

    fn read(
        text: &str,
        _version: FhirVersion,
        _store: &mut impl TextStore,
    ) -> Result<Self, ScalarError> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(ScalarError::new(ScalarType::Boolean)),
        }
    }

    fn with_text<R>(&self, receive: impl FnOnce(&str) -> R) -> R {
        receive(if *self { "true" } else { "false" })
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }
}
