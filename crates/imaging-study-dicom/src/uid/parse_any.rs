//! Reading UIDs in the forms in which they are met.

use std::borrow::Cow;

use super::{ParsedUid, ResourceLevel, Uid, UidError, UidForm, UidLint, UidLints};
use crate::percent;
use crate::wado_url::WadoUrl;

/// The system of an Identifier that is a DICOM UID
/// (<https://hl7.org/fhir/R5/identifier-registry.html>).
pub const URN_DICOM_UID: &str = "urn:dicom:uid";
/// The system of what is a URI itself, as SOP classes are in a Coding.
pub const URN_IETF_RFC_3986: &str = "urn:ietf:rfc:3986";
/// DICOM's own scheme for UIDs as codes, DCMUID (PS3.16 section 8), as a FHIR system.
const DCMUID: &str = "urn:oid:1.2.840.10008.2.6.1";
/// Beyond this many bytes, no form is looked for.
const LONGEST: usize = 8192;

impl Uid {
    /// Reads a UID in any of the [forms](UidForm) that are met in practice, and says which it was
    /// and what is odd about it. A UUID is refused, for it is another identifier:
    /// [`parse_any_or_uuid`](Self::parse_any_or_uuid) makes a UID of it.
    ///
    /// ```
    /// use imaging_study_dicom::{Uid, UidForm};
    ///
    /// let parsed = Uid::parse_any("urn:dicom:uid|urn:oid:1.2.3")?;
    /// assert_eq!(parsed.uid, "1.2.3");
    /// assert_eq!(parsed.form, UidForm::Token);
    /// assert!(parsed.lints.is_empty());
    ///
    /// let parsed = Uid::parse_any("https://pacs.example.org/wado-rs/studies/1.2.3/series/1.2.4")?;
    /// assert_eq!(parsed.uid, "1.2.4");
    /// # Ok::<(), imaging_study_dicom::UidError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`UidError::MultiValue`], [`UidError::Uuid`], [`UidError::Url`], [`UidError::System`], or
    /// the first rule of the grammar that is broken.
    #[inline]
    pub fn parse_any(text: &str) -> Result<ParsedUid, UidError> {
        match Self::parse(text) {
            Ok(uid) => Ok(ParsedUid::bare(uid)),
            Err(_) => strip(text, true)?.parse(),
        }
    }

    /// Reads a UID from the system and value of an Identifier: the system is `urn:dicom:uid`,
    /// the value `urn:oid:1.2.3`. A missing system, that of URIs and a bare value are read with
    /// lints.
    ///
    /// # Errors
    ///
    /// [`UidError::System`] where the system is another one; otherwise as
    /// [`parse_any`](Self::parse_any) for the value.
    pub fn parse_identifier(system: Option<&str>, value: &str) -> Result<ParsedUid, UidError> {
        let mut lints = UidLints::NONE;
        match system {
            None => lints = lints.with(UidLint::MissingSystem),
            Some(URN_DICOM_UID) => {}
            Some(URN_IETF_RFC_3986) => lints = lints.with(UidLint::UnusualSystem),
            Some(_) => return Err(UidError::System),
        }
        prefixed(value, UidForm::Identifier, lints)
    }

    /// Reads a UID from the system and code of a Coding, as SOP classes are written since R4: the
    /// system is `urn:ietf:rfc:3986`, the code `urn:oid:1.2.3`. A missing system, `urn:dicom:uid`,
    /// DICOM's own `urn:oid:1.2.840.10008.2.6.1` and a bare code are read with lints.
    ///
    /// # Errors
    ///
    /// [`UidError::System`] where the system is another one; otherwise as
    /// [`parse_any`](Self::parse_any) for the code.
    pub fn parse_coding(system: Option<&str>, code: &str) -> Result<ParsedUid, UidError> {
        let mut lints = UidLints::NONE;
        match system {
            None => lints = lints.with(UidLint::MissingSystem),
            Some(URN_IETF_RFC_3986) => {}
            Some(URN_DICOM_UID | DCMUID) => lints = lints.with(UidLint::UnusualSystem),
            Some(_) => return Err(UidError::System),
        }
        prefixed(code, UidForm::Coding, lints)
    }
}

