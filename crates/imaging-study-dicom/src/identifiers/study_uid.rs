//! Finding the Study Instance UID.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;

use super::{Confidence, Found, IdentifierRef, IdentifierType, Place};
use crate::{
    ParsedUid, URN_DICOM_UID, URN_IETF_RFC_3986, Uid, UidError, UidForm, UidLint, UidLints,
};

/// The Study Instance UID (0020,000D) of a study, and everything else that looks like one.
///
/// The places, the earlier ones count more: `uid` of DSTU2 and STU3; an identifier with the system
/// `urn:dicom:uid`; one whose type says that it is the UID; one with the system `urn:ietf:rfc:3986`
/// and the value `urn:oid:...`; one with such a value and no system. The last two are taken only if
/// the type is not that of an accession number, and after all of them come those whose use is `old`.
/// Several UIDs in places that count the same are ambiguous.
///
/// ```
/// use imaging_study_dicom::{IdentifierRef, Place, StudyUid};
///
/// let identifiers = [
///     IdentifierRef { value: Some("A-17"), ..IdentifierRef::default() },
///     IdentifierRef {
///         system: Some("urn:dicom:uid"),
///         value: Some("urn:oid:1.2.3"),
///         ..IdentifierRef::default()
///     },
/// ];
/// let study_uid = StudyUid::find(None, identifiers);
/// assert_eq!(study_uid.require()?, "1.2.3");
/// assert_eq!(study_uid.found.one().map(|found| found.place), Some(Place::Identifier(1)));
/// # Ok::<(), imaging_study_dicom::StudyUidError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StudyUid {
    /// The UID.
    pub found: Found<FoundUid>,
    /// UIDs in places that count less, the same or others.
    pub others: Vec<FoundUid>,
    /// What stands where the UID belongs and is none.
    pub rejected: Vec<RejectedUid>,
}

/// A UID that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FoundUid {
    /// The UID.
    pub uid: Uid,
    /// Where it stands; the first place, if it stands in several.
    pub place: Place,
    /// The form of the value.
    pub form: UidForm,
    /// How sure it is that this is the UID of the study.
    pub confidence: Confidence,
    /// What is odd about it.
    pub lints: UidLints,
}

/// What stands where the UID belongs and is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RejectedUid {
    /// Where it stands.
    pub place: Place,
    /// Why it is no UID.
    pub error: UidError,
    rank: u8,
}

/// Why a study has no UID that could be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StudyUidError {
    /// Nothing in the study looks like its UID.
    NoStudyUid,
    /// The study has several UIDs, and none counts more than the others.
    Ambiguous {
        /// How many.
        count: usize,
    },
    /// What stands in the UID's place is none.
    NotAUid {
        /// Where it stands.
        place: Place,
        /// Why it is no UID.
        error: UidError,
    },
}

/// Identifiers with the use `old` come after all others.
const OLD: u8 = 10;

impl StudyUid {
    /// Looks for the UID in `uid` of DSTU2 and STU3 and in the identifiers of the study.
    #[must_use]
    pub fn find<'a>(
        uid: Option<&str>,
        identifiers: impl IntoIterator<Item = IdentifierRef<'a>>,
    ) -> Self {
        Self::search(uid, identifiers, Uid::parse_any)
    }

    /// The same as [`find`](Self::find), but that UUIDs, `urn:uuid:...`, are taken for the UIDs
    /// below 2.25 that are made from them.
    #[must_use]
    pub fn find_with_uuids<'a>(
        uid: Option<&str>,
        identifiers: impl IntoIterator<Item = IdentifierRef<'a>>,
    ) -> Self {
        Self::search(uid, identifiers, Uid::parse_any_or_uuid)
    }

    /// The UID.
    ///
    /// # Errors
    ///
    /// If there is none, or several.
    pub fn require(&self) -> Result<Uid, StudyUidError> {
        match &self.found {
            Found::One(found) => Ok(found.uid),
            Found::Ambiguous(all) => Err(StudyUidError::Ambiguous { count: all.len() }),
            Found::Missing => Err(match self.rejected.first() {
                Some(rejected) => StudyUidError::NotAUid {
                    place: rejected.place,
                    error: rejected.error,
                },
                None => StudyUidError::NoStudyUid,
            }),
        }
    }

    fn search<'a>(
        uid: Option<&str>,
        identifiers: impl IntoIterator<Item = IdentifierRef<'a>>,
        parse: impl Fn(&str) -> Result<ParsedUid, UidError>,
    ) -> Self {
        let mut state = State {
            rank: u8::MAX,
            found: Found::Missing,
            others: Vec::new(),
            rejected: Vec::new(),
        };
        if let Some(text) = uid {
            state.take(0, Place::Uid, Confidence::High, parse(text), UidLints::NONE);
        }
        for (index, identifier) in identifiers.into_iter().enumerate() {
            let Some(value) = identifier.value else {
                continue;
            };
            let Some((rank, confidence, mut lints)) = judge(&identifier, value) else {
                continue;
            };
            let old = identifier.r#use == Some("old");
            lints.add_if(old, UidLint::OldUse);
            let (rank, confidence) = if old {
                (rank + OLD, Confidence::Low)
            } else {
                (rank, confidence)
            };
            state.take(
                rank,
                Place::Identifier(index),
                confidence,
                parse(value),
                lints,
            );
        }
        state.finish()
    }
}

