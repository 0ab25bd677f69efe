//! Search parameters that find studies by a UID.

use std::fmt;

use super::{Slot, Spelling};
use crate::{Uid, percent};

/// A search parameter of ImagingStudy with its value, as in
/// `GET [base]/ImagingStudy?series=1.2.3`.
///
/// `Display` writes name and value as they are; [`encoded`](Self::encoded) as a URL needs them.
///
/// ```
/// use imaging_study_dicom::{SearchParameter, Slot, Spelling, Uid};
///
/// let uid = Uid::from_static("1.2.3");
/// let search = SearchParameter::new(Slot::Study, Spelling::Identifier, &uid).expect("there is one");
/// assert_eq!(search.to_string(), "identifier=urn:dicom:uid|urn:oid:1.2.3");
/// assert_eq!(search.encoded(), "identifier=urn%3Adicom%3Auid%7Curn%3Aoid%3A1.2.3");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SearchParameter {
    /// The name of the parameter.
    pub name: &'static str,
    /// The value, not percent-encoded.
    pub value: String,
}

impl SearchParameter {
    /// The parameter that finds the studies with a UID in a slot, in a version that spells the slot
    /// like this; none where no version does.
    ///
    /// | slot | `Oid` (DSTU2, STU3; the SOP class in R6) | R4, R4B, R5, R6 |
    /// |---|---|---|
    /// | study | `study=urn:oid:1.2` | `identifier=urn:dicom:uid\|urn:oid:1.2` |
    /// | series | `series=urn:oid:1.2` | `series=1.2` |
    /// | instance | `uid=urn:oid:1.2` | `instance=1.2` |
    /// | SOP class | `dicom-class=urn:oid:1.2` | `dicom-class=urn:ietf:rfc:3986\|urn:oid:1.2` |
    ///
    /// `uid` is a search for instances, although `ImagingStudy.uid` is the UID of the study
    /// (<https://hl7.org/fhir/STU3/imagingstudy.html#search>,
    /// <https://hl7.org/fhir/R5/imagingstudy.html#search>).
    #[must_use]
    pub fn new(slot: Slot, spelling: Spelling, uid: &Uid) -> Option<Self> {
        let name = match (slot, spelling) {
            (Slot::Study, Spelling::Oid) => "study",
            (Slot::Study, Spelling::Identifier) => "identifier",
            (Slot::Series, Spelling::Oid | Spelling::Id) => "series",
            (Slot::Instance, Spelling::Oid) => "uid",
            (Slot::Instance, Spelling::Id) => "instance",
            (Slot::SopClass, Spelling::Oid | Spelling::Coding) => "dicom-class",
            _ => return None,
        };
        let spelled = spelling.write(*uid);
        let value = match spelled.system() {
            Some(system) => format!("{system}|{}", spelled.as_str()),
            None => spelled.as_str().to_owned(),
        };
        Some(Self { name, value })
    }

    /// Name and value, the value percent-encoded.
    #[must_use]
    pub fn encoded(&self) -> String {
        let mut text = format!("{}=", self.name);
        percent::encode(&self.value, &mut text);
        text
    }
}

impl fmt::Display for SearchParameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.name, self.value)
    }
}
