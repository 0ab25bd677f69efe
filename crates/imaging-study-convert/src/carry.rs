//! The extensions in which a value travels through a version that has no element for it.

use std::collections::{HashMap, HashSet};
use std::fmt::Debug;

use imaging_study_core::FhirVersion;

use crate::context::Context;
use crate::hub::{Extension, Reference, Value, WithoutIds};

/// The marker for the type of a value that an extension cannot hold as such.
pub(crate) const DATATYPE: &str = "http://hl7.org/fhir/StructureDefinition/_datatype";

/// The extension that holds a reference whose target the version does not allow.
pub(crate) const ALTERNATE_REFERENCE: &str =
    "http://hl7.org/fhir/StructureDefinition/alternate-reference";

const BASE: &str = "http://hl7.org/fhir/";
const MIDDLE: &str = "/StructureDefinition/extension-";

/// The URL of the extension that carries an element of a version, by the rule of
/// <https://hl7.org/fhir/R5/versions.html#extensions>. The path has no `[x]`.
pub(crate) fn url(version: FhirVersion, path: &str) -> String {
    format!("{BASE}{}{MIDDLE}{path}", version.number())
}

/// The element that a URL carries: its version, and its path without `[x]`.
pub(crate) fn parse(url: &str) -> Option<(FhirVersion, &str)> {
    // Every version has a number of three characters.
    let (number, rest) = url.strip_prefix(BASE)?.split_at_checked(3)?;
    let path = rest.strip_prefix(MIDDLE)?;
    // The draft of R6 and R6 have one number; what it means here is R6.
    let version = FhirVersion::ALL
        .into_iter()
        .rfind(|version| version.number() == number)?;
    Some((version, path.strip_suffix("[x]").unwrap_or(path)))
}

/// Whether the version that a URL names may be another one: those of R6 and of its draft are the
/// same.
pub(crate) fn names(named: FhirVersion, version: FhirVersion) -> bool {
    named.number() == version.number()
}

impl Extension {
    /// An extension with a value.
    pub(crate) fn with_value(url: &str, value: Value) -> Self {
        Self {
            url: url.parse().ok(),
            value: Some(value),
            ..Self::default()
        }
    }

    /// Whether the extension carries the element of a path, from whatever version. One with an id
    /// is somebody's own: the id would be lost with it.
    pub(crate) fn carries(&self, path: &str) -> bool {
        self.id.is_none() && self.carried().is_some_and(|(_, carried)| carried == path)
    }

    /// The element that the extension carries.
    pub(crate) fn carried(&self) -> Option<(FhirVersion, &str)> {
        parse(self.url.as_ref()?.as_str())
    }

    /// Whether the extension has a URL.
    pub(crate) fn is(&self, url: &str) -> bool {
        self.url.as_ref().is_some_and(|own| own == url)
    }
}

/// Takes the extensions that carry the element of a path out of a list.
pub(crate) fn take(list: &mut Vec<Extension>, path: &str) -> Vec<Extension> {
    take_where(list, |extension| extension.carries(path))
}

/// Takes the extensions that carry the element of a path with a value of the right type.
pub(crate) fn take_if(
    list: &mut Vec<Extension>,
    path: &str,
    right: impl Fn(&Value) -> bool,
) -> Vec<Extension> {
    take_readable(list, path, |extension| {
        extension.value.as_ref().is_some_and(&right)
    })
}

/// Takes the extensions that carry the element of a path and can be read.
pub(crate) fn take_readable(
    list: &mut Vec<Extension>,
    path: &str,
    readable: impl Fn(&Extension) -> bool,
) -> Vec<Extension> {
    take_where(list, |extension| {
        extension.carries(path) && readable(extension)
    })
}

/// Of carries that were not used, drops those that can be read, since the native elements have been
/// edited; the others are nothing that a conversion wrote, and stay.
pub(crate) fn drop_or_keep(
    carries: Vec<Extension>,
    list: &mut Vec<Extension>,
    context: &mut Context<'_>,
    readable: impl Fn(&Extension) -> bool,
) {
    let (stale, foreign) = carries.into_iter().partition(readable);
    context.drop_stale(stale);
    list.extend::<Vec<_>>(foreign);
}

/// Copies the carries among modifier extensions behind the extensions, where the others are read.
/// What nobody takes from there stays in its place, see [`give_back`]. A withdrawn record is told
/// apart by its place, and is read there.
pub(crate) fn lend(
    modifier: &[Extension],
    list: &mut Vec<Extension>,
    context: &Context<'_>,
) -> Vec<Extension> {
    if modifier.is_empty() || context.from() == context.to() {
        return Vec::new();
    }
    let of_study = |extension: &&Extension| {
        extension.id.is_none()
            && extension.carried().is_some_and(|(_, path)| {
                path.starts_with("ImagingStudy.") && path != "ImagingStudy.status"
            })
    };
    let lent: Vec<_> = modifier.iter().filter(of_study).cloned().collect();
    list.extend(lent.iter().cloned());
    lent
}