impl Uid {
    /// Reads a UID with padding and prefixes, and nothing else around it.
    pub(crate) fn parse_plain(text: &str) -> Result<ParsedUid, UidError> {
        match Self::parse(text) {
            Ok(uid) => Ok(ParsedUid::bare(uid)),
            Err(_) => strip(text, false)?.parse(),
        }
    }
}

/// Reads what ought to be `urn:oid:` and a UID.
fn prefixed(text: &str, form: UidForm, lints: UidLints) -> Result<ParsedUid, UidError> {
    let stripped = strip(text, false)?;
    let mut parsed = stripped.parse()?;
    parsed.lints = parsed.lints.union(lints);
    parsed.lints.add_if(
        matches!(
            parsed.form,
            UidForm::Bare | UidForm::NulPadded | UidForm::SpacePadded
        ),
        UidLint::MissingPrefix,
    );
    parsed.form = form;
    Ok(parsed)
}

/// A text from which everything around the UID was taken.
pub(super) struct Stripped<'a> {
    pub(super) leaf: Leaf<'a>,
    pub(super) form: UidForm,
    pub(super) lints: UidLints,
}

pub(super) enum Leaf<'a> {
    /// What ought to be the bare UID, and where it begins.
    Text(Cow<'a, str>, usize),
    /// The UID that a URL was asked for.
    Uid(Uid),
}

impl Stripped<'_> {
    pub(super) fn parse(&self) -> Result<ParsedUid, UidError> {
        let uid = match &self.leaf {
            Leaf::Text(text, offset) => Uid::parse(text).map_err(|error| error.shifted(*offset))?,
            Leaf::Uid(uid) => *uid,
        };
        Ok(ParsedUid {
            uid,
            form: self.form,
            lints: self.lints,
        })
    }
}

/// Takes off what surrounds a UID. URLs, tokens and percent-encoding are looked for only where
/// `composite` says so, since the parts of one are not composed again.
pub(super) fn strip(text: &str, composite: bool) -> Result<Stripped<'_>, UidError> {
    if text.len() > LONGEST {
        return Err(UidError::TooLong { length: text.len() });
    }
    let bare = text.trim_start_matches(['\0', ' ']);
    let offset = text.len() - bare.len();
    let bare = bare.trim_end_matches(['\0', ' ']);
    let mut lints = UidLints::NONE;
    let (before, after) = (&text[..offset], &text[offset + bare.len()..]);
    let padding = |character| before.contains(character) || after.contains(character);
    lints.add_if(padding('\0'), UidLint::NulPadding);
    lints.add_if(padding(' '), UidLint::SpacePadding);
    let padded = if padding('\0') {
        UidForm::NulPadded
    } else if padding(' ') {
        UidForm::SpacePadded
    } else {
        UidForm::Bare
    };
    if bare.is_empty() {
        return Err(UidError::Empty);
    }
    if composite && WadoUrl::looks_like(bare) {
        let url = WadoUrl::parse(bare)?;
        let (uid, level) = match (url.series, url.instance) {
            (_, Some(instance)) => (instance, ResourceLevel::Instance),
            (Some(series), None) => (series, ResourceLevel::Series),
            (None, None) => (url.study, ResourceLevel::Study),
        };
        return Ok(Stripped {
            leaf: Leaf::Uid(uid),
            form: UidForm::WadoUrl(level),
            lints: lints.union(url.lints).with(UidLint::InUrl),
        });
    }
    if let Some(position) = bare.find('\\') {
        return Err(UidError::MultiValue { position }.shifted(offset));
    }
    if composite && bare.contains('%') {
        return decoded(bare, offset, lints);
    }
    if composite && let Some((system, value)) = bare.split_once('|') {
        return token(system, value, offset + system.len() + 1, lints);
    }
    let mut stripped = prefixes(bare, offset, lints)?;
    if stripped.form == UidForm::Bare {
        stripped.form = padded;
    }
    Ok(stripped)
}

