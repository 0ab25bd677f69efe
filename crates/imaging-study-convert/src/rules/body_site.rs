//! `bodySite` of a series, which may repeat in R6. The first stands for the list in other versions.

use imaging_study_core::FhirVersion;

use crate::carry;
use crate::hub::{CodeableReference, Concept, Extension, Value};
use crate::rules::concept::read_codeable_reference;

pub(crate) const PATH: &str = "ImagingStudy.series.bodySite";

/// Whether an extension of a series carries another body site than the first.
pub(crate) fn is_further(extension: &Extension, path: &str) -> bool {
    path == PATH
        && extension
            .carried()
            .is_some_and(|(version, _)| version == FhirVersion::R6)
}

/// The first body site of R6. The others travel from where they are read to where they are written.
pub(crate) fn first(
    list: Vec<CodeableReference>,
    extension: &mut Vec<Extension>,
) -> Option<Concept> {
    let mut list = list.into_iter();
    let first = list.next()?;
    let url = carry::url(FhirVersion::R6, PATH);
    let others = list.map(|item| Value::CodeableReference(Box::new(item)));
    extension.extend(others.map(|item| Extension::with_value(&url, item)));
    Some(Concept::CodeableReference(first))
}

/// The body sites of R6: the one of another version, and behind it those that travelled.
pub(crate) fn list(first: Option<Concept>, extension: &mut Vec<Extension>) -> Vec<Concept> {
    let further = carry::take_readable(extension, PATH, |item| {
        is_further(item, PATH) && read_codeable_reference(item).is_some()
    });
    let further = further.iter().filter_map(read_codeable_reference);
    let further = further.map(Concept::CodeableReference);
    first.into_iter().chain(further).collect()
}
