//! The study of R5 and R6: procedures and reasons that join codes and references, and coded elements
//! that are a CodeableConcept.

/// Defines how the study of a version of this form is written.
macro_rules! joined_form {
    ($types:ident, accession is an order: $accession_is_order:literal) => {
        joined_form!(
            $types,
            accession is an order: $accession_is_order,
            procedure [procedure "procedure"],
            body site single std::convert::identity,
            laterality [laterality "laterality"]
        );
    };
    (
        $types:ident,
        accession is an order: $accession_is_order:literal,
        procedure [$($procedure:ident $procedure_name:literal)?],
        body site $sites:ident $as_sites:expr,
        laterality [$($laterality:ident $laterality_name:literal)?]
    ) => {
        impl Study for $types::ImagingStudy {}

        #[allow(private_interfaces, reason = "a sealed trait")]
        impl Sealed for $types::ImagingStudy {
            fn from_plan(plan: &Plan<'_>, options: &Options) -> Self {
                let accession_is_order = match options.accession {
                    AccessionPlace::AsTheVersion => $accession_is_order,
                    AccessionPlace::Identifier => false,
                    AccessionPlace::BasedOn => true,
                };
                let (identifier, based_on) = identity(plan, accession_is_order);
                Self {
                    identifier,
                    status: status(plan).into(),
                    modality: plan.modality.iter().map(codeable).collect(),
                    subject: Some(reference(&plan.subject)),
                    encounter: plan.encounter.as_ref().map(reference),
                    started: plan.started.clone().into(),
                    based_on,
                    referrer: plan.referrer.as_ref().map(reference),
                    number_of_series: counted(plan.number_of_series),
                    number_of_instances: counted(plan.number_of_instances),
                    $($procedure: plan.procedure.iter().map(codeable_reference).collect(),)?
                    location: plan.location.as_ref().map(reference),
                    reason: plan.reason.iter().map(codeable_reference).collect(),
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
                    $($procedure $procedure_name,)? reason "reason",
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
                single [modality "modality" $(, $laterality $laterality_name)?]
                $sites [body_site "bodySite"]
                list [specimen "specimen", performer "performer"]
                time [started "started"]
            }
        }

        fn codeable_reference(concept: &Concept) -> $types::CodeableReference {
            $types::CodeableReference {
                concept: Some(codeable(concept)),
                ..Default::default()
            }
        }

        fn series(series: &PlanSeries<'_>) -> $types::ImagingStudySeries {
            let modality = series.modality.as_ref().map(codeable);
            let modality = modality.unwrap_or_else(|| $types::CodeableConcept {
                extension: vec![absent("unknown")],
                ..Default::default()
            });
            $types::ImagingStudySeries {
                uid: $types::RawUid::from(series.uid.as_str()).into(),
                number: series.number.map(number).unwrap_or_default(),
                modality: Some(modality),
                description: optional(series.description),
                number_of_instances: counted(series.number_of_instances),
                body_site: $as_sites(series.body_site.as_ref().map(codeable_reference)),
                $($laterality: series.laterality.as_ref().map(codeable),)?
                specimen: series.specimen.iter().map(reference).collect(),
                started: series.started.clone().into(),
                performer: performers(series),
                instance: instances(series),
                ..Default::default()
            }
        }
    };
}
