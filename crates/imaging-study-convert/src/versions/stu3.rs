//! FHIR STU3.

use std::sync::LazyLock;

use imaging_study_core::{CodeSet, Element, FhirVersion};
use imaging_study_stu3 as types;

use crate::context::Context;
use crate::entries::{convert_instances, each_entry};
use crate::hub::{self, Apart, Concept, Identity, Performers, Procedure, Reason, Status, Uid};
use crate::mirror::{
    Form, LiftSeries, Mirror, mirror, mirror_codes, mirror_common, mirror_instance, mirror_values,
    retyped,
};
use crate::version::{Version, VersionTargets, targets};
use crate::{
    availability, carry, concept, contained, datatype, encounter, identity, interpreter, notes,
    performer, procedure, reason, reference, since_r4, since_stu3, tree, uid,
};

/// The tables of STU3.
pub(crate) static STU3: Version = Version {
    fhir_version: FhirVersion::Stu3,
    extension: types::Extension::info,
    study: types::ImagingStudy::info,
    targets: || &TARGETS,
    types: &RESOURCES,
    read_extension: |json| tree::parse::<types::Extension>(json).map(Mirror::lift),
    lower_extension: |extension, context| tree::write(&types::Extension::lower(extension, context)),
    read_study: |json| tree::parse::<types::ImagingStudy>(json).map(|study| study.lift().lifted()),
    lower_study: |study, context| tree::write(&types::ImagingStudy::lower(study, context)),
};

static TARGETS: LazyLock<VersionTargets> = LazyLock::new(|| VersionTargets {
    author: targets(types::Annotation::info(), "author[x]"),
    actor: targets(types::ImagingStudySeries::info(), "performer"),
    reason: &[],
    subject: targets(types::ImagingStudy::info(), "patient"),
    encounter: targets(types::ImagingStudy::info(), "context"),
    based_on: targets(types::ImagingStudy::info(), "basedOn"),
    referrer: targets(types::ImagingStudy::info(), "referrer"),
    interpreter: targets(types::ImagingStudy::info(), "interpreter"),
});

/// The resources of STU3; no element here has them as codes.
static RESOURCES: CodeSet = CodeSet {
    url: "http://hl7.org/fhir/ValueSet/resource-types",
    codes: &[
        "Account",
        "ActivityDefinition",
        "AdverseEvent",
        "AllergyIntolerance",
        "Appointment",
        "AppointmentResponse",
        "AuditEvent",
        "Basic",
        "Binary",
        "BodySite",
        "Bundle",
        "CapabilityStatement",
        "CarePlan",
        "CareTeam",
        "ChargeItem",
        "Claim",
        "ClaimResponse",
        "ClinicalImpression",
        "CodeSystem",
        "Communication",
        "CommunicationRequest",
        "CompartmentDefinition",
        "Composition",
        "ConceptMap",
        "Condition",
        "Consent",
        "Contract",
        "Coverage",
        "DataElement",
        "DetectedIssue",
        "Device",
        "DeviceComponent",
        "DeviceMetric",
        "DeviceRequest",
        "DeviceUseStatement",
        "DiagnosticReport",
        "DocumentManifest",
        "DocumentReference",
        "DomainResource",
        "EligibilityRequest",
        "EligibilityResponse",
        "Encounter",
        "Endpoint",
        "EnrollmentRequest",
        "EnrollmentResponse",
        "EpisodeOfCare",
        "ExpansionProfile",
        "ExplanationOfBenefit",
        "FamilyMemberHistory",
        "Flag",
        "Goal",
        "GraphDefinition",
        "Group",
        "GuidanceResponse",
        "HealthcareService",
        "ImagingManifest",
        "ImagingStudy",
        "Immunization",
        "ImmunizationRecommendation",
        "ImplementationGuide",
        "Library",
        "Linkage",
        "List",
        "Location",
        "Measure",
        "MeasureReport",
        "Media",
        "Medication",
        "MedicationAdministration",
        "MedicationDispense",
        "MedicationRequest",
        "MedicationStatement",
        "MessageDefinition",
        "MessageHeader",
        "NamingSystem",
        "NutritionOrder",
        "Observation",
        "OperationDefinition",
        "OperationOutcome",
        "Organization",
        "Parameters",
        "Patient",
        "PaymentNotice",
        "PaymentReconciliation",
        "Person",
        "PlanDefinition",
        "Practitioner",
        "PractitionerRole",
        "Procedure",
        "ProcedureRequest",
        "ProcessRequest",
        "ProcessResponse",
        "Provenance",
        "Questionnaire",
        "QuestionnaireResponse",
        "ReferralRequest",
        "RelatedPerson",
        "RequestGroup",
        "ResearchStudy",
        "ResearchSubject",
        "RiskAssessment",
        "Schedule",
        "SearchParameter",
        "Sequence",
        "ServiceDefinition",
        "Slot",
        "Specimen",
        "StructureDefinition",
        "StructureMap",
        "Subscription",
        "Substance",
        "SupplyDelivery",
        "SupplyRequest",
        "Task",
        "TestReport",
        "TestScript",
        "ValueSet",
        "VisionPrescription",
    ],
};

