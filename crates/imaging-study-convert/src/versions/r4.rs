//! FHIR R4.

use std::sync::LazyLock;

use imaging_study_core::{Element, FhirVersion, Scalar};
use imaging_study_r4 as types;

use crate::concept;
use crate::context::Context;
use crate::hub::{self, Concept, Extension, Procedure, Reason, Value};
use crate::mirror::{Mirror, mirror_codes, mirror_common, mirror_values};
use crate::version::{Version, VersionTargets, targets};
use crate::{carry, contained, notes, procedure, reason, tree};

/// The tables of R4.
pub(crate) static R4: Version = Version {
    fhir_version: FhirVersion::R4,
    extension: types::Extension::info,
    targets: || &TARGETS,
    types: match types::AllTypes::CODES {
        Some(codes) => codes,
        None => panic!("the enum has codes"),
    },
    read_extension: |json| tree::parse::<types::Extension>(json).map(Mirror::lift),
    lower_extension: |extension, context| tree::write(&types::Extension::lower(extension, context)),
    read_study: |json| tree::parse::<types::ImagingStudy>(json).map(Mirror::lift),
    lower_study: |study, context| Some(tree::write(&types::ImagingStudy::lower(study, context))),
};

static TARGETS: LazyLock<VersionTargets> = LazyLock::new(|| VersionTargets {
    author: targets(types::Annotation::info(), "author[x]"),
    actor: targets(types::ImagingStudySeriesPerformer::info(), "actor"),
    reason: targets(types::ImagingStudy::info(), "reasonReference"),
});

mirror_codes!(
    types::ImagingStudyStatus,
    types::IdentifierUse,
    types::NarrativeStatus
);
mirror_common!(types);
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

impl Mirror for types::ImagingStudy {
    type Hub = hub::ImagingStudy;

    fn lift(self) -> hub::ImagingStudy {
        let mut extension = self.extension.lift();
        let mut interpreter = self.interpreter.lift();
        // An interpreter in an extension, where the version has an element for it.
        interpreter.extend(take_interpreters(&mut extension));
        hub::ImagingStudy {
            id: self.id.lift(),
            meta: self.meta.lift(),
            implicit_rules: self.implicit_rules.lift(),
            language: self.language.lift(),
            text: self.text.lift(),
            contained: self.contained,
            extension,
            modifier_extension: self.modifier_extension.lift(),
            identifier: self.identifier.lift(),
            status: self.status.lift(),
            modality: self.modality.into_iter().map(lift_coding).collect(),
            subject: self.subject.lift(),
            encounter: self.encounter.lift(),
            started: self.started.lift(),
            based_on: self.based_on.lift(),
            referrer: self.referrer.lift(),
            interpreter,
            endpoint: self.endpoint.lift(),
            number_of_series: self.number_of_series.lift(),
            number_of_instances: self.number_of_instances.lift(),
            procedure: Procedure::Split {
                reference: self.procedure_reference.lift(),
                code: self.procedure_code.lift(),
            },
            location: self.location.lift(),
            reason: Reason::Split {
                code: self.reason_code.lift(),
                reference: self.reason_reference.lift(),
            },
            note: self.note.lift(),
            description: self.description.lift(),
            series: self.series.lift(),
        }
    }

