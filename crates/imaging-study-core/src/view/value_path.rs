//! The path of a value while an element is walked.

use std::fmt;

use crate::{ElementPath, Name};

/// Where a value stands, e.g. `ImagingStudy.series[2].uid`: an [`ElementPath`] that is made of
/// borrowed steps, so that walking allocates nothing.
#[derive(Clone, Copy, Debug)]
pub struct ValuePath<'p> {
    above: Option<&'p ValuePath<'p>>,
    name: Name,
    index: Option<usize>,
}

impl<'p> ValuePath<'p> {
    /// The path of an element at the root, named by its type.
    #[must_use]
    pub const fn root(type_name: &'static str) -> Self {
        Self {
            above: None,
            name: Name::plain(type_name),
            index: None,
        }
    }

    /// The path of an entry of a field below this path.
    #[must_use]
    pub const fn below(&'p self, name: Name, index: Option<usize>) -> ValuePath<'p> {
        ValuePath {
            above: Some(self),
            name,
            index,
        }
    }

    /// The last name.
    #[must_use]
    pub const fn name(&self) -> Name {
        self.name
    }

    /// The index of the entry, where the element repeats.
    #[must_use]
    pub const fn index(&self) -> Option<usize> {
        self.index
    }

    /// The path above.
    #[must_use]
    pub const fn parent(&self) -> Option<&'p ValuePath<'p>> {
        self.above
    }

    /// The path to keep.
    #[must_use]
    pub fn to_path(&self) -> ElementPath {
        let mut path = ElementPath::default();
        let mut step = Some(self);
        while let Some(one) = step {
            if let Some(index) = one.index {
                path.prepend_index(index);
            }
            path.prepend_name(one.name.to_text());
            step = one.above;
        }
        path
    }
}

impl From<&ValuePath<'_>> for ElementPath {
    fn from(path: &ValuePath<'_>) -> Self {
        path.to_path()
    }
}

impl fmt::Display for ValuePath<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            write!(formatter, "{above}.")?;
        }
        write!(formatter, "{}", self.name)?;
        match self.index {
            Some(index) => write!(formatter, "[{index}]"),
            None => Ok(()),
        }
    }
}
