//! The elements of ImagingStudy that only some versions have, and those that change their shape.

use imaging_study_core::FhirVersion::{self, Dstu2, R4, R4B, R5, R6, R6Draft, Stu3};

use super::Evidence;

/// An element of the table.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) evidence: Evidence,
}

/// The shape that an element must have to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Any shape.
    Any,
    /// What may occur once: an object in JSON; XML does not tell.
    Single,
    /// What may repeat: an array in JSON, an element that stands there twice in XML.
    List,
    /// An element of XML, where JSON tells what may occur once from what may repeat.
    Unclear,
    /// What has elements: an object in JSON, an element with others than extensions in XML.
    Complex,
    /// A string, number or boolean, or `_x` beside or in place of one; in XML an element with a
    /// value.
    Primitive,
}

use Shape::{Any, Complex, List, Primitive, Single, Unclear};

/// The rows for the members of an element, given by the names on the way to it.
pub(super) fn rows(outer: &[&str], parent: &str) -> &'static [Row] {
    match (outer, parent) {
        ([], "") => STUDY,
        ([], "modality") => MODALITY,
        ([], "procedure") => PROCEDURE,
        ([], "reason") => REASON,
        ([], "series") => SERIES,
        (["series"], "modality") => SERIES_MODALITY,
        (["series"], "bodySite") => BODY_SITE,
        (["series"], "laterality") => LATERALITY,
        (["series"], "performer") => PERFORMER,
        (["series"], "instance") => INSTANCE,
        _ => &[],
    }
}

/// The rows for the members of an extension, wherever it stands in a study.
pub(super) static EXTENSION: &[Row] = &[
    row(
        "Extension.valueMeta",
        Any,
        &[Dstu2, Stu3, R4, R5, R6Draft, R6],
    ),
    row("Extension.valueAge", Any, NOT_DSTU2),
    row("Extension.valueCount", Any, NOT_DSTU2),
    row("Extension.valueDistance", Any, NOT_DSTU2),
    row("Extension.valueDuration", Any, NOT_DSTU2),
    row("Extension.valueMoney", Any, NOT_DSTU2),
    row("Extension.valueCanonical", Any, SINCE_R4),
    row("Extension.valueUrl", Any, SINCE_R4),
    row("Extension.valueUuid", Any, SINCE_R4),
    row("Extension.valueContactDetail", Any, SINCE_R4),
    row("Extension.valueContributor", Any, BOTH_R4),
    row("Extension.valueDataRequirement", Any, SINCE_R4),
    row("Extension.valueExpression", Any, SINCE_R4),
    row("Extension.valueParameterDefinition", Any, SINCE_R4),
    row("Extension.valueRelatedArtifact", Any, SINCE_R4),
    row("Extension.valueTriggerDefinition", Any, SINCE_R4),
    row("Extension.valueUsageContext", Any, SINCE_R4),
    row("Extension.valueDosage", Any, SINCE_R4),
    row("Extension.valueCodeableReference", Any, SINCE_R4B),
    row("Extension.valueRatioRange", Any, SINCE_R4B),
    row("Extension.valueInteger64", Any, SINCE_R5),
    row("Extension.valueAvailability", Any, SINCE_R5),
    row("Extension.valueExtendedContactDetail", Any, SINCE_R5),
    row("Extension.valueVirtualServiceDetail", Any, &[R6]),
];

/// An element that only some versions have in this shape.
const fn row(path: &'static str, shape: Shape, versions: &'static [FhirVersion]) -> Row {
    let mut start = path.len();
    while start > 0 && path.as_bytes()[start - 1] != b'.' {
        start -= 1;
    }
    Row {
        name: path.split_at(start).1,
        shape,
        evidence: Evidence { path, versions },
    }
}

