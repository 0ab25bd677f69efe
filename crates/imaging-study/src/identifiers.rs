//! The Study Instance UID and the accession number of a study of any version.

use imaging_study_core::{Code, FhirString, FhirVersion, ScalarError, Uri};
use imaging_study_dicom::{
    Found, FoundAccession, IdentifierRef, IdentifierType, Place, RawUrnOid, Slot, StudyUid,
    URN_DICOM_UID, Uid, UidLint, find_accession,
};

use crate::AnyImagingStudy;
use crate::any_imaging_study::with_study;
use crate::spelling::spelling;

const ACSN: &str = "ACSN";
const V2_0203: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
/// Before R4.
const V2_0203_OLD: &str = "http://hl7.org/fhir/v2/0203";

/// An accession number to be set: Accession Number (0008,0050).
///
/// ```
/// use imaging_study::Accession;
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
macro_rules! identifier_ref {
    ($identifier:expr) => {{
        let identifier = $identifier;
        let codings = identifier.type_.iter().flat_map(|concept| &concept.coding);
        let assigner = identifier.assigner.as_ref();
        IdentifierRef {
            r#use: identifier.use_.as_ref().map(|code| code.as_str()),
            r#type: IdentifierType::from_codings(codings.map(|coding| {
                let system = coding.system.as_ref().map(Uri::as_str);
                (system, coding.code.as_ref().map(Code::as_str))
            })),
            system: identifier.system.as_ref().map(Uri::as_str),
            value: identifier.value.as_ref().map(FhirString::as_str),
            assigner: assigner
                .and_then(|assigner| assigner.display.as_ref())
                .map(FhirString::as_str),
        }
    }};
}

/// Runs an expression on the study where it has `uid` and `accession`, as before R4; on others,
/// the second one.
macro_rules! with_uid_element {
    ($any:expr, $study:ident => $before_r4:expr, $since_r4:expr) => {
        match $any {
            AnyImagingStudy::Dstu2($study) => $before_r4,
            AnyImagingStudy::Stu3($study) => $before_r4,
            _ => $since_r4,
        }
    };
}

