//! What a search for an identifier comes to.

use std::fmt;

/// What a search for something of which there should be one comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// There is none.
    Missing,
    /// There is one, in one place or more.
    One(T),
    /// There are several that differ, and none counts more than the others.
    Ambiguous(Vec<T>),
}

impl<T> Found<T> {
    /// The one, if there is one.
    #[must_use]
    pub fn one(&self) -> Option<&T> {
        match self {
            Self::One(found) => Some(found),
            _ => None,
        }
    }

    /// All that were found.
    #[must_use]
    pub fn all(&self) -> &[T] {
        match self {
            Self::Missing => &[],
            Self::One(found) => std::slice::from_ref(found),
            Self::Ambiguous(found) => found,
        }
    }

    pub(super) fn push(&mut self, next: T) {
        *self = match std::mem::replace(self, Self::Missing) {
            Self::Missing => Self::One(next),
            Self::One(first) => Self::Ambiguous(vec![first, next]),
            Self::Ambiguous(mut all) => {
                all.push(next);
                Self::Ambiguous(all)
            }
        };
    }

    pub(super) fn from_vec(mut all: Vec<T>) -> Self {
        match (all.pop(), all.is_empty()) {
            (None, _) => Self::Missing,
            (Some(one), true) => Self::One(one),
            (Some(last), false) => {
                all.push(last);
                Self::Ambiguous(all)
            }
        }
    }
}

/// Where in a study an identifier stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// `ImagingStudy.uid` of DSTU2 and STU3.
    Uid,
    /// `ImagingStudy.identifier`, by its index from 0.
    Identifier(usize),
    /// `ImagingStudy.accession` of DSTU2 and STU3.
    Accession,
    /// The identifier of a reference in `ImagingStudy.basedOn` (`order` in DSTU2), by the index of
    /// the reference from 0.
    BasedOn(usize),
}

impl fmt::Display for Place {
    /// Writes the path, as in an OperationOutcome.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uid => formatter.write_str("ImagingStudy.uid"),
            Self::Identifier(index) => write!(formatter, "ImagingStudy.identifier[{index}]"),
            Self::Accession => formatter.write_str("ImagingStudy.accession"),
            Self::BasedOn(index) => write!(formatter, "ImagingStudy.basedOn[{index}].identifier"),
        }
    }
}

/// How sure it is that an identifier is what it was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Only its value looks like it.
    Low,
    /// Something else than the standard's place says so.
    Medium,
    /// It stands in the standard's place.
    High,
}
