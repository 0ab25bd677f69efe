//! Finding the accession number.

use std::collections::HashMap;

use super::{Confidence, Found, IdentifierRef, IdentifierType, Place};

/// The greatest length of an accession number in DICOM (VR SH, PS3.5 section 6.2), in characters.
const LONGEST: usize = 16;

/// An Accession Number (0008,0050) that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundAccession<'a> {
    /// The number, without padding.
    pub value: &'a str,
    /// The system in which it is a number.
    pub system: Option<&'a str>,
    /// Who issued it, in words.
    pub assigner: Option<&'a str>,
    /// Where it stands; the first place, if it stands in several.
    pub place: Place,
    /// How sure it is that this is the accession number of the study.
    pub confidence: Confidence,
    /// What is odd about it.
    pub lints: Vec<AccessionLint>,
}

/// Something odd about an accession number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AccessionLint {
    /// Spaces or NULs before or behind.
    Padding,
    /// More than the 16 characters that DICOM allows.
    TooLong,
    /// A control character or a backslash, which DICOM does not allow.
    Character,
    /// The identifier has no type that says what it is.
    NoType,
    /// The identifier has the use `old`.
    OldUse,
    /// The same number stands in several places.
    Duplicate,
}

/// Looks for the accession number of a study: in `accession` of DSTU2 and STU3, then in the
/// identifiers whose type says so, then in the identifiers of the orders in `basedOn`, with that type
/// or, with low confidence, with none. Those whose use is `old` come after all others.
///
/// The same value with the same system, or without one, is the same number. Several numbers in
/// places that count the same are ambiguous: a study may well have several orders.
///
/// ```
/// use imaging_study_dicom::{IdentifierRef, Place, find_accession};
///
/// let accession = IdentifierRef { value: Some("A-17"), ..IdentifierRef::default() };
/// let found = find_accession(Some(accession), [], []);
/// let found = found.one().expect("there is one");
/// assert_eq!((found.value, found.place), ("A-17", Place::Accession));
/// ```
#[must_use]
pub fn find_accession<'a>(
    accession: Option<IdentifierRef<'a>>,
    identifiers: impl IntoIterator<Item = IdentifierRef<'a>>,
    based_on: impl IntoIterator<Item = IdentifierRef<'a>>,
) -> Found<FoundAccession<'a>> {
    let mut state = State {
        rank: u8::MAX,
        found: Found::Missing,
    };
    if let Some(accession) = accession {
        state.take(0, Place::Accession, Confidence::High, accession);
    }
    for (index, identifier) in identifiers.into_iter().enumerate() {
        if identifier.r#type == IdentifierType::Accession {
            state.take(1, Place::Identifier(index), Confidence::High, identifier);
        }
    }
    for (index, identifier) in based_on.into_iter().enumerate() {
        match identifier.r#type {
            IdentifierType::Accession => {
                state.take(2, Place::BasedOn(index), Confidence::Medium, identifier);
            }
            IdentifierType::None => {
                state.take(3, Place::BasedOn(index), Confidence::Low, identifier);
            }
            _ => {}
        }
    }
    state.finish()
}

struct State<'a> {
    rank: u8,
    found: Found<FoundAccession<'a>>,
}

impl<'a> State<'a> {
    fn take(
        &mut self,
        rank: u8,
        place: Place,
        confidence: Confidence,
        identifier: IdentifierRef<'a>,
    ) {
        let text = identifier.value.unwrap_or_default();
        let value = text.trim_matches(['\0', ' ']);
        if value.is_empty() {
            return;
        }
        let old = identifier.r#use == Some("old");
        let (rank, confidence) = if old {
            (rank + 10, Confidence::Low)
        } else {
            (rank, confidence)
        };
        if rank > self.rank {
            return;
        }
        if rank < self.rank {
            self.rank = rank;
            self.found = Found::Missing;
        }
        let no_type = place != Place::Accession && identifier.r#type == IdentifierType::None;
        let lints = [
            (value.len() < text.len(), AccessionLint::Padding),
            (value.chars().nth(LONGEST).is_some(), AccessionLint::TooLong),
            (
                value.contains(|character: char| character.is_control() || character == '\\'),
                AccessionLint::Character,
            ),
            (no_type, AccessionLint::NoType),
            (old, AccessionLint::OldUse),
        ];
        self.found.push(FoundAccession {
            value,
            system: identifier.system,
            assigner: identifier.assigner,
            place,
            confidence,
            lints: lints
                .into_iter()
                .filter_map(|(odd, lint)| odd.then_some(lint))
                .collect(),
        });
    }

    fn finish(self) -> Found<FoundAccession<'a>> {
        let Found::Ambiguous(all) = self.found else {
            return self.found;
        };
        // A number without a system is the first of that value.
        let mut different: Vec<FoundAccession<'a>> = Vec::new();
        let mut by_system = HashMap::new();
        let mut by_value = HashMap::new();
        for next in all {
            let index = match next.system {
                Some(system) => by_system.get(&(next.value, system)).or_else(|| {
                    by_value.get(next.value).filter(|index: &&usize| {
                        different
                            .get(**index)
                            .is_some_and(|first| first.system.is_none())
                    })
                }),
                None => by_value.get(next.value),
            };
            let index = index.copied().unwrap_or(different.len());
            if let Some(system) = next.system {
                by_system.entry((next.value, system)).or_insert(index);
            }
            by_value.entry(next.value).or_insert(index);
            match different.get_mut(index) {
                Some(first) => {
                    first.system = first.system.or(next.system);
                    first.assigner = first.assigner.or(next.assigner);
                    if !first.lints.contains(&AccessionLint::Duplicate) {
                        first.lints.push(AccessionLint::Duplicate);
                    }
                }
                None => different.push(next),
            }
        }
        Found::from_vec(different)
    }
}
