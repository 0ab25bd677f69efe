//! How each version spells UIDs.

use imaging_study_core::FhirVersion;
use imaging_study_dicom::{SearchParameter, Slot, Spelling, Uid};

/// How a version spells the UID in a slot.
///
/// ```
/// use imaging_study_dicom::{Slot, Spelling, Uid};
/// use imaging_study_any::spelling;
/// use imaging_study_core::FhirVersion;
///
/// let uid = Uid::from_static("1.2.3");
/// let text = |version| spelling(version, Slot::Series).write(uid).as_str().to_owned();
/// assert_eq!(text(FhirVersion::Stu3), "urn:oid:1.2.3");
/// assert_eq!(text(FhirVersion::R5), "1.2.3");
/// assert_eq!(spelling(FhirVersion::R6, Slot::SopClass), Spelling::Oid);
/// ```
#[must_use]
pub const fn spelling(version: FhirVersion, slot: Slot) -> Spelling {
    match (version, slot) {
        (FhirVersion::Dstu2 | FhirVersion::Stu3, _) => Spelling::Oid,
        (_, Slot::Study) => Spelling::Identifier,
        (_, Slot::Series | Slot::Instance) => Spelling::Id,
        (FhirVersion::R6Draft | FhirVersion::R6, Slot::SopClass) => Spelling::Oid,
        (_, Slot::SopClass) => Spelling::Coding,
    }
}

/// The search parameter of a version that finds the studies with a UID in a slot. There is one for
/// every slot of every version.
///
/// ```
/// use imaging_study_dicom::{Slot, Uid};
/// use imaging_study_any::search_parameter;
/// use imaging_study_core::FhirVersion;
///
/// let uid = Uid::from_static("1.2.3");
/// let search = |version| search_parameter(version, Slot::Study, &uid).map(|found| found.encoded());
/// assert_eq!(search(FhirVersion::Dstu2).as_deref(), Some("study=urn%3Aoid%3A1.2.3"));
/// assert_eq!(
///     search(FhirVersion::R4).as_deref(),
///     Some("identifier=urn%3Adicom%3Auid%7Curn%3Aoid%3A1.2.3")
/// );
/// ```
#[must_use]
pub fn search_parameter(version: FhirVersion, slot: Slot, uid: &Uid) -> Option<SearchParameter> {
    SearchParameter::new(slot, spelling(version, slot), uid)
}
