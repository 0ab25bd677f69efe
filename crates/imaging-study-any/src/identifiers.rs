//! The Study Instance UID and the accession number of a study of any version.

use imaging_study_core::{ElementMut, ElementRef, FhirVersion, ScalarError, ScalarType};
use imaging_study_dicom::{
    Found, FoundAccession, IdentifierRef, IdentifierType, Place, RawUrnOid, Slot, StudyUid,
    URN_DICOM_UID, Uid, UidLint, find_accession,
};

use crate::AnyImagingStudy;
use crate::spelling::spelling;

const ACSN: &str = "ACSN";
const V2_0203: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
/// Before R4.
const V2_0203_OLD: &str = "http://hl7.org/fhir/v2/0203";

/// An accession number to be set: Accession Number (0008,0050).
///
/// ```
/// use imaging_study_any::Accession;
///
/// let accession = Accession { value: "A-17", issuer: Some("RIS"), ..Accession::default() };
/// assert_eq!(Accession::from("A-17").system, None);
/// # let _ = accession;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accession<'a> {
    /// The number. Spaces and NULs around it, DICOM's padding, are left out.
    pub value: &'a str,
    /// The URI of the system in which it is a number; where none is given, the one that is there
    /// stays.
    pub system: Option<&'a str>,
    /// Who issued it, in words (`assigner.display`); where none is given, the one that is there
    /// stays.
    pub issuer: Option<&'a str>,
}

impl<'a> From<&'a str> for Accession<'a> {
    fn from(value: &'a str) -> Self {
        Self {
            value,
            ..Self::default()
        }
    }
}

/// Why an identifier of a study was not set. The study is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentifierError {
    /// The study has several, and it is not known which of them is to be replaced.
    #[error("the study has {count} different ones, and none counts more than the others")]
    Ambiguous {
        /// How many.
        count: usize,
    },
    /// An accession number is not empty and has no control characters and no backslashes.
    #[error("no accession number is empty or has control characters or backslashes")]
    NotAnAccession,
    /// FHIR does not allow the text.
    #[error(transparent)]
    Text(#[from] ScalarError),
}

