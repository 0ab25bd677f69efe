//! Identifiers with their issuers.

use imaging_study_core::{FhirVersion, ScalarType};
use smol_str::{SmolStr, format_smolstr};

use crate::pick::Agree;
use crate::{Attributes, Tag, tags, text};

/// An identifier and whoever issued it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Identified {
    pub(crate) value: SmolStr,
    pub(crate) issuer: Issuer,
}

impl Agree for Identified {}

/// Who issued an identifier (the Hierarchic Designator macro, PS3.3 section 10.14).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Issuer {
    /// A URI, made of the universal entity id and its type.
    pub(crate) system: Option<SmolStr>,
    /// The name among those who share a namespace, or a universal name that is no URI.
    pub(crate) name: Option<SmolStr>,
}

impl Issuer {
    pub(crate) fn is_known(&self) -> bool {
        *self != Self::default()
    }

    /// The issuer that an item names.
    pub(crate) fn read(item: &Attributes) -> Self {
        let name = item.text(tags::LOCAL_NAMESPACE_ENTITY_ID).cloned();
        let Some(id) = item.text(tags::UNIVERSAL_ENTITY_ID) else {
            return Self { system: None, name };
        };
        let system = match item
            .text(tags::UNIVERSAL_ENTITY_ID_TYPE)
            .map(SmolStr::as_str)
        {
            Some("ISO") => text::uid(id)
                .filter(|(_, form)| *form != text::UidForm::Malformed)
                .map(|(uid, _)| format_smolstr!("urn:oid:{uid}")),
            Some("UUID") => {
                let urn = format_smolstr!("urn:uuid:{}", id.to_ascii_lowercase());
                let legal = ScalarType::Uuid.allows(&urn, FhirVersion::R6);
                legal.then_some(urn)
            }
            Some("URI") => {
                let legal = ScalarType::Uri.allows(id, FhirVersion::R6)
                    && !id.contains(char::is_whitespace);
                legal.then(|| id.clone())
            }
            _ => None,
        };
        let name = match system {
            Some(_) => name,
            None => name.or_else(|| Some(id.clone())),
        };
        Self { system, name }
    }

    /// The issuer of the first item of a sequence.
    pub(crate) fn of(attributes: &Attributes, sequence: Tag) -> Self {
        let item = attributes.items(sequence).first();
        item.map(Self::read).unwrap_or_default()
    }
}

impl Identified {
    /// An identifier with the issuer in a sequence beside it.
    pub(crate) fn read(attributes: &Attributes, value: Tag, issuer: Tag) -> Option<Self> {
        Some(Self {
            value: attributes.text(value)?.clone(),
            issuer: Issuer::of(attributes, issuer),
        })
    }

    /// The patient's id, whose issuer has a local name of its own.
    pub(crate) fn patient(attributes: &Attributes) -> Option<Self> {
        let mut patient = Self::read(
            attributes,
            tags::PATIENT_ID,
            tags::ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE,
        )?;
        if let Some(name) = attributes.text(tags::ISSUER_OF_PATIENT_ID) {
            patient.issuer.name = Some(name.clone());
        }
        Some(patient)
    }
}