fn decoded<'a>(text: &str, offset: usize, lints: UidLints) -> Result<Stripped<'a>, UidError> {
    let position = offset + text.find('%').unwrap_or_default();
    let plain = percent::decode(text).ok_or(UidError::Character { position })?;
    // What was decoded is not decoded again: that would be a way around every check.
    if plain.contains('%') {
        return Err(UidError::Character { position });
    }
    let inner = strip(&plain, true)?;
    let leaf = match inner.leaf {
        Leaf::Text(text, offset) => Leaf::Text(Cow::Owned(text.into_owned()), offset),
        Leaf::Uid(uid) => Leaf::Uid(uid),
    };
    Ok(Stripped {
        leaf,
        form: UidForm::PercentEncoded,
        lints: lints.union(inner.lints).with(UidLint::PercentEncoded),
    })
}

fn token<'a>(
    system: &str,
    value: &'a str,
    offset: usize,
    mut lints: UidLints,
) -> Result<Stripped<'a>, UidError> {
    match system {
        "" => lints = lints.with(UidLint::MissingSystem),
        URN_DICOM_UID | URN_IETF_RFC_3986 => {}
        DCMUID => lints = lints.with(UidLint::UnusualSystem),
        _ => return Err(UidError::System),
    }
    if value.is_empty() {
        return Err(UidError::Empty);
    }
    let inner = prefixes(value, offset, lints)?;
    lints = inner.lints;
    lints.add_if(inner.form == UidForm::Bare, UidLint::MissingPrefix);
    Ok(Stripped {
        leaf: inner.leaf,
        form: UidForm::Token,
        lints,
    })
}

/// Takes off one prefix, or two.
fn prefixes(text: &str, offset: usize, mut lints: UidLints) -> Result<Stripped<'_>, UidError> {
    const KNOWN: [(&str, UidForm); 3] = [
        ("urn:oid:", UidForm::UrnOid),
        ("oid:", UidForm::OidPrefix),
        ("urn:dicom:uid:", UidForm::UrnDicomUid),
    ];
    let mut form = UidForm::Bare;
    let mut rest = text;
    for round in 0..2 {
        let found = KNOWN.into_iter().find_map(|(prefix, form)| {
            let start = rest.get(..prefix.len())?;
            start.eq_ignore_ascii_case(prefix).then_some((
                start == prefix,
                form,
                &rest[prefix.len()..],
            ))
        });
        let Some((lower_case, prefix, after)) = found else {
            break;
        };
        lints.add_if(!lower_case, UidLint::MixedCase);
        lints.add_if(prefix == UidForm::OidPrefix, UidLint::OidPrefix);
        lints.add_if(prefix == UidForm::UrnDicomUid, UidLint::SystemAsPrefix);
        lints.add_if(round > 0, UidLint::DoublePrefix);
        form = match (round, prefix) {
            (0, UidForm::UrnOid) if !lower_case => UidForm::UrnOidMixedCase,
            (0, prefix) => prefix,
            _ => UidForm::DoublePrefix,
        };
        rest = after;
    }
    let is_uuid = |text: &str| {
        text.get(..9)
            .is_some_and(|start| start.eq_ignore_ascii_case("urn:uuid:"))
    };
    if form == UidForm::Bare && is_uuid(rest) {
        return Err(UidError::Uuid);
    }
    Ok(Stripped {
        leaf: Leaf::Text(Cow::Borrowed(rest), offset + text.len() - rest.len()),
        form,
        lints,
    })
}
