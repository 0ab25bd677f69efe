//! The entries of a list, found again without a look at each.

use std::collections::HashMap;

use smol_str::SmolStr;

use crate::form::Compare;

/// Where the entries of a list stand, by the texts that entries which say the same have in common.
#[derive(Debug, Default)]
pub(crate) struct Known {
    places: HashMap<SmolStr, Vec<usize>>,
}

impl Known {
    /// The entries of a list.
    pub(crate) fn of<T: Compare>(list: &[T]) -> Self {
        let mut known = Self::default();
        for (index, entry) in list.iter().enumerate() {
            known.add(index, entry);
        }
        known
    }

    /// Takes in the entry at an index.
    pub(crate) fn add<T: Compare>(&mut self, index: usize, entry: &T) {
        entry.keys(&mut |key| {
            let places = self.places.entry(key.into()).or_default();
            if places.last() != Some(&index) {
                places.push(index);
            }
        });
    }

    /// Whether one of the list, whose entries have been taken in, says the same as another.
    pub(crate) fn has<T: Compare>(&self, list: &[T], entry: &T) -> bool {
        let mut found = false;
        entry.keys(&mut |key| {
            let places = self.places.get(key).into_iter().flatten();
            let mut same = places.filter_map(|place| list.get(*place)?.same(entry));
            found = found || same.any(|same| same);
        });
        found
    }
}
