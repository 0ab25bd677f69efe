//! A study as it will be written, before it is of a version: sorted, counted, and without what the
//! version has no place for.

use imaging_study_core::{DateTime, FhirString};
use smol_str::{SmolStr, format_smolstr};

use crate::coded::Concept;
use crate::note::Note;

/// The study.
pub(crate) struct Plan<'a> {
    pub(crate) uid: &'a SmolStr,
    pub(crate) accession: Vec<Identifier>,
    /// The Study ID, and what else identifies the study where orders have no place.
    pub(crate) identifier: Vec<Identifier>,
    /// The numbers of orders.
    pub(crate) order: Vec<Identifier>,
    pub(crate) available: bool,
    pub(crate) availability: Option<&'a SmolStr>,
    pub(crate) modality: Vec<Concept>,
    pub(crate) subject: Party,
    pub(crate) encounter: Option<Party>,
    pub(crate) started: Option<DateTime>,
    pub(crate) referrer: Option<Party>,
    pub(crate) interpreter: Vec<Party>,
    pub(crate) number_of_series: u32,
    pub(crate) number_of_instances: u32,
    pub(crate) procedure: Vec<Concept>,
    pub(crate) reason: Vec<Concept>,
    pub(crate) location: Option<Party>,
    pub(crate) description: Option<&'a SmolStr>,
    pub(crate) retrieve_url: Option<&'a SmolStr>,
    pub(crate) series: Vec<PlanSeries<'a>>,
    pub(crate) notes: Vec<Note>,
}

/// A series.
pub(crate) struct PlanSeries<'a> {
    pub(crate) uid: &'a SmolStr,
    pub(crate) number: Option<u32>,
    pub(crate) modality: Option<Concept>,
    pub(crate) description: Option<&'a SmolStr>,
    pub(crate) number_of_instances: u32,
    pub(crate) availability: Option<&'a SmolStr>,
    pub(crate) retrieve_url: Option<&'a SmolStr>,
    pub(crate) body_site: Option<Concept>,
    pub(crate) laterality: Option<Concept>,
    pub(crate) specimen: Vec<Party>,
    pub(crate) started: Option<DateTime>,
    pub(crate) performer: Vec<(Concept, Party)>,
    pub(crate) instance: Vec<PlanInstance<'a>>,
}

/// An instance.
pub(crate) struct PlanInstance<'a> {
    pub(crate) uid: &'a SmolStr,
    pub(crate) class: Option<&'a SmolStr>,
    pub(crate) number: Option<u32>,
    pub(crate) title: Option<&'a SmolStr>,
}

/// An identifier.
#[derive(Clone, Debug)]
pub(crate) struct Identifier {
    pub(crate) secondary: bool,
    pub(crate) kind: Option<Concept>,
    pub(crate) system: Option<SmolStr>,
    pub(crate) value: SmolStr,
    pub(crate) assigner: Option<SmolStr>,
}

/// Somebody or something that is referred to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Party {
    pub(crate) reference: Option<FhirString>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) identifier: Option<Identifier>,
    pub(crate) display: Option<SmolStr>,
    /// Why there is nothing, as a code of data-absent-reason.
    pub(crate) absent: Option<&'static str>,
}

impl Party {
    pub(crate) fn is_empty(&self) -> bool {
        self.reference.is_none() && self.identifier.is_none() && self.display.is_none()
    }
}

/// A UID behind the prefix of OIDs.
pub(crate) fn urn(uid: &str) -> SmolStr {
    format_smolstr!("urn:oid:{uid}")
}