/// Takes the lent copies that are left out of the extensions, and the carries of which no copy is
/// left out of the modifier extensions.
pub(crate) fn give_back(
    lent: Vec<Extension>,
    list: &mut Vec<Extension>,
    modifier: &mut Vec<Extension>,
) {
    if lent.is_empty() {
        return;
    }
    // Of equal ones the last are the copies.
    let mut copies: HashMap<String, usize> = HashMap::new();
    for carried in &lent {
        *copies.entry(key(carried)).or_default() += 1;
    }
    let mut unused: HashMap<String, usize> = HashMap::new();
    let mut kept = Vec::with_capacity(list.len());
    for extension in list.drain(..).rev() {
        match copies.get_mut(&key(&extension)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                *unused.entry(key(&extension)).or_default() += 1;
            }
            _ => kept.push(extension),
        }
    }
    kept.reverse();
    *list = kept;
    let lent: HashSet<_> = lent.iter().map(key).collect();
    modifier.retain(|extension| {
        let key = key(extension);
        let left = unused.get_mut(&key).filter(|count| **count > 0);
        match left {
            Some(count) => *count -= 1,
            None => return !lent.contains(&key),
        }
        true
    });
}

/// A text that only equal values have. Lists can be long, and comparing each item with each would
/// take the square of the time.
pub(crate) fn key(value: &impl Debug) -> String {
    format!("{value:?}")
}

/// Adds items to a list that are not there yet.
pub(crate) fn add_missing<T: Debug + Clone + WithoutIds>(list: &mut Vec<T>, items: Vec<T>) {
    if items.is_empty() {
        return;
    }
    let known: HashSet<_> = list
        .iter()
        .map(|own| key(&own.clone().without_ids()))
        .collect();
    let missing = |item: &T| !known.contains(&key(&item.clone().without_ids()));
    list.extend(items.into_iter().filter(missing));
}

/// The value of an element that is there at most once: its own, or the first one that extensions
/// carry. Beside its own, the others have been edited and are dropped.
pub(crate) fn own_or_carried(
    own: Option<Reference>,
    list: &mut Vec<Extension>,
    path: &str,
    context: &mut Context<'_>,
) -> Option<Reference> {
    let is_reference = |value: &Value| matches!(value, Value::Reference(_));
    let Some(own) = own else {
        let position = list.iter().position(|extension| {
            extension.carries(path) && extension.value.as_ref().is_some_and(is_reference)
        })?;
        return match list.remove(position).value {
            Some(Value::Reference(reference)) => Some(*reference),
            _ => None,
        };
    };
    let mut carries = take_if(list, path, is_reference);
    if carries.is_empty() {
        return Some(own);
    }
    let native = own.clone().without_ids();
    carries.retain(|carried| match &carried.value {
        Some(Value::Reference(carried)) => Reference::clone(carried).without_ids() != native,
        _ => true,
    });
    context.drop_stale(carries);
    Some(own)
}

pub(crate) fn take_where(
    list: &mut Vec<Extension>,
    wanted: impl Fn(&Extension) -> bool,
) -> Vec<Extension> {
    // Most studies carry nothing, and their lists stay where they are.
    if !list.iter().any(&wanted) {
        return Vec::new();
    }
    let (taken, kept) = std::mem::take(list).into_iter().partition(wanted);
    *list = kept;
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_and_paths() {
        let made = url(FhirVersion::R5, "ImagingStudy.partOf");
        assert_eq!(
            made,
            "http://hl7.org/fhir/5.0/StructureDefinition/extension-ImagingStudy.partOf"
        );
        assert_eq!(parse(&made), Some((FhirVersion::R5, "ImagingStudy.partOf")));
        let choice = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Annotation.author[x]";
        assert_eq!(parse(choice), Some((FhirVersion::R5, "Annotation.author")));
        assert_eq!(parse("http://hl7.org/fhir/StructureDefinition/x"), None);
        let draft = url(FhirVersion::R6Draft, "ImagingStudy.partOf");
        assert_eq!(
            parse(&draft),
            Some((FhirVersion::R6, "ImagingStudy.partOf"))
        );
        assert!(names(FhirVersion::R6, FhirVersion::R6Draft));
    }
}
