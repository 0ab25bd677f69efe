//! SOP classes: a Coding in R4 to R5, an oid in the other versions.

use imaging_study_core::{Code, FhirVersion, Oid, Scalar, ScalarType, Unshared};

use crate::carry;
use crate::context::Context;
use crate::hub::{Coding, Extension, Primitive, Value};

const PATH: &str = "ImagingStudy.series.instance.sopClass";

/// The system of OIDs and other URNs.
const URN: &str = "urn:ietf:rfc:3986";

const DATA_ABSENT_REASON: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// A coding as an oid. One that says more than its code travels whole in an extension.
pub(crate) fn oid_of_coding(coding: Coding, context: &Context<'_>) -> Primitive<Oid> {
    let value = native(&coding, context.to());
    if coding == plain(value.as_ref(), &coding.code, context) {
        return Primitive {
            value,
            element: coding.code.element,
        };
    }
    let mut oid = Primitive {
        value,
        element: None,
    };
    if oid.value.is_none()
        && let Ok(unsupported) = "unsupported".parse()
    {
        let reason = Value::Code(Primitive::new(unsupported));
        oid.extension_mut()
            .push(Extension::with_value(DATA_ABSENT_REASON, reason));
    }
    let url = carry::url(context.from(), PATH);
    let original = Value::Coding(Box::new(coding));
    oid.extension_mut()
        .push(Extension::with_value(&url, original));
    oid
}

/// An oid as a coding.
#[inline(never)]
pub(crate) fn coding_of_oid(mut oid: Primitive<Oid>, context: &mut Context<'_>) -> Coding {
    if let Some(original) = restored(&mut oid, context) {
        return original;
    }
    let code = Primitive {
        value: None,
        element: oid.element,
    };
    plain(oid.value.as_ref(), &code, context)
}

/// The coding of an oid that travels on it, if the oid is still what the coding would be written as.
fn restored(oid: &mut Primitive<Oid>, context: &mut Context<'_>) -> Option<Coding> {
    let element = oid.element.as_mut()?;
    let position = element.extension.iter().position(|extension| {
        extension.carries(PATH) && matches!(extension.value, Some(Value::Coding(_)))
    })?;
    let carried = element.extension.remove(position);
    let Some(Value::Coding(original)) = carried.value.clone() else {
        return None;
    };
    if oid.value.is_some() && oid.value != native(&original, context.from()) {
        if element.is_empty() {
            oid.element = None;
        }
        context.drop_stale(vec![carried]);
        return None;
    }
    let mut original = *original;
    // What somebody has added since stays on the code.
    if let Some(element) = oid.element.take() {
        let added = element
            .extension
            .into_iter()
            .filter(|extension| !is_marker(extension));
        let added: Vec<Extension> = added.collect();
        if !added.is_empty() || element.id.is_some() {
            let code = original.code.element.get_or_insert_default();
            code.extension.extend(added);
            code.id = code.id.take().or(element.id);
        }
    }
    Some(original)
}

/// Whether an extension says that a version could not hold a value.
fn is_marker(extension: &Extension) -> bool {
    let unsupported = |value: &Value| match value {
        Value::Code(code) => code
            .value
            .as_ref()
            .is_some_and(|code| code.as_str() == "unsupported"),
        _ => false,
    };
    extension.is(DATA_ABSENT_REASON) && extension.value.as_ref().is_some_and(unsupported)
}

/// The oid that a coding has as its code, with or without the prefix.
fn native(coding: &Coding, version: FhirVersion) -> Option<Oid> {
    let code = coding.code.value.as_ref()?.as_str();
    let prefixed = format!("urn:oid:{code}");
    let text = [code, &prefixed]
        .into_iter()
        .find(|text| ScalarType::Oid.allows(text, version))?;
    Oid::read(text, version, &mut Unshared).ok()
}

/// The coding that has an oid as its code, and nothing else but what stands on the code.
fn plain(oid: Option<&Oid>, code: &Primitive<Code>, context: &Context<'_>) -> Coding {
    let read = |oid: &Oid| Code::read(oid.as_str(), context.to(), &mut Unshared).ok();
    Coding {
        system: URN.parse().unwrap_or_default(),
        code: Primitive {
            value: oid.and_then(read),
            element: code.element.clone(),
        },
        ..Coding::default()
    }
}
