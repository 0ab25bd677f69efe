//! Random elements that keep to the rules of their FHIR version.
//!
//! A generator of elements that works for every type with a description: it is driven by a
//! sequence of choices, decides field by field what is present, and fills the fields as a
//! [`Reader`](crate::Reader). No choices make the simplest element there is, so a failing test
//! shrinks by dropping and lowering choices, and ends at a small element.
//!
//! But for [`Profile::Partial`], what is generated is valid: elements that must be there are, texts are legal to the letter
//! ([`ScalarType::allows`](crate::ScalarType::allows)), codes are those of the binding, an
//! extension has either a value or extensions, and no element is empty. Of the rules between
//! elements, [`Profile::Typical`] keeps that a period starts before it ends and that a coded unit
//! names its system; no profile keeps all. Contained resources may lack what is required, and other
//! than studies they are made from the [`Definitions`](crate::Definitions) of the version, where
//! those are compiled in. References with `#` point at a contained resource; that
//! each contained resource is pointed at is left to chance.
//!
//! Hostile elements of DSTU2 have comments ([`Element::comments`]) now and then.
//!
//! Extensions have URLs outside `http://hl7.org/fhir/`, besides `data-absent-reason`, so that
//! nothing looks like what a conversion between versions writes.
//!
//! With the feature `proptest`, `element` is the strategy of any type that is an [`Element`]; the
//! version crates wrap it as `strategy::imaging_study`, where the examples are. [`from_choices`] and
//! [`from_seed`] make an element without proptest, e.g. for a benchmark.

mod choices;
mod contained;
mod date_time;
mod defined;
mod everywhere;
mod field;
mod fill;
mod number;
mod partial;
mod plan;
mod planner;
mod pools;
mod seed;
#[cfg(feature = "proptest")]
mod strategy;
mod text;

use crate::Element;
use choices::Choices;
use fill::Generator;

pub use everywhere::{Everywhere, everywhere};
pub use seed::from_seed;
#[cfg(feature = "proptest")]
pub use strategy::{ElementStrategy, ElementTree, element};

/// What kind of elements to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// Only what is required.
    Minimal,
    /// What hospitals write: sensible values, a few series and instances, now and then an
    /// extension.
    Typical,
    /// Whatever the version allows: ids and extensions on any primitive, also in place of its
    /// value, every type that an extension can have, contained resources, odd spellings of numbers
    /// and times, any Unicode text, narrative that is no XHTML. Contained resources may be of any
    /// type and have members in any order that no version defines.
    Hostile,
    /// As hostile, but only what both JSON and XML can say: contained resources keep to the
    /// definitions of their version and to their order, narrative is well-formed XHTML, in its
    /// namespace or in none, without id and extensions, and no text has a character that XML
    /// forbids.
    Interchange,
    /// As hostile, but whatever a reader takes and a version does not allow: elements that have one
    /// or two of their members, or nothing but an id; required elements left out; codes outside
    /// their binding; UIDs that are none; references to resources of a wrong type.
    Partial,
}

/// Generates an element from a sequence of choices; the same choices always make the same element.
///
/// Every choice is a number from 0 to `u32::MAX`. The size of the element is bounded by their
/// count: about one element a choice at most, besides those that are required and up to 500
/// instances of a series at once. Where the choices end, whatever is optional is absent.
#[must_use]
pub fn from_choices<T: Element>(profile: Profile, choices: &[u32]) -> T {
    generate(profile, choices).0
}

/// Generates an element, and says which choices it was made from.
fn generate<T: Element>(profile: Profile, numbers: &[u32]) -> (T, Choices<'_>) {
    let mut generator = Generator::new::<T>(profile, Choices::new(numbers));
    let mut element = T::default();
    generator.fill(&mut element);
    (element, generator.choices)
}