/// How much an identifier counts as the UID, if at all.
fn judge(identifier: &IdentifierRef<'_>, value: &str) -> Option<(u8, Confidence, UidLints)> {
    let lints = UidLints::NONE;
    let with_prefix = || {
        Uid::parse_plain(value).is_ok_and(|parsed| {
            !matches!(
                parsed.form,
                UidForm::Bare | UidForm::NulPadded | UidForm::SpacePadded
            )
        })
    };
    match (identifier.system, identifier.r#type) {
        (Some(URN_DICOM_UID), _) => Some((1, Confidence::High, lints)),
        (Some(system), _) if system.eq_ignore_ascii_case(URN_DICOM_UID) => {
            Some((1, Confidence::High, lints.with(UidLint::MixedCase)))
        }
        (_, IdentifierType::StudyInstanceUid) => {
            Some((2, Confidence::Medium, lints.with(UidLint::FoundByType)))
        }
        (_, IdentifierType::Accession) => None,
        (Some(URN_IETF_RFC_3986), _) if with_prefix() => {
            let lints = lints.with(UidLint::FoundByValue);
            Some((3, Confidence::Low, lints.with(UidLint::UnusualSystem)))
        }
        (None, _) if with_prefix() => {
            let lints = lints.with(UidLint::FoundByValue);
            Some((4, Confidence::Low, lints.with(UidLint::MissingSystem)))
        }
        _ => None,
    }
}

struct State {
    rank: u8,
    found: Found<FoundUid>,
    others: Vec<FoundUid>,
    rejected: Vec<RejectedUid>,
}

impl State {
    fn take(
        &mut self,
        rank: u8,
        place: Place,
        confidence: Confidence,
        parsed: Result<ParsedUid, UidError>,
        lints: UidLints,
    ) {
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(error) => {
                self.rejected.push(RejectedUid { place, error, rank });
                return;
            }
        };
        let mut lints = parsed.lints.union(lints);
        let bare = matches!(
            parsed.form,
            UidForm::Bare | UidForm::NulPadded | UidForm::SpacePadded
        );
        lints.add_if(bare, UidLint::MissingPrefix);
        lints.add_if(parsed.uid.starts_with(&Uid::DICOM), UidLint::DicomRoot);
        let next = FoundUid {
            uid: parsed.uid,
            place,
            form: parsed.form,
            confidence,
            lints,
        };
        if rank > self.rank {
            self.others.push(next);
            return;
        }
        if rank < self.rank {
            self.rank = rank;
            match std::mem::replace(&mut self.found, Found::Missing) {
                Found::Missing => {}
                Found::One(less) => self.others.push(less),
                Found::Ambiguous(less) => self.others.extend(less),
            }
        }
        match &mut self.found {
            Found::One(found) if found.uid == next.uid => {
                found.lints = found.lints.with(UidLint::Duplicate);
            }
            found => found.push(next),
        }
    }

    fn finish(mut self) -> StudyUid {
        if let Found::Ambiguous(all) = self.found {
            let mut different: Vec<FoundUid> = Vec::new();
            let mut known = HashMap::new();
            for next in all {
                let index = *known.entry(next.uid).or_insert(different.len());
                match different.get_mut(index) {
                    Some(first) => first.lints = first.lints.with(UidLint::Duplicate),
                    None => different.push(next),
                }
            }
            self.found = Found::from_vec(different);
        }
        if let Found::One(found) = &mut self.found {
            for other in &self.others {
                found.lints = found.lints.with(if other.uid == found.uid {
                    UidLint::Duplicate
                } else {
                    UidLint::OtherUid
                });
            }
            let invalid = self
                .rejected
                .iter()
                .any(|rejected| rejected.rank <= self.rank);
            found.lints.add_if(invalid, UidLint::InvalidUid);
        }
        self.rejected.sort_by_key(|rejected| rejected.rank);
        StudyUid {
            found: self.found,
            others: self.others,
            rejected: self.rejected,
        }
    }
}

impl fmt::Display for StudyUidError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStudyUid => formatter.write_str("the study has no Study Instance UID"),
            Self::Ambiguous { count } => {
                write!(
                    formatter,
                    "the study has {count} different Study Instance UIDs"
                )
            }
            Self::NotAUid { place, error } => {
                write!(formatter, "no Study Instance UID in {place}: {error}")
            }
        }
    }
}

impl Error for StudyUidError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotAUid { error, .. } => Some(error),
            _ => None,
        }
    }
}
