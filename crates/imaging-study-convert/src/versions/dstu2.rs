//! FHIR DSTU2.

use std::sync::LazyLock;

use imaging_study_core::{CodeSet, Element, FhirVersion};
use imaging_study_dstu2 as types;

use crate::context::Context;
use crate::entries::{convert_instances, each_entry};
use crate::hub::{
    self, Apart, Concept, Extension, Identity, Other, Performers, Procedure, Reason, SopClass,
    Status, Uid,
};
use crate::mirror::{
    Form, LiftSeries, Mirror, mirror, mirror_codes, mirror_common, mirror_values, retyped,
};
use crate::version::{Version, VersionTargets, targets};
use crate::{
    absent, availability, carry, concept, contained, datatype, element_id, encounter, identity,
    instance, interpreter, notes, performer, procedure, reason, reference, since_r4, since_stu3,
    sop_class, tree, uid, until_dstu2,
};

/// The tables of DSTU2.
pub(crate) static DSTU2: Version = Version {
    fhir_version: FhirVersion::Dstu2,
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
    // Of the references of STU3 that travel here.
    actor: &["Practitioner"],
    reason: &[],
    subject: targets(types::ImagingStudy::info(), "patient"),
    encounter: &[],
    based_on: &[],
    referrer: targets(types::ImagingStudy::info(), "referrer"),
    interpreter: targets(types::ImagingStudy::info(), "interpreter"),
});