/// The parts of an Identifier of any version.
pub(crate) fn identifier_ref(identifier: ElementRef<'_>) -> IdentifierRef<'_> {
    let concept = identifier.element("type").into_iter();
    let codings = concept.flat_map(|concept| concept.elements("coding"));
    let codings = codings.map(|coding| (coding.str("system"), coding.str("code")));
    IdentifierRef {
        r#use: identifier.str("use"),
        r#type: IdentifierType::from_codings(codings),
        system: identifier.str("system"),
        value: identifier.str("value"),
        assigner: identifier
            .element("assigner")
            .and_then(|assigner| assigner.str("display")),
    }
}

/// The Study Instance UID of a study, from every place.
pub(crate) fn find_study_uid(study: ElementRef<'_>) -> StudyUid {
    StudyUid::find(uid_text(study), identifier_refs(study))
}

/// The Accession Number of a study, from every place.
pub(crate) fn find_accession_of(study: ElementRef<'_>) -> Found<FoundAccession<'_>> {
    // An order without an identifier counts too, so that places count references.
    let orders = study.elements("basedOn").map(|order| {
        let identifier = order.element("identifier");
        identifier.map(identifier_ref).unwrap_or_default()
    });
    find_accession(
        study.element("accession").map(identifier_ref),
        identifier_refs(study),
        orders.collect::<Vec<_>>(),
    )
}

/// `uid` of DSTU2 and STU3.
fn uid_text(study: ElementRef<'_>) -> Option<&str> {
    study.str("uid")
}

fn identifier_refs(study: ElementRef<'_>) -> Vec<IdentifierRef<'_>> {
    study.elements("identifier").map(identifier_ref).collect()
}

impl AnyImagingStudy {
    /// The same as [`study_uid`](Self::study_uid), but that UUIDs, `urn:uuid:...`, are taken for
    /// the UIDs below 2.25 that are made from them.
    #[must_use]
    pub fn study_uid_with_uuids(&self) -> StudyUid {
        let study = self.element();
        StudyUid::find_with_uuids(uid_text(study), identifier_refs(study))
    }

    /// Sets the Study Instance UID (0020,000D) in the version's place and spelling: `uid` of DSTU2
    /// and STU3, an identifier with the system `urn:dicom:uid` since R4.
    ///
    /// Every identifier that held the UID which is replaced gets the new one, so that no two
    /// contradict each other, and an only identifier of that system whose value is no UID too. Ids,
    /// extensions and all other identifiers stay, also those with the use `old`. A UID that stands
    /// in its place already changes nothing.
    ///
    /// ```
    /// use imaging_study_any::AnyImagingStudy;
    /// use imaging_study_dicom::Uid;
    ///
    /// let mut study = AnyImagingStudy::read(
    ///     br#"{"resourceType": "ImagingStudy", "reasonCode": [{"text": "fall"}],
    ///         "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}]}"#,
    /// )?;
    /// assert_eq!(study.study_uid().require()?, "1.2.3");
    ///
    /// study.set_study_uid(Uid::from_static("1.2.4"))?;
    /// assert_eq!(study.study_uid().require()?, "1.2.4");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`IdentifierError::Ambiguous`] if the study has several UIDs.
    pub fn set_study_uid(&mut self, uid: Uid) -> Result<(), IdentifierError> {
        let before = self.study_uid();
        let is_old = |lints: imaging_study_dicom::UidLints| lints.contains(UidLint::OldUse);
        let replaced = match &before.found {
            Found::Ambiguous(all) if all.iter().any(|found| !is_old(found.lints)) => {
                return Err(IdentifierError::Ambiguous { count: all.len() });
            }
            Found::One(found) if !is_old(found.lints) => Some(found.uid),
            _ => None,
        };
        let spelled = spelling(self.version(), Slot::Study).write(uid);
        if replaced == Some(uid) && self.spells_study_uid(spelled.as_str()) {
            return Ok(());
        }
        let oid = RawUrnOid::from(uid);

        let mut places = self.identifiers_of(replaced);
        let has_uid = self.has_field("uid");
        if places.is_empty() && !has_uid {
            places.extend(self.invalid_study_uid());
        }
        let mut study = self.element_mut();
        study.set_text("uid", oid.as_str())?;
        let Some(mut identifiers) = study.field("identifier") else {
            return Ok(());
        };
        if places.is_empty() && !has_uid {
            places.push(identifiers.len());
            identifiers.push_element();
        }
        for index in places {
            if let Some(mut identifier) = identifiers.element(index) {
                identifier.set_text("system", URN_DICOM_UID)?;
                identifier.set_text("value", oid.as_str())?;
            }
        }
        Ok(())
    }

    /// Sets the Accession Number (0008,0050) in the version's place: `accession` of DSTU2 and STU3,
    /// since R4 an identifier whose type is `ACSN` of HL7 table 0203.
    ///
    /// Every identifier of the study that held the number which is replaced gets the new one. Ids,
    /// extensions and all other identifiers stay, also those with the use `old` and those of the
    /// orders in `basedOn`. A number that stands in its place already changes nothing.
    ///
    /// ```
    /// use imaging_study_any::AnyImagingStudy;
    ///
    /// let mut study = AnyImagingStudy::read(
    ///     br#"{"resourceType": "ImagingStudy", "context": {"display": "e"}, "accession": {"value": "A-17"}}"#,
    /// )?;
    /// assert_eq!(study.accession().one().map(|found| found.value), Some("A-17"));
    ///
    /// study.set_accession(&"A-18".into())?;
    /// assert_eq!(study.accession().one().map(|found| found.value), Some("A-18"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`IdentifierError::Ambiguous`] if the study itself has several numbers,
    /// [`IdentifierError::NotAnAccession`], or a text that FHIR does not allow.
    pub fn set_accession(&mut self, accession: &Accession<'_>) -> Result<(), IdentifierError> {
        let text = accession.value.trim_matches(['\0', ' ']);
        let refused = |character: char| character.is_control() || character == '\\';
        if text.is_empty() || text.contains(refused) {
            return Err(IdentifierError::NotAnAccession);
        }
        let version = self.version();
        // Everything is checked before anything is changed.
        ScalarType::String.check(text, version)?;
        if let Some(system) = accession.system {
            ScalarType::Uri.check(system, version)?;
        }
        if let Some(issuer) = accession.issuer {
            ScalarType::String.check(issuer, version)?;
        }

        let mut places = match self.accession() {
            Found::Ambiguous(all) if all.iter().any(is_replaceable) => {
                return Err(IdentifierError::Ambiguous { count: all.len() });
            }
            Found::One(found) if is_replaceable(&found) => {
                if found.value == text && self.spells_accession(&found, text, accession) {
                    return Ok(());
                }
                self.accessions_like(&found)
            }
            _ => Vec::new(),
        };
        let type_system = match version {
            FhirVersion::Dstu2 | FhirVersion::Stu3 => V2_0203_OLD,
            _ => V2_0203,
        };
        let has_accession = self.has_field("accession");
        let mut study = self.element_mut();
        if has_accession && let Some(mut field) = study.field("accession") {
            let new = field.is_empty();
            if let Some(mut held) = field.element(0) {
                // What is set is in use again.
                if held.as_ref().str("use") == Some("old")
                    && let Some(mut r#use) = held.field("use")
                    && let Some(mut r#use) = r#use.primitive(0)
                {
                    r#use.clear_value();
                }
                set_accession_of(held, accession, text, new.then_some(type_system))?;
            }
        }
        let Some(mut identifiers) = study.field("identifier") else {
            return Ok(());
        };
        let add = places.is_empty() && !has_accession;
        if add {
            places.push(identifiers.len());
            identifiers.push_element();
        }
        for index in places {
            if let Some(identifier) = identifiers.element(index) {
                set_accession_of(identifier, accession, text, add.then_some(type_system))?;
            }
        }
        Ok(())
    }

    /// Whether the version has an element of the name.
    fn has_field(&self, name: &str) -> bool {
        self.element().info().field(name).is_some()
    }

    /// Whether the version's place has this text.
    fn spells_study_uid(&self, text: &str) -> bool {
        let study = self.element();
        if self.has_field("uid") {
            return uid_text(study) == Some(text);
        }
        study
            .elements("identifier")
            .map(identifier_ref)
            .any(|identifier| {
                identifier.r#use != Some("old")
                    && identifier.system == Some(URN_DICOM_UID)
                    && identifier.value == Some(text)
            })
    }

    /// Whether the version's place has this number, and the rest of what is to be set.
    fn spells_accession(
        &self,
        found: &FoundAccession<'_>,
        text: &str,
        accession: &Accession<'_>,
    ) -> bool {
        let is_set = |identifier: &IdentifierRef<'_>| {
            identifier.r#use != Some("old")
                && identifier.value == Some(text)
                && (accession.system.is_none() || identifier.system == accession.system)
                && (accession.issuer.is_none() || identifier.assigner == accession.issuer)
        };
        let study = self.element();
        if self.has_field("accession") {
            let held = study.element("accession").map(identifier_ref);
            return held.is_some_and(|one| is_set(&one));
        }
        let identifiers = identifier_refs(study);
        let mut same = self.accessions_like(found).into_iter();
        same.any(|index| is_set(&identifiers[index]))
    }

    /// The identifiers in use that read as this UID.
    fn identifiers_of(&self, uid: Option<Uid>) -> Vec<usize> {
        let Some(uid) = uid else {
            return Vec::new();
        };
        let identifiers = self.identifiers().enumerate();
        let same = |(index, identifier): (usize, IdentifierRef<'_>)| {
            let found = StudyUid::find(None, [identifier]).found;
            let same = found.one().is_some_and(|found| found.uid == uid);
            (same && identifier.r#use != Some("old")).then_some(index)
        };
        identifiers.filter_map(same).collect()
    }

    /// The only identifier in use that ought to be the UID and is none.
    fn invalid_study_uid(&self) -> Option<usize> {
        let mut invalid = self.identifiers().enumerate().filter(|(_, identifier)| {
            let system = identifier.system.unwrap_or_default();
            system.eq_ignore_ascii_case(URN_DICOM_UID)
                && identifier.r#use != Some("old")
                && identifier.r#type != IdentifierType::Accession
        });
        match (invalid.next(), invalid.next()) {
            (Some((index, _)), None) => Some(index),
            _ => None,
        }
    }

    /// The identifiers in use that are this number.
    fn accessions_like(&self, replaced: &FoundAccession<'_>) -> Vec<usize> {
        let same = |identifier: &IdentifierRef<'_>| {
            let value = identifier.value.unwrap_or_default();
            identifier.r#type == IdentifierType::Accession
                && identifier.r#use != Some("old")
                && value.trim_matches(['\0', ' ']) == replaced.value
                && (identifier.system.is_none()
                    || replaced.system.is_none()
                    || identifier.system == replaced.system)
        };
        let identifiers = self.identifiers().enumerate();
        identifiers
            .filter_map(|(index, identifier)| same(&identifier).then_some(index))
            .collect()
    }
}

/// Sets an Identifier to an accession number, and its type where `type_system` says the system.
fn set_accession_of(
    mut identifier: ElementMut<'_>,
    accession: &Accession<'_>,
    text: &str,
    type_system: Option<&str>,
) -> Result<(), ScalarError> {
    if let Some(type_system) = type_system
        && let Some(mut concept) = identifier.field("type")
        && let Some(mut concept) = concept.element(0)
        && let Some(mut codings) = concept.field("coding")
        && let Some(mut coding) = codings.push_element()
    {
        coding.set_text("system", type_system)?;
        coding.set_text("code", ACSN)?;
    }
    identifier.set_text("value", text)?;
    if let Some(system) = accession.system {
        identifier.set_text("system", system)?;
    }
    if let Some(issuer) = accession.issuer
        && let Some(mut assigner) = identifier.into_element("assigner")
    {
        assigner.set_text("display", issuer)?;
    }
    Ok(())
}

/// Whether a number is the study's own, and in use.
fn is_replaceable(found: &FoundAccession<'_>) -> bool {
    let own = matches!(found.place, Place::Accession | Place::Identifier(_));
    own && !found
        .lints
        .contains(&imaging_study_dicom::AccessionLint::OldUse)
}
