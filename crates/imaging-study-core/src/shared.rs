//! An element that many others hold alike.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An element in memory that others with the same value share, as the SOP class is in all instances
/// of a series. It is read and compared like the element itself; a change makes a copy of its own
/// first, so that nobody else sees it.
///
/// ```
/// use imaging_study_core::Shared;
/// use imaging_study_r4::{Coding, ImagingStudySeriesInstance};
///
/// let coding = Coding { code: "urn:oid:1.2.840.10008.5.1.4.1.1.2".parse()?, ..Default::default() };
/// let first = ImagingStudySeriesInstance {
///     sop_class: Some(Shared::new(coding)),
///     ..Default::default()
/// };
/// let mut second = first.clone();
/// second.sop_class.get_or_insert_default().display = "CT Image Storage".parse()?;
/// assert!(first.sop_class.is_some_and(|coding| coding.display.value.is_none()));
/// # Ok::<(), imaging_study_core::ScalarError>(())
/// ```
#[derive(Default)]
pub struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    /// An element that is shared with none yet.
    pub fn new(element: T) -> Self {
        Self(Arc::new(element))
    }

    /// Whether both are one value in memory. Values that are equal need not be.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The address of the value, which no other value has as long as this one is held.
    #[must_use]
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

impl<T: Clone> Shared<T> {
    /// The element; a copy of it where others share it.
    #[must_use]
    pub fn into_inner(self) -> T {
        Arc::unwrap_or_clone(self.0)
    }
}

impl<T> From<T> for Shared<T> {
    fn from(element: T) -> Self {
        Self::new(element)
    }
}

impl<T> From<Arc<T>> for Shared<T> {
    fn from(element: Arc<T>) -> Self {
        Self(element)
    }
}

impl<T> From<Shared<T>> for Arc<T> {
    fn from(shared: Shared<T>) -> Self {
        shared.0
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: PartialEq> PartialEq<T> for Shared<T> {
    fn eq(&self, other: &T) -> bool {
        *self.0 == *other
    }
}

impl<T: Eq> Eq for Shared<T> {}

impl<T: Hash> Hash for Shared<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T: fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::new)
    }
}