impl AnyImagingStudy {
    /// The Study Instance UID (0020,000D), and everything else that looks like one, from every
    /// place in which the version may have it.
    ///
    /// ```
    /// use imaging_study::dicom::{Place, Uid};
    /// use imaging_study::{AnyImagingStudy, json, r4};
    ///
    /// let study: r4::ImagingStudy = json::from_str(
    ///     r#"{"resourceType": "ImagingStudy",
    ///         "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}]}"#,
    /// )?;
    /// let mut study = AnyImagingStudy::from(study);
    /// assert_eq!(study.study_uid().require()?, "1.2.3");
    ///
    /// study.set_study_uid(Uid::from_static("1.2.4"))?;
    /// assert_eq!(study.study_uid().require()?, "1.2.4");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn study_uid(&self) -> StudyUid {
        StudyUid::find(self.uid_text(), self.identifier_refs())
    }

    /// The same as [`study_uid`](Self::study_uid), but that UUIDs, `urn:uuid:...`, are taken for
    /// the UIDs below 2.25 that are made from them.
    #[must_use]
    pub fn study_uid_with_uuids(&self) -> StudyUid {
        StudyUid::find_with_uuids(self.uid_text(), self.identifier_refs())
    }

    /// The Accession Number (0008,0050), from every place in which the version may have it.
    ///
    /// ```
    /// use imaging_study::{AnyImagingStudy, json, stu3};
    ///
    /// let study: stu3::ImagingStudy = json::from_str(
    ///     r#"{"resourceType": "ImagingStudy", "accession": {"value": "A-17"}}"#,
    /// )?;
    /// let mut study = AnyImagingStudy::from(study);
    /// assert_eq!(study.accession().one().map(|found| found.value), Some("A-17"));
    ///
    /// study.set_accession(&"A-18".into())?;
    /// assert_eq!(study.accession().one().map(|found| found.value), Some("A-18"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn accession(&self) -> Found<FoundAccession<'_>> {
        find_accession(
            self.accession_ref(),
            self.identifier_refs(),
            self.based_on_refs(),
        )
    }

    /// Sets the Study Instance UID (0020,000D) in the version's place and spelling: `uid` of DSTU2
    /// and STU3, an identifier with the system `urn:dicom:uid` since R4.
    ///
    /// Every identifier that held the UID which is replaced gets the new one, so that no two
    /// contradict each other, and an only identifier of that system whose value is no UID too. Ids,
    /// extensions and all other identifiers stay, also those with the use `old`. A UID that stands
    /// in its place already changes nothing.
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
        let value: FhirString = oid.as_str().parse()?;
        let system: Uri = URN_DICOM_UID.parse()?;

        let before_r4 = with_uid_element!(&mut *self, study => {
            study.uid.value = Some(oid);
            true
        }, false);
        let mut places = self.identifiers_of(replaced);
        if places.is_empty() && !before_r4 {
            places.extend(self.invalid_study_uid());
        }
        let add = places.is_empty() && !before_r4;
        with_study!(self, study => {
            if add {
                places.push(study.identifier.len());
                study.identifier.push(Default::default());
            }
            for index in places {
                let identifier = &mut study.identifier[index];
                identifier.system.value = Some(system.clone());
                identifier.value.value = Some(value.clone());
            }
        });
        Ok(())
    }

    /// Sets the Accession Number (0008,0050) in the version's place: `accession` of DSTU2 and STU3,
    /// since R4 an identifier whose type is `ACSN` of HL7 table 0203.
    ///
    /// Every identifier of the study that held the number which is replaced gets the new one. Ids,
    /// extensions and all other identifiers stay, also those with the use `old` and those of the
    /// orders in `basedOn`. A number that stands in its place already changes nothing.
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
        let value: FhirString = text.parse()?;
        let system: Option<Uri> = accession.system.map(str::parse).transpose()?;
        let issuer: Option<FhirString> = accession.issuer.map(str::parse).transpose()?;

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
        let type_system = match self.version() {
            FhirVersion::Dstu2 | FhirVersion::Stu3 => V2_0203_OLD,
            _ => V2_0203,
        };
        let type_system: Uri = type_system.parse()?;
        let code: Code = ACSN.parse()?;

        macro_rules! set {
            ($identifier:expr) => {{
                let identifier = $identifier;
                identifier.value.value = Some(value.clone());
                if let Some(system) = &system {
                    identifier.system.value = Some(system.clone());
                }
                if let Some(issuer) = &issuer {
                    let assigner = identifier.assigner.get_or_insert_default();
                    assigner.display.value = Some(issuer.clone());
                }
            }};
        }
        macro_rules! set_type {
            ($identifier:expr) => {{
                let concept = $identifier.type_.get_or_insert_default();
                concept.coding.push(Default::default());
                if let Some(coding) = concept.coding.last_mut() {
                    coding.system.value = Some(type_system);
                    coding.code.value = Some(code);
                }
            }};
        }
        let add = places.is_empty();
        with_uid_element!(&mut *self, study => {
            if study.accession.is_none() {
                set_type!(study.accession.get_or_insert_default());
            }
            let accession = study.accession.get_or_insert_default();
            // What is set is in use again.
            if accession.use_.as_ref().is_some_and(|code| code.as_str() == "old") {
                accession.use_.value = None;
            }
            set!(accession);
        }, with_study!(&mut *self, study => {
            if add {
                places.push(study.identifier.len());
                study.identifier.push(Default::default());
                if let Some(identifier) = study.identifier.last_mut() {
                    set_type!(identifier);
                }
            }
        }));
        with_study!(self, study => {
            for index in places {
                set!(&mut study.identifier[index]);
            }
        });
        Ok(())
    }

    /// `uid` of DSTU2 and STU3.
    fn uid_text(&self) -> Option<&str> {
        with_uid_element!(self, study => study.uid.as_ref().map(RawUrnOid::as_str), None)
    }

    fn accession_ref(&self) -> Option<IdentifierRef<'_>> {
        with_uid_element!(
            self,
            study => study.accession.as_ref().map(|accession| identifier_ref!(accession)),
            None
        )
    }

    fn identifier_refs(&self) -> Vec<IdentifierRef<'_>> {
        with_study!(self, study => {
            let identifiers = study.identifier.iter();
            identifiers.map(|identifier| identifier_ref!(identifier)).collect()
        })
    }

    /// The identifier of each order; an empty one where the reference has none, so that places count
    /// references. References of DSTU2 have no identifier.
    fn based_on_refs(&self) -> Vec<IdentifierRef<'_>> {
        macro_rules! based_on {
            ($study:expr) => {{
                let identifiers = $study.based_on.iter().map(|order| &order.identifier);
                let of_order = identifiers.map(|identifier| match identifier {
                    Some(identifier) => identifier_ref!(identifier),
                    None => IdentifierRef::default(),
                });
                of_order.collect()
            }};
        }
        match self {
            Self::Dstu2(_) => Vec::new(),
            Self::Stu3(study) => based_on!(study),
            Self::R4(study) => based_on!(study),
            Self::R4B(study) => based_on!(study),
            Self::R5(study) => based_on!(study),
            Self::R6(study) => based_on!(study),
        }
    }

    /// Whether the version's place has this text.
    fn spells_study_uid(&self, text: &str) -> bool {
        with_uid_element!(
            self,
            study => study.uid.as_ref().is_some_and(|uid| uid.as_str() == text),
            self.identifier_refs().iter().any(|identifier| {
                identifier.r#use != Some("old")
                    && identifier.system == Some(URN_DICOM_UID)
                    && identifier.value == Some(text)
            })
        )
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
        with_uid_element!(self, _study => self.accession_ref().is_some_and(|one| is_set(&one)), {
            let identifiers = self.identifier_refs();
            let mut same = self.accessions_like(found).into_iter();
            same.any(|index| is_set(&identifiers[index]))
        })
    }

    /// The identifiers in use that read as this UID.
    fn identifiers_of(&self, uid: Option<Uid>) -> Vec<usize> {
        let Some(uid) = uid else {
            return Vec::new();
        };
        let identifiers = self.identifier_refs().into_iter().enumerate();
        let same = |(index, identifier): (usize, IdentifierRef<'_>)| {
            let found = StudyUid::find(None, [identifier]).found;
            let same = found.one().is_some_and(|found| found.uid == uid);
            (same && identifier.r#use != Some("old")).then_some(index)
        };
        identifiers.filter_map(same).collect()
    }

    /// The only identifier in use that ought to be the UID and is none.
    fn invalid_study_uid(&self) -> Option<usize> {
        let identifiers = self.identifier_refs();
        let mut invalid = identifiers.iter().enumerate().filter(|(_, identifier)| {
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
        let identifiers = self.identifier_refs().into_iter().enumerate();
        identifiers
            .filter_map(|(index, identifier)| same(&identifier).then_some(index))
            .collect()
    }
}

/// Whether a number is the study's own, and in use.
fn is_replaceable(found: &FoundAccession<'_>) -> bool {
    let own = matches!(found.place, Place::Accession | Place::Identifier(_));
    own && !found
        .lints
        .contains(&imaging_study_dicom::AccessionLint::OldUse)
}
