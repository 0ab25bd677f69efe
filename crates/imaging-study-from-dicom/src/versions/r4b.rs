//! Writing a study of FHIR R4B: <https://hl7.org/fhir/R4B/imagingstudy.html>.

use std::collections::HashSet;

use imaging_study_core::{Scalar, Shared, UnsignedInt};
use imaging_study_r4b as types;
use smol_str::SmolStr;

use super::{
    ABSENT, INSTANCE_UID, SERIES_UID, UID_SYSTEM, both, counted, number, scalar, uid_text,
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
sop_class_coding!(types);
comparisons!(types, reference[identifier]);
comparisons!(types, concept);
comparisons!(types, performer);
codes!(types, coding);
form!(instance types, sop class single);
instances!(types, |uid: &SmolStr| types::RawUid::from(uid.as_str())
    .into());
split_form!(types);
