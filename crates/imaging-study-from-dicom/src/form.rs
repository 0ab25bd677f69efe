//! What merging needs of the types of a version.

use std::collections::HashSet;

use imaging_study_core::{DateTime, Primitive, Scalar, Shared, UnsignedInt};
use smol_str::SmolStr;

use crate::known::Known;
use crate::{ChangedElement, Changes, Place};

/// A study of any version.
pub trait StudyForm {
    /// Its series.
    type Series: SeriesForm;

    /// The Study Instance UIDs that it states.
    fn uids(&self) -> Vec<&str>;
    /// Its series.
    fn series(&mut self) -> &mut Vec<Self::Series>;
    /// `numberOfSeries`.
    fn number_of_series(&self) -> Option<UnsignedInt>;
    /// Sets `numberOfSeries`.
    fn set_number_of_series(&mut self, number: Option<UnsignedInt>);
    /// `numberOfInstances`.
    fn number_of_instances(&self) -> Option<UnsignedInt>;
    /// Sets `numberOfInstances`.
    fn set_number_of_instances(&mut self, number: Option<UnsignedInt>);
    /// Takes over the UID, where that is an element of its own, for a study without one.
    fn merge_uid(&mut self, delta: &mut Self, merger: &mut Merger);
    /// Takes over every other element.
    fn merge(&mut self, delta: Self, merger: &mut Merger);
    /// Adds the modalities of its series that it does not list; whether there were any.
    fn add_modalities(&mut self) -> bool;
    /// Drops the modalities that only series had that are gone; whether there were any.
    fn drop_modalities(&mut self, gone: &HashSet<SmolStr>) -> bool;
    /// Says that nothing can be fetched any more; whether it said something else before.
    fn set_empty(&mut self) -> bool;
}

/// A series of any version.
pub trait SeriesForm {
    /// Its instances.
    type Instance: InstanceForm;

    /// Its UID as it is written.
    fn uid(&self) -> Option<&str>;
    /// Its number.
    fn number(&self) -> Option<u32>;
    /// The codes of its modality.
    fn modality_codes(&self) -> Vec<&str>;
    /// Its instances, to be changed.
    fn instances(&mut self) -> &mut Vec<Self::Instance>;
    /// Its instances.
    fn listed(&self) -> &[Self::Instance];
    /// `numberOfInstances`.
    fn number_of_instances(&self) -> Option<UnsignedInt>;
    /// Sets `numberOfInstances`.
    fn set_number_of_instances(&mut self, number: Option<UnsignedInt>);
    /// Takes over every other element.
    fn merge(&mut self, delta: Self, merger: &mut Merger);
}

/// An instance of any version.
pub trait InstanceForm {
    /// Its UID as it is written.
    fn uid(&self) -> Option<&str>;
    /// Its number.
    fn number(&self) -> Option<u32>;
    /// Takes over every element.
    fn merge(&mut self, delta: Self, merger: &mut Merger);
}

/// An extension that may say why a required element is absent, or carry a value that the version does
/// not allow.
pub(crate) trait Mark {
    /// Whether it says why.
    fn is_mark(&self) -> bool;
    /// Its URL.
    fn url(&self) -> Option<&str>;
    /// The id, the OID or the string that it holds.
    fn text(&self) -> Option<&str>;

    /// The path of the element that it carries, of whatever version.
    fn carried(&self) -> Option<&str> {
        let rest = self.url()?.strip_prefix("http://hl7.org/fhir/")?;
        // Every version has a number of three characters.
        let (_, rest) = rest.split_at_checked(3)?;
        rest.strip_prefix("/StructureDefinition/extension-")
    }

    /// Whether it carries the element of a path.
    fn carries(&self, path: &str) -> bool {
        self.carried() == Some(path)
    }
}

/// Sets a value. Nothing says any more that there is none.
pub(crate) fn set<T: Scalar, E: Mark>(held: &mut Primitive<T, E>, value: Option<T>) {
    if value.is_some()
        && let Some(sibling) = &mut held.element
    {
        sibling.extension.retain(|one| !one.is_mark());
        held.element = held.element.take().filter(|sibling| !sibling.is_empty());
    }
    held.value = value;
}