const OLD: &[FhirVersion] = &[Dstu2, Stu3];
const NOT_DSTU2: &[FhirVersion] = &[Stu3, R4, R4B, R5, R6Draft, R6];
const SINCE_R4: &[FhirVersion] = &[R4, R4B, R5, R6Draft, R6];
const BOTH_R4: &[FhirVersion] = &[R4, R4B];
const SINCE_R4B: &[FhirVersion] = &[R4B, R5, R6Draft, R6];
const SINCE_R5: &[FhirVersion] = &[R5, R6Draft, R6];
/// A CodeableReference of a procedure, and what else R6 has no more.
const R5_AND_DRAFT: &[FhirVersion] = &[R5, R6Draft];
/// Before R5, coded elements were a Coding.
const BEFORE_R5: &[FhirVersion] = &[Dstu2, Stu3, R4, R4B];

static STUDY: &[Row] = &[
    row("ImagingStudy.fhir_comments", Any, &[Dstu2]),
    row("ImagingStudy.order", Any, &[Dstu2]),
    row("ImagingStudy.url", Any, &[Dstu2]),
    row("ImagingStudy.uid", Any, OLD),
    row("ImagingStudy.accession", Any, OLD),
    row("ImagingStudy.patient", Any, OLD),
    row("ImagingStudy.availability", Any, OLD),
    row("ImagingStudy.modalityList", Any, OLD),
    row("ImagingStudy.context", Any, &[Stu3]),
    row("ImagingStudy.interpreter", Single, &[Dstu2]),
    row("ImagingStudy.interpreter", List, &[Stu3, R4, R4B]),
    row("ImagingStudy.interpreter", Unclear, BEFORE_R5),
    row("ImagingStudy.procedureReference", List, &[Stu3]),
    row("ImagingStudy.procedureReference", Single, BOTH_R4),
    row("ImagingStudy.procedureReference", Unclear, &[Stu3, R4, R4B]),
    row("ImagingStudy.procedureCode", Any, &[Stu3, R4, R4B]),
    row("ImagingStudy.reason", Single, &[Stu3]),
    row("ImagingStudy.reason", List, SINCE_R5),
    row("ImagingStudy.reason", Unclear, &[Stu3, R5, R6Draft, R6]),
    row("ImagingStudy.reasonCode", Any, BOTH_R4),
    row("ImagingStudy.reasonReference", Any, BOTH_R4),
    row("ImagingStudy.basedOn", Any, NOT_DSTU2),
    row("ImagingStudy.endpoint", Any, NOT_DSTU2),
    row("ImagingStudy.status", Any, SINCE_R4),
    row("ImagingStudy.modality", Any, SINCE_R4),
    row("ImagingStudy.subject", Any, SINCE_R4),
    row("ImagingStudy.encounter", Any, SINCE_R4),
    row("ImagingStudy.location", Any, SINCE_R4),
    row("ImagingStudy.note", Any, SINCE_R4),
    row("ImagingStudy.procedure", Any, &[Dstu2, R5, R6Draft, R6]),
    row("ImagingStudy.partOf", Any, R5_AND_DRAFT),
    row("ImagingStudy.resourceDefinition", Any, &[R6Draft, R6]),
];

static MODALITY: &[Row] = &[
    row("ImagingStudy.modality.system", Any, BOTH_R4),
    row("ImagingStudy.modality.version", Any, BOTH_R4),
    row("ImagingStudy.modality.code", Any, BOTH_R4),
    row("ImagingStudy.modality.display", Any, BOTH_R4),
    row("ImagingStudy.modality.userSelected", Any, BOTH_R4),
    row("ImagingStudy.modality.coding", Any, SINCE_R5),
    row("ImagingStudy.modality.text", Any, SINCE_R5),
];

// A Reference in DSTU2 and again in R6, a CodeableReference between them.
static PROCEDURE: &[Row] = &[
    row("ImagingStudy.procedure.reference", Primitive, &[Dstu2, R6]),
    row("ImagingStudy.procedure.reference", Complex, R5_AND_DRAFT),
    row("ImagingStudy.procedure.display", Any, &[Dstu2, R6]),
    row("ImagingStudy.procedure.type", Any, &[R6]),
    row("ImagingStudy.procedure.identifier", Any, &[R6]),
    row("ImagingStudy.procedure.concept", Any, R5_AND_DRAFT),
];

