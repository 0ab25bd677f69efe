//! The study of R5 and later: reasons that join codes and references, and coded elements that are a
//! CodeableConcept.

/// Defines how the study of a version of this form is lifted and lowered; `before_r6` names the
/// elements that R6 has no more.
macro_rules! joined_form {
    ($types:ident, $form:ident $(, $part_of:ident, $laterality:ident)?) => {
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
                    modality: self.modality.into_iter().map(lift_concept).collect(),
                    subject: self.subject.lift(),
                    encounter: self.encounter.lift(),
                    started: self.started.lift(),
                    based_on: self.based_on.lift(),
                    referrer: self.referrer.lift(),
                    interpreter: Vec::new(),
                    endpoint: self.endpoint.lift(),
                    number_of_series: self.number_of_series.lift(),
                    number_of_instances: self.number_of_instances.lift(),
                    procedure: joined_form!(lift_procedures $form self),
                    location: self.location.lift(),
                    reason: Reason::Joined(self.reason.lift()),
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
                let procedures =
                    joined_form!(procedures $form (study.procedure, &mut extension, context));
                let reasons = context.targets(|targets| targets.reason);
                let reason = reason::joined(study.reason, &mut extension, reasons, context);
                let location = since_r4::location(study.location, &mut extension, context);
                let note = since_r4::notes(study.note, &mut extension, context);
                interpreter::carry_all(study.interpreter, &mut extension, context);
                let modality = context.at(context.named("modality"), |context| {
                    let path = "ImagingStudy.modality";
                    concept::with_originals(study.modality, path, &mut extension, context)
                });
                let modality = modality.into_iter().enumerate().map(|(index, concept)| {
                    context.at(context.named("modality"), |context| {
                        context.entry(index, |context| {
                            lower_concept(concept, "ImagingStudy.modality", context)
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
                    $($part_of: context.at(context.named("partOf"), |context| {
                        Mirror::lower(procedures.0, context)
                    }),)?
                    referrer: context.at("referrer", |context| Mirror::lower(referrer, context)),
                    endpoint: context.at("endpoint", |context| Mirror::lower(endpoint, context)),
                    number_of_series: context.at("numberOfSeries", |context| {
                        Mirror::lower(study.number_of_series, context)
                    }),
                    number_of_instances: context.at("numberOfInstances", |context| {
                        Mirror::lower(study.number_of_instances, context)
                    }),
                    procedure: context.at(context.named("procedure"), |context| {
                        Mirror::lower(procedures.1, context)
                    }),
                    location: context.at("location", |context| Mirror::lower(location, context)),
                    reason: context.at("reasonCode", |context| Mirror::lower(reason, context)),
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
            #[allow(unused_mut, reason = "only R6 has what travels from here on")]
            let mut extension = series.extension.lift();
            let body_site =
                joined_form!(lift_body_site $form (series.body_site.lift(), &mut extension));
            hub::Series {
                id: series.id,
                extension,
                modifier_extension: series.modifier_extension.lift(),
                uid: Uid::Id(series.uid.lift()),
                number: series.number.lift(),
                modality: series.modality.map(lift_concept),
                description: series.description.lift(),
                number_of_instances: series.number_of_instances.lift(),
                availability: hub::Primitive::default(),
                endpoint: series.endpoint.lift(),
                body_site,
                laterality: joined_form!(lift_laterality series $($laterality)?),
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
            let mut gather = |concept, path| {
                let concept = concept::with_original(concept, path, &mut extension, context);
                concept::gather(concept, path, &mut extension)
            };
            let modality = gather(series.modality, "ImagingStudy.series.modality");
            let body_site = gather(series.body_site, "ImagingStudy.series.bodySite");
            $(let $laterality = gather(series.laterality, "ImagingStudy.series.laterality");)?
            joined_form!(carry_laterality $form (series.laterality, &mut extension, context));
            let body_sites = joined_form!(body_sites $form (body_site, &mut extension));
            let specimen = since_r4::specimens(series.specimen, &mut extension, context);
            let performer = performer::actors(series.performer, &mut extension, context);
            let endpoint = since_stu3::references(
                series.endpoint,
                since_stu3::SERIES_ENDPOINT,
                |_| &[],
                &mut extension,
                context,
            );
            availability::carry_series(series.availability, &mut extension, context);
            let mut uid = series.uid;
            uid::gather(&mut uid, uid::SERIES, &mut extension, context);
            carry::give_back(lent, &mut extension, &mut modifier_extension);
            let codeable = |concept: Option<Concept>, path, context: &mut Context<'_>| {
                concept.map(|concept| lower_concept(concept, path, context))
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
                    codeable(modality, "ImagingStudy.series.modality", context)
                }),
                description: context.at("description", |context| {
                    Mirror::lower(series.description, context)
                }),
                number_of_instances: context.at("numberOfInstances", |context| {
                    Mirror::lower(series.number_of_instances, context)
                }),
                endpoint: context.at("endpoint", |context| Mirror::lower(endpoint, context)),
                body_site: context.at("bodySite", |context| {
                    let body_site = joined_form!(body_site $form (body_sites, context));
                    Mirror::lower(body_site, context)
                }),
                $($laterality: context.at("laterality", |context| {
                    codeable($laterality, "ImagingStudy.series.laterality", context)
                }),)?
                specimen: context.at("specimen", |context| Mirror::lower(specimen, context)),
                started: context.at("started", |context| Mirror::lower(series.started, context)),
                performer: context.at("performer", |context| Mirror::lower(performer, context)),
                instance: context.at("instance", |context| {
                    convert_instances(series.instance, context)
                }),
            }
        }

        fn lift_concept(concept: $types::CodeableConcept) -> Concept {
            Concept::CodeableConcept(concept.lift())
        }

        fn lower_concept(
            concept: Concept,
            path: &str,
            context: &mut Context<'_>,
        ) -> $types::CodeableConcept {
            let concept = concept::codeable_concept(concept, path, context);
            Mirror::lower(concept, context)
        }
    };
    (lift_procedures before_r6 $study:ident) => {
        Procedure::Joined {
            part_of: $study.part_of.lift(),
            procedure: $study.procedure.lift(),
            version: Self::VERSION,
        }
    };
    (lift_procedures r6 $study:ident) => {
        Procedure::Alone($study.procedure.lift())
    };
    (procedures before_r6 $arguments:tt) => {
        procedure::joined $arguments
    };
    (procedures r6 $arguments:tt) => {
        ((), part_of::alone $arguments)
    };
    (lift_body_site before_r6 ($body_site:expr, $extension:expr)) => {
        $body_site.map(Concept::CodeableReference)
    };
    (lift_body_site r6 $arguments:tt) => {
        body_site::first $arguments
    };
    (lift_laterality $series:ident $laterality:ident) => {
        $series.$laterality.map(lift_concept)
    };
    (lift_laterality $series:ident) => {
        None
    };
    (carry_laterality before_r6 $arguments:tt) => {};
    (carry_laterality r6 $arguments:tt) => {
        laterality::carry $arguments
    };
    (body_sites before_r6 ($body_site:expr, $extension:expr)) => {
        $body_site
    };
    (body_sites r6 $arguments:tt) => {
        body_site::list $arguments
    };
    (body_site before_r6 ($body_site:expr, $context:expr)) => {
        $body_site.map(|concept| $crate::body_site::codeable_reference(concept, $context))
    };
    (body_site r6 ($body_site:expr, $context:expr)) => {
        each_entry($body_site, $context, body_site::codeable_reference)
    };
}
pub(crate) use joined_form;