mirror_codes!(
    types::InstanceAvailability,
    types::IdentifierUse,
    types::NarrativeStatus
);
mirror_common!(types);
mirror!(
    types::Identifier,
    hub::Identifier {
        id: "id",
        extension: "extension",
        use_: "use",
        type_: "type",
        system: "system",
        value: "value",
        period: "period",
        assigner: "assigner",
    },
    fit datatype::identifier_before_r4
);
mirror_instance!(types, uid oid, sop_class oid);
mirror_values!(
    types,
    primitive [
        Base64Binary, Boolean, Code, Date, DateTime, Decimal, Id, Instant, Integer, Markdown, Oid,
        PositiveInt, String, Time, UnsignedInt, Uri,
    ],
    same [Annotation, CodeableConcept, Coding, Identifier, Meta, Period, Reference],
    other [
        Address "Address", Age "Age", Attachment "Attachment", ContactPoint "ContactPoint",
        Count "Count", Distance "Distance", Duration "Duration", HumanName "HumanName",
        Money "Money", Quantity "Quantity", Range "Range", Ratio "Ratio",
        SampledData "SampledData", Signature "Signature", Timing "Timing",
    ],
);

impl Mirror for types::Reference {
    type Hub = hub::Reference;

    fn lift(self) -> hub::Reference {
        hub::Reference {
            id: self.id,
            extension: self.extension.lift(),
            reference: self.reference.lift(),
            type_: hub::Primitive::default(),
            identifier: self.identifier.lift(),
            display: self.display.lift(),
        }
    }

    fn lower(hub: hub::Reference, context: &mut Context<'_>) -> Self {
        let hub = datatype::reference_before_r4(hub, context);
        Self {
            id: hub.id,
            extension: context.at("extension", |context| Mirror::lower(hub.extension, context)),
            reference: context.at("reference", |context| Mirror::lower(hub.reference, context)),
            identifier: context.at("identifier", |context| {
                Mirror::lower(hub.identifier, context)
            }),
            display: context.at("display", |context| Mirror::lower(hub.display, context)),
        }
    }
}

impl Mirror for types::Meta {
    type Hub = hub::Meta;

    fn lift(self) -> hub::Meta {
        hub::Meta {
            id: self.id,
            extension: self.extension.lift(),
            version_id: self.version_id.lift(),
            last_updated: self.last_updated.lift(),
            source: hub::Primitive::default(),
            profile: Mirror::lift(self.profile)
                .into_iter()
                .map(retyped)
                .collect(),
            security: self.security.lift(),
            tag: self.tag.lift(),
        }
    }

    fn lower(hub: hub::Meta, context: &mut Context<'_>) -> Self {
        let hub = datatype::meta_before_r4(hub, context);
        let profile: Vec<hub::Primitive<types::Uri>> =
            hub.profile.into_iter().map(retyped).collect();
        Self {
            id: hub.id,
            extension: context.at("extension", |context| Mirror::lower(hub.extension, context)),
            version_id: context.at("versionId", |context| {
                Mirror::lower(hub.version_id, context)
            }),
            last_updated: context.at("lastUpdated", |context| {
                Mirror::lower(hub.last_updated, context)
            }),
            profile: context.at("profile", |context| Mirror::lower(profile, context)),
            security: context.at("security", |context| Mirror::lower(hub.security, context)),
            tag: context.at("tag", |context| Mirror::lower(hub.tag, context)),
        }
    }
}

impl Form for types::ImagingStudy {
    type Series = types::ImagingStudySeries;

    fn parts_mut(
        &mut self,
    ) -> (
        &mut Vec<Self::Series>,
        &mut Vec<imaging_study_core::Resource>,
    ) {
        (&mut self.series, &mut self.contained)
    }