/// The resources of DSTU2; no element here has them as codes.
static RESOURCES: CodeSet = CodeSet {
    url: "http://hl7.org/fhir/ValueSet/resource-types",
    codes: &[
        "Account",
        "AllergyIntolerance",
        "Appointment",
        "AppointmentResponse",
        "AuditEvent",
        "Basic",
        "Binary",
        "BodySite",
        "Bundle",
        "CarePlan",
        "Claim",
        "ClaimResponse",
        "ClinicalImpression",
        "Communication",
        "CommunicationRequest",
        "Composition",
        "ConceptMap",
        "Condition",
        "Conformance",
        "Contract",
        "Coverage",
        "DataElement",
        "DetectedIssue",
        "Device",
        "DeviceComponent",
        "DeviceMetric",
        "DeviceUseRequest",
        "DeviceUseStatement",
        "DiagnosticOrder",
        "DiagnosticReport",
        "DocumentManifest",
        "DocumentReference",
        "DomainResource",
        "EligibilityRequest",
        "EligibilityResponse",
        "Encounter",
        "EnrollmentRequest",
        "EnrollmentResponse",
        "EpisodeOfCare",
        "ExplanationOfBenefit",
        "FamilyMemberHistory",
        "Flag",
        "Goal",
        "Group",
        "HealthcareService",
        "ImagingObjectSelection",
        "ImagingStudy",
        "Immunization",
        "ImmunizationRecommendation",
        "ImplementationGuide",
        "List",
        "Location",
        "Media",
        "Medication",
        "MedicationAdministration",
        "MedicationDispense",
        "MedicationOrder",
        "MedicationStatement",
        "MessageHeader",
        "NamingSystem",
        "NutritionOrder",
        "Observation",
        "OperationDefinition",
        "OperationOutcome",
        "Order",
        "OrderResponse",
        "Organization",
        "Parameters",
        "Patient",
        "PaymentNotice",
        "PaymentReconciliation",
        "Person",
        "Practitioner",
        "Procedure",
        "ProcedureRequest",
        "ProcessRequest",
        "ProcessResponse",
        "Provenance",
        "Questionnaire",
        "QuestionnaireResponse",
        "ReferralRequest",
        "RelatedPerson",
        "RiskAssessment",
        "Schedule",
        "SearchParameter",
        "Slot",
        "Specimen",
        "StructureDefinition",
        "Subscription",
        "Substance",
        "SupplyDelivery",
        "SupplyRequest",
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
mirror_common!(types, comments fhir_comments);
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
    fit datatype::identifier_before_r4,
    comments fhir_comments
);
mirror_values!(
    types,
    primitive [
        Base64Binary, Boolean, Code, Date, DateTime, Decimal, Id, Instant, Integer, Markdown, Oid,
        PositiveInt, String, Time, UnsignedInt, Uri,
    ],
    same [Annotation, CodeableConcept, Coding, Identifier, Meta, Period, Reference],
    other [
        Address "Address", Attachment "Attachment", ContactPoint "ContactPoint",
        HumanName "HumanName", Quantity "Quantity", Range "Range", Ratio "Ratio",
        SampledData "SampledData", Signature "Signature", Timing "Timing",
    ],
);

impl Mirror for types::Reference {
    type Hub = hub::Reference;

    fn lift(self) -> hub::Reference {
        let mut hub = hub::Reference {
            id: self.id,
            extension: self.extension.lift(),
            reference: self.reference.lift(),
            type_: hub::Primitive::default(),
            identifier: None,
            display: self.display.lift(),
        };
        element_id::restore(&mut hub.id, &mut hub.extension);
        datatype::reference_from_dstu2(hub)
    }

    fn lower(hub: hub::Reference, context: &mut Context<'_>) -> Self {
        let mut hub = datatype::reference_in_dstu2(hub, context);
        element_id::carry(&mut hub.id, &mut hub.extension, context);
        Self {
            id: hub.id,
            fhir_comments: Vec::new(),
            extension: context.at("extension", |context| Mirror::lower(hub.extension, context)),
            reference: context.at("reference", |context| Mirror::lower(hub.reference, context)),
            display: context.at("display", |context| Mirror::lower(hub.display, context)),
        }
    }
}

impl Mirror for types::Meta {
    type Hub = hub::Meta;

    fn lift(self) -> hub::Meta {
        let mut hub = hub::Meta {
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
        };
        element_id::restore(&mut hub.id, &mut hub.extension);
        hub
    }

    fn lower(hub: hub::Meta, context: &mut Context<'_>) -> Self {
        let mut hub = datatype::meta_before_r4(hub, context);
        element_id::carry(&mut hub.id, &mut hub.extension, context);
        let profile: Vec<hub::Primitive<types::Uri>> =
            hub.profile.into_iter().map(retyped).collect();
        Self {
            id: hub.id,
            fhir_comments: Vec::new(),
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

impl Mirror for types::ImagingStudySeriesInstance {
    type Hub = hub::Instance;

    fn lift(self) -> hub::Instance {
        let (mut id, mut extension) = (self.id, self.extension.lift());
        element_id::restore(&mut id, &mut extension);
        let content = self.content.into_iter().map(|content| Other {
            type_name: "Attachment",
            json: tree::write_value(&content),
        });
        until_dstu2::carry_instance(self.type_.lift(), content, &mut extension);
        hub::Instance {
            id,
            extension,
            modifier_extension: self.modifier_extension.lift(),
            uid: Uid::Oid(self.uid.lift()),
            sop_class: (!self.sop_class.is_absent()).then(|| SopClass::Oid(self.sop_class.lift())),
            number: self.number.lift(),
            title: self.title.lift(),
        }
    }

    fn lower(hub: hub::Instance, context: &mut Context<'_>) -> Self {
        let mut hub = hub;
        instance::gather(&mut hub, context);
        let (mut id, mut extension) = (hub.id, hub.extension);
        let mut modifier_extension = hub.modifier_extension;
        let lent = carry::lend(&modifier_extension, &mut extension, context);
        let type_ = until_dstu2::type_of_instance(&mut extension);
        let carried = until_dstu2::content_of_instance(&mut extension);
        let mut content = Vec::new();
        for carried in carried {
            match content_of(carried, context) {
                Ok(attachment) => content.push(attachment),
                Err(carried) => extension.push(carried),
            }
        }
        carry::give_back(lent, &mut extension, &mut modifier_extension);
        element_id::carry(&mut id, &mut extension, context);
        Self {
            id,
            fhir_comments: Vec::new(),
            extension: context.at("extension", |context| Mirror::lower(extension, context)),
            modifier_extension: context.at("modifierExtension", |context| {
                Mirror::lower(modifier_extension, context)
            }),
            number: context.at("number", |context| Mirror::lower(hub.number, context)),
            uid: context.at("uid", |context| {
                let uid = uid::oid(hub.uid, uid::INSTANCE, context);
                Mirror::lower(uid, context)
            }),
            sop_class: context.at("sopClass", |context| {
                let sop_class = hub
                    .sop_class
                    .map(|sop_class| sop_class::oid(sop_class, context));
                Mirror::lower(sop_class.unwrap_or_default(), context)
            }),
            type_: context.at("extension", |context| Mirror::lower(type_, context)),
            title: context.at("title", |context| Mirror::lower(hub.title, context)),
            content,
        }
    }
}

/// The content of an instance that an extension carries, if it is native here.
fn content_of(
    carried: Extension,
    context: &mut Context<'_>,
) -> Result<types::Attachment, Extension> {
    let lowered = context.at("extension", |context| {
        types::Extension::lower(carried.clone(), context)
    });
    match lowered.value {
        Some(types::ExtensionValue::Attachment(attachment)) => Ok(*attachment),
        _ => Err(carried),
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
        let mut extension = self.extension.lift();
        let reason = reason::take_single(&mut extension);
        // What only this version has travels from here on.
        until_dstu2::carry_url(self.url.lift(), until_dstu2::URL, &mut extension);
        until_dstu2::carry_orders(self.order.lift(), &mut extension);
        hub::ImagingStudy {
            id: self.id.lift(),
            meta: self.meta.lift(),
            implicit_rules: self.implicit_rules.lift(),
            language: self.language.lift(),
            text: self.text.lift(),
            contained: self.contained,
            extension,
            modifier_extension: self.modifier_extension.lift(),
            identity: Identity::Apart(Box::new(Apart {
                uid: self.uid.lift(),
                accession: self.accession.lift(),
                identifier: self.identifier.lift(),
            })),
            status: Status::Availability(self.availability.lift()),
            modality: self.modality_list.into_iter().map(lift_coding).collect(),
            subject: self.patient.lift(),
            encounter: None,
            started: self.started.lift(),
            based_on: Vec::new(),
            referrer: self.referrer.lift(),
            interpreter: Vec::from_iter(self.interpreter.lift()),
            endpoint: Vec::new(),
            number_of_series: absent::optional(
                self.number_of_series.lift(),
                "ImagingStudy.numberOfSeries",
            ),
            number_of_instances: absent::optional(
                self.number_of_instances.lift(),
                "ImagingStudy.numberOfInstances",
            ),
            procedure: Procedure::List {
                reference: self.procedure.lift(),
                code: Vec::new(),
            },
            location: None,
            reason: Reason::Single(reason),
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
        encounter::carry_all(study.encounter, &mut extension, context);
        let order = until_dstu2::orders(&mut extension);
        let url = until_dstu2::url(&mut extension, until_dstu2::URL);
        since_stu3::carry(
            since_stu3::as_named(study.based_on, |targets| targets.based_on, context),
            since_stu3::BASED_ON,
            &mut extension,
            context,
        );
        since_stu3::carry(
            study.endpoint,
            since_stu3::ENDPOINT,
            &mut extension,
            context,
        );
        let referrers = context.targets(|targets| targets.referrer);
        let referrer = study
            .referrer
            .map(|referrer| reference::fit(referrer, referrers, context));
        let interpreter = interpreter::first(study.interpreter, &mut extension, context);
        let procedure = procedure::references(study.procedure, &mut extension, context);
        since_r4::carry_location(study.location, &mut extension, context);
        reason::carry_all(study.reason, &mut extension, context);
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
            fhir_comments: Vec::new(),
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
            started: context.at("started", |context| Mirror::lower(study.started, context)),
            order: context.at("extension", |context| Mirror::lower(order, context)),
            url: context.at("extension", |context| Mirror::lower(url, context)),
            referrer: context.at("referrer", |context| Mirror::lower(referrer, context)),
            interpreter: context.at("interpreter", |context| Mirror::lower(interpreter, context)),
            number_of_series: context.at("numberOfSeries", |context| {
                let count = absent::required(
                    study.number_of_series,
                    "ImagingStudy.numberOfSeries",
                    context,
                );
                Mirror::lower(count, context)
            }),
            number_of_instances: context.at("numberOfInstances", |context| {
                let count = absent::required(
                    study.number_of_instances,
                    "ImagingStudy.numberOfInstances",
                    context,
                );
                Mirror::lower(count, context)
            }),
            procedure: context.at(context.named("partOf"), |context| {
                Mirror::lower(procedure, context)
            }),
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
    let is_bare = is_bare(&series);
    let count = series.number_of_instances.lift();
    let (mut id, mut extension) = (series.id, series.extension.lift());
    element_id::restore(&mut id, &mut extension);
    until_dstu2::carry_url(series.url.lift(), until_dstu2::SERIES_URL, &mut extension);
    hub::Series {
        id,
        extension,
        modifier_extension: series.modifier_extension.lift(),
        uid: Uid::Oid(series.uid.lift()),
        number: series.number.lift(),
        modality: series.modality.map(lift_coding),
        description: series.description.lift(),
        number_of_instances: if is_bare {
            count
        } else {
            absent::optional(count, "ImagingStudy.series.numberOfInstances")
        },
        availability: series.availability.lift(),
        endpoint: Vec::new(),
        body_site: series.body_site.map(lift_coding),
        laterality: series.laterality.map(lift_coding),
        specimen: Vec::new(),
        started: series.started.lift(),
        performer: Performers::References(Vec::new()),
        instance: series.instance,
    }
}

fn lower_series<I: Mirror<Hub = hub::Instance>>(
    series: hub::Series<I>,
    context: &mut Context<'_>,
) -> types::ImagingStudySeries {
    let (mut extension, mut modifier_extension) = (series.extension, series.modifier_extension);
    let lent = carry::lend(&modifier_extension, &mut extension, context);
    let url = until_dstu2::url(&mut extension, until_dstu2::SERIES_URL);
    since_stu3::carry(
        series.endpoint,
        since_stu3::SERIES_ENDPOINT,
        &mut extension,
        context,
    );
    let availability = availability::series(series.availability, &mut extension, context);
    since_r4::carry_specimens(series.specimen, &mut extension, context);
    performer::carry_all(series.performer, &mut extension, context);
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
    let mut id = series.id;
    element_id::carry(&mut id, &mut extension, context);
    let count_path = "ImagingStudy.series.numberOfInstances";
    let is_marked = absent::is_only_marker(&series.number_of_instances);
    let count = series.number_of_instances;
    let count = if is_marked {
        count
    } else {
        absent::required(count, count_path, context)
    };
    let mut lowered = types::ImagingStudySeries {
        id,
        fhir_comments: Vec::new(),
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
        number_of_instances: context
            .at("numberOfInstances", |context| Mirror::lower(count, context)),
        availability: context.at("extension", |context| Mirror::lower(availability, context)),
        url: context.at("extension", |context| Mirror::lower(url, context)),
        body_site: context.at("bodySite", |context| {
            coding(body_site, "ImagingStudy.series.bodySite", context)
        }),
        laterality: context.at("laterality", |context| {
            coding(laterality, "ImagingStudy.series.laterality", context)
        }),
        started: context.at("started", |context| Mirror::lower(series.started, context)),
        instance: context.at("instance", |context| {
            convert_instances(series.instance, context)
        }),
    };
    if is_marked && !is_bare(&lowered) {
        let count = absent::required(absent::only_marker(), count_path, context);
        lowered.number_of_instances = Mirror::lower(count, context);
    }
    lowered
}

/// Whether an invalid series has nothing but a count; without the mark of one it would be empty.
fn is_bare(series: &types::ImagingStudySeries) -> bool {
    series.uid.is_absent()
        && !series.number_of_instances.is_absent()
        && *series
            == types::ImagingStudySeries {
                number_of_instances: series.number_of_instances.clone(),
                ..Default::default()
            }
}

fn lift_coding(coding: types::Coding) -> Concept {
    Concept::Coding(coding.lift())
}

fn lower_coding(concept: Concept, path: &str, context: &mut Context<'_>) -> types::Coding {
    let coding = concept::coding(concept, path, context);
    Mirror::lower(coding, context)
}
