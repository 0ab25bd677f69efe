//! Repairing UIDs, only where it is asked for.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;

use super::parse_any::{Leaf, strip};
use super::{Uid, UidError, UidForm, UidLints};

/// A UID that was repaired, and what was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepairedUid {
    /// The UID, valid now.
    pub uid: Uid,
    /// The form in which it was written.
    pub form: UidForm,
    /// What was odd about the form.
    pub lints: UidLints,
    /// The leading zeros that were taken away, component by component.
    pub leading_zeros: Vec<LeadingZeros>,
}

/// Leading zeros of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeadingZeros {
    /// The index of the component, from 0.
    pub component: usize,
    /// How many zeros were taken away.
    pub count: usize,
}

/// Why several UIDs could not be repaired together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RepairError {
    /// A text cannot be repaired.
    Uid {
        /// The index of the text.
        index: usize,
        /// What is wrong with it.
        error: UidError,
    },
    /// Two UIDs that differ in leading zeros only would become one.
    Collision {
        /// The index of the first.
        first: usize,
        /// The index of the second.
        second: usize,
    },
}

impl Uid {
    /// Reads a UID in any form, as [`parse_any`](Self::parse_any), and takes leading zeros of its
    /// components away, which PS3.5 section 9.1 says are to be ignored when a UID is encoded.
    ///
    /// Other data may refer to the UID by its old text, so that nothing in this library repairs a
    /// UID on its own. Those that are used together are better repaired together:
    /// [`repair_all`](Self::repair_all).
    ///
    /// ```
    /// use imaging_study_dicom::{LeadingZeros, Uid};
    ///
    /// let repaired = Uid::repair("urn:oid:1.2.0029.0")?;
    /// assert_eq!(repaired.uid, "1.2.29.0");
    /// assert_eq!(repaired.leading_zeros, [LeadingZeros { component: 2, count: 2 }]);
    /// # Ok::<(), imaging_study_dicom::UidError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first other rule that is broken. A length of more than 64 is judged after the repair.
    pub fn repair(text: &str) -> Result<RepairedUid, UidError> {
        let stripped = strip(text, true)?;
        let mut leading_zeros = Vec::new();
        let uid = match &stripped.leaf {
            Leaf::Uid(uid) => *uid,
            Leaf::Text(text, offset) => match Self::parse(text) {
                Ok(uid) => uid,
                Err(error @ (UidError::LeadingZero { .. } | UidError::TooLong { .. })) => {
                    let plain = without_leading_zeros(text, &mut leading_zeros);
                    if leading_zeros.is_empty() {
                        return Err(error.shifted(*offset));
                    }
                    // Positions in the text without its zeros would mislead.
                    Self::parse(&plain).map_err(|error| match error {
                        UidError::Character { .. } => UidError::Character {
                            position: offset + first_other_character(text),
                        },
                        UidError::EmptyComponent { .. } => UidError::EmptyComponent {
                            position: offset + first_empty_component(text),
                        },
                        UidError::BadSecondArc { .. } => UidError::BadSecondArc {
                            position: offset + text.find('.').map_or(0, |dot| dot + 1),
                        },
                        error => error,
                    })?
                }
                Err(error) => return Err(error.shifted(*offset)),
            },
        };
        Ok(RepairedUid {
            uid,
            form: stripped.form,
            lints: stripped.lints,
            leading_zeros,
        })
    }

    /// Repairs UIDs that are used together, all or none.
    ///
    /// # Errors
    ///
    /// The first text that cannot be repaired, or two UIDs that a repair would make one.
    pub fn repair_all<'a>(
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Result<Vec<RepairedUid>, RepairError> {
        let mut repaired: Vec<RepairedUid> = Vec::new();
        let mut known: HashMap<Self, usize> = HashMap::new();
        for (index, text) in texts.into_iter().enumerate() {
            let uid = Self::repair(text).map_err(|error| RepairError::Uid { index, error })?;
            let first = *known.entry(uid.uid).or_insert(index);
            if repaired
                .get(first)
                .is_some_and(|other| other.leading_zeros != uid.leading_zeros)
            {
                return Err(RepairError::Collision {
                    first,
                    second: index,
                });
            }
            repaired.push(uid);
        }
        Ok(repaired)
    }
}

fn without_leading_zeros(text: &str, removed: &mut Vec<LeadingZeros>) -> String {
    let mut plain = String::with_capacity(text.len());
    for (index, component) in text.split('.').enumerate() {
        if index > 0 {
            plain.push('.');
        }
        let significant = component.trim_start_matches('0');
        let rest = if significant.starts_with(|first: char| first.is_ascii_digit()) {
            significant
        } else {
            // The last zero stands for itself.
            let zeros = component.len() - significant.len();
            &component[zeros.saturating_sub(1)..]
        };
        if rest.len() < component.len() {
            removed.push(LeadingZeros {
                component: index,
                count: component.len() - rest.len(),
            });
        }
        plain.push_str(rest);
    }
    plain
}

fn first_other_character(text: &str) -> usize {
    text.bytes()
        .position(|byte| !byte.is_ascii_digit() && byte != b'.')
        .unwrap_or_default()
}

fn first_empty_component(text: &str) -> usize {
    let mut position = 0;
    for component in text.split('.') {
        if component.is_empty() {
            break;
        }
        position += component.len() + 1;
    }
    position
}

impl fmt::Display for RepairError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uid { index, error } => write!(formatter, "UID {index}: {error}"),
            Self::Collision { first, second } => write!(
                formatter,
                "UIDs {first} and {second} differ in leading zeros only"
            ),
        }
    }
}

impl Error for RepairError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Uid { error, .. } => Some(error),
            Self::Collision { .. } => None,
        }
    }
}
