//! The table of search parameters.

use crate::parameter::{Parameter, ParameterKind};

const D2: u8 = 1;
const S3: u8 = 1 << 1;
/// R4 and R4B.
const R4: u8 = 0b11 << 2;
const R5: u8 = 1 << 4;
const R6_DRAFT: u8 = 1 << 5;
const R6: u8 = 1 << 6;
/// The draft of R6 and R6.
const R6S: u8 = R6_DRAFT | R6;
const R4B: u8 = 1 << 3;
/// R4 and R4B apart.
const R4_ALONE: u8 = 1 << 2;
const SINCE_R5: u8 = R5 | R6S;
const SINCE_R4: u8 = R4 | SINCE_R5;
const SINCE_S3: u8 = S3 | SINCE_R4;
const ALL: u8 = D2 | SINCE_S3;

/// A line a parameter: name, type, expression, targets, end of HL7's URL, versions.
macro_rules! parameters {
    ($($name:literal $kind:ident $expression:literal [$($target:literal)*] $url:literal $versions:expr;)+) => {
        pub(crate) static PARAMETERS: &[Parameter] = &[$(Parameter {
            name: $name,
            kind: ParameterKind::$kind,
            expression: $expression,
            targets: &[$($target),*],
            url: concat!("http://hl7.org/fhir/SearchParameter/", $url),
            versions: $versions,
        }),+];
    };
}

