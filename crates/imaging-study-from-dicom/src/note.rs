//! What there is to say about an input or a built study.

use std::collections::BTreeMap;
use std::fmt;

use crate::Tag;

/// Something in the input that is not as the standard wants it, or that the study could not take
/// over. It never holds a value of the input, which might identify a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// The attribute it is about.
    pub tag: Tag,
    /// Where it is; of several places the first.
    pub place: Place,
    /// How often it occurs, at least once.
    pub count: u64,
}

/// Where a note belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Place {
    /// The study as a whole.
    Study,
    /// A series of the built study.
    Series {
        /// Its index in the study, from 0.
        series: usize,
    },
    /// An instance of the built study.
    Instance {
        /// The index of its series in the study, from 0.
        series: usize,
        /// Its index in the series, from 0.
        instance: usize,
    },
    /// A data set of the input.
    Input {
        /// Its index among all that were added, from 0.
        index: u64,
    },
}

/// Kinds of [`Note`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NoteKind {
    /// A JSON document of the input could not be read; nothing of it was taken over.
    Unreadable,
    /// The data set has no usable UID here and was left out.
    Rejected,
    /// The attribute occurs twice in one data set; the first was taken.
    Repeated,
    /// The value has a form that the attribute cannot have, and was left out.
    Malformed,
    /// The value representation that is stated is another than that of the attribute; the
    /// attribute's was used.
    OtherVr,
    /// There are several values where one is allowed; the first was taken.
    SeveralValues,
    /// The text or the list is longer than anything that DICOM allows, and was left out or cut.
    TooLong,
    /// Control characters were taken out.
    ControlCharacters,
    /// The text is in a character set that was not decoded, or its bytes do not fit the stated one,
    /// and it was left out.
    CharacterSet,
    /// The bytes of the text do not fit the stated character set, or none or an unknown one is
    /// stated; they are valid UTF-8 and were read as that.
    CharacterSetGuessed,
    /// The transfer syntax is not stated, or the data set is written in another one; how it is
    /// written was told from its first element.
    TransferSyntax,
    /// The data set breaks off or is damaged at this element, which is lost with all behind it. What
    /// stands before is used, if it says of which instance it is.
    BrokenOff,
    /// Small letters in a code became capital letters.
    SmallLetters,
    /// The UID has padding or a prefix, which was taken off.
    PaddedUid,
    /// The UID breaks a rule of PS3.5 section 9.1 and was kept as it is; in the extension that carries
    /// it, where the version's type does not allow it.
    MalformedUid,
    /// The number is none, negative, broken or too large, and was left out.
    InvalidNumber,
    /// The date is none and was left out.
    InvalidDate,
    /// The date is legal, but stands for "unknown" in many archives.
    UnlikelyDate,
    /// The time of day is none and was left out.
    InvalidTime,
    /// The offset from UTC is none, or one that FHIR cannot hold, and was left out.
    InvalidOffset,
    /// There is a time of day but no offset from UTC, without which FHIR allows only the date.
    NoOffset,
    /// The version of FHIR cannot hold the time of day; only the date was written.
    TimeLeftOut,
    /// Data sets disagree; the one that comes first in the order of SOP Instance UIDs won.
    Conflict,
    /// A series occurs in more than one study; each kept the instances that name it.
    SeriesInSeveralStudies,
    /// The element is required, and the input has nothing for it.
    Missing,
    /// The term is not one of the attribute's defined terms.
    UnknownTerm,
    /// The term is retired.
    RetiredTerm,
    /// No URI is known for the coding scheme; the meaning was kept as text.
    UnknownCodingScheme,
    /// The version of FHIR has no place for it.
    NoPlace,
}

impl NoteKind {
    /// All kinds, in their order.
    pub const ALL: [Self; 29] = [
        Self::Unreadable,
        Self::Rejected,
        Self::Repeated,
        Self::Malformed,
        Self::OtherVr,
        Self::SeveralValues,
        Self::TooLong,
        Self::ControlCharacters,
        Self::CharacterSet,
        Self::CharacterSetGuessed,
        Self::TransferSyntax,
        Self::BrokenOff,
        Self::SmallLetters,
        Self::PaddedUid,
        Self::MalformedUid,
        Self::InvalidNumber,
        Self::InvalidDate,
        Self::UnlikelyDate,
        Self::InvalidTime,
        Self::InvalidOffset,
        Self::NoOffset,
        Self::TimeLeftOut,
        Self::Conflict,
        Self::SeriesInSeveralStudies,
        Self::Missing,
        Self::UnknownTerm,
        Self::RetiredTerm,
        Self::UnknownCodingScheme,
        Self::NoPlace,
    ];

