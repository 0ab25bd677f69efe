//! The names of UIDs that the DICOM standard defines.

use dicom_core::dictionary::{UidDictionary, UidDictionaryEntryRef, UidType};
use dicom_dictionary_std::StandardSopClassDictionary;

use super::{ParsedUid, Uid, UidError, UidForm, UidLint, UidLints};

/// A UID of the DICOM standard (PS3.6 annex A) with its names.
///
/// Of the kinds of UIDs in that annex, the SOP classes are known here.
///
/// ```
/// use imaging_study_dicom::{KnownUid, Uid, UidKind};
///
/// let known = Uid::from_static("1.2.840.10008.5.1.4.1.1.2").known().expect("a SOP class");
/// assert_eq!(known.keyword, "CTImageStorage");
/// assert_eq!(known.name, "CT Image Storage");
/// assert_eq!((known.kind, known.retired), (UidKind::SopClass, false));
/// assert_eq!(KnownUid::from_keyword("CTImageStorage"), Some(known));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct KnownUid {
    /// The UID.
    pub uid: Uid,
    /// The keyword, e.g. `CTImageStorage`.
    pub keyword: &'static str,
    /// The name, e.g. `CT Image Storage`; of a retired one, with `(Retired)`.
    pub name: &'static str,
    /// What it is a UID of.
    pub kind: UidKind,
    /// Whether the standard no longer defines its use.
    pub retired: bool,
}

/// What a UID of the standard is a UID of (PS3.6 annex A, UID Type).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UidKind {
    /// A SOP class.
    SopClass,
    /// Another kind, by the name that PS3.6 gives to it.
    Other,
}

impl Uid {
    /// The names of a UID of the standard.
    #[must_use]
    pub fn known(&self) -> Option<KnownUid> {
        StandardSopClassDictionary
            .by_uid(self.as_str())
            .and_then(known)
    }

    /// The same as [`parse_any`](Self::parse_any), but that a keyword or name of the standard
    /// stands for its UID, as some write `CTImageStorage` for a SOP class.
    ///
    /// # Errors
    ///
    /// As [`parse_any`](Self::parse_any).
    pub fn parse_any_or_name(text: &str) -> Result<ParsedUid, UidError> {
        Self::parse_any(text).or_else(|error| {
            let known = KnownUid::from_keyword(text).or_else(|| KnownUid::from_name(text));
            known.map_or(Err(error), |known| {
                Ok(ParsedUid {
                    uid: known.uid,
                    form: UidForm::Name,
                    lints: UidLints::NONE.with(UidLint::Keyword),
                })
            })
        })
    }
}

impl KnownUid {
    /// The UID with this keyword, e.g. `CTImageStorage`.
    #[must_use]
    pub fn from_keyword(keyword: &str) -> Option<Self> {
        StandardSopClassDictionary
            .by_keyword(keyword)
            .and_then(known)
    }

    /// The UID with this name, e.g. `CT Image Storage`. It is found through the keyword that the
    /// words of the name make, so that the few whose keyword has other words are not found:
    /// `12-lead ECG Waveform Storage`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        // A keyword has the words of the name, mostly but for those that say of what kind the UID
        // is and that it is retired.
        if name.len() > 128 {
            return None;
        }
        let words = |name: &str| -> String {
            name.split(|character: char| !character.is_ascii_alphanumeric())
                .flat_map(|word| {
                    let (first, rest) = word.split_at(word.len().min(1));
                    let rest = match word {
                        "FIND" | "MOVE" | "GET" => rest.to_ascii_lowercase(),
                        _ => rest.to_owned(),
                    };
                    [first.to_ascii_uppercase(), rest]
                })
                .collect()
        };
        let short = name.strip_suffix(" (Retired)").unwrap_or(name);
        let shorter = short.strip_suffix(" SOP Class").unwrap_or(short);
        [name, short, shorter]
            .into_iter()
            .filter_map(|candidate| Self::from_keyword(&words(candidate)))
            .find(|known| known.name == name)
    }
}

fn known(entry: &UidDictionaryEntryRef<'static>) -> Option<KnownUid> {
    Some(KnownUid {
        uid: Uid::parse(entry.uid).ok()?,
        keyword: entry.alias,
        name: entry.name,
        kind: match entry.r#type {
            UidType::SopClass => UidKind::SopClass,
            _ => UidKind::Other,
        },
        retired: entry.retired,
    })
}
