//! Writing a study of FHIR R5: <https://hl7.org/fhir/R5/imagingstudy.html>.

use imaging_study_core::Scalar;
use imaging_study_r5 as types;
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
joined_form!(types, accession is an order: true);