    /// A name for files and programs, such as `missing`; what it means is its `Display`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Rejected => "rejected",
            Self::Repeated => "repeated",
            Self::Malformed => "malformed",
            Self::OtherVr => "other-vr",
            Self::SeveralValues => "several-values",
            Self::TooLong => "too-long",
            Self::ControlCharacters => "control-characters",
            Self::CharacterSet => "character-set",
            Self::CharacterSetGuessed => "character-set-guessed",
            Self::TransferSyntax => "transfer-syntax",
            Self::BrokenOff => "broken-off",
            Self::SmallLetters => "small-letters",
            Self::PaddedUid => "padded-uid",
            Self::MalformedUid => "malformed-uid",
            Self::InvalidNumber => "invalid-number",
            Self::InvalidDate => "invalid-date",
            Self::UnlikelyDate => "unlikely-date",
            Self::InvalidTime => "invalid-time",
            Self::InvalidOffset => "invalid-offset",
            Self::NoOffset => "no-offset",
            Self::TimeLeftOut => "time-left-out",
            Self::Conflict => "conflict",
            Self::SeriesInSeveralStudies => "series-in-several-studies",
            Self::Missing => "missing",
            Self::UnknownTerm => "unknown-term",
            Self::RetiredTerm => "retired-term",
            Self::UnknownCodingScheme => "unknown-coding-scheme",
            Self::NoPlace => "no-place",
        }
    }
}

impl fmt::Display for NoteKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unreadable => "the JSON could not be read",
            Self::Rejected => "the data set has no usable UID and was left out",
            Self::Repeated => "the attribute occurs twice, the first was taken",
            Self::Malformed => "the value has an impossible form and was left out",
            Self::OtherVr => "the value representation is not that of the attribute",
            Self::SeveralValues => "there are several values, the first was taken",
            Self::TooLong => "the value is too long and was left out or cut",
            Self::ControlCharacters => "control characters were taken out",
            Self::CharacterSet => "the text could not be decoded and was left out",
            Self::CharacterSetGuessed => {
                "the text does not fit the stated character set and was read as UTF-8"
            }
            Self::TransferSyntax => {
                "the transfer syntax is not stated or not true and was told from the data set"
            }
            Self::BrokenOff => "the data set breaks off here and the rest is lost",
            Self::SmallLetters => "small letters became capital letters",
            Self::PaddedUid => "padding or a prefix was taken off the UID",
            Self::MalformedUid => "the UID breaks a rule and was kept",
            Self::InvalidNumber => "the number is not valid and was left out",
            Self::InvalidDate => "the date is not valid and was left out",
            Self::UnlikelyDate => "the date is unlikely",
            Self::InvalidTime => "the time is not valid and was left out",
            Self::InvalidOffset => "the offset from UTC is not valid and was left out",
            Self::NoOffset => "the time has no offset from UTC, only the date was written",
            Self::TimeLeftOut => "this version cannot hold the time, only the date was written",
            Self::Conflict => "data sets disagree",
            Self::SeriesInSeveralStudies => "the series occurs in several studies",
            Self::Missing => "there is nothing for a required element",
            Self::UnknownTerm => "the term is not a defined one",
            Self::RetiredTerm => "the term is retired",
            Self::UnknownCodingScheme => "no URI is known for the coding scheme",
            Self::NoPlace => "this version has no place for it",
        })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.tag, self.kind)?;
        match self.place {
            Place::Study => {}
            Place::Series { series } => write!(formatter, ", series {series}")?,
            Place::Instance { series, instance } => {
                write!(formatter, ", series {series}, instance {instance}")?;
            }
            Place::Input { index } => write!(formatter, ", data set {index}")?,
        }
        if self.count > 1 {
            write!(formatter, ", {} times", self.count)?;
        }
        Ok(())
    }
}

/// Notes on inputs, of which there may be millions: one for each kind and attribute.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputNotes {
    /// The index of the data set that is being read.
    pub(crate) index: u64,
    found: BTreeMap<(NoteKind, Tag), (u64, u64)>,
}

impl InputNotes {
    /// No notes yet, for the data set of an index.
    pub(crate) fn new(index: u64) -> Self {
        Self {
            index,
            found: BTreeMap::new(),
        }
    }

    #[cold]
    pub(crate) fn add(&mut self, kind: NoteKind, tag: Tag) {
        let index = self.index;
        let (_, count) = self.found.entry((kind, tag)).or_insert((index, 0));
        *count += 1;
    }

    /// Takes over the notes of another data set.
    pub(crate) fn append(&mut self, other: Self) {
        for (key, (index, more)) in other.found {
            let (_, count) = self.found.entry(key).or_insert((index, 0));
            *count += more;
        }
    }

    pub(crate) fn list(&self) -> impl Iterator<Item = Note> + '_ {
        self.found
            .iter()
            .map(|(&(kind, tag), &(index, count))| Note {
                kind,
                tag,
                place: Place::Input { index },
                count,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_is_left_out() {
        let places = NoteKind::ALL.map(|kind| kind as usize);
        assert!(
            places
                .iter()
                .enumerate()
                .all(|(index, place)| index == *place)
        );
        assert_eq!(NoteKind::ALL.len(), NoteKind::NoPlace as usize + 1);
    }
}
