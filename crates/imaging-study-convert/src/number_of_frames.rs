//! `numberOfFrames` of R6, which no other version has.

use imaging_study_core::{FhirVersion, UnsignedInt};

use crate::carry;
use crate::context::Context;
use crate::hub::{Extension, Primitive, Value};

const PATH: &str = "ImagingStudy.series.instance.numberOfFrames";

/// Lets the number travel from where it is read to where it is written.
pub(crate) fn carry(number: Primitive<UnsignedInt>, extension: &mut Vec<Extension>) {
    if !number.is_absent() {
        let url = carry::url(FhirVersion::R6, PATH);
        extension.push(Extension::with_value(&url, Value::UnsignedInt(number)));
    }
}

/// The number that travelled.
pub(crate) fn take(
    extension: &mut Vec<Extension>,
    modifier_extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> Primitive<UnsignedInt> {
    if extension.is_empty() && modifier_extension.is_empty() {
        return Primitive::default();
    }
    let lent = carry::lend(modifier_extension, extension, context);
    let position = extension
        .iter()
        .position(|item| item.carries(PATH) && matches!(item.value, Some(Value::UnsignedInt(_))));
    let number = match position.and_then(|position| extension.remove(position).value) {
        Some(Value::UnsignedInt(number)) => number,
        _ => Primitive::default(),
    };
    carry::give_back(lent, extension, modifier_extension);
    number
}
