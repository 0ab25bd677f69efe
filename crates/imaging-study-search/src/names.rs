//! What the versions call the same parameter.

use imaging_study_core::FhirVersion;

use crate::parameter::Parameter;

/// How the values of a parameter move to another version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// As they are.
    Kept,
    /// A UID, with `urn:oid:` in DSTU2 and STU3.
    Uid,
    /// A SOP class: a URI, or a code of the system `urn:ietf:rfc:3986`.
    SopClass,
    /// A reference to an order, whose type was renamed twice.
    Order,
    /// The Study Instance UID: a URI, or an identifier of the system `urn:dicom:uid`.
    Study,
    /// The accession number: a parameter of its own, or an identifier of the type ACSN.
    Accession,
    /// Identifiers, among which the study and the accession number may be.
    Identifier,
}

/// A parameter in every version: DSTU2, STU3, R4 and R4B, R5, R6 and its draft; empty where the
/// version has none.
pub(crate) struct Meaning {
    names: [&'static str; 5],
    pub(crate) how: How,
}

const fn meaning(names: [&'static str; 5], how: How) -> Meaning {
    Meaning { names, how }
}

const fn kept(names: [&'static str; 5]) -> Meaning {
    meaning(names, How::Kept)
}

/// Parameters that do not stand here have one name in all versions that have them.
static MEANINGS: [Meaning; 12] = [
    meaning(
        ["study", "study", "identifier", "identifier", "identifier"],
        How::Study,
    ),
    meaning(
        [
            "accession",
            "accession",
            "identifier",
            "identifier",
            "identifier",
        ],
        How::Accession,
    ),
    meaning(
        ["", "identifier", "identifier", "identifier", "identifier"],
        How::Identifier,
    ),
    meaning(["series", "series", "series", "series", "series"], How::Uid),
    meaning(["uid", "uid", "instance", "instance", "instance"], How::Uid),
    meaning(
        [
            "dicom-class",
            "dicom-class",
            "dicom-class",
            "dicom-class",
            "dicom-class",
        ],
        How::SopClass,
    ),
    meaning(
        ["order", "basedon", "basedon", "based-on", "based-on"],
        How::Order,
    ),
    kept(["", "context", "encounter", "encounter", "encounter"]),
    kept(["bodysite", "bodysite", "bodysite", "body-site", "body-site"]),
    kept(["", "reason", "reason", "reason", "reason-concept"]),
    kept(["patient", "patient", "patient", "patient", "patient"]),
    // Older versions have no other subject than a patient.
    kept(["patient", "patient", "subject", "subject", "subject"]),
];

const fn column(version: FhirVersion) -> usize {
    match version {
        FhirVersion::Dstu2 => 0,
        FhirVersion::Stu3 => 1,
        FhirVersion::R4 | FhirVersion::R4B => 2,
        FhirVersion::R5 => 3,
        FhirVersion::R6Draft | FhirVersion::R6 => 4,
    }
}

impl Meaning {
    /// What a parameter of a version means; nothing special for most.
    pub(crate) fn of(version: FhirVersion, name: &str) -> Option<&'static Self> {
        let mut rows = MEANINGS.iter().filter(|row| {
            let known = row.names.get(column(version));
            known.is_some_and(|known| *known == name)
        });
        // An identifier is more than the study or the accession number that it may be.
        let first = rows.next()?;
        match first.how {
            How::Study | How::Accession if name == "identifier" => {
                MEANINGS.iter().find(|row| row.how == How::Identifier)
            }
            _ => Some(first),
        }
    }

    /// The name in a version.
    pub(crate) fn name(&self, version: FhirVersion) -> Option<&'static str> {
        let name = self.names.get(column(version)).copied();
        name.filter(|name| !name.is_empty())
    }
}

/// What a version calls a parameter of another one.
pub(crate) fn name_in(from: FhirVersion, name: &str, to: FhirVersion) -> Option<&'static str> {
    match Meaning::of(from, name) {
        Some(meaning) => meaning.name(to),
        None => Parameter::named(to, name).map(|parameter| parameter.name),
    }
}

/// The versions that have a parameter with a name.
pub(crate) fn known_elsewhere(name: &str) -> impl Iterator<Item = FhirVersion> {
    let all = FhirVersion::ALL.into_iter().rev();
    all.filter(move |version| Parameter::named(*version, name).is_some())
}

/// The elements that changed their names, by the same columns as the parameters.
const ELEMENTS: [[&str; 5]; 6] = [
    ["patient", "patient", "subject", "subject", "subject"],
    ["", "context", "encounter", "encounter", "encounter"],
    ["order", "basedOn", "basedOn", "basedOn", "basedOn"],
    [
        "modalityList",
        "modalityList",
        "modality",
        "modality",
        "modality",
    ],
    ["", "reason", "reasonCode", "reason", "reason"],
    ["uid", "uid", "identifier", "identifier", "identifier"],
];

/// What a version calls an element of a study of another one.
pub(crate) fn element_in(from: FhirVersion, name: &'static str, to: FhirVersion) -> &'static str {
    let mut rows = ELEMENTS.iter();
    let is_named = |row: &&[&str; 5]| row.get(column(from)).is_some_and(|known| *known == name);
    let found = rows.find(is_named).and_then(|row| row.get(column(to)));
    // The identifiers stay identifiers, though one of them may become the UID.
    match found {
        Some(other) if !other.is_empty() && name != "identifier" => other,
        _ => name,
    }
}
