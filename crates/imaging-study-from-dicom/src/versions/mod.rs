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
use smol_str::{SmolStr, format_smolstr};

use crate::form::Mark;

/// The extension that says why a required element is not there.
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// The system of the identifier that is the Study Instance UID, since R4.
const UID_SYSTEM: &str = "urn:dicom:uid";

/// The paths of the elements of R4 that have UIDs.
const STUDY_IDENTIFIER: &str = "ImagingStudy.identifier";
const SERIES_UID: &str = "ImagingStudy.series.uid";
const INSTANCE_UID: &str = "ImagingStudy.series.instance.uid";
const SOP_CLASS: &str = "ImagingStudy.series.instance.sopClass";

/// The URL of the extension that carries an element of R4, by the rule of
/// <https://hl7.org/fhir/R5/versions.html#extensions>.
fn carry_url(path: &str) -> SmolStr {
    format_smolstr!("http://hl7.org/fhir/4.0/StructureDefinition/extension-{path}")
}

/// The text of the UID of a series or an instance: its value, or what carries one that the version
/// does not allow, beside the value or on the parent.
fn uid_text<'a, E: Mark>(
    value: Option<&'a str>,
    beside: &'a [E],
    parent: &'a [E],
    path: &str,
) -> Option<&'a str> {
    value.or_else(|| {
        let carries = beside.iter().chain(parent);
        carries.filter(|one| one.carries(path)).find_map(E::text)
    })
}

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
