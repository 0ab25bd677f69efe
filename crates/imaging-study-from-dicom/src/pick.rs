//! Attributes that many data sets state: one value out of all, whatever their order.

use std::collections::BTreeMap;

use smol_str::SmolStr;

/// The place of a data set in the order that decides between values: instances by their SOP
/// Instance UID, then rows about series, then rows about studies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Source {
    pub(crate) level: Level,
    pub(crate) uid: SmolStr,
}

/// What a data set is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Instance,
    Series,
    Study,
}

/// When two values say the same.
pub(crate) trait Agree: Ord + Clone {
    fn agrees(&self, other: &Self) -> bool {
        self == other
    }
}

impl Agree for SmolStr {}
impl Agree for u32 {}
impl<T: Agree> Agree for Vec<T> {}

/// The value of the first data set that has one, and whether another one disagrees.
///
/// Values of a lower rank win over all of a higher rank, and only those of the winning rank can
/// disagree. The outcome does not depend on the order in which the values are offered.
#[derive(Clone, Debug)]
pub(crate) struct Pick<T> {
    held: Option<(u8, Source, T)>,
    conflict: bool,
}

impl<T> Default for Pick<T> {
    fn default() -> Self {
        Self {
            held: None,
            conflict: false,
        }
    }
}

impl<T: Agree> Pick<T> {
    pub(crate) fn offer(&mut self, source: &Source, value: Option<T>) {
        self.offer_ranked(0, source, value);
    }

    pub(crate) fn offer_ranked(&mut self, rank: u8, source: &Source, value: Option<T>) {
        let Some(value) = value else { return };
        match &self.held {
            Some((held, ..)) if *held < rank => return,
            Some((held, place, other)) if *held == rank => {
                self.conflict |= !value.agrees(other);
                if (place, other) <= (source, &value) {
                    return;
                }
            }
            _ => self.conflict = false,
        }
        self.held = Some((rank, source.clone(), value));
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.held.as_ref().map(|(.., value)| value)
    }

    pub(crate) fn conflict(&self) -> bool {
        self.conflict
    }
}

/// All values that data sets state, each once, in the order of the first data set that has it.
#[derive(Clone, Debug)]
pub(crate) struct Union<T>(BTreeMap<T, (Source, usize)>);

impl<T> Default for Union<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord> Union<T> {
    /// Adds the value at an index of a list in a data set.
    pub(crate) fn add(&mut self, source: &Source, index: usize, value: T) {
        match self.0.get_mut(&value) {
            Some((first, place)) => {
                if (source, index) < (&*first, *place) {
                    *first = source.clone();
                    *place = index;
                }
            }
            None => {
                self.0.insert(value, (source.clone(), index));
            }
        }
    }

    /// The values in their order.
    pub(crate) fn list(&self) -> Vec<&T> {
        let mut list: Vec<_> = self.0.iter().collect();
        list.sort_by_key(|(_, place)| *place);
        list.into_iter().map(|(value, _)| value).collect()
    }
}
