//! An Identifier, borrowed from a study of any version.

/// The parts of an Identifier that say what it identifies
/// (<https://hl7.org/fhir/R5/datatypes.html#Identifier>).
///
/// ```
/// use imaging_study_dicom::{IdentifierRef, IdentifierType};
///
/// let accession = IdentifierRef {
///     r#type: IdentifierType::from_codings([(
///         Some("http://terminology.hl7.org/CodeSystem/v2-0203"),
///         Some("ACSN"),
///     )]),
///     value: Some("A-17"),
///     ..IdentifierRef::default()
/// };
/// assert_eq!(accession.r#type, IdentifierType::Accession);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IdentifierRef<'a> {
    /// `use`: `usual`, `official`, `temp`, `secondary` or, since R4, `old`.
    pub r#use: Option<&'a str>,
    /// What `type` says.
    pub r#type: IdentifierType,
    /// `system`.
    pub system: Option<&'a str>,
    /// `value`.
    pub value: Option<&'a str>,
    /// `assigner.display`: for an accession number, the issuer.
    pub assigner: Option<&'a str>,
}

/// What the type of an Identifier says that it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdentifierType {
    /// There is no type, or it has no code.
    #[default]
    None,
    /// The Study Instance UID (0020,000D): code 110180 of DCM, or the tag `0020000D` as European
    /// profiles have it.
    StudyInstanceUid,
    /// The accession number (0008,0050): code `ACSN` of HL7 table 0203.
    Accession,
    /// Something else.
    Other,
}

impl IdentifierType {
    /// The type of an Identifier with these codings, each a system and a code. The first that is
    /// known counts.
    #[must_use]
    pub fn from_codings<'a>(
        codings: impl IntoIterator<Item = (Option<&'a str>, Option<&'a str>)>,
    ) -> Self {
        let mut result = Self::None;
        for (system, code) in codings {
            let Some(code) = code else { continue };
            match (system, code) {
                (None | Some(DCM | DCM_OLD | DCM_OLDER | DCM_OID), "110180") => {
                    return Self::StudyInstanceUid;
                }
                (_, "0020000D" | "0020000d") => return Self::StudyInstanceUid,
                (None | Some(V2_0203 | V2_0203_OLD | V2_0203_OID), "ACSN") => {
                    return Self::Accession;
                }
                _ => result = Self::Other,
            }
        }
        result
    }
}

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
/// Before September 2020.
const DCM_OLD: &str = "http://dicom.nema.org/medical/dicom";
/// In data of DSTU2.
const DCM_OLDER: &str = "http://nema.org/dicom/dicm";
const DCM_OID: &str = "urn:oid:1.2.840.10008.2.16.4";

const V2_0203: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
/// Before R4.
const V2_0203_OLD: &str = "http://hl7.org/fhir/v2/0203";
const V2_0203_OID: &str = "urn:oid:2.16.840.1.113883.18.108";
