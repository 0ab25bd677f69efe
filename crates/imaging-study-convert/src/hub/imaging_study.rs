//! What the versions have in different forms.

use imaging_study_core::{Code, FhirString, FhirVersion};
use imaging_study_dicom::{RawUid, RawUrnOid};

use super::neutral::neutral;
use super::without_ids::hub_struct;
use super::{
    CodeableConcept, CodeableReference, Coding, Extension, Identifier, Primitive, Reference,
};
use crate::rules::performer;

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

neutral!(
    Performer {
        id: "id",
        extension: "extension",
        modifier_extension: "modifierExtension",
        function: "function",
        actor: "actor",
    },
    fit performer::fit
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
