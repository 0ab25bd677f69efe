//! Writing a study of FHIR R6: <https://hl7.org/fhir/6.0.0-ballot2/imagingstudy.html>.

use std::collections::HashSet;

use imaging_study_core::{Scalar, UnsignedInt};
use imaging_study_r6_draft as types;
use smol_str::SmolStr;

use super::{
    ABSENT, INSTANCE_UID, SERIES_UID, SOP_CLASS, UID_SYSTEM, both, carry_url, counted, number,
    scalar, uid_text,
};
use crate::built::Study;
use crate::built::sealed::Sealed;
use crate::coded::Concept;
use crate::form::{Compare, InstanceForm, Mark, Merger, SeriesForm, StudyForm, same_time, set};
use crate::known::Known;

use crate::plan::{Identifier, Party, Plan, PlanSeries, urn};
use crate::text::bare;
use crate::{AccessionPlace, Options};

data_types!(types, reference [type_, identifier]);
codeable_concept!(types);
since_r4!(types);
oids!(types);
comparisons!(types, reference[identifier]);
comparisons!(types, concept);
comparisons!(types, codeable reference);
comparisons!(types, performer);
codes!(types, concept);
form!(instance types, sop class primitive);
instances!(types, |uid: &SmolStr| types::RawUid::from(uid.as_str())
    .into());
joined_form!(types, accession is an order: false);