    fn lift(self) -> hub::ImagingStudy<Self::Series> {
        hub::ImagingStudy {
            id: self.id.lift(),
            meta: self.meta.lift(),
            implicit_rules: self.implicit_rules.lift(),
            language: self.language.lift(),
            text: self.text.lift(),
            contained: self.contained,
            extension: self.extension.lift(),
            modifier_extension: self.modifier_extension.lift(),
            identity: Identity::Apart(Box::new(Apart {
                uid: self.uid.lift(),
                accession: self.accession.lift(),
                identifier: self.identifier.lift(),
            })),
            status: Status::Availability(self.availability.lift()),
            modality: self.modality_list.into_iter().map(lift_coding).collect(),
            subject: self.patient.lift(),
            encounter: self.context.lift(),
            started: self.started.lift(),
            based_on: self.based_on.lift(),
            referrer: self.referrer.lift(),
            interpreter: self.interpreter.lift(),
            endpoint: self.endpoint.lift(),
            number_of_series: self.number_of_series.lift(),
            number_of_instances: self.number_of_instances.lift(),
            procedure: Procedure::List {
                reference: self.procedure_reference.lift(),
                code: self.procedure_code.lift(),
            },
            location: None,
            reason: Reason::Single(self.reason.lift()),
            note: Vec::new(),
            description: self.description.lift(),
            series: self.series,
        }
    }

    fn lower<S: LiftSeries>(study: hub::ImagingStudy<S>, context: &mut Context<'_>) -> Self {
        notes::note(&study, context);
        let (mut extension, mut modifier_extension) = (study.extension, study.modifier_extension);
        let lent = carry::lend(&modifier_extension, &mut extension, context);
        let apart = context.at("identifier", |context| {
            identity::apart(study.identity, &mut extension, context)
        });
        let availability = context.at("status", |context| {
            availability::availability(
                study.status,
                &mut extension,
                &mut modifier_extension,
                context,
            )
        });
        let subjects = context.targets(|targets| targets.subject);
        let patient = study
            .subject
            .map(|subject| reference::fit(subject, subjects, context));
        let encounter = context.at("encounter", |context| {
            encounter::context_of(study.encounter, &mut extension, context)
        });
        let orders = context.targets(|targets| targets.based_on);
        let based_on = reference::fit_list(study.based_on, "ImagingStudy.basedOn", orders, context);
        let based_on = since_stu3::references(
            based_on,
            since_stu3::BASED_ON,
            |targets| targets.based_on,
            &mut extension,
            context,
        );
        let endpoint = since_stu3::references(
            study.endpoint,
            since_stu3::ENDPOINT,
            |_| &[],
            &mut extension,
            context,
        );
        let referrers = context.targets(|targets| targets.referrer);
        let referrer = study
            .referrer
            .map(|referrer| reference::fit(referrer, referrers, context));
        let interpreter = interpreter::native(study.interpreter, &mut extension, context);
        let (procedure_reference, procedure_code) =
            procedure::listed(study.procedure, &mut extension, context);
        since_r4::carry_location(study.location, &mut extension, context);
        let reason = reason::single(study.reason, &mut extension, context);
        since_r4::carry_notes(study.note, &mut extension, context);
        let modality = context.at(context.named("modality"), |context| {
            let path = "ImagingStudy.modality";
            concept::with_originals(study.modality, path, &mut extension, context)
        });
        let modality = modality.into_iter().enumerate();
        let modality_list = modality.map(|(index, concept)| {
            context.at("modality", |context| {
                context.entry(index, |context| {
                    lower_coding(concept, "ImagingStudy.modality", context)
                })
            })
        });
        let modality_list = modality_list.collect();
        carry::give_back(lent, &mut extension, &mut modifier_extension);
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
                Mirror::lower(modifier_extension, context)
            }),
            uid: context.at("identifier", |context| Mirror::lower(apart.uid, context)),
            accession: context.at("identifier", |context| {
                Mirror::lower(apart.accession, context)
            }),
            identifier: context.at("identifier", |context| {
                Mirror::lower(apart.identifier, context)
            }),
            availability: context.at("status", |context| Mirror::lower(availability, context)),
            modality_list,
            patient: context.at("subject", |context| Mirror::lower(patient, context)),
            context: context.at("encounter", |context| Mirror::lower(encounter, context)),
            started: context.at("started", |context| Mirror::lower(study.started, context)),
            based_on: context.at("basedOn", |context| Mirror::lower(based_on, context)),
            referrer: context.at("referrer", |context| Mirror::lower(referrer, context)),
            interpreter: context.at("interpreter", |context| Mirror::lower(interpreter, context)),
            endpoint: context.at("endpoint", |context| Mirror::lower(endpoint, context)),
            number_of_series: context.at("numberOfSeries", |context| {
                Mirror::lower(study.number_of_series, context)
            }),
            number_of_instances: context.at("numberOfInstances", |context| {
                Mirror::lower(study.number_of_instances, context)
            }),
            procedure_reference: context.at("procedureReference", |context| {
                Mirror::lower(procedure_reference, context)
            }),
            procedure_code: context.at("procedureCode", |context| {
                Mirror::lower(procedure_code, context)
            }),
            reason: context.at("reasonCode", |context| Mirror::lower(reason, context)),
            description: context.at("description", |context| {
                Mirror::lower(study.description, context)
            }),
            series: context.at("series", |context| {
                each_entry(study.series, context, |series, context| {
                    lower_series(series.lift(), context)
                })
            }),
        }
    }
}

