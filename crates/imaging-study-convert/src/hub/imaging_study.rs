//! The study itself.

use imaging_study_core::{Code, DateTime, FhirString, Id, Resource, UnsignedInt, Uri};
use imaging_study_dicom::RawUid;

use super::{
    Annotation, CodeableConcept, CodeableReference, Coding, Extension, Identifier, Meta, Narrative,
    Primitive, Reference,
};

/// An ImagingStudy of any version.
#[derive(Clone, Debug, Default)]
pub(crate) struct ImagingStudy {
    pub(crate) id: Primitive<Id>,
    pub(crate) meta: Option<Meta>,
    pub(crate) implicit_rules: Primitive<Uri>,
    pub(crate) language: Primitive<Code>,
    pub(crate) text: Option<Narrative>,
    pub(crate) contained: Vec<Resource>,
    pub(crate) extension: Vec<Extension>,
    pub(crate) modifier_extension: Vec<Extension>,
    pub(crate) identifier: Vec<Identifier>,
    pub(crate) status: Primitive<Code>,
    pub(crate) modality: Vec<Concept>,
    pub(crate) subject: Option<Reference>,
    pub(crate) encounter: Option<Reference>,
    pub(crate) started: Primitive<DateTime>,
    pub(crate) based_on: Vec<Reference>,
    pub(crate) referrer: Option<Reference>,
    pub(crate) interpreter: Vec<Reference>,
    pub(crate) endpoint: Vec<Reference>,
    pub(crate) number_of_series: Primitive<UnsignedInt>,
    pub(crate) number_of_instances: Primitive<UnsignedInt>,
    pub(crate) procedure: Procedure,
    pub(crate) location: Option<Reference>,
    pub(crate) reason: Reason,
    pub(crate) note: Vec<Annotation>,
    pub(crate) description: Primitive<FhirString>,
    pub(crate) series: Vec<Series>,
}

/// A coded element in the form of the source.
#[derive(Clone, Debug)]
pub(crate) enum Concept {
    Coding(Coding),
    CodeableConcept(CodeableConcept),
    CodeableReference(CodeableReference),
}

/// What was done, in the form of the source.
#[derive(Clone, Debug)]
pub(crate) enum Procedure {
    /// R4: one Procedure and any number of codes.
    Split {
        reference: Option<Reference>,
        code: Vec<CodeableConcept>,
    },
    /// R5: larger events, and procedures as codes or definitions.
    Joined {
        part_of: Vec<Reference>,
        procedure: Vec<CodeableReference>,
    },
}

impl Default for Procedure {
    fn default() -> Self {
        Self::Split {
            reference: None,
            code: Vec::new(),
        }
    }
}

/// Why the study was made, in the form of the source.
#[derive(Clone, Debug)]
pub(crate) enum Reason {
    /// R4: codes and references apart.
    Split {
        code: Vec<CodeableConcept>,
        reference: Vec<Reference>,
    },
    /// R5: one list of both.
    Joined(Vec<CodeableReference>),
}

impl Default for Reason {
    fn default() -> Self {
        Self::Joined(Vec::new())
    }
}

/// A series.
#[derive(Clone, Debug, Default)]
pub(crate) struct Series {
    pub(crate) id: Option<FhirString>,
    pub(crate) extension: Vec<Extension>,
    pub(crate) modifier_extension: Vec<Extension>,
    pub(crate) uid: Primitive<RawUid>,
    pub(crate) number: Primitive<UnsignedInt>,
    pub(crate) modality: Option<Concept>,
    pub(crate) description: Primitive<FhirString>,
    pub(crate) number_of_instances: Primitive<UnsignedInt>,
    pub(crate) endpoint: Vec<Reference>,
    pub(crate) body_site: Option<Concept>,
    pub(crate) laterality: Option<Concept>,
    pub(crate) specimen: Vec<Reference>,
    pub(crate) started: Primitive<DateTime>,
    pub(crate) performer: Vec<Performer>,
    pub(crate) instance: Vec<Instance>,
}

/// Who made a series.
#[derive(Clone, Debug, Default)]
pub(crate) struct Performer {
    pub(crate) id: Option<FhirString>,
    pub(crate) extension: Vec<Extension>,
    pub(crate) modifier_extension: Vec<Extension>,
    pub(crate) function: Option<CodeableConcept>,
    pub(crate) actor: Option<Reference>,
}

/// One image or other object of a series.
#[derive(Clone, Debug, Default)]
pub(crate) struct Instance {
    pub(crate) id: Option<FhirString>,
    pub(crate) extension: Vec<Extension>,
    pub(crate) modifier_extension: Vec<Extension>,
    pub(crate) uid: Primitive<RawUid>,
    pub(crate) sop_class: Option<Coding>,
    pub(crate) number: Primitive<UnsignedInt>,
    pub(crate) title: Primitive<FhirString>,
}
