//! How each version writes a study. Nothing is decided here but the form: what is written is decided
//! by the plan.

#[macro_use]
mod comparisons;
#[macro_use]
mod data_types;
#[macro_use]
mod forms;
#[macro_use]
mod joined;
#[macro_use]
mod split;

#[cfg(feature = "dstu2")]
mod dstu2;
#[cfg(feature = "r4")]
mod r4;
#[cfg(feature = "r4b")]
mod r4b;
#[cfg(feature = "r5")]
mod r5;
#[cfg(feature = "r6")]
mod r6;
#[cfg(feature = "r6-draft")]
mod r6_draft;
#[cfg(feature = "stu3")]
mod stu3;

use imaging_study_core::{FhirVersion, Primitive, Scalar, ScalarType, TextStore, UnsignedInt};
use smol_str::SmolStr;

/// The extension that says why a required element is not there.
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// Keeps the very text that is read instead of a copy.
struct Shared<'a>(&'a SmolStr);

impl TextStore for Shared<'_> {
    fn store(&mut self, _text: &str) -> SmolStr {
        self.0.clone()
    }
}

/// The value of a text; none if the version does not allow it.
fn scalar<T: Scalar>(text: &SmolStr, version: FhirVersion) -> Option<T> {
    let legal = match T::TYPE {
        // These patterns differ by version.
        ScalarType::Oid | ScalarType::Code => T::TYPE.allows(text, version),
        _ => true,
    };
    let value = T::read(text, version, &mut Shared(text)).ok();
    value.filter(|_| legal)
}

/// A count or a number, which is none beyond 2,147,483,647.
fn number<E>(number: u32) -> Primitive<UnsignedInt, E> {
    UnsignedInt::try_from(number).ok().into()
}

/// How many there are; nothing where none is known, for a study without images is not made.
fn counted<E>(count: u32) -> Primitive<UnsignedInt, E> {
    match count {
        0 => Primitive::default(),
        count => number(count),
    }
}

/// Whether two values are equal, if both are there.
fn both<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> Option<bool> {
    Some(one.as_ref()? == other.as_ref()?)
}