impl LiftSeries for types::ImagingStudySeries {
    type Instance = types::ImagingStudySeriesInstance;

    fn lift(self) -> hub::Series<Self::Instance> {
        lift_series(self)
    }
}

fn lift_series(
    series: types::ImagingStudySeries,
) -> hub::Series<types::ImagingStudySeriesInstance> {
    hub::Series {
        id: series.id,
        extension: series.extension.lift(),
        modifier_extension: series.modifier_extension.lift(),
        uid: Uid::Oid(series.uid.lift()),
        number: series.number.lift(),
        modality: series.modality.map(lift_coding),
        description: series.description.lift(),
        number_of_instances: series.number_of_instances.lift(),
        availability: series.availability.lift(),
        endpoint: series.endpoint.lift(),
        body_site: series.body_site.map(lift_coding),
        laterality: series.laterality.map(lift_coding),
        specimen: Vec::new(),
        started: series.started.lift(),
        performer: Performers::References(series.performer.lift()),
        instance: series.instance,
    }
}

fn lower_series<I: Mirror<Hub = hub::Instance>>(
    series: hub::Series<I>,
    context: &mut Context<'_>,
) -> types::ImagingStudySeries {
    let (mut extension, mut modifier_extension) = (series.extension, series.modifier_extension);
    let lent = carry::lend(&modifier_extension, &mut extension, context);
    let endpoint = since_stu3::references(
        series.endpoint,
        since_stu3::SERIES_ENDPOINT,
        |_| &[],
        &mut extension,
        context,
    );
    let availability = availability::series(series.availability, &mut extension, context);
    since_r4::carry_specimens(series.specimen, &mut extension, context);
    let performer = performer::references(series.performer, &mut extension, context);
    let mut original =
        |concept, path| concept::with_original(concept, path, &mut extension, context);
    let modality = original(series.modality, "ImagingStudy.series.modality");
    let body_site = original(series.body_site, "ImagingStudy.series.bodySite");
    let laterality = original(series.laterality, "ImagingStudy.series.laterality");
    let mut uid = series.uid;
    uid::gather(&mut uid, uid::SERIES, &mut extension, context);
    carry::give_back(lent, &mut extension, &mut modifier_extension);
    let coding = |concept: Option<Concept>, path, context: &mut Context<'_>| {
        concept.map(|concept| lower_coding(concept, path, context))
    };
    types::ImagingStudySeries {
        id: series.id,
        extension: context.at("extension", |context| Mirror::lower(extension, context)),
        modifier_extension: context.at("modifierExtension", |context| {
            Mirror::lower(modifier_extension, context)
        }),
        uid: context.at("uid", |context| {
            let uid = uid::oid(uid, uid::SERIES, context);
            Mirror::lower(uid, context)
        }),
        number: context.at("number", |context| Mirror::lower(series.number, context)),
        modality: context.at("modality", |context| {
            coding(modality, "ImagingStudy.series.modality", context)
        }),
        description: context.at("description", |context| {
            Mirror::lower(series.description, context)
        }),
        number_of_instances: context.at("numberOfInstances", |context| {
            Mirror::lower(series.number_of_instances, context)
        }),
        availability: context.at("extension", |context| Mirror::lower(availability, context)),
        endpoint: context.at("endpoint", |context| Mirror::lower(endpoint, context)),
        body_site: context.at("bodySite", |context| {
            coding(body_site, "ImagingStudy.series.bodySite", context)
        }),
        laterality: context.at("laterality", |context| {
            coding(laterality, "ImagingStudy.series.laterality", context)
        }),
        started: context.at("started", |context| Mirror::lower(series.started, context)),
        performer: context.at("performer", |context| Mirror::lower(performer, context)),
        instance: context.at("instance", |context| {
            convert_instances(series.instance, context)
        }),
    }
}

fn lift_coding(coding: types::Coding) -> Concept {
    Concept::Coding(coding.lift())
}

fn lower_coding(concept: Concept, path: &str, context: &mut Context<'_>) -> types::Coding {
    let coding = concept::coding(concept, path, context);
    Mirror::lower(coding, context)
}
