//! The extensions that conversions write, each with what it stands on and what it holds.
//!
//! Which there are is a table that is read off the conversions: samples of every element of every
//! version are converted to every other, and a test compares the table with what was written. What
//! an extension holds follows from the descriptions of the types.

mod part;
mod structure;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use imaging_study_core::{FhirVersion, FieldInfo, FieldType, TypeInfo};

use crate::carry::{self, ALTERNATE_REFERENCE, DATATYPE};
use crate::version::Version;
use crate::versions;
use table::Row;

pub use part::ExtensionPart;
pub use structure::full_number;

/// An extension that conversions write into studies of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtensionDefinition {
    /// The version of the studies that it is written into.
    pub version: FhirVersion,
    /// Its URL.
    pub url: String,
    /// The element that it carries, e.g. `ImagingStudy.series.performer`; `None` for the two of
    /// HL7's that say what something is: `_datatype` and `alternate-reference`.
    pub element: Option<String>,
    /// The versions that the element is from. R6 and its draft have one URL.
    pub from: BTreeSet<FhirVersion>,
    /// The elements that it stands on: by their path in a study, or a data type, wherever that is
    /// used; `Element` is any.
    pub contexts: BTreeSet<String>,
    /// Whether it is written among the extensions.
    pub plain: bool,
    /// Whether it is written among the modifier extensions.
    pub modifier: bool,
    /// What it holds.
    pub holds: ExtensionPart,
    /// Whether a package of HL7's defines it for this version; all others are ours, by HL7's rule
    /// for their URLs.
    pub published: bool,
}

/// Every extension that a conversion may write into a study of a version, sorted by URL. The mark
/// `data-absent-reason`, which every version defines itself, is not among them.
///
/// ```
/// use imaging_study_convert::extension_definitions;
/// use imaging_study_core::FhirVersion;
///
/// let all = extension_definitions(FhirVersion::Stu3);
/// let specimen = all
///     .iter()
///     .find(|one| one.element.as_deref() == Some("ImagingStudy.series.specimen"))
///     .expect("R4 has specimens, STU3 has not");
/// assert!(specimen.contexts.contains("ImagingStudy.series"));
/// assert!(specimen.holds.many && specimen.holds.types.contains("Reference"));
/// ```
#[must_use]
pub fn extension_definitions(version: FhirVersion) -> Vec<ExtensionDefinition> {
    let mut all = BTreeMap::new();
    let target = versions::table(version);
    for row in table::rows() {
        for (from, to) in &row.pairs {
            if *to == version {
                add(&row, versions::table(*from), target, &mut all);
            }
        }
    }
    all.into_values().collect()
}

/// Adds what a row says of one version in another.
fn add(
    row: &Row,
    source: &'static Version,
    target: &'static Version,
    all: &mut BTreeMap<String, ExtensionDefinition>,
) {
    let (url, element) = match row.element {
        "_datatype" => (DATATYPE.to_owned(), None),
        "alternate-reference" => (ALTERNATE_REFERENCE.to_owned(), None),
        element => (carry::url(source.fhir_version, element), Some(element)),
    };
    let definition = all
        .entry(url.clone())
        .or_insert_with(|| ExtensionDefinition {
            version: target.fhir_version,
            url,
            element: element.map(str::to_owned),
            from: BTreeSet::new(),
            contexts: BTreeSet::new(),
            plain: false,
            modifier: false,
            holds: ExtensionPart::default(),
            published: element.is_none(),
        });
    definition.from.insert(source.fhir_version);
    let contexts = row.contexts.iter().map(|&context| context.to_owned());
    definition.contexts.extend(contexts);
    definition.plain |= row.plain;
    definition.modifier |= row.modifier;
    let mut holds = ExtensionPart {
        types: row.types.iter().copied().collect(),
        ..ExtensionPart::default()
    };
    let Some(element) = element else {
        return definition.holds.add(holds);
    };
    definition.published |= table::is_published(source.fhir_version, target.fhir_version, element);
    if let Some((field, inner)) = find(source, element) {
        holds.many = field.many;
        // What is part of the study says its type by its place.
        if let Some(inner) = inner.filter(|inner| row.whole.contains(&inner.name)) {
            holds.add_parts(inner, source, target);
        }
    }
    for name in &row.whole {
        let Some(info) = source.value_info(name) else {
            continue;
        };
        let mut value = ExtensionPart::default();
        value.add_datatype();
        value.add_parts(info, source, target);
        if element == "Extension.value" {
            // A value stands under the name that it has in an extension.
            holds.parts.insert(format!("value{name}"), value);
        } else {
            holds.add(value);
        }
    }
    definition.holds.add(holds);
}

/// An element of a version by its path, and the type that it holds.
fn find(
    version: &'static Version,
    path: &str,
) -> Option<(&'static FieldInfo, Option<&'static TypeInfo>)> {
    let (first, rest) = path.split_once('.')?;
    let mut info = match first {
        "ImagingStudy" => (version.study)(),
        name => version.value_info(name)?,
    };
    let mut steps = rest.split('.').peekable();
    loop {
        let step = steps.next()?;
        let field = info.fields.iter().find(|field| field.stem() == step)?;
        let inner = field.types.iter().find_map(|field_type| match field_type {
            FieldType::Element(inner) => Some(inner()),
            _ => None,
        });
        if steps.peek().is_none() {
            return Some((field, inner));
        }
        info = inner?;
    }
}

/// Whether an extension says which type a value has.
fn is_datatype(url: &str) -> bool {
    url == DATATYPE
}
