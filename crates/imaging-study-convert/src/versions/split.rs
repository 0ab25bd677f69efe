//! The study of R4 and R4B: procedures and reasons split into codes and references, and coded elements
//! that are a Coding.

/// Defines how the study of a version of this form is lifted and lowered.
macro_rules! split_form {
    ($types:ident) => {
        impl Form for $types::ImagingStudy {
            type Series = $types::ImagingStudySeries;

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
                    identity: Identity::List(self.identifier.lift()),
                    status: Status::Status(self.status.lift()),
                    modality: self.modality.into_iter().map(lift_coding).collect(),
                    subject: self.subject.lift(),
                    encounter: self.encounter.lift(),
                    started: self.started.lift(),
                    based_on: self.based_on.lift(),
                    referrer: self.referrer.lift(),
                    interpreter: self.interpreter.lift(),
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
                    series: self.series,
                }
            }

            fn lower<S: LiftSeries>(
                study: hub::ImagingStudy<S>,
                context: &mut Context<'_>,
            ) -> Self {
                notes::note(&study, context);
                let (mut extension, mut modifier_extension) =
                    (study.extension, study.modifier_extension);
                let lent = carry::lend(&modifier_extension, &mut extension, context);
                let identifier = identity::list(study.identity, &mut extension, context);
                let status = context.at(context.named("status"), |context| {
                    availability::status(
                        study.status,
                        &mut extension,
                        &mut modifier_extension,
                        context,
                    )
                });
                let subjects = context.targets(|targets| targets.subject);
                let subject = study
                    .subject
                    .map(|subject| reference::fit(subject, subjects, context));
                let encounter = encounter::encounter(study.encounter, &mut extension, context);
                let orders = context.targets(|targets| targets.based_on);
                let based_on =
                    reference::fit_list(study.based_on, "ImagingStudy.basedOn", orders, context);
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
                    procedure::split(study.procedure, &mut extension, context);
                let reasons = context.targets(|targets| targets.reason);
                let (reason_code, reason_reference) =
                    reason::split(study.reason, &mut extension, reasons, context);
                let location = since_r4::location(study.location, &mut extension, context);
                let note = since_r4::notes(study.note, &mut extension, context);
                let modality = context.at(context.named("modality"), |context| {
                    let path = "ImagingStudy.modality";
                    concept::with_originals(study.modality, path, &mut extension, context)
                });
                let modality = modality.into_iter().enumerate().map(|(index, concept)| {
                    context.at(context.named("modality"), |context| {
                        context.entry(index, |context| {
                            lower_coding(concept, "ImagingStudy.modality", context)
                        })
                    })
                });
                let modality = modality.collect();
                carry::give_back(lent, &mut extension, &mut modifier_extension);
                Self {
                    id: context.at("id", |context| Mirror::lower(study.id, context)),
                    meta: context.at("meta", |context| Mirror::lower(study.meta, context)),
                    implicit_rules: context.at("implicitRules", |context| {
                        Mirror::lower(study.implicit_rules, context)
                    }),
                    language: context
                        .at("language", |context| Mirror::lower(study.language, context)),
                    text: context.at("text", |context| Mirror::lower(study.text, context)),
                    contained: contained::convert(study.contained, context),
                    extension: context.at("extension", |context| Mirror::lower(extension, context)),
                    modifier_extension: context.at("modifierExtension", |context| {
                        Mirror::lower(modifier_extension, context)
                    }),
                    identifier: context
                        .at("identifier", |context| Mirror::lower(identifier, context)),
                    status: context.at(context.named("status"), |context| {
                        Mirror::lower(status, context)
                    }),
                    modality,
                    subject: context.at(context.named("subject"), |context| {
                        Mirror::lower(subject, context)
                    }),
                    encounter: context.at(context.named("encounter"), |context| {
                        Mirror::lower(encounter, context)
                    }),
                    started: context.at("started", |context| Mirror::lower(study.started, context)),
                    based_on: context.at("basedOn", |context| Mirror::lower(based_on, context)),
                    referrer: context.at("referrer", |context| Mirror::lower(referrer, context)),
                    interpreter: context
                        .at("interpreter", |context| Mirror::lower(interpreter, context)),
                    endpoint: context.at("endpoint", |context| Mirror::lower(endpoint, context)),
                    number_of_series: context.at("numberOfSeries", |context| {
                        Mirror::lower(study.number_of_series, context)
                    }),
                    number_of_instances: context.at("numberOfInstances", |context| {
                        Mirror::lower(study.number_of_instances, context)
                    }),
                    procedure_reference: context.at(context.named("partOf"), |context| {
                        Mirror::lower(procedure_reference, context)
                    }),
                    procedure_code: context.at(context.named("procedure"), |context| {
                        Mirror::lower(procedure_code, context)
                    }),
                    location: context.at("location", |context| Mirror::lower(location, context)),
                    reason_code: context
                        .at("reason", |context| Mirror::lower(reason_code, context)),
                    reason_reference: context
                        .at("reason", |context| Mirror::lower(reason_reference, context)),
                    note: context.at("note", |context| Mirror::lower(note, context)),
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

        impl LiftSeries for $types::ImagingStudySeries {
            type Instance = $types::ImagingStudySeriesInstance;

            fn lift(self) -> hub::Series<Self::Instance> {
                lift_series(self)
            }
        }

        fn lift_series(
            series: $types::ImagingStudySeries,
        ) -> hub::Series<$types::ImagingStudySeriesInstance> {
            hub::Series {
                id: series.id,
                extension: series.extension.lift(),
                modifier_extension: series.modifier_extension.lift(),
                uid: Uid::Id(series.uid.lift()),
                number: series.number.lift(),
                modality: series.modality.map(lift_coding),
                description: series.description.lift(),
                number_of_instances: series.number_of_instances.lift(),
                availability: hub::Primitive::default(),
                endpoint: series.endpoint.lift(),
                body_site: series.body_site.map(lift_coding),
                laterality: series.laterality.map(lift_coding),
                specimen: series.specimen.lift(),
                started: series.started.lift(),
                performer: Performers::Actors(series.performer.lift()),
                instance: series.instance,
            }
        }

        fn lower_series<I: Mirror<Hub = hub::Instance>>(
            series: hub::Series<I>,
            context: &mut Context<'_>,
        ) -> $types::ImagingStudySeries {
            let (mut extension, mut modifier_extension) =
                (series.extension, series.modifier_extension);
            let lent = carry::lend(&modifier_extension, &mut extension, context);
            let endpoint = since_stu3::references(
                series.endpoint,
                since_stu3::SERIES_ENDPOINT,
                |_| &[],
                &mut extension,
                context,
            );
            let specimen = since_r4::specimens(series.specimen, &mut extension, context);
            let performer = performer::actors(series.performer, &mut extension, context);
            availability::carry_series(series.availability, &mut extension, context);
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
            $types::ImagingStudySeries {
                id: series.id,
                extension: context.at("extension", |context| Mirror::lower(extension, context)),
                modifier_extension: context.at("modifierExtension", |context| {
                    Mirror::lower(modifier_extension, context)
                }),
                uid: context.at("uid", |context| {
                    let uid = uid::id(uid, uid::SERIES, context);
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
                endpoint: context.at("endpoint", |context| Mirror::lower(endpoint, context)),
                body_site: context.at("bodySite", |context| {
                    coding(body_site, "ImagingStudy.series.bodySite", context)
                }),
                laterality: context.at("laterality", |context| {
                    coding(laterality, "ImagingStudy.series.laterality", context)
                }),
                specimen: context.at("specimen", |context| Mirror::lower(specimen, context)),
                started: context.at("started", |context| Mirror::lower(series.started, context)),
                performer: context.at("performer", |context| Mirror::lower(performer, context)),
                instance: context.at("instance", |context| {
                    convert_instances(series.instance, context)
                }),
            }
        }

        fn lift_coding(coding: $types::Coding) -> Concept {
            Concept::Coding(coding.lift())
        }

        fn lower_coding(concept: Concept, path: &str, context: &mut Context<'_>) -> $types::Coding {
            let coding = concept::coding(concept, path, context);
            Mirror::lower(coding, context)
        }
    };
}
pub(crate) use split_form;