// A CodeableConcept in STU3.
static REASON: &[Row] = &[
    row("ImagingStudy.reason.coding", Any, &[Stu3]),
    row("ImagingStudy.reason.text", Any, &[Stu3]),
    row("ImagingStudy.reason.concept", Any, SINCE_R5),
    row("ImagingStudy.reason.reference", Any, SINCE_R5),
];

static SERIES: &[Row] = &[
    row("ImagingStudy.series.fhir_comments", Any, &[Dstu2]),
    row("ImagingStudy.series.url", Any, &[Dstu2]),
    row("ImagingStudy.series.availability", Any, OLD),
    row("ImagingStudy.series.endpoint", Any, NOT_DSTU2),
    row("ImagingStudy.series.performer", Any, NOT_DSTU2),
    row("ImagingStudy.series.specimen", Any, SINCE_R4),
    row("ImagingStudy.series.bodySite", List, &[R6]),
];

static SERIES_MODALITY: &[Row] = &[
    row("ImagingStudy.series.modality.system", Any, BEFORE_R5),
    row("ImagingStudy.series.modality.version", Any, BEFORE_R5),
    row("ImagingStudy.series.modality.code", Any, BEFORE_R5),
    row("ImagingStudy.series.modality.display", Any, BEFORE_R5),
    row("ImagingStudy.series.modality.userSelected", Any, BEFORE_R5),
    row("ImagingStudy.series.modality.coding", Any, SINCE_R5),
    row("ImagingStudy.series.modality.text", Any, SINCE_R5),
];

static BODY_SITE: &[Row] = &[
    row("ImagingStudy.series.bodySite.system", Any, BEFORE_R5),
    row("ImagingStudy.series.bodySite.version", Any, BEFORE_R5),
    row("ImagingStudy.series.bodySite.code", Any, BEFORE_R5),
    row("ImagingStudy.series.bodySite.display", Any, BEFORE_R5),
    row("ImagingStudy.series.bodySite.userSelected", Any, BEFORE_R5),
    row("ImagingStudy.series.bodySite.concept", Any, SINCE_R5),
    row("ImagingStudy.series.bodySite.reference", Any, SINCE_R5),
];

static LATERALITY: &[Row] = &[
    row("ImagingStudy.series.laterality.system", Any, BEFORE_R5),
    row("ImagingStudy.series.laterality.version", Any, BEFORE_R5),
    row("ImagingStudy.series.laterality.code", Any, BEFORE_R5),
    row("ImagingStudy.series.laterality.display", Any, BEFORE_R5),
    row(
        "ImagingStudy.series.laterality.userSelected",
        Any,
        BEFORE_R5,
    ),
    row("ImagingStudy.series.laterality.coding", Any, R5_AND_DRAFT),
    row("ImagingStudy.series.laterality.text", Any, R5_AND_DRAFT),
];

// A Reference in STU3.
static PERFORMER: &[Row] = &[
    row("ImagingStudy.series.performer.reference", Any, &[Stu3]),
    row("ImagingStudy.series.performer.identifier", Any, &[Stu3]),
    row("ImagingStudy.series.performer.display", Any, &[Stu3]),
    row("ImagingStudy.series.performer.function", Any, SINCE_R4),
    row("ImagingStudy.series.performer.actor", Any, SINCE_R4),
];

static INSTANCE: &[Row] = &[
    row("ImagingStudy.series.instance.fhir_comments", Any, &[Dstu2]),
    row("ImagingStudy.series.instance.type", Any, &[Dstu2]),
    row("ImagingStudy.series.instance.content", Any, &[Dstu2]),
    row(
        "ImagingStudy.series.instance.sopClass",
        Primitive,
        &[Dstu2, Stu3, R6Draft, R6],
    ),
    row(
        "ImagingStudy.series.instance.sopClass",
        Complex,
        &[R4, R4B, R5],
    ),
    row("ImagingStudy.series.instance.numberOfFrames", Any, &[R6]),
];
