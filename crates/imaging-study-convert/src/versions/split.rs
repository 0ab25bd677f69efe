//! The study of R4 and R4B: procedures and reasons split into codes and references, and coded elements
//! that are a Coding.

/// Defines how the study of a version of this form is lifted and lowered.
macro_rules! split_form {
    ($types:ident) => {
        impl Form for $types::ImagingStudy {
            type Instance = $types::ImagingStudySeriesInstance;

            fn lift(self) -> hub::ImagingStudy<Self::Instance> {
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
                    series: self.series.into_iter().map(lift_series).collect(),
                }
            }

            fn lower<I: Mirror<Hub = hub::Instance>>(
                study: hub::ImagingStudy<I>,
                context: &mut Context<'_>,
            ) -> Self {
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
                    language: context
                        .at("language", |context| Mirror::lower(study.language, context)),
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
                    based_on: context
                        .at("basedOn", |context| Mirror::lower(study.based_on, context)),
                    referrer: context
                        .at("referrer", |context| Mirror::lower(study.referrer, context)),
                    interpreter: context
                        .at("interpreter", |context| Mirror::lower(interpreter, context)),
                    endpoint: context
                        .at("endpoint", |context| Mirror::lower(study.endpoint, context)),
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
                    location: context
                        .at("location", |context| Mirror::lower(study.location, context)),
                    reason_code: context
                        .at("reason", |context| Mirror::lower(reason_code, context)),
                    reason_reference: context
                        .at("reason", |context| Mirror::lower(reason_reference, context)),
                    note: context.at("note", |context| Mirror::lower(study.note, context)),
                    description: context.at("description", |context| {
                        Mirror::lower(study.description, context)
                    }),
                    series: context.at("series", |context| {
                        let series = study.series.into_iter().enumerate().map(|(index, series)| {
                            context.entry(index, |context| lower_series(series, context))
                        });
                        series.collect()
                    }),
                }
            }
        }

        fn lift_series(
            series: $types::ImagingStudySeries,
        ) -> hub::Series<$types::ImagingStudySeriesInstance> {
            hub::Series {
                id: series.id,
                extension: series.extension.lift(),
                modifier_extension: series.modifier_extension.lift(),
                uid: series.uid.lift(),
                number: series.number.lift(),
                modality: series.modality.map(lift_coding),
                description: series.description.lift(),
                number_of_instances: series.number_of_instances.lift(),
                endpoint: series.endpoint.lift(),
                body_site: series.body_site.map(lift_coding),
                laterality: series.laterality.map(lift_coding),
                specimen: series.specimen.lift(),
                started: series.started.lift(),
                performer: series.performer.lift(),
                instance: series.instance,
            }
        }

        fn lower_series<I: Mirror<Hub = hub::Instance>>(
            series: hub::Series<I>,
            context: &mut Context<'_>,
        ) -> $types::ImagingStudySeries {
            let coding = |concept: Option<Concept>, path, context: &mut Context<'_>| {
                concept.map(|concept| lower_coding(concept, path, context))
            };
            $types::ImagingStudySeries {
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
    };
}
pub(crate) use split_form;
