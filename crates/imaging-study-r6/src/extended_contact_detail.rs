//! The `ExtendedContactDetail` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{Address, CodeableConcept, ContactPoint, Extension, HumanName, Period, Reference};

/// A contact of an organisation, with the purpose and the time it is meant for.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/metadatatypes.html#ExtendedContactDetail>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "ExtendedContactDetail")]
pub struct ExtendedContactDetail {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// What the contact is for.
    #[element(
        summary,
        preferred = "http://terminology.hl7.org/ValueSet/contactentity-type"
    )]
    pub purpose: Option<CodeableConcept>,
    /// Names of the person to contact.
    #[element(summary)]
    pub name: Vec<HumanName>,
    /// Ways to reach the contact.
    #[element(summary)]
    pub telecom: Vec<ContactPoint>,
    /// The address of the contact.
    #[element(summary)]
    pub address: Option<Address>,
    /// The organisation that handles the contact.
    #[element(targets = "Organization", summary)]
    pub organization: Option<Reference>,
    /// When the contact was or is valid.
    #[element(summary)]
    pub period: Option<Period>,
}
