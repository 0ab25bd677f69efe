//! Writing a study of FHIR R4B: <https://hl7.org/fhir/R4B/imagingstudy.html>.

use imaging_study_core::Scalar;
use imaging_study_r4b as types;
use smol_str::SmolStr;

use super::{number, scalar};
use crate::built::Study;
use crate::built::sealed::Sealed;
use crate::coded::Concept;

use crate::plan::{Identifier, Party, Plan, PlanSeries, urn};
use crate::{AccessionPlace, Options};

data_types!(types, reference [type_, identifier]);
codeable_concept!(types);
since_r4!(types);
sop_class_coding!(types);
instances!(types, |uid: &SmolStr| types::RawUid::from(uid.as_str())
    .into());
split_form!(types);
