//! Writing a study of FHIR DSTU2: <https://hl7.org/fhir/DSTU2/imagingstudy.html>.

use std::collections::HashSet;

use imaging_study_core::{Scalar, UnsignedInt};
use imaging_study_dstu2 as types;
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

data_types!(types, reference []);
oids!(types, elements);
comparisons!(types, reference []);
codes!(types, coding);
form!(instance types, sop class primitive);
instances!(types, |one| uid(one, INSTANCE_UID));

impl Study for types::ImagingStudy {}

#[allow(private_interfaces, reason = "a sealed trait")]
impl Sealed for types::ImagingStudy {
    fn from_plan(plan: &Plan<'_>, _options: &Options) -> Self {
        Self {
            started: plan.started.clone().into(),
            patient: Some(reference(&plan.subject)),
            extension: study_carry(plan.uid).into_iter().collect(),
            uid: oid(plan.uid),
            accession: plan.accession.first().map(identifier),
            identifier: plan.identifier.iter().map(identifier).collect(),
            modality_list: plan.modality.iter().map(coding).collect(),
            referrer: plan.referrer.as_ref().map(reference),
            availability: optional(plan.availability),
            url: optional(plan.retrieve_url),
            number_of_series: required(plan.number_of_series),
            number_of_instances: required(plan.number_of_instances),
            interpreter: plan.interpreter.first().map(reference),
            description: optional(plan.description),
            series: plan.series.iter().map(series).collect(),
            ..Default::default()
        }
    }
}

/// A count, which DSTU2 requires.
fn required(count: u32) -> types::Primitive<UnsignedInt> {
    let mut counted = counted(count);
    if counted.value.is_none() {
        counted.extension_mut().push(absent("unknown"));
    }
    counted
}

fn series(series: &PlanSeries<'_>) -> types::ImagingStudySeries {
    let modality = series.modality.as_ref().map(coding);
    let modality = modality.unwrap_or_else(|| types::Coding {
        extension: vec![absent("unknown")],
        ..Default::default()
    });
    types::ImagingStudySeries {
        number: series.number.map(number).unwrap_or_default(),
        modality: Some(modality),
        uid: uid(series.uid, SERIES_UID),
        description: optional(series.description),
        number_of_instances: required(series.number_of_instances),
        availability: optional(series.availability),
        url: optional(series.retrieve_url),
        body_site: series.body_site.as_ref().map(coding).map(Box::new),
        laterality: series.laterality.as_ref().map(coding).map(Box::new),
        started: series.started.clone().into(),
        instance: instances(series),
        ..Default::default()
    }
}

impl StudyForm for types::ImagingStudy {
    form!(study types, modality modality_list);
    form!(uid types);

    merge_elements! {
        list [identifier "identifier", modality_list "modalityList"]
        single [
            accession "accession", patient "patient", referrer "referrer",
            interpreter "interpreter",
        ]
        time [started "started"]
        primitive [
            availability "availability", url "url", description "description",
        ]
    }
}

impl SeriesForm for types::ImagingStudySeries {
    form!(series types);

    merge_elements! {
        primitive [
            number "number", description "description", availability "availability", url "url",
        ]
        single [modality "modality", body_site "bodySite", laterality "laterality"]
        time [started "started"]
    }
}
