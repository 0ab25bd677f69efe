//! The study itself.

use imaging_study_core::{Code, DateTime, FhirString, FhirVersion, Id, Resource, UnsignedInt, Uri};
use imaging_study_dicom::{RawUid, RawUrnOid};

use crate::mirror::{LiftSeries, Mirror};

use super::without_ids::hub_struct;
use super::{
    Annotation, CodeableConcept, CodeableReference, Coding, Extension, Identifier, Meta, Narrative,
    Primitive, Reference,
};

/// An ImagingStudy of any version.
///
/// The series and their instances, of which there may be thousands, stay as the source has them: each
/// is lifted and lowered in one go, without a list of its own between.
#[derive(Clone, Debug)]
pub(crate) struct ImagingStudy<S> {
    pub(crate) id: Primitive<Id>,
    pub(crate) meta: Option<Meta>,
    pub(crate) implicit_rules: Primitive<Uri>,
    pub(crate) language: Primitive<Code>,
    pub(crate) text: Option<Narrative>,
    pub(crate) contained: Vec<Resource>,
    pub(crate) extension: Vec<Extension>,
    pub(crate) modifier_extension: Vec<Extension>,
    pub(crate) identity: Identity,
    pub(crate) status: Status,
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
    pub(crate) series: Vec<S>,
}

impl<S: LiftSeries> ImagingStudy<S> {
    /// The study with its instances in the hub too.
    pub(crate) fn lifted(self) -> ImagingStudy<Series<Instance>> {
        let series = self
            .series
            .into_iter()
            .map(LiftSeries::lift)
            .map(|series| Series {
                id: series.id,
                extension: series.extension,
                modifier_extension: series.modifier_extension,
                uid: series.uid,
                number: series.number,
                modality: series.modality,
                description: series.description,
                number_of_instances: series.number_of_instances,
                availability: series.availability,
                endpoint: series.endpoint,
                body_site: series.body_site,
                laterality: series.laterality,
                specimen: series.specimen,
                started: series.started,
                performer: series.performer,
                instance: series.instance.lift(),
            });
        ImagingStudy {
            id: self.id,
            meta: self.meta,
            implicit_rules: self.implicit_rules,
            language: self.language,
            text: self.text,
            contained: self.contained,
            extension: self.extension,
            modifier_extension: self.modifier_extension,
            identity: self.identity,
            status: self.status,
            modality: self.modality,
            subject: self.subject,
            encounter: self.encounter,
            started: self.started,
            based_on: self.based_on,
            referrer: self.referrer,
            interpreter: self.interpreter,
            endpoint: self.endpoint,
            number_of_series: self.number_of_series,
            number_of_instances: self.number_of_instances,
            procedure: self.procedure,
            location: self.location,
            reason: self.reason,
            note: self.note,
            description: self.description,
            series: series.collect(),
        }
    }
}

/// What the study is known by, in the form of the source.
#[derive(Clone, Debug)]
pub(crate) enum Identity {
    /// STU3: the UID and the accession number apart from other identifiers.
    Apart(Box<Apart>),
    /// R4: one list of identifiers.
    List(Vec<Identifier>),
}

hub_struct!(
    /// The UID, the accession number and the other identifiers of a study.
    Apart {
        uid: Primitive<RawUrnOid>,
        accession: Option<Identifier>,
        identifier: Vec<Identifier>,
    }
);

/// How far the study has come, in the form of the source.
#[derive(Clone, Debug)]
pub(crate) enum Status {
    /// STU3: how soon the instances can be fetched.
    Availability(Primitive<Code>),
    /// R4: the status of the record.
    Status(Primitive<Code>),
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
    /// STU3: any number of Procedures and of codes.
    List {
        reference: Vec<Reference>,
        code: Vec<CodeableConcept>,
    },
    /// R4: one Procedure and any number of codes.
    Split {
        reference: Option<Reference>,
        code: Vec<CodeableConcept>,
    },
    /// R5: larger events, and procedures as codes or definitions; with the version whose list of
    /// procedures it is.
    Joined {
        part_of: Vec<Reference>,
        procedure: Vec<CodeableReference>,
        version: FhirVersion,
    },
    /// R6: the Procedures alone.
    Alone(Vec<Reference>),
}

/// Why the study was made, in the form of the source.
#[derive(Clone, Debug)]
pub(crate) enum Reason {
    /// STU3: at most one concept.
    Single(Option<CodeableConcept>),
    /// R4: codes and references apart.
    Split {
        code: Vec<CodeableConcept>,
        reference: Vec<Reference>,
    },
    /// R5: one list of both.
    Joined(Vec<CodeableReference>),
}

/// A series.
#[derive(Clone, Debug)]
pub(crate) struct Series<I> {
    pub(crate) id: Option<FhirString>,
    pub(crate) extension: Vec<Extension>,
    pub(crate) modifier_extension: Vec<Extension>,
    pub(crate) uid: Uid,
    pub(crate) number: Primitive<UnsignedInt>,
    pub(crate) modality: Option<Concept>,
    pub(crate) description: Primitive<FhirString>,
    pub(crate) number_of_instances: Primitive<UnsignedInt>,
    pub(crate) availability: Primitive<Code>,
    pub(crate) endpoint: Vec<Reference>,
    pub(crate) body_site: Option<Concept>,
    pub(crate) laterality: Option<Concept>,
    pub(crate) specimen: Vec<Reference>,
    pub(crate) started: Primitive<DateTime>,
    pub(crate) performer: Performers,
    pub(crate) instance: Vec<I>,
}

/// Who made a series, in the form of the source.
#[derive(Clone, Debug)]
pub(crate) enum Performers {
    /// STU3: references.
    References(Vec<Reference>),
    /// R4: references with a function each.
    Actors(Vec<Performer>),
}

hub_struct!(
    /// Somebody who made a series.
    Performer {
        id: Option<FhirString>,
        extension: Vec<Extension>,
        modifier_extension: Vec<Extension>,
        function: Option<CodeableConcept>,
        actor: Option<Reference>,
    }
);

/// The UID of a series or an instance, in the form of the source.
#[derive(Clone, Debug)]
pub(crate) enum Uid {
    /// STU3: an oid with its prefix.
    Oid(Primitive<RawUrnOid>),
    /// R4: an id, without the prefix.
    Id(Primitive<RawUid>),
}

/// The class of an instance, in the form of the source.
#[derive(Clone, Debug)]
pub(crate) enum SopClass {
    /// R4 to R5.
    Coding(Coding),
    /// STU3, the draft of R6, and R6.
    Oid(Primitive<RawUrnOid>),
}

/// One image or other object of a series.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) id: Option<FhirString>,
    pub(crate) extension: Vec<Extension>,
    pub(crate) modifier_extension: Vec<Extension>,
    pub(crate) uid: Uid,
    pub(crate) sop_class: Option<SopClass>,
    pub(crate) number: Primitive<UnsignedInt>,
    pub(crate) title: Primitive<FhirString>,
}