parameters! {
    "accession" Token "ImagingStudy.accession" [] "ImagingStudy-accession" D2 | S3;
    "based-on" Reference "ImagingStudy.basedOn" ["Appointment" "AppointmentResponse" "CarePlan" "ServiceRequest" "Task"] "ImagingStudy-based-on" R5 | R6_DRAFT;
    "based-on" Reference "ImagingStudy.basedOn" ["Appointment" "CarePlan" "ServiceRequest" "Task"] "ImagingStudy-based-on" R6;
    "basedon" Reference "ImagingStudy.basedOn" ["CarePlan" "ProcedureRequest" "ReferralRequest"] "ImagingStudy-basedon" S3;
    "basedon" Reference "ImagingStudy.basedOn" ["Appointment" "AppointmentResponse" "CarePlan" "ServiceRequest" "Task"] "ImagingStudy-basedon" R4;
    "body-site" Token "ImagingStudy.series.bodySite.concept" [] "ImagingStudy-body-site" SINCE_R5;
    "body-structure" Reference "ImagingStudy.series.bodySite.reference" ["BodyStructure"] "ImagingStudy-body-structure" SINCE_R5;
    "bodysite" Token "ImagingStudy.series.bodySite" [] "ImagingStudy-bodysite" D2 | S3 | R4;
    "context" Reference "ImagingStudy.context" ["Encounter" "EpisodeOfCare"] "ImagingStudy-context" S3;
    "dicom-class" Uri "ImagingStudy.series.instance.sopClass" [] "ImagingStudy-dicom-class" D2 | S3 | R6S;
    "dicom-class" Token "ImagingStudy.series.instance.sopClass" [] "ImagingStudy-dicom-class" R4 | R5;
    "encounter" Reference "ImagingStudy.encounter" ["Encounter"] "ImagingStudy-encounter" R4;
    "encounter" Reference "ImagingStudy.encounter" ["Encounter"] "clinical-encounter" SINCE_R5;
    "endpoint" Reference "ImagingStudy.endpoint | ImagingStudy.series.endpoint" ["Endpoint"] "ImagingStudy-endpoint" SINCE_S3;
    "identifier" Token "ImagingStudy.identifier" [] "clinical-identifier" SINCE_S3;
    "instance" Token "ImagingStudy.series.instance.uid" [] "ImagingStudy-instance" SINCE_R4;
    "interpreter" Reference "ImagingStudy.interpreter" ["Practitioner" "PractitionerRole"] "ImagingStudy-interpreter" R4;
    "modality" Token "ImagingStudy.series.modality" [] "ImagingStudy-modality" ALL;
    "order" Reference "ImagingStudy.order" ["DiagnosticOrder"] "ImagingStudy-order" D2;
    "patient" Reference "ImagingStudy.patient" ["Patient"] "ImagingStudy-patient" D2;
    "patient" Reference "ImagingStudy.patient" ["Patient"] "clinical-patient" S3;
    "patient" Reference "ImagingStudy.subject.where(resolve() is Patient)" ["Patient"] "clinical-patient" SINCE_R4;
    "performer" Reference "ImagingStudy.series.performer" ["Practitioner"] "ImagingStudy-performer" S3;
    "performer" Reference "ImagingStudy.series.performer.actor" ["CareTeam" "Device" "Organization" "Patient" "Practitioner" "PractitionerRole" "RelatedPerson"] "ImagingStudy-performer" R4;
    "performer" Reference "ImagingStudy.series.performer.actor" ["CareTeam" "Device" "HealthcareService" "Organization" "Patient" "Practitioner" "PractitionerRole" "RelatedPerson"] "ImagingStudy-performer" SINCE_R5;
    "reason" Token "ImagingStudy.reason" [] "ImagingStudy-reason" S3;
    "reason" Token "ImagingStudy.reasonCode" [] "ImagingStudy-reason" R4;
    "reason" Token "ImagingStudy.reason.concept" [] "ImagingStudy-reason" R5;
    "reason-concept" Token "ImagingStudy.reason.concept" [] "ImagingStudy-reason-concept" R6S;
    "reason-reference" Reference "ImagingStudy.reason.reference" ["Condition" "DiagnosticReport" "DocumentReference" "Observation"] "ImagingStudy-reason-reference" R6S;
    "referrer" Reference "ImagingStudy.referrer" ["Practitioner" "PractitionerRole"] "ImagingStudy-referrer" SINCE_R4;
    "series" Uri "ImagingStudy.series.uid" [] "ImagingStudy-series" D2 | S3;
    "series" Token "ImagingStudy.series.uid" [] "ImagingStudy-series" SINCE_R4;
    "started" Date "ImagingStudy.started" [] "ImagingStudy-started" ALL;
    "status" Token "ImagingStudy.status" [] "ImagingStudy-status" SINCE_R4;
    "study" Uri "ImagingStudy.uid" [] "ImagingStudy-study" D2 | S3;
    "subject" Reference "ImagingStudy.subject" ["Device" "Group" "Patient"] "ImagingStudy-subject" SINCE_R4;
    "uid" Uri "ImagingStudy.series.instance.uid" [] "ImagingStudy-uid" D2 | S3;

    "_content" String "" [] "Resource-content" D2 | S3 | R4;
    "_content" Special "" [] "Resource-content" SINCE_R5;
    "_filter" Token "" [] "Resource-filter" R4B;
    "_filter" Special "" [] "Resource-filter" SINCE_R5;
    "_has" String "" [] "Resource-has" R4B;
    "_has" Special "" [] "Resource-has" SINCE_R5;
    "_id" Token "Resource.id" [] "Resource-id" ALL;
    "_in" Reference "" [] "Resource-in" SINCE_R5;
    "_language" Token "Resource.language" [] "Resource-language" ALL;
    "_lastUpdated" Date "Resource.meta.lastUpdated" [] "Resource-lastUpdated" ALL;
    "_list" String "" [] "Resource-list" R4B;
    "_list" Special "" [] "Resource-list" SINCE_R5;
    "_profile" Uri "Resource.meta.profile" [] "Resource-profile" D2 | S3 | R4;
    "_profile" Reference "Resource.meta.profile" ["StructureDefinition"] "Resource-profile" SINCE_R5;
    "_query" Token "" [] "Resource-query" D2 | S3 | R4;
    "_query" Special "" [] "Resource-query" SINCE_R5;
    "_security" Token "Resource.meta.security" [] "Resource-security" ALL;
    "_source" Uri "Resource.meta.source" [] "Resource-source" SINCE_R4;
    "_tag" Token "Resource.meta.tag" [] "Resource-tag" ALL;
    "_text" String "" [] "Resource-text" D2 | R4B;
    "_text" String "" [] "DomainResource-text" S3 | R4_ALONE;
    "_text" Special "" [] "DomainResource-text" SINCE_R5;
    "_type" Token "" [] "Resource-type" R4B;
    "_type" Special "" [] "Resource-type" SINCE_R5;
}
