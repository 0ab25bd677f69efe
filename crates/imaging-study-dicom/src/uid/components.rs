//! The components of a UID.

use std::cmp::Ordering;

use super::{Uid, UidError};

impl Uid {
    /// The components, from the root on, as they are written.
    ///
    /// ```
    /// use imaging_study_dicom::Uid;
    ///
    /// let uid = Uid::from_static("1.2.840.10008");
    /// assert_eq!(uid.components().collect::<Vec<_>>(), ["1", "2", "840", "10008"]);
    /// assert_eq!(uid.components().next_back(), Some("10008"));
    /// ```
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.as_str().split('.')
    }

    /// Whether the UID is `root` or stands below it, component by component: `1.2.84` is no root
    /// of `1.2.840`.
    ///
    /// ```
    /// use imaging_study_dicom::Uid;
    ///
    /// let uid = Uid::from_static("1.2.840.10008.1.2");
    /// assert!(uid.starts_with(&Uid::DICOM));
    /// assert!(!uid.starts_with(&Uid::from_static("1.2.84")));
    /// ```
    #[must_use]
    pub fn starts_with(&self, root: &Self) -> bool {
        match self.as_str().strip_prefix(root.as_str()) {
            Some(rest) => rest.is_empty() || rest.starts_with('.'),
            None => false,
        }
    }

    /// The order of the tree of UIDs: component by component as numbers of any size, and a root
    /// before what stands below it. [`Ord`] is the order of the texts instead, as maps with keys
    /// that are borrowed as text need it.
    ///
    /// ```
    /// use imaging_study_dicom::Uid;
    /// use std::cmp::Ordering;
    ///
    /// let (two, ten) = (Uid::from_static("1.2.2"), Uid::from_static("1.2.10"));
    /// assert_eq!(two.cmp_components(&ten), Ordering::Less);
    /// assert_eq!(two.cmp(&ten), Ordering::Greater);
    /// ```
    #[must_use]
    pub fn cmp_components(&self, other: &Self) -> Ordering {
        // Without leading zeros, the longer number is the greater one.
        let number = |component: &str, other: &str| {
            component
                .len()
                .cmp(&other.len())
                .then_with(|| component.cmp(other))
        };
        let mut others = other.components();
        for component in self.components() {
            let order = match others.next() {
                Some(other) => number(component, other),
                None => Ordering::Greater,
            };
            if order.is_ne() {
                return order;
            }
        }
        match others.next() {
            Some(_) => Ordering::Less,
            None => Ordering::Equal,
        }
    }

    /// The UID below this one with `number` as its last component.
    ///
    /// An organisation may do so below a root of its own. UIDs of others are no roots: DICOM PS3.5
    /// section 9 warns of making UIDs by adding to them.
    ///
    /// ```
    /// use imaging_study_dicom::Uid;
    ///
    /// let root = Uid::from_static("1.2.826.0.1.3680043.8.498");
    /// assert_eq!(root.child(7)?.as_str(), "1.2.826.0.1.3680043.8.498.7");
    /// # Ok::<(), imaging_study_dicom::UidError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`UidError::TooLong`], if it would have more than 64 characters.
    pub fn child(&self, number: u128) -> Result<Self, UidError> {
        let mut buffer = [0; 39];
        let digits = decimal(number, &mut buffer);
        let start = usize::from(self.length);
        let length = start + 1 + digits.len();
        let mut text = self.text;
        match text.get_mut(start..length) {
            Some(place) => {
                place[0] = b'.';
                place[1..].copy_from_slice(digits);
                Ok(Self {
                    length: length as u8,
                    text,
                })
            }
            None => Err(UidError::TooLong { length }),
        }
    }
}

/// A number in decimal digits, without leading zeros.
pub(super) const fn decimal(mut number: u128, buffer: &mut [u8; 39]) -> &[u8] {
    let mut start = buffer.len();
    loop {
        start -= 1;
        buffer[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return buffer.split_at(start).1;
        }
    }
}
