//! Writing a study of FHIR STU3: <https://hl7.org/fhir/STU3/imagingstudy.html>.

use std::collections::HashSet;

use imaging_study_core::{Scalar, UnsignedInt};
use imaging_study_stu3 as types;
use smol_str::SmolStr;

use super::{
    ABSENT, INSTANCE_UID, SERIES_UID, SOP_CLASS, STUDY_IDENTIFIER, UID_SYSTEM, both, carry_url,
    counted, number, scalar, uid_text,
};
use crate::built::Study;
use crate::built::sealed::Sealed;
use crate::coded::Concept;
use crate::form::{Compare, InstanceForm, Mark, Merger, SeriesForm, StudyForm, same_time, set};
use crate::known::Known;

use crate::Options;
use crate::plan::{Identifier, Party, Plan, PlanSeries, urn};
use crate::text::bare;

data_types!(types, reference[identifier]);
codeable_concept!(types);
oids!(types, elements);
comparisons!(types, reference[identifier]);
comparisons!(types, concept);
codes!(types, coding);
form!(instance types, sop class primitive);
instances!(types, |one| uid(one, INSTANCE_UID));

impl Study for types::ImagingStudy {}

#[allow(private_interfaces, reason = "a sealed trait")]
impl Sealed for types::ImagingStudy {
    fn from_plan(plan: &Plan<'_>, _options: &Options) -> Self {
        Self {
            extension: study_carry(plan.uid).into_iter().collect(),
            uid: oid(plan.uid),
            accession: plan.accession.first().map(identifier),
            identifier: plan.identifier.iter().map(identifier).collect(),
            availability: optional(plan.availability),
            modality_list: plan.modality.iter().map(coding).collect(),
            patient: Some(reference(&plan.subject)),
            context: plan.encounter.as_ref().map(reference),
            started: plan.started.clone().into(),
            based_on: plan.order.iter().map(order).collect(),
            referrer: plan.referrer.as_ref().map(reference),
            interpreter: plan.interpreter.iter().map(reference).collect(),
            number_of_series: counted(plan.number_of_series),
            number_of_instances: counted(plan.number_of_instances),
            procedure_code: plan.procedure.iter().map(codeable).collect(),
            reason: plan.reason.first().map(codeable),
            description: optional(plan.description),
            series: plan.series.iter().map(series).collect(),
            ..Default::default()
        }
    }
}

fn order(one: &Identifier) -> types::Reference {
    types::Reference {
        identifier: Some(Box::new(identifier(one))),
        ..Default::default()
    }
}

fn series(series: &PlanSeries<'_>) -> types::ImagingStudySeries {
    let modality = series.modality.as_ref().map(coding);
    let modality = modality.unwrap_or_else(|| types::Coding {
        extension: vec![absent("unknown")],
        ..Default::default()
    });
    let performers = series.performer.iter();
    types::ImagingStudySeries {
        uid: uid(series.uid, SERIES_UID),
        number: series.number.map(number).unwrap_or_default(),
        modality: Some(modality),
        description: optional(series.description),
        number_of_instances: counted(series.number_of_instances),
        availability: optional(series.availability),
        body_site: series.body_site.as_ref().map(coding),
        laterality: series.laterality.as_ref().map(coding),
        started: series.started.clone().into(),
        performer: performers.map(|(_, party)| reference(party)).collect(),
        instance: instances(series),
        ..Default::default()
    }
}

impl StudyForm for types::ImagingStudy {
    form!(study types, modality modality_list);
    form!(uid types);

    merge_elements! {
        list [
            identifier "identifier", modality_list "modalityList", based_on "basedOn",
            interpreter "interpreter", procedure_code "procedureCode",
        ]
        single [
            accession "accession", patient "patient", context "context", referrer "referrer",
            reason "reason",
        ]
        time [started "started"]
        primitive [availability "availability", description "description"]
    }
}

impl SeriesForm for types::ImagingStudySeries {
    form!(series types);

    merge_elements! {
        primitive [
            number "number", description "description", availability "availability",
        ]
        single [modality "modality", body_site "bodySite", laterality "laterality"]
        list [performer "performer"]
        time [started "started"]
    }
}
