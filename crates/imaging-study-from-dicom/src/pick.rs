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

/// The most values that are kept of an attribute of a study or a series. No study has so many orders
/// or people; an input that pretends so shall take neither memory nor time.
const MAX_VALUES: usize = 1000;

/// All values that data sets state, each once, in the order of the first data set that has it. Of too
/// many the least are kept, so that the outcome does not depend on the order in which they are added.
#[derive(Clone, Debug)]
pub(crate) struct Union<T> {
    held: BTreeMap<T, (Source, usize)>,
    overflow: bool,
}

impl<T> Default for Union<T> {
    fn default() -> Self {
        Self {
            held: BTreeMap::new(),
            overflow: false,
        }
    }
}

impl<T: Ord> Union<T> {
    /// Adds the value at an index of a list in a data set.
    pub(crate) fn add(&mut self, source: &Source, index: usize, value: T) {
        match self.held.get_mut(&value) {
            Some((first, place)) => {
                if (source, index) < (&*first, *place) {
                    *first = source.clone();
                    *place = index;
                }
            }
            None => {
                self.held.insert(value, (source.clone(), index));
                if self.held.len() > MAX_VALUES {
                    self.held.pop_last();
                    self.overflow = true;
                }
            }
        }
    }

    /// The values in their order.
    pub(crate) fn list(&self) -> Vec<&T> {
        let mut list: Vec<_> = self.held.iter().collect();
        list.sort_by_key(|(_, place)| *place);
        list.into_iter().map(|(value, _)| value).collect()
    }

    /// Whether there were too many values.
    pub(crate) fn overflow(&self) -> bool {
        self.overflow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(number: u32) -> Source {
        Source {
            level: Level::Instance,
            uid: smol_str::format_smolstr!("1.{number:05}"),
        }
    }

    #[test]
    fn of_too_many_values_the_same_are_kept_in_any_order() {
        let values: Vec<u32> = (0..1500).collect();
        let mut forth = Union::default();
        let mut back = Union::default();
        for number in &values {
            forth.add(&source(1500 - number), 0, *number);
        }
        for number in values.iter().rev() {
            back.add(&source(1500 - number), 0, *number);
        }
        assert!(forth.overflow() && back.overflow());
        assert_eq!(forth.list(), back.list());
        assert_eq!(forth.list().len(), MAX_VALUES);
        assert_eq!(forth.list().first(), Some(&&999));
    }

    #[test]
    fn a_better_rank_wins_and_forgets_the_conflicts_of_a_worse() {
        let mut pick = Pick::default();
        pick.offer_ranked(1, &source(1), Some(1_u32));
        pick.offer_ranked(1, &source(2), Some(2));
        assert!(pick.conflict());
        pick.offer_ranked(0, &source(3), Some(3));
        assert!(!pick.conflict());
        pick.offer_ranked(1, &source(0), Some(4));
        assert_eq!((pick.get(), pick.conflict()), (Some(&3), false));
        pick.offer_ranked(0, &source(2), Some(5));
        assert_eq!((pick.get(), pick.conflict()), (Some(&5), true));
    }
}