    fn lower(study: hub::ImagingStudy, context: &mut Context<'_>) -> Self {
        notes::note(&study, context);
        let mut extension = study.extension;
        let mut interpreter = study.interpreter;
        interpreter.extend(take_interpreters(&mut extension));
        let (procedure_reference, procedure_code) =
            procedure::split(study.procedure, &mut extension, context);
        let reasons = context.targets(|targets| targets.reason);
        let (reason_code, reason_reference) =
            reason::split(study.reason, &mut extension, reasons, context);
        let modality = study
            .modality
            .into_iter()
            .enumerate()
            .map(|(index, concept)| {
                context.at("modality", |context| {
                    context.entry(index, |context| {
                        lower_coding(concept, "ImagingStudy.modality", context)
                    })
                })
            });
        let modality = modality.collect();
        Self {
            id: context.at("id", |context| Mirror::lower(study.id, context)),
            meta: context.at("meta", |context| Mirror::lower(study.meta, context)),
            implicit_rules: context.at("implicitRules", |context| {
                Mirror::lower(study.implicit_rules, context)
            }),
            language: context.at("language", |context| Mirror::lower(study.language, context)),
            text: context.at("text", |context| Mirror::lower(study.text, context)),
            contained: contained::convert(study.contained, context),
            extension: context.at("extension", |context| Mirror::lower(extension, context)),
            modifier_extension: context.at("modifierExtension", |context| {
                Mirror::lower(study.modifier_extension, context)
            }),
            identifier: context.at("identifier", |context| {
                Mirror::lower(study.identifier, context)
            }),
            status: context.at("status", |context| Mirror::lower(study.status, context)),
            modality,
            subject: context.at("subject", |context| Mirror::lower(study.subject, context)),
            encounter: context.at("encounter", |context| {
                Mirror::lower(study.encounter, context)
            }),
            started: context.at("started", |context| Mirror::lower(study.started, context)),
            based_on: context.at("basedOn", |context| Mirror::lower(study.based_on, context)),
            referrer: context.at("referrer", |context| Mirror::lower(study.referrer, context)),
            interpreter: context.at("interpreter", |context| Mirror::lower(interpreter, context)),
            endpoint: context.at("endpoint", |context| Mirror::lower(study.endpoint, context)),
            number_of_series: context.at("numberOfSeries", |context| {
                Mirror::lower(study.number_of_series, context)
            }),
            number_of_instances: context.at("numberOfInstances", |context| {
                Mirror::lower(study.number_of_instances, context)
            }),
            procedure_reference: context.at("partOf", |context| {
                Mirror::lower(procedure_reference, context)
            }),
            procedure_code: context.at("procedure", |context| {
                Mirror::lower(procedure_code, context)
            }),
            location: context.at("location", |context| Mirror::lower(study.location, context)),
            reason_code: context.at("reason", |context| Mirror::lower(reason_code, context)),
            reason_reference: context
                .at("reason", |context| Mirror::lower(reason_reference, context)),
            note: context.at("note", |context| Mirror::lower(study.note, context)),
            description: context.at("description", |context| {
                Mirror::lower(study.description, context)
            }),
            series: context.at("series", |context| Mirror::lower(study.series, context)),
        }
    }
}

impl Mirror for types::ImagingStudySeries {
    type Hub = hub::Series;

    fn lift(self) -> hub::Series {
        hub::Series {
            id: self.id,
            extension: self.extension.lift(),
            modifier_extension: self.modifier_extension.lift(),
            uid: self.uid.lift(),
            number: self.number.lift(),
            modality: self.modality.map(lift_coding),
            description: self.description.lift(),
            number_of_instances: self.number_of_instances.lift(),
            endpoint: self.endpoint.lift(),
            body_site: self.body_site.map(lift_coding),
            laterality: self.laterality.map(lift_coding),
            specimen: self.specimen.lift(),
            started: self.started.lift(),
            performer: self.performer.lift(),
            instance: self.instance.lift(),
        }
    }

    fn lower(series: hub::Series, context: &mut Context<'_>) -> Self {
        let coding = |concept: Option<Concept>, path, context: &mut Context<'_>| {
            concept.map(|concept| lower_coding(concept, path, context))
        };
        Self {
            id: series.id,
            extension: context.at("extension", |context| {
                Mirror::lower(series.extension, context)
            }),
            modifier_extension: context.at("modifierExtension", |context| {
                Mirror::lower(series.modifier_extension, context)
            }),
            uid: context.at("uid", |context| Mirror::lower(series.uid, context)),
            number: context.at("number", |context| Mirror::lower(series.number, context)),
            modality: context.at("modality", |context| {
                coding(series.modality, "ImagingStudy.series.modality", context)
            }),
            description: context.at("description", |context| {
                Mirror::lower(series.description, context)
            }),
            number_of_instances: context.at("numberOfInstances", |context| {
                Mirror::lower(series.number_of_instances, context)
            }),
            endpoint: context.at("endpoint", |context| {
                Mirror::lower(series.endpoint, context)
            }),
            body_site: context.at("bodySite", |context| {
                coding(series.body_site, "ImagingStudy.series.bodySite", context)
            }),
            laterality: context.at("laterality", |context| {
                coding(series.laterality, "ImagingStudy.series.laterality", context)
            }),
            specimen: context.at("specimen", |context| {
                Mirror::lower(series.specimen, context)
            }),
            started: context.at("started", |context| Mirror::lower(series.started, context)),
            performer: context.at("performer", |context| {
                Mirror::lower(series.performer, context)
            }),
            instance: context.at("instance", |context| {
                Mirror::lower(series.instance, context)
            }),
        }
    }
}

fn lift_coding(coding: types::Coding) -> Concept {
    Concept::Coding(coding.lift())
}

fn lower_coding(concept: Concept, path: &str, context: &mut Context<'_>) -> types::Coding {
    let coding = concept::coding(concept, path, context);
    Mirror::lower(coding, context)
}

/// Takes interpreters out of extensions of the study.
fn take_interpreters(extension: &mut Vec<Extension>) -> Vec<hub::Reference> {
    carry::take_if(extension, "ImagingStudy.interpreter", |value| {
        matches!(value, Value::Reference(_))
    })
    .into_iter()
    .filter_map(|carried| match carried.value {
        Some(Value::Reference(reference)) => Some(*reference),
        _ => None,
    })
    .collect()
}
