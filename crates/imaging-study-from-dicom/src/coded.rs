//! Coded concepts: items of code sequences (PS3.3 section 8).

use imaging_study_core::{FhirVersion, ScalarType};
use smol_str::{SmolStr, format_smolstr};

use crate::note::InputNotes;
use crate::pick::Agree;
use crate::{Attributes, NoteKind, tables, tags, text};

pub(crate) const SNOMED: &str = "http://snomed.info/sct";

/// A code of a system, or only the text of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Concept {
    /// The URI of the code system and the code: both or none.
    pub(crate) code: Option<(SmolStr, SmolStr)>,
    pub(crate) version: Option<SmolStr>,
    /// What the code means, in words.
    pub(crate) display: Option<SmolStr>,
    /// Words of its own, beside the code or without one.
    pub(crate) text: Option<SmolStr>,
}

impl Agree for Concept {
    fn agrees(&self, other: &Self) -> bool {
        match (&self.code, &other.code) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.text == other.text,
            _ => false,
        }
    }
}

impl Concept {
    pub(crate) fn new(system: &str, code: &str, display: &str) -> Self {
        Self {
            code: Some((system.into(), code.into())),
            display: Some(display.into()),
            ..Self::default()
        }
    }

    pub(crate) fn snomed((code, meaning): (&'static str, &'static str)) -> Self {
        Self {
            code: Some((SmolStr::new_static(SNOMED), SmolStr::new_static(code))),
            display: Some(SmolStr::new_static(meaning)),
            ..Self::default()
        }
    }

    pub(crate) fn text(text: SmolStr) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }

    /// The concept of an item of a code sequence. `root` is the data set that may say which UIDs the
    /// coding schemes have.
    pub(crate) fn read(
        item: &Attributes,
        root: &Attributes,
        notes: &mut InputNotes,
    ) -> Option<Self> {
        let meaning = item.text(tags::CODE_MEANING).cloned();
        if let Some(urn) = item.text(tags::URN_CODE_VALUE) {
            return Self::checked("urn:ietf:rfc:3986", urn, None, meaning);
        }
        let value = item
            .text(tags::CODE_VALUE)
            .or_else(|| item.text(tags::LONG_CODE_VALUE));
        let Some(value) = value else {
            return meaning.map(Self::text);
        };
        let designator = item.text(tags::CODING_SCHEME_DESIGNATOR);
        let designator = designator.map_or("", SmolStr::as_str);
        let version = item.text(tags::CODING_SCHEME_VERSION).cloned();
        let snomed_rt = matches!(designator, "SRT" | "SNM3" | "99SDM")
            || (designator == "SCT" && !value.bytes().all(|byte| byte.is_ascii_digit()));
        if snomed_rt {
            let Some(concept) = tables::srt(value) else {
                notes.add(NoteKind::UnknownTerm, tags::CODE_VALUE);
                return Some(Self::text(meaning.unwrap_or_else(|| value.clone())));
            };
            return Some(Self::snomed(concept));
        }
        if designator == "DCMUID" {
            let code = match text::uid(value) {
                Some((uid, _)) => format_smolstr!("urn:oid:{uid}"),
                None => value.clone(),
            };
            return Self::checked("urn:ietf:rfc:3986", &code, None, meaning);
        }
        let system = tables::coding_scheme(designator).map(SmolStr::new_static);
        let system = system.or_else(|| scheme_uid(item, root, designator));
        match system {
            Some(system) => Self::checked(&system, value, version, meaning),
            None => {
                notes.add(
                    NoteKind::UnknownCodingScheme,
                    tags::CODING_SCHEME_DESIGNATOR,
                );
                Some(Self::text(meaning.unwrap_or_else(|| value.clone())))
            }
        }
    }

    /// The concept of a code, if FHIR can hold it in every version.
    fn checked(
        system: &str,
        code: &SmolStr,
        version: Option<SmolStr>,
        display: Option<SmolStr>,
    ) -> Option<Self> {
        if !ScalarType::Code.allows(code, FhirVersion::R6) {
            return Some(Self::text(display.unwrap_or_else(|| code.clone())));
        }
        Some(Self {
            code: Some((system.into(), code.clone())),
            version,
            display,
            text: None,
        })
    }

    /// All concepts of a code sequence.
    pub(crate) fn list(
        sequence: &[Attributes],
        root: &Attributes,
        notes: &mut InputNotes,
    ) -> Vec<Self> {
        let items = sequence.iter();
        items
            .filter_map(|item| Self::read(item, root, notes))
            .collect()
    }
}

/// The URI of a coding scheme that the item or the data set gives a UID for.
fn scheme_uid(item: &Attributes, root: &Attributes, designator: &str) -> Option<SmolStr> {
    let uid = item.text(tags::CODING_SCHEME_UID).or_else(|| {
        let schemes = root.items(tags::CODING_SCHEME_IDENTIFICATION_SEQUENCE);
        let scheme = schemes.iter().find(|scheme| {
            scheme
                .text(tags::CODING_SCHEME_DESIGNATOR)
                .is_some_and(|one| one == designator)
        })?;
        scheme.text(tags::CODING_SCHEME_UID)
    })?;
    let (uid, form) = text::uid(uid)?;
    (form != text::UidForm::Malformed).then(|| format_smolstr!("urn:oid:{uid}"))
}