/// A complex type whose values can be compared.
pub(crate) trait Compare: Sized {
    /// Whether both say the same; `None` if they say nothing of the same kind.
    fn same(&self, other: &Self) -> Option<bool>;
    /// Hands over the texts by which it is known: what says the same has one of them in common.
    fn keys(&self, take: &mut dyn FnMut(&str));
    /// Whether it only says why there is nothing.
    fn is_absent(&self) -> bool;
    /// Takes the place of an absent one, whose id and other extensions stay.
    fn replace(&mut self, other: Self);
}

impl<T: Compare> Compare for Box<T> {
    fn same(&self, other: &Self) -> Option<bool> {
        (**self).same(other)
    }

    fn keys(&self, take: &mut dyn FnMut(&str)) {
        (**self).keys(take);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }

    fn replace(&mut self, other: Self) {
        (**self).replace(*other);
    }
}

impl<T: Compare + Clone> Compare for Shared<T> {
    fn same(&self, other: &Self) -> Option<bool> {
        (**self).same(other)
    }

    fn keys(&self, take: &mut dyn FnMut(&str)) {
        (**self).keys(take);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }

    fn replace(&mut self, other: Self) {
        (**self).replace(other.into_inner());
    }
}

/// Merges element by element: what is there stays, what is not is filled in.
pub struct Merger {
    pub(crate) changes: Changes,
    pub(crate) place: Place,
}

impl Merger {
    pub(crate) fn new() -> Self {
        Self {
            changes: Changes::default(),
            place: Place::Study,
        }
    }

    pub(crate) fn changed(&mut self, element: &'static str) {
        let place = self.place;
        self.changes
            .elements
            .push(ChangedElement { place, element });
    }

    pub(crate) fn conflict(&mut self, element: &'static str) {
        let place = self.place;
        self.changes
            .conflicts
            .push(ChangedElement { place, element });
    }

    /// A primitive.
    pub(crate) fn primitive<T: Scalar, E: Mark>(
        &mut self,
        element: &'static str,
        held: &mut Primitive<T, E>,
        delta: Primitive<T, E>,
        agrees: impl Fn(&T, &T) -> bool,
    ) {
        // A value that the version does not allow is carried.
        let carried = held.extension().iter().any(|one| one.carried().is_some());
        let Some(value) = delta.value else {
            let carries = delta.extension().iter().any(|one| one.carried().is_some());
            if carries && !carried && held.value.is_none() {
                let list = held.extension_mut();
                list.retain(|one| !one.is_mark());
                list.extend(delta.element.map(|one| one.extension).unwrap_or_default());
                self.changed(element);
            }
            return;
        };
        match &held.value {
            Some(known) if agrees(known, &value) => {}
            None if !carried => {
                set(held, Some(value));
                self.changed(element);
            }
            _ => self.conflict(element),
        }
    }

    /// A complex element that does not repeat.
    pub(crate) fn single<T: Compare>(
        &mut self,
        element: &'static str,
        held: &mut Option<T>,
        delta: Option<T>,
    ) {
        let Some(value) = delta else { return };
        match held {
            None => {
                *held = Some(value);
                self.changed(element);
            }
            Some(_) if value.is_absent() => {}
            Some(known) if known.is_absent() => {
                known.replace(value);
                self.changed(element);
            }
            Some(known) => {
                if known.same(&value) == Some(false) {
                    self.conflict(element);
                }
            }
        }
    }

    /// A complex element that repeats: entries that are not there are added.
    pub(crate) fn list<T: Compare>(
        &mut self,
        element: &'static str,
        held: &mut Vec<T>,
        delta: Vec<T>,
    ) {
        if delta.is_empty() {
            return;
        }
        let before = held.len();
        let mut known = Known::of(held);
        for entry in delta {
            if !known.has(held, &entry) {
                known.add(held.len(), &entry);
                held.push(entry);
            }
        }
        if held.len() > before {
            self.changed(element);
        }
    }
}

/// Whether two moments can be the same: one is a part of the other, or they are one instant.
pub(crate) fn same_time(one: &DateTime, other: &DateTime) -> bool {
    let (short, long) = if one.as_str().len() <= other.as_str().len() {
        (one, other)
    } else {
        (other, one)
    };
    if long.as_str().starts_with(short.as_str()) {
        return true;
    }
    let instant = |value| chrono::DateTime::<chrono::FixedOffset>::try_from(value).ok();
    instant(one).is_some() && instant(one) == instant(other)
}
