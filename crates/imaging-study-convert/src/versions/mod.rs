//! The tables of the versions.

use imaging_study_any::{dstu2, r4, r4b, r5, r6, r6_draft, stu3};
use imaging_study_core::{Element, FhirVersion, Json, Scalar, from_json, to_json};

use crate::hub::empty;
use crate::version::{TypeNames, Version};

/// The tables of a version, whose types are those of a module.
macro_rules! version {
    ($version:ident $types:ident, $names:expr) => {
        Version {
            fhir_version: FhirVersion::$version,
            study: $types::ImagingStudy::info,
            extension: $types::Extension::info,
            types: $names,
            new_extension: empty::<$types::Extension>,
            set_extension: |element, json| match element.as_any_mut().downcast_mut() {
                Some(element) => from_json::<$types::Extension>(json)
                    .map(|read| *element = read)
                    .is_ok(),
                None => false,
            },
            extension_json: |element| match element.as_any().downcast_ref::<$types::Extension>() {
                Some(element) => to_json(element).unwrap_or(Json::Object(Vec::new())),
                None => Json::Null,
            },
            new_study: empty::<$types::ImagingStudy>,
            set_study: |element, json| match element.as_any_mut().downcast_mut() {
                Some(element) => from_json::<$types::ImagingStudy>(json)
                    .map(|read| *element = read)
                    .is_ok(),
                None => false,
            },
            study_json: |element| {
                to_json(element.as_any().downcast_ref::<$types::ImagingStudy>()?).ok()
            },
        }
    };
}

/// The tables of every version, from the oldest on.
static ALL: [Version; FhirVersion::ALL.len()] = [
    version!(Dstu2 dstu2, TypeNames::Lines(include_str!("resources/dstu2.txt"))),
    version!(Stu3 stu3, TypeNames::Lines(include_str!("resources/stu3.txt"))),
    version!(R4 r4, TypeNames::Codes(r4::AllTypes::CODES)),
    version!(R4B r4b, TypeNames::Codes(r4b::AllTypes::CODES)),
    version!(R5 r5, TypeNames::Codes(r5::FhirTypes::CODES)),
    version!(R6Draft r6_draft, TypeNames::Codes(r6_draft::FhirTypes::CODES)),
    version!(R6 r6, TypeNames::Codes(r6::FhirTypes::CODES)),
];

/// The tables of every version, from the oldest on.
pub(crate) fn all() -> &'static [Version] {
    &ALL
}

/// The tables of a version.
pub(crate) fn table(version: FhirVersion) -> &'static Version {
    &ALL[index(version)]
}

/// The place of a version in a table of all.
pub(crate) const fn index(version: FhirVersion) -> usize {
    version as usize
}
