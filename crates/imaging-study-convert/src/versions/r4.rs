//! FHIR R4.

use std::sync::LazyLock;

use imaging_study_core::{Element, FhirVersion, Scalar};
use imaging_study_r4 as types;

use super::split::split_form;
use crate::concept;
use crate::context::Context;
use crate::entries::{convert_instances, each_entry};
use crate::hub::{self, Concept, Identity, Performers, Procedure, Reason, Status, Uid};
use crate::mirror::{
    Form, LiftSeries, Mirror, mirror_codes, mirror_common, mirror_instance, mirror_since_r4,
    mirror_values,
};
use crate::version::{Version, VersionTargets, targets};
use crate::{
    availability, carry, contained, encounter, identity, interpreter, notes, performer, procedure,
    reason, reference, since_r4, since_stu3, tree, uid,
};

/// The tables of R4.
pub(crate) static R4: Version = Version {
    fhir_version: FhirVersion::R4,
    extension: types::Extension::info,
    study: types::ImagingStudy::info,
    targets: || &TARGETS,
    types: match types::AllTypes::CODES {
        Some(codes) => codes,
        None => panic!("the enum has codes"),
    },
    read_extension: |json| tree::parse::<types::Extension>(json).map(Mirror::lift),
    lower_extension: |extension, context| tree::write(&types::Extension::lower(extension, context)),
    read_study: |json| tree::parse::<types::ImagingStudy>(json).map(|study| study.lift().lifted()),
    lower_study: |study, context| tree::write(&types::ImagingStudy::lower(study, context)),
};

static TARGETS: LazyLock<VersionTargets> = LazyLock::new(|| VersionTargets {
    author: targets(types::Annotation::info(), "author[x]"),
    actor: targets(types::ImagingStudySeriesPerformer::info(), "actor"),
    reason: targets(types::ImagingStudy::info(), "reasonReference"),
    subject: targets(types::ImagingStudy::info(), "subject"),
    encounter: targets(types::ImagingStudy::info(), "encounter"),
    based_on: targets(types::ImagingStudy::info(), "basedOn"),
    referrer: targets(types::ImagingStudy::info(), "referrer"),
    interpreter: targets(types::ImagingStudy::info(), "interpreter"),
});

mirror_codes!(
    types::ImagingStudyStatus,
    types::IdentifierUse,
    types::NarrativeStatus
);
mirror_common!(types);
mirror_since_r4!(types);
mirror_instance!(types, uid id, sop_class coding);
mirror_values!(
    types,
    primitive [
        Base64Binary, Boolean, Canonical, Code, Date, DateTime, Decimal, Id, Instant, Integer,
        Markdown, Oid, PositiveInt, String, Time, UnsignedInt, Uri, Url, Uuid,
    ],
    same [Annotation, CodeableConcept, Coding, Identifier, Meta, Period, Reference],
    other [
        Address "Address", Age "Age", Attachment "Attachment", ContactDetail "ContactDetail",
        ContactPoint "ContactPoint", Contributor "Contributor", Count "Count",
        DataRequirement "DataRequirement", Distance "Distance", Dosage "Dosage",
        Duration "Duration", Expression "Expression", HumanName "HumanName", Money "Money",
        ParameterDefinition "ParameterDefinition", Quantity "Quantity", Range "Range",
        Ratio "Ratio", RelatedArtifact "RelatedArtifact", SampledData "SampledData",
        Signature "Signature", Timing "Timing", TriggerDefinition "TriggerDefinition",
        UsageContext "UsageContext",
    ],
);
split_form!(types);
