//! The study of R4 and R4B: procedures and reasons in elements of their own, and coded elements that
//! are a Coding.

/// Defines how the study of a version of this form is written.
macro_rules! split_form {
    ($types:ident) => {
        impl Study for $types::ImagingStudy {}

        #[allow(private_interfaces, reason = "a sealed trait")]
        impl Sealed for $types::ImagingStudy {
            fn from_plan(plan: &Plan<'_>, options: &Options) -> Self {
                let accession_is_order = options.accession == AccessionPlace::BasedOn;
                let (identifier, based_on) = identity(plan, accession_is_order);
                Self {
                    identifier,
                    status: status(plan).into(),
                    modality: plan.modality.iter().map(coding).collect(),
                    subject: Some(reference(&plan.subject)),
                    encounter: plan.encounter.as_ref().map(reference),
                    started: plan.started.clone().into(),
                    based_on,
                    referrer: plan.referrer.as_ref().map(reference),
                    interpreter: plan.interpreter.iter().map(reference).collect(),
                    number_of_series: counted(plan.number_of_series),
                    number_of_instances: counted(plan.number_of_instances),
                    procedure_code: plan.procedure.iter().map(codeable).collect(),
                    location: plan.location.as_ref().map(reference),
                    reason_code: plan.reason.iter().map(codeable).collect(),
                    description: optional(plan.description),
                    series: plan.series.iter().map(series).collect(),
                    ..Default::default()
                }
            }
        }

        impl StudyForm for $types::ImagingStudy {
            form!(study $types, modality modality);
            form!(identifier, status $types);

            merge_elements! {
                list [
                    identifier "identifier", modality "modality", based_on "basedOn",
                    interpreter "interpreter", procedure_code "procedureCode",
                    reason_code "reasonCode",
                ]
                status [status "status"]
                single [
                    subject "subject", encounter "encounter", referrer "referrer",
                    location "location",
                ]
                time [started "started"]
                primitive [description "description"]
            }
        }

        impl SeriesForm for $types::ImagingStudySeries {
            form!(series $types);

            merge_elements! {
                primitive [number "number", description "description"]
                single [
                    modality "modality", body_site "bodySite", laterality "laterality",
                ]
                list [specimen "specimen", performer "performer"]
                time [started "started"]
            }
        }

        fn series(series: &PlanSeries<'_>) -> $types::ImagingStudySeries {
            let modality = series.modality.as_ref().map(coding);
            let modality = modality.unwrap_or_else(|| $types::Coding {
                extension: vec![absent("unknown")],
                ..Default::default()
            });
            $types::ImagingStudySeries {
                uid: $types::RawUid::from(series.uid.as_str()).into(),
                number: series.number.map(number).unwrap_or_default(),
                modality: Some(modality),
                description: optional(series.description),
                number_of_instances: counted(series.number_of_instances),
                body_site: series.body_site.as_ref().map(coding),
                laterality: series.laterality.as_ref().map(coding),
                specimen: series.specimen.iter().map(reference).collect(),
                started: series.started.clone().into(),
                performer: performers(series),
                instance: instances(series),
                ..Default::default()
            }
        }
    };
}
